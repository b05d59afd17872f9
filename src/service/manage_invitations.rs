//! Invitations that have been sent: an administrator looks at them, sends them again, revokes them.

use super::Services;
use super::access::OfficeAdmin;
use super::act::Act;
use super::invite::{count, inviter_may, is_member, mail, record_too_many};
use crate::domain::audit::{Action, Event};
use crate::domain::client::Client;
use crate::domain::email::EmailAddress;
use crate::domain::ids::InvitationId;
use crate::domain::invitation::{Ending, LIFETIME};
use crate::domain::link::LinkToken;
use crate::domain::office::Role;
use crate::domain::time::Timestamp;
use crate::fault::Fault;
use crate::store::invitations::{self, Found, Invitation};
use crate::store::offices;

/// How many invitations a page shows.
pub const PAGE: i64 = 50;

/// One invitation as administrators see it.
#[derive(Debug, Clone)]
pub struct InvitationView {
    pub id: InvitationId,
    pub email: EmailAddress,
    pub role: Role,
    pub invited_by: String,
    pub sent_at: Timestamp,
    pub expires_at: Timestamp,
    pub state: InvitationState,
}

/// Whether its link works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationState {
    Open,
    Expired,
    /// As an administrator, by somebody who is none any more.
    InviterGone,
}

/// A page of the invitations that have not ended.
#[derive(Debug)]
pub struct InvitationList {
    pub invitations: Vec<InvitationView>,
    pub has_more: bool,
}

/// The invitations of the office that have not ended, newest first, after the first `skipped`.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn list(services: &Services, admin: &OfficeAdmin, skipped: i64) -> Result<InvitationList, Fault> {
    let (office, now) = (admin.office(), services.clock.now());
    services
        .db
        .read(move |conn| {
            let mut rows = invitations::of_office(conn, office, skipped, PAGE + 1)?;
            let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
            let has_more = rows.len() > most;
            rows.truncate(most);
            let administrators = offices::administrators(conn, office)?;
            let view = |(row, invited_by): (Invitation, String)| InvitationView {
                state: if row.role == Role::Admin && !administrators.contains(&row.invited_by) {
                    InvitationState::InviterGone
                } else if row.is_over(now) {
                    InvitationState::Expired
                } else {
                    InvitationState::Open
                },
                id: row.id,
                email: row.email,
                role: row.role,
                invited_by,
                sent_at: row.sent_at,
                expires_at: row.expires_at,
            };
            Ok(InvitationList { invitations: rows.into_iter().map(view).collect(), has_more })
        })
        .await
}

/// How sending again ends.
#[derive(Debug, PartialEq, Eq)]
pub enum Resend {
    Sent,
    /// Has got into the office meanwhile; the invitation has ended with that.
    AlreadyMember,
    /// Who invited as an administrator is none any more: such an invitation is made anew.
    InviterGone,
    /// Accepted, revoked or replaced before.
    Ended,
    /// Not in this office.
    Nothing,
    /// Too many mails: not before this moment. The address, where it is that one alone.
    MailWait(Timestamp, Option<EmailAddress>),
}

/// Sends an invitation once more, with a new link and a new term; the earlier link is dead (SC-53).
///
/// # Errors
/// [`Fault`]: the earlier link stays good.
pub async fn resend(
    services: &Services,
    admin: &OfficeAdmin,
    id: InvitationId,
    client: &Client,
) -> Result<Resend, Fault> {
    let mut act = Act::begin(services, client);
    let my = admin.clone();
    let outcome = services
        .db
        .write_unless_refused(move |tx| {
            my.hold(tx, &[], act.now)?;
            offices::lock(tx, my.office())?;
            let mut invitation = match invitations::find(tx, my.office(), id)? {
                Found::Open(invitation) => invitation,
                Found::Ended => return Ok(Ok(Resend::Ended)),
                Found::Nothing => return Ok(Ok(Resend::Nothing)),
            };
            if is_member(tx, &my, &invitation.email)? {
                invitations::end(tx, id, Ending::Superseded, act.now)?;
                return Ok(Ok(Resend::AlreadyMember));
            }
            if !inviter_may(tx, &invitation)? {
                return Ok(Ok(Resend::InviterGone));
            }
            if let Some(too_many) = count(tx, &act, &my, &invitation.email)? {
                return Ok(Err(too_many));
            }
            let token = LinkToken::random(&mut act.random);
            invitation.expires_at = act.now + LIFETIME;
            if !invitations::renew(tx, id, token.digest(), act.now, invitation.expires_at)? {
                return Ok(Ok(Resend::Ended));
            }
            mail(tx, &mut act, &invitation, &token)?;
            let event = Event::by_administrator(my.user(), my.office(), None, Action::InvitationResent);
            act.record(tx, event.detail(format!("{} {}", invitation.role.slug(), invitation.email)))?;
            Ok(Ok(Resend::Sent))
        })
        .await?;
    match outcome {
        Ok(done) => Ok(done),
        Err((until, email)) => {
            record_too_many(services, admin, client).await?;
            Ok(Resend::MailWait(until, email))
        }
    }
}

/// How revoking ends.
#[derive(Debug, PartialEq, Eq)]
pub enum Revoke {
    Revoked,
    /// Accepted, revoked or replaced before.
    Ended,
    /// Not in this office.
    Nothing,
}

/// Revokes an invitation; its link is dead.
///
/// # Errors
/// [`Fault`]: the link stays good.
pub async fn revoke(
    services: &Services,
    admin: &OfficeAdmin,
    id: InvitationId,
    client: &Client,
) -> Result<Revoke, Fault> {
    let (act, my) = (Act::begin(services, client), admin.clone());
    services
        .db
        .write(move |tx| {
            my.hold(tx, &[], act.now)?;
            offices::lock(tx, my.office())?;
            let invitation = match invitations::find(tx, my.office(), id)? {
                Found::Open(invitation) => invitation,
                Found::Ended => return Ok(Revoke::Ended),
                Found::Nothing => return Ok(Revoke::Nothing),
            };
            if !invitations::end(tx, id, Ending::Revoked, act.now)? {
                return Ok(Revoke::Ended);
            }
            let event = Event::by_administrator(my.user(), my.office(), None, Action::InvitationRevoked);
            act.record(tx, event.detail(format!("{} {}", invitation.role.slug(), invitation.email)))?;
            Ok(Revoke::Revoked)
        })
        .await
}
