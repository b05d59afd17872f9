//! A member's signed-in devices: seeing them, ending one, ending all others.

use super::Services;
use super::access::SignedIn;
use super::act::Act;
use crate::domain::audit::{Action, Event, Outcome};
use crate::domain::client::Client;
use crate::domain::ids::SessionId;
use crate::domain::time::Timestamp;
use crate::fault::Fault;
use crate::store::sessions;

/// One signed-in device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionView {
    pub id: SessionId,
    pub device: String,
    pub address: String,
    pub signed_in_at: Timestamp,
    pub last_seen_at: Timestamp,
    /// The one that asks.
    pub current: bool,
}

/// The member's living sessions, the last seen first.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn list(services: &Services, me: &SignedIn) -> Result<Vec<SessionView>, Fault> {
    let (user, mine, now) = (me.user(), me.session(), services.clock.now());
    let seen_since = now.before(services.sessions.idle);
    let found = services.db.read(move |conn| sessions::complete_of(conn, user, now, seen_since)).await?;
    let view = |session: sessions::Session| SessionView {
        id: session.id,
        device: session.device,
        address: session.address,
        signed_in_at: session.created_at,
        last_seen_at: session.last_seen_at,
        current: session.id == mine,
    };
    Ok(found.into_iter().map(view).collect())
}

/// Ends one session. `false`: it is none of the member's.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn end_one(services: &Services, me: &SignedIn, session: SessionId, client: &Client) -> Result<bool, Fault> {
    let (user, my) = (me.user(), me.clone());
    let act = Act::begin(services, client);
    services
        .db
        .write(move |tx| {
            my.hold(tx, act.now)?;
            let ended = sessions::end(tx, user, session)?;
            if ended {
                act.record(tx, Event::own(user, Action::SessionsEnded, Outcome::Done).detail("one"))?;
            }
            Ok(ended)
        })
        .await
}

/// Ends every session but this one. Says how many.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn end_others(services: &Services, me: &SignedIn, client: &Client) -> Result<usize, Fault> {
    let (user, mine, my) = (me.user(), me.session(), me.clone());
    let act = Act::begin(services, client);
    services
        .db
        .write(move |tx| {
            my.hold(tx, act.now)?;
            let ended = sessions::end_all(tx, user, Some(mine))?;
            act.record(tx, Event::own(user, Action::SessionsEnded, Outcome::Done).detail(format!("{ended} others")))?;
            Ok(ended)
        })
        .await
}
