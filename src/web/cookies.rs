//! The cookies beside the session's: what they are called, what they may, and what a request brought.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::ServiceRequest;
use actix_web::http::header;

/// The value of a cookie that a request brought. Others beside it may be anything.
pub(super) fn value_of(req: &ServiceRequest, name: &str) -> Option<String> {
    let mut pairs = req
        .headers()
        .get_all(header::COOKIE)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| Cookie::parse(pair.trim()).ok());
    pairs.find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
}

/// A cookie for all our pages, closed to script and to other sites (SC-32).
pub(super) fn cookie(name: &'static str, value: String, lasts: Duration, secure: bool) -> Cookie<'static> {
    Cookie::build(name, value).path("/").http_only(true).secure(secure).same_site(SameSite::Lax).max_age(lasts).finish()
}
