//! `hikae user`: people and their accounts.

mod add;
mod assign;
mod end_sessions;
mod import;
mod import_file;
pub mod import_line;
mod list;
mod release;

use std::collections::BTreeMap;

use anyhow::Result;
use clap::Subcommand;

#[derive(Subcommand)]
pub enum User {
    /// Add a person; the password comes from standard input
    Add(add::Add),
    /// Add a person to an office, or change a member's role
    Assign(assign::Assign),
    /// Import people from a file of JSON lines: all of them, or none
    Import(import::Import),
    /// List the people
    List(list::List),
    /// Turn off a person's two-factor authentication (解除), for the last administrator
    Release(release::Release),
    /// End all sessions of a person
    EndSessions(end_sessions::EndSessions),
}

impl User {
    /// Runs the command.
    ///
    /// # Errors
    /// It was refused, or failed.
    pub async fn run(self, variables: &BTreeMap<String, String>) -> Result<()> {
        match self {
            User::Add(add) => add.run(variables).await,
            User::Assign(assign) => assign.run(variables).await,
            User::Import(import) => import.run(variables).await,
            User::List(list) => list.run(variables).await,
            User::Release(release) => release.run(variables).await,
            User::EndSessions(end_sessions) => end_sessions.run(variables).await,
        }
    }
}
