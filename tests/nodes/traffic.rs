//! People who use the portal all the while, and note down what they were answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use futures_util::future::join_all;
use hikae::clock::Clock;
use hikae::domain::time::Seconds;

use crate::fleet::Visitors;
use crate::portal::PASSWORD;
use crate::support::authenticator::Authenticator;
use crate::support::browser::Browser;
use crate::support::page::Page;

pub const KEY: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/// What all of them have seen together.
#[derive(Default)]
pub struct Tally {
    /// Acts that were answered.
    pub answered: AtomicUsize,
    /// Requests without an answer; whether a form among them took effect, nobody knows.
    pub unanswered: Arc<AtomicUsize>,
    pub over: AtomicBool,
}

/// What one person has seen.
pub struct Person {
    pub email: String,
    /// Backup codes with which a sign-in was answered by the account's page.
    pub codes_used: usize,
    /// Sign-ins whose last step was not answered.
    pub in_doubt: usize,
    /// Every browser that was told it is signed in.
    pub browsers: Vec<Browser>,
}

/// Lines of an import: so many people with an authenticator and without a sheet.
pub fn people(office: &str, count: usize) -> String {
    let hash = bcrypt::hash(PASSWORD, 4).unwrap();
    let line = |number| {
        format!(
            r#"{{"email":"{}","name":"交通 量子","office":"{office}","role":"general","password_hash":"{hash}","totp_secret":"{KEY}"}}"#,
            address(number)
        )
    };
    (0..count).map(line).collect::<Vec<_>>().join("\n")
}

fn address(number: usize) -> String {
    format!("person{number}@example.jp")
}

/// Lets `hands` people at once go their way, one after the other, until the tally says it is over.
pub async fn flow(visitors: &Visitors, tally: &Tally, hands: usize, people: usize) -> Vec<Person> {
    let hand = |first: usize| async move {
        let mut seen = Vec::new();
        for number in (first..people).step_by(hands) {
            if tally.over.load(Ordering::SeqCst) {
                return seen;
            }
            seen.push(Person::go(visitors, tally, number).await);
        }
        panic!("there are too few people for so long a test");
    };
    join_all((0..hands).map(hand)).await.into_iter().flatten().collect()
}

impl Person {
    /// Signs in, has a sheet issued, and signs in ten times more with its codes; looks in between
    /// whether every browser is still signed in.
    async fn go(visitors: &Visitors, tally: &Tally, number: usize) -> Self {
        let mut person = Self { email: address(number), codes_used: 0, in_doubt: 0, browsers: Vec::new() };
        let authenticator = Authenticator::from_text(KEY);
        let now = Clock::System.now();
        let first = person.enter_password(visitors, tally).await;
        let page = first.enter_security_code(&authenticator.code_at(now)).await;
        if !tally.note(&page, 303) {
            return person;
        }
        person.browsers.push(first.clone());
        let page = first.reissue(&authenticator.code_at(now + Seconds(30))).await;
        if !tally.note(&page, 200) {
            return person;
        }
        for code in page.codes() {
            let browser = person.enter_password(visitors, tally).await;
            let page = browser.enter_backup_code(&code).await;
            if tally.note(&page, 303) {
                person.codes_used += 1;
                person.browsers.push(browser);
            } else {
                person.in_doubt += 1;
            }
            person.look(tally).await;
            if tally.over.load(Ordering::SeqCst) {
                break;
            }
        }
        person
    }

    /// A browser in which the password is proven; a form without an answer is sent again.
    async fn enter_password(&self, visitors: &Visitors, tally: &Tally) -> Browser {
        loop {
            let browser = visitors.patient_browser(&tally.unanswered);
            let page = browser.sign_in_with(&self.email, PASSWORD).await;
            if tally.note(&page, 303) {
                return browser;
            }
        }
    }

    /// No session ends.
    async fn look(&self, tally: &Tally) {
        for browser in &self.browsers {
            let page = browser.get("/account").await;
            assert_eq!(page.status, 200, "{} was signed out", self.email);
            tally.answered.fetch_add(1, Ordering::SeqCst);
        }
    }
}

impl Tally {
    /// Whether it was answered, and then as expected.
    fn note(&self, page: &Page, expected: u16) -> bool {
        if page.is_unanswered() {
            return false;
        }
        assert_eq!(page.status, expected, "{} says: {}", page.path, page.text());
        self.answered.fetch_add(1, Ordering::SeqCst);
        true
    }
}
