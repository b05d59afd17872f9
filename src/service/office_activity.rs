//! The activity of an office, for its administrators: on pages, and as a whole for a file.

use super::Services;
use super::access::OfficeAdmin;
use super::act::Act;
use crate::domain::audit::{Action, Event, Outcome};
use crate::domain::audit_kind::ActionKind;
use crate::domain::client::Client;
use crate::domain::ids::{OfficeId, UserId};
use crate::domain::time::Timestamp;
use crate::fault::Fault;
pub use crate::store::office_trail::Person;
use crate::store::office_trail::{self, Wanted};
use crate::store::{AnyConnection, audit};

/// Entries on a page.
const PER_PAGE: usize = 50;
/// Entries of a file that are in memory at once.
const PORTION: usize = 1_000;

/// Which entries are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Part of a name or an address; at most as long as an address, without control characters.
    pub person: Option<String>,
    /// Entries about one person, or of what they did for the office.
    pub member: Option<UserId>,
    pub kind: Option<ActionKind>,
    /// Not before this moment.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
}

impl Filter {
    fn wanted(&self) -> Wanted {
        Wanted {
            member: self.member,
            person: self.person.clone(),
            actions: self.kind.map(|kind| kind.actions().map(Action::slug).collect()),
            from: self.from.map(|at| at.0),
            until: self.until.map(|at| at.0),
        }
    }
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// The person it concerns.
    Themselves,
    Person(Person),
    /// Somebody who had not proven yet to be the person it concerns.
    Unproven,
    Operator,
    /// Hikae itself, when a time was over.
    Automatic,
    /// An administrator of another office, whose name is not this office's to know.
    Elsewhere,
}

/// What Hikae does by itself.
const AUTOMATIC: [Action; 2] = [Action::ReleaseRequestExpired, Action::RequirementReminded];

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeEntry {
    pub seq: i64,
    pub at: Timestamp,
    pub action: Action,
    pub outcome: Outcome,
    pub actor: Actor,
    /// Whom it concerns, if anybody. An account that is gone has neither name nor address.
    pub subject: Option<Person>,
    pub detail: String,
    pub address: String,
    pub device: String,
}

/// A page of entries, newest first.
#[derive(Debug, Clone)]
pub struct ActivityList {
    pub entries: Vec<OfficeEntry>,
    /// Whether there are older ones.
    pub more: bool,
    /// The person that [`Filter::member`] asks for.
    pub member: Option<Person>,
}

/// Fifty entries below `before`. `None`: the office knows nobody of the id that the filter asks for.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn office_activity(
    services: &Services,
    admin: &OfficeAdmin,
    filter: &Filter,
    before: Option<i64>,
) -> Result<Option<ActivityList>, Fault> {
    let (office, filter) = (admin.office(), filter.clone());
    services
        .db
        .read(move |conn| {
            let member = match filter.member {
                None => None,
                Some(member) => match known(conn, office, member)? {
                    None => return Ok(None),
                    found => found,
                },
            };
            let before = before.unwrap_or(i64::MAX);
            let mut entries = entries(conn, office, &filter, before, PER_PAGE + 1)?;
            let more = entries.len() > PER_PAGE;
            entries.truncate(PER_PAGE);
            Ok(Some(ActivityList { entries, more, member }))
        })
        .await
}

fn known(conn: &mut AnyConnection, office: OfficeId, member: UserId) -> Result<Option<Person>, Fault> {
    if !office_trail::knows(conn, office, member)? {
        return Ok(None);
    }
    Ok(office_trail::people(conn, office, &[member.as_i64()])?.remove(&member.as_i64()))
}

fn entries(
    conn: &mut AnyConnection,
    office: OfficeId,
    filter: &Filter,
    before: i64,
    limit: usize,
) -> Result<Vec<OfficeEntry>, Fault> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = office_trail::rows(conn, office, &filter.wanted(), before, limit)?;
    let mut ids: Vec<i64> = rows.iter().flat_map(|row| [row.actor_id, row.subject_id]).flatten().collect();
    ids.sort_unstable();
    ids.dedup();
    let people = office_trail::people(conn, office, &ids)?;
    let person = |id: i64| people.get(&id).cloned().unwrap_or_default();
    let actor = |row: &audit::Row| match row.actor_id {
        None if AUTOMATIC.iter().any(|action| row.action == action.slug()) => Actor::Automatic,
        None if row.device == Client::COMMAND_LINE => Actor::Operator,
        None => Actor::Unproven,
        id if id == row.subject_id => Actor::Themselves,
        // For this office, or a member of it.
        Some(id) if row.office_id == Some(office.as_i64()) || person(id).email.is_some() => Actor::Person(person(id)),
        Some(_) => Actor::Elsewhere,
    };
    let entry = |row: audit::Row| {
        let actor = actor(&row);
        // Where another office's administrator was, and what they noted, stays there; and what
        // Hikae does by itself comes from nowhere.
        let nowhere = matches!(actor, Actor::Elsewhere | Actor::Automatic);
        let told = |text: String| if nowhere { String::new() } else { text };
        Ok(OfficeEntry {
            seq: row.seq,
            at: Timestamp(row.at),
            action: Action::from_slug(&row.action).ok_or(Fault::Corrupt("an action of the audit trail"))?,
            outcome: Outcome::from_slug(&row.outcome).ok_or(Fault::Corrupt("an outcome of the audit trail"))?,
            subject: row.subject_id.map(person),
            detail: told(row.detail),
            address: told(row.address),
            device: told(row.device),
            actor,
        })
    };
    rows.into_iter().map(entry).collect()
}

/// The entries of a file, read in portions, so that a million of them need no more memory than a
/// thousand.
pub struct Export {
    services: Services,
    office: OfficeId,
    filter: Filter,
    /// The next portion begins below this one.
    before: i64,
}

/// How a download begins.
pub enum ExportActivity {
    Begun(Box<Export>),
    /// The office knows nobody of the id that the filter asks for.
    NoSuchMember,
}

/// Begins a download of everything that the trail holds at this moment, and writes down that it
/// was taken out.
///
/// # Errors
/// [`Fault`]; among them that the role was taken away. Nothing is given out.
pub async fn export_office_activity(
    services: &Services,
    admin: &OfficeAdmin,
    filter: Filter,
    client: &Client,
) -> Result<ExportActivity, Fault> {
    let act = Act::begin(services, client);
    let (proof, member) = (admin.clone(), filter.member);
    let newest = services
        .db
        .write(move |tx| {
            proof.hold(tx, &[], act.now)?;
            if let Some(member) = member
                && known(tx, proof.office(), member)?.is_none()
            {
                return Ok(None);
            }
            let newest = audit::head(tx)?.map_or(0, |(seq, _)| seq);
            act.record(tx, Event::by_administrator(proof.user(), proof.office(), None, Action::ActivityExported))?;
            Ok(Some(newest))
        })
        .await?;
    let Some(newest) = newest else { return Ok(ExportActivity::NoSuchMember) };
    let before = newest.saturating_add(1);
    let export = Export { services: services.clone(), office: admin.office(), filter, before };
    Ok(ExportActivity::Begun(Box::new(export)))
}

impl Export {
    /// The next entries, newest first; none when all have been read.
    ///
    /// # Errors
    /// [`Fault`] of the database.
    pub async fn next_portion(&mut self) -> Result<Vec<OfficeEntry>, Fault> {
        let (office, filter, before) = (self.office, self.filter.clone(), self.before);
        let portion = self.services.db.read(move |conn| entries(conn, office, &filter, before, PORTION)).await?;
        if let Some(last) = portion.last() {
            self.before = last.seq;
        }
        Ok(portion)
    }
}
