//! `hikae migrate`: brings the schema up to date.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use clap::Args;

use super::{output, store::Store};
use crate::app::{make_private, shown};
use crate::store::Db;

#[derive(Args)]
pub struct Migrate {
    #[command(flatten)]
    store: Store,
}

impl Migrate {
    /// Applies what is missing. It needs no keys, so it runs before they are put in place too.
    ///
    /// # Errors
    /// The database cannot be opened or changed.
    pub async fn run(self, variables: &BTreeMap<String, String>) -> Result<()> {
        let settings = self.store.settings(variables)?;
        let url = settings.database()?;
        make_private(&settings.data_dir)?;
        let db = Db::open(&url, 1).await.with_context(|| format!("cannot open {}", shown(&url)))?;
        match db.migrate().await? {
            0 => output::line("the database was up to date already"),
            applied => output::line(&format!("the database is up to date: {applied} migration(s) applied")),
        }
        Ok(())
    }
}
