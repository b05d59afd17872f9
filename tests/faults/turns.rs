//! Who may stop the database server that the tests of this suite share.

use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

static SERVER: RwLock<()> = RwLock::const_new(());

/// While this is held, nobody stops it.
pub async fn beside_others() -> RwLockReadGuard<'static, ()> {
    SERVER.read().await
}

/// While this is held, nobody else uses it.
pub async fn alone() -> RwLockWriteGuard<'static, ()> {
    SERVER.write().await
}

/// Whether this run is PostgreSQL's; what is said of one database alone is tried in its run.
pub fn is_on_postgres() -> bool {
    std::env::var("HIKAE_TEST_DATABASE").is_ok_and(|name| name == "postgres")
}
