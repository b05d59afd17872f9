//! Connections: SQLite in a file by default, or PostgreSQL; opened, pooled and migrated here.

use std::collections::HashSet;
use std::error::Error;
use std::fmt;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel::r2d2::{ManageConnection, R2D2Connection};
use diesel::sql_types::Text;
use diesel::{Connection, ConnectionError, PgConnection, RunQueryDsl, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::fault::Fault;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");
/// What libpq is told unless the address says otherwise. A server that is gone without a word, behind
/// a cut cable or a firewall that forgets, must not hold a thread for ever: a connection is made
/// within 5 s, what was sent is confirmed within 15 s, and a silent server is asked after 10 s
/// whether it is still there, three times.
const LIBPQ: [(&str, &str); 7] = [
    ("application_name", "hikae"),
    ("connect_timeout", "5"),
    ("keepalives", "1"),
    ("keepalives_idle", "10"),
    ("keepalives_interval", "5"),
    ("keepalives_count", "3"),
    ("tcp_user_timeout", "15000"),
];
/// What every session of PostgreSQL begins with: an end to all waiting; commits that are on the disk when they
/// are answered, whatever the cluster does for others (how many replicas have them as well is its own
/// affair); and plans that do not hang on how large a table was a while ago. While a table is small the
/// planner reads all of it for one row, and goes on so until statistics are taken anew; a flood fills it
/// long before. Compiling a plan is for questions of another size.
const SESSION: &str = "SET lock_timeout = '10s'; SET statement_timeout = '30s'; \
    SET idle_in_transaction_session_timeout = '60s'; SET enable_seqscan = off; SET jit = off; \
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";
/// For how long a connection that has just worked is taken to work. Asking first is a round trip for each turn,
/// as long as a statement; a database that went and came back takes longer than this.
const TRUSTED_FOR: Duration = Duration::from_millis(500);
/// Any number that no other program on the same PostgreSQL uses for its locks.
const MIGRATION_LOCK: i64 = 0x6869_6b61_6501;

/// A connection to either database; every query is written once for both.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Where the data lives.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file; made when missing.
    Sqlite(PathBuf),
    /// `postgres://…`; may hold a password, so it never shows itself.
    Postgres(String),
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DatabaseUrl::Sqlite(path) => write!(f, "Sqlite({})", path.display()),
            DatabaseUrl::Postgres(_) => f.write_str("Postgres(…)"),
        }
    }
}

/// A connection as the pool keeps it.
pub(super) struct Pooled {
    connection: AnyConnection,
    /// When it last did all that was asked of it; nothing once something has failed.
    worked_at: Option<Instant>,
}

impl Pooled {
    fn new(connection: AnyConnection) -> Self {
        Self { connection, worked_at: Some(Instant::now()) }
    }

    /// Does work on the connection, and remembers whether it went well.
    pub fn run<T>(&mut self, work: impl FnOnce(&mut AnyConnection) -> Result<T, Fault>) -> Result<T, Fault> {
        // Also when the work panics.
        self.worked_at = None;
        let done = work(&mut self.connection)?;
        self.worked_at = Some(Instant::now());
        Ok(done)
    }

    fn has_just_worked(&self) -> bool {
        self.worked_at.is_some_and(|at| at.elapsed() < TRUSTED_FOR)
    }
}

/// Opens connections for the pool.
pub(super) struct Opener(pub DatabaseUrl);

impl Opener {
    fn open_sqlite(path: &Path) -> Result<AnyConnection, diesel::r2d2::Error> {
        let file = path.to_str().ok_or_else(|| bad_url("the path of the database is not UTF-8"))?;
        let mut connection = SqliteConnection::establish(file).map_err(diesel::r2d2::Error::ConnectionError)?;
        // FULL: a commit that was answered is on the disk, even when the power goes.
        connection
            .batch_execute(
                "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                 PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;",
            )
            .map_err(diesel::r2d2::Error::QueryError)?;
        Ok(AnyConnection::Sqlite(connection))
    }

    fn open_postgres(url: &str) -> Result<AnyConnection, diesel::r2d2::Error> {
        let mut connection =
            PgConnection::establish(&with_limits(url)).map_err(diesel::r2d2::Error::ConnectionError)?;
        connection.batch_execute(SESSION).map_err(diesel::r2d2::Error::QueryError)?;
        Ok(AnyConnection::Postgres(connection))
    }
}

/// The address with [`LIBPQ`], where it is silent itself.
fn with_limits(url: &str) -> String {
    let given = url.split_once('?').map_or("", |(_, parameters)| parameters);
    let names: Vec<&str> = given.split('&').filter_map(|pair| pair.split('=').next()).collect();
    let silent = LIBPQ.iter().filter(|(name, _)| !names.contains(name));
    let mut url = url.to_owned();
    for (name, value) in silent {
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(&format!("{name}={value}"));
    }
    url
}

fn bad_url(why: &str) -> diesel::r2d2::Error {
    diesel::r2d2::Error::ConnectionError(ConnectionError::InvalidConnectionUrl(why.to_owned()))
}

impl ManageConnection for Opener {
    type Connection = Pooled;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Pooled, diesel::r2d2::Error> {
        let connection = match &self.0 {
            DatabaseUrl::Sqlite(path) => Self::open_sqlite(path),
            DatabaseUrl::Postgres(url) => Self::open_postgres(url),
        };
        connection.map(Pooled::new)
    }

    fn is_valid(&self, pooled: &mut Pooled) -> Result<(), diesel::r2d2::Error> {
        if pooled.has_just_worked() {
            return Ok(());
        }
        pooled.connection.batch_execute("SELECT 1").map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        match &mut pooled.connection {
            AnyConnection::Sqlite(connection) => connection.is_broken(),
            AnyConnection::Postgres(connection) => connection.is_broken(),
        }
    }
}

/// Makes the file of a SQLite database readable by its owner only, before SQLite makes it
/// readable by all.
pub(super) fn prepare(url: &DatabaseUrl) -> Result<(), Fault> {
    if let DatabaseUrl::Sqlite(path) = url {
        OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(path)
            .map_err(|error| Fault::NoConnection(format!("{}: {error}", path.display())))?;
    }
    Ok(())
}

/// Brings the schema up to date; nodes that start together take turns. Says how many migrations
/// were applied.
pub(super) fn migrate(url: &DatabaseUrl, connection: &mut AnyConnection) -> Result<usize, Fault> {
    let _turn = turn(url)?;
    migrate_in_turn(url, connection)
}

/// The same for who holds the turn already.
pub(super) fn migrate_in_turn(url: &DatabaseUrl, connection: &mut AnyConnection) -> Result<usize, Fault> {
    if let DatabaseUrl::Postgres(_) = url {
        let wait =
            format!("SET lock_timeout = 0; SET statement_timeout = 0; SELECT pg_advisory_lock({MIGRATION_LOCK})");
        connection.batch_execute(&wait)?;
    }
    let applied = refuse_newer(connection).and_then(|()| {
        let applied = connection.run_pending_migrations(MIGRATIONS);
        applied.map(|applied| applied.len()).map_err(|error| Fault::Other(format!("migration: {error}")))
    });
    if let DatabaseUrl::Postgres(_) = url {
        let done = format!(
            "SELECT pg_advisory_unlock({MIGRATION_LOCK}); SET lock_timeout = '10s'; SET statement_timeout = '30s'"
        );
        connection.batch_execute(&done)?;
    }
    applied
}

/// A program that does not know what a newer one has made of the tables is not to write into them.
fn refuse_newer(connection: &mut AnyConnection) -> Result<(), Fault> {
    let failed = |error: Box<dyn Error + Send + Sync>| Fault::Other(format!("migration: {error}"));
    let known = MigrationSource::<<AnyConnection as Connection>::Backend>::migrations(&MIGRATIONS).map_err(failed)?;
    let known: HashSet<String> = known.iter().map(|migration| migration.name().version().to_string()).collect();
    let mut applied = connection.applied_migrations().map_err(failed)?.into_iter();
    match applied.find(|version| !known.contains(&version.to_string())) {
        None => Ok(()),
        Some(version) => Err(Fault::Other(format!(
            "the database belongs to a newer version of Hikae (migration {version}): run that version, or \
             restore the backup that was made before it"
        ))),
    }
}

/// Migrations that have not been applied yet.
pub(super) fn pending(connection: &mut AnyConnection) -> Result<usize, Fault> {
    refuse_newer(connection)?;
    connection
        .pending_migrations(MIGRATIONS)
        .map(|pending| pending.len())
        .map_err(|error| Fault::Other(format!("migration: {error}")))
}

/// The turn of this process to prepare a SQLite database, held until it is dropped.
pub(super) fn turn(url: &DatabaseUrl) -> Result<Option<std::fs::File>, Fault> {
    match url {
        DatabaseUrl::Sqlite(path) => file_lock(path).map(Some),
        DatabaseUrl::Postgres(_) => Ok(None),
    }
}

/// Writes a copy of a SQLite database into an empty file.
pub(super) fn copy_into(connection: &mut AnyConnection, file: &Path) -> Result<(), Fault> {
    let AnyConnection::Sqlite(connection) = connection else {
        return Err(Fault::Other("a PostgreSQL is copied by pg_dump".to_owned()));
    };
    let path = file.to_str().ok_or_else(|| Fault::Other("the path of the copy is not UTF-8".to_owned()))?;
    diesel::sql_query("VACUUM INTO $1").bind::<Text, _>(path).execute(connection)?;
    Ok(())
}

fn file_lock(database: &Path) -> Result<std::fs::File, Fault> {
    let path = database.with_extension("migrating");
    let failed = |error: std::io::Error| Fault::Other(format!("{}: {error}", path.display()));
    let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path).map_err(failed)?;
    file.lock().map_err(failed)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use diesel::connection::InstrumentationEvent;

    use super::*;

    /// Where connections come from that count what they are asked.
    fn counted() -> (Opener, Pooled, Arc<AtomicUsize>) {
        let opener = Opener(DatabaseUrl::Sqlite(":memory:".into()));
        let mut pooled = opener.connect().unwrap();
        let asked = Arc::<AtomicUsize>::default();
        let count = asked.clone();
        pooled.connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { .. } = event {
                count.fetch_add(1, Ordering::SeqCst);
            }
        });
        (opener, pooled, asked)
    }

    #[test]
    fn a_connection_that_has_just_worked_is_not_asked_whether_it_works() {
        let (opener, mut pooled, asked) = counted();
        opener.is_valid(&mut pooled).unwrap();
        pooled.run(|_| Ok(())).unwrap();
        opener.is_valid(&mut pooled).unwrap();
        assert_eq!(asked.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn a_connection_that_has_rested_or_failed_is_asked_before_it_is_used() {
        let (opener, mut pooled, asked) = counted();
        pooled.worked_at = Instant::now().checked_sub(TRUSTED_FOR);
        opener.is_valid(&mut pooled).unwrap();
        assert_eq!(asked.load(Ordering::SeqCst), 1);
        pooled.run(|_| Ok(())).unwrap();
        assert!(pooled.run::<()>(|_| Err(Fault::Corrupt("a row"))).is_err());
        opener.is_valid(&mut pooled).unwrap();
        assert_eq!(asked.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn an_address_is_limited_where_it_sets_no_limit_itself() {
        let limited = with_limits("postgres://hikae@localhost/hikae");
        assert!(limited.starts_with("postgres://hikae@localhost/hikae?application_name=hikae&connect_timeout=5&"));
        assert!(limited.ends_with("&tcp_user_timeout=15000"), "{limited}");
        let own = with_limits("postgres:///hikae?host=/run/postgresql&connect_timeout=60&keepalives=0");
        assert!(own.starts_with("postgres:///hikae?host=/run/postgresql&connect_timeout=60&keepalives=0&"), "{own}");
        assert!(!own.contains("connect_timeout=5") && !own.contains("keepalives=1"), "{own}");
    }
}
