//! `hikae user list`: lists the people.

use std::collections::BTreeMap;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use crate::cli::output;
use crate::cli::store::{Store, WhenNew};
use crate::domain::office::Role;
use crate::service::operator::{UserView, list_users};

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
    email: String,
    name: String,
    two_factor: bool,
    codes_left: Option<u8>,
    offices: Vec<Place>,
}

#[derive(Serialize)]
struct Place {
    name: String,
    role: Role,
}

impl From<UserView> for Answer {
    fn from(user: UserView) -> Self {
        let offices = user.offices.into_iter().map(|(name, role)| Place { name, role }).collect();
        let UserView { id, email, name, two_factor, codes_left, .. } = user;
        Self { id: id.to_string(), email, name, two_factor, codes_left, offices }
    }
}

impl List {
    /// Lists every person with the state of two-factor authentication.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn run(self, variables: &BTreeMap<String, String>) -> Result<()> {
        let services = self.store.open(variables, WhenNew::Refuse).await?;
        let users: Vec<Answer> = list_users(&services).await?.into_iter().map(Answer::from).collect();
        if self.json {
            return output::json(&users);
        }
        let rows: Vec<Vec<String>> = users.into_iter().map(row).collect();
        output::table(&["ID", "EMAIL", "TWO-FACTOR", "CODES", "NAME", "OFFICES"], &rows);
        Ok(())
    }
}

fn row(user: Answer) -> Vec<String> {
    let offices = user.offices.iter().map(|place| format!("{} ({})", place.name, place.role.slug()));
    let codes = match (user.two_factor, user.codes_left) {
        (_, Some(left)) => left.to_string(),
        (true, None) => "not issued".to_owned(),
        (false, None) => "-".to_owned(),
    };
    let two_factor = if user.two_factor { "on" } else { "off" };
    vec![user.id, user.email, two_factor.to_owned(), codes, user.name, offices.collect::<Vec<_>>().join(", ")]
}
