//! What the databases are told about the disk: stated in docs/reliability.md, and read back from the
//! connections of the pool.

use hikae::fault::Fault;
use hikae::store::{AnyConnection, DatabaseUrl, Db};

use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl};

use crate::support::database::Database;
use crate::turns;

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

fn number(connection: &mut AnyConnection, sql: &str) -> Result<i64, Fault> {
    let AnyConnection::Sqlite(connection) = connection else { panic!("no SQLite") };
    let found: Number = diesel::sql_query(sql).get_result(connection)?;
    Ok(found.number)
}

#[tokio::test]
async fn every_connection_confirms_only_what_is_on_the_disk() {
    if turns::is_on_postgres() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let url = DatabaseUrl::Sqlite(folder.path().join("hikae.sqlite"));
    let (db, _) = Db::open_migrated(&url, 4).await.expect("the database opens");
    let mut held = Vec::new();
    let (meet, met) =
        (std::sync::Arc::new(std::sync::Barrier::new(4)), ["synchronous", "foreign_keys", "secure_delete"]);
    for _ in 0..4 {
        let meet = meet.clone();
        held.push(db.read(move |connection| {
            // Four at once, so that each is another connection.
            meet.wait();
            let wal = "SELECT CASE WHEN journal_mode = 'wal' THEN 1 ELSE 0 END AS number FROM pragma_journal_mode";
            let mut found = vec![number(connection, wal)?];
            for name in met {
                found.push(number(connection, &format!("SELECT {name} AS number FROM pragma_{name}"))?);
            }
            found.push(number(connection, "SELECT timeout AS number FROM pragma_busy_timeout")?);
            Ok(found)
        }));
    }
    for found in futures_util::future::join_all(held).await {
        // WAL; FULL (2): a commit waits for the disk; foreign keys; deleted bytes are overwritten.
        assert_eq!(found.expect("an answer"), [1, 2, 1, 1, 10_000]);
    }
}

#[derive(QueryableByName)]
struct Setting {
    #[diesel(sql_type = Text)]
    setting: String,
}

/// A cluster may be told not to wait for its disk, for others; what Hikae answered is on the disk.
#[tokio::test]
async fn commits_wait_for_the_disk_on_a_cluster_that_does_not() {
    let database = Database::on_postgres().await;
    let url = database.url().expect("an address");
    for (cluster, session) in [("off", "on"), ("local", "local"), ("on", "on")] {
        let parameter = if url.contains('?') { '&' } else { '?' };
        let url = format!("{url}{parameter}options=-c%20synchronous_commit%3D{cluster}");
        let (db, _) = Db::open_migrated(&DatabaseUrl::Postgres(url), 2).await.expect("the database opens");
        let read = db.read(|connection| {
            let AnyConnection::Postgres(connection) = connection else { panic!("no PostgreSQL") };
            let sql = "SELECT current_setting('synchronous_commit') AS setting";
            Ok(diesel::sql_query(sql).get_result::<Setting>(connection)?.setting)
        });
        assert_eq!(read.await.expect("an answer"), session, "{cluster}");
    }
}
