//! The database: every SQL statement of Hikae, and the two doors to it, [`Db::read`] and
//! [`Db::write`]. Nothing else opens a transaction.

pub mod attempts;
pub mod audit;
pub mod backup_codes;
pub mod connection;
pub mod first_start;
pub mod invitations;
pub mod keys;
pub mod links;
pub mod members;
pub mod nodes;
pub mod office_trail;
pub mod offices;
pub mod outbox;
mod prepared;
pub mod rates;
pub mod release_requests;
pub mod requirements;
mod schema;
pub mod sealed_rows;
pub mod sessions;
mod sweep;
pub mod tally;
pub mod two_factor;
pub mod users;

use std::convert::Infallible;
use std::ops::{Deref, DerefMut};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::r2d2::Pool;
use diesel::sql_query;
use prometheus_client::metrics::gauge::Gauge;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

pub use connection::{AnyConnection, DatabaseUrl};

use crate::fault::Fault;
use crate::threads::Threads;
use connection::Opener;
use prepared::prepared;
use tally::{Counts, Tally, Waiting, Waits, Writing};

/// How long a request waits for a connection before it is a fault.
const CONNECTION_WAIT: Duration = Duration::from_secs(5);
/// How long a writer waits for its turn on SQLite. Whoever gets it may then wait for another process,
/// twice as long; without an end here, the last of many would wait for all of them.
const TURN_WAIT: Duration = Duration::from_secs(5);

/// The database of this node.
#[derive(Clone)]
pub struct Db {
    url: Arc<DatabaseUrl>,
    pool: Pool<Opener>,
    /// One for each connection of the pool: a database that does not answer holds no more than
    /// these.
    threads: Arc<Threads<()>>,
    /// SQLite has one writer; waiting for one's turn here is fair and costs nothing, waiting
    /// inside SQLite is neither.
    writer: Option<Arc<Semaphore>>,
    /// Whether a write has failed since one was last proven to work.
    ails: Arc<AtomicBool>,
    tally: Arc<Tally>,
    /// Writes under way, with those that wait for their turn.
    writes: Gauge,
}

/// How the pool of connections stands.
#[derive(Clone, Debug)]
pub struct PoolStanding {
    /// How many there may be.
    pub max: u32,
    pub open: u32,
    pub in_use: u32,
    pub waits: Waits,
    /// Writes of visitors under way, with those that wait for their turn.
    pub writes: Gauge,
}

/// An open write transaction. What is written through it lasts only when the closure given to
/// [`Db::write`] ends with `Ok`.
pub struct Tx<'a> {
    connection: &'a mut AnyConnection,
    open: bool,
    /// What this transaction has recorded.
    counts: Counts,
}

impl Db {
    /// Opens the database; a SQLite file is made when missing. Does not migrate.
    ///
    /// # Errors
    /// [`Fault::NoConnection`] says what the database said.
    pub async fn open(url: &DatabaseUrl, connections: u32) -> Result<Self, Fault> {
        Ok(Self::open_with(url, connections, false).await?.0)
    }

    /// Opens the database and brings its schema up to date in the same turn: another process sees
    /// a new SQLite file either not at all or whole. Says how many migrations were applied.
    ///
    /// # Errors
    /// As [`Db::open`] and [`Db::migrate`].
    pub async fn open_migrated(url: &DatabaseUrl, connections: u32) -> Result<(Self, usize), Fault> {
        Self::open_with(url, connections, true).await
    }

    async fn open_with(url: &DatabaseUrl, connections: u32, migrate: bool) -> Result<(Self, usize), Fault> {
        let url = Arc::new(url.clone());
        let connections = connections.max(2);
        let threads = Threads::new("store", usize::try_from(connections).unwrap_or(usize::MAX), || ());
        let writer = matches!(*url, DatabaseUrl::Sqlite(_)).then(|| Arc::new(Semaphore::new(1)));
        let opened = url.clone();
        let opening = move || -> Result<_, Fault> {
            // Under the lock, for two processes that turn a new file to WAL at once fail each other.
            let turn = connection::turn(&opened)?;
            connection::prepare(&opened)?;
            // One connection by hand first: its error says more than the pool's.
            let first = diesel::r2d2::ManageConnection::connect(&Opener((*opened).clone()));
            let mut first = first.map_err(|error| Fault::NoConnection(error.to_string()))?;
            let migrate = |first: &mut _| if migrate { connection::migrate_in_turn(&opened, first) } else { Ok(0) };
            let applied = first.run(migrate)?;
            drop(first);
            drop(turn);
            let pool = Pool::builder()
                .max_size(connections)
                .min_idle(Some(1))
                .test_on_check_out(matches!(*opened, DatabaseUrl::Postgres(_)))
                .connection_timeout(CONNECTION_WAIT)
                .build(Opener((*opened).clone()))
                .map_err(|error| Fault::NoConnection(error.to_string()))?;
            Ok((pool, applied))
        };
        let (pool, applied) = spawn_blocking(opening).await.map_err(|_| Fault::TaskEnded)??;
        let (threads, ails, tally) = (Arc::new(threads), Arc::default(), Arc::default());
        Ok((Self { url, pool, threads, writer, ails, tally, writes: Gauge::default() }, applied))
    }

    /// The same database for work that nobody waits for: its writes are not counted among those of
    /// visitors.
    #[must_use]
    pub fn in_background(&self) -> Self {
        Self { writes: Gauge::default(), ..self.clone() }
    }

    /// Brings the schema up to date; nodes that start together take turns. Says how many
    /// migrations were applied.
    ///
    /// # Errors
    /// [`Fault`] when the database refuses.
    pub async fn migrate(&self) -> Result<usize, Fault> {
        let url = self.url.clone();
        self.with_connection(move |connection| connection::migrate(&url, connection)).await
    }

    /// How many migrations have not been applied yet.
    ///
    /// # Errors
    /// [`Fault`] when the database refuses.
    pub async fn pending_migrations(&self) -> Result<usize, Fault> {
        self.with_connection(connection::pending).await
    }

    /// Writes a copy of a SQLite database, as it is at this moment, into an empty file. Others read
    /// and write meanwhile.
    ///
    /// # Errors
    /// [`Fault`] when the database or the disk refuses; on PostgreSQL, which has programs of its
    /// own for this.
    pub async fn copy_into(&self, file: PathBuf) -> Result<(), Fault> {
        self.with_connection(move |connection| connection::copy_into(connection, &file)).await
    }

    /// Reads.
    ///
    /// # Errors
    /// The closure's fault, or the database's.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut AnyConnection) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        self.with_connection(work).await
    }

    /// Writes, in one transaction: all of it lasts, or, when the closure ends with a fault or the
    /// commit fails, nothing.
    ///
    /// # Errors
    /// The closure's fault, or the database's.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let done = self.write_unless_refused(move |tx| work(tx).map(Ok::<T, Infallible>)).await?;
        Ok(match done {
            Ok(value) => value,
            Err(never) => match never {},
        })
    }

    /// Writes like [`Db::write`], but a refusal undoes the transaction as well. For acts that
    /// find out half-way; a refusal that must leave its traces uses [`Db::write`].
    ///
    /// # Errors
    /// The closure's fault, or the database's.
    pub async fn write_unless_refused<T: Send + 'static, R: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<Result<T, R>, Fault> + Send + 'static,
    ) -> Result<Result<T, R>, Fault> {
        let writing = Writing::begin(&self.writes);
        let turn = match &self.writer {
            Some(writer) => match timeout(TURN_WAIT, writer.clone().acquire_owned()).await {
                Ok(turn) => Some(turn.map_err(|_| Fault::TaskEnded)?),
                Err(_) => return Err(Fault::Busy { retry_after: TURN_WAIT }),
            },
            None => None,
        };
        let tally = self.tally.clone();
        let written = self
            .with_connection(move |connection| {
                let _turn = (turn, writing);
                let mut tx = Tx::begin(connection)?;
                let outcome = work(&mut tx)?;
                if outcome.is_ok() {
                    tally.add(tx.commit()?);
                }
                Ok(outcome)
            })
            .await;
        if let Err(Fault::OutOfService(_) | Fault::NoConnection(_)) = &written {
            self.ails.store(true, Ordering::Relaxed);
        }
        written
    }

    /// Makes sure that the database takes what is written. Costs nothing as long as no write has
    /// failed; a disk that is full can still be read, so that reading proves nothing.
    ///
    /// # Errors
    /// [`Fault`] says why it does not.
    pub async fn prove_writable(&self) -> Result<(), Fault> {
        if self.ails.load(Ordering::Relaxed) {
            self.write(rates::probe).await?;
            self.ails.store(false, Ordering::Relaxed);
        }
        Ok(())
    }

    /// What this node has recorded since its start.
    pub fn counts(&self) -> Counts {
        self.tally.counts()
    }

    /// How the pool stands.
    pub fn pool(&self) -> PoolStanding {
        let state = self.pool.state();
        let in_use = state.connections.saturating_sub(state.idle_connections);
        let (waits, writes) = (self.tally.waits.clone(), self.writes.clone());
        PoolStanding { max: self.pool.max_size(), open: state.connections, in_use, waits, writes }
    }

    async fn with_connection<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut AnyConnection) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let waiting = Waiting::begin(&self.tally, CONNECTION_WAIT);
        let permit = match timeout(CONNECTION_WAIT, self.threads.permit()).await {
            Ok(permit) => permit?,
            Err(_) => return Err(waiting.in_vain("all are in use")),
        };
        let pool = self.pool.clone();
        let work = move |(): &mut ()| {
            let mut pooled = match pool.get_timeout(waiting.left()) {
                Ok(pooled) => pooled,
                Err(error) => return Err(waiting.in_vain(&error.to_string())),
            };
            drop(waiting);
            pooled.run(work)
        };
        self.threads.run(permit, work).await
    }
}

impl<'a> Tx<'a> {
    fn begin(connection: &'a mut AnyConnection) -> Result<Self, Fault> {
        match connection {
            // Immediate: a transaction that reads and then writes must hold the lock from the start.
            AnyConnection::Sqlite(_) => prepared(sql_query("BEGIN IMMEDIATE")).run(connection)?,
            AnyConnection::Postgres(_) => connection.batch_execute("BEGIN")?,
        }
        Ok(Self { connection, open: true, counts: Counts::default() })
    }

    /// Makes it last, and says what has been recorded in it.
    fn commit(mut self) -> Result<Counts, Fault> {
        match self.connection {
            AnyConnection::Sqlite(_) => prepared(sql_query("COMMIT")).run(self.connection)?,
            AnyConnection::Postgres(_) => self.connection.batch_execute("COMMIT")?,
        }
        self.open = false;
        Ok(std::mem::take(&mut self.counts))
    }
}

impl Drop for Tx<'_> {
    fn drop(&mut self) {
        // Also after a panic, so that no connection goes back to the pool inside a transaction.
        if !self.open {
            return;
        }
        if let Err(error) = self.connection.batch_execute("ROLLBACK") {
            // SQLite has done so by itself when the disk was full.
            if !error.to_string().contains("no transaction is active") {
                tracing::warn!(%error, "a transaction could not be rolled back; the database does it");
            }
        }
    }
}

impl Deref for Tx<'_> {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        self.connection
    }
}

impl DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        self.connection
    }
}
