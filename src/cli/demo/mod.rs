//! `hikae demo`: a ready-made world on a local address, to try everything.

mod folder;
pub mod gallery;
mod mailbox;
mod office;
mod people;
mod poster;
mod qr;
mod world;

use std::collections::BTreeMap;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;

use crate::app::Application;
use crate::clock::Clock;
use crate::domain::language::Language;
use crate::logging;
use crate::random::Randomness;
use crate::service::operator::list_offices;
use crate::settings::{LogFormat, Settings};

const USUAL_PORT: u16 = 8080;

/// Starts afresh each time. It reads no settings file and no HIKAE_… variable but HIKAE_LOG, so
/// that it never touches the data of a real portal.
#[derive(Args)]
pub struct Demo {
    /// Local address to listen on [default: 127.0.0.1:8080, or a free port when that is taken]
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Keep the world for the next time, in ./demo-data unless --data says otherwise
    #[arg(long)]
    keep: bool,
    /// Folder of the demo's data
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl Demo {
    /// Builds the world, prints who is in it, and serves until Ctrl-C.
    ///
    /// # Errors
    /// The address or the folder cannot be used.
    pub async fn run(self, variables: &BTreeMap<String, String>) -> Result<()> {
        logging::start(variables.get("HIKAE_LOG").map_or("warn", String::as_str), LogFormat::Text)?;
        let listen = self.address()?;
        let folder = folder::Folder::open(self.data, self.keep, &mut Randomness::System)?;
        let settings = Settings {
            data_dir: folder.path().to_owned(),
            listen,
            mail_from: "Hikae <hikae@hikae.example>".to_owned(),
            extra_routes: |config| {
                mailbox::routes(config);
                gallery::routes(config);
            },
            ..Settings::default()
        };
        let application = Application::build(settings, Clock::System, Randomness::System).await?;
        let fresh = list_offices(application.services()).await?.is_empty();
        let cast = if fresh { Some(world::build(application.services()).await?) } else { None };
        let poster = poster::Poster {
            language: language(variables),
            base_url: application.base_url(),
            folder: &folder,
            cast: cast.as_deref(),
            painted: io::stdout().is_terminal(),
        };
        // A reader that closed the pipe early is no fault.
        let _ = write!(io::stdout().lock(), "{poster}");
        drop(cast);
        application.run().await?;
        Ok(())
    }

    /// The address to listen on: the passwords of the demo are known to everybody, so it stays on
    /// this machine.
    fn address(&self) -> Result<SocketAddr> {
        match self.listen {
            Some(address) if address.ip().is_loopback() => Ok(address),
            Some(address) => bail!("the demo listens on this machine only, and {} is no local address", address.ip()),
            None => {
                let usual = SocketAddr::from((Ipv4Addr::LOCALHOST, USUAL_PORT));
                match TcpListener::bind(usual) {
                    Err(error) if error.kind() == ErrorKind::AddrInUse => {
                        let _ = writeln!(io::stderr(), "port {USUAL_PORT} is taken: using a free one");
                        Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
                    }
                    _ => Ok(usual),
                }
            }
        }
    }
}

/// The language of the terminal, as the usual variables say.
fn language(variables: &BTreeMap<String, String>) -> Language {
    let said =
        ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| variables.get(name).filter(|v| !v.is_empty()));
    if said.is_some_and(|tag| tag.starts_with("ja")) { Language::Ja } else { Language::En }
}
