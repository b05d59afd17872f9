//! What PostgreSQL makes of the questions of an act.

use hikae::clock::Clock;
use hikae::domain::client::Client;
use hikae::domain::ids::{SessionId, UserId};
use hikae::domain::password::Password;
use hikae::domain::time::Seconds;
use hikae::domain::token::SessionKey;
use hikae::random::Randomness;
use hikae::service::access::{Identity, identify};
use hikae::service::sign_in::{Credentials, SignIn, sign_in, sign_out};
use hikae::store::sessions::{self, Session, Stage};

use crate::fleet::runtime;
use crate::portal::Portal;
use crate::support::database::Database;
use crate::until;

fn a_session(user: UserId) -> Session {
    let now = Clock::System.now();
    Session {
        id: SessionId::random(&mut Randomness::System),
        user,
        stage: Stage::Complete,
        created_at: now,
        last_seen_at: now,
        expires_at: now + Seconds::hours(1),
        address: "192.0.2.1".to_owned(),
        device: "a browser".to_owned(),
        office: None,
    }
}

/// Statistics of a table's first days outlast the begin of a flood, which fills it within a minute.
#[test]
fn no_sign_in_reads_a_whole_table_however_small_it_was_known_to_be() {
    let portal = Portal::on(tempfile::tempdir().unwrap(), runtime().block_on(Database::on_postgres()));
    let database = &portal.database;
    let by_key = || {
        let tables =
            "SELECT idx_scan::text AS line FROM pg_stat_user_tables WHERE relname IN ('rate_windows', 'sessions')";
        database.lines(tables).iter().map(|count| count.parse::<u64>().unwrap()).min()
    };
    let by_reading_all = || {
        database.lines(
            "SELECT relname || ' ' || seq_scan AS line FROM pg_stat_user_tables \
             WHERE relname IN ('rate_windows', 'sessions', 'users') UNION ALL \
             SELECT indexrelname || ' ' || idx_scan FROM pg_stat_user_indexes \
             WHERE indexrelname IN ('rate_windows_by_end', 'sessions_by_expiry') ORDER BY line",
        )
    };
    runtime().block_on(async {
        let services = portal.services(&portal.path("hikae.key"), Clock::System).await;
        database.execute("INSERT INTO rate_windows VALUES ('first', 1, 1); ANALYZE");
        let before = by_reading_all();
        assert_eq!(before.len(), 5, "{before:?}");
        for guess in 0..10 {
            let password = Password::typed("当てずっぽう");
            let credentials = Credentials { email: format!("nobody{guess}@example.jp"), password };
            let answer = sign_in(&services, credentials, None, &Client::operator()).await.unwrap();
            assert!(matches!(answer, SignIn::Wrong));
            let key = SessionKey::random(&mut Randomness::System);
            assert!(matches!(identify(&services, &key).await.unwrap(), Identity::Visitor));
            sign_out(&services, &key, &Client::operator()).await.unwrap();
            let nobodys = a_session(UserId::from_i64(guess));
            let completed =
                services.db.write(move |tx| sessions::complete(tx, &nobodys, key.digest(), nobodys.created_at)).await;
            assert!(!completed.unwrap());
        }
        // What a connection has counted is told at its end.
        drop(services);
        until("ten sign-ins are counted", || by_key() >= Some(10));
        assert_eq!(by_reading_all(), before);
    });
}
