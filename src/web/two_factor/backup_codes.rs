//! バックアップコード: reissue, and the page that shows ten codes once.

use actix_web::http::StatusCode;
use askama::Template;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::plan_groups;
use super::refusal::Entry;
use crate::domain::two_factor::sheet::IssuedSheet;
use crate::service::access::SignedIn;
use crate::service::reissue_backup_codes::{Reissue, reissue};
use crate::service::two_factor_overview::two_factor_overview;
use crate::web::answer::{self, Answer, see_other};
use crate::web::errors_in_form::Errors;
use crate::web::form::Form;
use crate::web::guard::Visit;
use crate::web::notice::Notice;
use crate::web::page::Page;
use crate::web::{browser_session, url};

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

fn not_on(visit: &Visit) -> actix_web::HttpResponse {
    browser_session::tell(&visit.session, Notice::NotOn);
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
        Reissue::Issued(sheet) => {
            // The form that was just used is dead from here on, so going back cannot repeat it.
            browser_session::renew(&visit.session, &visit.services().random);
            let page = Page::of(&visit);
            let title = page.words.backup_codes.reissued_title;
            answer::page(&CodesPage::new(page, title, &me, sheet))
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
    pub email: String,
    pub offices: String,
    pub sheet: IssuedSheet,
    /// The sheet as text, for the clipboard.
    pub copy_text: Zeroizing<String>,
}

impl CodesPage {
    pub(crate) fn new(page: Page, title: &'static str, me: &SignedIn, sheet: IssuedSheet) -> Self {
        let offices: Vec<String> = me.offices().iter().map(|member| member.office_name.clone()).collect();
        Self::of(page, title, me.email().to_string(), &offices, sheet)
    }

    pub(crate) fn of(
        mut page: Page,
        title: &'static str,
        email: String,
        offices: &[String],
        sheet: IssuedSheet,
    ) -> Self {
        // Switching the language would leave the page, and with it the codes.
        page.back = None;
        let copy_text = copy_text(&page, &email, &sheet);
        Self { offices: offices.join(page.words.common.list_comma), page, title, email, sheet, copy_text }
    }
}

fn copy_text(page: &Page, email: &str, sheet: &IssuedSheet) -> Zeroizing<String> {
    let (words, colon) = (&page.words.backup_codes, page.words.common.colon);
    let mut text = Zeroizing::new(String::with_capacity(512));
    for line in [
        format!("{} {}", words.sheet_title, words.issue_heading(sheet.number)),
        format!("{}{colon}Hikae", words.service),
        format!("{}{colon}{email}", words.account),
        format!("{}{colon}{}", words.sheet_id, sheet.id),
        format!("{}{colon}{}", words.issued_at, page.day(&sheet.issued_at)),
        String::new(),
    ] {
        text.push_str(&line);
        text.push('\n');
    }
    for (index, code) in sheet.codes.iter().enumerate() {
        text.push_str(&format!("{:>2}. {}\n", index + 1, code.grouped()));
    }
    text
}
