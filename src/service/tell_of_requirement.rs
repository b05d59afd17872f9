//! Members who are missing hear of their office's requirement in portions, so that telling ten
//! thousand of them keeps nobody else's act waiting. What is to be told, and how far that has come,
//! stands with the office: the decision writes it, and housekeeping goes on where a crash left off.

use super::Services;
use super::act::Act;
use super::housekeeping::pass_over;
use crate::domain::client::Client;
use crate::domain::ids::OfficeId;
use crate::domain::message::{Message, Occasion};
use crate::domain::two_factor::requirement::Telling;
use crate::fault::Fault;
use crate::store::{Tx, offices, requirements};

/// Members in one transaction: all of most offices.
const PORTION: usize = 500;

/// Tells the next members, once each; the caller holds the office.
pub(super) fn tell_portion(tx: &mut Tx, act: &mut Act, office: OfficeId) -> Result<(), Fault> {
    let Some((telling, after)) = requirements::telling(tx, office)? else { return Ok(()) };
    let asked = requirements::asked(tx, office)?;
    let limit = i64::try_from(PORTION).unwrap_or(i64::MAX);
    let members = requirements::missing(tx, office, after, limit)?;
    let last = members.last().filter(|_| members.len() == PORTION).map(|(id, _)| *id);
    for (_, member) in members {
        let Some(member) = pass_over(member)? else { continue };
        let office = asked.office_name.clone();
        let occasion = match telling {
            Telling::Announced => Occasion::Announced,
            Telling::Moved => Occasion::Moved,
            Telling::Reminder => Occasion::Reminder,
            Telling::Lifted => {
                act.mail(tx, &member, Message::RequirementLifted { office })?;
                continue;
            }
        };
        let from = asked.from.ok_or(Fault::Corrupt("a requirement to be told of"))?;
        act.mail(tx, &member, Message::TwoFactorRequired { office, from, occasion })?;
    }
    requirements::told_up_to(tx, office, last)
}

async fn tell_rest(services: &Services, office: OfficeId) -> Result<(), Fault> {
    while services.db.read(move |conn| Ok(requirements::telling(conn, office)?.is_some())).await? {
        let mut act = Act::begin(services, &Client::housekeeping());
        let portion = services.db.write(move |tx| {
            offices::lock(tx, office)?;
            tell_portion(tx, &mut act, office)
        });
        portion.await?;
    }
    Ok(())
}

/// Tells everybody whom the act itself has not told. What fails here is left to housekeeping: the
/// decision stands.
pub(super) async fn go_on(services: &Services, office: OfficeId) {
    if let Err(fault) = tell_rest(services, office).await {
        tracing::warn!(%fault, "members will hear of a requirement later");
    }
}

/// Goes on where telling broke off.
///
/// # Errors
/// [`Fault`] of the database; the next round goes on.
pub async fn tell_left(services: &Services) -> Result<(), Fault> {
    for office in services.db.read(requirements::untold).await? {
        pass_over(tell_rest(services, office).await)?;
    }
    Ok(())
}
