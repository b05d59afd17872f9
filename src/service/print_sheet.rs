//! Printing a sheet again while its page is still open. The codes come back from that page, for
//! nothing else knows them, under a seal that only this portal makes: bound to the member, the
//! session and the sheet, and worthless in any other place (SC-43).

use data_encoding::BASE64URL_NOPAD;
use subtle::ConstantTimeEq;

use super::Services;
use super::access::SignedIn;
use crate::crypto::keys::Purpose;
use crate::domain::two_factor::sheet::IssuedSheet;
use crate::fault::Fault;
use crate::store::{backup_codes, sessions};

/// How a print ends.
#[derive(Debug)]
pub enum PrintSheet {
    /// The sheet, to be drawn.
    Print(IssuedSheet),
    /// A newer sheet was issued, or two-factor authentication was released: its codes count no more.
    NotNewest,
    /// The seal is not of this member, session and sheet.
    NotOurs,
}

/// The seal of a sheet that has just been issued, for the page that shows it.
///
/// # Errors
/// [`Fault::Crypto`] when the ring does not hold its own key.
pub fn seal(services: &Services, me: &SignedIn, sheet: &IssuedSheet) -> Result<String, Fault> {
    let key_id = services.keys.active_id();
    let seal = mac(services, &key_id, me, sheet)?;
    Ok(format!("{key_id}.{}", BASE64URL_NOPAD.encode(&seal)))
}

/// Whether the sheet may be printed. It reads and changes nothing.
///
/// # Errors
/// [`Fault`]: nothing is printed.
pub async fn print_sheet(
    services: &Services,
    me: &SignedIn,
    sheet: IssuedSheet,
    seal: &str,
) -> Result<PrintSheet, Fault> {
    if !is_sealed(services, me, &sheet, seal) {
        return Ok(PrintSheet::NotOurs);
    }
    let (user, session, now) = (me.user(), me.session(), services.clock.now());
    let live = services
        .db
        .read(move |conn| {
            if !sessions::is_complete(conn, user, session, now)? {
                return Err(Fault::SessionEnded);
            }
            backup_codes::live(conn, user)
        })
        .await?;
    let is_newest = live.is_some_and(|live| live.sheet_id == sheet.id && live.number == sheet.number);
    Ok(if is_newest { PrintSheet::Print(sheet) } else { PrintSheet::NotNewest })
}

fn is_sealed(services: &Services, me: &SignedIn, sheet: &IssuedSheet, seal: &str) -> bool {
    let Some((key_id, given)) = seal.split_once('.') else { return false };
    let Ok(given) = BASE64URL_NOPAD.decode(given.as_bytes()) else { return false };
    // A key that the ring does not hold made no seal of ours.
    let Ok(expected) = mac(services, key_id, me, sheet) else { return false };
    expected.ct_eq(&given).into()
}

fn mac(services: &Services, key_id: &str, me: &SignedIn, sheet: &IssuedSheet) -> Result<[u8; 32], Fault> {
    let digits = sheet.digits();
    let parts: [&[u8]; 6] = [
        &me.user().as_i64().to_be_bytes(),
        &me.session().as_i64().to_be_bytes(),
        sheet.id.as_str().as_bytes(),
        &sheet.number.to_be_bytes(),
        &sheet.issued_at.0.to_be_bytes(),
        digits.as_bytes(),
    ];
    services.keys.mac(key_id, Purpose::Sheet, &parts)
}
