//! 二要素認証設定: the tab, and what it leads to.

pub mod backup_codes;
pub mod qr;
pub mod refusal;
pub mod release;
pub mod setup;

use actix_web::http::StatusCode;
use actix_web::web::{ServiceConfig, resource};
use askama::Template;

use super::answer::{self, Answer};
use super::errors_in_form::Errors;
use super::guard::Visit;
use super::page::Page;
use super::{get, post, url};
use crate::domain::plan::PlanGroup;
use crate::domain::two_factor::backup_code::{LOW, PER_SHEET};
use crate::domain::two_factor::sheet::{SheetState, UsedCode};
use crate::service::access::SignedIn;
use crate::service::two_factor_overview::{TwoFactorOverview, two_factor_overview};
use refusal::Refused;

/// `/account/two-factor…`, `/two-factor-release…`
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(url::TWO_FACTOR).route(get().to(show)))
        .service(resource(url::SET_UP).route(get().to(setup::show)).route(post().to(setup::start)))
        .service(resource(url::SET_UP_CONFIRM).route(post().to(setup::confirm)))
        .service(resource(url::SET_UP_CANCEL).route(post().to(setup::cancel)))
        .service(resource(url::REISSUE).route(get().to(backup_codes::show)).route(post().to(backup_codes::submit)))
        .service(resource(url::RELEASE).route(post().to(release::request)))
        .service(resource(url::RELEASE_LINK).route(get().to(release::show)).route(post().to(release::submit)))
        .service(
            resource(url::RELEASE_CANCEL_LINK)
                .route(get().to(release::show_cancel))
                .route(post().to(release::submit_cancel)),
        );
}

#[derive(Template)]
#[template(path = "pages/two_factor/overview.html")]
pub(super) struct OverviewPage {
    pub page: Page,
    pub email: String,
    pub overview: TwoFactorOverview,
    pub plan_groups: Vec<(&'static str, String)>,
    pub errors: Errors,
}

/// One code of the newest sheet, by its number.
struct Mark<'a> {
    number: usize,
    used: Option<&'a UsedCode>,
}

impl OverviewPage {
    /// The ten numbers of the sheet, used or not.
    fn marks<'a>(&self, sheet: &'a SheetState) -> Vec<Mark<'a>> {
        (1..=PER_SHEET)
            .map(|number| Mark { number, used: sheet.used.iter().find(|code| usize::from(code.number) == number) })
            .collect()
    }

    fn is_low(&self, sheet: &SheetState) -> bool {
        sheet.left() <= LOW
    }
}

/// The groups of plans that issue codes, with their plans in words.
pub(super) fn plan_groups(page: &Page) -> Vec<(&'static str, String)> {
    [PlanGroup::Corporate, PlanGroup::CorporateLegacy, PlanGroup::Personal]
        .map(|group| (page.words.plan_group(group), page.words.plans_of(group)))
        .into()
}

/// `GET /account/two-factor`
async fn show(visit: Visit, me: SignedIn) -> Answer {
    overview(&visit, &me, None).await
}

/// The tab, with what was refused on it.
async fn overview(visit: &Visit, me: &SignedIn, refused: Option<Refused>) -> Answer {
    let overview = two_factor_overview(visit.services(), me).await?;
    let (status, retry_after, errors) = match refused {
        Some(refused) => (refused.status, refused.retry_after, refused.errors),
        None => (StatusCode::OK, None, Errors::none()),
    };
    let (page, email) = (Page::of(visit), me.email().to_string());
    let page = OverviewPage { plan_groups: plan_groups(&page), page, email, overview, errors };
    answer::with_status(&page, status, retry_after)
}
