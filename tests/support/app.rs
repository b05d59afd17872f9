//! The application on a port of its own, with a clock that is turned by hand.

use std::path::PathBuf;

use actix_web::web::ServiceConfig;
use hikae::clock::Clock;
use hikae::crypto::hashing::HashCost;
use hikae::domain::time::{Seconds, Timestamp};
use hikae::random::Randomness;
use hikae::service::{Services, SessionLimits};
use hikae::settings::Settings;
use tempfile::TempDir;
use url::Url;

use super::balancer::Balancer;
use super::browser::Browser;
use super::database::Database;
use super::mailbox::Mailbox;
use super::node::Node;

/// 2026-11-22, noon in Tokyo: where every test's clock starts.
pub const START: Timestamp = Timestamp(1_795_316_400);

/// A running application. It stops, and its data goes, when it is dropped.
pub struct TestApp {
    pub services: Services,
    pub clock: Clock,
    pub database: Database,
    pub data: TempDir,
    pub port: u16,
    pub base_url: Url,
    pub mailbox: Mailbox,
    /// One, unless a test or `HIKAE_TEST_NODES` wants more; `port` is then the balancer's.
    pub nodes: Vec<Node>,
    pub balancer: Option<Balancer>,
    clocks: Vec<Clock>,
}

/// What a hash costs in most tests: the same Argon2id with hardly any memory, for the real cost is
/// more than half of what the suites would take. The binary in `tests/cli` pays it in full.
pub fn quick_hashes() -> HashCost {
    HashCost::stored(64, 1).expect("a cost")
}

/// What a test wants otherwise than usual.
#[derive(Default)]
pub struct Wishes {
    base_url: Option<Url>,
    trusted_proxies: Vec<ipnet::IpNet>,
    smtp_url: Option<String>,
    sessions: Option<SessionLimits>,
    hashes: Option<(usize, usize)>,
    real_hashes: bool,
    contact: Option<String>,
    metrics: bool,
    extra_routes: Option<fn(&mut ServiceConfig)>,
    offsets: Option<Vec<Seconds>>,
    random: Option<Randomness>,
}

impl Wishes {
    /// Routes beyond those of the portal, such as the gallery's.
    pub fn extra_routes(mut self, routes: fn(&mut ServiceConfig)) -> Self {
        self.extra_routes = Some(routes);
        self
    }

    /// So many nodes behind a balancer, each with a clock that is ahead of [`START`] by its offset.
    pub fn nodes(mut self, offsets: &[Seconds]) -> Self {
        self.offsets = Some(offsets.to_vec());
        self
    }

    /// The address people use, such as one behind a proxy with TLS.
    pub fn base_url(mut self, url: &str) -> Self {
        self.base_url = Some(url.parse().expect("an address"));
        self
    }

    /// Networks whose `X-Forwarded-*` is believed.
    pub fn trusted_proxy(mut self, network: &str) -> Self {
        self.trusted_proxies.push(network.parse().expect("a network"));
        self
    }

    /// A real mail server instead of the outbox folder.
    pub fn smtp(mut self, url: String) -> Self {
        self.smtp_url = Some(url);
        self
    }

    pub fn sessions(mut self, idle: Seconds, total: Seconds) -> Self {
        self.sessions = Some(SessionLimits { idle, total });
        self
    }

    /// How many hashes run at once, and how many may wait.
    pub fn hashes(mut self, width: usize, queue: usize) -> Self {
        self.hashes = Some((width, queue));
        self
    }

    /// Hashes at the cost of a portal, for tests in which it matters how long they take.
    pub fn real_hashes(mut self) -> Self {
        self.real_hashes = true;
        self
    }

    /// Whom members ask for help when no administrator can.
    pub fn contact(mut self, contact: &str) -> Self {
        self.contact = Some(contact.to_owned());
        self
    }

    /// Randomness that the test can let come again.
    pub fn random(mut self, random: Randomness) -> Self {
        self.random = Some(random);
        self
    }

    /// An address for Prometheus.
    pub fn metrics(mut self) -> Self {
        self.metrics = true;
        self
    }

    pub async fn start(self) -> TestApp {
        super::logs::keep();
        let data = tempfile::Builder::new().prefix("hikae-data-").tempdir().expect("a data folder");
        let database = Database::create(data.path()).await;
        let clock = Clock::manual(START);
        let outbox = data.path().join("outbox");
        let random = self.random.clone().unwrap_or(Randomness::System);
        let offsets = self.offsets.clone().unwrap_or_else(|| vec![Seconds(0); usual_nodes(&database)]);
        let mut settings = self.settings(&data, &database, outbox.clone());
        let transport = settings.smtp_url.clone();
        let from = settings.mail_from.clone();

        let mut nodes = Vec::new();
        let balancer = (offsets.len() > 1).then(Balancer::start);
        if let (Some(balancer), None) = (&balancer, &settings.base_url) {
            let address = format!("http://127.0.0.1:{}", balancer.port);
            settings.base_url = Some(address.parse().expect("an address"));
        }
        let mut clocks = vec![clock.clone()];
        for (place, offset) in offsets.into_iter().enumerate() {
            if offset.0 != 0 {
                clocks.push(Clock::manual(START + offset));
            }
            let its_clock = if offset.0 == 0 { &clock } else { &clocks[clocks.len() - 1] };
            let node = Node::start(settings.clone(), its_clock.clone(), random.clone()).await;
            if let Some(balancer) = &balancer {
                balancer.set(place, node.port);
            }
            nodes.push(node);
        }
        let port = balancer.as_ref().map_or(nodes[0].port, |balancer| balancer.port);
        let (services, base_url) = (nodes[0].services.clone(), nodes[0].base_url.clone());
        let mailbox = Mailbox::new(services.clone(), outbox, transport, base_url.clone(), from);
        TestApp { services, clock, database, data, port, base_url, mailbox, nodes, balancer, clocks }
    }

    fn settings(self, data: &TempDir, database: &Database, outbox: PathBuf) -> Settings {
        let mut settings = Settings {
            data_dir: data.path().to_owned(),
            listen: ([127, 0, 0, 1], 0).into(),
            metrics_listen: self.metrics.then(|| ([127, 0, 0, 1], 0).into()),
            base_url: self.base_url,
            smtp_url: self.smtp_url,
            outbox_dir: Some(outbox),
            trusted_proxies: self.trusted_proxies,
            contact: self.contact,
            database_url: database.url(),
            handle_signals: false,
            hash: if self.real_hashes { HashCost::default() } else { quick_hashes() },
            ..Settings::default()
        };
        if let Some(routes) = self.extra_routes {
            settings.extra_routes = routes;
        }
        if let Some(sessions) = self.sessions {
            settings.sessions = sessions;
        }
        if let Some((width, queue)) = self.hashes {
            settings.hash_width = Some(width);
            settings.hash_queue = Some(queue);
        }
        settings
    }
}

impl TestApp {
    /// An application as the operator gets it without any setting, but for the cost of hashes.
    pub async fn start() -> Self {
        Wishes::default().start().await
    }

    /// An application with settings of its own.
    pub fn with() -> Wishes {
        Wishes::default()
    }

    /// A new browser, in which nobody has signed in yet.
    pub fn browser(&self) -> Browser {
        let browser = Browser::new(self.port, &self.base_url);
        if self.balancer.is_some() { browser.without_keep_alive() } else { browser }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Lets time pass on every node, or go back.
    pub fn turn(&self, span: Seconds) {
        self.clocks.iter().for_each(|clock| clock.turn(span));
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.nodes.iter_mut().for_each(Node::ask_to_stop);
        // Before the database goes.
        self.nodes.clear();
    }
}

/// How many nodes make an application that does not say so itself: `HIKAE_TEST_NODES`, on
/// PostgreSQL; a SQLite file is the database of one process.
fn usual_nodes(database: &Database) -> usize {
    match (database, std::env::var("HIKAE_TEST_NODES")) {
        (Database::Postgres(_), Ok(nodes)) => nodes.parse().expect("HIKAE_TEST_NODES is a number"),
        _ => 1,
    }
}
