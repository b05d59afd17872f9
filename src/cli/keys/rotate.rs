//! `hikae keys rotate`: a new active key, and everything sealed anew.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde::Serialize;

use crate::cli::output;
use crate::cli::progress::bar;
use crate::cli::store::{Store, WhenNew};
use crate::service::rotate_keys::{activate_key, reseal, to_reseal};

/// Running nodes follow within a minute. Earlier keys stay in the file: sheets need theirs until
/// they are reissued, and the audit trail needs all of them.
#[derive(Args)]
pub struct Rotate {
    /// Change no key: only seal anew what earlier keys still seal, after an interruption or for
    /// what other nodes sealed meanwhile
    #[arg(long)]
    reseal_only: bool,
    /// Answer as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: Store,
}

#[derive(Serialize)]
struct Answer {
    active: String,
    resealed: u64,
    unreadable: u64,
}

impl Rotate {
    /// Rotates.
    ///
    /// # Errors
    /// The file cannot be written, the database fails, or something sealed could not be opened.
    pub async fn run(self, variables: &BTreeMap<String, String>) -> Result<()> {
        let services = self.store.open(variables, WhenNew::Refuse).await?;
        let active = if self.reseal_only { services.keys.active_id() } else { activate_key(&services).await? };
        let bar = bar(to_reseal(&services).await?, "sealing {bar:30} {pos}/{len} {eta}");
        let progress = bar.clone();
        let resealed = reseal(&services, move |done| progress.set_position(done))
            .await
            .with_context(|| format!("the key {active} is active, but not everything is sealed with it; go on with `hikae keys rotate --reseal-only`"))?;
        bar.finish_and_clear();
        if self.json {
            output::json(&Answer { active, resealed: resealed.done, unreadable: resealed.unreadable })?;
        } else {
            output::line(&format!("the key {active} is active; {} value(s) sealed anew with it", resealed.done));
            output::line("keep a new copy of the key file in its safe place; earlier keys stay in it");
        }
        match resealed.unreadable {
            0 => Ok(()),
            some => bail!("{some} value(s) could not be opened with any key, and stay as they are; the log names them"),
        }
    }
}
