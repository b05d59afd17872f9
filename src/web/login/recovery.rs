//! When the authenticator cannot be used: a backup code, or a request to an administrator.

use askama::Template;
use serde::Deserialize;

use super::code::stage_over;
use crate::domain::time::Timestamp;
use crate::service::access::PasswordProven;
use crate::service::recover_with_backup_code::{Recovery, recover_with_backup_code};
use crate::service::request_release::{self, RequestRelease, Standing};
use crate::web::answer::{self, Answer, see_other};
use crate::web::error::Problem;
use crate::web::errors_in_form::Errors;
use crate::web::form::{Form, NoFields};
use crate::web::guard::Visit;
use crate::web::notice::Notice;
use crate::web::page::Page;
use crate::web::two_factor::refusal::{Entry, Refused};
use crate::web::url;

#[derive(Template)]
#[template(path = "pages/login/recovery.html")]
pub(crate) struct RecoveryPage {
    pub page: Page,
    pub email: String,
    pub until: Timestamp,
    pub is_extendable: bool,
    pub standing: Standing,
    /// Whom to ask when no administrator can help.
    pub contact: Option<String>,
    pub errors: Errors,
    /// What is wrong with asking the administrators.
    pub request_errors: Errors,
}

/// `GET /login/recovery`
pub(super) async fn show(visit: Visit, proof: PasswordProven) -> Answer {
    answer::page(&recovery_page_now(&visit, &proof).await?)
}

async fn recovery_page_now(visit: &Visit, proof: &PasswordProven) -> Result<RecoveryPage, Problem> {
    let standing = request_release::standing(visit.services(), proof).await?;
    Ok(recovery_page(visit, proof, standing))
}

fn recovery_page(visit: &Visit, proof: &PasswordProven, standing: Standing) -> RecoveryPage {
    RecoveryPage {
        standing,
        page: Page::of(visit),
        email: proof.email().to_string(),
        until: proof.expires_at(),
        is_extendable: proof.is_extendable(),
        contact: visit.state.contact.clone(),
        errors: Errors::none(),
        request_errors: Errors::none(),
    }
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct BackupCodeForm {
    backup_code: String,
}

/// `POST /login/recovery/backup-code`
pub(super) async fn submit_backup_code(visit: Visit, proof: PasswordProven, form: Form<BackupCodeForm>) -> Answer {
    match recover_with_backup_code(visit.services(), &proof, &form.backup_code, &visit.client).await? {
        Recovery::Recovered(key) => {
            visit.bind(&key);
            Ok(see_other(url::TWO_FACTOR))
        }
        Recovery::Refused(refusal, standing) => {
            let mut page = recovery_page(&visit, &proof, standing);
            let refused = Entry::RECOVERY.refused(&page.page, visit.now(), refusal);
            page.errors = refused.errors;
            answer::with_status(&page, refused.status, refused.retry_after)
        }
        Recovery::StageOver => Ok(stage_over(&visit, "")),
    }
}

/// `POST /login/recovery/release-request`: asks the administrators (方法B).
pub(super) async fn request_release(visit: Visit, proof: PasswordProven, _form: Form<NoFields>) -> Answer {
    let notice = match request_release::request(visit.services(), &proof, &visit.client).await? {
        RequestRelease::Sent { .. } => Notice::RequestSent,
        RequestRelease::AlreadyOpen { .. } => Notice::RequestAlreadyOpen,
        // The page itself says so, and whom to ask instead.
        RequestRelease::NobodyToAsk => {
            return answer::unprocessable(&recovery_page(&visit, &proof, Standing::NobodyToAsk));
        }
        RequestRelease::Wait(until) => {
            let mut page = recovery_page_now(&visit, &proof).await?;
            let refused = Refused::mail_wait(&page.page, "release-request", visit.now(), until);
            page.request_errors = refused.errors;
            return answer::with_status(&page, refused.status, refused.retry_after);
        }
        RequestRelease::StageOver => return Ok(stage_over(&visit, "")),
    };
    visit.tell(notice);
    Ok(see_other(url::RECOVERY))
}
