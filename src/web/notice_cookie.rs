//! The message for the next page, in a cookie of its own: from the answer that leaves it to the page
//! that shows it. In the session's cookie it would take along the values of when the request came,
//! and an answer that comes late would undo a sign-in or a fresh proof made meanwhile.

use std::cell::Cell;
use std::rc::Rc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::cookie::Cookie;
use actix_web::cookie::time::Duration;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, web};
use data_encoding::BASE64URL_NOPAD;

use super::error::Problem;
use super::notice::Notice;
use super::{WebState, cookies};

/// How long a message waits for a page.
const WAITS: Duration = Duration::minutes(10);

/// The message of one request: what it brought, until something else is left. It is not signed: whoever
/// makes one up is shown one of our own sentences, in their own browser.
#[derive(Clone, Default)]
pub struct Notices(Rc<Cell<State>>);

#[derive(Clone, Copy, Default)]
struct State {
    waiting: Option<Notice>,
    /// Whether the browser has to hear of it.
    is_changed: bool,
}

impl Notices {
    /// What a request brought.
    pub fn of(req: &ServiceRequest, secure: bool) -> Self {
        Self::brought(cookies::value_of(req, name(secure)).as_deref())
    }

    fn brought(value: Option<&str>) -> Self {
        let waiting = value.and_then(parse);
        // What cannot be read goes.
        Self(Rc::new(Cell::new(State { waiting, is_changed: value.is_some() && waiting.is_none() })))
    }

    /// Leaves a message for the next page, in place of the one that waits.
    pub fn tell(&self, notice: Notice) {
        self.0.set(State { waiting: Some(notice), is_changed: true });
    }

    /// Takes the message for this page.
    pub fn take(&self) -> Option<Notice> {
        let notice = self.0.get().waiting?;
        self.0.set(State { waiting: None, is_changed: true });
        Some(notice)
    }

    fn for_browser(&self, secure: bool) -> Option<Cookie<'static>> {
        let State { waiting, is_changed: true } = self.0.get() else { return None };
        let (value, lasts) = waiting.map_or_else(|| (String::new(), Duration::ZERO), |notice| (written(notice), WAITS));
        Some(cookies::cookie(name(secure), value, lasts, secure))
    }
}

const fn name(secure: bool) -> &'static str {
    if secure { "__Host-hikae-notice" } else { "hikae-notice" }
}

fn written(notice: Notice) -> String {
    BASE64URL_NOPAD.encode(&serde_json::to_vec(&notice).unwrap_or_default())
}

fn parse(value: &str) -> Option<Notice> {
    serde_json::from_slice(&BASE64URL_NOPAD.decode(value.as_bytes()).ok()?).ok()
}

/// Middleware: hands the message to the request, and what has become of it to the browser.
///
/// # Errors
/// Those of the inner service.
pub async fn carry(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let secure = req.app_data::<web::Data<WebState>>().ok_or(Problem::Misconfigured)?.is_https();
    let notices = Notices::of(&req, secure);
    req.extensions_mut().insert(notices.clone());
    let mut res = next.call(req).await?.map_into_boxed_body();
    if let Some(cookie) = notices.for_browser(secure) {
        res.response_mut().add_cookie(&cookie)?;
    }
    Ok(res)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_comes_back_as_it_was_left() {
        for notice in Notice::ALL {
            let left = Notices::default();
            left.tell(*notice);
            let cookie = left.for_browser(true).unwrap();
            let next = Notices::brought(Some(cookie.value()));
            assert!(next.for_browser(true).is_none(), "nothing has changed yet");
            assert_eq!(next.take(), Some(*notice));
            assert_eq!(next.take(), None);
            assert_eq!(next.for_browser(true).unwrap().max_age(), Some(Duration::ZERO));
        }
        assert!(Notices::brought(None).for_browser(true).is_none());
    }

    #[test]
    fn what_is_no_message_says_nothing_and_goes() {
        let encoded = |text: &str| BASE64URL_NOPAD.encode(text.as_bytes());
        for value in ["", "%", "\"SignInOver\"", &encoded("\"Nothing\""), &encoded("{}"), &encoded(&"[".repeat(3_000))]
        {
            let notices = Notices::brought(Some(value));
            assert_eq!(notices.take(), None, "{value}");
            assert!(notices.for_browser(false).is_some_and(|cookie| cookie.value().is_empty()), "{value}");
        }
    }
}
