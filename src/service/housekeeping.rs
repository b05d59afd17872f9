//! Forgetting what has run out: sessions, links, set-ups, windows of limits, mails sent long ago.

use super::{Services, end_release_request};
use crate::domain::time::Seconds;
use crate::fault::Fault;
use crate::store::{links, outbox, rates, sessions, two_factor, web_sessions};

/// How long the row of a mail that has left is kept, without its text.
const SENT_MAILS_KEPT: Seconds = Seconds::hours(30 * 24);

/// Forgets what has run out. Every part is a transaction of its own, so that none keeps writers
/// waiting for long.
///
/// # Errors
/// [`Fault`] of the database; the next round goes on.
pub async fn tidy(services: &Services) -> Result<(), Fault> {
    follow_key_file(services);
    end_release_request::expire_overdue(services).await?;
    let now = services.clock.now();
    let db = &services.db;
    db.write(move |tx| web_sessions::forget_expired(tx, now)).await?;
    db.write(move |tx| sessions::forget_expired(tx, now)).await?;
    db.write(move |tx| links::forget_expired(tx, now)).await?;
    db.write(move |tx| two_factor::forget_expired(tx, now)).await?;
    db.write(move |tx| rates::forget_expired(tx, now)).await?;
    db.write(move |tx| outbox::forget_sent(tx, now.before(SENT_MAILS_KEPT))).await?;
    Ok(())
}

/// Takes up keys that were added to the key file, so that every node uses the new active key
/// within a round. Trouble with the file is told and keeps nothing else from being done.
fn follow_key_file(services: &Services) {
    match services.keys.refresh() {
        Ok(false) => {}
        Ok(true) => tracing::info!(active = services.keys.active_id(), "the key file was read again"),
        Err(error) => {
            tracing::error!(%error, "the key file has changed and cannot be used; the keys stay as they were")
        }
    }
}
