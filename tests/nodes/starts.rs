//! Nodes that start at the same moment where nothing is yet.

use std::thread;

use crate::portal::{Portal, Serving};
use crate::rounds;
use crate::support::database::Database;
use crate::{fleet, until};

const NODES: usize = 3;

/// A PostgreSQL database without a single table.
fn bare() -> Database {
    let database = fleet::runtime().block_on(Database::on_postgres());
    database.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    assert_eq!(database.lines("SELECT relname::text AS line FROM pg_class WHERE relname = 'users'").len(), 0);
    database
}

#[test]
fn nodes_that_start_at_once_on_an_empty_database_take_turns_and_all_serve() {
    let migrations = std::fs::read_dir("migrations").unwrap().filter(|entry| entry.as_ref().unwrap().path().is_dir());
    let migrations = migrations.count().to_string();
    for round in 0..rounds(4) {
        let portal = Portal::on(tempfile::tempdir().unwrap(), bare()).set("HIKAE_LISTEN", "127.0.0.1:0");
        let nodes: Vec<Serving> = thread::scope(|scope| {
            let start = || portal.serve(&["serve"], "token:");
            let nodes: Vec<_> = (0..NODES).map(|_| scope.spawn(start)).collect();
            nodes.into_iter().map(|node| node.join().unwrap()).collect()
        });
        for node in &nodes {
            assert_eq!((node.get("/readyz").0, node.get("/setup").0), (200, 200), "round {round}: {}", node.text);
            assert!(!node.said().contains("ERROR"), "round {round}: {}", node.said());
        }
        let applied = "SELECT CAST(count(*) AS TEXT) AS line FROM __diesel_schema_migrations";
        assert_eq!(portal.database.lines(applied), [migrations.as_str()], "round {round}");
        assert_eq!(portal.database.lines("SELECT key_id AS line FROM key_checks").len(), 1, "round {round}");
        let said = "SELECT CAST(id AS TEXT) AS line FROM nodes";
        until("every node says that it serves", || portal.database.lines(said).len() == NODES);
        for node in nodes {
            assert_eq!(node.stop(), 0, "round {round}");
        }
        assert!(portal.database.lines(said).is_empty(), "round {round}: a node took no leave");
        portal.run(&["audit", "verify"]).done();
    }
}
