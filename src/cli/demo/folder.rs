//! The folder of the demo's data: new and gone afterwards, or kept.

use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::{env, io};

use anyhow::{Context, Result, bail};
use data_encoding::HEXLOWER;

use crate::random::Randomness;

/// Marks a folder as a demo's, so that no other is ever emptied.
const MARKER: &str = ".hikae-demo";
const KEPT: &str = "./demo-data";

/// The demo's folder; a temporary one is removed when this value goes.
pub struct Folder {
    path: PathBuf,
    temporary: bool,
}

impl Folder {
    /// Makes the folder, or empties or reuses that of an earlier demo.
    ///
    /// # Errors
    /// It holds something that no demo made, or cannot be written.
    pub fn open(named: Option<PathBuf>, keep: bool, random: &mut Randomness) -> Result<Folder> {
        let temporary = named.is_none() && !keep;
        let path = match named {
            Some(path) => path,
            None if keep => PathBuf::from(KEPT),
            None => env::temp_dir().join(format!("hikae-demo-{}", HEXLOWER.encode(&random.bytes::<8>()))),
        };
        if is_foreign(&path)? {
            bail!("{} is not empty and was not made by a demo: choose another folder", path.display());
        }
        if !keep {
            match fs::remove_dir_all(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(error).with_context(|| format!("cannot empty {}", path.display()));
                }
                _ => {}
            }
        }
        let made = match DirBuilder::new().mode(0o700).create(&path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists && !temporary => Ok(()),
            other => other,
        };
        made.and_then(|()| fs::write(path.join(MARKER), "made by hikae demo\n"))
            .with_context(|| format!("cannot use the folder {}", path.display()))?;
        Ok(Folder { path, temporary })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the folder is removed at the end.
    pub fn is_temporary(&self) -> bool {
        self.temporary
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.temporary
            && let Err(error) = fs::remove_dir_all(&self.path)
        {
            tracing::warn!(%error, folder = %self.path.display(), "the demo's folder could not be removed");
        }
    }
}

/// Whether something is at `path` that no demo made.
fn is_foreign(path: &Path) -> io::Result<bool> {
    match fs::read_dir(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
        Ok(mut entries) => Ok(entries.next().is_some() && !path.join(MARKER).is_file()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(path: &Path, keep: bool) -> Result<Folder> {
        Folder::open(Some(path.to_owned()), keep, &mut Randomness::seeded(1))
    }

    #[test]
    fn a_folder_that_no_demo_made_is_never_emptied() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("letter.txt"), "dear").unwrap();
        assert!(open(place.path(), false).is_err());
        assert!(open(place.path(), true).is_err());
        assert!(place.path().join("letter.txt").exists());
    }

    #[test]
    fn a_demo_starts_afresh_unless_told_to_keep() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("demo");
        drop(open(&path, false).unwrap());
        fs::write(path.join("old"), "").unwrap();
        drop(open(&path, true).unwrap());
        assert!(path.join("old").exists());
        drop(open(&path, false).unwrap());
        assert!(!path.join("old").exists() && path.exists());
    }

    #[test]
    fn an_unnamed_folder_is_private_and_gone_afterwards() {
        use std::os::unix::fs::PermissionsExt;
        let folder = Folder::open(None, false, &mut Randomness::System).unwrap();
        let path = folder.path().to_owned();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
        drop(folder);
        assert!(!path.exists());
    }
}
