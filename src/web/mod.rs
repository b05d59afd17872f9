//! HTTP: parse, one call of a service, render. The middleware, from the outside in: the hold on the
//! body of the request, the shedding of sign-ins beyond what can be hashed, the log of the request,
//! its measure, the shell (panics, headers), the browser's session, the notice for the next page,
//! error pages, who is asking, and the check of every form.

pub mod account;
pub mod answer;
pub mod assets;
pub mod browser_session;
pub mod client;
mod cookies;
pub mod csrf;
pub mod error;
pub mod errors_in_form;
pub mod form;
pub mod guard;
pub mod headers;
pub mod health;
pub mod help;
pub mod invitations;
pub mod language;
mod load_shedding;
pub mod login;
pub mod metrics;
pub mod notice;
pub mod notice_cookie;
pub mod offices;
pub mod page;
pub mod password_reset;
pub mod release_request;
pub mod request_log;
pub mod samples;
pub mod session_store;
pub mod setup;
pub mod two_factor;
mod unread;
pub mod url;

use actix_session::SessionMiddleware;
use actix_session::config::CookieContentSecurity;
use actix_web::body::MessageBody;
use actix_web::cookie::{Key, SameSite};
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::guard as method;
use actix_web::middleware::from_fn;
use actix_web::{App, Route, web};
use ipnet::IpNet;
use tracing_actix_web::TracingLogger;

use crate::service::Services;

/// What every request can reach.
#[derive(Clone)]
pub struct WebState {
    pub services: Services,
    /// Where people reach this installation; links and origin checks come from here, never from
    /// a `Host` header (SC-50).
    pub base_url: ::url::Url,
    /// Whom to ask when no administrator can help, as the operator words it.
    pub contact: Option<String>,
    pub trusted_proxies: Vec<IpNet>,
    /// What monitoring may know of the requests.
    pub requests: metrics::Requests,
}

impl WebState {
    /// Whether people reach us over TLS.
    pub fn is_https(&self) -> bool {
        self.base_url.scheme() == "https"
    }
}

/// The application with all its middleware. `extra` adds routes of its own behind the same
/// middleware.
pub fn app(
    state: web::Data<WebState>,
    extra: fn(&mut web::ServiceConfig),
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    let pages = web::scope("")
        .configure(extra)
        .configure(login::routes)
        .configure(password_reset::routes)
        .configure(account::routes)
        .configure(two_factor::routes)
        .configure(offices::routes)
        .configure(release_request::routes)
        .configure(invitations::routes)
        .configure(setup::routes)
        .configure(help::routes)
        .route(url::HOME, get().to(account::home))
        .route(url::LANGUAGE, post().to(language::switch))
        .default_service(web::to(error::not_found))
        .wrap(from_fn(csrf::check))
        .wrap(from_fn(guard::recognise))
        .wrap(from_fn(error::pages))
        .wrap(from_fn(notice_cookie::carry))
        .wrap(session_middleware(&state));
    App::new()
        .app_data(state)
        .service(web::scope("/assets").configure(assets::routes).wrap(from_fn(error::pages)))
        .route(url::HEALTHZ, get().to(health::alive))
        .route(url::READYZ, get().to(health::ready))
        .service(pages)
        .wrap(from_fn(error::shell))
        .wrap(from_fn(metrics::measure))
        .wrap(TracingLogger::<request_log::RequestSpan>::new())
        .wrap(from_fn(load_shedding::shed))
        .wrap(from_fn(unread::hold))
}

/// A route for pages: GET, and HEAD with it.
pub fn get() -> Route {
    web::route().guard(method::Any(method::Get()).or(method::Head()))
}

/// A route for forms.
pub fn post() -> Route {
    web::post()
}

/// The browser's session, in a cookie (SC-32).
fn session_middleware(state: &web::Data<WebState>) -> SessionMiddleware<session_store::CookieSessions> {
    // What the store writes stands under a keyed hash already. A signature on top would prove nothing
    // more, but the middleware wants to make one; a constant serves, and every node has the same.
    let signature = Key::derive_from(b"hikae: the session key itself is the secret, not this signature");
    let secure = state.is_https();
    let name = if secure { "__Host-hikae" } else { "hikae" };
    SessionMiddleware::builder(session_store::CookieSessions::new(&state.services), signature)
        .cookie_name(name.to_owned())
        .cookie_secure(secure)
        .cookie_http_only(true)
        .cookie_same_site(SameSite::Lax)
        .cookie_path("/".to_owned())
        .cookie_content_security(CookieContentSecurity::Signed)
        .build()
}
