//! `hikae audit`: the audit trail.

mod verify;

use std::collections::BTreeMap;

use anyhow::Result;
use clap::Subcommand;

#[derive(Subcommand)]
pub enum Audit {
    /// Check that no row was changed, taken out or moved
    Verify(verify::Verify),
}

impl Audit {
    /// Runs the command.
    ///
    /// # Errors
    /// It was refused, or failed.
    pub async fn run(self, variables: &BTreeMap<String, String>) -> Result<()> {
        match self {
            Audit::Verify(verify) => verify.run(variables).await,
        }
    }
}
