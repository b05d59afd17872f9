//! What a member sees of the own two-factor authentication at any time: its state and the newest
//! sheet, without the codes.

use super::Services;
use super::access::SignedIn;
use super::reset_password::still_blocked;
use crate::domain::link::LinkPurpose;
use crate::domain::plan::Plan;
use crate::domain::time::Timestamp;
use crate::domain::two_factor::TwoFactor;
use crate::domain::two_factor::sheet::SheetState;
use crate::fault::Fault;
use crate::store::{backup_codes, links, two_factor};

/// The state at a glance.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TwoFactorOverview {
    /// `None`: off.
    pub enabled_at: Option<Timestamp>,
    /// `None` while on: 未発行.
    pub sheet: Option<SheetState>,
    /// Whether some office's plan issues codes.
    pub issues_codes: bool,
    /// Until when release by mail has to wait, if it has to.
    pub release_blocked_until: Option<Timestamp>,
    /// Until when the release link works that was mailed, if there is one.
    pub release_sent_until: Option<Timestamp>,
    /// The number on the newest sheet of the code with which this very sign-in was made.
    pub signed_in_with: Option<u8>,
}

/// Reads the overview.
///
/// # Errors
/// [`Fault`]: a state that cannot be read is never shown as «off».
pub async fn two_factor_overview(services: &Services, me: &SignedIn) -> Result<TwoFactorOverview, Fault> {
    let (user, session, now) = (me.user(), me.session(), services.clock.now());
    let blocked = still_blocked(me.release_blocked_until(), now);
    let issues_codes = Plan::any_issues_backup_codes(me.offices().iter().map(|office| office.plan));
    services
        .db
        .read(move |conn| {
            let (enabled_at, sheet) = match two_factor::state(conn, user)? {
                TwoFactor::Off => (None, None),
                TwoFactor::On(enabled) => (Some(enabled.enabled_at), backup_codes::sheet(conn, user)?),
            };
            Ok(TwoFactorOverview {
                enabled_at,
                signed_in_with: sheet.as_ref().and_then(|sheet| sheet.used_for(session)),
                sheet,
                issues_codes,
                release_blocked_until: blocked,
                release_sent_until: links::living_until(conn, user, LinkPurpose::Release, now)?,
            })
        })
        .await
}
