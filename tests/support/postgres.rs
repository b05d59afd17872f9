//! A throw-away PostgreSQL cluster for one test process. It is made on first use and dies with
//! the process however that ends: a small shell holds the other end of a pipe, and stops the
//! server and removes its folder when the pipe closes.

use std::fs;
use std::io;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;

/// The cluster of this test process.
pub struct Cluster {
    pub port: u16,
    pub folder: PathBuf,
    programs: PathBuf,
    /// Its standard input is the pipe: it must stay open as long as this process lives.
    _watchdog: Child,
}

/// The running cluster; starts it when this is the first call.
pub fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(|| Cluster::start().expect("a throw-away PostgreSQL cluster starts"))
}

impl Cluster {
    /// Address of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://hikae@127.0.0.1:{}/{database}", self.port)
    }

    /// Runs a PostgreSQL program as the owner of the cluster.
    pub fn run(&self, program: &str, arguments: &[&str]) -> io::Result<Output> {
        as_owner(&self.programs.join(program)).args(arguments).stdin(Stdio::null()).output()
    }

    fn start() -> io::Result<Self> {
        let programs = programs()?;
        let folder = tempfile::Builder::new().prefix("hikae-postgres-").tempdir()?.keep();
        if is_root() {
            let id = Command::new("id").args(["-u", "postgres"]).output()?;
            let owner: u32 = String::from_utf8_lossy(&id.stdout).trim().parse().map_err(io::Error::other)?;
            chown(&folder, Some(owner), None)?;
        }
        let watchdog = watch(&programs, &folder)?;
        let data = folder.join("data");
        let initdb = as_owner(&programs.join("initdb"))
            .args(["--username=hikae", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"])
            .arg(&data)
            .stdin(Stdio::null())
            .output()?;
        if !initdb.status.success() {
            return Err(io::Error::other(String::from_utf8_lossy(&initdb.stderr).into_owned()));
        }
        let port = serve(&programs, &folder)?;
        Ok(Self { port, folder, programs, _watchdog: watchdog })
    }
}

/// Starts the server on a free port; another process may take the port in between, so a few tries.
fn serve(programs: &Path, folder: &Path) -> io::Result<u16> {
    let log = folder.join("log");
    for _ in 0..5 {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let options = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=300 \
             -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_wal_size=96MB"
        );
        let started = as_owner(&programs.join("pg_ctl"))
            .args(["start", "-w", "-t", "60", "-o", &options, "-D"])
            .arg(folder.join("data"))
            .arg("-l")
            .arg(&log)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?;
        if started.success() {
            return Ok(port);
        }
    }
    Err(io::Error::other(fs::read_to_string(log).unwrap_or_default()))
}

/// The shell that cleans up once this process is gone. It ignores the signals that end a test run
/// from the keyboard, for it is needed after them.
fn watch(programs: &Path, folder: &Path) -> io::Result<Child> {
    let script = r#"
        trap '' INT TERM HUP
        cat >/dev/null
        cd /
        $AS_OWNER "$PROGRAMS/pg_ctl" stop -m immediate -D "$FOLDER/data"
        rm -rf "$FOLDER"
    "#;
    Command::new("sh")
        .args(["-c", script])
        .env("AS_OWNER", if is_root() { "runuser -u postgres --" } else { "" })
        .env("PROGRAMS", programs)
        .env("FOLDER", folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}

/// PostgreSQL refuses to run as root; then its system user runs it.
fn as_owner(program: &Path) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir("/");
    command
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}

/// The newest PostgreSQL of Debian's folders, else the one in the path.
fn programs() -> io::Result<PathBuf> {
    let version = |folder: &Path| folder.file_name()?.to_str()?.parse::<u32>().ok();
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path());
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut found: Vec<PathBuf> = debian.filter(|folder| is_program(&folder.join("bin/initdb"))).collect();
    found.sort_by_key(|folder| version(folder));
    found
        .pop()
        .map(|folder| folder.join("bin"))
        .or_else(|| std::env::split_paths(&path).find(|folder| is_program(&folder.join("initdb"))))
        .ok_or_else(|| io::Error::other("initdb is neither in /usr/lib/postgresql/*/bin nor in the path"))
}

fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}
