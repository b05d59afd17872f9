//! The forgotten password: a mailed link, and a new password. The second factor is not touched.

use actix_web::http::StatusCode;
use actix_web::web::{Path, ServiceConfig, resource};
use askama::Template;
use serde::Deserialize;

use super::answer::{self, Answer, see_other};
use super::errors_in_form::Errors;
use super::form::Form;
use super::guard::Visit;
use super::notice::Notice;
use super::page::Page;
use super::two_factor::refusal::Refused;
use super::{browser_session, get, post, url};
use crate::domain::email::EmailAddress;
use crate::domain::link::LinkToken;
use crate::domain::password::WeakPassword;
use crate::i18n::Words;
use crate::service::reset_password::{self, RequestReset, ResetPassword};

/// `/password-reset…`
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(url::PASSWORD_RESET).route(get().to(show)).route(post().to(submit)))
        .service(resource(url::PASSWORD_RESET_LINK).route(get().to(show_link)).route(post().to(submit_link)));
}

#[derive(Template)]
#[template(path = "pages/password_reset/request.html")]
pub(super) struct RequestPage {
    pub page: Page,
    pub email: String,
    pub errors: Errors,
}

async fn show(visit: Visit) -> Answer {
    answer::page(&RequestPage { page: Page::of(&visit), email: String::new(), errors: Errors::none() })
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct RequestForm {
    email: String,
}

#[derive(Template)]
#[template(path = "pages/password_reset/sent.html")]
pub(super) struct SentPage {
    pub page: Page,
}

async fn submit(visit: Visit, form: Form<RequestForm>) -> Answer {
    let page = Page::of(&visit);
    let refused = if form.email.trim().is_empty() {
        Refused::unprocessable(Errors::of("email", page.words.common.email_missing))
    } else {
        match reset_password::request(visit.services(), &form.email, &visit.client).await? {
            // The same answer for every address (SC-51).
            RequestReset::Taken => return answer::page(&SentPage { page }),
            RequestReset::Wait(until) => Refused::mail_wait(&page, "email", visit.now(), until),
        }
    };
    let page = RequestPage { page, email: form.0.email, errors: refused.errors };
    answer::with_status(&page, refused.status, refused.retry_after)
}

#[derive(Template)]
#[template(path = "pages/password_reset/choose.html")]
pub(super) struct ChoosePage {
    pub page: Page,
    pub email: EmailAddress,
    pub errors: Errors,
}

#[derive(Template)]
#[template(path = "pages/password_reset/dead.html")]
pub(super) struct DeadPage {
    pub page: Page,
}

fn dead(visit: &Visit) -> Answer {
    answer::with_status(&DeadPage { page: Page::of(visit) }, StatusCode::GONE, None)
}

async fn show_link(visit: Visit, token: Path<String>) -> Answer {
    let Some(token) = LinkToken::parse(&token) else { return dead(&visit) };
    match reset_password::inspect(visit.services(), &token).await? {
        Some(email) => answer::page(&ChoosePage { page: Page::of(&visit), email, errors: Errors::none() }),
        None => dead(&visit),
    }
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct ChooseForm {
    new_password: String,
}

async fn submit_link(visit: Visit, token: Path<String>, form: Form<ChooseForm>) -> Answer {
    let Some(token) = LinkToken::parse(&token) else { return dead(&visit) };
    let Some(email) = reset_password::inspect(visit.services(), &token).await? else { return dead(&visit) };
    let words = Words::of(visit.reader.language);
    if form.new_password.is_empty() {
        let errors = Errors::of("new_password", words.common.new_password_missing);
        return answer::unprocessable(&ChoosePage { page: Page::of(&visit), email, errors });
    }
    match reset_password::reset(visit.services(), &token, &form.new_password, &visit.client).await? {
        ResetPassword::Changed => {
            browser_session::renew(&visit.session, &visit.services().random);
            visit.tell(Notice::PasswordReset);
            Ok(see_other(url::LOGIN))
        }
        ResetPassword::Weak(weakness) => {
            let errors = Errors::of("new_password", weak(words, weakness));
            answer::unprocessable(&ChoosePage { page: Page::of(&visit), email, errors })
        }
        ResetPassword::LinkDead => dead(&visit),
    }
}

/// Why a new password was refused, in words.
pub(super) fn weak(words: &Words, weakness: WeakPassword) -> &'static str {
    match weakness {
        WeakPassword::TooShort => words.common.password_too_short,
        WeakPassword::TooLong => words.common.password_too_long,
        WeakPassword::TooCommon => words.common.password_too_common,
    }
}
