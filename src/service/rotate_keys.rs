//! The key file's life: a key is added, becomes the active one, and seals anew what earlier keys
//! have sealed. No key is ever taken out: sheets keep theirs until they are reissued, and the
//! audit trail needs all of them.

use std::collections::BTreeMap;

use super::Services;
use super::act::{Act, key_context};
use super::open_keys::remember_new;
use crate::crypto::keys::{KeyFileError, Purpose};
use crate::domain::audit::{Action, Event};
use crate::domain::client::Client;
use crate::domain::sealed::Sealed;
use crate::fault::Fault;
use crate::store::attempts;
use crate::store::sealed_rows::{self, Place, SealedRow, Table};

/// Accounts in one transaction.
const BATCH: i64 = 200;
/// What a running portal seals with the old key behind our back is found in another pass.
const PASSES: usize = 3;

/// Why the keys stay as they are.
#[derive(Debug, thiserror::Error)]
pub enum KeysRefused {
    #[error("the key file: {0}")]
    File(#[from] KeyFileError),
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Adds a key to the key file that is not used yet, so that the file can be brought to every node
/// before it is. Says its id.
///
/// # Errors
/// [`KeysRefused`]: the file is as it was, or, after a [`Fault`], has the key without its row in
/// the audit trail.
pub async fn add_key(services: &Services) -> Result<String, KeysRefused> {
    let id = services.keys.add_next(&mut services.random.clone(), services.clock.now())?;
    record(services, Action::KeyAdded, format!("operator; key {id}")).await?;
    Ok(id)
}

/// The key that becomes the active one next; one is added where none waits.
///
/// # Errors
/// As [`add_key`].
pub async fn next_key(services: &Services) -> Result<String, KeysRefused> {
    match services.keys.next_id() {
        Some(id) => Ok(id),
        None => add_key(services).await,
    }
}

/// Makes the key that waits the active one. Running nodes follow by themselves; each must have it
/// already ([`super::follow_keys::nodes_without`]). The file comes first and the database second: a
/// key that only the database knew would keep every node from starting.
///
/// # Errors
/// [`KeysRefused`]: the file is as it was, or, after a [`Fault`], the next start remembers the key.
pub async fn activate_key(services: &Services, id: &str) -> Result<(), KeysRefused> {
    services.keys.activate(id)?;
    remember_new(&services.db, &services.keys, services.clock.now()).await?;
    Ok(record(services, Action::KeysRotated, format!("operator; key {id} is active")).await?)
}

async fn record(services: &Services, action: Action, detail: String) -> Result<(), Fault> {
    let act = Act::begin(services, &Client::operator());
    services.db.write(move |tx| act.record(tx, Event::by_operator(action).detail(detail))).await
}

/// How much was sealed anew.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resealed {
    pub done: u64,
    /// Values that no key opens; they stay as they are.
    pub unreadable: u64,
}

/// How many values earlier keys seal.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn to_reseal(services: &Services) -> Result<u64, Fault> {
    let active = services.keys.active_id();
    let count = services.db.read(move |conn| sealed_rows::count_sealed_otherwise(conn, &active)).await?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Seals with the active key what earlier keys have sealed: authenticator keys, pending set-ups
/// and waiting mails. What changes meanwhile is left alone. `progress` hears how many are done.
///
/// # Errors
/// [`Fault`]: what is done stays done, and the next call goes on.
pub async fn reseal(services: &Services, progress: impl Fn(u64)) -> Result<Resealed, Fault> {
    let mut total = Resealed::default();
    for _ in 0..PASSES {
        let mut pass = Resealed::default();
        for table in Table::ALL {
            reseal_table(services, table, &mut pass, |done| progress(total.done + done)).await?;
        }
        total = Resealed { done: total.done + pass.done, unreadable: pass.unreadable };
        if pass.done == 0 {
            break;
        }
    }
    if total.done > 0 {
        record(services, Action::KeysRotated, format!("operator; {} values sealed anew", total.done)).await?;
    }
    Ok(total)
}

async fn reseal_table(
    services: &Services,
    table: Table,
    pass: &mut Resealed,
    progress: impl Fn(u64),
) -> Result<(), Fault> {
    let mut after = 0;
    loop {
        let active = services.keys.active_id();
        // One mail a transaction: the worker takes mails in another order, and neither may wait for
        // the other.
        let batch = if table == Table::Mails { 1 } else { BATCH };
        let rows =
            services.db.read(move |conn| sealed_rows::sealed_otherwise(conn, table, &active, after, batch)).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.position();
        let mut batch = Vec::with_capacity(rows.len());
        for row in rows {
            match anew(services, &row) {
                Ok(sealed) => batch.push((row, sealed)),
                Err(fault) => {
                    tracing::error!(%fault, place = ?row.place, "a sealed value stays as it is");
                    pass.unreadable += 1;
                }
            }
        }
        pass.done += services
            .db
            .write(move |tx| {
                let mut done = 0;
                for (row, sealed) in &batch {
                    // In ascending order of the accounts, as every act on two of them.
                    if let Place::Authenticator(user, _) | Place::PendingSetUp(user, _) = row.place {
                        attempts::lock(tx, user)?;
                    }
                    done += u64::from(sealed_rows::replace(tx, row, sealed)?);
                }
                Ok(done)
            })
            .await?;
        progress(pass.done);
    }
}

fn anew(services: &Services, row: &SealedRow) -> Result<Sealed, Fault> {
    let (purpose, context) = match row.place {
        Place::Authenticator(user, set_up) | Place::PendingSetUp(user, set_up) => {
            (Purpose::TotpKey, key_context(user, set_up))
        }
        Place::Mail(mail) => (Purpose::Mail, mail.to_string()),
    };
    let plain = services.keys.open(purpose, &context, &row.sealed)?;
    services.keys.seal(purpose, &context, &plain, &mut services.random.clone())
}

/// A key of the key file and what needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyView {
    pub id: String,
    pub state: KeyState,
    /// Kind of row, and how many.
    pub used_by: BTreeMap<&'static str, i64>,
}

/// A key's part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    Active,
    /// Added, and not used yet.
    Next,
    /// Opens what it has sealed.
    Earlier,
}

/// All keys, and what needs them.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn list_keys(services: &Services) -> Result<Vec<KeyView>, Fault> {
    let usage = services.db.read(sealed_rows::key_usage).await?;
    let (active, next) = (services.keys.active_id(), services.keys.next_id());
    let view = |id: String| {
        let state = match &id {
            id if *id == active => KeyState::Active,
            id if next.as_ref() == Some(id) => KeyState::Next,
            _ => KeyState::Earlier,
        };
        let mine = usage.iter().filter(|(_, key, _)| *key == id);
        KeyView { used_by: mine.map(|(kind, _, count)| (*kind, *count)).collect(), id, state }
    };
    Ok(services.keys.ids().into_iter().map(view).collect())
}
