//! `hikae user end-sessions`: ends all sessions of a person.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use clap::Args;

use crate::cli::output;
use crate::cli::store::{Store, WhenNew};
use crate::domain::email::EmailAddress;
use crate::service::operator::end_user_sessions;

#[derive(Args)]
pub struct EndSessions {
    /// E-mail address of the person
    #[arg(long, value_parser = EmailAddress::parse)]
    email: EmailAddress,
    #[command(flatten)]
    store: Store,
}

impl EndSessions {
    /// Ends them at once, on every node.
    ///
    /// # Errors
    /// There is no such person.
    pub async fn run(self, variables: &BTreeMap<String, String>) -> Result<()> {
        let services = self.store.open(variables, WhenNew::Refuse).await?;
        match end_user_sessions(&services, &self.email).await? {
            Some(ended) => {
                output::line(&format!("ended {ended} session(s) of {}", self.email));
                Ok(())
            }
            None => bail!("nobody has the address {}", self.email),
        }
    }
}
