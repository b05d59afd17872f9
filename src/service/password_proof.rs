//! Proving a password: the throttle before the hash, the hash behind the gate, and the decision,
//! the count and the record inside the act's own transaction (SC-27, SC-28).

use super::Services;
use super::act::Act;
use crate::crypto::hashing::Asker;
use crate::crypto::password_hash::{Checked, PasswordHash};
use crate::domain::audit::{Event, Outcome};
use crate::domain::client::Client;
use crate::domain::ids::UserId;
use crate::domain::password::Password;
use crate::domain::rate::{Bucket, KNOWN_NETWORK, Limit, PASSWORD_ACCOUNT, PASSWORD_NETWORK, PASSWORD_PAIR};
use crate::domain::time::{Seconds, Timestamp};
use crate::fault::Fault;
use crate::store::rates::Counted;
use crate::store::{AnyConnection, Tx, rates, users};

/// What counts a guess at an account from a client, and whether another one is taken: what is known
/// before the hash.
pub(super) struct Outlook {
    /// The address as typed, in its one form: what limits count by, whether it exists or not.
    account: String,
    client: Client,
    limits: Vec<(Bucket, Limit)>,
    throttled: bool,
}

/// What the hash found; it becomes a decision only inside a transaction, through
/// [`Proof::settle`].
pub(super) struct Proof {
    outlook: Outlook,
    /// The hash that was compared with.
    hash: Option<PasswordHash>,
    found: Found,
}

enum Found {
    /// Too many guesses before this one: nothing was hashed.
    Throttled,
    Wrong,
    Right {
        /// A new hash for the same password, when the stored one is outdated (SC-04).
        renewed: Option<PasswordHash>,
    },
}

/// The decision.
#[derive(PartialEq, Eq, Clone, Copy, Debug)]
pub(super) enum Settled {
    Right,
    /// Counted and recorded.
    Wrong,
    /// Not before this moment; recorded once in a window.
    Wait(Timestamp),
}

impl Outlook {
    /// Looks at what has been counted. Where the owner signs in, only the pair counts: strangers who
    /// use up the account's limit, or colleagues who use up the network's, do not lock the owner out.
    pub fn look(conn: &mut AnyConnection, account: &str, client: &Client, now: Timestamp) -> Result<Self, Fault> {
        let known = Bucket::known_network(account, client);
        let pair = (Bucket::password_pair(account, client), PASSWORD_PAIR);
        let network = (Bucket::password_network(client), PASSWORD_NETWORK);
        let everywhere = (Bucket::password_account(account), PASSWORD_ACCOUNT);
        let open = rates::open(
            conn,
            [
                (&known, KNOWN_NETWORK),
                (&pair.0, pair.1.span),
                (&network.0, network.1.span),
                (&everywhere.0, everywhere.1.span),
            ],
            now,
        )?;
        let limits = if open.contains_key(known.as_str()) { vec![pair] } else { vec![pair, network, everywhere] };
        let used_up =
            |(bucket, limit): &(Bucket, Limit)| open.get(bucket.as_str()).is_some_and(|hits| *hits >= limit.hits);
        let throttled = limits.iter().any(used_up);
        Ok(Self { account: account.to_owned(), client: client.clone(), limits, throttled })
    }

    /// Checks a password against a stored hash, or against nobody's, unless too many guesses came
    /// before.
    pub async fn prove(
        self,
        services: &Services,
        hash: Option<PasswordHash>,
        password: Password,
        asker: Asker,
    ) -> Result<Proof, Fault> {
        let found = match self.throttled {
            true => Found::Throttled,
            false => check(services, hash.clone(), password, asker).await?,
        };
        Ok(Proof { outlook: self, hash, found })
    }
}

/// Looks, and then checks the password of a member who is signed in.
pub(super) async fn prove(
    services: &Services,
    account: &str,
    hash: Option<PasswordHash>,
    password: Password,
    client: &Client,
) -> Result<Proof, Fault> {
    let (now, account, client) = (services.clock.now(), account.to_owned(), client.clone());
    let outlook = services.db.read(move |conn| Outlook::look(conn, &account, &client, now)).await?;
    outlook.prove(services, hash, password, Asker::Known).await
}

async fn check(
    services: &Services,
    hash: Option<PasswordHash>,
    password: Password,
    asker: Asker,
) -> Result<Found, Fault> {
    let again = Password::typed(&String::from_utf8_lossy(password.as_bytes()));
    Ok(match services.gate.check_password(password, hash, asker).await? {
        Checked::Wrong => Found::Wrong,
        Checked::Right => Found::Right { renewed: None },
        Checked::RightButOutdated => {
            let renewed = services.gate.hash_password(again, services.random.clone().bytes()).await?;
            Found::Right { renewed: Some(renewed) }
        }
    })
}

impl Proof {
    /// Whether the password matched; what that is worth, [`Proof::settle`] says.
    pub const fn is_right(&self) -> bool {
        matches!(self.found, Found::Right { .. })
    }

    /// Decides, counts and records. The guess is counted before it is judged, and taken back when
    /// it was right, so that of a burst that was hashed all at once no guess beyond the limit
    /// learns anything (SC-28). `user` is whose password it is; `event` makes the record.
    pub fn settle(
        &self,
        tx: &mut Tx,
        act: &Act,
        user: Option<UserId>,
        event: impl Fn(Outcome) -> Event,
    ) -> Result<Settled, Fault> {
        let (now, Outlook { account, client, limits, .. }) = (act.now, &self.outlook);
        let (mut until, mut first) = (None, false);
        for (bucket, limit) in limits {
            let Counted { hits, ends_at } = rates::count(tx, bucket, limit.span, now)?;
            if hits > limit.hits {
                // What is refused here uses up nothing of the wider limits, which others share.
                (until, first) = (Some(ends_at), hits == limit.hits + 1);
                break;
            }
        }
        if let Some(until) = until.or(matches!(self.found, Found::Throttled).then_some(now + Seconds(1))) {
            if first {
                act.record(tx, event(Outcome::Throttled))?;
            }
            return Ok(Settled::Wait(until));
        }
        let (Found::Right { renewed }, Some(user), Some(hash)) = (&self.found, user, &self.hash) else {
            act.record(tx, event(Outcome::Refused).detail("a wrong password"))?;
            return Ok(Settled::Wrong);
        };
        // What was compared with is the hash as it was read; the password may have changed since.
        if users::get(tx, user)?.password_hash != *hash {
            act.record(tx, event(Outcome::Refused).detail("a password that has just been changed"))?;
            return Ok(Settled::Wrong);
        }
        let pair = Bucket::password_pair(account, client);
        for (bucket, _) in limits.iter().filter(|(bucket, _)| *bucket != pair) {
            rates::take_back(tx, bucket)?;
        }
        rates::clear(tx, &pair)?;
        if let Some(renewed) = renewed {
            users::renew_password_hash(tx, user, hash, renewed)?;
        }
        Ok(Settled::Right)
    }
}

/// Remembers that the owner signs in from here.
pub(super) fn remember_network(tx: &mut Tx, account: &str, client: &Client, now: Timestamp) -> Result<(), Fault> {
    rates::open_window(tx, &Bucket::known_network(account, client), KNOWN_NETWORK, now)
}
