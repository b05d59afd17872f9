//! Rows that several hands want at once: housekeeping and the workers of every node.

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use hikae::clock::Clock;
use hikae::domain::ids::MailId;
use hikae::domain::sealed::Sealed;
use hikae::domain::time::{Seconds, Timestamp};
use hikae::random::Randomness;
use hikae::service::Services;
use hikae::service::housekeeping::tidy;
use hikae::store::{Tx, outbox};

use crate::fleet::runtime;
use crate::portal::Portal;
use crate::support::database::Database;

const NODES: usize = 3;
const MAILS: usize = 600;

fn portal() -> Portal {
    Portal::on(tempfile::tempdir().unwrap(), runtime().block_on(Database::on_postgres()))
}

async fn node(portal: &Portal) -> Services {
    portal.services(&portal.path("hikae.key"), Clock::System).await
}

/// An act on many rows of a table must never meet housekeeping that holds some and waits for others.
#[test]
fn housekeeping_passes_over_what_an_act_holds() {
    let portal = portal();
    runtime().block_on(async {
        let services = node(&portal).await;
        tidy(&services).await.unwrap();
        portal.database.execute("INSERT INTO rate_windows VALUES ('first', 1, 1), ('held', 1, 1), ('last', 1, 1)");
        let buckets = || portal.database.lines("SELECT bucket AS line FROM rate_windows ORDER BY bucket");
        let mut act = PgConnection::establish(&portal.database.url().unwrap()).unwrap();
        act.batch_execute("BEGIN; UPDATE rate_windows SET hits = 2 WHERE bucket = 'held'").unwrap();
        // Less than a lock is waited for.
        tokio::time::timeout(Duration::from_secs(5), tidy(&services)).await.expect("it waits").unwrap();
        assert_eq!(buckets(), ["held"]);
        act.batch_execute("UPDATE rate_windows SET hits = 2 WHERE bucket = 'first'; COMMIT").unwrap();
        tidy(&services).await.unwrap();
        assert!(buckets().is_empty());
    });
}

#[test]
fn workers_of_several_nodes_claim_each_mail_once_and_never_wait_for_each_other() {
    let portal = portal();
    let database = &portal.database;
    let claimed: Vec<MailId> = thread::scope(|scope| {
        let runtime = runtime();
        let mut nodes = vec![runtime.block_on(node(&portal))];
        for _ in 1..NODES {
            nodes.push(runtime.block_on(node(&portal)));
        }
        let now = Clock::System.now();
        let put = move |tx: &mut Tx<'_>| {
            let mut random = Randomness::System;
            for _ in 0..MAILS {
                let sealed = Sealed { key_id: "k".to_owned(), ciphertext: vec![0] };
                outbox::insert(tx, MailId::random(&mut random), &sealed, now)?;
            }
            Ok(())
        };
        runtime.block_on(nodes[0].db.write(put)).unwrap();
        let hands = nodes.into_iter().map(|node| scope.spawn(move || claim_all(&node, database, now)));
        hands.collect::<Vec<_>>().into_iter().flat_map(|hand| hand.join().unwrap()).collect()
    });
    assert_eq!(claimed.len(), MAILS, "claimed twice or never");
    assert_eq!(claimed.iter().map(|id| id.as_i64()).collect::<BTreeSet<_>>().len(), MAILS);
}

/// Claims until nothing is left.
fn claim_all(node: &Services, database: &Database, now: Timestamp) -> Vec<MailId> {
    let runtime = runtime();
    let mut claimed = Vec::new();
    while !database.lines("SELECT key_id AS line FROM outbox WHERE claimed_until IS NULL LIMIT 1").is_empty() {
        let claim = node.db.write(move |tx| outbox::claim(tx, now, Seconds::minutes(5), 4));
        claimed.extend(runtime.block_on(claim).unwrap().into_iter().map(|mail| mail.id));
        assert!(claimed.len() <= MAILS, "mails are claimed again and again");
    }
    claimed
}
