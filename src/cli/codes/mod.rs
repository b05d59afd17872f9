//! `hikae codes`: backup codes.

mod void_all;

use std::collections::BTreeMap;

use anyhow::Result;
use clap::Subcommand;

#[derive(Subcommand)]
pub enum Codes {
    /// Void every backup code there is, after a leaked key file or a restored backup
    VoidAll(void_all::VoidAll),
}

impl Codes {
    /// Runs the command.
    ///
    /// # Errors
    /// It was refused, or failed.
    pub async fn run(self, variables: &BTreeMap<String, String>) -> Result<()> {
        match self {
            Codes::VoidAll(void_all) => void_all.run(variables).await,
        }
    }
}
