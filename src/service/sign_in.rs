//! The first step of signing in: address and password. And signing out.

use super::Services;
use super::act::Act;
use super::password_proof::{self, Outlook, Settled};
use crate::crypto::hashing::Asker;
use crate::domain::audit::{Action, Event, Outcome};
use crate::domain::client::Client;
use crate::domain::email::EmailAddress;
use crate::domain::password::Password;
use crate::domain::time::Timestamp;
use crate::domain::token::SessionKey;
use crate::fault::Fault;
use crate::store::sessions::{self, Stage};
use crate::store::{attempts, two_factor, users};

/// What was typed.
#[derive(Debug)]
pub struct Credentials {
    pub email: String,
    pub password: Password,
}

/// How the first step ends.
#[derive(Debug)]
pub enum SignIn {
    /// No second factor: a complete session.
    SignedIn(SessionKey),
    /// The password is proven; the second factor is asked for next.
    SecondFactorNeeded(SessionKey),
    /// One answer for every cause (SC-51).
    Wrong,
    /// Too many wrong passwords: not before this moment.
    Wait(Timestamp),
}

/// Signs in with address and password. `replaces` is the key of the session this browser had
/// before; it ends with a success (SC-30).
///
/// # Errors
/// [`Fault`]: nobody is signed in.
pub async fn sign_in(
    services: &Services,
    credentials: Credentials,
    replaces: Option<SessionKey>,
    client: &Client,
) -> Result<SignIn, Fault> {
    let email = EmailAddress::parse(&credentials.email).ok();
    let account = match &email {
        Some(email) => email.as_str().to_owned(),
        None => credentials.email.chars().take(100).collect(),
    };
    let (now, from) = (services.clock.now(), client.clone());
    let (user, outlook) = services
        .db
        .read(move |conn| {
            let user = email.map(|email| users::by_email(conn, &email)).transpose()?.flatten();
            Ok((user, Outlook::look(conn, &account, &from, now)?))
        })
        .await?;
    let hash = user.as_ref().map(|user| user.password_hash.clone());
    let proof = outlook.prove(services, hash, credentials.password, Asker::Stranger).await?;
    let mut act = Act::begin(services, client);
    services
        .db
        .write(move |tx| {
            let subject = user.as_ref().map(|user| user.id);
            let attempt = |outcome| Event::attempt(subject, Action::PasswordStep, outcome);
            if let Some(user) = subject.filter(|_| proof.is_right()) {
                // From here on no reset, release or set-up of this account comes in between.
                attempts::lock(tx, user)?;
            }
            let user = match (proof.settle(tx, &act, subject, attempt)?, user) {
                (Settled::Right, Some(user)) => user,
                (Settled::Wait(until), _) => return Ok(SignIn::Wait(until)),
                _ => return Ok(SignIn::Wrong),
            };
            if let Some(old) = &replaces {
                sessions::end_of_key(tx, old.digest())?;
            }
            let needs_more = two_factor::state(tx, user.id)?.is_on();
            let answer = if needs_more {
                SignIn::SecondFactorNeeded(act.begin_session(tx, user.id, Stage::PasswordProven)?)
            } else {
                users::signed_in(tx, user.id, act.now)?;
                password_proof::remember_network(tx, user.email.as_str(), &act.client, act.now)?;
                SignIn::SignedIn(act.begin_session(tx, user.id, Stage::Complete)?)
            };
            let detail = if needs_more { "second factor follows" } else { "" };
            act.record(tx, Event::own(user.id, Action::PasswordStep, Outcome::Done).detail(detail))?;
            Ok(answer)
        })
        .await
}

/// Signs out: the session, at whatever stage, is dead on every node (SC-33).
///
/// # Errors
/// [`Fault`] of the database.
pub async fn sign_out(services: &Services, key: &SessionKey, client: &Client) -> Result<(), Fault> {
    let (key, act) = (key.digest(), Act::begin(services, client));
    services
        .db
        .write(move |tx| {
            let Some(user) = sessions::end_of_key(tx, key)? else { return Ok(()) };
            act.record(tx, Event::own(user, Action::SignOut, Outcome::Done))
        })
        .await
}
