//! One folder with a portal in it, and the program run there.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};

use hikae::app::{Schema, open_services};
use hikae::clock::Clock;
use hikae::random::Randomness;
use hikae::service::Services;
use hikae::settings::Settings;
use tempfile::TempDir;

use crate::support::database::Database;
use crate::watchdog::Watchdog;

/// A password that is strong enough.
pub const PASSWORD: &str = "asa-no-sanpo-ga-suki-7";

/// A folder of its own with the keys and files of one test, and a database of its own.
pub struct Portal {
    pub database: Database,
    folder: TempDir,
    variables: Vec<(String, String)>,
}

/// How a run ended.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Portal {
    /// An empty folder, and an empty database of the kind that `HIKAE_TEST_DATABASE` names.
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let database = runtime.block_on(Database::create(&folder.path().join("data")));
        Self::on(folder, database)
    }

    /// An empty folder in which the database will be a file: for what is said of such files alone.
    pub fn empty_on_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { database: Database::Sqlite(folder.path().join("data/hikae.sqlite")), folder, variables: Vec::new() }
    }

    /// This folder and this database.
    pub fn on(folder: TempDir, database: Database) -> Self {
        let variables = database.url().map(|url| ("DATABASE_URL".to_owned(), url)).into_iter().collect();
        Self { database, folder, variables }
    }

    /// A folder with one office in it, whose id comes back.
    pub fn with_office(name: &str, plan: &str) -> (Self, String) {
        let portal = Self::empty();
        let office = portal.run(&["office", "add", "--name", name, "--plan", plan, "--json"]).json();
        (portal, office["id"].as_str().unwrap().to_owned())
    }

    /// The same folder with one more variable in the environment.
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file into the folder.
    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// What the acts work with, inside the test: as a node of its own, with a key file of its own.
    pub async fn services(&self, key_file: &Path, clock: Clock) -> Services {
        let settings = Settings {
            data_dir: self.path("data"),
            key_file: Some(key_file.to_owned()),
            database_url: self.database.url(),
            ..Settings::default()
        };
        open_services(&settings, Schema::Migrate, clock, Randomness::System).await.unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hikae"));
        command.args(arguments).current_dir(self.folder.path()).env_clear();
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, "")
    }

    /// Runs a command with something on its standard input.
    pub fn run_with(&self, arguments: &[&str], input: &str) -> Run {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let _watchdog = Watchdog::of(&child);
        // A command that is refused early does not read its input.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        Run::from(child.wait_with_output().unwrap())
    }

    /// Adds a person with [`PASSWORD`].
    pub fn add_user(&self, email: &str, office: &str, role: &str) -> Run {
        let arguments = ["user", "add", "--email", email, "--name", "試験 太郎", "--office", office, "--role", role];
        self.run_with(&arguments, &format!("{PASSWORD}\n"))
    }

    /// The addresses of everybody, sorted.
    pub fn emails(&self) -> Vec<String> {
        let users = self.run(&["user", "list", "--json"]).json();
        let mut emails: Vec<String> =
            users.as_array().unwrap().iter().map(|user| user["email"].as_str().unwrap().to_owned()).collect();
        emails.sort();
        emails
    }

    /// Starts a command that serves, and waits for a line that contains `until`.
    pub fn serve(&self, arguments: &[&str], until: &str) -> Serving {
        let mut command = self.command(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // Log lines and what the demo prints are read as one.
        let (lines, seen) = std::sync::mpsc::channel();
        let said: Arc<Mutex<String>> = Arc::default();
        for stream in
            [Box::new(child.stdout.take().unwrap()) as Box<dyn Read + Send>, Box::new(child.stderr.take().unwrap())]
        {
            let (lines, said) = (lines.clone(), said.clone());
            std::thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    said.lock().unwrap().push_str(&format!("{line}\n"));
                    // Once it is ready, nobody waits for lines any more.
                    let _ = lines.send(line);
                }
            });
        }
        drop(lines);
        let mut serving = Serving { child, text: String::new(), said };
        loop {
            match seen.recv_timeout(std::time::Duration::from_secs(60)) {
                Ok(line) => {
                    serving.text.push_str(&format!("{line}\n"));
                    if line.contains(until) {
                        return serving;
                    }
                }
                Err(_) => panic!("no line with {until:?} came: {}", serving.said()),
            }
        }
    }
}

impl Run {
    /// The answer as JSON.
    pub fn json(&self) -> serde_json::Value {
        assert_eq!(self.code, 0, "{}{}", self.out, self.err);
        serde_json::from_str(&self.out).unwrap()
    }

    /// Checks that the command did what it was asked.
    pub fn done(self) -> Self {
        assert_eq!(self.code, 0, "{}{}", self.out, self.err);
        self
    }

    /// Checks that the command was refused in words that contain all of `parts`.
    pub fn refused(self, parts: &[&str]) {
        assert_eq!(self.code, 1, "{}{}", self.out, self.err);
        for part in parts {
            assert!(self.err.contains(part), "{part:?} is not in: {}", self.err);
        }
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// A program that serves; killed when the test ends without having stopped it.
pub struct Serving {
    child: Child,
    /// What it had said when it was ready.
    pub text: String,
    said: Arc<Mutex<String>>,
}

impl Serving {
    /// The port of the first `127.0.0.1:PORT` it named.
    pub fn port(&self) -> u16 {
        let after = self.text.split_once("127.0.0.1:").unwrap().1;
        after.split(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap()
    }

    /// The status and the whole answer to a GET.
    pub fn get(&self, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port())).unwrap();
        let host = format!("127.0.0.1:{}", self.port());
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Language: ja\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        (status, answer)
    }

    /// Everything it has said so far.
    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// Asks it to stop with SIGTERM, and does not wait for it.
    pub fn ask_to_stop(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").arg(&pid).status().unwrap().success());
    }

    /// Waits until it ends by itself; the exit code.
    pub fn ended(mut self) -> i32 {
        let _watchdog = Watchdog::of(&self.child);
        self.child.wait().unwrap().code().unwrap_or(-1)
    }

    /// Asks it to stop with SIGTERM; the exit code.
    pub fn stop(self) -> i32 {
        self.ask_to_stop();
        self.ended()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Does, outside of a test's runtime, something that starts one of its own.
pub async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}
