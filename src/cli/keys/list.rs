//! `hikae keys list`: the keys and what needs them.

use std::collections::BTreeMap;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use crate::cli::output;
use crate::cli::store::{Store, WhenNew};
use crate::service::rotate_keys::{KeyState, KeyView, list_keys};

#[derive(Args)]
pub struct List {
    /// Answer as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: Store,
}

#[derive(Serialize)]
struct Answer {
    id: String,
    state: &'static str,
    used_by: BTreeMap<&'static str, i64>,
}

impl From<KeyView> for Answer {
    fn from(key: KeyView) -> Self {
        let state = match key.state {
            KeyState::Active => "active",
            KeyState::Next => "next",
            KeyState::Earlier => "earlier",
        };
        Self { id: key.id, state, used_by: key.used_by }
    }
}

impl List {
    /// Lists every key, never its value.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn run(self, variables: &BTreeMap<String, String>) -> Result<()> {
        let services = self.store.open(variables, WhenNew::Refuse).await?;
        let keys: Vec<Answer> = list_keys(&services).await?.into_iter().map(Answer::from).collect();
        if self.json {
            return output::json(&keys);
        }
        let row = |key: Answer| {
            let used: Vec<String> =
                key.used_by.iter().map(|(kind, count)| format!("{count} {}", kind.replace('_', " "))).collect();
            vec![key.id, key.state.to_owned(), if used.is_empty() { "-".to_owned() } else { used.join(", ") }]
        };
        output::table(&["ID", "STATE", "USED BY"], &keys.into_iter().map(row).collect::<Vec<_>>());
        Ok(())
    }
}
