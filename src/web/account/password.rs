//! パスワード: changed with the present one as proof.

use askama::Template;
use serde::Deserialize;

use crate::domain::password::Password;
use crate::service::access::SignedIn;
use crate::service::change_password::{ChangePassword, change_password};
use crate::web::answer::{self, Answer, see_other};
use crate::web::errors_in_form::Errors;
use crate::web::form::Form;
use crate::web::guard::Visit;
use crate::web::notice::Notice;
use crate::web::page::Page;
use crate::web::password_reset::weak;
use crate::web::two_factor::refusal::Refused;
use crate::web::url;

#[derive(Template)]
#[template(path = "pages/account/password.html")]
pub(crate) struct PasswordPage {
    pub page: Page,
    pub email: String,
    pub errors: Errors,
}

/// `GET /account/password`
pub(super) async fn show(visit: Visit, me: SignedIn) -> Answer {
    answer::page(&PasswordPage { page: Page::of(&visit), email: me.email().to_string(), errors: Errors::none() })
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct PasswordForm {
    current_password: String,
    new_password: String,
}

/// `POST /account/password`
pub(super) async fn submit(visit: Visit, me: SignedIn, form: Form<PasswordForm>) -> Answer {
    let page = Page::of_error(&visit);
    let words = page.words;
    let mut missing = Errors::none();
    if form.current_password.is_empty() {
        missing.add("current_password", words.common.password_missing);
    }
    if form.new_password.is_empty() {
        missing.add("new_password", words.common.new_password_missing);
    }
    let refused = if missing.is_empty() {
        let current = Password::typed(&form.current_password);
        match change_password(visit.services(), &me, current, &form.new_password, &visit.client).await? {
            ChangePassword::Changed(key) => {
                visit.bind(&key);
                visit.tell(Notice::PasswordChanged);
                return Ok(see_other(url::PASSWORD));
            }
            ChangePassword::WrongPassword => {
                Refused::unprocessable(Errors::of("current_password", words.common.password_wrong))
            }
            ChangePassword::Weak(weakness) => Refused::unprocessable(Errors::of("new_password", weak(words, weakness))),
            ChangePassword::Wait(until) => Refused::wait(&page, "current_password", visit.now(), until),
        }
    } else {
        Refused::unprocessable(missing)
    };
    let page = PasswordPage { page: Page::of(&visit), email: me.email().to_string(), errors: refused.errors };
    answer::with_status(&page, refused.status, refused.retry_after)
}
