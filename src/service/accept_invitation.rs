//! The link of an invitation: a new person sets name and password, somebody with an account joins
//! with it.

use super::Services;
use super::access::SignedIn;
use super::act::Act;
use super::change_role::tell_administrators;
use super::invite::inviter_may;
use super::operator::DEFAULT_TIME_ZONE;
use crate::domain::audit::{Action, Event, Outcome};
use crate::domain::client::Client;
use crate::domain::email::EmailAddress;
use crate::domain::ids::UserId;
use crate::domain::invitation::Ending;
use crate::domain::link::{LinkToken, TokenDigest};
use crate::domain::office::{Name, Role};
use crate::domain::password::{Password, WeakPassword};
use crate::domain::rate::{Bucket, INVITED_NETWORK};
use crate::domain::time::Timestamp;
use crate::fault::Fault;
use crate::store::invitations::{self, Invitation};
use crate::store::{AnyConnection, Tx, offices, rates, users};

/// What the page behind the link may know.
#[derive(Debug, Clone)]
pub struct InvitationLink {
    pub office_name: String,
    pub invited_by: String,
    pub email: EmailAddress,
    pub role: Role,
    pub expires_at: Timestamp,
    /// The account of this address, if it has one.
    pub account: Option<UserId>,
}

fn living(conn: &mut AnyConnection, digest: TokenDigest, now: Timestamp) -> Result<Option<Invitation>, Fault> {
    let Some(invitation) = invitations::of_link(conn, digest, now)? else { return Ok(None) };
    Ok(inviter_may(conn, &invitation)?.then_some(invitation))
}

/// Looks at a link; consumes nothing (SC-49). `None`: it leads nowhere (any more).
///
/// # Errors
/// [`Fault`] of the database.
pub async fn inspect(services: &Services, token: &LinkToken) -> Result<Option<InvitationLink>, Fault> {
    let (now, digest) = (services.clock.now(), token.digest());
    services
        .db
        .read(move |conn| {
            let Some(invitation) = living(conn, digest, now)? else { return Ok(None) };
            Ok(Some(InvitationLink {
                office_name: offices::name(conn, invitation.office)?,
                invited_by: users::get(conn, invitation.invited_by)?.name,
                role: invitation.role,
                expires_at: invitation.expires_at,
                account: users::by_email(conn, &invitation.email)?.map(|user| user.id),
                email: invitation.email,
            }))
        })
        .await
}

/// How making an account through the link ends.
#[derive(Debug, PartialEq, Eq)]
pub enum AcceptNew {
    /// The account is there; nobody is signed in by it.
    Created,
    Weak(WeakPassword),
    LinkDead,
    /// The address has got an account meanwhile: sign in with it, and join.
    HasAccount,
    /// Too many tries from this network: not before this moment.
    Wait(Timestamp),
}

/// Makes an account for the invited address, and a member of it.
///
/// # Errors
/// [`Fault`]: there is no account, and the link stays good.
pub async fn accept_as_new(
    services: &Services,
    token: &LinkToken,
    name: Name,
    new_password: &str,
    client: &Client,
) -> Result<AcceptNew, Fault> {
    let digest = token.digest();
    let Some(link) = inspect(services, token).await? else { return Ok(AcceptNew::LinkDead) };
    if link.account.is_some() {
        return Ok(AcceptNew::HasAccount);
    }
    let password = match Password::chosen(new_password, &[link.email.as_str(), name.as_str()]) {
        Ok(password) => password,
        Err(weak) => return Ok(AcceptNew::Weak(weak)),
    };
    if let Some(until) = count(services, client).await? {
        return Ok(AcceptNew::Wait(until));
    }
    let hash = services.gate.hash_password(password, services.random.clone().bytes()).await?;
    let mut act = Act::begin(services, client);
    let outcome = services
        .db
        .write_unless_refused(move |tx| {
            let Some(invitation) = held(tx, digest, act.now)? else { return Ok(Err(AcceptNew::LinkDead)) };
            let id = UserId::random(&mut act.random);
            if !invitations::end(tx, invitation.id, Ending::Accepted, act.now)? {
                return Ok(Err(AcceptNew::LinkDead));
            }
            let person = users::NewUser {
                id,
                email: &invitation.email,
                name: name.as_str(),
                password_hash: &hash,
                time_zone: DEFAULT_TIME_ZONE,
            };
            if !users::insert(tx, &person, act.now)? {
                return Ok(Err(AcceptNew::HasAccount));
            }
            let office = Some(invitation.office);
            enter(tx, &mut act, &invitation, id)?;
            act.record(tx, Event { office, ..Event::own(id, Action::UserAdded, Outcome::Done) })?;
            record(tx, &act, &invitation, id)?;
            Ok(Ok(AcceptNew::Created))
        })
        .await?;
    Ok(outcome.unwrap_or_else(|refusal| refusal))
}

/// Counts a try before it is hashed (SC-27). `Some`: too many, not before this moment.
async fn count(services: &Services, client: &Client) -> Result<Option<Timestamp>, Fault> {
    let (bucket, now) = (Bucket::invited_network(client), services.clock.now());
    let counted = services.db.write(move |tx| rates::count(tx, &bucket, INVITED_NETWORK.span, now)).await?;
    Ok((counted.hits > INVITED_NETWORK.hits).then_some(counted.ends_at))
}

/// How joining with an account ends.
#[derive(Debug, PartialEq, Eq)]
pub enum AcceptOwn {
    Joined,
    /// Was a member before; the invitation has ended.
    AlreadyMember,
    /// The invitation is for another address (SC-54).
    NotForMe,
    LinkDead,
}

/// Joins the office with the account that is signed in, which must be that of the invited address.
///
/// # Errors
/// [`Fault`]: nobody joins, and the link stays good.
pub async fn accept_with_account(
    services: &Services,
    me: &SignedIn,
    token: &LinkToken,
    client: &Client,
) -> Result<AcceptOwn, Fault> {
    let (digest, my) = (token.digest(), me.clone());
    let mut act = Act::begin(services, client);
    services
        .db
        .write(move |tx| {
            my.hold(tx, act.now)?;
            let Some(invitation) = held(tx, digest, act.now)? else { return Ok(AcceptOwn::LinkDead) };
            // As it is now: the address may have been changed since the request began.
            if users::get(tx, my.user())?.email != invitation.email {
                return Ok(AcceptOwn::NotForMe);
            }
            if offices::role_in(tx, my.user(), invitation.office)?.is_some() {
                invitations::end(tx, invitation.id, Ending::Superseded, act.now)?;
                return Ok(AcceptOwn::AlreadyMember);
            }
            if !invitations::end(tx, invitation.id, Ending::Accepted, act.now)? {
                return Ok(AcceptOwn::LinkDead);
            }
            enter(tx, &mut act, &invitation, my.user())?;
            record(tx, &act, &invitation, my.user())?;
            Ok(AcceptOwn::Joined)
        })
        .await
}

/// The invitation behind a link, with its office held: neither it nor the role of who invited
/// changes any more.
fn held(tx: &mut Tx, digest: TokenDigest, now: Timestamp) -> Result<Option<Invitation>, Fault> {
    let Some(seen) = invitations::of_link(tx, digest, now)? else { return Ok(None) };
    offices::lock(tx, seen.office)?;
    living(tx, digest, now)
}

fn enter(tx: &mut Tx, act: &mut Act, invitation: &Invitation, user: UserId) -> Result<(), Fault> {
    invitations::accepted_by(tx, invitation.id, user)?;
    offices::add_member(tx, user, invitation.office, invitation.role, act.now)?;
    if invitation.role == Role::Admin {
        let (inviter, new) = (users::get(tx, invitation.invited_by)?.name, users::get(tx, user)?);
        tell_administrators(tx, act, invitation.office, &new, true, Some(inviter))?;
    }
    Ok(())
}

fn record(tx: &mut Tx, act: &Act, invitation: &Invitation, user: UserId) -> Result<(), Fault> {
    for action in [Action::InvitationAccepted, Action::MemberJoined] {
        let event = Event { office: Some(invitation.office), ..Event::own(user, action, Outcome::Done) };
        act.record(tx, event.detail(invitation.role.slug()))?;
    }
    Ok(())
}
