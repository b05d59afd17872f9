//! Users: one row a person.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};

use super::prepared::prepared;
use super::schema::{attempts, users};
use super::{AnyConnection, Tx, members};
use crate::crypto::password_hash::PasswordHash;
use crate::domain::email::EmailAddress;
use crate::domain::ids::UserId;
use crate::domain::language::Language;
use crate::domain::time::Timestamp;
use crate::fault::Fault;

/// A person's account.
#[derive(Debug, Clone)]
pub struct User {
    pub id: UserId,
    pub email: EmailAddress,
    pub name: String,
    /// The language this person has chosen, if ever.
    pub language: Option<Language>,
    /// IANA name of the time zone.
    pub time_zone: String,
    pub password_hash: PasswordHash,
    /// Release by mail has to wait until then, for the mailbox alone must not be enough (SC-48).
    pub release_blocked_until: Option<Timestamp>,
}

pub(super) type Row = (i64, String, String, Option<String>, String, String, Option<i64>);

pub(super) const COLUMNS: (
    users::id,
    users::email,
    users::name,
    users::language,
    users::time_zone,
    users::password_hash,
    users::release_blocked_until,
) = (
    users::id,
    users::email,
    users::name,
    users::language,
    users::time_zone,
    users::password_hash,
    users::release_blocked_until,
);

pub(super) fn user(
    (id, email, name, language, time_zone, password_hash, release_blocked_until): Row,
) -> Result<User, Fault> {
    Ok(User {
        id: UserId::from_i64(id),
        email: EmailAddress::from_stored(email),
        name,
        language: language.map(|tag| tag.parse().map_err(|_| Fault::Corrupt("a user's language"))).transpose()?,
        time_zone,
        password_hash: PasswordHash::from_stored(password_hash),
        release_blocked_until: release_blocked_until.map(Timestamp),
    })
}

pub fn by_id(conn: &mut AnyConnection, id: UserId) -> Result<Option<User>, Fault> {
    let one = users::table.find(id.as_i64()).select(COLUMNS);
    prepared(one).row::<Row>(conn).optional()?.map(user).transpose()
}

pub fn by_email(conn: &mut AnyConnection, email: &EmailAddress) -> Result<Option<User>, Fault> {
    let one = users::table.filter(users::email.eq(email.as_str())).select(COLUMNS);
    prepared(one).row::<Row>(conn).optional()?.map(user).transpose()
}

/// The account, which must exist: its id came from a row that refers to it.
pub fn get(conn: &mut AnyConnection, id: UserId) -> Result<User, Fault> {
    by_id(conn, id)?.ok_or(Fault::Corrupt("a user is gone"))
}

/// Which of these addresses have an account.
pub fn taken(conn: &mut AnyConnection, emails: &[EmailAddress]) -> Result<Vec<EmailAddress>, Fault> {
    let emails = emails.iter().map(EmailAddress::as_str);
    let found: Vec<String> = users::table.filter(users::email.eq_any(emails)).select(users::email).load(conn)?;
    Ok(found.into_iter().map(EmailAddress::from_stored).collect())
}

/// A person to be added.
pub struct NewUser<'a> {
    pub id: UserId,
    pub email: &'a EmailAddress,
    pub name: &'a str,
    pub password_hash: &'a PasswordHash,
    pub time_zone: &'a str,
}

/// Adds a person with an empty failure counter. `false`: the address has an account already, and
/// the transaction is to be given up.
pub fn insert(tx: &mut Tx, new: &NewUser, now: Timestamp) -> Result<bool, Fault> {
    let inserted = diesel::insert_into(users::table)
        .values((
            users::id.eq(new.id.as_i64()),
            users::email.eq(new.email.as_str()),
            users::name.eq(new.name),
            users::time_zone.eq(new.time_zone),
            users::password_hash.eq(new.password_hash.as_str()),
            users::password_changed_at.eq(now.0),
            users::created_at.eq(now.0),
        ))
        .execute(&mut **tx);
    match inserted {
        Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => return Ok(false),
        other => other?,
    };
    diesel::insert_into(attempts::table)
        .values((attempts::user_id.eq(new.id.as_i64()), attempts::turn.eq(0), attempts::failures.eq(0)))
        .execute(&mut **tx)?;
    Ok(true)
}

/// Renews the hash of an unchanged password; nothing happens when the password has changed.
pub fn renew_password_hash(tx: &mut Tx, id: UserId, old: &PasswordHash, new: &PasswordHash) -> Result<(), Fault> {
    diesel::update(users::table.find(id.as_i64()).filter(users::password_hash.eq(old.as_str())))
        .set(users::password_hash.eq(new.as_str()))
        .execute(&mut **tx)?;
    Ok(())
}

/// Sets a new password in place of `old`. `false`: the password has changed meanwhile.
pub fn set_password(
    tx: &mut Tx,
    id: UserId,
    old: &PasswordHash,
    new: &PasswordHash,
    now: Timestamp,
) -> Result<bool, Fault> {
    let unchanged = users::table.find(id.as_i64()).filter(users::password_hash.eq(old.as_str()));
    let changed = diesel::update(unchanged)
        .set((users::password_hash.eq(new.as_str()), users::password_changed_at.eq(now.0)))
        .execute(&mut **tx)?;
    Ok(changed == 1)
}

/// Blocks release by mail until then (SC-48).
pub fn block_release(tx: &mut Tx, id: UserId, until: Timestamp) -> Result<(), Fault> {
    diesel::update(users::table.find(id.as_i64())).set(users::release_blocked_until.eq(until.0)).execute(&mut **tx)?;
    Ok(())
}

/// Changes the address. `false`: it has an account already, and the transaction is to be given up.
pub fn set_email(tx: &mut Tx, id: UserId, email: &EmailAddress) -> Result<bool, Fault> {
    let updated =
        diesel::update(users::table.find(id.as_i64())).set(users::email.eq(email.as_str())).execute(&mut **tx);
    match updated {
        Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Ok(false),
        other => {
            let changed = other? == 1;
            members::readdress(tx, id)?;
            Ok(changed)
        }
    }
}

pub fn set_profile(tx: &mut Tx, id: UserId, name: &str, language: Language, time_zone: &str) -> Result<(), Fault> {
    diesel::update(users::table.find(id.as_i64()))
        .set((users::name.eq(name), users::language.eq(language.tag()), users::time_zone.eq(time_zone)))
        .execute(&mut **tx)?;
    members::rename(tx, id, name)
}

pub fn set_language(tx: &mut Tx, id: UserId, language: Language) -> Result<(), Fault> {
    diesel::update(users::table.find(id.as_i64())).set(users::language.eq(language.tag())).execute(&mut **tx)?;
    Ok(())
}

/// Writes down when a person signed in.
pub fn signed_in(tx: &mut Tx, id: UserId, now: Timestamp) -> Result<(), Fault> {
    let signed_in = diesel::update(users::table.find(id.as_i64())).set(users::last_sign_in_at.eq(now.0));
    prepared(signed_in).run(tx)?;
    members::refresh_last_sign_in(tx, id)
}

/// The same for a sign-in on which a backup code was spent: the member list is written once for both.
pub(super) fn signed_in_with_backup_code(tx: &mut Tx, id: UserId, now: Timestamp) -> Result<User, Fault> {
    let signed_in = diesel::update(users::table.find(id.as_i64())).set(users::last_sign_in_at.eq(now.0));
    let owner: Row = prepared(signed_in.returning(COLUMNS)).row(tx)?;
    members::refresh_second_factor_and_sign_in(tx, id)?;
    user(owner)
}

/// Everybody's id, address and name, by address.
pub fn all(conn: &mut AnyConnection) -> Result<Vec<(UserId, String, String)>, Fault> {
    let rows: Vec<(i64, String, String)> =
        users::table.order(users::email).select((users::id, users::email, users::name)).load(conn)?;
    Ok(rows.into_iter().map(|(id, email, name)| (UserId::from_i64(id), email, name)).collect())
}
