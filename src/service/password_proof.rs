//! Proving a password: the throttle before the hash, the hash behind the gate, and the count
//! inside the act's own transaction (SC-27, SC-28).

use super::Services;
use super::act::Act;
use crate::crypto::password_hash::{Checked, PasswordHash};
use crate::domain::client::Client;
use crate::domain::password::Password;
use crate::domain::rate::{Bucket, KNOWN_NETWORK, PASSWORD_ACCOUNT, PASSWORD_NETWORK, PASSWORD_PAIR};
use crate::domain::time::Timestamp;
use crate::fault::Fault;
use crate::store::{AnyConnection, Tx, rates};

/// What the hash found; it becomes a decision only inside a transaction, through
/// [`Proof::settle`].
pub(super) struct Proof {
    /// The address as typed, in its one form: what limits count by, whether it exists or not.
    account: String,
    client: Client,
    right: bool,
    /// A new hash for the same password, when the stored one is outdated (SC-04).
    pub renewed: Option<PasswordHash>,
}

/// The decision.
#[derive(PartialEq, Eq, Clone, Copy, Debug)]
pub(super) enum Settled {
    Right,
    Wrong,
    Wait(Timestamp),
}

/// Whether guesses at this account from this client have to wait.
fn wait(conn: &mut AnyConnection, account: &str, client: &Client, now: Timestamp) -> Result<Option<Timestamp>, Fault> {
    let pair = rates::used_up(conn, &Bucket::password_pair(account, client), PASSWORD_PAIR, now)?;
    let network = rates::used_up(conn, &Bucket::password_network(client), PASSWORD_NETWORK, now)?;
    let account_wide = match rates::used_up(conn, &Bucket::password_account(account), PASSWORD_ACCOUNT, now)? {
        Some(until) if !rates::is_open(conn, &Bucket::known_network(account, client), now)? => Some(until),
        _ => None,
    };
    Ok(pair.max(network).max(account_wide))
}

/// Checks a password against a stored hash, or against nobody's. `Err` of the inner result: the
/// client has to wait, and nothing was hashed.
pub(super) async fn prove(
    services: &Services,
    account: &str,
    hash: Option<PasswordHash>,
    password: Password,
    client: &Client,
) -> Result<Result<Proof, Timestamp>, Fault> {
    let now = services.clock.now();
    let (name, from) = (account.to_owned(), client.clone());
    if let Some(until) = services.db.read(move |conn| wait(conn, &name, &from, now)).await? {
        return Ok(Err(until));
    }
    let again = Password::typed(&String::from_utf8_lossy(password.as_bytes()));
    let checked = services.gate.check_password(password, hash).await?;
    let renewed = match checked {
        Checked::RightButOutdated => {
            let salt = services.random.clone().bytes();
            Some(services.gate.hash_password(again, salt).await?)
        }
        Checked::Right | Checked::Wrong => None,
    };
    let right = checked != Checked::Wrong;
    Ok(Ok(Proof { account: account.to_owned(), client: client.clone(), right, renewed }))
}

impl Proof {
    /// Decides and counts. A burst of guesses that were all hashed at once is still cut off here:
    /// one that comes after the limit learns nothing, right or wrong.
    pub fn settle(&self, tx: &mut Tx, act: &Act) -> Result<Settled, Fault> {
        let (account, client, now) = (&self.account, &self.client, act.now);
        if let Some(until) = wait(tx, account, client, now)? {
            return Ok(Settled::Wait(until));
        }
        if self.right {
            rates::clear(tx, &Bucket::password_pair(account, client))?;
            return Ok(Settled::Right);
        }
        rates::count(tx, &Bucket::password_pair(account, client), PASSWORD_PAIR.span, now)?;
        rates::count(tx, &Bucket::password_network(client), PASSWORD_NETWORK.span, now)?;
        rates::count(tx, &Bucket::password_account(account), PASSWORD_ACCOUNT.span, now)?;
        Ok(Settled::Wrong)
    }
}

/// Remembers that the owner signs in from here, so that strangers who use up the account's limit
/// do not lock the owner out.
pub(super) fn remember_network(tx: &mut Tx, account: &str, client: &Client, now: Timestamp) -> Result<(), Fault> {
    rates::open_window(tx, &Bucket::known_network(account, client), KNOWN_NETWORK, now)
}
