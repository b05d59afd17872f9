//! Sessions: one row for each sign-in of each browser, found by the digest of the key in the browser's
//! cookie (SC-09). Deleting the row ends the session on every node at once (SC-33).

use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::prepared::prepared;
use super::schema::{self, sessions};
use super::sweep::{Expiring, sweep};
use super::users::{self, User};
use super::{AnyConnection, Tx};
use crate::domain::ids::{OfficeId, SessionId, UserId};
use crate::domain::time::Timestamp;
use crate::domain::token::TokenDigest;
use crate::fault::Fault;

/// How far a sign-in has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// The password was proven, the second factor not yet.
    PasswordProven,
    Complete,
}

impl Stage {
    const fn slug(self) -> &'static str {
        match self {
            Stage::PasswordProven => "password_proven",
            Stage::Complete => "complete",
        }
    }

    fn from_slug(slug: &str) -> Result<Self, Fault> {
        match slug {
            "password_proven" => Ok(Stage::PasswordProven),
            "complete" => Ok(Stage::Complete),
            _ => Err(Fault::Corrupt("the stage of a session")),
        }
    }
}

/// One sign-in of one browser.
#[derive(Debug, Clone)]
pub struct Session {
    pub id: SessionId,
    pub user: UserId,
    pub stage: Stage,
    /// When it came to its stage.
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    /// The total limit; the idle limit runs from `last_seen_at`.
    pub expires_at: Timestamp,
    pub address: String,
    pub device: String,
    /// The office this sign-in speaks of, once one was chosen; the person may have left it since.
    pub office: Option<OfficeId>,
}

type Row = (i64, i64, String, i64, i64, i64, String, String, Option<i64>);
type Columns = (
    sessions::id,
    sessions::user_id,
    sessions::stage,
    sessions::created_at,
    sessions::last_seen_at,
    sessions::expires_at,
    sessions::address,
    sessions::device,
    sessions::office_id,
);
const COLUMNS: Columns = (
    sessions::id,
    sessions::user_id,
    sessions::stage,
    sessions::created_at,
    sessions::last_seen_at,
    sessions::expires_at,
    sessions::address,
    sessions::device,
    sessions::office_id,
);

fn session(
    (id, user, stage, created_at, last_seen_at, expires_at, address, device, office): Row,
) -> Result<Session, Fault> {
    Ok(Session {
        id: SessionId::from_i64(id),
        user: UserId::from_i64(user),
        stage: Stage::from_slug(&stage)?,
        created_at: Timestamp(created_at),
        last_seen_at: Timestamp(last_seen_at),
        expires_at: Timestamp(expires_at),
        address,
        device,
        office: office.map(OfficeId::from_i64),
    })
}

pub fn insert(tx: &mut Tx, new: &Session, key: TokenDigest) -> Result<(), Fault> {
    let insert = diesel::insert_into(sessions::table).values((
        sessions::id.eq(new.id.as_i64()),
        sessions::key_digest.eq(key.0.as_slice()),
        sessions::user_id.eq(new.user.as_i64()),
        sessions::stage.eq(new.stage.slug()),
        sessions::created_at.eq(new.created_at.0),
        sessions::last_seen_at.eq(new.last_seen_at.0),
        sessions::expires_at.eq(new.expires_at.0),
        sessions::address.eq(&new.address),
        sessions::device.eq(&new.device),
        sessions::office_id.eq(new.office.map(OfficeId::as_i64)),
    ));
    prepared(insert).run(tx)?;
    Ok(())
}

/// The session unless it has come to its total limit, or was begun by a clock that ran ahead. Not asked of
/// the database: PostgreSQL may go through the index of all limits then instead of looking up one key.
fn living(found: Option<Session>, now: Timestamp) -> Option<Session> {
    found.filter(|session| session.expires_at > now && session.created_at.is_credible(now))
}

/// The session, if it exists and has not come to its total limit.
pub fn find(conn: &mut AnyConnection, id: SessionId, now: Timestamp) -> Result<Option<Session>, Fault> {
    let one = sessions::table.find(id.as_i64()).select(COLUMNS);
    Ok(living(prepared(one).row::<Row>(conn).optional()?.map(session).transpose()?, now))
}

/// The session of this key with its owner, if it exists and has not come to its total limit.
pub fn with_owner(
    conn: &mut AnyConnection,
    key: TokenDigest,
    now: Timestamp,
) -> Result<Option<(Session, User)>, Fault> {
    let one = sessions::table.inner_join(schema::users::table).filter(sessions::key_digest.eq(key.0.as_slice()));
    let row = prepared(one.select((COLUMNS, users::COLUMNS))).row::<(Row, users::Row)>(conn).optional()?;
    let Some((mine, owner)) = row else { return Ok(None) };
    let Some(mine) = living(Some(session(mine)?), now) else { return Ok(None) };
    Ok(Some((mine, users::user(owner)?)))
}

/// Gives a session another key; the one it had opens nothing any more (SC-30). A session that has just
/// been ended gets none: [`Fault::SessionEnded`].
pub fn renew_key(tx: &mut Tx, id: SessionId, key: TokenDigest) -> Result<(), Fault> {
    let renew = diesel::update(sessions::table.find(id.as_i64()))
        .set(sessions::key_digest.eq(key.0.as_slice()))
        .returning(sessions::id);
    let renewed: Vec<i64> = prepared(renew).rows(tx)?;
    if renewed.len() == 1 { Ok(()) } else { Err(Fault::SessionEnded) }
}

/// Whether a complete session still lives at this moment of the transaction.
pub fn is_complete(conn: &mut AnyConnection, user: UserId, id: SessionId, now: Timestamp) -> Result<bool, Fault> {
    let found = find(conn, id, now)?;
    Ok(found.is_some_and(|session| session.user == user && session.stage == Stage::Complete))
}

/// Living sessions of a user that have been seen since `seen_since`, the last seen first.
pub fn complete_of(
    conn: &mut AnyConnection,
    user: UserId,
    now: Timestamp,
    seen_since: Timestamp,
) -> Result<Vec<Session>, Fault> {
    let rows: Vec<Row> = sessions::table
        .filter(sessions::user_id.eq(user.as_i64()).and(sessions::stage.eq(Stage::Complete.slug())))
        .filter(sessions::expires_at.gt(now.0).and(sessions::last_seen_at.gt(seen_since.0)))
        .filter(sessions::created_at.le(now.latest_credible().0))
        .order((sessions::last_seen_at.desc(), sessions::id))
        .select(COLUMNS)
        .load(conn)?;
    rows.into_iter().map(session).collect()
}

pub fn seen(tx: &mut Tx, id: SessionId, now: Timestamp) -> Result<(), Fault> {
    let seen = diesel::update(sessions::table.find(id.as_i64())).set(sessions::last_seen_at.eq(now.0));
    prepared(seen).run(tx)?;
    Ok(())
}

/// Chooses the office of which this sign-in speaks.
pub fn choose_office(tx: &mut Tx, id: SessionId, office: OfficeId) -> Result<(), Fault> {
    diesel::update(sessions::table.find(id.as_i64()))
        .set(sessions::office_id.eq(office.as_i64()))
        .execute(&mut **tx)?;
    Ok(())
}

/// Ends one session. Whether it was there: only the first caller ever gets `true`.
pub fn end(tx: &mut Tx, user: UserId, id: SessionId) -> Result<bool, Fault> {
    let mine = sessions::table.find(id.as_i64()).filter(sessions::user_id.eq(user.as_i64()));
    Ok(diesel::delete(mine).execute(&mut **tx)? == 1)
}

/// Ends the session of this key, and says whose it was. One that has got another key meanwhile is another
/// sign-in, and stays.
pub fn end_of_key(tx: &mut Tx, key: TokenDigest) -> Result<Option<UserId>, Fault> {
    let of_key = diesel::delete(sessions::table.filter(sessions::key_digest.eq(key.0.as_slice())));
    let owner: Option<i64> = prepared(of_key.returning(sessions::user_id)).row(tx).optional()?;
    Ok(owner.map(UserId::from_i64))
}

/// Makes a complete session of a password-proven stage that is still open, with a key of its own. `false`
/// when the stage is over, and the transaction is to be given up; only the first caller ever gets `true`.
pub fn complete(tx: &mut Tx, session: &Session, key: TokenDigest, now: Timestamp) -> Result<bool, Fault> {
    let stage = sessions::table
        .find(session.id.as_i64())
        .filter(sessions::user_id.eq(session.user.as_i64()).and(sessions::stage.eq(Stage::PasswordProven.slug())));
    // As in `living`, rows are not looked for by their limit: one past it keeps it, and is told by that.
    let is_open = sessions::expires_at.gt(now.0);
    let expires_at = session.expires_at.0;
    let complete = diesel::update(stage).set((
        sessions::key_digest.eq(key.0.as_slice()),
        sessions::stage.eq(session.stage.slug()),
        sessions::created_at.eq(session.created_at.0),
        sessions::last_seen_at.eq(session.last_seen_at.0),
        sessions::expires_at.eq(case_when(is_open, expires_at.into_sql::<BigInt>()).otherwise(sessions::expires_at)),
        sessions::address.eq(&session.address),
        sessions::device.eq(&session.device),
        sessions::office_id.eq(session.office.map(OfficeId::as_i64)),
    ));
    let limits: Vec<i64> = prepared(complete.returning(sessions::expires_at)).rows(tx)?;
    Ok(limits == [expires_at])
}

/// Moves the end of a password-proven stage that is still open. Whether it was.
pub fn extend_password_proven(
    tx: &mut Tx,
    user: UserId,
    id: SessionId,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, Fault> {
    let open = sessions::table
        .find(id.as_i64())
        .filter(sessions::user_id.eq(user.as_i64()).and(sessions::stage.eq(Stage::PasswordProven.slug())))
        .filter(sessions::expires_at.gt(now.0));
    Ok(diesel::update(open).set(sessions::expires_at.eq(until.0)).execute(&mut **tx)? == 1)
}

/// Ends the password-proven stages of a user (SC-31).
pub fn end_all_password_proven(tx: &mut Tx, user: UserId) -> Result<(), Fault> {
    let open = sessions::table
        .filter(sessions::user_id.eq(user.as_i64()).and(sessions::stage.eq(Stage::PasswordProven.slug())));
    diesel::delete(open).execute(&mut **tx)?;
    Ok(())
}

/// Ends every session of a user, at whatever stage, but for `keep`.
pub fn end_all(tx: &mut Tx, user: UserId, keep: Option<SessionId>) -> Result<usize, Fault> {
    let keep = keep.map_or(0, SessionId::as_i64);
    let mine = sessions::table.filter(sessions::user_id.eq(user.as_i64()).and(sessions::id.ne(keep)));
    Ok(diesel::delete(mine).execute(&mut **tx)?)
}

/// Forgets sessions past their total limit.
pub fn forget_expired(tx: &mut Tx, now: Timestamp) -> Result<usize, Fault> {
    sweep(tx, &Expiring { table: "sessions", key: "id", at: "expires_at" }, now)
}

/// Forgets complete sessions that have not been seen since `idle_since`, so that a clock that goes back
/// revives none (SC-77).
pub fn forget_idle(tx: &mut Tx, idle_since: Timestamp) -> Result<usize, Fault> {
    let seen = "CASE WHEN stage = 'complete' THEN last_seen_at END";
    sweep(tx, &Expiring { table: "sessions", key: "id", at: seen }, idle_since)
}
