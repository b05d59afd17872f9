//! `hikae office`: offices and their plans.

mod add;
mod list;
mod set_plan;

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use clap::Subcommand;
use serde::Serialize;

use crate::domain::plan::Plan;
use crate::service::Services;
use crate::service::operator::{FindOffice, OfficeView, find_office};

#[derive(Subcommand)]
pub enum Office {
    /// Add an office
    Add(add::Add),
    /// Change the plan of an office
    SetPlan(set_plan::SetPlan),
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
}

impl<'a> From<&'a OfficeView> for OfficeAnswer<'a> {
    fn from(office: &'a OfficeView) -> Self {
        Self { id: office.id.to_string(), name: &office.name, plan: office.plan, members: office.members }
    }
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
