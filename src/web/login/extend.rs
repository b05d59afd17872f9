//! More time for the second step of signing in.

use serde::Deserialize;

use super::code::stage_over;
use crate::service::access::PasswordProven;
use crate::service::extend_sign_in::{ExtendSignIn, extend_sign_in};
use crate::web::answer::{Answer, see_other};
use crate::web::form::Form;
use crate::web::guard::Visit;
use crate::web::notice::Notice;
use crate::web::url;

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ExtendForm {
    /// Which of the two pages asked.
    back: String,
    next: String,
}

/// `POST /login/extend`
pub(super) async fn extend(visit: Visit, proof: PasswordProven, form: Form<ExtendForm>) -> Answer {
    let notice = match extend_sign_in(visit.services(), &proof).await? {
        ExtendSignIn::Extended => Notice::TimeExtended,
        ExtendSignIn::AtTheEnd => Notice::TimeAtItsEnd,
        ExtendSignIn::StageOver => return Ok(stage_over(&visit, &form.next)),
    };
    visit.tell(notice);
    let back = if form.back == url::RECOVERY { url::RECOVERY } else { url::LOGIN_CODE };
    Ok(see_other(&url::with_next(back, Some(&form.next))))
}
