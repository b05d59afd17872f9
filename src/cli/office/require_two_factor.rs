//! `hikae office require-two-factor`: requires two-factor authentication of an office's members.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use clap::Args;

use super::the_office;
use crate::cli::output;
use crate::cli::store::{Store, WhenNew};
use crate::service::require_two_factor::{InvalidDay, RequireTwoFactorAsOperator, decide_as_operator};

#[derive(Args)]
pub struct RequireTwoFactor {
    /// Office, by id or name
    #[arg(long)]
    office: String,
    /// First day, from midnight in Tokyo on
    #[arg(long, value_name = "YYYY-MM-DD", required_unless_present = "lift", conflicts_with = "lift")]
    from: Option<String>,
    /// Lift the requirement
    #[arg(long)]
    lift: bool,
    #[command(flatten)]
    store: Store,
}

impl RequireTwoFactor {
    /// Sets the day or lifts the requirement; the members concerned are told by e-mail.
    ///
    /// # Errors
    /// There is no such office, its plan knows no requirement, or the day is none.
    pub async fn run(self, variables: &BTreeMap<String, String>) -> Result<()> {
        let services = self.store.open(variables, WhenNew::Refuse).await?;
        let office = the_office(&services, &self.office).await?;
        let name = &office.name;
        match decide_as_operator(&services, office.id, self.from.as_deref()).await? {
            RequireTwoFactorAsOperator::Done => match self.from {
                Some(day) => output::line(&format!("{name}: two-factor authentication is required from {day} on")),
                None => output::line(&format!("{name}: two-factor authentication is no longer required")),
            },
            RequireTwoFactorAsOperator::Unchanged => output::line(&format!("{name}: nothing to change")),
            RequireTwoFactorAsOperator::PlanKnowsNone => {
                bail!(
                    "{name} is on {}; corporate-advance, corporate-enterprise or legacy-enterprise is needed",
                    office.plan
                )
            }
            RequireTwoFactorAsOperator::InvalidDay(InvalidDay::Past) => bail!("the day is past"),
            RequireTwoFactorAsOperator::InvalidDay(InvalidDay::TooFar) => bail!("the day is more than a year away"),
            RequireTwoFactorAsOperator::InvalidDay(InvalidDay::Empty | InvalidDay::Unreadable) => {
                bail!("no day; write it as 2026-12-01")
            }
        }
        Ok(())
    }
}
