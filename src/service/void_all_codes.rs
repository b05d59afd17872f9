//! Voiding every sheet there is: after a leaked key file, or after a restored backup, in which
//! used codes have come back to life (SC-79).

use super::Services;
use super::act::Act;
use crate::domain::audit::{Action, Event};
use crate::domain::client::Client;
use crate::domain::ids::UserId;
use crate::domain::message::Message;
use crate::fault::Fault;
use crate::store::{Tx, attempts, backup_codes, users};

/// Members in one transaction: few enough that a running portal hardly waits.
const BATCH: i64 = 100;

/// How many sheets count now.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn live_sheets(services: &Services) -> Result<u64, Fault> {
    let count = services.db.read(backup_codes::count_live).await?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Voids every sheet, whatever clock it was issued by, forgets its codes, and tells its owner. One that a
/// running portal issues meanwhile goes too, unless its owner's turn is over. `progress` hears how many are
/// done; says how many were voided.
///
/// # Errors
/// [`Fault`]: what is void stays void, and the next call goes on.
pub async fn void_all_codes(services: &Services, progress: impl Fn(u64) + Send) -> Result<u64, Fault> {
    let (mut after, mut done) = (UserId::from_i64(0), 0);
    loop {
        let owners = services.db.read(move |conn| backup_codes::owners_of_live(conn, after, BATCH)).await?;
        let Some(last) = owners.last() else { break };
        after = *last;
        let mut act = Act::begin(services, &Client::operator());
        done += services.db.write(move |tx| void(tx, &mut act, &owners)).await?;
        progress(done);
    }
    let act = Act::begin(services, &Client::operator());
    let event = Event::by_operator(Action::CodesVoided).detail(format!("operator; {done} sheets"));
    services.db.write(move |tx| act.record(tx, event)).await?;
    Ok(done)
}

/// One batch. All accounts are held before the end of the audit trail is: whoever holds an
/// account may wait for the trail, so nobody who holds the trail may wait for an account.
fn void(tx: &mut Tx, act: &mut Act, owners: &[UserId]) -> Result<u64, Fault> {
    for owner in owners {
        attempts::lock(tx, *owner)?;
    }
    let mut voided = Vec::new();
    for owner in owners {
        // The member may have been released a moment ago.
        let Some(sheet) = backup_codes::live(tx, *owner)? else { continue };
        backup_codes::forget_codes(tx, *owner, act.now)?;
        let (user, by) = (users::get(tx, *owner)?, act.circumstances());
        act.mail(tx, &user, Message::CodesVoided { by })?;
        voided.push((*owner, sheet));
    }
    for (owner, sheet) in &voided {
        let event = Event { subject: Some(*owner), ..Event::by_operator(Action::CodesVoided) };
        act.record(tx, event.detail(format!("operator; sheet {} {}", sheet.number, sheet.sheet_id)))?;
    }
    Ok(voided.len() as u64)
}
