//! The whole application put together: the only place that sees everything.

use std::fs::{self, DirBuilder};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::web::Data;
use actix_web::{App, HttpServer};
use anyhow::{Context, Result, bail};
use tokio::net::TcpSocket;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use url::{Host, Url};

use crate::clock::Clock;
use crate::crypto::hashing::HashGate;
use crate::domain::time::Seconds;
use crate::mail::{MailWorker, Sender, Transport};
use crate::random::Randomness;
use crate::service::Services;
use crate::service::first_start::Inhabited;
use crate::service::follow_keys::Node;
use crate::service::housekeeping::tidy;
use crate::service::open_keys::open_keys;
use crate::service::prune_audit::prune_audit;
use crate::settings::Settings;
use crate::store::{DatabaseUrl, Db};
use crate::web::metrics::{self, Requests};
use crate::web::{self, WebState};

/// A request's head must have arrived within this time, so that slow senders hold no connection.
const REQUEST_HEAD_WITHIN: Duration = Duration::from_secs(10);
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How long after the signal to stop, and after the port was closed, requests are still read from
/// connections that were taken before.
const LAST_REQUESTS_WITHIN: Duration = Duration::from_millis(500);
/// How long running requests may take to finish after that: in all less than the ten seconds after
/// which container engines kill.
const SHUTDOWN_SECONDS: u64 = 8;
/// How long the mail worker may take to finish its round after that.
const LAST_MAILS_WITHIN: Duration = Duration::from_secs(30);
const TIDY_EVERY: Duration = Duration::from_secs(60);
const FOLLOW_KEYS_EVERY: Duration = Duration::from_secs(5);
/// How long a node may take to say that it stops.
const LEAVE_WITHIN: Duration = Duration::from_secs(2);
/// Connections that may wait to be accepted.
const BACKLOG: u32 = 1024;
/// Places in the queue for each hash made at once: about a second of waiting at 20 ms a hash.
const QUEUE_PER_HASH: usize = 40;

/// What to do when the database's schema is not the newest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Schema {
    /// Bring it up to date.
    Migrate,
    /// Refuse: another program may be running on it.
    MustBeCurrent,
}

/// Where mails are written as files, or `None` with SMTP; handed to routes beside the portal's.
pub struct OutboxFolder(pub Option<PathBuf>);

/// A portal that is bound to its port and serves once [`Application::run`] is awaited.
pub struct Application {
    server: Server,
    metrics: Option<(SocketAddr, Server)>,
    address: SocketAddr,
    base_url: Url,
    services: Services,
    stop: watch::Sender<bool>,
    mails: JoinHandle<()>,
    housekeeping: JoinHandle<()>,
    following: JoinHandle<()>,
}

impl Application {
    /// Opens and migrates the database, opens the keys, starts the mail worker and the
    /// housekeeping, and binds the port (0: any free one).
    ///
    /// # Errors
    /// Whatever keeps the portal from starting, with what to do about it.
    pub async fn build(settings: Settings, clock: Clock, random: Randomness) -> Result<Application> {
        let services = open_services(&settings, Schema::Migrate, clock, random).await?;
        let transport = transport(&settings)?;
        Sender::parse(&settings.mail_from).context("the setting mail_from (HIKAE_MAIL_FROM) cannot be used")?;
        let outbox = match &transport {
            Transport::Outbox(folder) => Some(folder.clone()),
            Transport::Smtp(..) => None,
        };
        let listener = bind(settings.listen)?;
        let door = listener.try_clone()?;
        let address = listener.local_addr()?;
        let base_url = base_url(&settings, address)?;
        // Before it says that it listens: whoever has read that may ask it to stop.
        let asked = settings.handle_signals.then(asked_to_stop).transpose()?;
        announce(&settings, address, &base_url, outbox.as_deref())?;

        let (stop, stopped) = watch::channel(false);
        let background = Services { db: services.db.in_background(), ..services.clone() };
        let worker = MailWorker {
            db: background.db.clone(),
            keys: Arc::clone(&services.keys),
            clock: services.clock.clone(),
            transport,
            base_url: base_url.clone(),
            from: settings.mail_from.clone(),
        };
        let following = tokio::spawn(follow_keys(background.clone(), stopped.clone()));
        let mails = tokio::spawn(worker.run(stopped));
        let housekeeping = tokio::spawn(keep_tidy(background, settings.audit_retention));

        let state = Data::new(WebState {
            services: services.clone(),
            base_url: base_url.clone(),
            contact: settings.contact.clone(),
            trusted_proxies: settings.trusted_proxies.clone(),
            requests: Requests::default(),
        });
        let metrics = settings.metrics_listen.map(|address| serve_metrics(address, state.clone())).transpose()?;
        let (outbox, extra) = (Data::new(OutboxFolder(outbox)), settings.extra_routes);
        let server = HttpServer::new(move || web::app(state.clone(), extra).app_data(outbox.clone()))
            .workers(cores())
            .client_request_timeout(REQUEST_HEAD_WITHIN)
            .keep_alive(KEEP_ALIVE)
            .shutdown_timeout(SHUTDOWN_SECONDS)
            .disable_signals();
        let server = server.listen(listener)?.run();
        if let Some(asked) = asked {
            tokio::spawn(stop_when_asked(asked, door, server.handle()));
        }
        Ok(Application { server, metrics, address, base_url, services, stop, mails, housekeeping, following })
    }

    /// The port that was bound.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The port that Prometheus asks, if there is one.
    pub fn metrics_port(&self) -> Option<u16> {
        self.metrics.as_ref().map(|(address, _)| address.port())
    }

    /// What stands in front of every path in links.
    pub fn base_url(&self) -> &Url {
        &self.base_url
    }

    /// What the acts work with.
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// Stops the server from elsewhere: `handle.stop(true).await` lets running requests finish.
    pub fn handle(&self) -> ServerHandle {
        self.server.handle()
    }

    /// Serves until stopped; running requests and the mail worker's round are finished.
    ///
    /// # Errors
    /// The server could not go on.
    pub async fn run(self) -> std::io::Result<()> {
        let metrics = self.metrics.map(|(_, server)| (server.handle(), tokio::spawn(server)));
        let served = self.server.await;
        if let Some((handle, ended)) = metrics {
            handle.stop(false).await;
            // It ends because it was told to; how does not matter.
            let _ = ended.await;
        }
        self.housekeeping.abort();
        // An error only says that the worker has ended already.
        let _ = self.stop.send(true);
        if timeout(LEAVE_WITHIN, self.following).await.is_err() {
            tracing::warn!("this node could not take its leave; it counts as running for three minutes");
        }
        if timeout(LAST_MAILS_WITHIN, self.mails).await.is_err() {
            tracing::warn!("a mail was still being sent; it is sent again at the next start");
        }
        tracing::info!("stopped");
        served
    }
}

/// Opens what the acts work with: for the server, and for the operator's commands.
///
/// # Errors
/// The database cannot be opened, its schema is too old for `MustBeCurrent`, or the keys do not
/// fit it.
pub async fn open_services(settings: &Settings, schema: Schema, clock: Clock, random: Randomness) -> Result<Services> {
    let url = settings.database()?;
    make_private(&settings.data_dir)?;
    let connections = u32::try_from(cores() * 2).unwrap_or(u32::MAX).clamp(4, 16);
    let db = match schema {
        Schema::Migrate => {
            let opened = Db::open_migrated(&url, connections).await;
            let (db, applied) = opened.with_context(|| format!("cannot open {}", shown(&url)))?;
            if applied > 0 {
                tracing::info!(applied, "the database is up to date");
            }
            db
        }
        Schema::MustBeCurrent => {
            let db = Db::open(&url, connections).await.with_context(|| format!("cannot open {}", shown(&url)))?;
            if db.pending_migrations().await? > 0 {
                bail!("the database is not up to date: run `hikae migrate` first");
            }
            db
        }
    };
    let mut random = random;
    let keys = open_keys(&db, &settings.key_path(), &mut random, clock.now()).await?;
    let width = settings.hash_width.unwrap_or_else(cores);
    let gate = HashGate::new(width, settings.hash_queue.unwrap_or(width.saturating_mul(QUEUE_PER_HASH)), settings.hash);
    Ok(Services {
        db,
        clock,
        random,
        keys: Arc::new(keys),
        gate: Arc::new(gate),
        sessions: settings.sessions,
        inhabited: Inhabited::default(),
    })
}

/// Makes a folder for secrets, open to its owner alone. One that is there stays as it is.
///
/// # Errors
/// The folder cannot be made.
pub fn make_private(folder: &Path) -> Result<()> {
    if !fs::exists(folder).unwrap_or(false) {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    Ok(())
}

/// The database in words that hold no password.
pub fn shown(url: &DatabaseUrl) -> String {
    match url {
        DatabaseUrl::Sqlite(path) => format!("SQLite, {}", path.display()),
        DatabaseUrl::Postgres(text) => match Url::parse(text) {
            Ok(url) => format!("PostgreSQL, {}{}", url.host_str().unwrap_or("local socket"), url.path()),
            Err(_) => "PostgreSQL".to_owned(),
        },
    }
}

fn cores() -> usize {
    available_parallelism().map_or(2, usize::from)
}

fn transport(settings: &Settings) -> Result<Transport> {
    match &settings.smtp_url {
        Some(url) => Transport::smtp(url).context("the setting smtp_url (HIKAE_SMTP_URL) cannot be used"),
        None => {
            let folder = settings.outbox_path();
            make_private(&folder)?;
            Transport::outbox(folder.clone()).with_context(|| format!("cannot write into {}", folder.display()))
        }
    }
}

fn bind(address: SocketAddr) -> Result<TcpListener> {
    let bound = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)?.into_std()
    };
    bound().with_context(|| format!("cannot listen on {address}"))
}

fn base_url(settings: &Settings, address: SocketAddr) -> Result<Url> {
    match &settings.base_url {
        Some(url) => Ok(url.clone()),
        // Nobody can type «all addresses» into a browser.
        None if address.ip().is_unspecified() => {
            tracing::warn!("no base URL is set (HIKAE_BASE_URL): only browsers on this machine can use the portal");
            Ok(Url::parse(&format!("http://localhost:{}", address.port()))?)
        }
        None => Ok(Url::parse(&format!("http://{address}"))?),
    }
}

/// Binds the address for Prometheus. Its answers are small and rare: one worker does.
fn serve_metrics(address: SocketAddr, state: Data<WebState>) -> Result<(SocketAddr, Server)> {
    let listener = bind(address)?;
    let address = listener.local_addr()?;
    let server = HttpServer::new(move || App::new().app_data(state.clone()).configure(metrics::routes))
        .workers(1)
        .client_request_timeout(REQUEST_HEAD_WITHIN)
        .disable_signals();
    tracing::info!(%address, path = metrics::PATH, "figures for Prometheus");
    Ok((address, server.listen(listener)?.run()))
}

/// Says at start what an operator wants to know, without a secret.
fn announce(settings: &Settings, address: SocketAddr, base_url: &Url, outbox: Option<&Path>) -> Result<()> {
    tracing::info!(%address, base_url = base_url.as_str(), database = shown(&settings.database()?), "Hikae listens");
    match outbox {
        Some(folder) => tracing::info!(
            folder = %folder.display(),
            "no SMTP is set (HIKAE_SMTP_URL): mails are not sent but written as .eml files into the outbox folder"
        ),
        None => tracing::info!("mails leave over SMTP"),
    }
    let local = match base_url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    };
    if base_url.scheme() == "http" && !local {
        tracing::warn!(
            base_url = base_url.as_str(),
            "plain http: passwords and codes cross the network readable; put a TLS proxy in front and set \
             HIKAE_BASE_URL to its https:// address"
        );
    }
    Ok(())
}

/// Resolves at SIGTERM or Ctrl-C, for either of which running requests may finish.
fn asked_to_stop() -> Result<impl Future<Output = ()> + Send + 'static> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("asked to stop: running requests may finish");
    })
}

/// Closes the port first, so that a balancer sends new connections to other nodes at once, and stops
/// after whoever was let in before has been heard: the server's own stop hangs up on connections
/// whose request it has not read yet.
async fn stop_when_asked(asked: impl Future<Output = ()>, door: TcpListener, server: ServerHandle) {
    asked.await;
    server.pause().await;
    // Ends listening on Linux, although the server holds the socket, too.
    if let Err(error) = TcpStream::from(OwnedFd::from(door)).shutdown(Shutdown::Both) {
        tracing::debug!(%error, "the port stays open until the end");
    }
    sleep(LAST_REQUESTS_WITHIN).await;
    server.stop(true).await;
}

async fn keep_tidy(services: Services, audit_retention: Option<Seconds>) {
    let mut minutes = interval(TIDY_EVERY);
    minutes.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        minutes.tick().await;
        if let Err(fault) = tidy(&services).await {
            tracing::error!(%fault, "housekeeping failed; it is tried again in a minute");
        }
        let Some(keep) = audit_retention else { continue };
        match prune_audit(&services, keep).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "old rows of the audit trail were forgotten"),
            Err(fault) => tracing::error!(%fault, "old rows of the audit trail cannot be forgotten"),
        }
    }
}

async fn follow_keys(services: Services, mut stopped: watch::Receiver<bool>) {
    let mut node = Node::new(&mut services.random.clone());
    let mut failing = false;
    let mut pace = interval(FOLLOW_KEYS_EVERY);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            _ = stopped.wait_for(|stopped| *stopped) => break,
            _ = pace.tick() => {}
        }
        match node.follow_keys(&services).await {
            Ok(()) => failing = false,
            // An outage is told once, not every five seconds.
            Err(_) if failing => {}
            Err(fault) => {
                failing = true;
                tracing::error!(%fault, "the keys could not be compared with the database; trying again");
            }
        }
    }
    if let Err(fault) = node.leave(&services).await {
        tracing::warn!(%fault, "this node could not take its leave; it counts as running for three minutes");
    }
}
