//! What goes wrong between request and answer, and the page that says so in the reader's
//! language: one place for our own problems, the framework's, and panics (SC-68).

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, ResponseError, web};
use askama::Template;
use futures_util::FutureExt;
use tokio::time::timeout;

use super::answer::{self, Answer};
use super::form::Fields;
use super::guard::Visit;
use super::language::Wishes;
use super::notice::Notice;
use super::page::Page;
use super::{WebState, headers, url};
use crate::fault::Fault;
use crate::i18n::Words;

/// When to come back after the database could not be reached.
const RETRY_SECONDS: i64 = 10;
/// How long anybody waits for an answer: as long as for a connection or a turn, and then for a lock.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);

/// Why a request gets no answer of its own.
#[derive(Debug)]
pub enum Problem {
    BadRequest,
    /// The form token is missing or of another session.
    FormExpired {
        back: String,
    },
    CrossSite,
    NotFound,
    MethodNotAllowed,
    TooLarge,
    /// The body did not arrive in time.
    TooSlow,
    MediaType,
    /// A complete sign-in is needed here: 303 to it, and back afterwards.
    SignInFirst,
    /// The password is needed first, or anew.
    PasswordFirst,
    /// Not here: 303 to this path.
    See(String),
    Fault(Fault),
    /// The application was put together without something it needs.
    Misconfigured,
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::SessionEnded => Problem::SignInFirst,
            Fault::NoLongerAdministrator => Problem::NotFound,
            fault => Problem::Fault(fault),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Fault(fault) => fault.fmt(f),
            // No paths: they may hold the token of a link.
            other => write!(f, "{}", other.status_code()),
        }
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        match self {
            Problem::BadRequest => StatusCode::BAD_REQUEST,
            Problem::FormExpired { .. } | Problem::CrossSite => StatusCode::FORBIDDEN,
            Problem::NotFound => StatusCode::NOT_FOUND,
            Problem::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Problem::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Problem::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Problem::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Problem::See(_) | Problem::SignInFirst | Problem::PasswordFirst => StatusCode::SEE_OTHER,
            Problem::Fault(Fault::Busy { .. } | Fault::NoConnection(_) | Fault::OutOfService(_)) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Problem::Fault(_) | Problem::Misconfigured => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        match self {
            Problem::See(path) => answer::see_other(path),
            Problem::SignInFirst | Problem::PasswordFirst => answer::see_other(url::LOGIN),
            Problem::MethodNotAllowed => {
                HttpResponse::build(self.status_code()).insert_header((ALLOW, "GET, HEAD, POST")).finish()
            }
            other => HttpResponse::new(other.status_code()),
        }
    }
}

/// Whatever has no page.
///
/// # Errors
/// Always: there is nothing here.
pub async fn not_found() -> Answer {
    Err(Problem::NotFound)
}

/// What an error page says.
#[derive(Template)]
#[template(path = "pages/error.html")]
pub(super) struct ErrorPage {
    pub page: Page,
    pub status: u16,
    pub title: &'static str,
    pub text: &'static str,
    /// Where to go on, and the words of that link.
    pub link: (String, &'static str),
}

impl ErrorPage {
    /// The page for a status, with the problem behind it where it is one of ours.
    pub fn new(page: Page, status: StatusCode, problem: Option<&Problem>) -> Self {
        let words = &page.words.errors;
        let mut link = ("/".to_owned(), words.home);
        let (title, text) = match (problem, status) {
            (Some(Problem::FormExpired { back }), _) => {
                link = (back.clone(), words.form_expired_back);
                (words.form_expired, words.form_expired_text)
            }
            (Some(Problem::CrossSite), _) => (words.cross_site, words.cross_site_text),
            (Some(Problem::Fault(Fault::Busy { .. })), _) => (words.busy, words.busy_text),
            (_, StatusCode::BAD_REQUEST) => (words.bad_request, words.bad_request_text),
            (_, StatusCode::FORBIDDEN) => (words.forbidden, words.forbidden_text),
            (_, StatusCode::NOT_FOUND) => (words.not_found, words.not_found_text),
            (_, StatusCode::METHOD_NOT_ALLOWED) => (words.method, words.method_text),
            (_, StatusCode::PAYLOAD_TOO_LARGE) => (words.too_large, words.too_large_text),
            (_, StatusCode::UNSUPPORTED_MEDIA_TYPE) => (words.media_type, words.media_type_text),
            (_, StatusCode::SERVICE_UNAVAILABLE) => (words.unavailable, words.unavailable_text),
            _ if status.is_server_error() => (words.internal, words.internal_text),
            _ => (words.other, words.other_text),
        };
        Self { status: status.as_u16(), title, text, link, page }
    }

    fn answer(self, status: StatusCode, problem: Option<&Problem>) -> HttpResponse {
        let retry_after = match problem {
            Some(Problem::Fault(Fault::Busy { retry_after })) => i64::try_from(retry_after.as_secs()).ok(),
            _ if status == StatusCode::SERVICE_UNAVAILABLE => Some(RETRY_SECONDS),
            _ => None,
        };
        answer::with_status(&self, status, retry_after).unwrap_or_else(|_| HttpResponse::new(status))
    }
}

/// Middleware inside the browser's session: every error without a page of its own gets one.
///
/// # Errors
/// Those of the inner service that come without a request to answer; [`shell`] takes them.
pub async fn pages(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let wishes = Wishes::of(&req);
    let res = next.call(req).await?.map_into_boxed_body();
    let status = res.status();
    if status == StatusCode::SEE_OTHER {
        return Ok(on_the_way(res));
    }
    let is_error = status.is_client_error() || status.is_server_error();
    let has_page = res.response().error().is_none() && res.headers().contains_key(CONTENT_TYPE);
    if !is_error || has_page {
        return Ok(res);
    }
    let visit = Visit::of(res.request());
    let page = visit.as_ref().map_or_else(|| Page::bare(Words::of(wishes.settle(None))), Page::of_error);
    let problem = res.response().error().and_then(|error| error.as_error::<Problem>());
    if status.is_server_error() {
        match res.response().error() {
            Some(error) => tracing::error!(%error, "the request ended in a fault"),
            None => tracing::error!("the request ended in a fault"),
        }
    }
    let mut answer = ErrorPage::new(page, status, problem).answer(status, problem);
    for (name, value) in res.headers() {
        if name == ALLOW {
            answer.headers_mut().append(name.clone(), value.clone());
        }
    }
    Ok(res.into_response(answer))
}

/// Tells whoever has to sign in first why, and where it goes on then.
fn on_the_way(res: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let problem = res.response().error().and_then(|error| error.as_error::<Problem>());
    let (Some(problem), Some(visit)) = (problem, Visit::of(res.request())) else { return res };
    let is_sent = !visit.method.is_safe();
    let (notice, next) = match problem {
        Problem::SignInFirst => {
            let notice = if is_sent { Notice::SignInOverUnsent } else { Notice::SignInOver };
            let shown = if is_sent { url::shown_at(&visit.path).to_owned() } else { visit.address() };
            (notice, Some(shown))
        }
        Problem::PasswordFirst => (Notice::StageOver, next_of(res.request(), &visit)),
        _ => return res,
    };
    if is_sent || visit.reader.has_ended {
        visit.tell(notice);
    }
    res.into_response(answer::see_other(&url::with_next(url::LOGIN, next.as_deref())))
}

/// Where a sign-in goes on, as the query or the form says it.
fn next_of(req: &HttpRequest, visit: &Visit) -> Option<String> {
    let sent = req.extensions().get::<Rc<Fields>>().cloned();
    let sent = sent.and_then(|fields| fields.0.iter().find(|(name, _)| name == "next").map(|(_, next)| next.clone()));
    sent.or_else(|| url::query_value(&visit.query, "next"))
}

/// An answer that is finished, for errors that have lost their request on the way.
struct Finished {
    status: StatusCode,
    body: String,
    https: bool,
}

impl fmt::Debug for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.status.fmt(f)
    }
}

impl ResponseError for Finished {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer =
            HttpResponse::build(self.status).content_type("text/html; charset=utf-8").body(self.body.clone());
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            answer.headers_mut().insert(RETRY_AFTER, RETRY_SECONDS.into());
        }
        headers::set(answer.headers_mut(), self.https);
        answer
    }
}

/// The outermost middleware but for the log: security headers on every answer, and a page where
/// there would be none, for a panic must not drop the connection, and a database that stands still
/// must not keep people waiting for ever. A form that was being worked on then is worked on to its
/// end all the same, unseen.
///
/// # Errors
/// A finished answer, which the server sends as it is.
pub async fn shell(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let wishes = Wishes::of(&req);
    let https = req.app_data::<web::Data<WebState>>().is_some_and(|state| state.is_https());
    let finished = |status: StatusCode| {
        let page = ErrorPage::new(Page::bare(Words::of(wishes.settle(None))), status, None);
        Error::from(Finished { status, body: page.render().unwrap_or_default(), https })
    };
    let answering = AssertUnwindSafe(async { next.call(req).await }).catch_unwind();
    let Ok(answered) = timeout(ANSWER_WITHIN, answering).await else {
        tracing::error!("no answer in time: the database or this machine is too slow, or stands still");
        return Err(finished(StatusCode::SERVICE_UNAVAILABLE));
    };
    match answered {
        Ok(Ok(res)) => {
            let mut res = res.map_into_boxed_body();
            headers::set(res.headers_mut(), https);
            Ok(res)
        }
        Ok(Err(error)) => {
            let mut status = error.as_response_error().status_code();
            if status.is_server_error() {
                tracing::error!(%error, "the request ended in a fault");
                // What fails without a request to answer is the store of sessions, which comes
                // back with the database.
                status = StatusCode::SERVICE_UNAVAILABLE;
            }
            Err(finished(status))
        }
        Err(_) => {
            // What it panicked with went to the panic hook; it may hold anything, so not here.
            tracing::error!("a handler panicked");
            Err(finished(StatusCode::INTERNAL_SERVER_ERROR))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::CONTENT_SECURITY_POLICY;
    use actix_web::middleware::from_fn;
    use actix_web::{App, body, test};

    async fn panics() -> HttpResponse {
        panic!("with a secret in hand")
    }

    #[actix_web::test]
    async fn a_panic_becomes_a_page_in_the_readers_language_with_all_headers() {
        let app = test::init_service(App::new().route("/", web::get().to(panics)).wrap(from_fn(shell))).await;
        let request = test::TestRequest::get().uri("/").insert_header(("Accept-Language", "en-GB, ja;q=0.5"));
        let error = test::try_call_service(&app, request.to_request()).await.unwrap_err();
        let answer = error.error_response();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(answer.headers().contains_key(CONTENT_SECURITY_POLICY));
        let text = body::to_bytes(answer.into_body()).await.unwrap();
        let text = String::from_utf8_lossy(&text);
        assert!(text.contains("Something went wrong") && !text.contains("secret"), "{text}");
    }

    #[actix_web::test]
    async fn what_the_framework_refuses_gets_a_page_too() {
        let resource = web::resource("/only-get").route(web::get().to(HttpResponse::Ok));
        let app = App::new().service(resource).wrap(from_fn(pages)).wrap(from_fn(shell));
        let app = test::init_service(app).await;
        for (method, path, status) in [("GET", "/nowhere", 404), ("DELETE", "/only-get", 405)] {
            let request = test::TestRequest::with_uri(path).method(method.parse().unwrap()).to_request();
            let answer = test::call_service(&app, request).await;
            assert_eq!(answer.status().as_u16(), status);
            assert_eq!(answer.headers().get("cache-control").unwrap(), "no-store");
            let text = test::read_body(answer).await;
            assert!(String::from_utf8_lossy(&text).contains("<html lang=\"ja\">"));
        }
    }
}
