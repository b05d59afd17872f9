//! The product in a real Chromium: the whole story of a lost phone, and what only a browser shows.

#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "shared with the suite over HTTP, which uses the rest")]
mod support;

mod after_an_error;
mod by_keyboard;
mod chromium;
mod codes_page;
mod keyboard;
mod release_request;
mod story;
mod without_script;
