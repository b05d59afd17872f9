//! Answers for those who watch over the installation. They touch no session and no hash, so
//! they stay fast during a flood (SC-27).

use actix_web::{HttpResponse, web};

use super::WebState;
use crate::service::open_keys::keys_fit;

/// `GET /healthz`: the process answers.
pub async fn alive() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok")
}

/// `GET /readyz`: the database answers, and this node holds every key that is in use.
pub async fn ready(state: web::Data<WebState>) -> HttpResponse {
    match keys_fit(&state.services).await {
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
