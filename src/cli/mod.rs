//! The operator's commands: one file each. A command ends with 0, with 1 when it was refused or
//! failed, and with 2 when it was called wrongly.

mod audit;
mod backup;
mod codes;
mod confirm;
pub mod demo;
mod keys;
mod migrate;
mod office;
mod output;
mod progress;
mod serve;
mod store;
pub mod user;

use std::collections::BTreeMap;
use std::env;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::{Parser, Subcommand};

/// Self-hosted account portal with two-factor authentication and printed backup codes.
///
/// Without a command, the portal is served. Settings come from hikae.toml, then from the
/// environment, then from flags; DATABASE_URL and HIKAE_SMTP_URL may hold passwords and are never
/// flags.
#[derive(Parser)]
#[command(name = "hikae", version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: serve::Serve,
}

#[derive(Subcommand)]
enum Command {
    /// Run the portal (the default)
    Serve(Box<serve::Serve>),
    /// Bring the database's schema up to date
    Migrate(migrate::Migrate),
    /// Offices and their plans
    #[command(subcommand)]
    Office(office::Office),
    /// People and their accounts
    #[command(subcommand)]
    User(user::User),
    /// Backup codes
    #[command(subcommand)]
    Codes(codes::Codes),
    /// The key file
    #[command(subcommand)]
    Keys(keys::Keys),
    /// The audit trail
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Copy a SQLite database into a file, while the portal runs or not
    Backup(backup::Backup),
    /// Run a ready-made world on this machine, to try everything
    Demo(demo::Demo),
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let command = cli.command.unwrap_or(Command::Serve(Box::new(cli.serve)));
    let system = actix_web::rt::System::new();
    match environment().and_then(|variables| system.block_on(run(command, &variables))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::refusal(&error);
            ExitCode::FAILURE
        }
    }
}

/// The variables of this process. Those of others may be anything; ours must be readable, for
/// one that is left out is a setting silently lost.
fn environment() -> Result<BTreeMap<String, String>> {
    let mut variables = BTreeMap::new();
    for (name, value) in env::vars_os() {
        match (name.into_string(), value.into_string()) {
            (Ok(name), Ok(value)) => drop(variables.insert(name, value)),
            (Ok(name), Err(_)) if name.starts_with("HIKAE_") || name == "DATABASE_URL" => {
                bail!("the variable {name} is not UTF-8")
            }
            _ => {}
        }
    }
    Ok(variables)
}

async fn run(command: Command, variables: &BTreeMap<String, String>) -> Result<()> {
    match command {
        Command::Serve(serve) => serve.run(variables).await,
        Command::Migrate(migrate) => migrate.run(variables).await,
        Command::Office(office) => office.run(variables).await,
        Command::User(user) => user.run(variables).await,
        Command::Codes(codes) => codes.run(variables).await,
        Command::Keys(keys) => keys.run(variables).await,
        Command::Audit(audit) => audit.run(variables).await,
        Command::Backup(backup) => backup.run(variables).await,
        Command::Demo(demo) => demo.run(variables).await,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn no_flag_takes_a_secret() {
        fn check(command: &clap::Command) {
            for argument in command.get_arguments() {
                let name = argument.get_id().as_str();
                assert!(!name.contains("password") && !name.contains("smtp") && !name.contains("database"), "{name}");
            }
            command.get_subcommands().for_each(check);
        }
        check(&Cli::command());
    }
}
