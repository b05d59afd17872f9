//! バックアップコード: reissue, and the page that shows ten codes once.

use actix_web::http::StatusCode;
use askama::Template;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::plan_groups;
use super::refusal::Entry;
use super::sheet_text::{Holder, copy_text, sheet_text};
use crate::domain::two_factor::sheet::IssuedSheet;
use crate::fault::Fault;
use crate::pdf::SheetText;
use crate::service::access::SignedIn;
use crate::service::print_sheet;
use crate::service::reissue_backup_codes::{Reissue, reissue};
use crate::service::two_factor_overview::two_factor_overview;
use crate::web::answer::{self, Answer, see_other};
use crate::web::errors_in_form::Errors;
use crate::web::form::Form;
use crate::web::guard::Visit;
use crate::web::notice::Notice;
use crate::web::page::Page;
use crate::web::url;

#[derive(Template)]
#[template(path = "pages/two_factor/reissue.html")]
pub(crate) struct ReissuePage {
    pub page: Page,
    /// Whether there is no earlier sheet.
    pub first: bool,
    pub errors: Errors,
}

#[derive(Template)]
#[template(path = "pages/two_factor/no_plan.html")]
pub(crate) struct NoPlanPage {
    pub page: Page,
    pub plan_groups: Vec<(&'static str, String)>,
}

fn no_plan(visit: &Visit) -> Answer {
    let page = Page::of(visit);
    answer::with_status(&NoPlanPage { plan_groups: plan_groups(&page), page }, StatusCode::FORBIDDEN, None)
}

pub(super) fn not_on(visit: &Visit) -> actix_web::HttpResponse {
    visit.tell(Notice::NotOn);
    see_other(url::TWO_FACTOR)
}

/// `GET /account/two-factor/backup-codes/reissue`
pub(super) async fn show(visit: Visit, me: SignedIn) -> Answer {
    let overview = two_factor_overview(visit.services(), &me).await?;
    if !overview.issues_codes {
        return no_plan(&visit);
    }
    if overview.enabled_at.is_none() {
        return Ok(not_on(&visit));
    }
    let first = overview.sheet.is_none();
    answer::page(&ReissuePage { page: Page::of(&visit), first, errors: Errors::none() })
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ReissueForm {
    code: String,
}

/// `POST /account/two-factor/backup-codes/reissue`
pub(super) async fn submit(visit: Visit, me: SignedIn, form: Form<ReissueForm>) -> Answer {
    match reissue(visit.services(), &me, &form.code, &visit.client).await? {
        Reissue::Issued(sheet, key) => {
            // The form that was just used is dead from here on, so going back cannot repeat it.
            visit.bind(&key);
            let page = Page::of(&visit);
            let title = page.words.backup_codes.reissued_title;
            answer::page(&CodesPage::new(&visit, page, title, &me, sheet)?)
        }
        Reissue::Refused(refusal) => {
            let first = two_factor_overview(visit.services(), &me).await?.sheet.is_none();
            let page = Page::of(&visit);
            let refused = Entry::ACCOUNT.refused(&page, visit.now(), refusal);
            let page = ReissuePage { page, first, errors: refused.errors };
            answer::with_status(&page, refused.status, refused.retry_after)
        }
        Reissue::NotOn => Ok(not_on(&visit)),
        Reissue::NoPlan => no_plan(&visit),
    }
}

/// The one answer that shows codes.
#[derive(Template)]
#[template(path = "pages/two_factor/codes.html")]
pub(crate) struct CodesPage {
    pub page: Page,
    pub title: &'static str,
    pub sheet: IssuedSheet,
    pub text: SheetText,
    /// The sheet as text, for the clipboard.
    pub copy_text: Zeroizing<String>,
    /// What the form for the PDF sends back: the codes, and the seal that they are ours.
    pub digits: Zeroizing<String>,
    pub seal: String,
}

impl CodesPage {
    pub(super) fn new(
        visit: &Visit,
        page: Page,
        title: &'static str,
        me: &SignedIn,
        sheet: IssuedSheet,
    ) -> Result<Self, Fault> {
        let seal = print_sheet::seal(visit.services(), me, &sheet)?;
        Ok(Self::of(page, title, &Holder::of(visit, me), sheet, seal))
    }

    pub(crate) fn of(mut page: Page, title: &'static str, holder: &Holder, sheet: IssuedSheet, seal: String) -> Self {
        // Switching the language would leave the page, and with it the codes.
        page.back = None;
        let text = sheet_text(page.words, &page.zone, holder, &sheet);
        let copy_text = copy_text(page.words, &text);
        Self { page, title, digits: sheet.digits(), sheet, text, copy_text, seal }
    }
}
