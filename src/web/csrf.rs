//! The check of every form (SC-38): where it comes from, how large it is, what it is, and the
//! token that only a page of this very session can hold.

use std::rc::Rc;
use std::time::Duration;

use actix_session::SessionExt;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{HeaderMap, ORIGIN};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{Error, HttpMessage, rt, web};
use futures_util::StreamExt;
use subtle::ConstantTimeEq;
use tokio::time::timeout;

use super::error::Problem;
use super::form::{self, Fields};
use super::{WebState, browser_session, url};

/// The field that carries the token.
pub const FIELD: &str = "csrf_token";
/// The largest body that is read.
const MAX_BODY_BYTES: usize = 64 * 1024;
/// How much of a body that is too large is thrown away, so that the answer still arrives.
const MAX_DRAINED_BYTES: usize = 16 * 1024 * 1024;
/// How long a body may take to arrive: a form is small, and a sender that drips holds a connection.
const BODY_WITHIN: Duration = Duration::from_secs(15);
const FORM: &str = "application/x-www-form-urlencoded";
const SEC_FETCH_SITE: &str = "sec-fetch-site";

/// Middleware: lets safe methods pass, and forms that prove where they come from.
///
/// # Errors
/// Those of the inner service.
pub async fn check(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if !req.method().is_safe() {
        match admit(&mut req).await {
            Ok(fields) => {
                req.extensions_mut().insert(Rc::new(fields));
            }
            Err(problem) => return Ok(req.error_response(problem)),
        }
    }
    if req.method().is_safe() {
        return Ok(next.call(req).await?.map_into_boxed_body());
    }
    // What has begun is finished, even when the sender hangs up: otherwise a guess could be
    // hashed and never counted (SC-27).
    match rt::spawn(async move { next.call(req).await }).await {
        Ok(answer) => Ok(answer?.map_into_boxed_body()),
        Err(ended) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
        Err(_) => Err(Problem::Misconfigured.into()),
    }
}

async fn admit(req: &mut ServiceRequest) -> Result<Fields, Problem> {
    if req.method() != Method::POST {
        return Err(Problem::MethodNotAllowed);
    }
    let body = read_body(req.take_payload()).await?;
    if !req.content_type().eq_ignore_ascii_case(FORM) {
        return Err(Problem::MediaType);
    }
    let state = req.app_data::<web::Data<WebState>>().ok_or(Problem::Misconfigured)?;
    if !from_here(req.headers(), &state.base_url.origin().ascii_serialization()) {
        return Err(Problem::CrossSite);
    }
    let mut fields = form::parse(&body).ok_or(Problem::BadRequest)?;
    let mut tokens = Vec::new();
    fields.retain(|(name, value)| {
        let is_token = name == FIELD;
        if is_token {
            tokens.push(value.clone());
        }
        !is_token
    });
    let expired = || Problem::FormExpired { back: url::shown_at(req.path()).to_owned() };
    let token = match tokens.as_slice() {
        [] => return Err(expired()),
        [token] => token,
        _ => return Err(Problem::BadRequest),
    };
    let expected = browser_session::known_csrf_token(&req.get_session()).ok_or_else(expired)?;
    if !bool::from(token.as_bytes().ct_eq(expected.as_bytes())) {
        return Err(expired());
    }
    req.set_payload(Payload::from(body));
    Ok(Fields(fields))
}

/// The body of a form, if it is no longer than a form may be and arrives in time.
pub(super) async fn read_body(payload: Payload) -> Result<Bytes, Problem> {
    timeout(BODY_WITHIN, read_all(payload)).await.map_err(|_| Problem::TooSlow)?
}

async fn read_all(mut payload: Payload) -> Result<Bytes, Problem> {
    let (mut body, mut seen) = (BytesMut::new(), 0_usize);
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Problem::BadRequest)?;
        seen += chunk.len();
        if seen > MAX_DRAINED_BYTES {
            return Err(Problem::TooLarge);
        }
        if seen <= MAX_BODY_BYTES {
            body.extend_from_slice(&chunk);
        }
    }
    if seen > MAX_BODY_BYTES { Err(Problem::TooLarge) } else { Ok(body.freeze()) }
}

/// Whether the browser says that the form comes from a page of ours. Under `Referrer-Policy:
/// no-referrer` browsers send `Origin: null` with our own forms too, which therefore says
/// nothing; then `Sec-Fetch-Site` decides, and without either the token alone.
fn from_here(headers: &HeaderMap, own: &str) -> bool {
    let all = |name: &str, accepted: &dyn Fn(&str) -> bool| {
        headers.get_all(name).all(|value| value.to_str().is_ok_and(accepted))
    };
    all(SEC_FETCH_SITE, &|site| matches!(site, "same-origin" | "none"))
        && all(ORIGIN.as_str(), &|origin| origin == own || origin == "null")
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    fn accepted(headers: &[(&'static str, &'static str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        from_here(&map, "https://hikae.example")
    }

    #[test]
    fn forms_of_other_sites_are_refused() {
        assert!(accepted(&[]));
        assert!(accepted(&[("origin", "https://hikae.example"), ("sec-fetch-site", "same-origin")]));
        assert!(accepted(&[("origin", "null"), ("sec-fetch-site", "same-origin")]));
        assert!(!accepted(&[("origin", "null"), ("sec-fetch-site", "cross-site")]));
        assert!(!accepted(&[("sec-fetch-site", "same-site")]));
        assert!(!accepted(&[("origin", "https://evil.example")]));
        assert!(!accepted(&[("origin", "http://hikae.example")]));
        assert!(!accepted(&[("origin", "https://hikae.example"), ("origin", "https://evil.example")]));
    }
}
