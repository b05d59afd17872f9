//! How many mails may be asked for (SC-52): by a member, for an address, from a network. What a
//! stranger can ask for is counted apart from what a member asks for, so that nobody uses up
//! somebody else's way back in.

use super::act::Act;
use crate::domain::email::EmailAddress;
use crate::domain::ids::UserId;
use crate::domain::rate::{Bucket, Limit, MAIL_ADDRESS, MAIL_NETWORK};
use crate::domain::time::Timestamp;
use crate::fault::Fault;
use crate::store::{Tx, rates};

/// Counts a mail that a signed-in member asks for. `Some`: too many, not before this moment.
pub(super) fn by_member(tx: &mut Tx, act: &Act, member: UserId) -> Result<Option<Timestamp>, Fault> {
    count(tx, act, &[(Bucket::mail_member(member), MAIL_ADDRESS), (Bucket::mail_network(&act.client), MAIL_NETWORK)])
}

/// Counts a mail to an address that anybody may type in.
pub(super) fn to_address(tx: &mut Tx, act: &Act, to: &EmailAddress) -> Result<Option<Timestamp>, Fault> {
    count(tx, act, &[(Bucket::mail_address(to), MAIL_ADDRESS), (Bucket::mail_network(&act.client), MAIL_NETWORK)])
}

fn count(tx: &mut Tx, act: &Act, counted: &[(Bucket, Limit)]) -> Result<Option<Timestamp>, Fault> {
    let mut until = None;
    for (bucket, limit) in counted {
        until = until.max(rates::used_up(tx, bucket, *limit, act.now)?);
    }
    if until.is_none() {
        for (bucket, limit) in counted {
            rates::count(tx, bucket, limit.span, act.now)?;
        }
    }
    Ok(until)
}
