//! 方法B, the member's part: whoever cannot pass the second factor asks the administrators of the
//! own offices. Nobody sees or sets a secret (SC-56, SC-58).

use std::collections::BTreeMap;

use super::Services;
use super::access::PasswordProven;
use super::act::Act;
use super::end_release_request::{expire_of, names};
use super::mail_limit;
use super::reset_password::credible_block;
use crate::domain::audit::{Action, Event, Outcome};
use crate::domain::client::Client;
use crate::domain::ids::{OfficeId, ReleaseRequestId, UserId};
use crate::domain::link::LinkPurpose;
use crate::domain::message::Message;
use crate::domain::rate::Bucket;
use crate::domain::time::{Seconds, Timestamp};
use crate::domain::two_factor::TwoFactor;
use crate::domain::two_factor::release_request::{OPEN_FOR, RequestState};
use crate::fault::Fault;
use crate::store::release_requests::{self, ReleaseRequest};
use crate::store::sessions::{self, Stage};
use crate::store::{AnyConnection, Tx, attempts, links, offices, rates, two_factor, users};

/// How often it is recorded that a member has nobody to ask.
const RECORD_NOBODY_EVERY: Seconds = Seconds::hours(1);

/// How asking ends.
#[derive(Debug, PartialEq, Eq)]
pub enum RequestRelease {
    /// Every other administrator has been asked; open until then.
    Sent { until: Timestamp },
    /// An earlier request is still open, until then.
    AlreadyOpen { until: Timestamp },
    /// No other administrator: whom to ask instead is for the page to say.
    NobodyToAsk,
    /// Too many mails: not before this moment.
    Wait(Timestamp),
    /// The password-proven stage has ended meanwhile.
    StageOver,
}

/// The administrators to ask, each with the office through which they are asked.
pub(super) fn others_to_ask(
    conn: &mut AnyConnection,
    member: UserId,
    offices: &[OfficeId],
) -> Result<BTreeMap<UserId, OfficeId>, Fault> {
    let mut asked = BTreeMap::new();
    for office in offices {
        for administrator in offices::administrators(conn, *office)? {
            if administrator != member {
                asked.entry(administrator).or_insert(*office);
            }
        }
    }
    Ok(asked)
}

/// Asks every other administrator of the member's offices, and tells the member.
///
/// # Errors
/// [`Fault`]: nobody is asked.
pub async fn request(services: &Services, proof: &PasswordProven, client: &Client) -> Result<RequestRelease, Fault> {
    let (user, session) = (proof.user(), proof.session());
    expire_of(services, user).await?;
    let mut act = Act::begin(services, client);
    services
        .db
        .write(move |tx| {
            attempts::lock(tx, user)?;
            let stage = sessions::find(tx, session, act.now)?.map(|session| session.stage);
            let TwoFactor::On(enabled) = two_factor::state(tx, user)? else { return Ok(RequestRelease::StageOver) };
            if stage != Some(Stage::PasswordProven) {
                return Ok(RequestRelease::StageOver);
            }
            if let Some(open) = release_requests::open_of(tx, user)? {
                return Ok(RequestRelease::AlreadyOpen { until: open.expires_at });
            }
            let mine: Vec<OfficeId> = offices::of_user(tx, user)?.into_iter().map(|office| office.office).collect();
            let asked = others_to_ask(tx, user, &mine)?;
            let event = |outcome| Event::attempt(Some(user), Action::ReleaseRequestOpened, outcome);
            if asked.is_empty() {
                // Once an hour is enough to know, as with throttled codes.
                if rates::count(tx, &Bucket::nobody_to_ask(user), RECORD_NOBODY_EVERY, act.now)?.hits == 1 {
                    act.record(tx, event(Outcome::Refused).detail("nobody to ask"))?;
                }
                return Ok(RequestRelease::NobodyToAsk);
            }
            if let Some(too_many) = mail_limit::by_member(tx, &act, user)? {
                if too_many.first {
                    act.record(tx, event(Outcome::Throttled))?;
                }
                return Ok(RequestRelease::Wait(too_many.until));
            }
            let until = act.now + OPEN_FOR;
            let new = ReleaseRequest {
                id: ReleaseRequestId::random(&mut act.random),
                user,
                set_up: enabled.set_up,
                state: RequestState::Open,
                created_at: act.now,
                expires_at: until,
                address: act.client.address.to_string(),
                device: act.client.device.clone(),
                ended_at: None,
                decided_by: None,
                note: None,
            };
            release_requests::insert(tx, &new, &mine)?;
            tell_opened(tx, &mut act, &new, &mine, &asked)?;
            for office in mine {
                act.record(tx, Event { office: Some(office), ..event(Outcome::Done) }.detail(new.id.to_string()))?;
            }
            Ok(RequestRelease::Sent { until })
        })
        .await
}

fn tell_opened(
    tx: &mut Tx,
    act: &mut Act,
    new: &ReleaseRequest,
    offices: &[OfficeId],
    asked: &BTreeMap<UserId, OfficeId>,
) -> Result<(), Fault> {
    let member = users::get(tx, new.user)?;
    let recently_reset = new.after_reset(credible_block(member.release_blocked_until, act.now));
    links::end(tx, member.id, &[LinkPurpose::ReleaseRequestCancel], act.now)?;
    let cancel = act.link(tx, LinkPurpose::ReleaseRequestCancel, member.id, &member.email, Some(new.set_up))?;
    let by = act.circumstances();
    let cancel_path = format!("/release-request-cancel/{}", cancel.reveal());
    let (offices, valid_until) = (names(tx, offices)?, new.expires_at);
    act.mail(tx, &member, Message::ReleaseRequestOpened { by: by.clone(), offices, cancel_path, valid_until })?;
    for (administrator, office) in asked {
        let administrator = users::get(tx, *administrator)?;
        let message = Message::ReleaseRequestReceived {
            by: by.clone(),
            office: offices::name(tx, *office)?,
            member_name: member.name.clone(),
            member_email: member.email.as_str().to_owned(),
            request_path: format!("/offices/{office}/release-requests/{}", new.id),
            valid_until,
            recently_reset,
        };
        act.mail(tx, &administrator, message)?;
    }
    Ok(())
}

/// Where asking stands, for the page before the button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    CanAsk,
    /// A request is open until then.
    Open {
        until: Timestamp,
    },
    NobodyToAsk,
}

/// Whether this member can ask, has asked, or has nobody to ask.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn standing(services: &Services, proof: &PasswordProven) -> Result<Standing, Fault> {
    let (user, now) = (proof.user(), services.clock.now());
    services.db.read(move |conn| standing_of(conn, user, now)).await
}

/// The same in the middle of an act.
pub(super) fn standing_of(conn: &mut AnyConnection, user: UserId, now: Timestamp) -> Result<Standing, Fault> {
    if let Some(open) = release_requests::open_of(conn, user)?
        && !open.is_over(now)
    {
        return Ok(Standing::Open { until: open.expires_at });
    }
    let can_ask = offices::has_other_administrator(conn, user)?;
    Ok(if can_ask { Standing::CanAsk } else { Standing::NobodyToAsk })
}
