//! A flood of sign-ins: what would find the queue of the slow hashes full is told so at the door,
//! before anything is spent on it, for that would be taken from the hashes (SC-27).

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, web};

use super::error::{self, Problem};
use super::{WebState, csrf, url};

/// Middleware: answers a sign-in for which there is no room. Whoever has proven a password already is
/// heard in any case, and refused by the gate itself if need be.
///
/// # Errors
/// Those of the inner service.
pub async fn shed(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let room = match req.app_data::<web::Data<WebState>>() {
        Some(state) if req.method() == Method::POST && req.path() == url::LOGIN => state.services.gate.expect_room(),
        _ => Ok(()),
    };
    let Err(busy) = room else { return Ok(next.call(req).await?.map_into_boxed_body()) };
    // Read to its end, so that the connection can be used again and the sender hears the answer.
    // What is wrong with it is said when there is room.
    let _ = csrf::read_body(req.take_payload()).await;
    let answer = error::without_session(&req, &Problem::Fault(busy));
    Ok(req.into_response(answer))
}
