//! A browser-like client: it keeps cookies, follows nothing by itself, sends what browsers send,
//! and submits only forms that stand on a page.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use reqwest::header::{ACCEPT_LANGUAGE, HOST, HeaderMap, HeaderName, HeaderValue, SET_COOKIE, USER_AGENT};
use reqwest::{Method, redirect};
use url::Url;

use super::page::Page;

const DEVICE: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

/// One browser with its cookies. A clone is a window of the same browser.
#[derive(Clone)]
pub struct Browser {
    client: reqwest::Client,
    /// Where the server listens.
    server: String,
    /// What stands in the address bar.
    origin: String,
    host: String,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
    headers: HeaderMap,
    /// Requests that may go without an answer are counted here.
    unanswered: Option<Arc<AtomicUsize>>,
}

/// How often a page is asked for again when no answer came.
const TRIES: usize = 50;

/// A request that a test puts together by hand, as an attacker would.
pub struct Request {
    builder: reqwest::RequestBuilder,
    browser: Browser,
    path: String,
}

impl Browser {
    pub fn new(port: u16, base_url: &Url) -> Self {
        let client = client(32);
        let origin = base_url.origin().ascii_serialization();
        let host = origin.split_once("://").expect("an address with a scheme").1.to_owned();
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("ja,en;q=0.5"));
        headers.insert(USER_AGENT, HeaderValue::from_static(DEVICE));
        let server = format!("http://127.0.0.1:{port}");
        Self { client, server, origin, host, cookies: Arc::default(), headers, unanswered: None }
    }

    /// The same browser with a new connection for every request, so that a balancer has a choice.
    #[must_use]
    pub fn without_keep_alive(mut self) -> Self {
        self.client = client(0);
        self
    }

    /// The same browser where servers come and go: a page is asked for again, a form without an
    /// answer is [`Page::unanswered`]. An answer that breaks off is a fault all the same.
    #[must_use]
    pub fn counting_unanswered(mut self, count: Arc<AtomicUsize>) -> Self {
        self.unanswered = Some(count);
        self
    }

    /// The same browser with one header changed for every request.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a header name");
        self.headers.insert(name, HeaderValue::from_str(value).expect("a header value"));
        self
    }

    /// A browser whose person reads English.
    #[must_use]
    pub fn in_english(self) -> Self {
        self.with_header("accept-language", "en-GB,en;q=0.9")
    }

    /// Opens a page, as by typing its address.
    pub async fn get(&self, path: &str) -> Page {
        let mut page = self.request(Method::GET, path).header("sec-fetch-site", "none").send().await;
        for _ in 1..TRIES {
            if !page.is_unanswered() {
                break;
            }
            page = self.request(Method::GET, path).header("sec-fetch-site", "none").send().await;
        }
        page
    }

    /// Opens where a page sends the browser, until it stays.
    pub async fn follow(&self, page: Page) -> Page {
        let mut page = page;
        for _ in 0..5 {
            let Some(location) = page.location() else { return page };
            page = self.get(&self.local(&location)).await;
        }
        panic!("redirected in circles, last to {:?}", page.location());
    }

    /// The path of an address of ours.
    pub fn local(&self, address: &str) -> String {
        address.strip_prefix(&self.origin).unwrap_or(address).to_owned()
    }

    /// Sends a form as a page of ours does.
    pub async fn submit(&self, path: &str, fields: &[(String, String)]) -> Page {
        self.own(Method::POST, path).form(fields).send().await
    }

    /// A request as a page of ours makes it.
    pub fn own(&self, method: Method, path: &str) -> Request {
        let origin = self.origin.clone();
        self.request(method, path).header("origin", &origin).header("sec-fetch-site", "same-origin")
    }

    /// A request with the cookies and usual headers, and nothing that says where it comes from.
    pub fn request(&self, method: Method, path: &str) -> Request {
        let mut builder = self.client.request(method, format!("{}{path}", self.server)).headers(self.headers.clone());
        if !self.headers.contains_key(HOST) {
            builder = builder.header(HOST, &self.host);
        }
        let cookies: Vec<String> = self.jar().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            builder = builder.header("cookie", cookies.join("; "));
        }
        Request { builder, browser: self.clone(), path: path.to_owned() }
    }

    /// The cookies as they are now, to plant or to replay.
    pub fn cookies(&self) -> BTreeMap<String, String> {
        self.jar().clone()
    }

    /// Puts cookies in place of the own ones.
    pub fn plant_cookies(&self, cookies: BTreeMap<String, String>) {
        *self.jar() = cookies;
    }

    /// The one cookie that carries the session: its name and value.
    pub fn session_cookie(&self) -> Option<(String, String)> {
        self.jar().iter().find(|(name, _)| name.ends_with("hikae")).map(|(name, value)| (name.clone(), value.clone()))
    }

    fn jar(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the cookies of an answer, also of one that comes late.
    pub fn keep_cookies(&self, page: &Page) {
        for cookie in page.headers.get_all(SET_COOKIE) {
            self.keep(cookie.to_str().expect("a cookie in ASCII"));
        }
    }

    fn keep(&self, set_cookie: &str) {
        let mut parts = set_cookie.split(';').map(str::trim);
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { return };
        let ended = parts.any(|part| part.eq_ignore_ascii_case("max-age=0"));
        if ended || value.is_empty() {
            self.jar().remove(name);
        } else {
            self.jar().insert(name.to_owned(), value.to_owned());
        }
    }
}

/// What sends requests, with so many connections kept open between them.
fn client(idle: usize) -> reqwest::Client {
    let client = reqwest::Client::builder().redirect(redirect::Policy::none()).no_proxy();
    client.pool_max_idle_per_host(idle).build().expect("a client")
}

impl Request {
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.builder = self.builder.header(name, value);
        self
    }

    #[must_use]
    pub fn form(mut self, fields: &[(String, String)]) -> Self {
        self.builder = self.builder.form(fields);
        self
    }

    #[must_use]
    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.builder = self.builder.header("content-type", content_type).body(body.into());
        self
    }

    /// Sends it and keeps the cookies of the answer.
    pub async fn send(self) -> Page {
        let (path, unanswered) = (self.path.clone(), self.browser.unanswered.clone());
        match (self.try_send().await, unanswered) {
            (Err(_), Some(count)) => {
                count.fetch_add(1, Ordering::SeqCst);
                Page::unanswered(path)
            }
            (answer, _) => answer.expect("the server answers"),
        }
    }

    /// The same where the server may go away meanwhile: an error is an answer that never came
    /// whole.
    pub async fn try_send(self) -> reqwest::Result<Page> {
        let answer = self.builder.send().await?;
        let page = Page::read(self.path, answer).await?;
        self.browser.keep_cookies(&page);
        Ok(page)
    }
}
