//! `hikae codes void-all`: voids every sheet.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use clap::Args;
use serde::Serialize;

use crate::cli::confirm::confirm;
use crate::cli::output;
use crate::cli::progress::bar;
use crate::cli::store::{Store, WhenNew};
use crate::service::void_all_codes::{live_sheets, void_all_codes};

/// Everybody concerned is told by mail. Sign-in with the authenticator goes on working, and the
/// members reissue by themselves. After an interruption, run it again: it goes on.
#[derive(Args)]
pub struct VoidAll {
    /// Do not ask for confirmation
    #[arg(long)]
    yes: bool,
    /// Answer as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: Store,
}

#[derive(Serialize)]
struct Answer {
    voided: u64,
}

impl VoidAll {
    /// Voids every sheet that was issued before now.
    ///
    /// # Errors
    /// It was not confirmed, or the database failed; what is void stays void.
    pub async fn run(self, variables: &BTreeMap<String, String>) -> Result<()> {
        let services = self.store.open(variables, WhenNew::Refuse).await?;
        let live = live_sheets(&services).await?;
        if live > 0 {
            let question = format!("The backup codes of {live} member(s) will be void, and each is told by mail.");
            confirm(&question, "--yes", self.yes)?;
        }
        let bar = bar(live, "voiding {bar:30} {pos}/{len} {eta}");
        let progress = bar.clone();
        let voided = void_all_codes(&services, move |done| progress.set_position(done))
            .await
            .context("not all codes are void; run it again to go on")?;
        bar.finish_and_clear();
        if self.json {
            return output::json(&Answer { voided });
        }
        output::line(&format!("voided the backup codes of {voided} member(s)"));
        Ok(())
    }
}
