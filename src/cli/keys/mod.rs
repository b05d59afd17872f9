//! `hikae keys`: the key file.

mod add;
mod list;
mod rotate;

use std::collections::BTreeMap;

use anyhow::Result;
use clap::Subcommand;

#[derive(Subcommand)]
pub enum Keys {
    /// Add a key for later, to copy the file to every node before `rotate`
    Add(add::Add),
    /// Change to the added key, or to a new one, and seal everything anew with it
    Rotate(rotate::Rotate),
    /// List the keys and what needs them
    List(list::List),
}

impl Keys {
    /// Runs the command.
    ///
    /// # Errors
    /// It was refused, or failed.
    pub async fn run(self, variables: &BTreeMap<String, String>) -> Result<()> {
        match self {
            Keys::Add(add) => add.run(variables).await,
            Keys::Rotate(rotate) => rotate.run(variables).await,
            Keys::List(list) => list.run(variables).await,
        }
    }
}
