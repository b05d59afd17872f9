//! `hikae user assign`: puts a person who has an account into another office, or gives a member
//! another role.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use clap::Args;

use crate::cli::office::the_office;
use crate::cli::output;
use crate::cli::store::{Store, WhenNew};
use crate::domain::email::EmailAddress;
use crate::domain::office::Role;
use crate::service::operator::{self, Assign as Assigned};

#[derive(Args)]
pub struct Assign {
    /// E-mail address of the person
    #[arg(long, value_parser = EmailAddress::parse)]
    email: EmailAddress,
    /// Office, by id or name
    #[arg(long)]
    office: String,
    /// admin or general
    #[arg(long)]
    role: Role,
    #[command(flatten)]
    store: Store,
}

impl Assign {
    /// Adds the membership, or changes its role; the account stays as it is.
    ///
    /// # Errors
    /// There is no such person or office, nothing would change, or the office would be left without
    /// an administrator.
    pub async fn run(self, variables: &BTreeMap<String, String>) -> Result<()> {
        let services = self.store.open(variables, WhenNew::Refuse).await?;
        let office = the_office(&services, &self.office).await?;
        match operator::assign(&services, self.email.clone(), office.id, self.role).await? {
            Assigned::Joined => {
                output::line(&format!("{} belongs to {} now, as {}", self.email, office.name, self.role.slug()));
                Ok(())
            }
            Assigned::RoleChanged => {
                output::line(&format!("{} is {} of {} now", self.email, self.role.slug(), office.name));
                Ok(())
            }
            Assigned::AlreadyThere => {
                bail!("{} belongs to {} already, as {}", self.email, office.name, self.role.slug())
            }
            Assigned::LastAdministrator => {
                bail!("{} is the only administrator of {}; make somebody else one first", self.email, office.name)
            }
            Assigned::NoSuchUser => bail!("nobody has the address {}", self.email),
        }
    }
}
