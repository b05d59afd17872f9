//! 方法A: a link to one's own address that, with the password, switches two-factor
//! authentication off; and the link that cancels it.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;
use serde::Deserialize;

use super::overview;
use super::refusal::Refused;
use crate::domain::link::LinkToken;
use crate::domain::password::Password;
use crate::service::access::SignedIn;
use crate::service::release_own_two_factor::{self, CancelRelease, Release, ReleaseLink, RequestRelease};
use crate::web::answer::{self, Answer, see_other};
use crate::web::errors_in_form::Errors;
use crate::web::form::{Form, NoFields};
use crate::web::guard::Visit;
use crate::web::notice::Notice;
use crate::web::page::Page;
use crate::web::url;

/// `POST /account/two-factor/release`
pub(super) async fn request(visit: Visit, me: SignedIn, _form: Form<NoFields>) -> Answer {
    let notice = match release_own_two_factor::request(visit.services(), &me, &visit.client).await? {
        RequestRelease::Sent => Notice::ReleaseSent,
        RequestRelease::NotOn => Notice::NotOn,
        RequestRelease::BlockedUntil(until) => {
            let page = Page::of_error(&visit);
            let text = page.words.two_factor.release_blocked(&page.moment(&until));
            return overview(&visit, &me, Some(Refused::unprocessable(Errors::of_form("release", text)))).await;
        }
        RequestRelease::Wait(until) => {
            let refused = Refused::mail_wait(&Page::of_error(&visit), "release", visit.now(), until);
            return overview(&visit, &me, Some(refused)).await;
        }
    };
    visit.tell(notice);
    Ok(see_other(url::TWO_FACTOR))
}

#[derive(Template)]
#[template(path = "pages/two_factor/release.html")]
pub(crate) struct ReleasePage {
    pub page: Page,
    pub link: ReleaseLink,
    pub errors: Errors,
}

#[derive(Template)]
#[template(path = "pages/two_factor/release_cancel.html")]
pub(crate) struct CancelPage {
    pub page: Page,
    pub link: ReleaseLink,
}

#[derive(Template)]
#[template(path = "pages/two_factor/release_cancelled.html")]
pub(crate) struct CancelledPage {
    pub page: Page,
}

#[derive(Template)]
#[template(path = "pages/two_factor/release_dead.html")]
pub(crate) struct DeadPage {
    pub page: Page,
}

#[derive(Template)]
#[template(path = "pages/two_factor/release_other.html")]
pub(crate) struct OtherPage {
    pub page: Page,
}

fn dead(visit: &Visit) -> Answer {
    answer::with_status(&DeadPage { page: Page::of(visit) }, StatusCode::GONE, None)
}

/// The link is of another account than the one signed in here: offers signing out, nothing else
/// (SC-54).
fn other(visit: &Visit) -> Answer {
    answer::with_status(&OtherPage { page: Page::of(visit) }, StatusCode::FORBIDDEN, None)
}

fn is_other(visit: &Visit, link: &ReleaseLink) -> bool {
    visit.reader.user().is_some_and(|viewer| viewer != link.user)
}

/// `GET /two-factor-release/{token}`: changes nothing, for mail scanners follow links too.
pub(super) async fn show(visit: Visit, token: Path<String>) -> Answer {
    let Some(token) = LinkToken::parse(&token) else { return dead(&visit) };
    match release_own_two_factor::inspect(visit.services(), &token).await? {
        None => dead(&visit),
        Some(link) if is_other(&visit, &link) => other(&visit),
        Some(link) => answer::page(&ReleasePage { page: Page::of(&visit), link, errors: Errors::none() }),
    }
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ReleaseForm {
    password: String,
}

/// `POST /two-factor-release/{token}`
pub(super) async fn submit(visit: Visit, token: Path<String>, form: Form<ReleaseForm>) -> Answer {
    let Some(token) = LinkToken::parse(&token) else { return dead(&visit) };
    let Some(link) = release_own_two_factor::inspect(visit.services(), &token).await? else { return dead(&visit) };
    if is_other(&visit, &link) {
        return other(&visit);
    }
    let page = Page::of_error(&visit);
    let words = &page.words.common;
    let refused = if form.password.is_empty() {
        Refused::unprocessable(Errors::of("password", words.password_missing))
    } else {
        let (password, viewer) = (Password::typed(&form.password), visit.reader.user());
        match release_own_two_factor::release(visit.services(), &token, password, viewer, &visit.client).await? {
            Release::Released => {
                // Every sign-in of the member has ended, this browser's too (SC-34, SC-55).
                visit.tell(Notice::Released);
                // The way leads on to setting up anew.
                return Ok(see_other(&url::with_next(url::LOGIN, Some(url::TWO_FACTOR))));
            }
            Release::WrongPassword => Refused::unprocessable(Errors::of("password", words.password_wrong)),
            Release::Wait(until) => Refused::wait(&page, "password", visit.now(), until),
            Release::LinkDead => return dead(&visit),
            Release::OtherMember => return other(&visit),
        }
    };
    let page = ReleasePage { page: Page::of(&visit), link, errors: refused.errors };
    answer::with_status(&page, refused.status, refused.retry_after)
}

/// `GET /two-factor-release-cancel/{token}`
pub(super) async fn show_cancel(visit: Visit, token: Path<String>) -> Answer {
    let Some(token) = LinkToken::parse(&token) else { return dead(&visit) };
    match release_own_two_factor::inspect_cancel(visit.services(), &token).await? {
        Some(link) => answer::page(&CancelPage { page: Page::of(&visit), link }),
        None => dead(&visit),
    }
}

/// `POST /two-factor-release-cancel/{token}`: whoever holds the mail may stop a release.
pub(super) async fn submit_cancel(visit: Visit, token: Path<String>, _form: Form<NoFields>) -> Answer {
    let Some(token) = LinkToken::parse(&token) else { return dead(&visit) };
    match release_own_two_factor::cancel(visit.services(), &token, &visit.client).await? {
        CancelRelease::Cancelled => answer::page(&CancelledPage { page: Page::of(&visit) }),
        CancelRelease::LinkDead => dead(&visit),
    }
}
