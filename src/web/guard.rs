//! Who is asking: read from the database at every request, and handed to handlers as types. A
//! handler that asks for [`SignedIn`] cannot be reached without being signed in.

use std::future::{Ready, ready};
use std::ops::Deref;
use std::rc::Rc;

use actix_session::{Session, SessionExt};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest, web};
use jiff::tz::TimeZone;

use super::error::Problem;
use super::language::Wishes;
use super::notice::Notice;
use super::notice_cookie::Notices;
use super::{WebState, browser_session, client, url};
use crate::domain::client::Client;
use crate::domain::ids::UserId;
use crate::domain::language::Language;
use crate::domain::time::Timestamp;
use crate::domain::token::SessionKey;
use crate::i18n;
use crate::service::Services;
use crate::service::access::{self, Identity, OfficeAdmin, PasswordProven, SignedIn};
use crate::service::change_profile;

const DEFAULT_ZONE: &str = "Asia/Tokyo";

/// The person in front of the page, as far as known.
pub struct Reader {
    pub identity: Identity,
    pub language: Language,
    pub zone: TimeZone,
    /// Whether the sign-in this browser speaks of is over.
    pub has_ended: bool,
    pub client: Client,
}

impl Reader {
    /// The account whose password was proven here at least.
    pub fn user(&self) -> Option<UserId> {
        match &self.identity {
            Identity::Visitor => None,
            Identity::PasswordProven(proof) => Some(proof.user()),
            Identity::SignedIn(me) => Some(me.user()),
        }
    }
}

/// Middleware: reads who is asking, once per request.
///
/// # Errors
/// Those of the inner service.
pub async fn recognise(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match identify(&req).await {
        Ok(reader) => {
            req.extensions_mut().insert(Rc::new(reader));
            Ok(next.call(req).await?.map_into_boxed_body())
        }
        Err(problem) => Ok(req.error_response(problem)),
    }
}

async fn identify(req: &ServiceRequest) -> Result<Reader, Problem> {
    // Gone before it was accepted: there is nobody to answer, and no address to count by.
    if req.peer_addr().is_none() {
        return Err(Problem::BadRequest);
    }
    let state = req.app_data::<web::Data<WebState>>().ok_or(Problem::Misconfigured)?;
    let session = req.get_session();
    let identity = match browser_session::session_key(&session) {
        None => Identity::Visitor,
        Some(key) => access::identify(&state.services, &key).await?,
    };
    let has_ended = matches!(identity, Identity::Visitor) && session.contains_key(browser_session::SESSION);
    let wishes = Wishes::of(req);
    if let (Identity::SignedIn(me), Some(chosen)) = (&identity, wishes.chosen())
        && me.language().is_none()
    {
        // Chosen before signing in; from now on mails speak it too. If it cannot be written now, then later.
        let write = change_profile::remember_language(&state.services, me, chosen);
        access::beside_a_page(write, "the language of a member").await;
    }
    let (member, zone) = match &identity {
        Identity::Visitor => (None, DEFAULT_ZONE),
        Identity::PasswordProven(proof) => (proof.language(), DEFAULT_ZONE),
        Identity::SignedIn(me) => (me.language(), me.time_zone()),
    };
    let zone = i18n::zone(zone);
    let client = client::of(req.request(), &state.trusted_proxies);
    Ok(Reader { language: wishes.settle(member), zone, identity, has_ended, client })
}

/// A request as handlers see it.
pub struct Visit {
    pub state: web::Data<WebState>,
    pub session: Session,
    notices: Notices,
    pub reader: Rc<Reader>,
    pub client: Client,
    pub method: Method,
    pub path: String,
    pub query: String,
}

impl Visit {
    /// The visit of a request that has been recognised.
    pub fn of(req: &HttpRequest) -> Option<Self> {
        let state = req.app_data::<web::Data<WebState>>()?.clone();
        let reader = req.extensions().get::<Rc<Reader>>()?.clone();
        let notices = req.extensions().get::<Notices>()?.clone();
        Some(Self {
            client: reader.client.clone(),
            state,
            session: req.get_session(),
            notices,
            reader,
            method: req.method().clone(),
            path: req.path().to_owned(),
            query: req.query_string().to_owned(),
        })
    }

    pub fn services(&self) -> &Services {
        &self.state.services
    }

    /// Binds this browser to a sign-in that has just been made, raised or proven afresh; forms of before
    /// are dead (SC-30).
    pub fn bind(&self, key: &SessionKey) {
        browser_session::bind(&self.session, key, &self.services().random);
    }

    /// Leaves a message for the next page.
    pub fn tell(&self, notice: Notice) {
        self.notices.tell(notice);
    }

    /// Takes the message for this page.
    pub fn take_notice(&self) -> Option<Notice> {
        let notice = self.notices.take();
        if matches!(self.reader.identity, Identity::SignedIn(_)) {
            return notice.and_then(Notice::once_signed_in);
        }
        notice
    }

    /// The path with its query.
    pub fn address(&self) -> String {
        if self.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.query) }
    }

    /// The current time.
    pub fn now(&self) -> Timestamp {
        self.services().clock.now()
    }
}

impl FromRequest for Visit {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Visit::of(req).ok_or(Problem::Misconfigured))
    }
}

/// A complete session, and a second factor where the current office requires one. Whoever lacks it
/// is sent to the set-up: this is the guard to take, and [`Enrolling`] the exception.
impl FromRequest for SignedIn {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(admitted(req))
    }
}

/// A complete session of a member who may have to set up two-factor authentication first: for the
/// set-up itself, and for choosing another office. Nothing else takes this.
pub struct Enrolling(SignedIn);

impl Deref for Enrolling {
    type Target = SignedIn;

    fn deref(&self) -> &SignedIn {
        &self.0
    }
}

impl FromRequest for Enrolling {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(signed_in(req).map(Enrolling))
    }
}

fn admitted(req: &HttpRequest) -> Result<SignedIn, Problem> {
    let me = signed_in(req)?;
    if me.is_barred() { Err(Problem::See(url::TWO_FACTOR.to_owned())) } else { Ok(me) }
}

fn signed_in(req: &HttpRequest) -> Result<SignedIn, Problem> {
    let extensions = req.extensions();
    let reader = extensions.get::<Rc<Reader>>().ok_or(Problem::Misconfigured)?;
    if let Identity::SignedIn(me) = &reader.identity {
        return Ok(me.clone());
    }
    Err(Problem::SignInFirst)
}

/// The administrator of the office in the path. For everybody else there is nothing here: neither
/// a page nor the knowledge that such an office exists.
impl FromRequest for OfficeAdmin {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(office_admin(req))
    }
}

fn office_admin(req: &HttpRequest) -> Result<OfficeAdmin, Problem> {
    let me = admitted(req)?;
    let office = req.match_info().get("office").and_then(|id| id.parse().ok()).ok_or(Problem::NotFound)?;
    let admin = OfficeAdmin::of(&me, office).ok_or(Problem::NotFound)?;
    // Whichever office the session speaks of, the one in the path has its own requirement.
    if me.is_barred_from(office) { Err(Problem::See(url::TWO_FACTOR.to_owned())) } else { Ok(admin) }
}

impl FromRequest for PasswordProven {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let extensions = req.extensions();
        ready(match extensions.get::<Rc<Reader>>().map(|reader| &reader.identity) {
            Some(Identity::PasswordProven(proof)) => Ok(proof.clone()),
            Some(Identity::SignedIn(_)) => Err(Problem::See(url::ACCOUNT.to_owned())),
            Some(Identity::Visitor) => Err(Problem::PasswordFirst),
            None => Err(Problem::Misconfigured),
        })
    }
}
