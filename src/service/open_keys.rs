//! Opening the key file at start: made only for a new database, and never anew over data that
//! needs the old one (SC-05).

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::Services;
use crate::crypto::keys::{KeyFileError, KeyRing};
use crate::domain::time::Timestamp;
use crate::fault::Fault;
use crate::random::Randomness;
use crate::store::{Db, audit, keys};

/// The hash before the first row of the audit trail.
pub const CHAIN_START: [u8; 32] = [0; 32];

/// Why Hikae does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartRefused {
    #[error(
        "the key file {0} is missing, and the database holds data that only its keys can open. Put the key file back \
         from its copy. A new key would make every authenticator and every backup code worthless, so none is made."
    )]
    KeyFileMissing(PathBuf),
    #[error(
        "the key file {0} does not belong to this database: it lacks the key {1}, or holds another one under that name. \
         Put the right key file back from its copy."
    )]
    OtherKeyFile(PathBuf, String),
    #[error("the key file {0} cannot be used: {1}")]
    KeyFile(PathBuf, KeyFileError),
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Opens the key file that belongs to the database; for a new database without one, makes it.
///
/// # Errors
/// [`StartRefused`] says what to do.
pub async fn open_keys(db: &Db, path: &Path, random: &mut Randomness, now: Timestamp) -> Result<KeyRing, StartRefused> {
    let known = db.read(keys::checks).await?;
    let unusable = |error| StartRefused::KeyFile(path.to_owned(), error);
    let exists = path.try_exists().map_err(|error| unusable(error.into()))?;
    if known.is_empty() {
        return open_for_new_database(db, path, exists, random, now).await;
    }
    if !exists {
        return Err(StartRefused::KeyFileMissing(path.to_owned()));
    }
    let ring = KeyRing::load(path).map_err(unusable)?;
    if let Some(id) = foreign_key(&ring, &known) {
        return Err(StartRefused::OtherKeyFile(path.to_owned(), id));
    }
    ring.take_up(|id| known.iter().any(|(in_use, _)| in_use == id));
    remember_new(db, &ring, now).await?;
    Ok(ring)
}

/// Whether this node's key file still has every key that the database knows. One that it lacks
/// seals what other nodes write by now.
///
/// # Errors
/// [`Fault`] of the database, which may be full, too.
pub async fn keys_fit(services: &Services) -> Result<bool, Fault> {
    services.db.prove_writable().await?;
    let known = services.db.read(keys::checks).await?;
    Ok(foreign_key(&services.keys, &known).is_none())
}

/// A key that the database knows and the ring lacks, or holds in another form.
fn foreign_key(ring: &KeyRing, known: &[(String, Vec<u8>)]) -> Option<String> {
    let foreign =
        |(id, value): &&(String, Vec<u8>)| ring.check_value(id).ok().is_none_or(|own| own.as_slice() != value);
    known.iter().find(foreign).map(|(id, _)| id.clone())
}

/// Remembers the keys of the ring that the database does not know yet, so that no start goes on
/// without them from now on. A key that waits is not among them: nodes may not have it yet.
///
/// # Errors
/// [`Fault`] of the database.
pub(super) async fn remember_new(db: &Db, ring: &KeyRing, now: Timestamp) -> Result<(), Fault> {
    let known = db.read(keys::checks).await?;
    let mut values = check_values(ring)?;
    values.retain(|(id, _)| known.iter().all(|(old, _)| old != id));
    if values.is_empty() {
        return Ok(());
    }
    db.write(move |tx| keys::remember(tx, &values, now)).await
}

fn check_values(ring: &KeyRing) -> Result<Vec<(String, [u8; 32])>, Fault> {
    ring.used_ids().into_iter().map(|id| Ok((id.clone(), ring.check_value(&id)?))).collect()
}

async fn open_for_new_database(
    db: &Db,
    path: &Path,
    exists: bool,
    random: &mut Randomness,
    now: Timestamp,
) -> Result<KeyRing, StartRefused> {
    let unusable = |error| StartRefused::KeyFile(path.to_owned(), error);
    let ring = if exists {
        KeyRing::load(path).map_err(unusable)?
    } else {
        let ring = KeyRing::generate(random, now);
        match ring.create(path) {
            Ok(()) => KeyRing::load(path).map_err(unusable)?,
            // Somebody else has made it since we looked.
            Err(KeyFileError::Io(error)) if error.kind() == ErrorKind::AlreadyExists => {
                return Box::pin(open_for_new_database(db, path, true, random, now)).await;
            }
            Err(error) => return Err(unusable(error)),
        }
    };
    let values = check_values(&ring)?;
    let first = db
        .write(move |tx| {
            if !keys::claim_new_database(tx, now)? {
                return Ok(false);
            }
            audit::begin(tx, &CHAIN_START)?;
            keys::remember(tx, &values, now)?;
            Ok(true)
        })
        .await?;
    if first {
        return Ok(ring);
    }
    // Another process gave this database its keys a moment ago. It may have taken them from the
    // file made here: then both have the right one, and it must not be touched.
    let known = db.read(keys::checks).await?;
    match foreign_key(&ring, &known) {
        None => Ok(ring),
        Some(_) if !exists => {
            std::fs::remove_file(path).map_err(|error| unusable(error.into()))?;
            Err(StartRefused::KeyFileMissing(path.to_owned()))
        }
        Some(id) => Err(StartRefused::OtherKeyFile(path.to_owned(), id)),
    }
}
