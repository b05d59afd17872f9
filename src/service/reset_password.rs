//! A forgotten password: a link by mail sets a new one. The second factor is neither skipped nor
//! touched.

use super::Services;
use super::act::Act;
use super::end_release_request;
use super::mail_limit;
use crate::domain::audit::{Action, Event, Outcome};
use crate::domain::client::Client;
use crate::domain::email::EmailAddress;
use crate::domain::link::{LinkPurpose, LinkToken, TokenDigest};
use crate::domain::message::Message;
use crate::domain::password::{Password, WeakPassword};
use crate::domain::rate::Bucket;
use crate::domain::time::{Seconds, Timestamp};
use crate::fault::Fault;
use crate::store::links::{self, Link};
use crate::store::{AnyConnection, attempts, rates, sessions, users};

/// How long release by mail is blocked after the mailbox has set the password or the mailbox
/// itself was changed: otherwise the mailbox alone would be enough (SC-48).
pub(super) const RELEASE_BLOCKED: Seconds = Seconds::hours(24);

/// Until when release by mail is blocked still.
pub(super) fn still_blocked(until: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    credible_block(until, now).filter(|until| now < *until)
}

/// Until when it is or was blocked, unless a clock that ran ahead has written that (SC-77).
pub(super) fn credible_block(until: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    until.filter(|until| until.before(RELEASE_BLOCKED).is_credible(now))
}

/// Links that die when the password changes (SC-53).
pub(super) const ALL_LINKS: [LinkPurpose; 5] = [
    LinkPurpose::PasswordReset,
    LinkPurpose::EmailChange,
    LinkPurpose::Release,
    LinkPurpose::ReleaseCancel,
    LinkPurpose::ReleaseRequestCancel,
];

/// How asking for the link ends.
#[derive(Debug, PartialEq, Eq)]
pub enum RequestReset {
    /// The same for a known and an unknown address (SC-51).
    Taken,
    /// Too many mails: not before this moment; known or unknown.
    Wait(Timestamp),
}

/// Sends a link to the address, if it has an account.
///
/// # Errors
/// [`Fault`]: no mail is sent.
pub async fn request(services: &Services, email: &str, client: &Client) -> Result<RequestReset, Fault> {
    let Ok(email) = EmailAddress::parse(email) else { return Ok(RequestReset::Taken) };
    let mut act = Act::begin(services, client);
    services
        .db
        .write(move |tx| {
            let user = users::by_email(tx, &email)?;
            if let Some(user) = &user {
                attempts::lock(tx, user.id)?;
            }
            let subject = user.as_ref().map(|user| user.id);
            let event = |outcome| Event::attempt(subject, Action::PasswordResetRequested, outcome);
            if let Some(too_many) = mail_limit::by_anybody(tx, &act, &email)? {
                if too_many.first {
                    act.record(tx, event(Outcome::Throttled))?;
                }
                return Ok(RequestReset::Wait(too_many.until));
            }
            if let Some(user) = user {
                links::end(tx, user.id, &[LinkPurpose::PasswordReset], act.now)?;
                let token = act.link(tx, LinkPurpose::PasswordReset, user.id, &user.email, None)?;
                let message = Message::PasswordReset {
                    by: act.circumstances(),
                    reset_path: format!("/password-reset/{}", token.reveal()),
                    valid_until: act.now + LinkPurpose::PasswordReset.lifetime(),
                };
                act.mail(tx, &user, message)?;
                act.record(tx, event(Outcome::Done))?;
            } else {
                act.record(tx, event(Outcome::Refused).detail("no such account"))?;
            }
            Ok(RequestReset::Taken)
        })
        .await
}

fn living(conn: &mut AnyConnection, token: TokenDigest, now: Timestamp) -> Result<Option<(Link, users::User)>, Fault> {
    let Some(link) = links::find(conn, token, LinkPurpose::PasswordReset, now)? else { return Ok(None) };
    let user = users::get(conn, link.user)?;
    Ok((user.email == link.sent_to).then_some((link, user)))
}

/// Whose password a link sets; `None`: used, expired, superseded, or none of ours.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn inspect(services: &Services, token: &LinkToken) -> Result<Option<EmailAddress>, Fault> {
    let (now, token) = (services.clock.now(), token.digest());
    services.db.read(move |conn| Ok(living(conn, token, now)?.map(|(_, user)| user.email))).await
}

/// How setting the new password ends.
#[derive(Debug, PartialEq, Eq)]
pub enum ResetPassword {
    Changed,
    Weak(WeakPassword),
    LinkDead,
}

/// Sets a new password through a link. All sessions end; the second factor stays as it is.
///
/// # Errors
/// [`Fault`]: the old password stands, and so does the link.
pub async fn reset(
    services: &Services,
    token: &LinkToken,
    new_password: &str,
    client: &Client,
) -> Result<ResetPassword, Fault> {
    let (now, digest) = (services.clock.now(), token.digest());
    let Some((_, user)) = services.db.read(move |conn| living(conn, digest, now)).await? else {
        return Ok(ResetPassword::LinkDead);
    };
    let password = match Password::chosen(new_password, &[user.email.as_str(), &user.name]) {
        Ok(password) => password,
        Err(weak) => return Ok(ResetPassword::Weak(weak)),
    };
    let new_hash = services.gate.hash_password(password, services.random.clone().bytes()).await?;
    let mut act = Act::begin(services, client);
    services
        .db
        .write(move |tx| {
            attempts::lock(tx, user.id)?;
            if living(tx, digest, act.now)?.is_none() || !links::consume(tx, digest, act.now)? {
                return Ok(ResetPassword::LinkDead);
            }
            // In place of whatever it is now: a sign-in may have renewed its hash meanwhile.
            let current = users::get(tx, user.id)?.password_hash;
            if !users::set_password(tx, user.id, &current, &new_hash, act.now)? {
                return Err(Fault::Corrupt("a password changed under its lock"));
            }
            users::block_release(tx, user.id, act.now + RELEASE_BLOCKED)?;
            sessions::end_all(tx, user.id, None)?;
            links::end(tx, user.id, &ALL_LINKS, act.now)?;
            // Who has just set the password may sign in with it, whatever was guessed before.
            rates::clear(tx, &Bucket::password_pair(user.email.as_str(), &act.client))?;
            let by = act.circumstances();
            act.mail(tx, &user, Message::PasswordChanged { by, by_reset: true })?;
            end_release_request::after_new_password(tx, &mut act, user.id)?;
            act.record(tx, Event::attempt(Some(user.id), Action::PasswordReset, Outcome::Done))?;
            Ok(ResetPassword::Changed)
        })
        .await
}
