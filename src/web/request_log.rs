//! One line per request: method, route, status, duration, request id. The route is the pattern,
//! for paths may hold the token of a link; no query and no header value is written (SC-10,
//! SC-73).

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::{Error, HttpMessage};
use tracing::Span;
use tracing::field::Empty;
use tracing_actix_web::{RequestId, RootSpanBuilder};

/// Builds the span of a request.
pub struct RequestSpan;

struct Started(Instant);

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let id = request.extensions().get::<RequestId>().copied();
        request.extensions_mut().insert(Started(Instant::now()));
        let route = request.match_pattern().unwrap_or_else(|| "none".to_owned());
        let method = known_method(request.method().as_str());
        let span = tracing::info_span!("request", method, route, status = Empty, ms = Empty, request_id = Empty);
        if let Some(id) = id {
            span.record("request_id", tracing::field::display(id));
        }
        span
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let status = match outcome {
            Ok(response) => {
                if let Some(Started(since)) = response.request().extensions().get::<Started>() {
                    span.record("ms", u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX));
                }
                response.status()
            }
            Err(error) => error.as_response_error().status_code(),
        };
        span.record("status", status.as_u16());
        let _entered = span.entered();
        tracing::info!("answered");
    }
}

/// The methods that may stand in a log line or a label; the client may send any text as a method.
pub(super) fn known_method(method: &str) -> &'static str {
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
        .into_iter()
        .find(|known| *known == method)
        .unwrap_or("other")
}
