//! What Hikae tells people by mail. A message holds facts; its words are chosen when it is sent.
//! No message holds a code, a key or a password; a link's token is sealed in the outbox until
//! the mail has left.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::client::Client;
use super::language::Language;
use super::office::Role;
use super::time::Timestamp;

/// A mail to one person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Mail {
    pub to: String,
    pub to_name: String,
    pub language: Language,
    /// IANA name of the zone in which the person reads times.
    pub time_zone: String,
    pub message: Message,
}

/// When, from where and with what something was done.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Circumstances {
    pub at: Timestamp,
    pub address: IpAddr,
    pub device: String,
}

impl Circumstances {
    /// The circumstances of an act of `client` at `at`.
    pub fn of(client: &Client, at: Timestamp) -> Self {
        Self { at, address: client.address, device: client.device.clone() }
    }
}

/// Who has switched two-factor authentication off.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum ReleasedBy {
    /// The member, by mail (方法A).
    Member,
    /// An administrator of an office, on the member's request (方法B).
    Administrator {
        name: String,
        office: String,
    },
    Operator,
}

/// How a request to the administrators ended without being approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RequestEnd {
    Declined,
    Cancelled,
    Expired,
    /// The member got in after all, or was released in another way.
    Closed,
    /// The member has a new password: the request may have come from somebody who knew the old.
    PasswordChanged,
    /// The member left the offices that had been asked.
    LeftOffice,
}

/// Why a member hears of the day from which an office requires two-factor authentication.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Occasion {
    /// It was decided.
    Announced,
    /// Another day was set.
    Moved,
    /// It is near.
    Reminder,
}

/// The messages (product: mails). `path` fields are paths below the base URL, with the token;
/// `by` names who acted on another's place in an office, and nobody when it was the operator.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Message {
    /// Two-factor authentication was switched on; codes came with it or not.
    TwoFactorEnabled {
        by: Circumstances,
    },
    /// A sheet was issued: the first of a set-up, or again.
    BackupCodesIssued {
        by: Circumstances,
        number: u32,
        sheet_id: String,
        reissued: bool,
    },
    /// A code signed in.
    BackupCodeUsed {
        by: Circumstances,
        number: u8,
        left: u8,
        sheet_number: u32,
        sheet_id: String,
    },
    /// Three or fewer are left.
    BackupCodesLow {
        left: u8,
        sheet_number: u32,
        sheet_id: String,
    },
    /// The operator voided everybody's codes.
    CodesVoided {
        by: Circumstances,
    },
    /// 方法A: the link that releases, and the one that cancels.
    ReleaseRequested {
        by: Circumstances,
        release_path: String,
        cancel_path: String,
        valid_until: Timestamp,
        /// Offices that will ask for a new set-up at the next sign-in.
        #[serde(default)]
        required_by: Vec<String>,
    },
    ReleaseCancelled {
        by: Circumstances,
    },
    /// Two-factor authentication was switched off.
    Released {
        by: Circumstances,
        released_by: ReleasedBy,
    },
    /// 方法B, to the member: administrators have been asked; with the link that cancels.
    ReleaseRequestOpened {
        by: Circumstances,
        offices: Vec<String>,
        cancel_path: String,
        valid_until: Timestamp,
    },
    /// 方法B, to each other administrator: a member asks (解除依頼メール).
    ReleaseRequestReceived {
        by: Circumstances,
        office: String,
        member_name: String,
        member_email: String,
        request_path: String,
        valid_until: Timestamp,
        /// The password was reset or the address changed within a day before the request.
        recently_reset: bool,
    },
    /// To the other administrators who had been asked; the member is told by [`Message::Released`].
    ReleaseRequestApproved {
        at: Timestamp,
        office: String,
        member_name: String,
        member_email: String,
        decided_by: String,
    },
    /// To the member: how the request ended.
    ReleaseRequestEnded {
        at: Timestamp,
        offices: Vec<String>,
        end: RequestEnd,
    },
    /// To the administrators who had been asked: how it ended, and who decided.
    ReleaseRequestSettled {
        at: Timestamp,
        office: String,
        member_name: String,
        member_email: String,
        end: RequestEnd,
        decided_by: Option<String>,
    },
    PasswordReset {
        by: Circumstances,
        reset_path: String,
        valid_until: Timestamp,
    },
    PasswordChanged {
        by: Circumstances,
        by_reset: bool,
    },
    /// To the new address: confirm it.
    EmailChangeRequested {
        by: Circumstances,
        confirm_path: String,
        valid_until: Timestamp,
    },
    /// To the old address: a change was asked for.
    EmailChangeAnnounced {
        by: Circumstances,
        new_email: String,
    },
    /// To an address that somebody wants to use, but that has an account already.
    EmailAlreadyInUse {
        by: Circumstances,
    },
    /// To the old and the new address.
    EmailChanged {
        by: Circumstances,
        old_email: String,
        new_email: String,
    },
    /// To a member without two-factor authentication: an office requires it from this moment on.
    TwoFactorRequired {
        office: String,
        from: Timestamp,
        occasion: Occasion,
    },
    /// To such a member: the office requires it no longer.
    RequirementLifted {
        office: String,
    },
    /// To another administrator: what was decided; no moment where the requirement was lifted.
    RequirementDecided {
        by: Circumstances,
        /// Who decided; nobody for the operator.
        administrator: Option<String>,
        office: String,
        office_path: String,
        from: Option<Timestamp>,
    },
    /// Several wrong second factors after a right password, or a code of an earlier sheet, in
    /// which case the id of the sheet that counts is named.
    SecondFactorFailures {
        by: Circumstances,
        failures: u32,
        valid_sheet: Option<(u32, String)>,
    },
    /// To the member: another role in an office.
    RoleChanged {
        at: Timestamp,
        office: String,
        members_path: String,
        role: Role,
        by: Option<String>,
    },
    /// To the member: no longer one.
    MemberRemoved {
        at: Timestamp,
        office: String,
        by: Option<String>,
    },
    /// To the administrators: there is one more, or one less.
    AdministratorsChanged {
        at: Timestamp,
        office: String,
        members_path: String,
        member_name: String,
        member_email: String,
        joined: bool,
        by: Option<String>,
    },
    /// To somebody who is asked to join an office, with or without an account.
    Invited {
        office: String,
        inviter: String,
        invitation_path: String,
        valid_until: Timestamp,
    },
}
