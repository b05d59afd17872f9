//! Answers of handlers: a page, a redirect after a form, a refusal with the time to wait.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{ContentType, LOCATION, RETRY_AFTER};
use askama::Template;

use super::error::Problem;
use crate::fault::Fault;

/// What a handler gives: an answer, or a problem that becomes an error page.
pub type Answer = Result<HttpResponse, Problem>;

/// A page with status 200.
///
/// # Errors
/// A fault when the template cannot be rendered.
pub fn page(template: &impl Template) -> Answer {
    with_status(template, StatusCode::OK, None)
}

/// A page with a form that was refused: 422, shown again.
///
/// # Errors
/// A fault when the template cannot be rendered.
pub fn unprocessable(template: &impl Template) -> Answer {
    with_status(template, StatusCode::UNPROCESSABLE_ENTITY, None)
}

/// A page with any status, and after how many seconds to come back.
///
/// # Errors
/// A fault when the template cannot be rendered.
pub fn with_status(template: &impl Template, status: StatusCode, retry_after: Option<i64>) -> Answer {
    let body = template.render().map_err(|error| Fault::Other(format!("template: {error}")))?;
    let mut answer = HttpResponse::build(status);
    answer.insert_header(ContentType::html());
    if let Some(seconds) = retry_after {
        answer.insert_header((RETRY_AFTER, seconds.max(1)));
    }
    Ok(answer.body(body))
}

/// 303 to a path of ours.
pub fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, path)).finish()
}
