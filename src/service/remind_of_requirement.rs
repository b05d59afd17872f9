//! Reminds members who are still missing that their office will soon require two-factor
//! authentication: a week and a day before, once each, on whichever node looks first.

use super::Services;
use super::act::Act;
use super::housekeeping::pass_over;
use super::tell_of_requirement::{go_on, tell_portion};
use crate::domain::audit::{Action, Event};
use crate::domain::client::Client;
use crate::domain::ids::OfficeId;
use crate::domain::two_factor::requirement::{Requirement, reminder_is_due};
use crate::fault::Fault;
use crate::store::{offices, requirements};

/// Sends the reminders that are due.
///
/// # Errors
/// [`Fault`] of the database; offices before it have been reminded, the others follow next time.
pub async fn remind(services: &Services) -> Result<(), Fault> {
    let now = services.clock.now();
    for office in services.db.read(move |conn| requirements::coming(conn, now)).await? {
        pass_over(remind_members(services, office).await)?;
    }
    Ok(())
}

async fn remind_members(services: &Services, office: OfficeId) -> Result<(), Fault> {
    let now = services.clock.now();
    let asked = services.db.read(move |conn| requirements::asked(conn, office)).await?;
    let Requirement::Coming { from } = Requirement::of(asked.plan, asked.from, now) else { return Ok(()) };
    let Some(told_at) = asked.told_at.filter(|told_at| reminder_is_due(from, *told_at, now)) else { return Ok(()) };
    let mut act = Act::begin(services, &Client::housekeeping());
    services
        .db
        .write(move |tx| {
            offices::lock(tx, office)?;
            if !requirements::remind(tx, office, from, told_at, act.now)? {
                return Ok(());
            }
            let missing = requirements::count_missing(tx, office)?;
            tell_portion(tx, &mut act, office)?;
            let event = Event::by_housekeeping(office, Action::RequirementReminded);
            act.record(tx, event.detail(format!("{missing} members")))
        })
        .await?;
    go_on(services, office).await;
    Ok(())
}
