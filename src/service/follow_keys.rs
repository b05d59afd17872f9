//! A node that serves follows the key file and the other nodes: it reads the file again when it has
//! changed, uses a waiting key as soon as another node does, and says in the database which keys it
//! goes by, so that `hikae keys rotate` makes no key the active one that a node lacks (SC-78).

use std::ops::RangeInclusive;

use super::Services;
use super::open_keys::remember_new;
use crate::domain::ids::NodeId;
use crate::domain::time::{Seconds, Timestamp};
use crate::fault::Fault;
use crate::random::Randomness;
use crate::store::keys;
use crate::store::nodes::{self, KeysInUse};

/// How often a node says that it lives when nothing has changed.
const SAY_EVERY: Seconds = Seconds::minutes(1);
/// A node unheard of for so long has ended. Clocks of nodes may be a minute apart.
const SILENT: Seconds = Seconds::minutes(3);

/// This process as a node that serves.
pub struct Node {
    id: NodeId,
    said: Option<(KeysInUse, Timestamp)>,
}

impl Node {
    pub fn new(random: &mut Randomness) -> Self {
        Self { id: NodeId::random(random), said: None }
    }

    /// Takes up what has changed. Trouble with the file is told, and the keys stay as they were.
    ///
    /// # Errors
    /// [`Fault`] of the database; the next call goes on.
    pub async fn follow_keys(&mut self, services: &Services) -> Result<(), Fault> {
        let (ring, now, id) = (&services.keys, services.clock.now(), self.id);
        match ring.refresh() {
            Ok(false) => {}
            Ok(true) => tracing::info!(active = ring.active_id(), "the key file was read again"),
            Err(error) => {
                tracing::error!(%error, "the key file has changed and cannot be used; the keys stay as they were");
            }
        }
        let known = services.db.read(keys::checks).await?;
        if ring.take_up(|id| known.iter().any(|(in_use, _)| in_use == id)) {
            tracing::info!(active = ring.active_id(), "the key that waited is used by other nodes, and now here");
        }
        remember_new(&services.db, ring, now).await?;
        let going_by = KeysInUse { active: ring.active_id(), next: ring.next_id() };
        if self.said.as_ref().is_some_and(|(keys, at)| *keys == going_by && now < *at + SAY_EVERY && *at <= now) {
            return Ok(());
        }
        let keys = going_by.clone();
        services.db.write(move |tx| nodes::say(tx, id, &keys, now)).await?;
        self.said = Some((going_by, now));
        Ok(())
    }

    /// Says that this node serves no more.
    ///
    /// # Errors
    /// [`Fault`] of the database; the others notice after a while.
    pub async fn leave(self, services: &Services) -> Result<(), Fault> {
        services.db.write(move |tx| nodes::forget(tx, self.id)).await
    }
}

/// Forgets nodes that ended without a word.
///
/// # Errors
/// [`Fault`] of the database.
pub(super) async fn forget_silent(services: &Services) -> Result<(), Fault> {
    let living = living(services);
    services.db.write(move |tx| nodes::forget_silent(tx, &living)).await
}

/// When a node that serves was last heard of.
fn living(services: &Services) -> RangeInclusive<Timestamp> {
    let now = services.clock.now();
    now.before(SILENT)..=now.latest_credible()
}

/// How many nodes that serve do not have a key yet, in use or waiting.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn nodes_without(services: &Services, key: &str) -> Result<i64, Fault> {
    let (key, living) = (key.to_owned(), living(services));
    services.db.read(move |conn| nodes::without_key(conn, &key, &living)).await
}

/// How many nodes that serve still seal with another key.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn nodes_behind(services: &Services, key: &str) -> Result<i64, Fault> {
    let (key, living) = (key.to_owned(), living(services));
    services.db.read(move |conn| nodes::not_using(conn, &key, &living)).await
}
