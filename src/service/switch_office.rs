//! A member of several offices chooses the one this sign-in speaks of.

use super::Services;
use super::access::SignedIn;
use crate::domain::ids::OfficeId;
use crate::fault::Fault;
use crate::store::{offices, sessions};

/// Chooses an office; `false`: the member does not belong to it, and nothing is changed. It is a
/// matter of what is shown, so the audit trail does not hear of it.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn switch_office(services: &Services, me: &SignedIn, office: OfficeId) -> Result<bool, Fault> {
    let (my, now) = (me.clone(), services.clock.now());
    services
        .db
        .write(move |tx| {
            my.hold(tx, now)?;
            if offices::role_in(tx, my.user(), office)?.is_none() {
                return Ok(false);
            }
            sessions::choose_office(tx, my.session(), office)?;
            Ok(true)
        })
        .await
}
