//! `hikae office list`: lists the offices.

use std::collections::BTreeMap;

use anyhow::Result;
use clap::Args;

use super::{OfficeAnswer, moment};
use crate::cli::output;
use crate::cli::store::{Store, WhenNew};
use crate::service::operator::list_offices;

#[derive(Args)]
pub struct List {
    /// Answer as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: Store,
}

impl List {
    /// Lists every office with its plan and its number of members.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn run(self, variables: &BTreeMap<String, String>) -> Result<()> {
        let services = self.store.open(variables, WhenNew::Refuse).await?;
        let offices = list_offices(&services).await?;
        if self.json {
            return output::json(&offices.iter().map(OfficeAnswer::from).collect::<Vec<_>>());
        }
        let row = |office: &crate::service::operator::OfficeView| {
            let required = office.two_factor_required_from.map_or_else(|| "-".to_owned(), moment);
            vec![
                office.id.to_string(),
                office.plan.to_string(),
                office.members.to_string(),
                required,
                office.name.clone(),
            ]
        };
        output::table(
            &["ID", "PLAN", "MEMBERS", "TWO-FACTOR FROM", "NAME"],
            &offices.iter().map(row).collect::<Vec<_>>(),
        );
        Ok(())
    }
}
