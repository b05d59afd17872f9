//! An administrator invites people into the office by mail.

use super::Services;
use super::access::OfficeAdmin;
use super::act::Act;
use super::mail_limit;
use super::password_proof::{self, Settled};
use crate::domain::audit::{Action, Event, Outcome};
use crate::domain::client::Client;
use crate::domain::email::EmailAddress;
use crate::domain::ids::InvitationId;
use crate::domain::invitation::{Ending, LIFETIME};
use crate::domain::link::LinkToken;
use crate::domain::message::Message;
use crate::domain::office::Role;
use crate::domain::password::Password;
use crate::domain::rate::{Bucket, REFUSED_INVITATIONS};
use crate::domain::time::Timestamp;
use crate::domain::token::SessionKey;
use crate::fault::Fault;
use crate::store::invitations::{self, Invitation};
use crate::store::{AnyConnection, Tx, offices, rates, users};

/// As what people are invited.
#[derive(Debug)]
pub enum InviteAs {
    General,
    /// With the administrator's own password: a stolen cookie alone makes no administrator.
    Admin(Password),
}

/// What became of each address.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Invited {
    pub sent: Vec<EmailAddress>,
    /// Skipped: belong to the office already.
    pub members: Vec<EmailAddress>,
    /// Skipped: have an invitation that still works.
    pub invited: Vec<EmailAddress>,
}

/// How inviting ends.
#[derive(Debug)]
pub enum Invite {
    /// With a new key for the session where the password was proven.
    Done(Invited, Option<SessionKey>),
    WrongPassword,
    /// Too many wrong passwords: not before this moment.
    Wait(Timestamp),
    /// Too many mails: nothing was sent to anybody. The address, where it is that one alone.
    MailWait(Timestamp, Option<EmailAddress>),
}

/// Too many mails, to this address or in all.
pub(super) type TooManyMails = (Timestamp, Option<EmailAddress>);

/// Sends an invitation to each address; to all of them or, when a limit is reached, to none. The
/// answer is the same whether or not an address has an account elsewhere (SC-51).
///
/// # Errors
/// [`Fault`]: nobody is invited.
pub async fn invite(
    services: &Services,
    admin: &OfficeAdmin,
    mut emails: Vec<EmailAddress>,
    invite_as: InviteAs,
    client: &Client,
) -> Result<Invite, Fault> {
    let (role, proof) = match invite_as {
        InviteAs::General => (Role::General, None),
        InviteAs::Admin(password) => {
            let id = admin.user();
            let user = services.db.read(move |conn| users::get(conn, id)).await?;
            let hash = Some(user.password_hash.clone());
            let proof = password_proof::prove(services, user.email.as_str(), hash, password, client).await?;
            (Role::Admin, Some(proof))
        }
    };
    let mut act = Act::begin(services, client);
    let my = admin.clone();
    // Every office counts the mails to an address in the same row, so all take them in one order.
    emails.sort_unstable();
    let outcome = services
        .db
        .write_unless_refused(move |tx| {
            my.hold(tx, &[], act.now)?;
            offices::lock(tx, my.office())?;
            if let Some(proof) = &proof {
                match proof.settle(tx, &act, Some(my.user()), |outcome| refused(&my, outcome))? {
                    Settled::Right => {}
                    Settled::Wrong => return Ok(Ok(Invite::WrongPassword)),
                    Settled::Wait(until) => return Ok(Ok(Invite::Wait(until))),
                }
            }
            let mut done = Invited::default();
            for email in emails {
                if is_member(tx, &my, &email)? {
                    done.members.push(email);
                } else if !make_room(tx, &my, &email, act.now)? {
                    done.invited.push(email);
                } else if let Some(too_many) = count(tx, &act, &my, &email)? {
                    return Ok(Err(too_many));
                } else {
                    write_invitation(tx, &mut act, &my, &email, role)?;
                    done.sent.push(email);
                }
            }
            let renew = |_| act.renew_session(tx, my.me().session());
            let key = proof.as_ref().map(renew).transpose()?;
            for email in &done.sent {
                let event = Event::by_administrator(my.user(), my.office(), None, Action::MemberInvited);
                act.record(tx, event.detail(format!("{} {email}", role.slug())))?;
            }
            Ok(Ok(Invite::Done(done, key)))
        })
        .await?;
    match outcome {
        Ok(done) => Ok(done),
        Err((until, email)) => {
            record_too_many(services, admin, client).await?;
            Ok(Invite::MailWait(until, email))
        }
    }
}

fn refused(admin: &OfficeAdmin, outcome: Outcome) -> Event {
    Event { outcome, ..Event::by_administrator(admin.user(), admin.office(), None, Action::MemberInvited) }
}

/// Whether the address is that of a member of the office.
pub(super) fn is_member(conn: &mut AnyConnection, admin: &OfficeAdmin, email: &EmailAddress) -> Result<bool, Fault> {
    let Some(user) = users::by_email(conn, email)? else { return Ok(false) };
    Ok(offices::role_in(conn, user.id, admin.office())?.is_some())
}

/// Ends an earlier invitation that cannot be followed any more. `false`: it still can.
fn make_room(tx: &mut Tx, admin: &OfficeAdmin, email: &EmailAddress, now: Timestamp) -> Result<bool, Fault> {
    let Some(earlier) = invitations::of_address(tx, admin.office(), email)? else { return Ok(true) };
    if !earlier.is_over(now) && inviter_may(tx, &earlier)? {
        return Ok(false);
    }
    invitations::end(tx, earlier.id, Ending::Superseded, now)
}

/// Whether who invited still may: an invitation as an administrator is worth nothing once the one
/// who sent it is none any more.
pub(super) fn inviter_may(conn: &mut AnyConnection, invitation: &Invitation) -> Result<bool, Fault> {
    Ok(match invitation.role {
        Role::General => true,
        Role::Admin => offices::role_in(conn, invitation.invited_by, invitation.office)? == Some(Role::Admin),
    })
}

/// Counts one mail. `Some`: one too many.
pub(super) fn count(
    tx: &mut Tx,
    act: &Act,
    admin: &OfficeAdmin,
    email: &EmailAddress,
) -> Result<Option<TooManyMails>, Fault> {
    if let Some(too_many) = mail_limit::to_invited(tx, act, admin.office(), email)? {
        return Ok(Some((too_many.until, Some(email.clone()))));
    }
    let too_many = mail_limit::of_inviter(tx, act, admin.user(), admin.office())?;
    Ok(too_many.map(|too_many| (too_many.until, None)))
}

/// Records, once in a while, that a limit was reached; what led there has been undone.
pub(super) async fn record_too_many(services: &Services, admin: &OfficeAdmin, client: &Client) -> Result<(), Fault> {
    let (act, my) = (Act::begin(services, client), admin.clone());
    services
        .db
        .write(move |tx| {
            my.hold(tx, &[], act.now)?;
            let bucket = Bucket::refused_invitations(my.user(), my.office());
            if rates::count(tx, &bucket, REFUSED_INVITATIONS.span, act.now)?.hits > REFUSED_INVITATIONS.hits {
                return Ok(());
            }
            act.record(tx, refused(&my, Outcome::Throttled))
        })
        .await
}

fn write_invitation(
    tx: &mut Tx,
    act: &mut Act,
    admin: &OfficeAdmin,
    email: &EmailAddress,
    role: Role,
) -> Result<(), Fault> {
    let token = LinkToken::random(&mut act.random);
    let invitation = Invitation {
        id: InvitationId::random(&mut act.random),
        office: admin.office(),
        email: email.clone(),
        role,
        invited_by: admin.user(),
        sent_at: act.now,
        expires_at: act.now + LIFETIME,
    };
    invitations::insert(tx, &invitation, token.digest())?;
    mail(tx, act, &invitation, &token)
}

/// Puts the mail with the link into the outbox. It holds nothing that anybody could write freely.
pub(super) fn mail(tx: &mut Tx, act: &mut Act, invitation: &Invitation, token: &LinkToken) -> Result<(), Fault> {
    let message = Message::Invited {
        office: offices::name(tx, invitation.office)?,
        inviter: users::get(tx, invitation.invited_by)?.name,
        invitation_path: format!("/invitations/{}", token.reveal()),
        valid_until: invitation.expires_at,
    };
    // Whoever has an account reads it in the language of the account.
    match users::by_email(tx, &invitation.email)? {
        Some(user) => act.mail(tx, &user, message),
        None => act.mail_to_stranger(tx, &invitation.email, message),
    }
}
