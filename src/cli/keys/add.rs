//! `hikae keys add`: adds a key that waits.

use std::collections::BTreeMap;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use crate::cli::output;
use crate::cli::store::{Store, WhenNew};
use crate::service::rotate_keys::add_key;

#[derive(Args)]
pub struct Add {
    /// Answer as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: Store,
}

#[derive(Serialize)]
struct Answer {
    added: String,
}

impl Add {
    /// Adds the key and says what to do next.
    ///
    /// # Errors
    /// A key waits already, or the file cannot be written.
    pub async fn run(self, variables: &BTreeMap<String, String>) -> Result<()> {
        let services = self.store.open(variables, WhenNew::Refuse).await?;
        let added = add_key(&services).await?;
        if self.json {
            return output::json(&Answer { added });
        }
        output::line(&format!("added the key {added}, which is not used yet"));
        output::line("copy the key file to every node and to its safe place, then run `hikae keys rotate`");
        Ok(())
    }
}
