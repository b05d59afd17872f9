//! 事業所管理: what administrators see and do in their office. Every handler here takes
//! [`OfficeAdmin`], so that an office is a 404 for everybody else.

use actix_web::web::{ServiceConfig, resource};

use super::answer::{Answer, see_other};
use super::{get, url};
use crate::service::access::OfficeAdmin;

/// `/offices/…`
pub fn routes(config: &mut ServiceConfig) {
    config.service(resource(url::OFFICE).route(get().to(first_page)));
}

/// `GET /offices/{office}`: to its members.
async fn first_page(admin: OfficeAdmin) -> Answer {
    Ok(see_other(&url::of(url::MEMBERS, admin.office())))
}
