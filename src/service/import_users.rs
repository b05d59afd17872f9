//! Taking people over from another system, in one transaction: all of them or none, whatever happens
//! in between (docs/decisions/0007-one-import-one-transaction.md).

use std::convert::Infallible;

use super::Services;
use super::act::Act;
use super::operator::{Person, insert};
use crate::crypto::password_hash::PasswordHash;
use crate::domain::audit::{Action, Event};
use crate::domain::client::Client;
use crate::domain::email::EmailAddress;
use crate::domain::ids::{OfficeId, SetUpId, UserId};
use crate::domain::office::{Name, Role};
use crate::domain::two_factor::Enabled;
use crate::domain::two_factor::totp::TotpKey;
use crate::fault::Fault;
use crate::store::{Tx, first_start, two_factor, users};

/// A person brought over from another system.
#[derive(Debug)]
pub struct ImportedUser {
    pub email: EmailAddress,
    pub name: Name,
    pub office: OfficeId,
    pub role: Role,
    pub password_hash: PasswordHash,
    /// With a key, two-factor authentication is on from the start, and no codes are issued yet.
    pub totp_key: Option<TotpKey>,
}

/// Why an import takes nobody.
#[derive(Debug, PartialEq, Eq)]
pub enum ImportRefused<E> {
    /// The person at this index has an address that has an account already.
    Taken(usize),
    /// The source of the people broke off.
    Source(E),
}

/// Which of these addresses have an account, to know it before anything is written.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn taken_addresses(services: &Services, emails: Vec<EmailAddress>) -> Result<Vec<EmailAddress>, Fault> {
    services.db.read(move |conn| users::taken(conn, &emails)).await
}

/// Takes all of them or, when an address has an account already, none: the index of that one is
/// the refusal. `progress` hears how many are done.
///
/// # Errors
/// [`Fault`]: nobody is taken.
pub async fn import_users(
    services: &Services,
    people: Vec<ImportedUser>,
    progress: impl Fn(usize) + Send + 'static,
) -> Result<Result<usize, usize>, Fault> {
    let people = people.into_iter().map(Ok::<_, Infallible>);
    Ok(import_stream(services, people, progress).await?.map_err(|refusal| match refusal {
        ImportRefused::Taken(index) => index,
        ImportRefused::Source(never) => match never {},
    }))
}

/// Takes people as they come, so that they never stand in memory all at once. Their rows in the
/// audit trail come after all of them, for whoever holds its end keeps others waiting.
///
/// # Errors
/// [`Fault`]: nobody is taken.
pub async fn import_stream<E: Send + 'static>(
    services: &Services,
    people: impl Iterator<Item = Result<ImportedUser, E>> + Send + 'static,
    progress: impl Fn(usize) + Send + 'static,
) -> Result<Result<usize, ImportRefused<E>>, Fault> {
    let mut act = Act::begin(services, &Client::operator());
    services
        .db
        .write_unless_refused(move |tx| {
            let mut taken = Vec::new();
            for new in people {
                let new = match new {
                    Ok(new) => new,
                    Err(error) => return Ok(Err(ImportRefused::Source(error))),
                };
                let Some(id) = import(tx, &mut act, &new)? else {
                    return Ok(Err(ImportRefused::Taken(taken.len())));
                };
                taken.push((id, new.office));
                progress(taken.len());
            }
            let event = |&(id, office): &(UserId, OfficeId)| Event {
                subject: Some(id),
                office: Some(office),
                ..Event::by_operator(Action::UserImported)
            };
            // Late, for this row too keeps others waiting.
            if !taken.is_empty() {
                first_start::close(tx)?;
            }
            act.record_all(tx, taken.iter().map(event))?;
            Ok(Ok(taken.len()))
        })
        .await
}

/// `None`: the address has an account already.
fn import(tx: &mut Tx, act: &mut Act, new: &ImportedUser) -> Result<Option<UserId>, Fault> {
    let (email, name, hash) = (&new.email, &new.name, &new.password_hash);
    let person = Person { email, name, office: new.office, role: new.role, hash };
    let Some(id) = insert(tx, act, &person)? else { return Ok(None) };
    if let Some(key) = &new.totp_key {
        let set_up = SetUpId::random(&mut act.random);
        let sealed_key = act.seal_key(id, set_up, key)?;
        let code_salt = act.random.bytes();
        two_factor::enable(tx, id, &Enabled { set_up, sealed_key, code_salt, enabled_at: act.now })?;
    }
    Ok(Some(id))
}
