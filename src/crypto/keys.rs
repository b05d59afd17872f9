//! The key file: 256-bit keys with ids, kept outside the database and its backups (SC-05). Every
//! use derives a key of its own (HKDF-SHA-256), so that no two uses share one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use data_encoding::HEXLOWER;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

pub use super::key_file::KeyFileError;
use super::key_file::{KEY_BYTES, Keys, Stamp};
use crate::domain::time::Timestamp;
use crate::fault::Fault;
use crate::random::Randomness;

/// What a derived key is for. The names enter the derivation; never change one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// Sealing authenticator keys.
    TotpKey,
    /// Sealing mails that wait in the outbox.
    Mail,
    /// The secret input of the slow hash of backup codes.
    BackupCodes,
    /// The chain of the audit trail.
    Audit,
    /// What a browser's cookie carries.
    Cookie,
    /// The anchor of the audit trail.
    AuditAnchor,
    /// The seal of a sheet on the page that shows it.
    Sheet,
    /// Recognising the key itself.
    Check,
}

impl Purpose {
    /// The name that enters the derivation.
    pub const fn label(self) -> &'static str {
        match self {
            Purpose::TotpKey => "hikae/1 totp key",
            Purpose::Mail => "hikae/1 mail",
            Purpose::BackupCodes => "hikae/1 backup codes",
            Purpose::Audit => "hikae/1 audit chain",
            Purpose::Cookie => "hikae/1 cookie",
            Purpose::AuditAnchor => "hikae/1 audit anchor",
            Purpose::Sheet => "hikae/1 sheet seal",
            Purpose::Check => "hikae/1 key check",
        }
    }
}

/// All keys of this installation. New secrets use the active one; older ones open what they
/// sealed. A ring that was read from a file follows it: keys that are added later are found.
pub struct KeyRing {
    file: Option<PathBuf>,
    held: RwLock<Held>,
}

struct Held {
    keys: Arc<Keys>,
    /// The file as it was when it was read last.
    stamp: Option<Stamp>,
    /// A key that still waits in this node's file, but that another node uses already.
    taken_up: Option<String>,
}

impl KeyRing {
    /// A ring with one new key, for a new database.
    pub fn generate(random: &mut Randomness, now: Timestamp) -> Self {
        let (id, key) = new_key(random, now);
        let keys = Keys { active: id.clone(), next: None, keys: BTreeMap::from([(id, key)]) };
        Self { file: None, held: RwLock::new(Held { keys: Arc::new(keys), stamp: None, taken_up: None }) }
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// [`KeyFileError`] when it cannot be read, others may read it, or it makes no sense.
    pub fn load(path: &Path) -> Result<Self, KeyFileError> {
        let stamp = Stamp::of(path);
        let keys = Arc::new(Keys::read(path)?);
        Ok(Self { file: Some(path.to_owned()), held: RwLock::new(Held { keys, stamp, taken_up: None }) })
    }

    /// Writes a new key file, mode 0600; an existing one is never written over.
    ///
    /// # Errors
    /// [`KeyFileError::Io`] when the file exists or cannot be written.
    pub fn create(&self, path: &Path) -> Result<(), KeyFileError> {
        self.keys().create(path)
    }

    /// Adds a key to the file, to become the active one later, once every node has the file.
    ///
    /// # Errors
    /// [`KeyFileError`]: the file is as it was.
    pub fn add_next(&self, random: &mut Randomness, now: Timestamp) -> Result<String, KeyFileError> {
        let (id, key) = new_key(random, now);
        self.change(|keys| {
            if let Some(next) = &keys.next {
                return Err(KeyFileError::NextWaits(next.clone()));
            }
            keys.keys.insert(id.clone(), key);
            keys.next = Some(id.clone());
            Ok(())
        })?;
        Ok(id)
    }

    /// Makes the key that waits the active one. Earlier keys stay.
    ///
    /// # Errors
    /// [`KeyFileError`]: the file is as it was.
    pub fn activate(&self, next: &str) -> Result<(), KeyFileError> {
        self.change(|keys| {
            keys.take_up(next);
            if keys.active == next { Ok(()) } else { Err(KeyFileError::NotWaiting(next.to_owned())) }
        })
    }

    fn change(&self, change: impl FnOnce(&mut Keys) -> Result<(), KeyFileError>) -> Result<(), KeyFileError> {
        let path = self.file.as_deref().ok_or(KeyFileError::NoFile)?;
        let taken_up = self.held.read().unwrap_or_else(PoisonError::into_inner).taken_up.clone();
        Keys::change(path, |keys| {
            if let Some(id) = taken_up {
                keys.take_up(&id);
            }
            change(keys)
        })?;
        self.refresh().map(drop)
    }

    /// Uses the key that waits in the file, if another node does already. Whether it was so.
    pub fn take_up(&self, in_use: impl Fn(&str) -> bool) -> bool {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        let Some(next) = held.keys.next.clone().filter(|next| in_use(next)) else { return false };
        let mut keys = Keys::clone(&held.keys);
        keys.take_up(&next);
        held.keys = Arc::new(keys);
        held.taken_up = Some(next);
        true
    }

    /// Reads the file again if it is another one than before. Whether it was.
    ///
    /// # Errors
    /// [`KeyFileError`] once for each change: the ring stays as it was.
    pub fn refresh(&self) -> Result<bool, KeyFileError> {
        let Some(path) = &self.file else { return Ok(false) };
        // A file that was taken away after the start is no fault of a running node.
        let Some(stamp) = Stamp::of(path) else { return Ok(false) };
        if self.held.read().unwrap_or_else(PoisonError::into_inner).stamp == Some(stamp) {
            return Ok(false);
        }
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        // Before the reading: what changes during it is read again next time.
        let stamp = Stamp::of(path);
        let mut keys = match Keys::read(path) {
            Err(KeyFileError::Io(error)) => return Err(error.into()), // may go by itself
            read => {
                held.stamp = stamp;
                read?
            }
        };
        // What this node has sealed must open as long as it runs.
        if !keys.keeps(&held.keys) {
            return Err(KeyFileError::LostKey);
        }
        if let Some(id) = &held.taken_up {
            keys.take_up(id);
        }
        held.keys = Arc::new(keys);
        Ok(true)
    }

    fn keys(&self) -> Arc<Keys> {
        self.held.read().unwrap_or_else(PoisonError::into_inner).keys.clone()
    }

    /// The id of the key that new secrets use.
    pub fn active_id(&self) -> String {
        self.keys().active.clone()
    }

    /// The id of the key that waits to become the active one.
    pub fn next_id(&self) -> Option<String> {
        self.keys().next.clone()
    }

    /// The ids of the keys that are in use or have been: of all but the one that waits.
    pub fn used_ids(&self) -> Vec<String> {
        let keys = self.keys();
        keys.keys.keys().filter(|id| keys.next.as_ref() != Some(id)).cloned().collect()
    }

    /// The ids of all keys.
    pub fn ids(&self) -> Vec<String> {
        self.keys().keys.keys().cloned().collect()
    }

    /// A key by its id. One that is not known yet may have been added to the file meanwhile. The id
    /// can be a stranger's invention, from a cookie: it costs a look at the file's dates, and stays
    /// out of the log.
    fn key(&self, id: &str) -> Result<Zeroizing<[u8; KEY_BYTES]>, Fault> {
        if let Some(key) = self.keys().keys.get(id) {
            return Ok(key.clone());
        }
        if let Err(error) = self.refresh() {
            tracing::error!(%error, "the key file has changed and cannot be used; the keys stay as they were");
        }
        self.keys().keys.get(id).cloned().ok_or(Fault::Crypto("the key file lacks a key that is in use"))
    }

    /// The key of one use.
    ///
    /// # Errors
    /// [`Fault::Crypto`] when the ring does not hold the key.
    pub fn derive(&self, key_id: &str, purpose: Purpose) -> Result<Zeroizing<[u8; KEY_BYTES]>, Fault> {
        let key = self.key(key_id)?;
        let mut derived = Zeroizing::new([0; KEY_BYTES]);
        Hkdf::<Sha256>::new(None, key.as_slice())
            .expand(purpose.label().as_bytes(), derived.as_mut_slice())
            .map_err(|_| Fault::Crypto("key derivation"))?;
        Ok(derived)
    }

    /// HMAC-SHA-256 of `parts`, each with its length before it, under the key of one use.
    ///
    /// # Errors
    /// [`Fault::Crypto`] when the ring does not hold the key.
    pub fn mac(&self, key_id: &str, purpose: Purpose, parts: &[&[u8]]) -> Result<[u8; 32], Fault> {
        let key = self.derive(key_id, purpose)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_slice()).map_err(|_| Fault::Crypto("mac key"))?;
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        Ok(mac.finalize().into_bytes().into())
    }

    /// What the database remembers of a key, to recognise it and to learn nothing from it.
    ///
    /// # Errors
    /// [`Fault::Crypto`] when the ring does not hold the key.
    pub fn check_value(&self, key_id: &str) -> Result<[u8; 32], Fault> {
        self.mac(key_id, Purpose::Check, &[key_id.as_bytes()])
    }
}

fn new_key(random: &mut Randomness, now: Timestamp) -> (String, Zeroizing<[u8; KEY_BYTES]>) {
    let id = format!("{}-{}", now.0, HEXLOWER.encode(&random.bytes::<4>()));
    (id, Zeroizing::new(random.bytes::<KEY_BYTES>()))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_key_file_is_written_once_and_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hikae.key");
        let ring = KeyRing::generate(&mut Randomness::seeded(1), Timestamp(1));
        ring.create(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let again = KeyRing::load(&path).unwrap();
        assert_eq!(again.check_value(&again.active_id()).unwrap(), ring.check_value(&ring.active_id()).unwrap());
        assert!(matches!(ring.create(&path), Err(KeyFileError::Io(_))));
    }

    #[test]
    fn a_key_file_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hikae.key");
        KeyRing::generate(&mut Randomness::seeded(1), Timestamp(1)).create(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(KeyRing::load(&path), Err(KeyFileError::OpenToOthers)));
    }

    #[test]
    fn every_use_has_its_own_key() {
        let ring = KeyRing::generate(&mut Randomness::seeded(1), Timestamp(1));
        let a = ring.derive(&ring.active_id(), Purpose::TotpKey).unwrap();
        let b = ring.derive(&ring.active_id(), Purpose::Mail).unwrap();
        assert_ne!(*a, *b);
    }

    fn in_a_file() -> (tempfile::TempDir, KeyRing) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hikae.key");
        KeyRing::generate(&mut Randomness::seeded(1), Timestamp(1)).create(&path).unwrap();
        let ring = KeyRing::load(&path).unwrap();
        (folder, ring)
    }

    #[test]
    fn a_running_node_finds_keys_that_were_added_and_keeps_the_old_ones() {
        let (folder, node) = in_a_file();
        let (first, mut random) = (node.active_id(), Randomness::seeded(2));
        let operator = KeyRing::load(&folder.path().join("hikae.key")).unwrap();
        let next = operator.add_next(&mut random, Timestamp(2)).unwrap();
        assert_eq!((operator.active_id(), operator.next_id()), (first.clone(), Some(next.clone())));
        assert!(matches!(operator.add_next(&mut random, Timestamp(2)), Err(KeyFileError::NextWaits(_))));
        assert!(matches!(operator.activate("another"), Err(KeyFileError::NotWaiting(_))));
        operator.activate(&next).unwrap();
        let sealed = operator.seal(Purpose::Mail, "1", b"a mail", &mut random).unwrap();
        assert_eq!(sealed.key_id, next);

        assert_eq!(node.active_id(), first);
        assert_eq!(node.open(Purpose::Mail, "1", &sealed).unwrap().as_slice(), b"a mail");
        assert_eq!(node.active_id(), next);
        assert!(node.derive(&first, Purpose::Mail).is_ok());
        assert!(node.derive("another", Purpose::Mail).is_err());

        let third = operator.add_next(&mut random, Timestamp(4)).unwrap();
        operator.activate(&third).unwrap();
        assert!(node.refresh().unwrap());
        assert_eq!((node.active_id(), node.ids().len()), (operator.active_id(), 3));
        let mode = fs::metadata(folder.path().join("hikae.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_key_that_waits_is_taken_up_for_good_once_another_node_uses_it() {
        let (_folder, node) = in_a_file();
        let next = node.add_next(&mut Randomness::seeded(2), Timestamp(2)).unwrap();
        assert!(!node.take_up(|_| false));
        assert!(!node.used_ids().contains(&next));
        assert!(node.take_up(|id| id == next));
        assert_eq!((node.active_id(), node.next_id()), (next.clone(), None));
        // A file that changes again and still lets the key wait changes nothing of that.
        let other = node.add_next(&mut Randomness::seeded(3), Timestamp(3)).unwrap();
        assert_eq!((node.active_id(), node.next_id()), (next, Some(other)));
    }

    #[test]
    fn a_file_made_private_again_is_followed() {
        let (folder, node) = in_a_file();
        let path = folder.path().join("hikae.key");
        let operator = KeyRing::load(&path).unwrap();
        let next = operator.add_next(&mut Randomness::seeded(2), Timestamp(2)).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(node.refresh(), Err(KeyFileError::OpenToOthers)));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(node.refresh().unwrap());
        assert_eq!(node.next_id(), Some(next));
    }

    #[test]
    fn a_file_that_lost_a_key_is_not_followed() {
        let (folder, node) = in_a_file();
        let path = folder.path().join("hikae.key");
        fs::remove_file(&path).unwrap();
        assert!(!node.refresh().unwrap());
        KeyRing::generate(&mut Randomness::seeded(9), Timestamp(9)).create(&path).unwrap();
        assert!(matches!(node.refresh(), Err(KeyFileError::LostKey)));
        assert!(!node.refresh().unwrap(), "said once");
        assert!(node.derive(&node.active_id(), Purpose::Mail).is_ok());
    }
}
