//! Who a browser's session belongs to, read from the database at every request, and the proofs
//! that acts ask for.

use std::time::Duration;

use tokio::time::timeout;

use super::{Services, extend_sign_in};
use crate::domain::email::EmailAddress;
use crate::domain::ids::{OfficeId, SessionId, UserId};
use crate::domain::language::Language;
use crate::domain::office::{Membership, Role};
use crate::domain::time::{Seconds, Timestamp};
use crate::domain::token::SessionKey;
use crate::domain::two_factor::requirement::Requirement;
use crate::fault::Fault;
use crate::store::sessions::{self, Session, Stage};
use crate::store::users::User;
use crate::store::{AnyConnection, Tx, attempts, offices, two_factor};

/// How often the last-seen time is written, at the most.
const SEEN_EVERY: Seconds = Seconds::minutes(1);

/// How long a page waits for what it can do without.
const PAGE_WAITS: Duration = Duration::from_secs(1);

/// Who asks.
#[derive(Debug, Clone)]
pub enum Identity {
    Visitor,
    PasswordProven(PasswordProven),
    SignedIn(SignedIn),
}

/// Proof that the password was proven in this sign-in, and the second factor not yet. It opens
/// the second step and nothing else (SC-31).
#[derive(Debug, Clone)]
pub struct PasswordProven {
    session: SessionId,
    user: User,
    begun_at: Timestamp,
    expires_at: Timestamp,
}

impl PasswordProven {
    pub const fn session(&self) -> SessionId {
        self.session
    }

    pub const fn user(&self) -> UserId {
        self.user.id
    }

    pub const fn email(&self) -> &EmailAddress {
        &self.user.email
    }

    /// When the stage ends.
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// Whether more time can be had.
    pub fn is_extendable(&self) -> bool {
        self.expires_at < extend_sign_in::latest_end(self.begun_at)
    }

    /// The language this person has chosen, if ever.
    pub const fn language(&self) -> Option<Language> {
        self.user.language
    }

    pub fn time_zone(&self) -> &str {
        &self.user.time_zone
    }
}

/// An office that asks, now or soon, for the second factor a member has not set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    pub office: OfficeId,
    pub office_name: String,
    pub requirement: Requirement,
}

/// Proof of a complete session of this member.
#[derive(Debug, Clone)]
pub struct SignedIn {
    session: SessionId,
    user: User,
    offices: Vec<Membership>,
    /// The office that this sign-in has chosen.
    chosen: Option<OfficeId>,
    /// Empty for a member with two-factor authentication.
    demands: Vec<Demand>,
}

impl SignedIn {
    pub const fn session(&self) -> SessionId {
        self.session
    }

    pub const fn user(&self) -> UserId {
        self.user.id
    }

    pub const fn email(&self) -> &EmailAddress {
        &self.user.email
    }

    pub fn name(&self) -> &str {
        &self.user.name
    }

    /// The language this person has chosen, if ever.
    pub const fn language(&self) -> Option<Language> {
        self.user.language
    }

    /// Until when release by mail has to wait, if it ever had to (SC-48).
    pub const fn release_blocked_until(&self) -> Option<Timestamp> {
        self.user.release_blocked_until
    }

    /// IANA name of the zone in which the member reads times.
    pub fn time_zone(&self) -> &str {
        &self.user.time_zone
    }

    /// Holds the member's account for this transaction, and makes sure that the session has not
    /// been ended since the request began (SC-33). First in every act of a signed-in member.
    pub(super) fn hold(&self, tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
        attempts::lock(tx, self.user.id)?;
        self.still_signed_in(tx, now)
    }

    fn still_signed_in(&self, tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
        if sessions::is_complete(tx, self.user.id, self.session, now)? { Ok(()) } else { Err(Fault::SessionEnded) }
    }

    /// The member's offices, by name.
    pub fn offices(&self) -> &[Membership] {
        &self.offices
    }

    /// The office this sign-in speaks of: the chosen one while the member belongs to it, else the
    /// first.
    pub fn current_office(&self) -> Option<&Membership> {
        let chosen = self.offices.iter().find(|own| Some(own.office) == self.chosen);
        chosen.or_else(|| self.offices.first())
    }

    /// Offices that ask, now or soon, for the second factor this member has not set up.
    pub fn demands(&self) -> &[Demand] {
        &self.demands
    }

    /// Whether an office opens nothing to this member but the set-up of a second factor.
    pub fn is_barred_from(&self, office: OfficeId) -> bool {
        self.demands.iter().any(|demand| demand.office == office && demand.requirement.in_force().is_some())
    }

    /// The same of the current office.
    pub fn is_barred(&self) -> bool {
        self.current_office().is_some_and(|current| self.is_barred_from(current.office))
    }
}

/// Proof of being an administrator of this office when the request began. Whoever is not must not
/// even learn that the office exists. Acts read the role once more, inside their transaction
/// (SC-57).
#[derive(Debug, Clone)]
pub struct OfficeAdmin {
    me: SignedIn,
    office: Membership,
}

impl OfficeAdmin {
    /// The proof, for an administrator of the office.
    pub fn of(me: &SignedIn, office: OfficeId) -> Option<Self> {
        let own = me.offices.iter().find(|own| own.office == office && own.role == Role::Admin)?;
        Some(Self { me: me.clone(), office: own.clone() })
    }

    pub const fn me(&self) -> &SignedIn {
        &self.me
    }

    pub const fn user(&self) -> UserId {
        self.me.user()
    }

    pub const fn office(&self) -> OfficeId {
        self.office.office
    }

    /// The office with its plan, as the request found it.
    pub const fn membership(&self) -> &Membership {
        &self.office
    }

    pub fn office_name(&self) -> &str {
        &self.office.office_name
    }

    /// Holds the administrator's account and those of the others that the act concerns, and makes
    /// sure that session and role are still what they were. Accounts are held in ascending order,
    /// or two administrators who act on each other would wait for ever. First in every act of an
    /// administrator.
    pub(super) fn hold(&self, tx: &mut Tx, others: &[UserId], now: Timestamp) -> Result<(), Fault> {
        let mut accounts: Vec<UserId> = others.iter().copied().chain([self.user()]).collect();
        accounts.sort_unstable();
        accounts.dedup();
        for account in accounts {
            attempts::lock(tx, account)?;
        }
        self.me.still_signed_in(tx, now)?;
        match offices::role_in(tx, self.user(), self.office())? {
            Some(Role::Admin) => Ok(()),
            Some(Role::General) | None => Err(Fault::NoLongerAdministrator),
        }
    }
}

/// Reads whom the session of a key belongs to; one past a limit belongs to nobody.
///
/// # Errors
/// [`Fault`] of the database: never a visitor by mistake, and never more.
pub async fn identify(services: &Services, key: &SessionKey) -> Result<Identity, Fault> {
    let (key, now) = (key.digest(), services.clock.now());
    let idle_since = now.before(services.sessions.idle);
    let found = services
        .db
        .read(move |conn| {
            let Some((session, user)) = sessions::with_owner(conn, key, now)? else { return Ok(None) };
            let offices = match session.stage {
                Stage::PasswordProven => Vec::new(),
                Stage::Complete => offices::of_user(conn, session.user)?,
            };
            let demands = demands(conn, session.user, &offices, now)?;
            Ok(Some((session, user, offices, demands)))
        })
        .await?;
    let Some((session, user, offices, demands)) = found else { return Ok(Identity::Visitor) };
    match session.stage {
        Stage::PasswordProven => {
            let (begun_at, expires_at) = (session.created_at, session.expires_at);
            Ok(Identity::PasswordProven(PasswordProven { session: session.id, user, begun_at, expires_at }))
        }
        Stage::Complete if session.last_seen_at <= idle_since => Ok(Identity::Visitor),
        Stage::Complete => {
            remember_seen(services, &session, now).await;
            Ok(Identity::SignedIn(SignedIn { session: session.id, user, offices, chosen: session.office, demands }))
        }
    }
}

/// What the offices of a member ask that the member has not done. The second factor is looked at
/// only where an office asks for it.
fn demands(
    conn: &mut AnyConnection,
    user: UserId,
    offices: &[Membership],
    now: Timestamp,
) -> Result<Vec<Demand>, Fault> {
    let demand = |own: &Membership| Demand {
        office: own.office,
        office_name: own.office_name.clone(),
        requirement: own.requirement(now),
    };
    let mut demands: Vec<Demand> = offices.iter().map(demand).collect();
    demands.retain(|demand| demand.requirement.asks());
    if !demands.is_empty() && two_factor::state(conn, user)?.is_on() {
        demands.clear();
    }
    Ok(demands)
}

/// A database that can be read and not written, as on a full disk, keeps no page from its reader: the
/// session only ends sooner when nobody uses it. A time from a clock that ran ahead is put right.
async fn remember_seen(services: &Services, session: &Session, now: Timestamp) {
    let (id, seen) = (session.id, session.last_seen_at);
    if seen + SEEN_EVERY > now && seen < now + SEEN_EVERY {
        return;
    }
    let db = services.db.in_background();
    beside_a_page(db.write(move |tx| sessions::seen(tx, id, now)), "when a session was last seen").await;
}

/// A write that a page can do without, and for which it waits a moment only.
pub async fn beside_a_page(write: impl Future<Output = Result<(), Fault>>, what: &'static str) {
    match timeout(PAGE_WAITS, write).await {
        Ok(Ok(())) => {}
        Ok(Err(fault)) => tracing::warn!(%fault, what, "this cannot be written now"),
        Err(_) => tracing::warn!(what, "this could not be written in time"),
    }
}
