//! The key file on the disk: read whole, written anew and put in place in one step, so that no
//! moment, no crash and no second command ever loses a key.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

/// The length of a key.
pub const KEY_BYTES: usize = 32;
const HEAD: &str = "# The keys of this Hikae. Without this file no backup code and no authenticator can be checked.\n\
                    # Keep a copy in a safe place, apart from the database and its backups.\n";

/// Why a key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("the key file is readable by others: make it mode 0600")]
    OpenToOthers,
    #[error("the key file is damaged: {0}")]
    Damaged(&'static str),
    #[error("the key file has lost a key that was in it, or holds another one under its name")]
    LostKey,
    #[error("the key {0} waits in the key file already: make it the active one with `hikae keys rotate`")]
    NextWaits(String),
    #[error("the key {0} does not wait in the key file any more: another command has changed it")]
    NotWaiting(String),
    #[error("these keys are in no file")]
    NoFile,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    active: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    keys: BTreeMap<String, String>,
}

impl Drop for Text {
    fn drop(&mut self) {
        self.keys.values_mut().for_each(Zeroize::zeroize);
    }
}

/// What a key file holds.
#[derive(Clone)]
pub(super) struct Keys {
    /// Seals what is new.
    pub active: String,
    /// Was added, and waits to become the active one.
    pub next: Option<String>,
    pub keys: BTreeMap<String, Zeroizing<[u8; KEY_BYTES]>>,
}

/// By what a file is seen to be another one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    inode: u64,
    length: u64,
    // The time of the last change to the file or to who may read it, which nobody can set back.
    seconds: i64,
    nanoseconds: i64,
}

impl Stamp {
    /// The stamp of the file as it is now; `None` when it is not there.
    pub fn of(path: &Path) -> Option<Self> {
        let data = fs::metadata(path).ok()?;
        Some(Self { inode: data.ino(), length: data.len(), seconds: data.ctime(), nanoseconds: data.ctime_nsec() })
    }
}

impl Keys {
    /// Reads a key file.
    pub fn read(path: &Path) -> Result<Self, KeyFileError> {
        if fs::metadata(path)?.permissions().mode() & 0o077 != 0 {
            return Err(KeyFileError::OpenToOthers);
        }
        let text = Zeroizing::new(fs::read_to_string(path)?);
        let file: Text =
            toml::from_str(&text).map_err(|_| KeyFileError::Damaged("it is not in the form of a key file"))?;
        let mut keys = BTreeMap::new();
        for (id, text) in &file.keys {
            let bytes = Zeroizing::new(
                BASE64.decode(text.as_bytes()).map_err(|_| KeyFileError::Damaged("a key is not base64"))?,
            );
            let key: [u8; KEY_BYTES] =
                bytes.as_slice().try_into().map_err(|_| KeyFileError::Damaged("a key is not 256 bits long"))?;
            keys.insert(id.clone(), Zeroizing::new(key));
        }
        if !keys.contains_key(&file.active) {
            return Err(KeyFileError::Damaged("the active key is not in it"));
        }
        if file.next.as_ref().is_some_and(|next| !keys.contains_key(next) || *next == file.active) {
            return Err(KeyFileError::Damaged("the next key is not in it"));
        }
        Ok(Self { active: file.active.clone(), next: file.next.clone(), keys })
    }

    /// Makes a new key file, mode 0600; an existing one is never written over. The file appears
    /// whole: a node that starts at the same moment reads all of it or sees none.
    pub fn create(&self, path: &Path) -> Result<(), KeyFileError> {
        let _turn = turn(path)?;
        let new = self.write_beside(path)?;
        let made = fs::hard_link(&new, path);
        fs::remove_file(&new)?;
        made?;
        sync_folder(path)?;
        Ok(())
    }

    /// Writes the keys to a file beside the key file. The caller holds the turn, so what lies there
    /// was left by a command that was interrupted.
    fn write_beside(&self, path: &Path) -> Result<PathBuf, KeyFileError> {
        let (new, text) = (beside(path, ".new"), self.text()?);
        match fs::remove_file(&new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        Ok(new)
    }

    /// Changes a key file: one command at a time, and the old file stays until the new one is
    /// whole and on the disk.
    pub fn change(
        path: &Path,
        change: impl FnOnce(&mut Keys) -> Result<(), KeyFileError>,
    ) -> Result<Keys, KeyFileError> {
        // Behind a link stands the file that is to be replaced, not the link.
        let path = fs::canonicalize(path)?;
        let _turn = turn(&path)?;
        let mut keys = Self::read(&path)?;
        change(&mut keys)?;
        let new = keys.write_beside(&path)?;
        let (old, made) = (fs::metadata(&path)?, fs::metadata(&new)?);
        if (old.uid(), old.gid()) != (made.uid(), made.gid()) {
            chown(&new, Some(old.uid()), Some(old.gid()))?;
        }
        fs::rename(&new, &path)?;
        sync_folder(&path)?;
        Ok(keys)
    }

    /// Makes the key that waits the active one, if it is this one.
    pub fn take_up(&mut self, id: &str) {
        if self.next.as_deref() == Some(id) {
            id.clone_into(&mut self.active);
            self.next = None;
        }
    }

    /// Whether every key of `earlier` is still here, under its name.
    pub fn keeps(&self, earlier: &Keys) -> bool {
        earlier.keys.iter().all(|(id, key)| self.keys.get(id).is_some_and(|here| **here == **key))
    }

    fn text(&self) -> Result<Zeroizing<String>, KeyFileError> {
        let keys = self.keys.iter().map(|(id, key)| (id.clone(), BASE64.encode(key.as_slice()))).collect();
        let body = toml::to_string(&Text { active: self.active.clone(), next: self.next.clone(), keys })
            .map(Zeroizing::new)
            .map_err(|_| KeyFileError::Damaged("it cannot be written"))?;
        Ok(Zeroizing::new(format!("{HEAD}{}", *body)))
    }
}

/// The turn of this command to write the key file, held until it is dropped.
fn turn(path: &Path) -> io::Result<File> {
    let lock = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(beside(path, ".lock"))?;
    lock.lock()?;
    Ok(lock)
}

/// The name of a file has to last as well as its content.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        let active = "2026-11-22".to_owned();
        Keys { active: active.clone(), next: None, keys: BTreeMap::from([(active, Zeroizing::new([7; KEY_BYTES]))]) }
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn whoever_reads_a_new_key_file_at_once_reads_all_of_it_or_sees_none() {
        for round in 0..300 {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("hikae.key");
            std::thread::scope(|scope| {
                let reader = scope.spawn(|| {
                    loop {
                        match Keys::read(&path) {
                            Ok(read) => return read.active,
                            Err(KeyFileError::Io(error)) if error.kind() == io::ErrorKind::NotFound => {}
                            Err(error) => panic!("round {round}: {error}"),
                        }
                    }
                });
                keys().create(&path).unwrap();
                assert_eq!(reader.join().unwrap(), keys().active);
            });
        }
    }

    #[test]
    fn an_existing_key_file_stays_and_an_interrupted_command_stands_in_nobodys_way() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hikae.key");
        fs::write(beside(&path, ".new"), "half a ke").unwrap();
        keys().create(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let before = fs::read(&path).unwrap();
        let Err(KeyFileError::Io(error)) = keys().create(&path) else { panic!("made twice") };
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), before);
        assert_eq!(names(folder.path()), ["hikae.key", "hikae.key.lock"]);
    }
}
