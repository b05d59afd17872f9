//! `hikae user add`: adds a person with a password.

use std::collections::BTreeMap;
use std::io::{self, BufRead, IsTerminal, Read};

use anyhow::{Context, Result, bail};
use clap::Args;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::cli::office::the_office;
use crate::cli::output;
use crate::cli::store::{Store, WhenNew};
use crate::domain::email::EmailAddress;
use crate::domain::office::{Name, Role};
use crate::domain::password::{self, Password};
use crate::service::operator::{AddUser, NewUser, add_user};

#[derive(Args)]
pub struct Add {
    /// E-mail address, used to sign in
    #[arg(long, value_parser = EmailAddress::parse)]
    email: EmailAddress,
    /// Name of the person
    #[arg(long, value_parser = Name::parse)]
    name: Name,
    /// Office, by id or name
    #[arg(long)]
    office: String,
    /// admin or general
    #[arg(long)]
    role: Role,
    /// Answer as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: Store,
}

#[derive(Serialize)]
struct Answer<'a> {
    id: String,
    email: &'a str,
}

impl Add {
    /// Adds the person and says the id.
    ///
    /// # Errors
    /// The password is too weak, the address is taken, or there is no such office.
    pub async fn run(self, variables: &BTreeMap<String, String>) -> Result<()> {
        let services = self.store.open(variables, WhenNew::Refuse).await?;
        let office = the_office(&services, &self.office).await?.id;
        let password = Password::chosen(&read_password()?, &[self.email.as_str(), self.name.as_str()])?;
        let new = NewUser { email: self.email.clone(), name: self.name, office, role: self.role, password };
        match add_user(&services, new).await? {
            AddUser::EmailTaken => bail!("{} has an account already", self.email),
            AddUser::Added(id) if self.json => output::json(&Answer { id: id.to_string(), email: self.email.as_str() }),
            AddUser::Added(id) => {
                output::line(&format!("added {}, id {id}", self.email));
                Ok(())
            }
        }
    }
}

/// Asks twice on a terminal without showing what is typed; otherwise takes the first line of
/// standard input.
fn read_password() -> Result<Zeroizing<String>> {
    let stdin = io::stdin();
    if stdin.is_terminal() {
        let first = Zeroizing::new(rpassword::prompt_password("Password: ")?);
        let second = Zeroizing::new(rpassword::prompt_password("Once more: ")?);
        if first != second {
            bail!("the two passwords differ");
        }
        return Ok(first);
    }
    let mut line = Zeroizing::new(String::new());
    // More than the longest password is not read, whatever is piped in.
    let limit = u64::try_from(password::MAX_BYTES * 4).unwrap_or(u64::MAX);
    stdin.lock().take(limit).read_line(&mut line).context("the password on standard input is not UTF-8")?;
    while line.ends_with(['\n', '\r']) {
        line.pop();
    }
    if line.is_empty() {
        bail!("no password on standard input; give it as its first line");
    }
    Ok(line)
}
