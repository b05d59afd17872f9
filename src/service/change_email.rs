//! A signed-in member changes the mail address: asked for with the password, told to the old
//! address, confirmed through a link to the new one.

use super::Services;
use super::access::SignedIn;
use super::act::Act;
use super::mail_limit;
use super::password_proof::{self, Settled};
use super::reset_password::RELEASE_BLOCKED;
use crate::domain::audit::{Action, Event, Outcome};
use crate::domain::client::Client;
use crate::domain::email::EmailAddress;
use crate::domain::link::{LinkPurpose, LinkToken};
use crate::domain::message::Message;
use crate::domain::password::Password;
use crate::domain::time::Timestamp;
use crate::domain::token::SessionKey;
use crate::fault::Fault;
use crate::store::{attempts, links, sessions, users};

/// Links that die with the address they were sent to (SC-53). The one that stops a request to the
/// administrators lives as long as the request: whoever changed the address, the mailbox that
/// was told may still say no.
const DYING_LINKS: [LinkPurpose; 4] =
    [LinkPurpose::PasswordReset, LinkPurpose::EmailChange, LinkPurpose::Release, LinkPurpose::ReleaseCancel];

/// How asking for the change ends.
#[derive(Debug)]
pub enum RequestEmailChange {
    /// Also when the address has an account already: its owner is told, the asker is not (SC-51). With a
    /// new key for the session.
    Sent(SessionKey),
    Invalid,
    Unchanged,
    WrongPassword,
    /// Too many wrong passwords or mails: not before this moment.
    Wait(Timestamp),
}

/// Sends the link that confirms the new address.
///
/// # Errors
/// [`Fault`]: no mail is sent.
pub async fn request(
    services: &Services,
    me: &SignedIn,
    new_email: &str,
    password: Password,
    client: &Client,
) -> Result<RequestEmailChange, Fault> {
    let Ok(new) = EmailAddress::parse(new_email) else { return Ok(RequestEmailChange::Invalid) };
    if new == *me.email() {
        return Ok(RequestEmailChange::Unchanged);
    }
    let (id, session, my) = (me.user(), me.session(), me.clone());
    let user = services.db.read(move |conn| users::get(conn, id)).await?;
    let hash = Some(user.password_hash.clone());
    let proof = password_proof::prove(services, user.email.as_str(), hash, password, client).await?;
    let mut act = Act::begin(services, client);
    services
        .db
        .write(move |tx| {
            my.hold(tx, act.now)?;
            let event = |outcome| Event::own(id, Action::EmailChangeRequested, outcome);
            match proof.settle(tx, &act, Some(id), event)? {
                Settled::Right => {}
                Settled::Wrong => return Ok(RequestEmailChange::WrongPassword),
                Settled::Wait(until) => return Ok(RequestEmailChange::Wait(until)),
            }
            if let Some(too_many) = mail_limit::to_stranger(tx, &act, id, &new)? {
                if too_many.first {
                    act.record(tx, event(Outcome::Throttled))?;
                }
                return Ok(RequestEmailChange::Wait(too_many.until));
            }
            links::end(tx, id, &[LinkPurpose::EmailChange], act.now)?;
            let by = act.circumstances();
            let announced = Message::EmailChangeAnnounced { by: by.clone(), new_email: new.as_str().to_owned() };
            act.mail(tx, &user, announced)?;
            if let Some(owner) = users::by_email(tx, &new)? {
                act.mail(tx, &owner, Message::EmailAlreadyInUse { by })?;
            } else {
                let token = act.link(tx, LinkPurpose::EmailChange, id, &new, None)?;
                let message = Message::EmailChangeRequested {
                    by,
                    confirm_path: format!("/email-confirmation/{}", token.reveal()),
                    valid_until: act.now + LinkPurpose::EmailChange.lifetime(),
                };
                act.mail_to(tx, &user, &new, message)?;
            }
            let key = act.renew_session(tx, session)?;
            act.record(tx, event(Outcome::Done))?;
            Ok(RequestEmailChange::Sent(key))
        })
        .await
}

/// What the page behind the link may know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailChangeLink {
    pub new_email: EmailAddress,
}

/// Looks at a link; consumes nothing.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn inspect(services: &Services, token: &LinkToken) -> Result<Option<EmailChangeLink>, Fault> {
    let (now, digest) = (services.clock.now(), token.digest());
    let link = services.db.read(move |conn| links::find(conn, digest, LinkPurpose::EmailChange, now)).await?;
    Ok(link.map(|link| EmailChangeLink { new_email: link.sent_to }))
}

/// How the confirmation ends.
#[derive(Debug, PartialEq, Eq)]
pub enum ConfirmEmailChange {
    Changed(EmailAddress),
    LinkDead,
    /// Somebody else has got the address meanwhile.
    Taken,
}

/// Changes the address. Links sent to the old one and half-finished sign-ins die, and release by
/// mail waits a day, for the mailbox is a new one.
///
/// # Errors
/// [`Fault`]: the old address stands, and so does the link.
pub async fn confirm(services: &Services, token: &LinkToken, client: &Client) -> Result<ConfirmEmailChange, Fault> {
    let digest = token.digest();
    let mut act = Act::begin(services, client);
    let outcome = services
        .db
        .write_unless_refused(move |tx| {
            let Some(link) = links::find(tx, digest, LinkPurpose::EmailChange, act.now)? else {
                return Ok(Err(ConfirmEmailChange::LinkDead));
            };
            attempts::lock(tx, link.user)?;
            if !links::consume(tx, digest, act.now)? {
                return Ok(Err(ConfirmEmailChange::LinkDead));
            }
            let old = users::get(tx, link.user)?;
            let new = link.sent_to;
            if !users::set_email(tx, old.id, &new)? {
                return Ok(Err(ConfirmEmailChange::Taken));
            }
            users::block_release(tx, old.id, act.now + RELEASE_BLOCKED)?;
            sessions::end_all_password_proven(tx, old.id)?;
            links::end(tx, old.id, &DYING_LINKS, act.now)?;
            let message = Message::EmailChanged {
                by: act.circumstances(),
                old_email: old.email.as_str().to_owned(),
                new_email: new.as_str().to_owned(),
            };
            act.mail(tx, &old, message.clone())?;
            act.mail_to(tx, &old, &new, message)?;
            act.record(tx, Event::attempt(Some(old.id), Action::EmailChanged, Outcome::Done))?;
            Ok(Ok(ConfirmEmailChange::Changed(new)))
        })
        .await?;
    Ok(outcome.unwrap_or_else(|refusal| refusal))
}
