//! `hikae backup`: copies the database.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde::Serialize;
use url::Url;

use super::output;
use super::store::Store;
use crate::app::shown;
use crate::service::back_up::back_up;
use crate::store::{DatabaseUrl, Db};

/// The copy is a whole SQLite database, readable by its owner alone. The key file is not in it:
/// keep a copy of that in another place.
#[derive(Args)]
pub struct Backup {
    /// File to write; an existing one is refused
    file: PathBuf,
    /// Answer as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: Store,
}

#[derive(Serialize)]
struct Answer {
    file: PathBuf,
    bytes: u64,
    /// Where the key file is, which is not in the copy.
    key_file: PathBuf,
}

impl Backup {
    /// Copies the database, of whatever schema: a copy is wanted before a migration most of all.
    ///
    /// # Errors
    /// The file exists or cannot be written, or the database is a PostgreSQL.
    pub async fn run(self, variables: &BTreeMap<String, String>) -> Result<()> {
        let settings = self.store.settings(variables)?;
        let url = settings.database()?;
        match &url {
            DatabaseUrl::Postgres(text) => bail!(
                "this command copies SQLite databases; for PostgreSQL run: pg_dump --format=custom --file={} --dbname={}",
                quoted(&self.file.to_string_lossy()),
                quoted(&without_password(text))
            ),
            DatabaseUrl::Sqlite(path) if !fs::exists(path)? => {
                bail!("there is no database at {}: is this the right folder (HIKAE_DATA_DIR)?", path.display())
            }
            DatabaseUrl::Sqlite(_) => {}
        }
        let db = Db::open(&url, 1).await.with_context(|| format!("cannot open {}", shown(&url)))?;
        let bytes = back_up(&db, &self.file).await?;
        let key_file = settings.key_path();
        if self.json {
            return output::json(&Answer { file: self.file, bytes, key_file });
        }
        output::line(&format!("copied the database into {} ({bytes} bytes)", self.file.display()));
        output::line(&format!(
            "the key file {} is not in it: without that file the copy is worthless, so keep one in another place",
            key_file.display()
        ));
        Ok(())
    }
}

/// The address without its password, which pg_dump asks for or finds in its own file.
fn without_password(text: &str) -> String {
    match Url::parse(text) {
        Ok(mut url) => {
            let _ = url.set_password(None);
            let kept: Vec<(String, String)> = url
                .query_pairs()
                .filter(|(name, _)| !name.contains("password"))
                .map(|(n, v)| (n.into(), v.into()))
                .collect();
            url.set_query(None);
            if !kept.is_empty() {
                url.query_pairs_mut().extend_pairs(kept);
            }
            url.into()
        }
        Err(_) => "postgres://…".to_owned(),
    }
}

/// A word as a shell reads it back.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_for_pg_dump_holds_no_password() {
        for (given, shown) in [
            ("postgres://hikae:geheim@127.0.0.1:5433/hikae", "postgres://hikae@127.0.0.1:5433/hikae"),
            ("postgres:///hikae?host=/run&password=geheim", "postgres:///hikae?host=%2Frun"),
        ] {
            assert_eq!(without_password(given), shown);
        }
        assert_eq!(quoted("a'b"), r"'a'\''b'");
    }
}
