//! Faults: what goes wrong without being anybody's refusal. A fault never grants anything, and is
//! never read as «no second factor».

use std::time::Duration;

use diesel::result::DatabaseErrorKind;

/// Something that should have worked did not.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("database: {0}")]
    Database(diesel::result::Error),
    /// The database is gone, or cannot work for want of disk: it may come back.
    #[error("the database is out of service: {0}")]
    OutOfService(diesel::result::Error),
    #[error("no database connection: {0}")]
    NoConnection(String),
    #[error("a stored value makes no sense: {0}")]
    Corrupt(&'static str),
    #[error("cryptography: {0}")]
    Crypto(&'static str),
    /// More work is waiting than may wait (SC-27).
    #[error("too much work is waiting")]
    Busy { retry_after: Duration },
    /// The session that an act was begun with has ended meanwhile; nothing was done (SC-33).
    #[error("the session has ended")]
    SessionEnded,
    /// The role that an act was begun with has been taken away meanwhile; nothing was done
    /// (SC-57).
    #[error("no longer an administrator of the office")]
    NoLongerAdministrator,
    #[error("a background task ended early")]
    TaskEnded,
    #[error("{0}")]
    Other(String),
}

/// What databases say when two transactions stand in each other's way: try again, nothing is lost.
/// PostgreSQL says it in the language of its `lc_messages`, and diesel keeps its error codes to itself.
const IN_THE_WAY: [&str; 7] = [
    "deadlock",
    "database is locked",
    "lock timeout",
    "could not serialize",
    "デッドロック",
    "ロックのタイムアウト",
    "直列化",
];

/// What they say when it is not the statement that is wrong: try again when the machine, the disk or
/// the network is mended.
const OUT_OF_SERVICE: [&str; 17] = [
    // SQLite
    "disk I/O error",
    "database or disk is full",
    "attempt to write a readonly database",
    "unable to open database file",
    // PostgreSQL, and its client
    "No space left on device",
    "デバイスに空き領域がありません",
    "read-only transaction",
    "リードオンリーのトランザクション",
    "server closed the connection",
    "terminating connection",
    "接続を終了しています",
    "the database system is",
    "データベースシステムは",
    "no connection to the server",
    "could not receive data from server",
    "statement timeout",
    "ステートメントのタイムアウト",
];

impl From<diesel::result::Error> for Fault {
    fn from(error: diesel::result::Error) -> Self {
        let diesel::result::Error::DatabaseError(kind, info) = &error else { return Fault::Database(error) };
        let says = |words: &[&str]| words.iter().any(|words| info.message().contains(words));
        if says(&IN_THE_WAY) {
            return Fault::Busy { retry_after: Duration::from_secs(1) };
        }
        if matches!(kind, DatabaseErrorKind::ClosedConnection) || says(&OUT_OF_SERVICE) {
            return Fault::OutOfService(error);
        }
        Fault::Database(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use diesel::result::Error;

    fn fault(message: &str) -> Fault {
        Fault::from(Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(message.to_owned())))
    }

    #[test]
    fn transactions_in_each_others_way_are_told_to_come_again() {
        for message in [
            "deadlock detected",
            "database is locked",
            "canceling statement due to lock timeout",
            "could not serialize access due to concurrent update",
            "デッドロックを検出しました",
            "ロックのタイムアウトのためステートメントをキャンセルしています",
            "更新が同時に行われたためアクセスの直列化ができませんでした",
        ] {
            let fault = fault(message);
            assert!(matches!(fault, Fault::Busy { retry_after } if retry_after > Duration::ZERO), "{message}: {fault}");
        }
    }

    #[test]
    fn a_database_that_is_gone_or_has_no_disk_may_come_back() {
        for message in [
            "database or disk is full",
            "disk I/O error",
            "attempt to write a readonly database",
            "could not extend file \"base/16384/2619\": No space left on device",
            "server closed the connection unexpectedly\n\tThis probably means …",
            "terminating connection due to administrator command",
            "canceling statement due to statement timeout",
            "ファイル\"base/16384/2619\"を拡張できませんでした: デバイスに空き領域がありません",
            "管理者コマンドにより接続を終了しています",
            "ステートメントのタイムアウトのためステートメントをキャンセルしています",
        ] {
            assert!(matches!(fault(message), Fault::OutOfService(_)), "{message}");
        }
    }

    #[test]
    fn other_errors_of_the_database_are_faults() {
        for message in ["no such table: users", "database disk image is malformed"] {
            assert!(matches!(fault(message), Fault::Database(_)), "{message}");
        }
        assert!(matches!(Fault::from(Error::NotFound), Fault::Database(_)));
    }
}
