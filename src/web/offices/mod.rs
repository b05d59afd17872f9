//! 事業所管理: what administrators see and do in their office. Every handler here takes
//! [`OfficeAdmin`], so that an office is a 404 for everybody else.

pub(super) mod activity;
mod invitations;
mod member;
mod members;
mod release_requests;
mod two_factor;

pub(super) use invitations::{InvitationsPage, InviteForm};
pub(super) use member::MemberPage;
pub(super) use members::MembersPage;
pub(super) use release_requests::{RequestPage, RequestsPage};
pub(super) use two_factor::TwoFactorPage;

use actix_web::web::{ServiceConfig, resource};

use super::answer::{Answer, see_other};
use super::{get, post, url};
use crate::service::access::OfficeAdmin;

/// `/offices/…`
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(url::OFFICE).route(get().to(first_page)))
        .service(resource(url::RELEASE_REQUESTS).route(get().to(release_requests::list)))
        .service(resource(url::RELEASE_REQUEST).route(get().to(release_requests::show)))
        .service(resource(url::RELEASE_REQUEST_APPROVE).route(post().to(release_requests::approve)))
        .service(resource(url::RELEASE_REQUEST_DECLINE).route(post().to(release_requests::decline)))
        .service(resource(url::MEMBERS).route(get().to(members::show)))
        .service(resource(url::MEMBER).route(get().to(member::show)))
        .service(resource(url::MEMBER_ROLE).route(post().to(member::change)))
        .service(resource(url::MEMBER_REMOVE).route(post().to(member::remove)))
        .service(resource(url::OFFICE_ACTIVITY).route(get().to(activity::show)))
        .service(resource(url::OFFICE_ACTIVITY_CSV).route(post().to(activity::download)))
        .service(resource(url::INVITATIONS).route(get().to(invitations::show)).route(post().to(invitations::submit)))
        .service(resource(url::INVITATION_RESEND).route(post().to(invitations::resend)))
        .service(resource(url::INVITATION_REVOKE).route(post().to(invitations::revoke)))
        .service(
            resource(url::OFFICE_TWO_FACTOR).route(get().to(two_factor::show)).route(post().to(two_factor::require)),
        )
        .service(resource(url::OFFICE_TWO_FACTOR_LIFT).route(post().to(two_factor::lift)));
}

/// `GET /offices/{office}`: to its members.
async fn first_page(admin: OfficeAdmin) -> Answer {
    Ok(see_other(&url::of(url::MEMBERS, admin.office())))
}
