//! How many mails may be asked for (SC-52): by a member, for an address, from a network. What a
//! stranger can ask for is counted apart from what a member asks for, and apart for each network,
//! so that nobody uses up somebody else's way back in.

use super::act::Act;
use crate::domain::email::EmailAddress;
use crate::domain::ids::{OfficeId, UserId};
use crate::domain::rate::{
    Bucket, INVITATIONS_INVITER, INVITATIONS_OFFICE, INVITATIONS_PAIR, Limit, MAIL_ADDRESS, MAIL_ASKED, MAIL_NETWORK,
};
use crate::domain::time::Timestamp;
use crate::fault::Fault;
use crate::store::{Tx, rates};

/// Too many mails were asked for.
pub(super) struct TooMany {
    /// Not before this moment.
    pub until: Timestamp,
    /// The first refusal of its window: the one that is recorded.
    pub first: bool,
}

/// Counts a mail that a signed-in member asks for. `Some`: too many, not before this moment.
pub(super) fn by_member(tx: &mut Tx, act: &Act, member: UserId) -> Result<Option<TooMany>, Fault> {
    count(tx, act, &[(Bucket::mail_member(member), MAIL_ASKED), (Bucket::mail_network(&act.client), MAIL_NETWORK)])
}

/// Counts a mail that a member asks for to somebody else's address.
pub(super) fn to_stranger(tx: &mut Tx, act: &Act, member: UserId, to: &EmailAddress) -> Result<Option<TooMany>, Fault> {
    let buckets = [
        (Bucket::mail_member(member), MAIL_ASKED),
        (Bucket::mail_network(&act.client), MAIL_NETWORK),
        (Bucket::mail_address(to), MAIL_ADDRESS),
    ];
    count(tx, act, &buckets)
}

/// Counts a mail that anybody may ask for by typing an address.
pub(super) fn by_anybody(tx: &mut Tx, act: &Act, to: &EmailAddress) -> Result<Option<TooMany>, Fault> {
    let buckets = [
        (Bucket::mail_pair(to, &act.client), MAIL_ASKED),
        (Bucket::mail_network(&act.client), MAIL_NETWORK),
        (Bucket::mail_address(to), MAIL_ADDRESS),
    ];
    count(tx, act, &buckets)
}

/// Counts an invitation by what its address can get.
pub(super) fn to_invited(
    tx: &mut Tx,
    act: &Act,
    office: OfficeId,
    to: &EmailAddress,
) -> Result<Option<TooMany>, Fault> {
    let pair = (Bucket::invitations_pair(to, office), INVITATIONS_PAIR);
    // Apart from the mails that the person asks for, or two offices would use up the way back in.
    count(tx, act, &[pair, (Bucket::invited_address(to), MAIL_ADDRESS)])
}

/// Counts an invitation by what an administrator and an office can send; apart from the mails that
/// one asks for oneself, for a whole office may be invited in one go.
pub(super) fn of_inviter(tx: &mut Tx, act: &Act, inviter: UserId, office: OfficeId) -> Result<Option<TooMany>, Fault> {
    let inviter = (Bucket::invitations_inviter(inviter, office), INVITATIONS_INVITER);
    count(tx, act, &[inviter, (Bucket::invitations_office(office), INVITATIONS_OFFICE)])
}

/// Narrow limits first: what one of them refuses uses up nothing of those that others share.
fn count(tx: &mut Tx, act: &Act, counted: &[(Bucket, Limit)]) -> Result<Option<TooMany>, Fault> {
    for (bucket, limit) in counted {
        let window = rates::count(tx, bucket, limit.span, act.now)?;
        if window.hits > limit.hits {
            return Ok(Some(TooMany { until: window.ends_at, first: window.hits == limit.hits + 1 }));
        }
    }
    Ok(None)
}
