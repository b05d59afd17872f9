//! An administrator gives a member another role, with the own password as proof (SC-36). No office
//! is ever left without an administrator.

use super::Services;
use super::access::OfficeAdmin;
use super::act::Act;
use super::password_proof::{self, Proof, Settled};
use crate::domain::audit::{Action, Event, Outcome};
use crate::domain::client::Client;
use crate::domain::ids::{OfficeId, UserId};
use crate::domain::message::Message;
use crate::domain::office::Role;
use crate::domain::password::Password;
use crate::domain::time::Timestamp;
use crate::domain::token::SessionKey;
use crate::fault::Fault;
use crate::store::users::User;
use crate::store::{Tx, members, offices, sessions, users};

/// How the change ends.
#[derive(Debug)]
pub enum ChangeRole {
    /// With a new key for the administrator's session.
    Changed(SessionKey),
    /// The member has this role already.
    Unchanged(SessionKey),
    /// Nobody else administers the office.
    LastAdministrator,
    /// No member of this office, or no longer.
    NoSuchMember,
    WrongPassword,
    /// Too many wrong passwords: not before this moment.
    Wait(Timestamp),
}

/// Gives a member this role.
///
/// # Errors
/// [`Fault`]: the role stays as it is.
pub async fn change_role(
    services: &Services,
    admin: &OfficeAdmin,
    member: UserId,
    role: Role,
    password: Password,
    client: &Client,
) -> Result<ChangeRole, Fault> {
    let (me, office, admin) = (admin.user(), admin.office(), admin.clone());
    let known = prove(services, &admin, member, password, client).await?;
    let Some((user, proof)) = known else { return Ok(ChangeRole::NoSuchMember) };
    let mut act = Act::begin(services, client);
    services
        .db
        .write(move |tx| {
            admin.hold(tx, &[member], act.now)?;
            offices::lock(tx, office)?;
            let event = |outcome| Event {
                outcome,
                ..Event::by_administrator(me, office, Some(member), Action::MemberRoleChanged)
            };
            match proof.settle(tx, &act, Some(me), event)? {
                Settled::Right => {}
                Settled::Wrong => return Ok(ChangeRole::WrongPassword),
                Settled::Wait(until) => return Ok(ChangeRole::Wait(until)),
            }
            let Some(from) = offices::role_in(tx, member, office)? else { return Ok(ChangeRole::NoSuchMember) };
            if from == role {
                return Ok(ChangeRole::Unchanged(act.renew_session(tx, admin.me().session())?));
            }
            if from == Role::Admin && is_last_administrator(tx, office, member)? {
                act.record(tx, event(Outcome::Refused).detail("the last administrator"))?;
                return Ok(ChangeRole::LastAdministrator);
            }
            change_in(tx, &mut act, office, member, (from, role), Some(&user.name))?;
            let key = act.renew_session(tx, admin.me().session())?;
            act.record(tx, event(Outcome::Done).detail(format!("{} to {}", from.slug(), role.slug())))?;
            Ok(ChangeRole::Changed(key))
        })
        .await
}

/// The administrator's account and proof of the password, for an act on this member; nothing, and no
/// hash made, when the office has no such member.
pub(super) async fn prove(
    services: &Services,
    admin: &OfficeAdmin,
    member: UserId,
    password: Password,
    client: &Client,
) -> Result<Option<(User, Proof)>, Fault> {
    let (me, office) = (admin.user(), admin.office());
    let known = services
        .db
        .read(move |conn| {
            let is_member = offices::role_in(conn, member, office)?.is_some();
            is_member.then(|| users::get(conn, me)).transpose()
        })
        .await?;
    let Some(user) = known else { return Ok(None) };
    let hash = Some(user.password_hash.clone());
    let proof = password_proof::prove(services, user.email.as_str(), hash, password, client).await?;
    Ok(Some((user, proof)))
}

/// Whether nobody else administers the office, which the caller holds.
pub(super) fn is_last_administrator(tx: &mut Tx, office: OfficeId, member: UserId) -> Result<bool, Fault> {
    Ok(offices::administrators(tx, office)? == [member])
}

/// What every change of a role does: sign-ins that wait for their second factor end, for the
/// account is not what it was (SC-31), and member and administrators are told. `by` is nobody when
/// it is the operator. The caller holds account and office.
pub(super) fn change_in(
    tx: &mut Tx,
    act: &mut Act,
    office: OfficeId,
    member: UserId,
    (from, to): (Role, Role),
    by: Option<&str>,
) -> Result<(), Fault> {
    if !members::set_role(tx, member, office, from, to)? {
        return Err(Fault::Corrupt("a role changed under its lock"));
    }
    sessions::end_all_password_proven(tx, member)?;
    let user = users::get(tx, member)?;
    let (at, by) = (act.now, by.map(str::to_owned));
    let (name, members_path) = (offices::name(tx, office)?, members_path(office));
    act.mail(tx, &user, Message::RoleChanged { at, office: name, members_path, role: to, by: by.clone() })?;
    tell_administrators(tx, act, office, &user, to == Role::Admin, by)
}

/// Tells the administrators, but for the member, that there is one more of them, or one less.
pub(super) fn tell_administrators(
    tx: &mut Tx,
    act: &mut Act,
    office: OfficeId,
    member: &User,
    joined: bool,
    by: Option<String>,
) -> Result<(), Fault> {
    let (at, name) = (act.now, offices::name(tx, office)?);
    for administrator in offices::administrators(tx, office)? {
        if administrator == member.id {
            continue;
        }
        let reader = users::get(tx, administrator)?;
        let message = Message::AdministratorsChanged {
            at,
            office: name.clone(),
            members_path: members_path(office),
            member_name: member.name.clone(),
            member_email: member.email.to_string(),
            joined,
            by: by.clone(),
        };
        act.mail(tx, &reader, message)?;
    }
    Ok(())
}

fn members_path(office: OfficeId) -> String {
    format!("/offices/{office}/members")
}
