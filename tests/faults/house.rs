//! A portal as the operator has it: a folder, a database, and the built program, which is started,
//! killed and started again on the same port.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use url::Url;

use crate::support::browser::Browser;
use crate::support::database::Database;
use crate::watchdog::Watchdog;

/// How long the program may take to serve on a busy machine.
const STARTS_WITHIN: Duration = Duration::from_secs(60);

/// A folder, a database and a port.
pub struct House {
    pub database: Database,
    pub port: u16,
    folder: TempDir,
    variables: Vec<(String, String)>,
    log: Arc<Mutex<String>>,
}

/// The program while it serves. It is killed when it is dropped.
pub struct Node {
    child: Child,
}

/// The program: the one of this build, or the one that `HIKAE_TEST_PROGRAM` names.
pub fn program() -> String {
    std::env::var("HIKAE_TEST_PROGRAM").unwrap_or_else(|_| env!("CARGO_BIN_EXE_hikae").to_owned())
}

impl House {
    /// An empty one on the database that `HIKAE_TEST_DATABASE` names.
    pub async fn empty() -> Self {
        let folder = tempfile::Builder::new().prefix("hikae-faults-").tempdir().expect("a folder");
        let database = Database::create(&folder.path().join("data")).await;
        Self::of(folder, database)
    }

    /// An empty one whose database is a file.
    pub fn on_sqlite() -> Self {
        let folder = tempfile::Builder::new().prefix("hikae-faults-").tempdir().expect("a folder");
        let file = folder.path().join("data/hikae.sqlite");
        Self::of(folder, Database::Sqlite(file))
    }

    /// The same with the data in a folder of that disk.
    pub fn on_sqlite_in(disk: &Path) -> Self {
        let data = disk.join("data");
        let _ = std::fs::remove_dir_all(&data);
        let folder = tempfile::Builder::new().prefix("hikae-faults-").tempdir().expect("a folder");
        let house = Self::of(folder, Database::Sqlite(data.join("hikae.sqlite")));
        house.set("HIKAE_DATA_DIR", &data.display().to_string())
    }

    /// The file of a SQLite database.
    pub fn database_file(&self) -> PathBuf {
        match &self.database {
            Database::Sqlite(file) => file.clone(),
            Database::Postgres(name) => panic!("{name} is no file"),
        }
    }

    fn of(folder: TempDir, database: Database) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let mut variables =
            vec![("HIKAE_LISTEN".to_owned(), format!("127.0.0.1:{port}")), ("HIKAE_LOG".to_owned(), "info".to_owned())];
        variables.extend(database.url().map(|url| ("DATABASE_URL".to_owned(), url)));
        Self { database, port, folder, variables, log: Arc::default() }
    }

    /// The same with one more variable in the environment, or another value for it.
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A new browser.
    pub fn browser(&self) -> Browser {
        let url = format!("http://127.0.0.1:{}", self.port);
        Browser::new(self.port, &Url::parse(&url).expect("an address"))
    }

    /// Everything the program has said since the beginning.
    pub fn log(&self) -> String {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn prepared(&self, mut command: Command) -> Command {
        command.current_dir(self.folder.path()).env_clear();
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs a command to its end: whether it was done, and what it said.
    pub fn try_run(&self, arguments: &[&str], input: &str) -> (bool, String) {
        let mut command = self.prepared(Command::new(program()));
        let mut child = command.args(arguments).stdin(Stdio::piped()).spawn().expect("the program runs");
        // A command that is refused early does not read its input.
        let _ = child.stdin.take().expect("an input").write_all(input.as_bytes());
        let _watchdog = Watchdog::of(&child);
        let output = child.wait_with_output().expect("the program ends");
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&said).into_owned())
    }

    /// Runs a command that has to succeed.
    pub fn run(&self, arguments: &[&str], input: &str) -> String {
        let (done, said) = self.try_run(arguments, input);
        assert!(done, "hikae {arguments:?}: {said}");
        said
    }

    /// Starts the program and waits until it serves.
    pub fn start(&self) -> Node {
        let mut command = Command::new(program());
        command.arg("serve");
        self.start_as(command)
    }

    /// The same with a command of one's own, which has to end in the program.
    pub fn start_as(&self, command: Command) -> Node {
        let mut child = self.prepared(command).stdin(Stdio::null()).spawn().expect("the program starts");
        let streams: [Box<dyn Read + Send>; 2] =
            [Box::new(child.stdout.take().expect("its output")), Box::new(child.stderr.take().expect("its errors"))];
        for stream in streams {
            let log = self.log.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
                    log.push_str(&line);
                    log.push('\n');
                }
            });
        }
        let mut node = Node { child };
        let began = Instant::now();
        while !self.answers() {
            let ended = node.child.try_wait().expect("its state");
            assert!(ended.is_none() && began.elapsed() < STARTS_WITHIN, "it does not serve: {}", self.log());
            std::thread::sleep(Duration::from_millis(5));
        }
        node
    }

    fn answers(&self) -> bool {
        let Ok(mut stream) = std::net::TcpStream::connect(("127.0.0.1", self.port)) else { return false };
        let asked = write!(stream, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let mut answer = String::new();
        asked.is_ok() && stream.read_to_string(&mut answer).is_ok() && answer.starts_with("HTTP/1.1 200")
    }

    /// Waits until the database has forgotten the transactions of a program that was killed.
    pub fn settle(&self) {
        let Database::Postgres(_) = &self.database else { return };
        let others = "SELECT CAST(pid AS TEXT) AS line FROM pg_stat_activity \
                      WHERE datname = current_database() AND pid <> pg_backend_pid()";
        for _ in 0..2_000 {
            if self.database.lines(others).is_empty() {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("connections of a killed program stay open");
    }
}

impl Node {
    /// The number of its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL: no farewell, no last write.
    pub fn kill(self) {
        drop(self);
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
