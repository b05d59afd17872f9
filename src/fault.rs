//! Faults: what goes wrong without being anybody's refusal. A fault never grants anything, and is
//! never read as «no second factor».

use std::time::Duration;

/// Something that should have worked did not.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("database: {0}")]
    Database(diesel::result::Error),
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
const IN_THE_WAY: [&str; 4] = ["deadlock", "database is locked", "lock timeout", "could not serialize"];

impl From<diesel::result::Error> for Fault {
    fn from(error: diesel::result::Error) -> Self {
        if let diesel::result::Error::DatabaseError(_, info) = &error
            && IN_THE_WAY.iter().any(|words| info.message().contains(words))
        {
            return Fault::Busy { retry_after: Duration::from_secs(1) };
        }
        Fault::Database(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use diesel::result::{DatabaseErrorKind, Error};

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
        ] {
            let fault = fault(message);
            assert!(matches!(fault, Fault::Busy { retry_after } if retry_after > Duration::ZERO), "{message}: {fault}");
        }
    }

    #[test]
    fn other_errors_of_the_database_are_faults() {
        for message in ["no such table: users", "disk I/O error"] {
            assert!(matches!(fault(message), Fault::Database(_)), "{message}");
        }
        assert!(matches!(Fault::from(Error::NotFound), Fault::Database(_)));
    }
}
