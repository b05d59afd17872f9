//! A flood of sign-ins: what would find the queue of the slow hashes full is told so at the door,
//! before anything is spent on it, for that would be taken from the hashes (SC-27).

use std::collections::HashMap;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{ContentType, RETRY_AFTER};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use actix_web::{Error, HttpMessage, HttpResponse, web};
use askama::Template;

use super::error::{ErrorPage, Problem};
use super::language::Wishes;
use super::page::Page;
use super::{WebState, csrf, headers, url};
use crate::domain::language::Language;
use crate::fault::Fault;
use crate::i18n::Words;

const STATUS: StatusCode = StatusCode::SERVICE_UNAVAILABLE;

/// The page in each language, the same for everybody: making it would be the dearest part of the answer.
static PAGES: LazyLock<HashMap<Language, Bytes>> = LazyLock::new(|| {
    let busy = Problem::Fault(Fault::Busy { retry_after: Duration::ZERO });
    let page = |language| ErrorPage::new(Page::bare(Words::of(language)), STATUS, Some(&busy)).render();
    Language::ALL.map(|language| (language, page(language).unwrap_or_default().into())).into()
});

/// Middleware: answers a sign-in for which there is no room. It stands outside the log of requests, which a
/// flood would fill; the gate says there once a minute that its queue is full, and each answer is counted.
/// Whoever has proven a password already is heard in any case, and refused by the gate itself if need be.
///
/// # Errors
/// Those of the inner service.
pub async fn shed(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let began = Instant::now();
    let Some((retry_after, state)) = no_room(&req) else { return Ok(next.call(req).await?.map_into_boxed_body()) };
    // Read to its end, so that the connection can be used again and the sender hears the answer.
    // What is wrong with it is said when there is room.
    let _ = csrf::read_body(req.take_payload()).await;
    let page = PAGES.get(&Wishes::of(&req).settle(None)).cloned().unwrap_or_default();
    let mut answer = HttpResponse::build(STATUS);
    answer.insert_header(ContentType::html()).insert_header((RETRY_AFTER, retry_after.as_secs().max(1)));
    let mut answer = answer.body(page);
    headers::set(answer.headers_mut(), state.is_https());
    state.requests.count("POST", url::LOGIN.to_owned(), STATUS.as_u16(), began);
    Ok(req.into_response(answer))
}

/// When to come back, where there is no room for what is asked.
fn no_room(req: &ServiceRequest) -> Option<(Duration, web::Data<WebState>)> {
    if req.method() != Method::POST || req.path() != url::LOGIN {
        return None;
    }
    let state = req.app_data::<web::Data<WebState>>()?;
    match state.services.gate.expect_room() {
        Err(Fault::Busy { retry_after }) => Some((retry_after, state.clone())),
        _ => None,
    }
}
