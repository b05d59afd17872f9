//! Forgetting what has run out: sessions, links, invitations, set-ups, windows of limits, mails sent
//! long ago; putting right what a wrong clock has left; and reminding of what is about to begin.

use super::follow_keys::forget_silent;
use super::remind_of_requirement::remind;
use super::tell_of_requirement::tell_left;
use super::{Services, end_release_request};
use crate::domain::time::Seconds;
use crate::fault::Fault;
use crate::store::{invitations, links, outbox, rates, sessions, two_factor};

/// How long the row of a mail that has left is kept, without its text.
const SENT_MAILS_KEPT: Seconds = Seconds::hours(30 * 24);
/// How long an invitation is kept after the end of its term, accepted or not.
const INVITATIONS_KEPT: Seconds = Seconds::hours(30 * 24);

/// A damaged row stops the part of a work on many rows that meets it, and nothing else (SC-76).
pub(super) fn pass_over<T>(part: Result<T, Fault>) -> Result<Option<T>, Fault> {
    match part {
        Ok(done) => Ok(Some(done)),
        Err(Fault::Corrupt(what)) => {
            tracing::error!(what, "what is corrupt is passed over");
            Ok(None)
        }
        Err(fault) => Err(fault),
    }
}

/// Forgets what has run out. Every part is a transaction of its own, so that none keeps writers
/// waiting for long.
///
/// # Errors
/// [`Fault`] of the database; the next round goes on.
pub async fn tidy(services: &Services) -> Result<(), Fault> {
    pass_over(end_release_request::expire_overdue(services).await)?;
    let now = services.clock.now();
    let (db, idle_since) = (&services.db, now.before(services.sessions.idle));
    db.write(move |tx| sessions::forget_expired(tx, now)).await?;
    db.write(move |tx| sessions::forget_idle(tx, idle_since)).await?;
    db.write(move |tx| links::forget_expired(tx, now)).await?;
    db.write(move |tx| invitations::forget_expired(tx, now.before(INVITATIONS_KEPT))).await?;
    db.write(move |tx| two_factor::forget_expired(tx, now)).await?;
    db.write(move |tx| rates::forget_expired(tx, now)).await?;
    db.write(move |tx| outbox::put_right(tx, now)).await?;
    db.write(move |tx| outbox::forget_sent(tx, now.before(SENT_MAILS_KEPT))).await?;
    forget_silent(services).await?;
    pass_over(tell_left(services).await)?;
    pass_over(remind(services).await)?;
    Ok(())
}
