//! What the browser's session holds: the key of its sign-in and the token of its forms. Nothing else, and
//! nothing that must happen only once, for the last of two parallel writes wins.

use actix_session::Session;
use data_encoding::BASE64URL_NOPAD;
use serde::Serialize;

use crate::domain::token::SessionKey;
use crate::random::Randomness;

pub(super) const SESSION: &str = "session";
const CSRF: &str = "csrf";

/// The key of the sign-in this browser says it belongs to; the database decides whether it still lives.
pub fn session_key(session: &Session) -> Option<SessionKey> {
    SessionKey::parse(&session.get::<String>(SESSION).ok().flatten()?)
}

/// Binds the browser to a sign-in that has just been made, raised or proven afresh: its new key, and
/// a new form token (SC-30).
pub fn bind(session: &Session, key: &SessionKey, random: &Randomness) {
    put(session, SESSION, key.reveal());
    renew(session, random);
}

/// A new form token, which ends the forms of before.
pub fn renew(session: &Session, random: &Randomness) {
    session.renew();
    put(session, CSRF, new_token(random));
}

/// Forgets the sign-in this browser spoke of, which is over. Only a page that was asked for does: any
/// other answer may come after one that has bound the browser to another.
pub fn forget_sign_in(session: &Session) {
    session.remove(SESSION);
}

/// The token of this session's forms; made when the first form is rendered.
pub fn csrf_token(session: &Session, random: &Randomness) -> String {
    known_csrf_token(session).unwrap_or_else(|| {
        let token = new_token(random);
        put(session, CSRF, &token);
        token
    })
}

/// The token of this session's forms, if it has any.
pub fn known_csrf_token(session: &Session) -> Option<String> {
    session.get(CSRF).ok().flatten()
}

fn new_token(random: &Randomness) -> String {
    BASE64URL_NOPAD.encode(&random.clone().bytes::<32>())
}

fn put(session: &Session, key: &str, value: impl Serialize) {
    if let Err(error) = session.insert(key, value) {
        // Without its value the next request is refused: closed, not open.
        tracing::error!(%error, key, "the session could not be written");
    }
}
