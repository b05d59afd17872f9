//! One database for each test: a file of its own, or a copy of a template in the throw-away
//! PostgreSQL cluster. `HIKAE_TEST_DATABASE` says which (`sqlite`, the default, or `postgres`).

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection};
use hikae::store::{DatabaseUrl, Db};
use tokio::sync::OnceCell;

use super::postgres::cluster;

/// The database of one test; a PostgreSQL one is dropped with it.
pub enum Database {
    Sqlite(PathBuf),
    Postgres(String),
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

impl Database {
    /// A new, empty database: for SQLite a file that is not there yet in `folder`.
    pub async fn create(folder: &Path) -> Self {
        match std::env::var("HIKAE_TEST_DATABASE").as_deref() {
            Ok("postgres") => Self::on_postgres().await,
            Ok("sqlite") | Err(_) => Self::Sqlite(folder.join("hikae.sqlite")),
            Ok(other) => panic!("HIKAE_TEST_DATABASE is {other:?}: sqlite or postgres"),
        }
    }

    /// A migrated PostgreSQL database, whatever `HIKAE_TEST_DATABASE` says.
    pub async fn on_postgres() -> Self {
        Self::Postgres(copy_of_the_template().await)
    }

    /// What the settings want; none for SQLite, which lies in the data folder.
    pub fn url(&self) -> Option<String> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(name) => Some(cluster().url(name)),
        }
    }

    /// Runs statements past the application, as somebody with the database in hands would.
    pub fn execute(&self, sql: &str) {
        match self {
            Self::Sqlite(file) => {
                let mut connection = sqlite(file);
                connection.batch_execute(sql).expect(sql);
            }
            Self::Postgres(name) => postgres(name).batch_execute(sql).expect(sql),
        }
    }

    /// The rows of a query that selects one text column named `line`.
    pub fn lines(&self, sql: &str) -> Vec<String> {
        let query = diesel::sql_query(sql);
        let rows: Vec<Line> = match self {
            Self::Sqlite(file) => query.load(&mut sqlite(file)).expect(sql),
            Self::Postgres(name) => query.load(&mut postgres(name)).expect(sql),
        };
        rows.into_iter().map(|row| row.line).collect()
    }

    /// Everything PostgreSQL holds of this database, as text, and its files with the write-ahead log.
    pub fn dump(&self) -> Vec<(String, Vec<u8>)> {
        let Self::Postgres(name) = self else { return Vec::new() };
        self.execute("CHECKPOINT");
        let dump = cluster().run("pg_dump", &["--inserts", "-d", &cluster().url(name)]).expect("pg_dump runs");
        assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
        let mut found = vec![("pg_dump".to_owned(), dump.stdout)];
        let id = self.lines("SELECT oid::text AS line FROM pg_database WHERE datname = current_database()").concat();
        for folder in [format!("data/base/{id}"), "data/pg_wal".to_owned()] {
            super::secrets::read_folder(&cluster().folder.join(folder), &mut found);
        }
        found
    }
}

/// A transaction past the application that keeps its writers waiting until it is dropped: on
/// PostgreSQL those that have come to the end of the audit trail, their last step; on SQLite all.
pub struct Hold<'a> {
    database: &'a Database,
    connection: HeldBy,
}

enum HeldBy {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Database {
    /// Holds the application's writers up.
    pub fn hold(&self) -> Hold<'_> {
        let connection = match self {
            Self::Sqlite(file) => {
                let mut connection = sqlite(file);
                connection.batch_execute("BEGIN IMMEDIATE").expect("the file is held");
                HeldBy::Sqlite(connection)
            }
            Self::Postgres(name) => {
                let mut connection = postgres(name);
                connection.batch_execute("BEGIN; SELECT seq FROM audit_head FOR UPDATE").expect("the row is held");
                HeldBy::Postgres(connection)
            }
        };
        Hold { database: self, connection }
    }
}

impl Hold<'_> {
    /// How many transactions wait for a lock; SQLite does not tell.
    pub fn waiting(&self) -> Option<usize> {
        let HeldBy::Postgres(_) = self.connection else { return None };
        let sql = "SELECT CAST(count(*) AS TEXT) AS line FROM pg_stat_activity \
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";
        Some(self.database.lines(sql).concat().parse().expect("a number"))
    }
}

impl Hold<'_> {
    /// Changes something while they wait, and lets them go on.
    pub fn release_with(self, sql: &str) {
        let mut hold = self;
        let changed = match &mut hold.connection {
            HeldBy::Sqlite(connection) => connection.batch_execute(&format!("{sql}; COMMIT; BEGIN")),
            HeldBy::Postgres(connection) => connection.batch_execute(&format!("{sql}; COMMIT; BEGIN")),
        };
        changed.expect(sql);
    }
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        let ended = match &mut self.connection {
            HeldBy::Sqlite(connection) => connection.batch_execute("ROLLBACK"),
            HeldBy::Postgres(connection) => connection.batch_execute("ROLLBACK"),
        };
        if let Err(error) = ended {
            eprintln!("the hold had ended already: {error}");
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Self::Postgres(name) = self {
            let dropped = PgConnection::establish(&cluster().url("postgres")).map(|mut connection| {
                connection.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            });
            if let Err(error) = dropped {
                eprintln!("{name} stays until the cluster goes: {error}");
            }
        }
    }
}

fn sqlite(file: &Path) -> SqliteConnection {
    let mut connection = SqliteConnection::establish(file.to_str().expect("a plain path")).expect("the file opens");
    connection.batch_execute("PRAGMA busy_timeout = 10000").expect("a busy timeout is set");
    connection
}

fn postgres(name: &str) -> PgConnection {
    PgConnection::establish(&cluster().url(name)).expect("the cluster answers")
}

/// A database with every migration applied, copied from one that was migrated once.
async fn copy_of_the_template() -> String {
    static TEMPLATE: OnceCell<()> = OnceCell::const_new();
    static NEXT: AtomicU32 = AtomicU32::new(1);
    TEMPLATE.get_or_init(make_template).await;
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let sql = format!("CREATE DATABASE {name} TEMPLATE template_hikae");
    tokio::task::spawn_blocking({
        let name = name.clone();
        move || {
            // The template may have a connection that is just being closed; it is never used again.
            for _ in 0..100 {
                match postgres("postgres").batch_execute(&sql) {
                    Ok(()) => return,
                    Err(error) if error.to_string().contains("being accessed") => {
                        std::thread::sleep(Duration::from_millis(50));
                    }
                    Err(error) => panic!("{name}: {error}"),
                }
            }
            panic!("{name}: the template stays in use");
        }
    })
    .await
    .expect("the copy is made");
    name
}

async fn make_template() {
    let url = tokio::task::spawn_blocking(|| {
        postgres("postgres").batch_execute("CREATE DATABASE template_hikae").expect("the template is made");
        cluster().url("template_hikae")
    })
    .await
    .expect("the cluster starts");
    let db = Db::open(&DatabaseUrl::Postgres(url), 1).await.expect("the template opens");
    db.migrate().await.expect("the template is migrated");
}
