//! When the authenticator cannot be used: a backup code, or a request to an administrator.

use askama::Template;
use serde::Deserialize;

use super::code::stage_over;
use crate::domain::time::Timestamp;
use crate::service::access::PasswordProven;
use crate::service::recover_with_backup_code::{Recovery, recover_with_backup_code};
use crate::web::answer::{self, Answer, see_other};
use crate::web::errors_in_form::Errors;
use crate::web::form::{Form, NoFields};
use crate::web::guard::Visit;
use crate::web::notice::Notice;
use crate::web::page::Page;
use crate::web::two_factor::refusal::Entry;
use crate::web::{browser_session, url};

#[derive(Template)]
#[template(path = "pages/login/recovery.html")]
pub(crate) struct RecoveryPage {
    pub page: Page,
    pub email: String,
    pub until: Timestamp,
    pub errors: Errors,
}

/// `GET /login/recovery`
pub(super) async fn show(visit: Visit, proof: PasswordProven) -> Answer {
    answer::page(&recovery_page(&visit, &proof))
}

fn recovery_page(visit: &Visit, proof: &PasswordProven) -> RecoveryPage {
    let (email, until) = (proof.email().to_string(), proof.expires_at());
    RecoveryPage { page: Page::of(visit), email, until, errors: Errors::none() }
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct BackupCodeForm {
    backup_code: String,
}

/// `POST /login/recovery/backup-code`
pub(super) async fn submit_backup_code(visit: Visit, proof: PasswordProven, form: Form<BackupCodeForm>) -> Answer {
    match recover_with_backup_code(visit.services(), &proof, &form.backup_code, &visit.client).await? {
        Recovery::Recovered { session, number, left } => {
            browser_session::bind(&visit.session, session, &visit.services().random);
            browser_session::tell(&visit.session, Notice::Recovered { number, left });
            Ok(see_other(url::TWO_FACTOR))
        }
        Recovery::Refused(refusal) => {
            let mut page = recovery_page(&visit, &proof);
            let refused = Entry::RECOVERY.refused(&page.page, visit.now(), refusal);
            page.errors = refused.errors;
            answer::with_status(&page, refused.status, refused.retry_after)
        }
        Recovery::StageOver => Ok(stage_over(&visit)),
    }
}

#[derive(Template)]
#[template(path = "pages/login/nobody_to_ask.html")]
pub(crate) struct NobodyPage {
    pub page: Page,
}

/// `POST /login/recovery/release-request`: nobody can be asked online; says so, and whom to ask.
pub(super) async fn request_release(visit: Visit, _proof: PasswordProven, _form: Form<NoFields>) -> Answer {
    answer::unprocessable(&NobodyPage { page: Page::of(&visit) })
}
