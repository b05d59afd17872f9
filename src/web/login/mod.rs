//! Signing in: the password step, and signing out.

mod code;
mod extend;
mod recovery;

pub(super) use code::CodePage;
pub(super) use recovery::RecoveryPage;

use actix_web::web::ServiceConfig;
use askama::Template;
use serde::Deserialize;

use super::answer::{self, Answer, see_other};
use super::errors_in_form::Errors;
use super::form::{Form, NoFields};
use super::guard::Visit;
use super::notice::Notice;
use super::page::Page;
use super::two_factor::refusal::Refused;
use super::{browser_session, get, post, url};
use crate::domain::password::Password;
use crate::i18n::Words;
use crate::service::access::Identity;
use crate::service::first_start;
use crate::service::sign_in::{self, Credentials, SignIn};

/// `/login…` and `/logout`
pub fn routes(config: &mut ServiceConfig) {
    use actix_web::web::resource;
    config
        .service(resource(url::LOGIN).route(get().to(show)).route(post().to(submit)))
        .service(resource(url::LOGIN_CODE).route(get().to(code::show)).route(post().to(code::submit)))
        .service(resource(url::LOGIN_EXTEND).route(post().to(extend::extend)))
        .service(resource(url::RECOVERY).route(get().to(recovery::show)))
        .service(resource(url::RECOVERY_BACKUP_CODE).route(post().to(recovery::submit_backup_code)))
        .service(resource(url::RECOVERY_RELEASE_REQUEST).route(post().to(recovery::request_release)))
        .service(resource(url::LOGOUT).route(post().to(sign_out)));
}

#[derive(Template)]
#[template(path = "pages/login/login.html")]
pub(super) struct LoginPage {
    pub page: Page,
    pub email: String,
    pub next: String,
    pub errors: Errors,
}

/// Where to go on after signing in, as a query says it; local paths only (SC-67).
fn next_of(visit: &Visit) -> String {
    let next = url::query_value(&visit.query, "next").unwrap_or_default();
    url::local(&next).unwrap_or_default().to_owned()
}

async fn show(visit: Visit) -> Answer {
    if matches!(visit.reader.identity, Identity::SignedIn(_)) {
        let next = next_of(&visit);
        return Ok(see_other(if next.is_empty() { url::ACCOUNT } else { &next }));
    }
    if matches!(visit.reader.identity, Identity::Visitor) && first_start::is_open(visit.services()).await? {
        // Nobody could sign in yet.
        return Ok(see_other(url::FIRST_START));
    }
    if visit.reader.has_ended {
        browser_session::forget_sign_in(&visit.session);
    }
    let (next, mut page) = (next_of(&visit), Page::of(&visit));
    if visit.reader.has_ended && page.notice.is_none() {
        page.notice = Some(Notice::SignInOver.in_words(page.words));
    }
    answer::page(&LoginPage { page, email: String::new(), next, errors: Errors::none() })
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct LoginForm {
    email: String,
    password: String,
    next: String,
}

async fn submit(visit: Visit, form: Form<LoginForm>) -> Answer {
    let form = form.0;
    let next = url::local(&form.next).unwrap_or_default().to_owned();
    let missing = missing(&visit, &form);
    let refused = if missing.is_empty() {
        let credentials = Credentials { email: form.email.clone(), password: Password::typed(&form.password) };
        let replaces = browser_session::session_key(&visit.session);
        match sign_in::sign_in(visit.services(), credentials, replaces, &visit.client).await? {
            SignIn::SignedIn(key) => {
                visit.bind(&key);
                return Ok(see_other(if next.is_empty() { url::ACCOUNT } else { &next }));
            }
            SignIn::SecondFactorNeeded(key) => {
                visit.bind(&key);
                return Ok(see_other(&url::with_next(url::LOGIN_CODE, Some(&next))));
            }
            SignIn::Wrong => {
                Refused::unprocessable(Errors::of_form("email", Words::of(visit.reader.language).login.wrong))
            }
            SignIn::Wait(until) => Refused::wait(&Page::of_error(&visit), "email", visit.now(), until),
        }
    } else {
        Refused::unprocessable(missing)
    };
    let page = LoginPage { page: Page::of(&visit), email: form.email, next, errors: refused.errors };
    answer::with_status(&page, refused.status, refused.retry_after)
}

fn missing(visit: &Visit, form: &LoginForm) -> Errors {
    let words = &Words::of(visit.reader.language).common;
    let mut errors = Errors::none();
    if form.email.trim().is_empty() {
        errors.add("email", words.email_missing);
    }
    if form.password.is_empty() {
        errors.add("password", words.password_missing);
    }
    errors
}

/// `POST /logout`, at any stage of signing in.
async fn sign_out(visit: Visit, _form: Form<NoFields>) -> Answer {
    if let Some(key) = browser_session::session_key(&visit.session) {
        sign_in::sign_out(visit.services(), &key, &visit.client).await?;
    }
    visit.session.purge();
    // Whoever comes next to this browser is not told what was done before.
    visit.take_notice();
    Ok(see_other(url::LOGIN))
}
