//! Limits on what may be tried or sent within a span of time, where no second factor is at stake:
//! passwords (SC-28) and mails (SC-52).

use sha2::{Digest, Sha256};

use super::client::Client;
use super::email::EmailAddress;
use super::ids::{OfficeId, UserId};
use super::time::Seconds;

/// At most `hits` in a window of `span` that opens with the first one.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    pub hits: u32,
    pub span: Seconds,
}

/// Wrong passwords of one address for one account.
pub const PASSWORD_PAIR: Limit = Limit { hits: 10, span: Seconds::minutes(15) };
/// Wrong passwords of one network, whatever the account.
pub const PASSWORD_NETWORK: Limit = Limit { hits: 100, span: Seconds::minutes(15) };
/// Wrong passwords for one account. This and the limit of the network do not bind where the
/// account's owner has signed in lately: strangers can use them up, but not lock the owner out of
/// the usual places.
pub const PASSWORD_ACCOUNT: Limit = Limit { hits: 100, span: Seconds::hours(1) };
/// How long a network counts as one where the owner signs in.
pub const KNOWN_NETWORK: Seconds = Seconds::hours(30 * 24);
/// Mails asked for by one member, or for one address from one network.
pub const MAIL_ASKED: Limit = Limit { hits: 5, span: Seconds::hours(1) };
/// Mails to one address, whoever asks.
pub const MAIL_ADDRESS: Limit = Limit { hits: 10, span: Seconds::hours(1) };
/// Mails asked for from one network.
pub const MAIL_NETWORK: Limit = Limit { hits: 50, span: Seconds::hours(1) };
/// Invitations to one address into one office.
pub const INVITATIONS_PAIR: Limit = Limit { hits: 5, span: Seconds::hours(24) };
/// Invitations sent by one administrator of an office.
pub const INVITATIONS_INVITER: Limit = Limit { hits: 300, span: Seconds::hours(24) };
/// Invitations sent by all administrators of an office.
pub const INVITATIONS_OFFICE: Limit = Limit { hits: 500, span: Seconds::hours(24) };
/// Refusals for too many invitations that are recorded.
pub const REFUSED_INVITATIONS: Limit = Limit { hits: 1, span: Seconds::hours(1) };
/// Accounts made through invitations from one network: a whole office may start on one morning.
pub const INVITED_NETWORK: Limit = Limit { hits: 200, span: Seconds::minutes(15) };
/// Wrong tokens for the first start from one network.
pub const FIRST_START_NETWORK: Limit = Limit { hits: 10, span: Seconds::minutes(15) };

/// What a limit counts. Stored as a digest, so that addresses of strangers are not kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bucket(String);

impl Bucket {
    fn of(parts: &[&str]) -> Self {
        let digest = Sha256::digest(parts.join("\u{1f}").as_bytes());
        Self(data_encoding::BASE64URL_NOPAD.encode(&digest))
    }

    pub fn password_pair(email: &str, client: &Client) -> Self {
        Self::of(&["password pair", email, &client.network()])
    }

    pub fn password_network(client: &Client) -> Self {
        Self::of(&["password network", &client.network()])
    }

    pub fn password_account(email: &str) -> Self {
        Self::of(&["password account", email])
    }

    pub fn known_network(email: &str, client: &Client) -> Self {
        Self::of(&["known network", email, &client.network()])
    }

    pub fn mail_address(email: &EmailAddress) -> Self {
        Self::of(&["mail address", email.as_str()])
    }

    pub fn invited_address(email: &EmailAddress) -> Self {
        Self::of(&["invited address", email.as_str()])
    }

    pub fn mail_member(member: UserId) -> Self {
        Self::of(&["mail member", &member.to_string()])
    }

    pub fn mail_pair(email: &EmailAddress, client: &Client) -> Self {
        Self::of(&["mail pair", email.as_str(), &client.network()])
    }

    /// Refusals for too many wrong codes that have been recorded.
    pub fn throttled_codes(user: UserId) -> Self {
        Self::of(&["throttled codes", &user.to_string()])
    }

    /// Codes of earlier sheets, of which the owner has been told.
    pub fn earlier_sheet(user: UserId) -> Self {
        Self::of(&["earlier sheet", &user.to_string()])
    }

    /// Requests to administrators of whom there is none, that have been recorded.
    pub fn nobody_to_ask(member: UserId) -> Self {
        Self::of(&["nobody to ask", &member.to_string()])
    }

    pub fn mail_network(client: &Client) -> Self {
        Self::of(&["mail network", &client.network()])
    }

    pub fn invitations_pair(email: &EmailAddress, office: OfficeId) -> Self {
        Self::of(&["invitations pair", email.as_str(), &office.to_string()])
    }

    pub fn invitations_inviter(inviter: UserId, office: OfficeId) -> Self {
        Self::of(&["invitations inviter", &inviter.to_string(), &office.to_string()])
    }

    pub fn invitations_office(office: OfficeId) -> Self {
        Self::of(&["invitations office", &office.to_string()])
    }

    pub fn refused_invitations(inviter: UserId, office: OfficeId) -> Self {
        Self::of(&["refused invitations", &inviter.to_string(), &office.to_string()])
    }

    pub fn invited_network(client: &Client) -> Self {
        Self::of(&["invited network", &client.network()])
    }

    pub fn first_start_network(client: &Client) -> Self {
        Self::of(&["first start network", &client.network()])
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}
