//! The frame of every page: language, words, who is looking, the token of its forms.

use actix_web::http::Method;
use jiff::tz::TimeZone;

use super::guard::Visit;
use super::notice::NoticeView;
use super::{assets, browser_session, url};
use crate::domain::ids::OfficeId;
use crate::domain::language::Language;
use crate::domain::office::{Membership, Role};
use crate::domain::plan::Plan;
use crate::domain::time::Timestamp;
use crate::domain::two_factor::requirement::Requirement;
use crate::i18n::{self, Words};
use crate::service::access::{Demand, Identity, SignedIn};

/// The first field of every template.
pub struct Page {
    pub words: &'static Words,
    pub language: Language,
    pub zone: TimeZone,
    /// The member in front of the page; nobody before a complete sign-in.
    pub viewer: Option<Viewer>,
    /// Whether the browser is in the middle of a sign-in, which can be left by signing out.
    pub half_signed_in: bool,
    /// The token of this session's forms; empty where the frame shows no forms.
    pub csrf: String,
    /// Where the language switch comes back to; nothing where the page must not be left.
    pub back: Option<String>,
    pub notice: Option<NoticeView>,
    /// Offices that will require what the member has not set up, in words.
    pub countdowns: Vec<String>,
}

/// The member in front of the page.
pub struct Viewer {
    pub name: String,
    pub email: String,
    pub offices: Vec<Membership>,
    /// The office the page speaks of: that of its address, or the one of the session.
    pub current: Option<Membership>,
    /// Whether the current office opens nothing but the set-up of a second factor.
    pub barred: bool,
}

impl Viewer {
    /// The member as the page at `path` sees them.
    pub fn of(me: &SignedIn, path: &str) -> Self {
        let named = url::office_in(path).and_then(|(office, _)| me.offices().iter().find(|own| own.office == office));
        let current = named.filter(|own| own.role == Role::Admin).or_else(|| me.current_office());
        Self {
            name: me.name().to_owned(),
            email: me.email().to_string(),
            offices: me.offices().to_vec(),
            current: current.cloned(),
            barred: me.is_barred(),
        }
    }

    /// Whether this is the office the page speaks of.
    pub fn is_current(&self, office: &Membership) -> bool {
        self.current.as_ref().is_some_and(|current| current.office == office.office)
    }

    /// The current office, for its administrators.
    pub fn administers(&self) -> Option<OfficeId> {
        self.current.as_ref().filter(|current| current.role == Role::Admin && !self.barred).map(|own| own.office)
    }

    /// The offices the page does not speak of.
    pub fn other_offices(&self) -> Vec<&Membership> {
        self.offices.iter().filter(|office| !self.is_current(office)).collect()
    }
}

impl Page {
    /// The frame for a page of this visit. Makes the session's form token if there is none yet,
    /// so call it after whatever renews the session.
    pub fn of(visit: &Visit) -> Self {
        let mut page = Self::of_error(visit);
        page.csrf = browser_session::csrf_token(&visit.session, &visit.services().random);
        if visit.method != Method::HEAD {
            page.notice = visit.take_notice().map(|notice| notice.in_words(page.words));
        }
        if let Identity::SignedIn(me) = &visit.reader.identity {
            page.countdowns = me.demands().iter().filter_map(|demand| page.countdown(demand, visit.now())).collect();
        }
        page
    }

    /// The frame once two-factor authentication has just been set up: nothing is asked any more.
    pub fn of_enrolled(visit: &Visit) -> Self {
        let mut page = Self::of(visit);
        page.countdowns.clear();
        page.viewer = page.viewer.map(|viewer| Viewer { barred: false, ..viewer });
        page
    }

    fn countdown(&self, demand: &Demand, now: Timestamp) -> Option<String> {
        let Requirement::Coming { from } = demand.requirement else { return None };
        let days = i18n::days_between(&self.zone, now, from);
        Some(self.words.requirement.countdown(&demand.office_name, &self.beginning(&from), days))
    }

    /// The frame for an error page: as much as is known, without making a session for it.
    pub fn of_error(visit: &Visit) -> Self {
        let reader = &visit.reader;
        let viewer = match &reader.identity {
            Identity::SignedIn(me) => Some(Viewer::of(me, &visit.path)),
            Identity::PasswordProven(_) | Identity::Visitor => None,
        };
        let shown_at = url::shown_at(&visit.path);
        let back = if visit.query.is_empty() || !visit.method.is_safe() {
            shown_at.to_owned()
        } else {
            let full = format!("{shown_at}?{}", visit.query);
            url::local(&full).unwrap_or(shown_at).to_owned()
        };
        Self {
            words: Words::of(reader.language),
            language: reader.language,
            zone: reader.zone.clone(),
            viewer,
            half_signed_in: matches!(reader.identity, Identity::PasswordProven(_)),
            csrf: browser_session::known_csrf_token(&visit.session).unwrap_or_default(),
            back: Some(back),
            notice: None,
            countdowns: Vec::new(),
        }
    }

    /// A frame that knows nothing but the language.
    pub fn bare(words: &'static Words) -> Self {
        Self {
            words,
            language: words.language,
            zone: i18n::zone("Asia/Tokyo"),
            viewer: None,
            half_signed_in: false,
            csrf: String::new(),
            back: None,
            notice: None,
            countdowns: Vec::new(),
        }
    }

    /// Whether the page stands at this address, whatever its query.
    pub fn is_at(&self, path: &str) -> bool {
        self.back.as_deref().and_then(|back| back.split('?').next()) == Some(path)
    }

    /// Whether the page stands below this folder.
    pub fn is_below(&self, folder: &str) -> bool {
        self.back.as_deref().is_some_and(|back| back.starts_with(folder))
    }

    /// The address of a file of ours.
    pub fn asset(&self, name: &str) -> &'static str {
        assets::url(name)
    }

    /// A moment, as the reader writes it.
    pub fn moment(&self, at: &Timestamp) -> String {
        i18n::date_time(self.language, &self.zone, *at)
    }

    /// When something begins: the day alone where it is midnight then.
    pub fn beginning(&self, at: &Timestamp) -> String {
        i18n::beginning(self.language, &self.zone, *at)
    }

    /// A day, as the reader writes it.
    pub fn day(&self, at: &Timestamp) -> String {
        i18n::date(self.language, &self.zone, *at)
    }

    /// Where the reader goes on after choosing another office: back here, but to the dashboard where
    /// this page is only the way out.
    pub fn after_switch(&self) -> &str {
        let barred = self.viewer.as_ref().is_some_and(|viewer| viewer.barred);
        self.back.as_deref().filter(|_| !barred).unwrap_or(url::ACCOUNT)
    }

    /// That too many tries were made, and for how long to wait.
    pub fn wait(&self, now: Timestamp, until: Timestamp) -> String {
        self.words.common.wait(&self.span(now, until), &self.moment(&until))
    }

    /// That too many mails were sent, and for how long to wait.
    pub fn mail_wait(&self, now: Timestamp, until: Timestamp) -> String {
        self.words.common.mail_wait(&self.span(now, until), &self.moment(&until))
    }

    fn span(&self, now: Timestamp, until: Timestamp) -> String {
        i18n::duration(self.language, now.seconds_until(until))
    }

    /// The name of a role.
    pub fn role(&self, role: &Role) -> &'static str {
        match role {
            Role::Admin => self.words.common.role_admin,
            Role::General => self.words.common.role_general,
        }
    }

    /// The name of a plan, with its group.
    pub fn plan(&self, plan: &Plan) -> String {
        self.words.plan_in_group(*plan)
    }

    /// A stored device, as the reader calls it.
    pub fn device<'a>(&self, stored: &'a str) -> &'a str {
        i18n::device(self.language, stored)
    }
}
