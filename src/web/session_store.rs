//! The browsers' sessions. From the password step on, a row in the database, keyed by the SHA-256
//! of the cookie's key, so that the database cannot hand out sessions (SC-09), and revocable at
//! once (SC-33). Before that, a cookie that carries its few values itself, under a keyed hash:
//! visitors cost the database nothing, however many come.

use std::collections::HashMap;
use std::sync::Arc;

use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_web::cookie::time::Duration;
use anyhow::anyhow;
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::browser_session;
use crate::clock::Clock;
use crate::crypto::keys::{KeyRing, Purpose};
use crate::domain::time::{Seconds, Timestamp};
use crate::fault::Fault;
use crate::random::Randomness;
use crate::service::{Services, SessionLimits};
use crate::store::{Db, web_sessions};

/// How long a browser that is not signed in may keep a form open.
const ANONYMOUS: Seconds = Seconds::hours(2);
/// What the cookie of a visitor begins with; a key of a row never does.
const VISITOR: &str = "v.";
/// The longest cookie of a visitor.
const MAX_VISITOR_BYTES: usize = 3_000;

/// What a visitor's cookie carries.
#[derive(Serialize, Deserialize)]
struct Visitor {
    expires_at: Timestamp,
    state: HashMap<String, String>,
}

/// Sessions in the database.
pub struct DatabaseSessions {
    db: Db,
    clock: Clock,
    random: Randomness,
    limits: SessionLimits,
    keys: Arc<KeyRing>,
}

impl DatabaseSessions {
    /// The store of one worker.
    pub fn new(services: &Services) -> Self {
        Self {
            db: services.db.clone(),
            clock: services.clock.clone(),
            random: services.random.clone(),
            limits: services.sessions,
            keys: services.keys.clone(),
        }
    }

    fn expiry(&self) -> Timestamp {
        self.clock.now() + self.limits.total
    }

    fn visitor_key(&self, state: HashMap<String, String>) -> Result<SessionKey, SaveError> {
        let visitor = Visitor { expires_at: self.clock.now() + ANONYMOUS, state };
        let text = serde_json::to_vec(&visitor).map_err(|error| SaveError::Serialization(error.into()))?;
        let key_id = self.keys.active_id();
        let mac = self.visitor_mac(&key_id, &text).map_err(|fault| SaveError::Other(fault.into()))?;
        let (text, mac) = (BASE64URL_NOPAD.encode(&text), BASE64URL_NOPAD.encode(&mac));
        let key = format!("{VISITOR}{key_id}.{text}.{mac}");
        key.try_into().map_err(|_| SaveError::Other(anyhow!("a visitor's session does not fit a cookie")))
    }

    fn visitor_mac(&self, key_id: &str, text: &[u8]) -> Result<[u8; 32], Fault> {
        self.keys.mac(key_id, Purpose::Visitor, &[text])
    }

    /// What a visitor's cookie carries, if we made it and its time is not over.
    fn visitor(&self, key: &str) -> Option<HashMap<String, String>> {
        let mut parts = key.strip_prefix(VISITOR)?.split('.');
        let (key_id, text, mac) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || key.len() > MAX_VISITOR_BYTES {
            return None;
        }
        let text = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let mac = BASE64URL_NOPAD.decode(mac.as_bytes()).ok()?;
        if !bool::from(self.visitor_mac(key_id, &text).ok()?.ct_eq(&mac)) {
            return None;
        }
        let visitor: Visitor = serde_json::from_slice(&text).ok()?;
        let is_visitor = !visitor.state.contains_key(browser_session::SESSION);
        (is_visitor && self.clock.now() < visitor.expires_at).then_some(visitor.state)
    }
}

fn is_visitor(state: &HashMap<String, String>) -> bool {
    !state.contains_key(browser_session::SESSION)
}

fn digest(key: &SessionKey) -> [u8; 32] {
    Sha256::digest(key.as_ref().as_bytes()).into()
}

impl SessionStore for DatabaseSessions {
    async fn load(&self, key: &SessionKey) -> Result<Option<HashMap<String, String>>, LoadError> {
        if key.as_ref().starts_with(VISITOR) {
            return Ok(self.visitor(key.as_ref()));
        }
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
        if is_visitor(&state) {
            return self.visitor_key(state);
        }
        let key: SessionKey = BASE64URL_NOPAD
            .encode(&self.random.clone().bytes::<32>())
            .try_into()
            .map_err(|_| SaveError::Other(anyhow!("a new session key does not fit a cookie")))?;
        let expires_at = self.expiry();
        let text = serde_json::to_string(&state).map_err(|error| SaveError::Serialization(error.into()))?;
        let digest = digest(&key);
        let saved = self.db.write(move |tx| web_sessions::insert(tx, &digest, &text, expires_at)).await;
        // The act of this request is done and cannot be undone; its answer may be the one page
        // that shows codes. It is given, and the browser is signed out, for its key has no row.
        if let Err(fault) = saved {
            tracing::error!(%fault, "a session could not be saved; the browser is signed out");
        }
        Ok(key)
    }

    async fn update(
        &self,
        key: SessionKey,
        state: HashMap<String, String>,
        _: &Duration,
    ) -> Result<SessionKey, UpdateError> {
        if is_visitor(&state) {
            // A sign-in that is over leaves a visitor behind, and no row.
            if !key.as_ref().starts_with(VISITOR) {
                self.delete(&key).await.map_err(UpdateError::Other)?;
            }
            return self.visitor_key(state).map_err(|error| UpdateError::Other(error.into()));
        }
        let expires_at = self.expiry();
        let text = serde_json::to_string(&state).map_err(|error| UpdateError::Serialization(error.into()))?;
        let digest = digest(&key);
        // A row that was deleted meanwhile stays deleted: writing it again would bring a revoked
        // session back. The answer of this request stands all the same.
        match self.db.write(move |tx| web_sessions::update(tx, &digest, &text, expires_at)).await {
            Ok(true) => {}
            Ok(false) => tracing::info!("a session ended while a request of it was answered"),
            Err(fault) => tracing::error!(%fault, "a session could not be updated"),
        }
        Ok(key)
    }

    /// Expiry is moved by writes alone: idle limits belong to the sign-in, not to the cookie.
    async fn update_ttl(&self, _: &SessionKey, _: &Duration) -> Result<(), anyhow::Error> {
        Ok(())
    }

    async fn delete(&self, key: &SessionKey) -> Result<(), anyhow::Error> {
        if key.as_ref().starts_with(VISITOR) {
            return Ok(());
        }
        let digest = digest(key);
        // As above: what the request has done is done, and its answer is given. The row that stays
        // stands for a sign-in that the act has ended, or for the one that this browser goes on with.
        if let Err(fault) = self.db.write(move |tx| web_sessions::delete(tx, &digest)).await {
            tracing::error!(%fault, "a session could not be forgotten");
        }
        Ok(())
    }
}
