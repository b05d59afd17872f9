//! `hikae serve`: runs the portal.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::app::Application;
use crate::clock::Clock;
use crate::logging;
use crate::random::Randomness;
use crate::settings::{Layer, Settings};

#[derive(Args)]
pub struct Serve {
    /// Settings file [env: HIKAE_CONFIG] [default: ./hikae.toml]
    #[arg(long, value_name = "FILE", help_heading = "Settings")]
    config: Option<PathBuf>,
    #[command(flatten)]
    settings: Layer,
}

impl Serve {
    /// Serves until SIGTERM or Ctrl-C.
    ///
    /// # Errors
    /// Whatever keeps the portal from starting.
    pub async fn run(self, variables: &BTreeMap<String, String>) -> Result<()> {
        let settings = Settings::load(self.settings, self.config.as_deref(), variables)?;
        logging::start(&settings.log, settings.log_format)?;
        Application::build(settings, Clock::System, Randomness::System).await?.run().await?;
        Ok(())
    }
}
