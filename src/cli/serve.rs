//! `hikae serve`: runs the portal.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use url::Url;

use super::output;
use crate::app::Application;
use crate::clock::Clock;
use crate::domain::link::LinkToken;
use crate::logging;
use crate::random::Randomness;
use crate::service::first_start;
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
        let application = Application::build(settings, Clock::System, Randomness::System).await?;
        if let Some(token) = first_start::offer(application.services()).await? {
            invite_to_set_up(application.base_url(), &token);
        }
        application.run().await?;
        Ok(())
    }
}

/// Prints the token of the first start to whoever started the portal: on standard output and not
/// in the log, and apart from the address, so that it stands in no history (SC-10).
fn invite_to_set_up(base_url: &Url, token: &LinkToken) {
    output::line("Nobody has an account yet. To add the first office and its administrator, open");
    output::line(&format!("  address: {}/setup", base_url.as_str().trim_end_matches('/')));
    output::line(&format!("  token:   {}", token.reveal()));
    output::line("The token works until the first account exists; each start prints a new one.");
}
