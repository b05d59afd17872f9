//! 保管チェック: whether a code on paper is of the sheet that counts, and unused.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use serde::Deserialize;

use super::backup_codes::not_on;
use super::refusal::{Entry, Refused};
use crate::domain::password::Password;
use crate::domain::plan::Plan;
use crate::domain::two_factor::code_input::{self, CodeProblem};
use crate::domain::two_factor::sheet::{SheetState, UsedCode};
use crate::service::access::SignedIn;
use crate::service::check_backup_code::{Check, check_backup_code};
use crate::service::second_factor::CodeRefusal;
use crate::service::two_factor_overview::two_factor_overview;
use crate::web::answer::{self, Answer, see_other};
use crate::web::errors_in_form::Errors;
use crate::web::form::Form;
use crate::web::guard::Visit;
use crate::web::notice::Notice;
use crate::web::page::Page;
use crate::web::url;

#[derive(Template)]
#[template(path = "pages/two_factor/check.html")]
pub(crate) struct CheckPage {
    pub page: Page,
    pub email: String,
    /// The sheet that counts.
    pub sheet: SheetState,
    pub issues_codes: bool,
    pub verdict: Option<Verdict>,
    pub errors: Errors,
}

/// What was found of a code that could be looked at.
pub(crate) enum Verdict {
    Unused(u8),
    Used(UsedCode),
    Earlier,
    Unknown,
}

impl CheckPage {
    /// Whether the question is answered, and nothing is left to type.
    fn is_fine(&self) -> bool {
        matches!(self.verdict, Some(Verdict::Unused(_)))
    }

    fn valid_sheet(&self) -> String {
        self.page.words.code_check.sheet(self.sheet.number, self.sheet.id.as_str())
    }
}

/// Why the page cannot be shown: there is nothing to check.
fn no_sheet(visit: &Visit) -> HttpResponse {
    visit.tell(Notice::NoSheet);
    see_other(url::TWO_FACTOR)
}

/// `GET /account/two-factor/backup-codes/check`
pub(super) async fn show(visit: Visit, me: SignedIn) -> Answer {
    form(&visit, &me, None).await
}

/// The form, with what was refused on it.
async fn form(visit: &Visit, me: &SignedIn, refused: Option<Refused>) -> Answer {
    let overview = two_factor_overview(visit.services(), me).await?;
    if overview.enabled_at.is_none() {
        return Ok(not_on(visit));
    }
    match overview.sheet {
        Some(sheet) => page(visit, me, sheet, None, refused),
        None => Ok(no_sheet(visit)),
    }
}

fn page(visit: &Visit, me: &SignedIn, sheet: SheetState, verdict: Option<Verdict>, refused: Option<Refused>) -> Answer {
    let issues_codes = Plan::any_issues_backup_codes(me.offices().iter().map(|office| office.plan));
    let (status, retry_after, errors) = match refused {
        Some(refused) => (refused.status, refused.retry_after, refused.errors),
        None => (StatusCode::OK, None, Errors::none()),
    };
    let (page, email) = (Page::of(visit), me.email().to_string());
    answer::with_status(&CheckPage { page, email, sheet, issues_codes, verdict, errors }, status, retry_after)
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct CheckForm {
    password: String,
    backup_code: String,
}

/// `POST /account/two-factor/backup-codes/check`: neither password nor code is shown again.
pub(super) async fn submit(visit: Visit, me: SignedIn, sent: Form<CheckForm>) -> Answer {
    let page_words = Page::of_error(&visit);
    let words = &page_words.words.common;
    let problem = code_input::backup_code(&sent.backup_code).err();
    let wrong_password = |text: &'static str| {
        let mut errors = Errors::of("password", text);
        errors.extend(problem.map(|problem| Entry::CHECK.unreadable(&page_words, problem)));
        Refused::unprocessable(errors)
    };
    if sent.password.is_empty() {
        return form(&visit, &me, Some(wrong_password(words.password_missing))).await;
    }
    if let Some(problem) = problem.filter(|problem| *problem != CodeProblem::OtherKind) {
        let refused = Entry::CHECK.refused(&page_words, visit.now(), CodeRefusal::Unreadable(problem));
        return form(&visit, &me, Some(refused)).await;
    }
    let password = Password::typed(&sent.password);
    let (checked, key) = check_backup_code(visit.services(), &me, password, &sent.backup_code, &visit.client).await?;
    if let Some(key) = key {
        visit.bind(&key);
    }
    let (sheet, verdict) = match checked {
        Check::Unused { sheet, number } => {
            return page(&visit, &me, sheet, Some(Verdict::Unused(number)), None);
        }
        Check::Used { sheet, code } => (sheet, Verdict::Used(code)),
        Check::Earlier { valid } => (valid, Verdict::Earlier),
        Check::Unknown { valid } => (valid, Verdict::Unknown),
        Check::Refused(refusal) => {
            let refused = Entry::CHECK.refused(&page_words, visit.now(), refusal);
            return form(&visit, &me, Some(refused)).await;
        }
        Check::WrongPassword => return form(&visit, &me, Some(wrong_password(words.password_wrong))).await,
        Check::PasswordWait(until) => {
            let refused = Refused::wait(&page_words, "password", visit.now(), until);
            return form(&visit, &me, Some(refused)).await;
        }
        Check::NotOn => return Ok(not_on(&visit)),
        Check::NoSheet => return Ok(no_sheet(&visit)),
    };
    let refused = Refused::unprocessable(Errors::none());
    page(&visit, &me, sheet, Some(verdict), Some(refused))
}
