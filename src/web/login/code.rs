//! The second step of signing in: the security code.

use askama::Template;
use serde::Deserialize;

use crate::domain::time::Timestamp;
use crate::service::access::PasswordProven;
use crate::service::pass_second_factor::{PassSecondFactor, pass_second_factor};
use crate::web::answer::{self, Answer, see_other};
use crate::web::errors_in_form::Errors;
use crate::web::form::Form;
use crate::web::guard::Visit;
use crate::web::notice::Notice;
use crate::web::page::Page;
use crate::web::two_factor::refusal::Entry;
use crate::web::url;

#[derive(Template)]
#[template(path = "pages/login/code.html")]
pub(crate) struct CodePage {
    pub page: Page,
    pub email: String,
    pub next: String,
    pub until: Timestamp,
    /// Whether more time can be had.
    pub is_extendable: bool,
    pub errors: Errors,
}

/// `GET /login/code`
pub(super) async fn show(visit: Visit, proof: PasswordProven) -> Answer {
    let next = super::next_of(&visit);
    answer::page(&code_page(&visit, &proof, next, Errors::none()))
}

fn code_page(visit: &Visit, proof: &PasswordProven, next: String, errors: Errors) -> CodePage {
    CodePage {
        page: Page::of(visit),
        email: proof.email().to_string(),
        next,
        until: proof.expires_at(),
        is_extendable: proof.is_extendable(),
        errors,
    }
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct CodeForm {
    code: String,
    next: String,
}

/// `POST /login/code`
pub(super) async fn submit(visit: Visit, proof: PasswordProven, form: Form<CodeForm>) -> Answer {
    let next = url::local(&form.next).unwrap_or_default().to_owned();
    match pass_second_factor(visit.services(), &proof, &form.code, &visit.client).await? {
        PassSecondFactor::Passed(key) => {
            visit.bind(&key);
            Ok(see_other(if next.is_empty() { url::ACCOUNT } else { &next }))
        }
        PassSecondFactor::Refused(refusal) => {
            let mut page = code_page(&visit, &proof, next, Errors::none());
            let refused = Entry::SIGN_IN.refused(&page.page, visit.now(), refusal);
            page.errors = refused.errors;
            answer::with_status(&page, refused.status, refused.retry_after)
        }
        PassSecondFactor::StageOver => Ok(stage_over(&visit, &next)),
    }
}

/// Back to the password, and from there on to `next`: the stage has ended.
pub(super) fn stage_over(visit: &Visit, next: &str) -> actix_web::HttpResponse {
    visit.tell(Notice::StageOver);
    see_other(&url::with_next(url::LOGIN, Some(next)))
}
