//! The account: the dashboard, and the tabs of ユーザー管理.

mod activity;
mod email;
mod office;
mod password;
mod profile;
mod sessions;

pub(super) use {
    activity::ActivityPage,
    email::{ChangedPage, ConfirmPage, DeadPage, EmailPage},
    password::PasswordPage,
    profile::ProfilePage,
    sessions::SessionsPage,
};

use actix_web::web::{ServiceConfig, resource};
use askama::Template;

use super::answer::{self, Answer, see_other};
use super::guard::Visit;
use super::page::Page;
use super::{get, post, url};
use crate::domain::two_factor::backup_code::LOW;
use crate::service::access::{Identity, SignedIn};
use crate::service::release_requests::{self, Waiting};
use crate::service::two_factor_overview::{TwoFactorOverview, two_factor_overview};

/// `/account…` without two-factor authentication, and `/email-confirmation/…`
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(url::ACCOUNT).route(get().to(dashboard)))
        .service(resource(url::PROFILE).route(get().to(profile::show)).route(post().to(profile::submit)))
        .service(resource(url::EMAIL).route(get().to(email::show)).route(post().to(email::submit)))
        .service(
            resource(url::EMAIL_CONFIRMATION_LINK)
                .route(get().to(email::show_link))
                .route(post().to(email::submit_link)),
        )
        .service(resource(url::PASSWORD).route(get().to(password::show)).route(post().to(password::submit)))
        .service(resource(url::SESSIONS).route(get().to(sessions::show)))
        .service(resource(url::END_OTHERS).route(post().to(sessions::end_others)))
        .service(resource(url::END_SESSION).route(post().to(sessions::end_one)))
        .service(resource(url::CURRENT_OFFICE).route(post().to(office::switch)))
        .service(resource(url::ACTIVITY).route(get().to(activity::show)));
}

/// `GET /`: to the account, or to signing in.
pub async fn home(visit: Visit) -> Answer {
    let signed_in = matches!(visit.reader.identity, Identity::SignedIn(_));
    Ok(see_other(if signed_in { url::ACCOUNT } else { url::LOGIN }))
}

#[derive(Template)]
#[template(path = "pages/account/dashboard.html")]
pub(super) struct DashboardPage {
    pub page: Page,
    pub name: String,
    pub overview: TwoFactorOverview,
    pub next: NextStep,
    /// Where requests of members wait for this administrator.
    pub waiting: Vec<Waiting>,
}

/// What the member may want to do next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum NextStep {
    SetUp,
    /// Signed in with a backup code: its sheet is to be ticked off, and the phone may be gone.
    GoOn(u8),
    FirstIssue,
    Reissue,
    Nothing,
    NothingWithoutCodes,
}

impl NextStep {
    fn of(overview: &TwoFactorOverview) -> Self {
        match (&overview.enabled_at, &overview.sheet) {
            (None, _) => NextStep::SetUp,
            _ if let Some(number) = overview.signed_in_with => NextStep::GoOn(number),
            (Some(_), None) if overview.issues_codes => NextStep::FirstIssue,
            (Some(_), Some(sheet)) if sheet.left() <= LOW && overview.issues_codes => NextStep::Reissue,
            (Some(_), Some(_)) => NextStep::Nothing,
            (Some(_), None) => NextStep::NothingWithoutCodes,
        }
    }
}

async fn dashboard(visit: Visit, me: SignedIn) -> Answer {
    let overview = two_factor_overview(visit.services(), &me).await?;
    let next = NextStep::of(&overview);
    let waiting = release_requests::waiting(visit.services(), &me).await?;
    answer::page(&DashboardPage { page: Page::of(&visit), name: me.name().to_owned(), overview, next, waiting })
}
