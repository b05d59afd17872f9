//! Copying a SQLite database into a file that only its owner reads. The file has its name when it
//! is whole and on the disk, and not before; an existing one is never written over.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::fault::Fault;
use crate::store::Db;

/// How a copy fails.
#[derive(Debug, thiserror::Error)]
pub enum BackUpFailed {
    #[error("{0} is there already, and is not written over")]
    Exists(PathBuf),
    #[error("cannot write {0}: {1}")]
    Io(PathBuf, io::Error),
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Copies the database as it is at this moment. It needs no key and changes nothing, so it serves
/// before a migration, too. Says how many bytes the copy has.
///
/// # Errors
/// [`BackUpFailed`]: there is no copy.
pub async fn back_up(db: &Db, file: &Path) -> Result<u64, BackUpFailed> {
    let failed = |error| BackUpFailed::Io(file.to_owned(), error);
    // Takes the name: empty, until the whole copy comes in its place.
    let mut place = Reserved::take(file.to_owned())?;
    let mut name = file.as_os_str().to_owned();
    name.push(".unfinished");
    let mut unfinished = Reserved::take(name.into())?;
    db.copy_into(unfinished.path.clone()).await?;
    let copy = File::open(&unfinished.path).map_err(failed)?;
    copy.sync_all().map_err(failed)?;
    let bytes = copy.metadata().map_err(failed)?.len();
    fs::rename(&unfinished.path, file).map_err(failed)?;
    (unfinished.done, place.done) = (true, true);
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
    Ok(bytes)
}

/// A new file, readable by its owner alone, that goes again when the copy fails.
struct Reserved {
    path: PathBuf,
    done: bool,
}

impl Reserved {
    fn take(path: PathBuf) -> Result<Self, BackUpFailed> {
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
            Ok(_) => Ok(Self { path, done: false }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(BackUpFailed::Exists(path)),
            Err(error) => Err(BackUpFailed::Io(path, error)),
        }
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        if !self.done {
            // What cannot be removed either is seen by whoever tries again.
            let _ = fs::remove_file(&self.path);
        }
    }
}
