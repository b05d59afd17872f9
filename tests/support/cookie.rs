//! What stands in the portal's cookie, for who bends and replays it.

use std::collections::HashMap;

use actix_web::cookie::{Cookie, CookieJar, Key};
use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;

use super::browser::Browser;

/// The signature on every cookie is made with a constant that everybody can read, and proves
/// nothing; an attacker makes it anew.
const SIGNATURE: &[u8] = b"hikae: the session key itself is the secret, not this signature";

#[derive(Deserialize)]
struct Content {
    state: HashMap<String, String>,
}

/// What the cookie says below its signature.
///
/// # Panics
/// When there is none.
pub fn content(browser: &Browser) -> String {
    let (name, value) = browser.session_cookie().expect("a cookie");
    let mut jar = CookieJar::new();
    jar.add_original(Cookie::parse_encoded(format!("{name}={value}")).expect("a cookie").into_owned());
    jar.signed(&Key::derive_from(SIGNATURE)).get(&name).expect("the known signature").value().to_owned()
}

/// The key of the sign-in that this browser belongs to.
///
/// # Panics
/// When it belongs to none.
pub fn session_key(browser: &Browser) -> String {
    let content = content(browser);
    let text = content.split('.').nth(1).expect("a text");
    let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).expect("base64");
    let Content { state } = serde_json::from_slice(&bytes).expect("JSON");
    serde_json::from_str(&state["session"]).expect("a key")
}

/// Puts other content into the cookie, signed like all.
///
/// # Panics
/// When there is no cookie whose name could be taken.
pub fn forge(browser: &Browser, content: &str) {
    let (name, _) = browser.session_cookie().expect("a cookie");
    let mut jar = CookieJar::new();
    jar.signed_mut(&Key::derive_from(SIGNATURE)).add(Cookie::new(name.clone(), content.to_owned()));
    let cookie = jar.get(&name).expect("just put there").encoded().to_string();
    let (_, value) = cookie.split_once('=').expect("a value");
    browser.plant_cookies([(name, value.to_owned())].into());
}
