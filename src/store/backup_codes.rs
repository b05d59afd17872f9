//! Backup codes: generations (sheets) and the ten tags of each.

use diesel::dsl::{count_star, max};
use diesel::prelude::*;

use super::prepared::prepared;
use super::schema::{backup_codes, generations};
use super::users::{self, User};
use super::{AnyConnection, Tx, members};
use crate::domain::ids::{GenerationId, SessionId, SetUpId, UserId};
use crate::domain::time::Timestamp;
use crate::domain::two_factor::backup_code::BackupCodeTag;
use crate::domain::two_factor::sheet::{SheetId, SheetState, UsedCode};
use crate::fault::Fault;

/// How many sheets before the newest are still recognised, for the mail to their owner.
const EARLIER_SHEETS_KEPT: i64 = 5;

/// A sheet as the database knows it.
#[derive(Debug, Clone)]
pub struct Generation {
    pub id: GenerationId,
    pub set_up: SetUpId,
    /// 第n回
    pub number: u32,
    pub sheet_id: SheetId,
    /// The key of the key file with which the codes were hashed, and at what cost.
    pub key_id: String,
    pub memory_kib: u32,
    pub passes: u32,
    pub issued_at: Timestamp,
    pub voided_at: Option<Timestamp>,
}

pub(super) type Row = (i64, i64, i32, String, String, i32, i32, i64, Option<i64>);

pub(super) const COLUMNS: (
    generations::id,
    generations::set_up_id,
    generations::number,
    generations::sheet_id,
    generations::key_id,
    generations::memory_kib,
    generations::passes,
    generations::issued_at,
    generations::voided_at,
) = (
    generations::id,
    generations::set_up_id,
    generations::number,
    generations::sheet_id,
    generations::key_id,
    generations::memory_kib,
    generations::passes,
    generations::issued_at,
    generations::voided_at,
);

fn positive(value: i32) -> Result<u32, Fault> {
    u32::try_from(value).map_err(|_| Fault::Corrupt("a sheet"))
}

pub(super) fn generation(row: Row) -> Result<Generation, Fault> {
    let (id, set_up, number, sheet_id, key_id, memory_kib, passes, issued_at, voided_at) = row;
    Ok(Generation {
        id: GenerationId::from_i64(id),
        set_up: SetUpId::from_i64(set_up),
        number: positive(number)?,
        sheet_id: SheetId::from_stored(sheet_id),
        key_id,
        memory_kib: positive(memory_kib)?,
        passes: positive(passes)?,
        issued_at: Timestamp(issued_at),
        voided_at: voided_at.map(Timestamp),
    })
}

/// The one generation that counts.
pub fn live(conn: &mut AnyConnection, user: UserId) -> Result<Option<Generation>, Fault> {
    let one = generations::table
        .filter(generations::user_id.eq(user.as_i64()).and(generations::voided_at.is_null()))
        .select(COLUMNS);
    prepared(one).row::<Row>(conn).optional()?.map(generation).transpose()
}

/// How many sheets count.
pub fn count_live(conn: &mut AnyConnection) -> Result<i64, Fault> {
    let live = generations::table.filter(generations::voided_at.is_null());
    Ok(live.select(count_star()).first(conn)?)
}

/// The owners of such sheets after `after`, in the order of their ids.
pub fn owners_of_live(conn: &mut AnyConnection, after: UserId, limit: i64) -> Result<Vec<UserId>, Fault> {
    let ids: Vec<i64> = generations::table
        .filter(generations::voided_at.is_null().and(generations::user_id.gt(after.as_i64())))
        .order(generations::user_id)
        .limit(limit)
        .select(generations::user_id)
        .load(conn)?;
    Ok(ids.into_iter().map(UserId::from_i64).collect())
}

/// One code's place on a sheet.
#[derive(Debug, Clone)]
pub struct CodeRow {
    pub generation: GenerationId,
    pub number: u8,
    pub tag: BackupCodeTag,
    pub used_at: Option<Timestamp>,
    /// Of an earlier sheet of the same set-up.
    pub void: bool,
}

/// The codes of the newest sheet and of the earlier ones of the same set-up.
pub fn codes_of_set_up(conn: &mut AnyConnection, user: UserId, set_up: SetUpId) -> Result<Vec<CodeRow>, Fault> {
    type CodeTuple = (i64, i32, Vec<u8>, Vec<u8>, Option<i64>, Option<i64>);
    let codes = backup_codes::table
        .inner_join(generations::table)
        .filter(generations::user_id.eq(user.as_i64()).and(generations::set_up_id.eq(set_up.as_i64())))
        .order((generations::number.desc(), backup_codes::number))
        .select((
            backup_codes::generation_id,
            backup_codes::number,
            backup_codes::salt,
            backup_codes::tag,
            backup_codes::used_at,
            generations::voided_at,
        ));
    let rows: Vec<CodeTuple> = prepared(codes).rows(conn)?;
    rows.into_iter()
        .map(|(generation, number, salt, tag, used_at, voided_at)| {
            let corrupt = Fault::Corrupt("a backup code");
            let (Ok(number), Ok(salt), Ok(tag)) = (u8::try_from(number), salt.try_into(), tag.try_into()) else {
                return Err(corrupt);
            };
            Ok(CodeRow {
                generation: GenerationId::from_i64(generation),
                number,
                tag: BackupCodeTag { salt, tag },
                used_at: used_at.map(Timestamp),
                void: voided_at.is_some(),
            })
        })
        .collect()
}

/// Spends a code on a sign-in of its owner, who is returned. Only the first caller ever gets anybody, and
/// none does once the sheet is void; the transaction is to be given up then.
pub fn spend(
    tx: &mut Tx,
    user: UserId,
    (generation, number): (GenerationId, u8),
    session: SessionId,
    device: &str,
    now: Timestamp,
) -> Result<Option<User>, Fault> {
    let live = generations::table
        .filter(generations::id.eq(generation.as_i64()).and(generations::voided_at.is_null()))
        .filter(generations::user_id.eq(user.as_i64()))
        .select(generations::id);
    let spend = diesel::update(
        backup_codes::table
            .find((generation.as_i64(), i32::from(number)))
            .filter(backup_codes::used_at.is_null())
            .filter(backup_codes::generation_id.eq_any(live)),
    )
    .set((
        backup_codes::used_at.eq(now.0),
        backup_codes::used_device.eq(device),
        backup_codes::used_session_id.eq(session.as_i64()),
    ))
    .returning(backup_codes::number);
    let spent: Vec<i32> = prepared(spend).rows(tx)?;
    if spent.len() != 1 {
        return Ok(None);
    }
    users::signed_in_with_backup_code(tx, user, now).map(Some)
}

/// Unused codes of a generation.
pub fn left(conn: &mut AnyConnection, generation: GenerationId) -> Result<u8, Fault> {
    let unused = backup_codes::table
        .filter(backup_codes::generation_id.eq(generation.as_i64()).and(backup_codes::used_at.is_null()))
        .select(count_star());
    let count: i64 = prepared(unused).row(conn)?;
    u8::try_from(count).map_err(|_| Fault::Corrupt("a sheet"))
}

/// Unused codes of everybody's newest sheet.
pub fn left_of_everyone(conn: &mut AnyConnection) -> Result<Vec<(UserId, u8)>, Fault> {
    let used: Vec<(i64, i64)> = backup_codes::table
        .inner_join(generations::table)
        .filter(generations::voided_at.is_null().and(backup_codes::used_at.is_null()))
        .group_by(generations::user_id)
        .select((generations::user_id, count_star()))
        .load(conn)?;
    let unused: std::collections::HashMap<i64, i64> = used.into_iter().collect();
    let users: Vec<i64> =
        generations::table.filter(generations::voided_at.is_null()).select(generations::user_id).load(conn)?;
    Ok(users
        .into_iter()
        .map(|user| (UserId::from_i64(user), u8::try_from(unused.get(&user).copied().unwrap_or(0)).unwrap_or(0)))
        .collect())
}

type Used = (i32, Option<i64>, Option<String>, Option<i64>);

/// The newest sheet as its owner may see it.
pub fn sheet(conn: &mut AnyConnection, user: UserId) -> Result<Option<SheetState>, Fault> {
    let Some(live) = live(conn, user)? else { return Ok(None) };
    let rows: Vec<Used> = backup_codes::table
        .filter(backup_codes::generation_id.eq(live.id.as_i64()).and(backup_codes::used_at.is_not_null()))
        .order(backup_codes::number)
        .select((backup_codes::number, backup_codes::used_at, backup_codes::used_device, backup_codes::used_session_id))
        .load(conn)?;
    let used = rows
        .into_iter()
        .map(|(number, at, device, session)| {
            Ok(UsedCode {
                number: u8::try_from(number).map_err(|_| Fault::Corrupt("a backup code"))?,
                at: Timestamp(at.ok_or(Fault::Corrupt("a used backup code"))?),
                device: device.unwrap_or_default(),
                session: session.map(SessionId::from_i64),
            })
        })
        .collect::<Result<_, Fault>>()?;
    Ok(Some(SheetState { number: live.number, id: live.sheet_id, issued_at: live.issued_at, used }))
}

/// The number the next sheet of this person gets; it grows over all set-ups.
pub fn next_number(conn: &mut AnyConnection, user: UserId) -> Result<u32, Fault> {
    let newest: Option<i32> = generations::table
        .filter(generations::user_id.eq(user.as_i64()))
        .select(max(generations::number))
        .first(conn)?;
    positive(newest.unwrap_or(0).saturating_add(1))
}

/// Writes a new sheet with its ten tags. The earlier one must have been voided. `false` when another
/// sheet has its [`SheetId`]: nothing was written.
pub fn insert(tx: &mut Tx, user: UserId, new: &Generation, tags: &[BackupCodeTag]) -> Result<bool, Fault> {
    let small = |value: u32| i32::try_from(value).map_err(|_| Fault::Corrupt("a sheet"));
    let generation = diesel::insert_into(generations::table)
        .values((
            generations::id.eq(new.id.as_i64()),
            generations::user_id.eq(user.as_i64()),
            generations::set_up_id.eq(new.set_up.as_i64()),
            generations::number.eq(small(new.number)?),
            generations::sheet_id.eq(new.sheet_id.as_str()),
            generations::key_id.eq(&new.key_id),
            generations::memory_kib.eq(small(new.memory_kib)?),
            generations::passes.eq(small(new.passes)?),
            generations::issued_at.eq(new.issued_at.0),
        ))
        .on_conflict(generations::sheet_id)
        .do_nothing()
        .returning(generations::id);
    if prepared(generation).rows::<i64>(tx)?.is_empty() {
        return Ok(false);
    }
    for (number, tag) in (1_i32..).zip(tags) {
        let code = diesel::insert_into(backup_codes::table).values((
            backup_codes::generation_id.eq(new.id.as_i64()),
            backup_codes::number.eq(number),
            backup_codes::salt.eq(tag.salt.as_slice()),
            backup_codes::tag.eq(tag.tag.as_slice()),
        ));
        prepared(code).run(tx)?;
    }
    members::refresh_second_factor(tx, user)?;
    Ok(true)
}

/// Voids the newest sheet, and forgets the codes of sheets too old to be recognised.
pub fn void_live(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<bool, Fault> {
    let mine = generations::table.filter(generations::user_id.eq(user.as_i64()).and(generations::voided_at.is_null()));
    let void = diesel::update(mine).set(generations::voided_at.eq(now.0)).returning(generations::id);
    let voided: Vec<i64> = prepared(void).rows(tx)?;
    let old: Vec<i64> = generations::table
        .filter(generations::user_id.eq(user.as_i64()))
        .order(generations::number.desc())
        .offset(EARLIER_SHEETS_KEPT)
        .limit(1_000)
        .select(generations::id)
        .load(&mut **tx)?;
    diesel::delete(backup_codes::table.filter(backup_codes::generation_id.eq_any(old))).execute(&mut **tx)?;
    members::refresh_second_factor(tx, user)?;
    Ok(!voided.is_empty())
}

/// Forgets all codes of a person: after a release and with a new set-up nothing can match them.
/// The generations stay, so that the numbers of sheets go on growing.
pub fn forget_codes(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<(), Fault> {
    void_live(tx, user, now)?;
    let all: Vec<i64> =
        generations::table.filter(generations::user_id.eq(user.as_i64())).select(generations::id).load(&mut **tx)?;
    diesel::delete(backup_codes::table.filter(backup_codes::generation_id.eq_any(all))).execute(&mut **tx)?;
    Ok(())
}
