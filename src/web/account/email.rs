//! メールアドレス: a change asked for here, and confirmed at the new address.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;
use serde::Deserialize;

use crate::domain::email::EmailAddress;
use crate::domain::link::LinkToken;
use crate::domain::password::Password;
use crate::service::access::SignedIn;
use crate::service::change_email::{self, ConfirmEmailChange, RequestEmailChange};
use crate::web::answer::{self, Answer, see_other};
use crate::web::errors_in_form::Errors;
use crate::web::form::{Form, NoFields};
use crate::web::guard::Visit;
use crate::web::notice::Notice;
use crate::web::page::Page;
use crate::web::two_factor::refusal::Refused;
use crate::web::url;

#[derive(Template)]
#[template(path = "pages/account/email.html")]
pub(crate) struct EmailPage {
    pub page: Page,
    pub current: String,
    pub email: String,
    pub errors: Errors,
}

/// `GET /account/email`
pub(super) async fn show(visit: Visit, me: SignedIn) -> Answer {
    let current = me.email().to_string();
    answer::page(&EmailPage { page: Page::of(&visit), current, email: String::new(), errors: Errors::none() })
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct EmailForm {
    email: String,
    password: String,
}

/// `POST /account/email`
pub(super) async fn submit(visit: Visit, me: SignedIn, form: Form<EmailForm>) -> Answer {
    let page = Page::of_error(&visit);
    let words = page.words;
    let mut missing = Errors::none();
    if form.email.trim().is_empty() {
        missing.add("email", words.common.email_missing);
    }
    if form.password.is_empty() {
        missing.add("password", words.common.password_missing);
    }
    let refused = if missing.is_empty() {
        let password = Password::typed(&form.password);
        match change_email::request(visit.services(), &me, &form.email, password, &visit.client).await? {
            RequestEmailChange::Sent(key) => {
                visit.bind(&key);
                visit.tell(Notice::EmailChangeSent);
                return Ok(see_other(url::EMAIL));
            }
            RequestEmailChange::Invalid => Refused::unprocessable(Errors::of("email", words.common.email_invalid)),
            RequestEmailChange::Unchanged => Refused::unprocessable(Errors::of("email", words.account.email_unchanged)),
            RequestEmailChange::WrongPassword => {
                Refused::unprocessable(Errors::of("password", words.common.password_wrong))
            }
            RequestEmailChange::Wait(until) => Refused::wait(&page, "email", visit.now(), until),
        }
    } else {
        Refused::unprocessable(missing)
    };
    let (current, email) = (me.email().to_string(), form.0.email);
    let page = EmailPage { page: Page::of(&visit), current, email, errors: refused.errors };
    answer::with_status(&page, refused.status, refused.retry_after)
}

#[derive(Template)]
#[template(path = "pages/account/email_confirmation.html")]
pub(crate) struct ConfirmPage {
    pub page: Page,
    pub new_email: EmailAddress,
}

#[derive(Template)]
#[template(path = "pages/account/email_changed.html")]
pub(crate) struct ChangedPage {
    pub page: Page,
    pub new_email: EmailAddress,
}

#[derive(Template)]
#[template(path = "pages/account/email_link_dead.html")]
pub(crate) struct DeadPage {
    pub page: Page,
    pub taken: bool,
}

fn dead(visit: &Visit) -> Answer {
    answer::with_status(&DeadPage { page: Page::of(visit), taken: false }, StatusCode::GONE, None)
}

/// `GET /email-confirmation/{token}`: changes nothing, for mail scanners follow links too.
pub(super) async fn show_link(visit: Visit, token: Path<String>) -> Answer {
    let Some(token) = LinkToken::parse(&token) else { return dead(&visit) };
    match change_email::inspect(visit.services(), &token).await? {
        Some(link) => answer::page(&ConfirmPage { page: Page::of(&visit), new_email: link.new_email }),
        None => dead(&visit),
    }
}

/// `POST /email-confirmation/{token}`
pub(super) async fn submit_link(visit: Visit, token: Path<String>, _form: Form<NoFields>) -> Answer {
    let Some(token) = LinkToken::parse(&token) else { return dead(&visit) };
    match change_email::confirm(visit.services(), &token, &visit.client).await? {
        ConfirmEmailChange::Changed(new_email) => answer::page(&ChangedPage { page: Page::of(&visit), new_email }),
        ConfirmEmailChange::Taken => answer::unprocessable(&DeadPage { page: Page::of(&visit), taken: true }),
        ConfirmEmailChange::LinkDead => dead(&visit),
    }
}
