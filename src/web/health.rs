//! Answers for those who watch over the installation. They touch no session and no hash, so
//! they stay fast during a flood (SC-27).

use actix_web::{HttpResponse, web};

use super::WebState;

/// `GET /healthz`: the process answers.
pub async fn alive() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok")
}

/// `GET /readyz`: the database answers.
pub async fn ready(state: web::Data<WebState>) -> HttpResponse {
    match state.services.db.ping().await {
        Ok(()) => HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok"),
        Err(fault) => {
            tracing::error!(%fault, "not ready");
            HttpResponse::ServiceUnavailable().content_type("text/plain; charset=utf-8").body("database unavailable")
        }
    }
}
