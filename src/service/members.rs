//! The members of an office as its administrators see them: facts, and never a secret (SC-58).

use super::Services;
use super::access::OfficeAdmin;
use crate::domain::ids::{ReleaseRequestId, UserId};
use crate::domain::member_list::{self, Keep, MemberQuery};
use crate::domain::office::Role;
use crate::domain::time::Timestamp;
use crate::domain::two_factor::TwoFactor;
use crate::fault::Fault;
pub use crate::store::members::{MemberRow, Summary};
use crate::store::{backup_codes, members, offices, release_requests, two_factor, users};

/// One page of the list.
#[derive(Debug, Clone)]
pub struct MemberList {
    pub rows: Vec<MemberRow>,
    pub summary: Summary,
    /// The open requests to the administrators: whose, and which.
    pub requests: Vec<(UserId, ReleaseRequestId)>,
    /// How many are asked for, on all pages.
    pub total: u32,
    /// The page shown: the one asked for, or the last.
    pub page: u32,
    pub pages: u32,
}

/// The members that are asked for.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn list(services: &Services, admin: &OfficeAdmin, query: MemberQuery) -> Result<MemberList, Fault> {
    let (office, now) = (admin.office(), services.clock.now());
    services
        .db
        .read(move |conn| {
            let requests = release_requests::open_in(conn, office, now)?;
            let open: Vec<UserId> = requests.iter().map(|(user, _)| *user).collect();
            let summary = members::summary(conn, office)?;
            let found =
                if query.search.is_empty() { None } else { Some(members::search(conn, office, &query, &open)?) };
            let size = |members: &[UserId]| u32::try_from(members.len()).unwrap_or(u32::MAX);
            let total = match (&found, query.keep) {
                (Some(found), _) => size(found),
                (None, Keep::All) => summary.members,
                (None, Keep::Off) => summary.off,
                (None, Keep::Low) => summary.low,
                (None, Keep::Request) => size(&open),
            };
            let pages = member_list::pages(total);
            let page = query.page.clamp(1, pages);
            let shown = match found {
                Some(found) => {
                    let shown = member_list::on_page(page, total);
                    found.into_iter().skip(shown.start as usize).take(shown.len()).collect()
                }
                None => members::on_page(conn, office, &MemberQuery { page, ..query }, &open, total)?,
            };
            let rows = members::lines(conn, office, &shown)?;
            Ok(MemberList { rows, summary, requests, total, page, pages })
        })
        .await
}

/// One member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberView {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub joined_at: Timestamp,
    /// Since when two-factor authentication is on, if it is.
    pub two_factor_since: Option<Timestamp>,
    /// Unused codes of the newest sheet; nothing without a sheet.
    pub codes_left: Option<u8>,
    pub last_sign_in_at: Option<Timestamp>,
    /// Whether nobody else administers the office.
    pub is_last_administrator: bool,
    /// The open request to the administrators of this office.
    pub request: Option<ReleaseRequestId>,
}

/// One member of the office; nothing for whoever is none.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn member(services: &Services, admin: &OfficeAdmin, member: UserId) -> Result<Option<MemberView>, Fault> {
    let (office, now) = (admin.office(), services.clock.now());
    services
        .db
        .read(move |conn| {
            let Some(place) = members::place(conn, member, office)? else { return Ok(None) };
            let user = users::get(conn, member)?;
            let two_factor_since = match two_factor::state(conn, member)? {
                TwoFactor::Off => None,
                TwoFactor::On(enabled) => Some(enabled.enabled_at),
            };
            let requests = release_requests::open_in(conn, office, now)?;
            let sheet = backup_codes::live(conn, member)?;
            Ok(Some(MemberView {
                id: member,
                name: user.name,
                email: user.email.into_string(),
                role: place.role,
                joined_at: place.joined_at,
                two_factor_since,
                codes_left: sheet.map(|sheet| backup_codes::left(conn, sheet.id)).transpose()?,
                last_sign_in_at: place.last_sign_in_at,
                is_last_administrator: offices::administrators(conn, office)? == [member],
                request: requests.into_iter().find(|(user, _)| *user == member).map(|(_, request)| request),
            }))
        })
        .await
}
