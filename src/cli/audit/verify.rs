//! `hikae audit verify`: follows the chain of the audit trail.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use clap::Args;
use serde::Serialize;

use crate::cli::output;
use crate::cli::store::{Store, WhenNew};
use crate::service::verify_audit::verify_audit;

#[derive(Args)]
pub struct Verify {
    /// Answer as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: Store,
}

#[derive(Serialize)]
struct Answer {
    intact: bool,
    rows: i64,
    /// Rows up to this one have been forgotten by age.
    pruned_up_to: Option<String>,
    head: Option<Head>,
    broken: Option<Broken>,
}

#[derive(Serialize)]
struct Head {
    seq: String,
    hash: String,
}

#[derive(Serialize)]
struct Broken {
    seq: String,
    reason: &'static str,
}

impl Verify {
    /// Ends with 0 only when the trail is whole. The head, noted elsewhere, shows later whether
    /// rows were cut off its end.
    ///
    /// # Errors
    /// The trail is broken, or cannot be read.
    pub async fn run(self, variables: &BTreeMap<String, String>) -> Result<()> {
        let services = self.store.open(variables, WhenNew::Refuse).await?;
        let report = verify_audit(&services).await?;
        let broken = report.broken;
        if self.json {
            output::json(&Answer {
                intact: broken.is_none(),
                rows: report.rows,
                pruned_up_to: (report.pruned > 0).then(|| report.pruned.to_string()),
                head: report.head.map(|(seq, hash)| Head { seq: seq.to_string(), hash }),
                broken: broken.map(|(seq, reason)| Broken { seq: seq.to_string(), reason }),
            })?;
        } else if broken.is_none() {
            output::line(&format!("the audit trail is whole: {} row(s)", report.rows));
            if report.pruned > 0 {
                output::line(&format!("rows up to {} have been forgotten by age", report.pruned));
            }
            if let Some((seq, hash)) = report.head {
                output::line(&format!("head: {seq} {hash}"));
            }
        }
        match broken {
            Some((seq, reason)) => bail!("the audit trail is broken at row {seq}: {reason}"),
            None => Ok(()),
        }
    }
}
