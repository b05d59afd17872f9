//! Several nodes of one portal, and the balancer before them.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use tokio::runtime::Runtime;
use url::Url;

use crate::portal::{Portal, Serving};
use crate::support::balancer::Balancer;
use crate::support::browser::Browser;
use crate::support::database::Database;
use crate::until;

/// Processes that serve one portal.
pub struct Fleet {
    pub portal: Portal,
    pub balancer: Balancer,
    /// The process at each place of the balancer; none once it was killed.
    pub nodes: Vec<Option<Serving>>,
}

/// The last line of a start.
pub const READY: &str = "mails leave over SMTP";

/// An empty migrated portal whose address is the balancer's, with one office; mails go to this port.
pub fn portal(balancer: &Balancer, smtp_port: u16) -> (Portal, String) {
    let database = runtime().block_on(Database::on_postgres());
    let portal = Portal::on(tempfile::tempdir().unwrap(), database)
        .set("HIKAE_BASE_URL", &format!("http://127.0.0.1:{}", balancer.port))
        .set("HIKAE_LISTEN", "127.0.0.1:0")
        .set("HIKAE_SMTP_URL", &format!("smtp://127.0.0.1:{smtp_port}"));
    let office = portal.run(&["office", "add", "--name", "ひかえ", "--plan", "corporate-starter", "--json"]).json();
    (portal, office["id"].as_str().unwrap().to_owned())
}

pub fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

impl Fleet {
    /// Starts so many nodes.
    pub fn start(portal: Portal, balancer: Balancer, nodes: usize) -> Self {
        let mut fleet = Self { portal, balancer, nodes: Vec::new() };
        for place in 0..nodes {
            let node = fleet.node(place);
            fleet.balancer.set(place, node.port());
            fleet.nodes.push(Some(node));
        }
        fleet
    }

    /// A new process for a place; its mails tell which.
    fn node(&self, place: usize) -> Serving {
        let from = format!("Hikae <node{place}@example.jp>");
        let node = self.portal.serve(&["serve", "--mail-from", &from], READY);
        until("the new node is ready", || node.get("/readyz").0 == 200);
        node
    }

    /// Stops the process at a place as an upgrade does, and starts another one.
    pub fn restart(&mut self, place: usize) {
        let old = self.nodes[place].take().unwrap();
        assert_eq!(old.stop(), 0);
        let node = self.node(place);
        self.balancer.set(place, node.port());
        self.nodes[place] = Some(node);
    }

    /// A browser that talks to one node past the balancer.
    pub fn browser_at(&self, port: u16) -> Browser {
        Browser::new(port, &self.visitors().address())
    }

    /// Where browsers go.
    pub fn visitors(&self) -> Visitors {
        Visitors { port: self.balancer.port }
    }

    /// A browser without a connection that lasts.
    pub fn browser(&self) -> Browser {
        self.visitors().browser()
    }
}

/// The way to a fleet whose nodes come and go.
pub struct Visitors {
    port: u16,
}

impl Visitors {
    fn address(&self) -> Url {
        format!("http://127.0.0.1:{}", self.port).parse().unwrap()
    }

    fn browser(&self) -> Browser {
        Browser::new(self.port, &self.address()).without_keep_alive()
    }

    /// A browser that bears it when no answer comes.
    pub fn patient_browser(&self, unanswered: &Arc<AtomicUsize>) -> Browser {
        self.browser().counting_unanswered(unanswered.clone())
    }
}
