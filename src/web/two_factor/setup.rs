//! Setting up an authenticator: start, QR code, confirmation, and the first sheet.

use askama::Template;
use serde::Deserialize;

use super::backup_codes::CodesPage;
use super::qr::{self, Drawing};
use super::refusal::{Entry, Refused};
use super::{overview, plan_groups};
use crate::domain::password::Password;
use crate::service::extend_set_up::{ExtendSetUp, extend_set_up};
use crate::service::set_up_two_factor::{self, ConfirmSetUp, PendingSetUp, StartSetUp};
use crate::web::answer::{self, Answer, see_other};
use crate::web::errors_in_form::Errors;
use crate::web::form::{Form, NoFields};
use crate::web::guard::{Enrolling, Visit};
use crate::web::notice::Notice;
use crate::web::page::Page;
use crate::web::url;

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct StartForm {
    password: String,
    /// Only where an authenticator is to be replaced.
    code: String,
}

/// `POST /account/two-factor/setup`
pub(super) async fn start(visit: Visit, me: Enrolling, form: Form<StartForm>) -> Answer {
    let page = Page::of_error(&visit);
    let words = &page.words.common;
    if form.password.is_empty() {
        let refused = Refused::unprocessable(Errors::of("password", words.password_missing));
        return overview(&visit, &me, Some(refused)).await;
    }
    let password = Password::typed(&form.password);
    let code = Some(form.code.as_str()).filter(|code| !code.is_empty());
    let refused = match set_up_two_factor::start(visit.services(), &me, password, code, &visit.client).await? {
        StartSetUp::Started(key) => {
            visit.bind(&key);
            return Ok(see_other(url::SET_UP));
        }
        StartSetUp::WrongPassword => Refused::unprocessable(Errors::of("password", words.password_wrong)),
        StartSetUp::Wait(until) => Refused::wait(&page, "password", visit.now(), until),
        StartSetUp::CodeNeeded(refusal) => Entry::ACCOUNT.refused(&page, visit.now(), refusal),
    };
    overview(&visit, &me, Some(refused)).await
}

#[derive(Template)]
#[template(path = "pages/two_factor/setup.html")]
pub(crate) struct SetUpPage {
    pub page: Page,
    pub pending: PendingSetUp,
    pub qr: Drawing,
    pub plan_groups: Vec<(&'static str, String)>,
    pub errors: Errors,
}

impl SetUpPage {
    pub(crate) fn new(page: Page, pending: PendingSetUp, errors: Errors) -> Result<Self, crate::fault::Fault> {
        let qr = qr::draw(&pending.otpauth_url)?;
        Ok(Self { plan_groups: plan_groups(&page), page, pending, qr, errors })
    }
}

/// `GET /account/two-factor/setup`
pub(super) async fn show(visit: Visit, me: Enrolling) -> Answer {
    match set_up_two_factor::pending(visit.services(), &me).await? {
        Some(pending) => answer::page(&SetUpPage::new(Page::of(&visit), pending, Errors::none())?),
        None => Ok(see_other(url::TWO_FACTOR)),
    }
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ConfirmForm {
    code: String,
}

#[derive(Template)]
#[template(path = "pages/two_factor/setup_done.html")]
pub(crate) struct DonePage {
    pub page: Page,
    pub plan_groups: Vec<(&'static str, String)>,
}

/// `POST /account/two-factor/setup/confirm`
pub(super) async fn confirm(visit: Visit, me: Enrolling, form: Form<ConfirmForm>) -> Answer {
    match set_up_two_factor::confirm(visit.services(), &me, &form.code, &visit.client).await? {
        ConfirmSetUp::Confirmed(sheet, key) => {
            visit.bind(&key);
            let page = Page::of_enrolled(&visit);
            match sheet {
                Some(sheet) => {
                    let title = page.words.two_factor.done_title;
                    answer::page(&CodesPage::new(&visit, page, title, &me, sheet)?)
                }
                None => answer::page(&DonePage { plan_groups: plan_groups(&page), page }),
            }
        }
        ConfirmSetUp::Refused(refusal) => {
            let Some(pending) = set_up_two_factor::pending(visit.services(), &me).await? else {
                return Ok(gone(&visit));
            };
            let page = Page::of(&visit);
            let refused = Entry::ACCOUNT.refused(&page, visit.now(), refusal);
            let page = SetUpPage::new(page, pending, refused.errors)?;
            answer::with_status(&page, refused.status, refused.retry_after)
        }
        ConfirmSetUp::NothingPending => Ok(gone(&visit)),
    }
}

fn gone(visit: &Visit) -> actix_web::HttpResponse {
    visit.tell(Notice::SetUpGone);
    see_other(url::TWO_FACTOR)
}

/// `POST /account/two-factor/setup/extend`
pub(super) async fn extend(visit: Visit, me: Enrolling, _form: Form<NoFields>) -> Answer {
    let notice = match extend_set_up(visit.services(), &me).await? {
        ExtendSetUp::Extended => Notice::TimeExtended,
        ExtendSetUp::AtTheEnd => Notice::TimeAtItsEnd,
        ExtendSetUp::NothingPending => return Ok(gone(&visit)),
    };
    visit.tell(notice);
    Ok(see_other(url::SET_UP))
}

/// `POST /account/two-factor/setup/cancel`
pub(super) async fn cancel(visit: Visit, me: Enrolling, _form: Form<NoFields>) -> Answer {
    set_up_two_factor::cancel(visit.services(), &me, &visit.client).await?;
    visit.tell(Notice::SetUpCancelled);
    Ok(see_other(url::TWO_FACTOR))
}
