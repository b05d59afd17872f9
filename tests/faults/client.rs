//! A browser whose server may be killed at any moment: what never came whole is [`Lost`], and then
//! nobody knows whether it was done.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use reqwest::Method;

use crate::support::browser::{Browser, Request};
use crate::support::page::{Form, Page};

/// An answer that never came whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost;

/// What came back, or that nothing did.
pub type Heard = Result<Page, Lost>;

/// How many answers have come whole.
pub static ANSWERS: AtomicU64 = AtomicU64::new(0);

/// Opens a page.
pub async fn get(browser: &Browser, path: &str) -> Heard {
    heard(path, || browser.request(Method::GET, path).header("sec-fetch-site", "none")).await
}

/// Sends a form as the page has it. «Temporarily unavailable» leaves open what has happened: the
/// database may have been lost with its answer.
pub async fn submit(browser: &Browser, form: &Form) -> Heard {
    let page = heard(&form.action, || browser.own(Method::POST, &form.action).form(&form.fields)).await?;
    if page.status == 503 { Err(Lost) } else { Ok(page) }
}

/// Waits for a program that is not there, and then for its answer. A program that is killed answers
/// or does not; it never answers with a fault.
async fn heard(path: &str, request: impl Fn() -> Request) -> Heard {
    loop {
        match request().try_send().await {
            Ok(page) => {
                ANSWERS.fetch_add(1, Ordering::Relaxed);
                assert!(page.status != 500, "{path} ended in a fault: {}", page.text());
                return Ok(page);
            }
            Err(error) if error.is_connect() => tokio::time::sleep(Duration::from_millis(10)).await,
            Err(_) => return Err(Lost),
        }
    }
}

/// Opens a page and sends the form with this button, with these fields filled in. Where the page is
/// another one, for the browser is no longer signed in, that page comes back.
pub async fn fill(browser: &Browser, path: &str, button: &str, fields: &[(&str, &str)]) -> Heard {
    let page = get(browser, path).await?;
    if page.status != 200 || !page.has_form(button) {
        return Ok(page);
    }
    let form = fields.iter().fold(page.form(button), |form, (name, value)| form.fill(name, value));
    submit(browser, &form).await
}
