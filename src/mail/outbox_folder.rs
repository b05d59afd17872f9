//! Mails as `.eml` files in a folder, for a Hikae without a mail server. They hold links that
//! work, so that only the owner of the process may read them.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use jiff::Timestamp as Instant;

use super::eml::WireMail;
use super::transport::SendError;

/// Makes the folder, for its owner alone; one that exists keeps its rights.
pub fn make(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Writes one mail: first under a temporary name, then renamed, so that whoever looks into the
/// folder never sees half a mail. The name is the same at every try.
pub async fn write(folder: PathBuf, mail: WireMail) -> Result<(), SendError> {
    let writing = tokio::task::spawn_blocking(move || write_now(&folder, &mail));
    match writing.await {
        Ok(written) => written.map_err(|error| SendError::Folder(error.kind())),
        Err(_) => Err(SendError::Folder(io::ErrorKind::Other)),
    }
}

fn write_now(folder: &Path, mail: &WireMail) -> io::Result<()> {
    let name = file_name(mail);
    let temporary = folder.join(format!(".{name}.{}", std::process::id()));
    match fs::remove_file(&temporary) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
    file.write_all(&mail.bytes)?;
    file.sync_all()?;
    fs::rename(&temporary, folder.join(name))?;
    File::open(folder)?.sync_all()
}

/// Sorts by the time at which the mail was put into the outbox.
fn file_name(mail: &WireMail) -> String {
    let time = Instant::from_second(mail.created_at.0).unwrap_or(Instant::UNIX_EPOCH);
    format!("{}-{:019}.eml", time.strftime("%Y%m%dT%H%M%SZ"), mail.id.as_i64())
}
