//! The release binary on a database of its own, filled with people.

use std::fs::{self, File};
use std::io;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use hikae::app::{Schema, open_services};
use hikae::clock::Clock;
use hikae::domain::ids::OfficeId;
use hikae::random::Randomness;
use hikae::settings::{Layer, Settings};
use tempfile::TempDir;

use crate::http::{Connection, get};
use crate::people::{self, Numbers};
use crate::postgres;
use crate::process::{self, HUGE_PAGES};

/// Which database is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

/// A folder with everything, and the database beside it.
pub struct Place {
    folder: TempDir,
    url: Option<String>,
    pub office: Option<OfficeId>,
}

impl Place {
    /// A new place with these people; with none, an empty one.
    pub async fn make(database: Database, name: &str, numbers: Option<Numbers>) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("load-").tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
        let url = match database {
            Database::Sqlite => None,
            Database::Postgres => {
                let cluster = postgres::cluster();
                let made = cluster
                    .run("createdb", &["-h", "127.0.0.1", "-p", &cluster.port.to_string(), "-U", "hikae", name])?;
                if !made.status.success() {
                    bail!("no database: {}", String::from_utf8_lossy(&made.stderr));
                }
                Some(cluster.url(name))
            }
        };
        let mut place = Self { folder, url, office: None };
        let Some(numbers) = numbers else { return Ok(place) };
        let variables = place.variables(0).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let settings = Settings::load(Layer::default(), None, &variables)?;
        let services = open_services(&settings, Schema::Migrate, Clock::System, Randomness::System).await?;
        let began = Instant::now();
        place.office = Some(people::seed(&services, numbers).await?);
        drop(services);
        eprintln!("{name}: {} people in {:.1} s", numbers.members, began.elapsed().as_secs_f64());
        if let Some(url) = &place.url {
            // What autovacuum does in time, before the planner is asked.
            let cluster = postgres::cluster();
            eprintln!("PostgreSQL stands in {}", cluster.folder.display());
            cluster.run("psql", &["-q", "-d", url, "-c", "VACUUM ANALYZE", "-c", "CHECKPOINT"])?;
        }
        Ok(place)
    }

    fn variables(&self, port: u16) -> Vec<(&'static str, String)> {
        let mut variables = vec![
            ("HIKAE_DATA_DIR", self.folder.path().display().to_string()),
            ("HIKAE_LISTEN", format!("127.0.0.1:{port}")),
            ("HIKAE_TRUSTED_PROXIES", "127.0.0.1".to_owned()),
        ];
        variables.extend(self.url.clone().map(|url| ("DATABASE_URL", url)));
        variables
    }

    /// Starts the server here.
    pub async fn serve(&self) -> Result<Server> {
        Server::start(self).await
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// A running server.
pub struct Server {
    child: Child,
    pub port: u16,
    /// From its start until its first page was here.
    pub first_answer: Duration,
    on_postgres: bool,
}

impl Server {
    async fn start(place: &Place) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let log = File::create(place.path().join("log"))?;
        let began = Instant::now();
        let program = std::env::var_os("LOAD_PROGRAM").unwrap_or_else(|| env!("CARGO_BIN_EXE_hikae").into());
        let mut command = Command::new(program);
        command.arg("serve").envs(place.variables(port)).env(HUGE_PAGES.0, HUGE_PAGES.1).current_dir(place.path());
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn()?;
        let mut server = Self { child, port, first_answer: Duration::ZERO, on_postgres: place.url.is_some() };
        while began.elapsed() < Duration::from_secs(60) {
            if server.answers().await.is_ok() {
                server.first_answer = began.elapsed();
                return Ok(server);
            }
            tokio::time::sleep(Duration::from_micros(500)).await;
        }
        bail!("no answer: {}", fs::read_to_string(place.path().join("log")).unwrap_or_default())
    }

    async fn answers(&self) -> io::Result<()> {
        let mut connection = Connection::open(self.port).await?;
        connection.send(&get("/login", "", "192.0.2.1")).await.map(drop)
    }

    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// The processes of the database that work for it.
    pub fn backends(&self) -> Vec<u32> {
        if self.on_postgres { process::backends() } else { Vec::new() }
    }

    /// Stops it as an operator does.
    pub fn stop(mut self) -> Result<()> {
        let told = Command::new("kill").arg(self.process().to_string()).status()?;
        told.success().then_some(()).context("the server is gone already")?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail when it has been stopped, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
