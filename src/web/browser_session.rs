//! What the browser's session holds: the key of its sign-in, the token of its forms, and one message
//! for the next page. Nothing else, and nothing that must happen only once, for the last of two
//! parallel writes wins.

use actix_session::Session;
use data_encoding::BASE64URL_NOPAD;
use serde::Serialize;

use super::notice::Notice;
use crate::domain::token::SessionKey;
use crate::random::Randomness;

pub(super) const SESSION: &str = "session";
const CSRF: &str = "csrf";
const NOTICE: &str = "notice";

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

/// Unbinds the browser from a sign-in that is over, keeping room for a message.
pub fn unbind(session: &Session, random: &Randomness) {
    session.clear();
    renew(session, random);
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

/// Leaves a message for the next page.
pub fn tell(session: &Session, notice: Notice) {
    put(session, NOTICE, notice);
}

/// Takes the message for this page.
pub fn take_notice(session: &Session) -> Option<Notice> {
    // `remove` marks the session as changed even when there is nothing to remove.
    if !session.contains_key(NOTICE) {
        return None;
    }
    session.remove_as(NOTICE)?.ok()
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
