//! One person in front of one browser.

use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result, ensure};
use hikae::clock::Clock;
use hikae::domain::time::Seconds;
use hikae::domain::two_factor::totp::TotpKey;

use crate::http::{Answer, Connection, get, post};
use crate::people::{KEY, PASSWORD};

/// A browser, with its cookie and the token of the page it saw last.
pub struct Visitor {
    connection: Connection,
    client: String,
    cookie: String,
    token: String,
}

/// The code that everybody's authenticator shows, `steps` before now.
pub fn security_code(steps: i64) -> String {
    TotpKey::from_base32(KEY).expect("a key").code_at(Clock::System.now().before(Seconds(30 * steps)))
}

/// An address of its own for every visitor, so that no limit of a network is met.
pub fn next_client() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let [_, a, b, c] = NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    // A network is a /24 and more: the last number stays.
    format!("10.{a}.{b}.{c}")
}

impl Visitor {
    pub async fn new(port: u16) -> Result<Self> {
        let connection = Connection::open(port).await?;
        Ok(Self { connection, client: next_client(), cookie: String::new(), token: String::new() })
    }

    async fn send(&mut self, request: &str) -> Result<Answer> {
        let answer = self.connection.send(request).await?;
        if let Some(cookie) = answer.header("set-cookie") {
            self.cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        }
        if let Some(token) = answer.token() {
            self.token = token.to_owned();
        }
        Ok(answer)
    }

    pub async fn get(&mut self, path: &str) -> Result<Answer> {
        let request = get(path, &self.cookie, &self.client);
        let answer = self.send(&request).await?;
        ensure!(answer.status == 200, "GET {path}: {}", answer.status);
        Ok(answer)
    }

    /// Sends a form of the page seen last.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)], expected: u16) -> Result<Answer> {
        let mut all = vec![("csrf_token", self.token.as_str())];
        all.extend_from_slice(fields);
        let request = post(path, &self.cookie, &self.client, &all);
        let answer = self.send(&request).await?;
        let status = answer.status;
        ensure!(status == expected, "POST {path}: {status}\n{}", answer.body);
        Ok(answer)
    }

    /// Loses the cookie, as a new visitor has none.
    pub fn forget(&mut self) {
        self.cookie.clear();
    }

    /// What this browser would send to sign in; each call with an address of its own.
    pub fn sign_in_request(&self, email: &str) -> String {
        let fields = [("csrf_token", self.token.as_str()), ("email", email), ("password", PASSWORD)];
        post("/login", &self.cookie, &next_client(), &fields)
    }

    /// A request for a page as this browser makes it.
    pub fn page_request(&self, path: &str) -> String {
        get(path, &self.cookie, &self.client)
    }

    /// At the sign-in page.
    pub async fn at_the_door(port: u16) -> Result<Self> {
        let mut visitor = Self::new(port).await?;
        visitor.get("/login").await?;
        Ok(visitor)
    }

    /// With a proven password, at the page of the second step.
    pub async fn half_in(port: u16, email: &str, page: &str) -> Result<Self> {
        let mut visitor = Self::at_the_door(port).await?;
        let answer = visitor.post("/login", &[("email", email), ("password", PASSWORD)], 303).await?;
        let to = answer.header("location").context("no second step")?;
        ensure!(to == "/login/code", "{email} has no authenticator");
        visitor.get(page).await?;
        Ok(visitor)
    }

    /// Signed in, with the authenticator's code of now still to be used.
    pub async fn signed_in(port: u16, email: &str) -> Result<Self> {
        let mut visitor = Self::half_in(port, email, "/login/code").await?;
        visitor.post("/login/code", &[("code", &security_code(1))], 303).await?;
        Ok(visitor)
    }
}
