//! How many mails may be asked for (SC-52): by a member, for an address, from a network. What a
//! stranger can ask for is counted apart from what a member asks for, and apart for each network,
//! so that nobody uses up somebody else's way back in.

use super::act::Act;
use crate::domain::email::EmailAddress;
use crate::domain::ids::UserId;
use crate::domain::rate::{Bucket, Limit, MAIL_ADDRESS, MAIL_ASKED, MAIL_NETWORK};
use crate::domain::time::Timestamp;
use crate::fault::Fault;
use crate::store::{Tx, rates};

/// Counts a mail that a signed-in member asks for. `Some`: too many, not before this moment.
pub(super) fn by_member(tx: &mut Tx, act: &Act, member: UserId) -> Result<Option<Timestamp>, Fault> {
    count(tx, act, &[(Bucket::mail_member(member), MAIL_ASKED), (Bucket::mail_network(&act.client), MAIL_NETWORK)])
}

/// Counts a mail that a member asks for to somebody else's address.
pub(super) fn to_stranger(
    tx: &mut Tx,
    act: &Act,
    member: UserId,
    to: &EmailAddress,
) -> Result<Option<Timestamp>, Fault> {
    let buckets = [
        (Bucket::mail_member(member), MAIL_ASKED),
        (Bucket::mail_address(to), MAIL_ADDRESS),
        (Bucket::mail_network(&act.client), MAIL_NETWORK),
    ];
    count(tx, act, &buckets)
}

/// Counts a mail that anybody may ask for by typing an address.
pub(super) fn by_anybody(tx: &mut Tx, act: &Act, to: &EmailAddress) -> Result<Option<Timestamp>, Fault> {
    let buckets = [
        (Bucket::mail_pair(to, &act.client), MAIL_ASKED),
        (Bucket::mail_address(to), MAIL_ADDRESS),
        (Bucket::mail_network(&act.client), MAIL_NETWORK),
    ];
    count(tx, act, &buckets)
}

fn count(tx: &mut Tx, act: &Act, counted: &[(Bucket, Limit)]) -> Result<Option<Timestamp>, Fault> {
    let mut until = None;
    for (bucket, limit) in counted {
        let window = rates::count(tx, bucket, limit.span, act.now)?;
        if window.hits > limit.hits {
            until = until.max(Some(window.ends_at));
        }
    }
    Ok(until)
}
