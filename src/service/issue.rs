//! Issuing a sheet: ten codes drawn, hashed on all cores, and written in place of the earlier
//! sheet inside the transaction of the act that issues it (SC-01, SC-17).

use futures_util::stream::{self, StreamExt, TryStreamExt};

use super::Services;
use super::act::Act;
use crate::crypto::hashing::{CodeBasis, CodeKey};
use crate::crypto::keys::Purpose;
use crate::domain::ids::{GenerationId, SetUpId, UserId};
use crate::domain::two_factor::CODE_SALT_BYTES;
use crate::domain::two_factor::backup_code::{BackupCode, BackupCodeTag, PER_SHEET};
use crate::domain::two_factor::sheet::{IssuedSheet, SheetId};
use crate::fault::Fault;
use crate::random::Randomness;
use crate::store::Tx;
use crate::store::backup_codes::{self, Generation};

/// How many ids are drawn for one sheet. That all are taken by chance does not happen.
const MOST_DRAWS: u32 = 8;

/// Ten codes with the slow part of their hashing done, before any transaction is open.
pub(super) struct Prepared {
    basis: CodeBasis,
    codes: [BackupCode; PER_SHEET],
    keys: Vec<CodeKey>,
}

/// Draws and hashes ten codes for a set-up's salt.
pub(super) async fn prepare(services: &Services, salt: [u8; CODE_SALT_BYTES]) -> Result<Prepared, Fault> {
    let codes = BackupCode::draw_sheet(&mut services.random.clone());
    let basis = CodeBasis { salt, key_id: services.keys.active_id(), cost: services.gate.cost() };
    let pepper = services.keys.derive(&basis.key_id, Purpose::BackupCodes)?;
    // As many at once as the gate is wide: all cores are used, and no more of the queue.
    let hashed = stream::iter(&codes).map(|code| services.gate.code_key(code, &basis, pepper.clone()));
    let keys = hashed.buffered(services.gate.width()).try_collect().await?;
    Ok(Prepared { basis, codes, keys })
}

/// Writes the sheet; the earlier one is void from the same moment on.
pub(super) fn write(
    tx: &mut Tx,
    act: &mut Act,
    user: UserId,
    set_up: SetUpId,
    prepared: Prepared,
) -> Result<IssuedSheet, Fault> {
    backup_codes::void_live(tx, user, act.now)?;
    let mut generation = Generation {
        id: GenerationId::random(&mut act.random),
        set_up,
        number: backup_codes::next_number(tx, user)?,
        sheet_id: SheetId::random(&mut act.random),
        key_id: prepared.basis.key_id,
        memory_kib: prepared.basis.cost.memory_kib(),
        passes: prepared.basis.cost.passes(),
        issued_at: act.now,
        voided_at: None,
    };
    let tags = tags(&prepared.keys, user, generation.id, &mut act.random);
    // Eight letters are few enough to meet again: with a million sheets, once in a million issues.
    let mut draws = 1;
    while !backup_codes::insert(tx, user, &generation, &tags)? {
        if draws == MOST_DRAWS {
            return Err(Fault::Other(format!("{MOST_DRAWS} new sheet ids in a row were taken")));
        }
        draws += 1;
        generation.sheet_id = SheetId::random(&mut act.random);
    }
    Ok(IssuedSheet {
        number: generation.number,
        id: generation.sheet_id,
        issued_at: generation.issued_at,
        codes: prepared.codes,
    })
}

fn tags(keys: &[CodeKey], user: UserId, generation: GenerationId, random: &mut Randomness) -> Vec<BackupCodeTag> {
    (1_u8..)
        .zip(keys)
        .map(|(number, key)| {
            let salt = random.bytes();
            BackupCodeTag { salt, tag: key.tag(&salt, user, generation, number) }
        })
        .collect()
}
