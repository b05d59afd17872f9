//! The link by which a member cancels the own request to the administrators (SC-56).

use actix_web::http::StatusCode;
use actix_web::web::{Path, ServiceConfig, resource};
use askama::Template;

use super::answer::{self, Answer};
use super::form::{Form, NoFields};
use super::guard::Visit;
use super::page::Page;
use super::{get, post, url};
use crate::domain::link::LinkToken;
use crate::service::end_release_request::{self, CancelLink, CancelRequest};

/// `/release-request-cancel/…`
pub fn routes(config: &mut ServiceConfig) {
    config.service(resource(url::RELEASE_REQUEST_CANCEL_LINK).route(get().to(show)).route(post().to(submit)));
}

#[derive(Template)]
#[template(path = "pages/release_request/cancel.html")]
pub(super) struct CancelPage {
    pub page: Page,
    pub link: CancelLink,
}

#[derive(Template)]
#[template(path = "pages/release_request/cancelled.html")]
pub(super) struct CancelledPage {
    pub page: Page,
}

#[derive(Template)]
#[template(path = "pages/release_request/dead.html")]
pub(super) struct DeadPage {
    pub page: Page,
}

fn dead(visit: &Visit) -> Answer {
    answer::with_status(&DeadPage { page: Page::of(visit) }, StatusCode::GONE, None)
}

/// `GET /release-request-cancel/{token}`: changes nothing, for mail scanners follow links too
/// (SC-49).
async fn show(visit: Visit, token: Path<String>) -> Answer {
    let Some(token) = LinkToken::parse(&token) else { return dead(&visit) };
    match end_release_request::inspect_cancel(visit.services(), &token).await? {
        Some(link) => answer::page(&CancelPage { page: Page::of(&visit), link }),
        None => dead(&visit),
    }
}

/// `POST /release-request-cancel/{token}`: whoever holds the mail may stop a request.
async fn submit(visit: Visit, token: Path<String>, _form: Form<NoFields>) -> Answer {
    let Some(token) = LinkToken::parse(&token) else { return dead(&visit) };
    match end_release_request::cancel(visit.services(), &token, &visit.client).await? {
        CancelRequest::Cancelled => answer::page(&CancelledPage { page: Page::of(&visit) }),
        CancelRequest::LinkDead => dead(&visit),
    }
}
