//! What the black-box suites share: an application on a port of its own, a browser-like client,
//! a mailbox, a mail server, an independent authenticator, and a search for secrets.

pub mod app;
pub mod authenticator;
pub mod balancer;
pub mod browser;
pub mod cookie;
pub mod database;
pub mod invitations;
pub mod logs;
pub mod mailbox;
pub mod members;
pub mod node;
pub mod offices;
pub mod page;
pub mod pdf;
pub mod postgres;
pub mod secrets;
pub mod smtp;

use std::time::Duration;

/// Asks `question` until it answers, for at most twenty seconds.
///
/// # Panics
/// When no answer came in time; `what` names what was waited for.
pub async fn eventually<T>(what: &str, mut question: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..1_000 {
        if let Some(answer) = question().await {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("never happened: {what}");
}
