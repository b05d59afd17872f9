//! 方法A: a member switches the own two-factor authentication off, with a link sent to the own
//! address and the password. And what every release does.

use super::Services;
use super::access::SignedIn;
use super::act::Act;
use super::end_release_request;
use super::mail_limit;
use super::password_proof::{self, Settled};
use super::reset_password::{ALL_LINKS, still_blocked};
use crate::domain::audit::{Action, Event, Outcome};
use crate::domain::client::Client;
use crate::domain::email::EmailAddress;
use crate::domain::ids::UserId;
use crate::domain::link::{LinkPurpose, LinkToken, TokenDigest};
use crate::domain::message::{Message, ReleasedBy};
use crate::domain::password::Password;
use crate::domain::time::Timestamp;
use crate::domain::two_factor::TwoFactor;
use crate::domain::two_factor::totp::TotpKey;
use crate::fault::Fault;
use crate::store::links::{self, Link};
use crate::store::{AnyConnection, Tx, attempts, backup_codes, offices, sessions, two_factor, users};

const PURPOSES: [LinkPurpose; 2] = [LinkPurpose::Release, LinkPurpose::ReleaseCancel];

/// How asking for the mail ends.
#[derive(Debug, PartialEq, Eq)]
pub enum RequestRelease {
    Sent,
    /// Two-factor authentication is off already.
    NotOn,
    /// After a password reset or a change of address the mailbox alone would be enough (SC-48).
    BlockedUntil(Timestamp),
    /// Too many mails: not before this moment.
    Wait(Timestamp),
}

/// Sends the link that releases, and the one that cancels; earlier ones die (SC-46).
///
/// # Errors
/// [`Fault`]: no mail is sent, and an earlier link stands.
pub async fn request(services: &Services, me: &SignedIn, client: &Client) -> Result<RequestRelease, Fault> {
    let (user, my) = (me.user(), me.clone());
    let mut act = Act::begin(services, client);
    services
        .db
        .write(move |tx| {
            my.hold(tx, act.now)?;
            let TwoFactor::On(enabled) = two_factor::state(tx, user)? else { return Ok(RequestRelease::NotOn) };
            let event = |outcome| Event::own(user, Action::ReleaseRequested, outcome);
            let owner = users::get(tx, user)?;
            if let Some(until) = still_blocked(owner.release_blocked_until, act.now) {
                act.record(tx, event(Outcome::Refused).detail("blocked after a change of password or address"))?;
                return Ok(RequestRelease::BlockedUntil(until));
            }
            if let Some(too_many) = mail_limit::by_member(tx, &act, user)? {
                if too_many.first {
                    act.record(tx, event(Outcome::Throttled))?;
                }
                return Ok(RequestRelease::Wait(too_many.until));
            }
            links::end(tx, user, &PURPOSES, act.now)?;
            let set_up = Some(enabled.set_up);
            let release = act.link(tx, LinkPurpose::Release, user, &owner.email, set_up)?;
            let cancel = act.link(tx, LinkPurpose::ReleaseCancel, user, &owner.email, set_up)?;
            let message = Message::ReleaseRequested {
                by: act.circumstances(),
                release_path: format!("/two-factor-release/{}", release.reveal()),
                cancel_path: format!("/two-factor-release-cancel/{}", cancel.reveal()),
                valid_until: act.now + LinkPurpose::Release.lifetime(),
                required_by: required_by(tx, user, act.now)?,
            };
            act.mail(tx, &owner, message)?;
            act.record(tx, event(Outcome::Done))?;
            Ok(RequestRelease::Sent)
        })
        .await
}

/// The offices in which a member who releases must set up again at the next sign-in.
fn required_by(conn: &mut AnyConnection, user: UserId, now: Timestamp) -> Result<Vec<String>, Fault> {
    let mut offices = offices::of_user(conn, user)?;
    offices.retain(|own| own.requirement(now).in_force().is_some());
    Ok(offices.into_iter().map(|own| own.office_name).collect())
}

/// What the page behind a link may know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseLink {
    pub user: UserId,
    pub email: EmailAddress,
    pub valid_until: Timestamp,
    /// Offices that will ask for a new set-up at the next sign-in.
    pub required_by: Vec<String>,
}

fn living(
    conn: &mut AnyConnection,
    token: TokenDigest,
    purpose: LinkPurpose,
    now: Timestamp,
) -> Result<Option<Link>, Fault> {
    let Some(link) = links::find(conn, token, purpose, now)? else { return Ok(None) };
    // Bound to the set-up it was made for (SC-59) and to the address it went to (SC-53).
    let same_set_up = match two_factor::state(conn, link.user)? {
        TwoFactor::On(enabled) => link.set_up == Some(enabled.set_up),
        TwoFactor::Off => false,
    };
    let same_address = users::get(conn, link.user)?.email == link.sent_to;
    Ok((same_set_up && same_address).then_some(link))
}

async fn look(services: &Services, token: &LinkToken, purpose: LinkPurpose) -> Result<Option<ReleaseLink>, Fault> {
    let (now, token) = (services.clock.now(), token.digest());
    services
        .db
        .read(move |conn| {
            let Some(link) = living(conn, token, purpose, now)? else { return Ok(None) };
            let required_by = required_by(conn, link.user, now)?;
            let (user, email, valid_until) = (link.user, link.sent_to, link.expires_at);
            Ok(Some(ReleaseLink { user, email, valid_until, required_by }))
        })
        .await
}

/// Looks at a release link; `None`: used, expired, superseded, or none of ours. Consumes nothing.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn inspect(services: &Services, token: &LinkToken) -> Result<Option<ReleaseLink>, Fault> {
    look(services, token, LinkPurpose::Release).await
}

/// Looks at a cancel link; consumes nothing.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn inspect_cancel(services: &Services, token: &LinkToken) -> Result<Option<ReleaseLink>, Fault> {
    look(services, token, LinkPurpose::ReleaseCancel).await
}

/// How the release ends.
#[derive(Debug, PartialEq, Eq)]
pub enum Release {
    Released,
    WrongPassword,
    /// Too many wrong passwords: not before this moment.
    Wait(Timestamp),
    LinkDead,
    /// Another member is signed in with this browser; nothing was looked at (SC-54).
    OtherMember,
}

/// Releases with the link and the password (SC-47). Signs nobody in (SC-55).
///
/// # Errors
/// [`Fault`]: nothing is released, and the link stands.
pub async fn release(
    services: &Services,
    token: &LinkToken,
    password: Password,
    viewer: Option<UserId>,
    client: &Client,
) -> Result<Release, Fault> {
    let Some(found) = inspect(services, token).await? else { return Ok(Release::LinkDead) };
    let user = found.user;
    if viewer.is_some_and(|viewer| viewer != user) {
        return Ok(Release::OtherMember);
    }
    let hash = services.db.read(move |conn| Ok(users::get(conn, user)?.password_hash)).await?;
    let proof = password_proof::prove(services, found.email.as_str(), Some(hash), password, client).await?;
    let token = token.digest();
    let mut act = Act::begin(services, client);
    services
        .db
        .write(move |tx| {
            attempts::lock(tx, user)?;
            let event = |outcome| Event::attempt(Some(user), Action::Released, outcome);
            match proof.settle(tx, &act, Some(user), event)? {
                Settled::Right => {}
                Settled::Wrong => return Ok(Release::WrongPassword),
                Settled::Wait(until) => return Ok(Release::Wait(until)),
            }
            let living = living(tx, token, LinkPurpose::Release, act.now)?.is_some();
            let blocked = still_blocked(users::get(tx, user)?.release_blocked_until, act.now).is_some();
            if !living || blocked || !links::consume(tx, token, act.now)? {
                return Ok(Release::LinkDead);
            }
            release_in(tx, &mut act, user, ReleasedBy::Member)?;
            act.record(tx, Event::own(user, Action::Released, Outcome::Done).detail("by mail"))?;
            Ok(Release::Released)
        })
        .await
}

/// What every release does (SC-61): the key, the codes, a pending set-up and open links are gone,
/// all sessions end, the failure counter is cleared, and the member is told. The accepted time
/// step stays, but for one that lies ahead: it was accepted by a clock that was wrong, and would
/// refuse every code of a new set-up until that day.
pub(super) fn release_in(tx: &mut Tx, act: &mut Act, user: UserId, released_by: ReleasedBy) -> Result<(), Fault> {
    two_factor::disable(tx, user)?;
    two_factor::forget_pending(tx, user)?;
    backup_codes::forget_codes(tx, user, act.now)?;
    links::end(tx, user, &ALL_LINKS, act.now)?;
    sessions::end_all(tx, user, None)?;
    end_release_request::close(tx, act, user)?;
    attempts::clear(tx, user)?;
    attempts::forget_steps_after(tx, user, TotpKey::newest_step(act.now))?;
    let owner = users::get(tx, user)?;
    let by = act.circumstances();
    act.mail(tx, &owner, Message::Released { by, released_by })
}

/// How the cancelling ends.
#[derive(Debug, PartialEq, Eq)]
pub enum CancelRelease {
    Cancelled,
    LinkDead,
}

/// Cancels a release that was asked for: both links of the mail die.
///
/// # Errors
/// [`Fault`]: the links stand.
pub async fn cancel(services: &Services, token: &LinkToken, client: &Client) -> Result<CancelRelease, Fault> {
    let token = token.digest();
    let mut act = Act::begin(services, client);
    services
        .db
        .write(move |tx| {
            let Some(link) = living(tx, token, LinkPurpose::ReleaseCancel, act.now)? else {
                return Ok(CancelRelease::LinkDead);
            };
            attempts::lock(tx, link.user)?;
            if !links::consume(tx, token, act.now)? {
                return Ok(CancelRelease::LinkDead);
            }
            links::end(tx, link.user, &PURPOSES, act.now)?;
            let owner = users::get(tx, link.user)?;
            let by = act.circumstances();
            act.mail(tx, &owner, Message::ReleaseCancelled { by })?;
            act.record(tx, Event::attempt(Some(link.user), Action::ReleaseCancelled, Outcome::Done))?;
            Ok(CancelRelease::Cancelled)
        })
        .await
}
