//! `hikae user release`: switches a person's two-factor authentication off.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use clap::Args;

use crate::cli::output;
use crate::cli::store::{Store, WhenNew};
use crate::domain::email::EmailAddress;
use crate::service::operator::{OperatorRelease, release_user};

#[derive(Args)]
pub struct Release {
    /// E-mail address of the person
    #[arg(long, value_parser = EmailAddress::parse)]
    email: EmailAddress,
    #[command(flatten)]
    store: Store,
}

impl Release {
    /// Releases, for whom nobody else can: codes are void, sessions end, the audit trail and the
    /// person are told.
    ///
    /// # Errors
    /// There is no such person, or two-factor authentication is off.
    pub async fn run(self, variables: &BTreeMap<String, String>) -> Result<()> {
        let services = self.store.open(variables, WhenNew::Refuse).await?;
        match release_user(&services, &self.email).await? {
            OperatorRelease::Released => {
                output::line(&format!("two-factor authentication of {} is off; a mail tells them", self.email));
                Ok(())
            }
            OperatorRelease::FailuresForgotten => {
                output::line(&format!("two-factor authentication of {} is off; set-ups are open again", self.email));
                Ok(())
            }
            OperatorRelease::NotOn => bail!("two-factor authentication of {} is not on", self.email),
            OperatorRelease::NoSuchUser => bail!("nobody has the address {}", self.email),
        }
    }
}
