//! `hikae keys rotate`: a new active key, and everything sealed anew.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde::Serialize;
use tokio::time::sleep;

use crate::cli::output;
use crate::cli::progress::bar;
use crate::cli::store::{Store, WhenNew};
use crate::fault::Fault;
use crate::service::follow_keys::{nodes_behind, nodes_without};
use crate::service::rotate_keys::{activate_key, next_key, reseal, to_reseal};

/// A key becomes the active one when every running node has it. Earlier keys stay in the file:
/// sheets need theirs until they are reissued, and the audit trail needs all of them.
#[derive(Args)]
pub struct Rotate {
    /// Keep the active key; only seal anew what earlier keys still seal
    #[arg(long)]
    reseal_only: bool,
    /// Seconds to wait until every running node follows
    #[arg(long, value_name = "N", default_value_t = 30)]
    wait: u64,
    /// Answer as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: Store,
}

#[derive(Serialize)]
struct Answer {
    active: String,
    /// Running nodes that still seal with an earlier key.
    behind: i64,
    resealed: u64,
    unreadable: u64,
}

impl Rotate {
    /// Rotates.
    ///
    /// # Errors
    /// A running node lacks the key, the file cannot be written, the database fails, or something sealed could not be opened.
    pub async fn run(self, variables: &BTreeMap<String, String>) -> Result<()> {
        let services = self.store.open(variables, WhenNew::Refuse).await?;
        let active = if self.reseal_only { services.keys.active_id() } else { next_key(&services).await? };
        if !self.reseal_only {
            match none_left(self.wait, || nodes_without(&services, &active)).await? {
                0 => activate_key(&services, &active).await?,
                some => bail!(
                    "{some} running node(s) do not have the key {active} yet, so it is not used: copy the key file to \
                     every node, then run `hikae keys rotate` again"
                ),
            }
        }
        // What a node seals before it follows would need another go.
        let behind = none_left(self.wait, || nodes_behind(&services, &active)).await?;
        let bar = bar(to_reseal(&services).await?, "sealing {bar:30} {pos}/{len} {eta}");
        let progress = bar.clone();
        let resealed = reseal(&services, move |done| progress.set_position(done))
            .await
            .with_context(|| format!("the key {active} is active, but not everything is sealed with it; go on with `hikae keys rotate --reseal-only`"))?;
        bar.finish_and_clear();
        if self.json {
            output::json(&Answer { active, behind, resealed: resealed.done, unreadable: resealed.unreadable })?;
        } else {
            output::line(&format!("the key {active} is active; {} value(s) sealed anew with it", resealed.done));
            if behind > 0 {
                output::line(&format!(
                    "{behind} running node(s) still seal with an earlier key: run `hikae keys rotate --reseal-only` later"
                ));
            }
            output::line("keep a new copy of the key file in its safe place; earlier keys stay in it");
        }
        match resealed.unreadable {
            0 => Ok(()),
            some => bail!("{some} value(s) could not be opened with any key, and stay as they are; the log names them"),
        }
    }
}

/// Asks again every second, for as long as may be waited, until none is left; says how many are.
async fn none_left<F: Future<Output = Result<i64, Fault>>>(seconds: u64, count: impl Fn() -> F) -> Result<i64, Fault> {
    for _ in 0..seconds {
        if count().await? == 0 {
            return Ok(0);
        }
        sleep(Duration::from_secs(1)).await;
    }
    count().await
}
