//! Faults: what goes wrong without being anybody's refusal. A fault never grants anything, and is
//! never read as «no second factor».

use std::time::Duration;

/// Something that should have worked did not.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("database: {0}")]
    Database(#[from] diesel::result::Error),
    #[error("no database connection: {0}")]
    NoConnection(String),
    #[error("a stored value makes no sense: {0}")]
    Corrupt(&'static str),
    #[error("cryptography: {0}")]
    Crypto(&'static str),
    /// More work is waiting than may wait (SC-27).
    #[error("too much work is waiting")]
    Busy { retry_after: Duration },
    #[error("a background task ended early")]
    TaskEnded,
    #[error("{0}")]
    Other(String),
}
