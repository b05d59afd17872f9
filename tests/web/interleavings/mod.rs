//! Two acts on one account at once, and what strangers do beside its owner.
//!
//! Nothing here is left to luck: a hold on the database, or a long hash in a gate of width one,
//! keeps one request where another has to overtake it.

mod bursts;
mod checks;
mod clock;
mod ended_sessions;
mod hang_ups;
mod late_answers;
mod lock_outs;
mod new_factor;
mod old_passwords;
mod release_requests;
mod surplus;
mod trails;
mod unrenewed_sessions;
mod visitors;

use std::future::Future;

use hikae::crypto::hashing::Asker;
use hikae::crypto::password_hash::PasswordHash;
use hikae::domain::password::Password;
use tokio::task::JoinHandle;

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::database::Hold;
use crate::support::eventually;
use crate::support::members::Member;
use crate::support::page::{Form, Page};

/// Another password than everybody has.
const NEW: &str = "別の長い合言葉を選ぶ";

/// An application behind a proxy, so that tests can come from any network.
async fn behind_a_proxy() -> TestApp {
    TestApp::with().trusted_proxy("127.0.0.0/8").hashes(2, 64).start().await
}

/// A browser in that network.
fn from(app: &TestApp, address: &str) -> Browser {
    app.browser().with_header("x-forwarded-for", address)
}

/// A request under way, and how many hashes it makes before it writes.
struct UnderWay<F> {
    request: F,
    hashes: u64,
}

fn under_way(form: Form, browser: &Browser, hashes: u64) -> UnderWay<impl Future<Output = Page> + Send + 'static> {
    let browser = browser.clone();
    UnderWay { request: async move { form.submit(&browser).await }, hashes }
}

/// Sends one request, and another as soon as the first has come to its last step; then lets both
/// go on.
async fn one_beside_another<F>(app: &TestApp, first: UnderWay<F>, second: UnderWay<F>) -> (Page, Page)
where
    F: Future<Output = Page> + Send + 'static,
{
    let hold = app.database.hold();
    let made = app.services.gate.made();
    let (first_hashes, all_hashes) = (made + first.hashes, made + first.hashes + second.hashes);
    let first = tokio::spawn(first.request);
    arrived(app, &hold, 1, first_hashes).await;
    let second = tokio::spawn(second.request);
    arrived(app, &hold, 2, all_hashes).await;
    drop(hold);
    (first.await.expect("an answer"), second.await.expect("an answer"))
}

/// Waits until so many requests wait for the hold; on SQLite, which holds all writes up, until they
/// have made their hashes as well.
async fn arrived(app: &TestApp, hold: &Hold<'_>, requests: usize, hashes: u64) {
    eventually(&format!("{requests} requests wait"), async || {
        let there = match hold.waiting() {
            Some(waiting) => waiting >= requests,
            None => app.services.gate.made() >= hashes && writes_under_way(app) >= requests,
        };
        there.then_some(())
    })
    .await;
}

/// How many transactions of visitors write or wait for their turn, as the one node of a SQLite file counts them.
fn writes_under_way(app: &TestApp) -> usize {
    usize::try_from(app.services.db.pool().writes.get()).expect("a number")
}

/// Keeps the gate of an application with one place busy for about a second.
pub async fn fill_the_gate(app: &TestApp) -> JoinHandle<()> {
    const SLOW: &str = "$2b$14$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzabcde";
    let gate = app.services.gate.clone();
    let busy = tokio::spawn(async move {
        let hash = PasswordHash::parse(SLOW).expect("a hash");
        gate.check_password(Password::typed("another"), Some(hash), Asker::Stranger).await.expect("checked");
    });
    waits_at_the_gate(app, 1).await;
    busy
}

/// Waits until so many callers wait at the gate or are at work in it.
async fn waits_at_the_gate(app: &TestApp, callers: usize) {
    eventually(&format!("{callers} at the gate"), async || (app.services.gate.load() >= callers).then_some(())).await;
}

/// The filled-in sign-in form.
async fn sign_in_form(browser: &Browser, email: &str, password: &str) -> Form {
    let page = browser.get("/login").await.expect(200);
    page.form("/login").fill("email", email).fill("password", password)
}

/// The filled-in form behind a reset link that was just sent.
async fn reset_form(app: &TestApp, browser: &Browser, email: &str) -> Form {
    ask_for_reset(browser, email).await.expect(200);
    let path = app.mailbox.newest(email, "パスワード").await.path("/password-reset/");
    browser.get(&path).await.expect(200).form(&path).fill("new_password", NEW)
}

async fn ask_for_reset(browser: &Browser, email: &str) -> Page {
    let page = browser.get("/password-reset").await.expect(200);
    page.form("/password-reset").fill("email", email).submit(browser).await
}

/// The filled-in form that changes the password.
async fn change_form(browser: &Browser, member: &Member) -> Form {
    let form = browser.get("/account/password").await.expect(200).form("/account/password");
    form.fill("current_password", &member.password).fill("new_password", NEW)
}

/// The stages of the member's sessions.
fn sessions(app: &TestApp, member: &Member) -> Vec<String> {
    app.database.lines(&format!("SELECT stage AS line FROM sessions WHERE user_id = {}", member.id))
}

/// How many rows of this action and outcome the audit trail has about a member.
fn recorded(app: &TestApp, member: &Member, action: &str, outcome: &str) -> usize {
    let sql = format!(
        "SELECT detail AS line FROM audit_events \
         WHERE subject_id = {} AND action = '{action}' AND outcome = '{outcome}'",
        member.id
    );
    app.database.lines(&sql).len()
}

fn count(pages: &[Page], status: u16) -> usize {
    pages.iter().filter(|page| page.status == status).count()
}

fn statuses(pages: &[Page]) -> Vec<u16> {
    pages.iter().map(|page| page.status).collect()
}
