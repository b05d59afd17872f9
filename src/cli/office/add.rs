//! `hikae office add`: adds an office.

use std::collections::BTreeMap;

use anyhow::Result;
use clap::Args;

use super::OfficeAnswer;
use crate::cli::output;
use crate::cli::store::{Store, WhenNew};
use crate::domain::office::Name;
use crate::domain::plan::Plan;
use crate::service::operator::{OfficeView, add_office};

#[derive(Args)]
pub struct Add {
    /// Name of the office
    #[arg(long, value_parser = Name::parse)]
    name: Name,
    /// Plan, such as corporate-standard, personal-premium or none
    #[arg(long)]
    plan: Plan,
    /// Answer as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: Store,
}

impl Add {
    /// Adds the office and says its id.
    ///
    /// # Errors
    /// The database cannot be used.
    pub async fn run(self, variables: &BTreeMap<String, String>) -> Result<()> {
        let services = self.store.open(variables, WhenNew::Make).await?;
        let id = add_office(&services, self.name.clone(), self.plan).await?;
        if self.json {
            let office = OfficeView {
                id,
                name: self.name.into_string(),
                plan: self.plan,
                members: 0,
                two_factor_required_from: None,
            };
            output::json(&OfficeAnswer::from(&office))
        } else {
            output::line(&format!("added the office {} on {}, id {id}", self.name.as_str(), self.plan));
            Ok(())
        }
    }
}
