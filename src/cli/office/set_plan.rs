//! `hikae office set-plan`: changes the plan of an office.

use std::collections::BTreeMap;

use anyhow::Result;
use clap::Args;

use super::the_office;
use crate::cli::output;
use crate::cli::store::{Store, WhenNew};
use crate::domain::plan::Plan;
use crate::service::operator::set_plan;

#[derive(Args)]
pub struct SetPlan {
    /// Office, by id or name
    #[arg(long)]
    office: String,
    /// New plan, such as corporate-standard, personal-premium or none
    #[arg(long)]
    plan: Plan,
    #[command(flatten)]
    store: Store,
}

impl SetPlan {
    /// Changes the plan. Codes issued already keep working for sign-in.
    ///
    /// # Errors
    /// There is no such office, or several of that name.
    pub async fn run(self, variables: &BTreeMap<String, String>) -> Result<()> {
        let services = self.store.open(variables, WhenNew::Refuse).await?;
        let office = the_office(&services, &self.office).await?;
        set_plan(&services, office.id, self.plan).await?;
        output::line(&format!("{}: {} -> {}", office.name, office.plan, self.plan));
        Ok(())
    }
}
