//! An administrator takes a member out of an office, with the own password as proof (SC-36); or
//! leaves it. The account stays, and so do its other offices.

use super::Services;
use super::access::OfficeAdmin;
use super::act::Act;
use super::change_role::{is_last_administrator, prove, tell_administrators};
use super::end_release_request::after_leaving;
use super::password_proof::Settled;
use super::reset_password::ALL_LINKS;
use crate::domain::audit::{Action, Event, Outcome};
use crate::domain::client::Client;
use crate::domain::ids::UserId;
use crate::domain::invitation::Ending;
use crate::domain::link::LinkPurpose;
use crate::domain::message::Message;
use crate::domain::office::Role;
use crate::domain::password::Password;
use crate::domain::time::Timestamp;
use crate::domain::token::SessionKey;
use crate::fault::Fault;
use crate::store::{invitations, links, members, offices, sessions, users};

/// How the removal ends.
#[derive(Debug)]
pub enum RemoveMember {
    /// With a new key for the administrator's session.
    Removed(SessionKey),
    /// Nobody else administers the office.
    LastAdministrator,
    /// No member of this office, or no longer.
    NoSuchMember,
    WrongPassword,
    /// Too many wrong passwords: not before this moment.
    Wait(Timestamp),
}

/// Takes a member out of the office. The member's sessions and open links end, but for the
/// session of an administrator who leaves.
///
/// # Errors
/// [`Fault`]: the member stays.
pub async fn remove_member(
    services: &Services,
    admin: &OfficeAdmin,
    member: UserId,
    password: Password,
    client: &Client,
) -> Result<RemoveMember, Fault> {
    let (me, office, admin) = (admin.user(), admin.office(), admin.clone());
    let known = prove(services, &admin, member, password, client).await?;
    let Some((user, proof)) = known else { return Ok(RemoveMember::NoSuchMember) };
    let mut act = Act::begin(services, client);
    services
        .db
        .write(move |tx| {
            admin.hold(tx, &[member], act.now)?;
            offices::lock(tx, office)?;
            let event =
                |outcome| Event { outcome, ..Event::by_administrator(me, office, Some(member), Action::MemberRemoved) };
            match proof.settle(tx, &act, Some(me), event)? {
                Settled::Right => {}
                Settled::Wrong => return Ok(RemoveMember::WrongPassword),
                Settled::Wait(until) => return Ok(RemoveMember::Wait(until)),
            }
            let Some(role) = offices::role_in(tx, member, office)? else { return Ok(RemoveMember::NoSuchMember) };
            if role == Role::Admin && is_last_administrator(tx, office, member)? {
                act.record(tx, event(Outcome::Refused).detail("the last administrator"))?;
                return Ok(RemoveMember::LastAdministrator);
            }
            if !members::remove(tx, member, office)? {
                return Err(Fault::Corrupt("a member is gone under the lock"));
            }
            sessions::end_all(tx, member, (member == me).then(|| admin.me().session()))?;
            // A request that another office may still answer keeps its cancel link; `after_leaving`
            // ends the link of one that nobody can.
            let ended: Vec<_> =
                ALL_LINKS.into_iter().filter(|link| *link != LinkPurpose::ReleaseRequestCancel).collect();
            links::end(tx, member, &ended, act.now)?;
            let removed = users::get(tx, member)?;
            // An invitation left over from before would be a way back in, and so would one that
            // the member has sent to another mailbox of the own.
            let mut left_over = invitations::of_sender(tx, office, member)?;
            let to_them = invitations::of_address(tx, office, &removed.email)?;
            left_over.extend(to_them.filter(|open| open.invited_by != member));
            let mut revoked = Vec::with_capacity(left_over.len());
            for open in left_over {
                // Accepted in this moment: it ended without this act.
                if invitations::end(tx, open.id, Ending::Revoked, act.now)? {
                    revoked.push(open);
                }
            }
            let (at, by) = (act.now, Some(user.name.clone()));
            let name = admin.office_name().to_owned();
            act.mail(tx, &removed, Message::MemberRemoved { at, office: name, by: by.clone() })?;
            if role == Role::Admin {
                tell_administrators(tx, &mut act, office, &removed, false, by)?;
            }
            let key = act.renew_session(tx, admin.me().session())?;
            after_leaving(tx, &mut act, member)?;
            for open in revoked {
                let event = Event::by_administrator(me, office, None, Action::InvitationRevoked);
                act.record(tx, event.detail(format!("{} {}", open.role.slug(), open.email)))?;
            }
            act.record(tx, event(Outcome::Done).detail(role.slug()))?;
            Ok(RemoveMember::Removed(key))
        })
        .await
}
