//! How a command other than `serve` reaches the data.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;

use crate::app::{Schema, open_services};
use crate::clock::Clock;
use crate::logging;
use crate::random::Randomness;
use crate::service::Services;
use crate::settings::{Layer, Settings};
use crate::store::DatabaseUrl;

/// Where the data is; everything else comes from file and environment.
#[derive(Args)]
pub struct Store {
    /// Settings file [env: HIKAE_CONFIG] [default: ./hikae.toml]
    #[arg(long, value_name = "FILE", help_heading = "Settings")]
    config: Option<PathBuf>,
    /// Folder of the database, the key file and the outbox [env: HIKAE_DATA_DIR] [default: ./data]
    #[arg(long, value_name = "DIR", help_heading = "Settings")]
    data_dir: Option<PathBuf>,
    /// Key file [env: HIKAE_KEY_FILE]
    #[arg(long, value_name = "FILE", help_heading = "Settings")]
    key_file: Option<PathBuf>,
}

/// What a command does when there is no database yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WhenNew {
    /// Makes it: the first office or people of a new portal.
    Make,
    /// Refuses: there is nothing to list or change, and a mistyped folder must not become one.
    Refuse,
}

impl Store {
    /// The settings, with logging started; commands log warnings only, unless told otherwise.
    ///
    /// # Errors
    /// The settings were refused.
    pub fn settings(self, variables: &BTreeMap<String, String>) -> Result<Settings> {
        let flags = Layer { data_dir: self.data_dir, key_file: self.key_file, ..Layer::default() };
        let mut settings = Settings::load(flags, self.config.as_deref(), variables)?;
        if settings.log == Settings::default().log {
            settings.log = "warn".to_owned();
        }
        logging::start(&settings.log, settings.log_format)?;
        Ok(settings)
    }

    /// Opens what the acts work with.
    ///
    /// # Errors
    /// The settings were refused, there is no database, or it is not up to date.
    pub async fn open(self, variables: &BTreeMap<String, String>, when_new: WhenNew) -> Result<Services> {
        let settings = self.settings(variables)?;
        let missing = match settings.database()? {
            DatabaseUrl::Sqlite(path) if !fs::exists(&path)? => Some(path),
            _ => None,
        };
        let schema = match (missing, when_new) {
            (Some(path), WhenNew::Refuse) => {
                bail!("there is no database at {}: is this the right folder (HIKAE_DATA_DIR)?", path.display())
            }
            (Some(_), WhenNew::Make) => Schema::Migrate,
            (None, _) => Schema::MustBeCurrent,
        };
        open_services(&settings, schema, Clock::System, Randomness::System).await
    }
}
