//! More time for a set-up that waits for its first code (SC-84; WCAG 2.2.1).

use super::Services;
use super::access::SignedIn;
use crate::domain::time::Seconds;
use crate::fault::Fault;
use crate::store::two_factor;

/// What each extension adds.
const MORE: Seconds = Seconds::minutes(10);
/// What all of them add at most: the password that began the set-up was proven before that.
pub(super) const IN_ALL: Seconds = Seconds(MORE.0 * 10);

/// How asking for more time ends.
#[derive(Debug, PartialEq, Eq)]
pub enum ExtendSetUp {
    Extended,
    /// It waits as long as it ever will.
    AtTheEnd,
    /// No set-up of this session waits.
    NothingPending,
}

/// Lets the pending set-up of this very session wait ten minutes longer.
///
/// # Errors
/// [`Fault`] of the database: it ends when it would have ended.
pub async fn extend_set_up(services: &Services, me: &SignedIn) -> Result<ExtendSetUp, Fault> {
    let (user, my, now) = (me.user(), me.clone(), services.clock.now());
    services
        .db
        .write(move |tx| {
            my.hold(tx, now)?;
            let pending = two_factor::pending(tx, user, now)?.filter(|pending| pending.session == my.session());
            let Some(pending) = pending else { return Ok(ExtendSetUp::NothingPending) };
            if !pending.is_extendable() {
                return Ok(ExtendSetUp::AtTheEnd);
            }
            let until = (pending.expires_at + MORE).min(pending.extendable_until);
            let extended = two_factor::extend_pending(tx, user, pending.set_up, now, until)?;
            Ok(if extended { ExtendSetUp::Extended } else { ExtendSetUp::NothingPending })
        })
        .await
}
