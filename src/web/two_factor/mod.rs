//! 二要素認証設定: the tab, and what it leads to.

pub mod backup_codes;
pub mod check;
pub mod qr;
pub mod refusal;
pub mod release;
pub mod setup;
pub mod sheet;
pub mod sheet_text;

use actix_web::http::StatusCode;
use actix_web::web::{ServiceConfig, resource};
use askama::Template;

use super::answer::{self, Answer};
use super::errors_in_form::Errors;
use super::guard::{Enrolling, Visit};
use super::page::Page;
use super::{get, post, url};
use crate::domain::office::Membership;
use crate::domain::plan::PlanGroup;
use crate::domain::time::Timestamp;
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
        .service(resource(url::SET_UP_EXTEND).route(post().to(setup::extend)))
        .service(resource(url::SET_UP_CANCEL).route(post().to(setup::cancel)))
        .service(resource(url::REISSUE).route(get().to(backup_codes::show)).route(post().to(backup_codes::submit)))
        .service(resource(url::SHEET).route(post().to(sheet::download)))
        .service(resource(url::CHECK).route(get().to(check::show)).route(post().to(check::submit)))
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
    pub offices: Offices,
    pub errors: Errors,
}

/// What the member's offices have to do with two-factor authentication.
#[derive(Default)]
pub(crate) struct Offices {
    /// Those that require it now, with since when.
    pub require: Vec<(String, Timestamp)>,
    /// Where a member may go who is kept out of the current office until it is set up.
    pub open: Vec<Membership>,
}

impl Offices {
    fn of(me: &SignedIn, now: Timestamp) -> Self {
        let since = |own: &Membership| Some((own.office_name.clone(), own.requirement(now).in_force()?));
        let open = if me.is_barred() { me.offices() } else { &[] };
        let open = open.iter().filter(|own| !me.is_barred_from(own.office)).cloned();
        Self { require: me.offices().iter().filter_map(since).collect(), open: open.collect() }
    }

    /// The names of those that require it, in one line.
    fn names(&self, page: &Page) -> String {
        let names: Vec<&str> = self.require.iter().map(|(name, _)| name.as_str()).collect();
        names.join(page.words.common.list_comma)
    }
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

    /// The number of the code this very sign-in was made with, and its sheet.
    fn recovered(&self) -> Option<(u8, &SheetState)> {
        self.overview.signed_in_with.zip(self.overview.sheet.as_ref())
    }

    fn is_barred(&self) -> bool {
        self.page.viewer.as_ref().is_some_and(|viewer| viewer.barred)
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
async fn show(visit: Visit, me: Enrolling) -> Answer {
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
    let (plan_groups, offices) = (plan_groups(&page), Offices::of(me, visit.now()));
    let page = OverviewPage { page, email, overview, plan_groups, offices, errors };
    answer::with_status(&page, status, retry_after)
}
