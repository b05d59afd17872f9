//! Answers for those who watch over the installation. They touch no session and no hash, so
//! they stay fast during a flood (SC-27).

use std::time::Duration;

use actix_web::{HttpResponse, web};
use tokio::time::timeout;

use super::WebState;
use crate::fault::Fault;
use crate::service::open_keys::keys_fit;

/// Whoever asks whether to send people here does not wait long for the answer.
const READY_WITHIN: Duration = Duration::from_secs(2);

/// `GET /healthz`: the process answers.
pub async fn alive() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok")
}

/// `GET /readyz`: the database answers and, where a write has failed, takes writes again, and this
/// node holds every key that is in use.
pub async fn ready(state: web::Data<WebState>) -> HttpResponse {
    let fit = timeout(READY_WITHIN, keys_fit(&state.services)).await;
    match fit.unwrap_or_else(|_| Err(Fault::NoConnection("no answer in time".to_owned()))) {
        Ok(true) => HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok"),
        Ok(false) => {
            tracing::error!("not ready: the key file lacks a key that is in use");
            HttpResponse::ServiceUnavailable().content_type("text/plain; charset=utf-8").body("keys missing")
        }
        Err(fault) => {
            tracing::error!(%fault, "not ready");
            HttpResponse::ServiceUnavailable().content_type("text/plain; charset=utf-8").body("database unavailable")
        }
    }
}
