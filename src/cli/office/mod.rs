//! `hikae office`: offices and their plans.

mod add;
mod list;
mod require_two_factor;
mod set_plan;

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use clap::Subcommand;
use serde::Serialize;

use crate::domain::plan::Plan;
use crate::domain::time::Timestamp;
use crate::service::Services;
use crate::service::operator::{FindOffice, OfficeView, find_office};

#[derive(Subcommand)]
pub enum Office {
    /// Add an office
    Add(add::Add),
    /// Change the plan of an office
    SetPlan(set_plan::SetPlan),
    /// Require two-factor authentication in an office, or lift the requirement
    RequireTwoFactor(require_two_factor::RequireTwoFactor),
    /// List the offices
    List(list::List),
}

impl Office {
    /// Runs the command.
    ///
    /// # Errors
    /// It was refused, or failed.
    pub async fn run(self, variables: &BTreeMap<String, String>) -> Result<()> {
        match self {
            Office::Add(add) => add.run(variables).await,
            Office::SetPlan(set_plan) => set_plan.run(variables).await,
            Office::RequireTwoFactor(require) => require.run(variables).await,
            Office::List(list) => list.run(variables).await,
        }
    }
}

/// An office as scripts read it.
#[derive(Serialize)]
struct OfficeAnswer<'a> {
    id: String,
    name: &'a str,
    plan: Plan,
    members: i64,
    /// The first second of the requirement, in UTC; it counts while the plan knows one.
    two_factor_required_from: Option<String>,
}

impl<'a> From<&'a OfficeView> for OfficeAnswer<'a> {
    fn from(office: &'a OfficeView) -> Self {
        Self {
            id: office.id.to_string(),
            name: &office.name,
            plan: office.plan,
            members: office.members,
            two_factor_required_from: office.two_factor_required_from.map(moment),
        }
    }
}

/// A moment as scripts read it: `2026-11-30T15:00:00Z`.
fn moment(at: Timestamp) -> String {
    jiff::Timestamp::from_second(at.0).unwrap_or(jiff::Timestamp::MAX).to_string()
}

/// The office that an id or a name means.
///
/// # Errors
/// None, or several of that name.
pub async fn the_office(services: &Services, which: &str) -> Result<OfficeView> {
    match find_office(services, which).await? {
        FindOffice::Found(office) => Ok(office),
        FindOffice::None => bail!("there is no office {which:?}; `hikae office list` shows them"),
        FindOffice::Several => {
            bail!("several offices are called {which:?}; give the id that `hikae office list` shows")
        }
    }
}
