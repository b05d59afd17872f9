//! The first start: while nobody has an account, a token that was printed where the portal was
//! started makes the first office and its administrator. Once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Services;
use super::act::Act;
use super::operator::DEFAULT_TIME_ZONE;
use crate::domain::audit::{Action, Event, Outcome};
use crate::domain::client::Client;
use crate::domain::email::EmailAddress;
use crate::domain::ids::{OfficeId, UserId};
use crate::domain::link::{LinkToken, TokenDigest};
use crate::domain::office::{Name, Role};
use crate::domain::password::Password;
use crate::domain::plan::Plan;
use crate::domain::rate::{Bucket, FIRST_START_NETWORK};
use crate::domain::time::Timestamp;
use crate::fault::Fault;
use crate::store::{first_start, offices, rates, users};

/// Whether this node knows that somebody has an account. From then on it need not ask again:
/// visitors of the sign-in page cost the database nothing.
#[derive(Clone, Debug, Default)]
pub struct Inhabited(Arc<AtomicBool>);

/// Makes a token for the first start, unless somebody has an account already.
///
/// # Errors
/// [`Fault`]: there is no token.
pub async fn offer(services: &Services) -> Result<Option<LinkToken>, Fault> {
    let (token, now) = (LinkToken::random(&mut services.random.clone()), services.clock.now());
    let digest = token.digest();
    let offered = services
        .db
        .write(move |tx| {
            if first_start::has_users(tx)? {
                return Ok(false);
            }
            first_start::insert(tx, digest, now)?;
            Ok(true)
        })
        .await?;
    Ok(offered.then_some(token))
}

/// Whether the first start is on offer: nobody has an account, and a token was printed.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn is_open(services: &Services) -> Result<bool, Fault> {
    if services.inhabited.0.load(Ordering::Relaxed) {
        return Ok(false);
    }
    let read = services.db.read(|conn| Ok((first_start::has_users(conn)?, first_start::is_offered(conn)?)));
    let (inhabited, offered) = read.await?;
    if inhabited {
        services.inhabited.0.store(true, Ordering::Relaxed);
    }
    Ok(!inhabited && offered)
}

/// Proof of a good token, until the act looks again.
#[derive(Debug)]
pub struct TokenProven(TokenDigest);

/// How a token is found.
#[derive(Debug)]
pub enum CheckToken {
    Right(TokenProven),
    Wrong,
    /// Too many wrong ones from this network: not before this moment.
    Wait(Timestamp),
}

/// Checks a token, before anything is hashed (SC-27).
///
/// # Errors
/// [`Fault`] of the database.
pub async fn check_token(services: &Services, typed: &str, client: &Client) -> Result<CheckToken, Fault> {
    let digest = LinkToken::parse(typed.trim()).map(|token| token.digest());
    let act = Act::begin(services, client);
    services
        .db
        .write(move |tx| {
            let bucket = Bucket::first_start_network(&act.client);
            let counted = rates::count(tx, &bucket, FIRST_START_NETWORK.span, act.now)?;
            let attempt = |outcome| Event::attempt(None, Action::FirstStart, outcome);
            if counted.hits > FIRST_START_NETWORK.hits {
                if counted.hits == FIRST_START_NETWORK.hits + 1 {
                    act.record(tx, attempt(Outcome::Throttled))?;
                }
                return Ok(CheckToken::Wait(counted.ends_at));
            }
            match digest {
                Some(digest) if first_start::knows(tx, digest)? => {
                    rates::take_back(tx, &bucket)?;
                    Ok(CheckToken::Right(TokenProven(digest)))
                }
                _ => {
                    act.record(tx, attempt(Outcome::Refused).detail("a wrong token"))?;
                    Ok(CheckToken::Wrong)
                }
            }
        })
        .await
}

/// The first office, and its administrator.
#[derive(Debug)]
pub struct Beginning {
    pub office_name: Name,
    pub plan: Plan,
    pub name: Name,
    pub email: EmailAddress,
    pub password: Password,
}

/// How the first start ends.
#[derive(Debug, PartialEq, Eq)]
pub enum FirstStart {
    Done,
    /// Somebody was faster.
    Closed,
}

/// Makes the first office and its administrator, and ends every token. Signs nobody in.
///
/// # Errors
/// [`Fault`]: nothing is made, and the token stays good.
pub async fn begin(
    services: &Services,
    token: TokenProven,
    new: Beginning,
    client: &Client,
) -> Result<FirstStart, Fault> {
    let hash = services.gate.hash_password(new.password, services.random.clone().bytes()).await?;
    let mut act = Act::begin(services, client);
    services
        .db
        .write(move |tx| {
            first_start::hold(tx)?;
            if first_start::has_users(tx)? || !first_start::knows(tx, token.0)? {
                return Ok(FirstStart::Closed);
            }
            first_start::close(tx)?;
            let (office, id) = (OfficeId::random(&mut act.random), UserId::random(&mut act.random));
            offices::insert(tx, office, &new.office_name, new.plan, act.now)?;
            let person = users::NewUser {
                id,
                email: &new.email,
                name: new.name.as_str(),
                password_hash: &hash,
                time_zone: DEFAULT_TIME_ZONE,
            };
            if !users::insert(tx, &person, act.now)? {
                return Err(Fault::Corrupt("an account where there was none"));
            }
            offices::add_member(tx, id, office, Role::Admin, act.now)?;
            let event = Event { office: Some(office), ..Event::own(id, Action::FirstStart, Outcome::Done) };
            act.record(tx, event.detail(format!("plan {}", new.plan)))?;
            Ok(FirstStart::Done)
        })
        .await
}
