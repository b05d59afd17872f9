//! How people sign in, and notice that they are not signed in.

use std::time::Duration;

use super::Person;
use crate::client::{Lost, fill, get};
use crate::support::browser::Browser;
use crate::support::page::Page;

/// How far a sign-in has come.
pub(super) enum Begun {
    SecondFactorNext(Browser),
    NoSecondFactor(Browser),
    /// Too many tries, or too much to do.
    NotNow,
}

impl Person {
    pub(super) async fn begin(&mut self) -> Result<Begun, Lost> {
        for _ in 0..self.passwords.len() {
            let browser = self.house.browser();
            let password = self.passwords.last().expect("a password").clone();
            let fields = [("email", self.email.as_str()), ("password", password.as_str())];
            let page = fill(&browser, "/login", "ログイン", &fields).await?;
            match (page.status, page.location().as_deref()) {
                (303, Some("/login/code")) => {
                    self.passwords = vec![password];
                    return Ok(Begun::SecondFactorNext(browser));
                }
                (303, Some("/account")) => {
                    self.passwords = vec![password];
                    self.sheet = None;
                    return Ok(Begun::NoSecondFactor(browser));
                }
                (422, _) => self.passwords.rotate_right(1),
                (429 | 503, _) => return Ok(Begun::NotNow),
                _ => panic!("{} cannot begin to sign in: {} {}", self.email, page.status, page.text()),
            }
        }
        panic!("no password of {} is right any more", self.email);
    }

    /// The second step of a sign-in; somebody without two-factor authentication sets it up.
    pub(super) async fn password_proven(&mut self) -> Result<Option<Browser>, Lost> {
        match self.begin().await? {
            Begun::SecondFactorNext(browser) => Ok(Some(browser)),
            Begun::NotNow => Ok(None),
            Begun::NoSecondFactor(browser) => {
                self.set_up(browser).await?;
                Ok(None)
            }
        }
    }

    /// A sign-in that was answered as done is there.
    pub(super) async fn signed_in(&mut self, browser: Browser) -> Result<(), Lost> {
        self.browser = Some(browser.clone());
        for _ in 0..100 {
            let page = get(&browser, "/account").await?;
            match page.status {
                200 => return Ok(()),
                503 => tokio::time::sleep(Duration::from_millis(50)).await,
                status => panic!("{} was signed in, and is not: {status} {}", self.email, page.text()),
            }
        }
        Ok(())
    }

    /// A proven password stays proven, whatever became of the database meanwhile.
    pub(super) fn expect_not_asked_for_the_password_again(&self, page: &Page) {
        let asked = page.location().is_some_and(|to| to == "/login" || to.starts_with("/login?"));
        assert!(!asked, "{} has proven the password, and is asked for it again", self.email);
    }
}
