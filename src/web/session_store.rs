//! The browsers' sessions: a cookie carries its few values itself, under a keyed hash, so that it is
//! worth what we wrote into it, as long as we said. The database is not asked: visitors cost it
//! nothing, however many come, and a sign-in is found by the key among the values, of which the
//! database knows the digest alone (SC-09), and ended there (SC-33). The browser, which sees its
//! own values, learns nothing that it did not bring.

use std::collections::HashMap;
use std::sync::Arc;

use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_web::cookie::time::Duration;
use anyhow::anyhow;
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::browser_session;
use crate::clock::Clock;
use crate::crypto::keys::{KeyRing, Purpose};
use crate::domain::time::{Seconds, Timestamp};
use crate::fault::Fault;
use crate::service::Services;

/// How long a browser that is not signed in may keep a form open.
const ANONYMOUS: Seconds = Seconds::hours(2);
/// The longest cookie.
const MAX_BYTES: usize = 3_000;

/// What a cookie carries.
#[derive(Serialize, Deserialize)]
struct Content {
    expires_at: Timestamp,
    state: HashMap<String, String>,
}

/// Sessions in cookies.
pub struct CookieSessions {
    clock: Clock,
    /// The total limit of a sign-in.
    total: Seconds,
    keys: Arc<KeyRing>,
}

impl CookieSessions {
    /// The store of one worker.
    pub fn new(services: &Services) -> Self {
        Self { clock: services.clock.clone(), total: services.sessions.total, keys: services.keys.clone() }
    }

    fn write(&self, state: HashMap<String, String>) -> Result<SessionKey, anyhow::Error> {
        // A sign-in's own end is never later: it began before.
        let lasts = if state.contains_key(browser_session::SESSION) { self.total } else { ANONYMOUS };
        let text = serde_json::to_vec(&Content { expires_at: self.clock.now() + lasts, state })?;
        let key_id = self.keys.active_id();
        let mac = self.mac(&key_id, &text)?;
        let (text, mac) = (BASE64URL_NOPAD.encode(&text), BASE64URL_NOPAD.encode(&mac));
        format!("{key_id}.{text}.{mac}").try_into().map_err(|_| anyhow!("a session does not fit a cookie"))
    }

    fn mac(&self, key_id: &str, text: &[u8]) -> Result<[u8; 32], Fault> {
        self.keys.mac(key_id, Purpose::Cookie, &[text])
    }

    /// What a cookie carries, if we made it and its time is not over.
    fn read(&self, cookie: &str) -> Option<HashMap<String, String>> {
        let mut parts = cookie.split('.');
        let (key_id, text, mac) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || cookie.len() > MAX_BYTES {
            return None;
        }
        let text = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let mac = BASE64URL_NOPAD.decode(mac.as_bytes()).ok()?;
        if !bool::from(self.mac(key_id, &text).ok()?.ct_eq(&mac)) {
            return None;
        }
        let content: Content = serde_json::from_slice(&text).ok()?;
        (self.clock.now() < content.expires_at).then_some(content.state)
    }
}

impl SessionStore for CookieSessions {
    /// A cookie that is not ours is not adopted: the middleware makes a new one (SC-30).
    async fn load(&self, cookie: &SessionKey) -> Result<Option<HashMap<String, String>>, LoadError> {
        Ok(self.read(cookie.as_ref()))
    }

    async fn save(&self, state: HashMap<String, String>, _: &Duration) -> Result<SessionKey, SaveError> {
        self.write(state).map_err(SaveError::Other)
    }

    async fn update(
        &self,
        _: SessionKey,
        state: HashMap<String, String>,
        _: &Duration,
    ) -> Result<SessionKey, UpdateError> {
        self.write(state).map_err(UpdateError::Other)
    }

    /// Expiry is moved by writes alone: idle limits belong to the sign-in, not to the cookie.
    async fn update_ttl(&self, _: &SessionKey, _: &Duration) -> Result<(), anyhow::Error> {
        Ok(())
    }

    /// What a cookie opens is ended in the database, by the acts.
    async fn delete(&self, _: &SessionKey) -> Result<(), anyhow::Error> {
        Ok(())
    }
}
