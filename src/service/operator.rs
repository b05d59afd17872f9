//! Acts of the operator, from the command line. Each leaves its row in the audit trail.

use std::collections::HashMap;

use super::Services;
use super::act::Act;
use super::change_role::{change_in, is_last_administrator, tell_administrators};
use super::release_own_two_factor::release_in;
use crate::crypto::password_hash::PasswordHash;
use crate::domain::attempts::Attempts;
use crate::domain::audit::{Action, Event};
use crate::domain::client::Client;
use crate::domain::email::EmailAddress;
use crate::domain::ids::{OfficeId, UserId};
use crate::domain::message::ReleasedBy;
use crate::domain::office::{Name, Role};
use crate::domain::password::Password;
use crate::domain::plan::Plan;
use crate::fault::Fault;
pub use crate::store::offices::Office as OfficeView;
use crate::store::{Tx, attempts, backup_codes, first_start, offices, sessions, two_factor, users};

/// The time zone of people who have not chosen one.
pub const DEFAULT_TIME_ZONE: &str = "Asia/Tokyo";

fn begin(services: &Services) -> Act {
    Act::begin(services, &Client::operator())
}

/// Adds an office.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn add_office(services: &Services, name: Name, plan: Plan) -> Result<OfficeId, Fault> {
    let mut act = begin(services);
    services
        .db
        .write(move |tx| {
            let id = OfficeId::random(&mut act.random);
            offices::insert(tx, id, &name, plan, act.now)?;
            let event = Event { office: Some(id), ..Event::by_operator(Action::OfficeAdded) };
            act.record(tx, event.detail(format!("plan {plan}")))?;
            Ok(id)
        })
        .await
}

/// All offices, by name.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn list_offices(services: &Services) -> Result<Vec<OfficeView>, Fault> {
    services.db.read(offices::all).await
}

/// How putting a person into an office ends.
#[derive(Debug, PartialEq, Eq)]
pub enum Assign {
    /// Joined with this role.
    Joined,
    /// Was there with another role.
    RoleChanged,
    /// Belongs there with this role already.
    AlreadyThere,
    /// Nobody else administers the office.
    LastAdministrator,
    NoSuchUser,
}

/// Puts a person who has an account into another office, or gives a member another role.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn assign(services: &Services, email: EmailAddress, office: OfficeId, role: Role) -> Result<Assign, Fault> {
    let mut act = begin(services);
    services
        .db
        .write(move |tx| {
            let Some(user) = users::by_email(tx, &email)? else { return Ok(Assign::NoSuchUser) };
            attempts::lock(tx, user.id)?;
            offices::lock(tx, office)?;
            let event = |action| Event {
                office: Some(office),
                subject: Some(user.id),
                ..Event::by_operator(action).detail(role.slug())
            };
            match offices::role_in(tx, user.id, office)? {
                None => {
                    offices::add_member(tx, user.id, office, role, act.now)?;
                    if role == Role::Admin {
                        tell_administrators(tx, &mut act, office, &user, true, None)?;
                    }
                    act.record(tx, event(Action::MemberJoined))?;
                    Ok(Assign::Joined)
                }
                Some(same) if same == role => Ok(Assign::AlreadyThere),
                Some(Role::Admin) if is_last_administrator(tx, office, user.id)? => Ok(Assign::LastAdministrator),
                Some(from) => {
                    change_in(tx, &mut act, office, user.id, (from, role), None)?;
                    act.record(tx, event(Action::MemberRoleChanged))?;
                    Ok(Assign::RoleChanged)
                }
            }
        })
        .await
}

/// What a name or an id on the command line stands for.
#[derive(Debug, Clone)]
pub enum FindOffice {
    Found(OfficeView),
    None,
    /// More than one office has this name; the id is needed.
    Several,
}

/// Finds an office by id or name.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn find_office(services: &Services, which: &str) -> Result<FindOffice, Fault> {
    let all = list_offices(services).await?;
    let mut found: Vec<_> =
        all.into_iter().filter(|office| office.name == which || office.id.to_string() == which).collect();
    Ok(match found.len() {
        0 => FindOffice::None,
        1 => FindOffice::Found(found.remove(0)),
        _ => FindOffice::Several,
    })
}

/// Changes an office's plan. Codes that were issued stay good; a new issue asks the new plan.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn set_plan(services: &Services, office: OfficeId, plan: Plan) -> Result<(), Fault> {
    let act = begin(services);
    services
        .db
        .write(move |tx| {
            if !offices::set_plan(tx, office, plan)? {
                return Err(Fault::Corrupt("an office is gone"));
            }
            let event = Event { office: Some(office), ..Event::by_operator(Action::PlanChanged) };
            act.record(tx, event.detail(format!("plan {plan}")))
        })
        .await
}

/// A person to be added.
#[derive(Debug)]
pub struct NewUser {
    pub email: EmailAddress,
    pub name: Name,
    pub office: OfficeId,
    pub role: Role,
    pub password: Password,
}

/// How adding ends.
#[derive(Debug, PartialEq, Eq)]
pub enum AddUser {
    Added(UserId),
    EmailTaken,
}

/// Adds a person to an office.
///
/// # Errors
/// [`Fault`]: nobody is added.
pub async fn add_user(services: &Services, new: NewUser) -> Result<AddUser, Fault> {
    let hash = services.gate.hash_password(new.password, services.random.clone().bytes()).await?;
    let mut act = begin(services);
    let outcome = services
        .db
        .write_unless_refused(move |tx| {
            first_start::close(tx)?;
            let person = Person { email: &new.email, name: &new.name, office: new.office, role: new.role, hash: &hash };
            let Some(id) = insert(tx, &mut act, &person)? else { return Ok(Err(AddUser::EmailTaken)) };
            let event = Event { subject: Some(id), office: Some(new.office), ..Event::by_operator(Action::UserAdded) };
            act.record(tx, event)?;
            Ok(Ok(AddUser::Added(id)))
        })
        .await?;
    Ok(outcome.unwrap_or_else(|refusal| refusal))
}

pub(super) struct Person<'a> {
    pub email: &'a EmailAddress,
    pub name: &'a Name,
    pub office: OfficeId,
    pub role: Role,
    pub hash: &'a PasswordHash,
}

/// Adds an account with its first office. `None`: the address has an account already.
pub(super) fn insert(tx: &mut Tx, act: &mut Act, person: &Person) -> Result<Option<UserId>, Fault> {
    let id = UserId::random(&mut act.random);
    let row = users::NewUser {
        id,
        email: person.email,
        name: person.name.as_str(),
        password_hash: person.hash,
        time_zone: DEFAULT_TIME_ZONE,
    };
    if !users::insert(tx, &row, act.now)? {
        return Ok(None);
    }
    offices::add_member(tx, id, person.office, person.role, act.now)?;
    Ok(Some(id))
}

/// One person as the operator sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserView {
    pub id: UserId,
    pub email: String,
    pub name: String,
    pub two_factor: bool,
    /// Unused codes of the newest sheet; `None`: no sheet.
    pub codes_left: Option<u8>,
    pub offices: Vec<(String, Role)>,
}

/// Everybody, by address.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn list_users(services: &Services) -> Result<Vec<UserView>, Fault> {
    services
        .db
        .read(|conn| {
            let on: std::collections::HashSet<UserId> = two_factor::everyone_on(conn)?.into_iter().collect();
            let left: HashMap<UserId, u8> = backup_codes::left_of_everyone(conn)?.into_iter().collect();
            let mut memberships: HashMap<UserId, Vec<(String, Role)>> = HashMap::new();
            for (user, office, role) in offices::all_memberships(conn)? {
                memberships.entry(user).or_default().push((office, role));
            }
            let view = |(id, email, name)| UserView {
                id,
                email,
                name,
                two_factor: on.contains(&id),
                codes_left: left.get(&id).copied(),
                offices: memberships.remove(&id).unwrap_or_default(),
            };
            Ok(users::all(conn)?.into_iter().map(view).collect())
        })
        .await
}

/// How a release by the operator ends.
#[derive(Debug, PartialEq, Eq)]
pub enum OperatorRelease {
    Released,
    /// Two-factor authentication is off already; codes that failed no longer stand in the way of a set-up.
    FailuresForgotten,
    /// Two-factor authentication is off, and the failure counter is clear: nothing to do.
    NotOn,
    NoSuchUser,
}

/// 解除 by the operator, for the last administrator of an office (SC-63). Also clears a failure
/// counter that stands in the way of a set-up.
///
/// # Errors
/// [`Fault`]: nothing is released.
pub async fn release_user(services: &Services, email: &EmailAddress) -> Result<OperatorRelease, Fault> {
    let email = email.clone();
    let mut act = begin(services);
    services
        .db
        .write(move |tx| {
            let Some(user) = users::by_email(tx, &email)? else { return Ok(OperatorRelease::NoSuchUser) };
            let locked = attempts::lock(tx, user.id)?;
            if two_factor::state(tx, user.id)?.is_on() {
                release_in(tx, &mut act, user.id, ReleasedBy::Operator)?;
            } else if locked.attempts == Attempts::NONE {
                return Ok(OperatorRelease::NotOn);
            } else {
                // Nothing is taken from the member, who is only let try again.
                attempts::clear(tx, user.id)?;
                act.record(tx, Event { subject: Some(user.id), ..Event::by_operator(Action::FailuresForgotten) })?;
                return Ok(OperatorRelease::FailuresForgotten);
            }
            act.record(tx, Event { subject: Some(user.id), ..Event::by_operator(Action::Released) })?;
            Ok(OperatorRelease::Released)
        })
        .await
}

/// Ends all sessions of a person. Says how many; `None`: no such person.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn end_user_sessions(services: &Services, email: &EmailAddress) -> Result<Option<usize>, Fault> {
    let email = email.clone();
    let act = begin(services);
    services
        .db
        .write(move |tx| {
            let Some(user) = users::by_email(tx, &email)? else { return Ok(None) };
            attempts::lock(tx, user.id)?;
            let ended = sessions::end_all(tx, user.id, None)?;
            act.record(tx, Event { subject: Some(user.id), ..Event::by_operator(Action::SessionsEnded) })?;
            Ok(Some(ended))
        })
        .await
}
