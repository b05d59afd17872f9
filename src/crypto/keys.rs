//! The key file: 256-bit keys with ids, kept outside the database and its backups (SC-05). Every
//! use derives a key of its own (HKDF-SHA-256), so that no two uses share one.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use data_encoding::{BASE64, HEXLOWER};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use crate::domain::time::Timestamp;
use crate::fault::Fault;
use crate::random::Randomness;

const KEY_BYTES: usize = 32;

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
    /// The cookie of a visitor who is not signed in.
    Visitor,
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
            Purpose::Visitor => "hikae/1 visitor",
            Purpose::Check => "hikae/1 key check",
        }
    }
}

/// Why a key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("the key file is readable by others: make it mode 0600")]
    OpenToOthers,
    #[error("the key file is damaged: {0}")]
    Damaged(&'static str),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    active: String,
    keys: BTreeMap<String, String>,
}

/// All keys of this installation. New secrets use the active one; older ones open what they
/// sealed.
pub struct KeyRing {
    active: String,
    keys: BTreeMap<String, Zeroizing<[u8; KEY_BYTES]>>,
}

impl KeyRing {
    /// A ring with one new key, for a new database.
    pub fn generate(random: &mut Randomness, now: Timestamp) -> Self {
        let id = format!("{}-{}", now.0, HEXLOWER.encode(&random.bytes::<4>()));
        let key = Zeroizing::new(random.bytes::<KEY_BYTES>());
        Self { active: id.clone(), keys: BTreeMap::from([(id, key)]) }
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// [`KeyFileError`] when it cannot be read, others may read it, or it makes no sense.
    pub fn load(path: &Path) -> Result<Self, KeyFileError> {
        if fs::metadata(path)?.permissions().mode() & 0o077 != 0 {
            return Err(KeyFileError::OpenToOthers);
        }
        let text = Zeroizing::new(fs::read_to_string(path)?);
        let mut file: KeyFile =
            toml::from_str(&text).map_err(|_| KeyFileError::Damaged("it is not in the form of a key file"))?;
        let mut keys = BTreeMap::new();
        for (id, text) in &mut file.keys {
            let bytes = Zeroizing::new(
                BASE64.decode(text.as_bytes()).map_err(|_| KeyFileError::Damaged("a key is not base64"))?,
            );
            text.zeroize();
            let key: [u8; KEY_BYTES] =
                bytes.as_slice().try_into().map_err(|_| KeyFileError::Damaged("a key is not 256 bits long"))?;
            keys.insert(id.clone(), Zeroizing::new(key));
        }
        if !keys.contains_key(&file.active) {
            return Err(KeyFileError::Damaged("the active key is not in it"));
        }
        Ok(Self { active: file.active, keys })
    }

    /// Writes a new key file, mode 0600; an existing one is never written over.
    ///
    /// # Errors
    /// [`KeyFileError::Io`] when the file exists or cannot be written.
    pub fn create(&self, path: &Path) -> Result<(), KeyFileError> {
        let keys = self.keys.iter().map(|(id, key)| (id.clone(), BASE64.encode(key.as_slice()))).collect();
        let body = toml::to_string(&KeyFile { active: self.active.clone(), keys })
            .map_err(|_| KeyFileError::Damaged("it cannot be written"))?;
        let text = Zeroizing::new(format!(
            "# The keys of this Hikae. Without this file no backup code and no authenticator can be checked.\n\
             # Keep a copy in a safe place, apart from the database and its backups.\n{body}"
        ));
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        // The name has to last as well as the content.
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::File::open(folder)?.sync_all()?;
        Ok(())
    }

    /// The id of the key that new secrets use.
    pub fn active_id(&self) -> &str {
        &self.active
    }

    /// The ids of all keys.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.keys.keys().map(String::as_str)
    }

    /// The key of one use.
    ///
    /// # Errors
    /// [`Fault::Crypto`] when the ring does not hold the key.
    pub fn derive(&self, key_id: &str, purpose: Purpose) -> Result<Zeroizing<[u8; KEY_BYTES]>, Fault> {
        let key = self.keys.get(key_id).ok_or(Fault::Crypto("the key file lacks a key that is in use"))?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_is_written_once_and_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hikae.key");
        let ring = KeyRing::generate(&mut Randomness::seeded(1), Timestamp(1));
        ring.create(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let again = KeyRing::load(&path).unwrap();
        assert_eq!(again.check_value(again.active_id()).unwrap(), ring.check_value(ring.active_id()).unwrap());
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
        let a = ring.derive(ring.active_id(), Purpose::TotpKey).unwrap();
        let b = ring.derive(ring.active_id(), Purpose::Mail).unwrap();
        assert_ne!(*a, *b);
    }
}
