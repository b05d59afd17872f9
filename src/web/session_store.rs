//! The rows behind the browsers' session cookies: keyed by the SHA-256 of the key, so that the
//! database cannot hand out sessions (SC-09), and revocable at once (SC-33).

use std::collections::HashMap;

use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_web::cookie::time::Duration;
use anyhow::anyhow;
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

use super::browser_session;
use crate::clock::Clock;
use crate::domain::time::{Seconds, Timestamp};
use crate::random::Randomness;
use crate::service::{Services, SessionLimits};
use crate::store::{Db, web_sessions};

/// How long a browser that is not signed in may keep a form open.
const ANONYMOUS: Seconds = Seconds::hours(2);

/// Sessions in the database.
pub struct DatabaseSessions {
    db: Db,
    clock: Clock,
    random: Randomness,
    limits: SessionLimits,
}

impl DatabaseSessions {
    /// The store of one worker.
    pub fn new(services: &Services) -> Self {
        Self {
            db: services.db.clone(),
            clock: services.clock.clone(),
            random: services.random.clone(),
            limits: services.sessions,
        }
    }

    fn expiry(&self, state: &HashMap<String, String>) -> Timestamp {
        let signed_in = state.contains_key(browser_session::SESSION);
        self.clock.now() + if signed_in { self.limits.total } else { ANONYMOUS }
    }
}

fn digest(key: &SessionKey) -> [u8; 32] {
    Sha256::digest(key.as_ref().as_bytes()).into()
}

impl SessionStore for DatabaseSessions {
    async fn load(&self, key: &SessionKey) -> Result<Option<HashMap<String, String>>, LoadError> {
        let (digest, now) = (digest(key), self.clock.now());
        let text = self
            .db
            .read(move |conn| web_sessions::load(conn, &digest, now))
            .await
            .map_err(|fault| LoadError::Other(fault.into()))?;
        // A key without a row is not adopted: the middleware makes a new one (SC-30).
        text.map(|text| serde_json::from_str(&text))
            .transpose()
            .map_err(|error| LoadError::Deserialization(error.into()))
    }

    async fn save(&self, state: HashMap<String, String>, _: &Duration) -> Result<SessionKey, SaveError> {
        let key: SessionKey = BASE64URL_NOPAD
            .encode(&self.random.clone().bytes::<32>())
            .try_into()
            .map_err(|_| SaveError::Other(anyhow!("a new session key does not fit a cookie")))?;
        let expires_at = self.expiry(&state);
        let text = serde_json::to_string(&state).map_err(|error| SaveError::Serialization(error.into()))?;
        let digest = digest(&key);
        self.db
            .write(move |tx| web_sessions::insert(tx, &digest, &text, expires_at))
            .await
            .map_err(|fault| SaveError::Other(fault.into()))?;
        Ok(key)
    }

    async fn update(
        &self,
        key: SessionKey,
        state: HashMap<String, String>,
        _: &Duration,
    ) -> Result<SessionKey, UpdateError> {
        let expires_at = self.expiry(&state);
        let text = serde_json::to_string(&state).map_err(|error| UpdateError::Serialization(error.into()))?;
        let digest = digest(&key);
        let updated = self
            .db
            .write(move |tx| web_sessions::update(tx, &digest, &text, expires_at))
            .await
            .map_err(|fault| UpdateError::Other(fault.into()))?;
        // A row that was deleted meanwhile stays deleted: writing it again would bring a revoked
        // session back.
        if updated { Ok(key) } else { Err(UpdateError::Other(anyhow!("the session ended meanwhile"))) }
    }

    /// Expiry is moved by writes alone: idle limits belong to the sign-in, not to the cookie.
    async fn update_ttl(&self, _: &SessionKey, _: &Duration) -> Result<(), anyhow::Error> {
        Ok(())
    }

    async fn delete(&self, key: &SessionKey) -> Result<(), anyhow::Error> {
        let digest = digest(key);
        Ok(self.db.write(move |tx| web_sessions::delete(tx, &digest)).await?)
    }
}
