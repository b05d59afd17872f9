//! A signed-in member changes the password, with the current one as proof (SC-36).

use super::Services;
use super::access::SignedIn;
use super::act::Act;
use super::end_release_request;
use super::password_proof::{self, Settled};
use super::reset_password::ALL_LINKS;
use crate::domain::audit::{Action, Event, Outcome};
use crate::domain::client::Client;
use crate::domain::message::Message;
use crate::domain::password::{Password, WeakPassword};
use crate::domain::time::Timestamp;
use crate::domain::token::SessionKey;
use crate::fault::Fault;
use crate::store::{links, sessions, users};

/// How the change ends.
#[derive(Debug)]
pub enum ChangePassword {
    /// With a new key for the session.
    Changed(SessionKey),
    WrongPassword,
    Weak(WeakPassword),
    /// Too many wrong passwords: not before this moment.
    Wait(Timestamp),
}

/// Changes the password. Every other session, and every sign-in that has proven the old one, ends.
///
/// # Errors
/// [`Fault`]: the old password stands.
pub async fn change_password(
    services: &Services,
    me: &SignedIn,
    current: Password,
    new_password: &str,
    client: &Client,
) -> Result<ChangePassword, Fault> {
    let (id, session, my) = (me.user(), me.session(), me.clone());
    let new = match Password::chosen(new_password, &[me.email().as_str(), me.name()]) {
        Ok(new) => new,
        Err(weak) => return Ok(ChangePassword::Weak(weak)),
    };
    let user = services.db.read(move |conn| users::get(conn, id)).await?;
    let hash = Some(user.password_hash.clone());
    let proof = password_proof::prove(services, user.email.as_str(), hash, current, client).await?;
    let new_hash = if proof.is_right() {
        services.gate.hash_password(new, services.random.clone().bytes()).await?
    } else {
        // Not hashed for nothing: what does not match is refused below, and stays what it is.
        user.password_hash.clone()
    };
    let mut act = Act::begin(services, client);
    services
        .db
        .write(move |tx| {
            my.hold(tx, act.now)?;
            let event = |outcome| Event::own(id, Action::PasswordChanged, outcome);
            match proof.settle(tx, &act, Some(id), event)? {
                Settled::Right => {}
                Settled::Wrong => return Ok(ChangePassword::WrongPassword),
                Settled::Wait(until) => return Ok(ChangePassword::Wait(until)),
            }
            // In place of whatever it is now: settling may have renewed the hash.
            let old = users::get(tx, id)?.password_hash;
            if !users::set_password(tx, id, &old, &new_hash, act.now)? {
                return Err(Fault::Corrupt("a password changed under its lock"));
            }
            sessions::end_all(tx, id, Some(session))?;
            links::end(tx, id, &ALL_LINKS, act.now)?;
            let by = act.circumstances();
            act.mail(tx, &user, Message::PasswordChanged { by, by_reset: false })?;
            let key = act.renew_session(tx, session)?;
            end_release_request::after_new_password(tx, &mut act, id)?;
            act.record(tx, event(Outcome::Done))?;
            Ok(ChangePassword::Changed(key))
        })
        .await
}
