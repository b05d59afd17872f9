//! The words of the mails. One struct, two values of it: a word that is missing in a language
//! does not compile. Paths and facts come from the letter, never from here.

mod en;
mod ja;
mod members;
mod release_requests;
mod requirements;

pub use en::EN;
pub use ja::JA;

use crate::domain::language::Language;
use crate::domain::message::RequestEnd;

/// The words of the mails in one language.
pub struct MailWords {
    pub greeting: fn(&str) -> String,
    /// The greeting of somebody whose name cannot be shown.
    pub greeting_without_name: &'static str,
    /// Between the label and the value of a fact.
    pub colon: &'static str,
    /// Above the link's address in the text part, before the label.
    pub link_mark: &'static str,
    /// Before the heading of a section in the text part.
    pub section_mark: &'static str,
    /// In the HTML part, above the address of the link written out.
    pub link_hint: &'static str,
    pub unexpected_heading: &'static str,
    pub help_link: &'static str,
    pub footer: &'static [&'static str],
    pub facts: FactWords,

    pub two_factor_enabled: Telling,
    pub backup_codes_issued: Telling,
    pub backup_codes_reissued: Telling,
    pub backup_code_used: Telling,
    /// Its subject and first paragraph name how many are left: see the two functions below.
    pub backup_codes_low: Telling,
    pub backup_codes_low_subject: fn(u8) -> String,
    pub backup_codes_low_lead: fn(u8) -> String,
    pub codes_voided: Telling,
    pub release_requested: Telling,
    pub release_cancelled: Telling,
    pub released: Telling,
    pub released_by_operator: Telling,
    pub released_by_administrator: Telling,
    pub release_request_opened: Telling,
    pub release_request_received: Telling,
    pub release_request_received_after_reset: Telling,
    /// To the member.
    pub release_request_ended: RequestTellings,
    /// To the administrators who had been asked.
    pub release_request_approved: Telling,
    pub release_request_settled: RequestTellings,
    pub password_reset: Telling,
    pub password_changed: Telling,
    pub password_changed_by_reset: Telling,
    pub email_change_requested: Telling,
    pub email_change_announced: Telling,
    pub email_already_in_use: Telling,
    pub email_changed: Telling,
    pub second_factor_failures: Telling,
    pub earlier_sheet_used: Telling,
    pub members: members::MemberMails,
    pub invited: Telling,
    /// The greeting of an invitation to somebody without an account.
    pub invited_greeting: &'static str,
    pub two_factor_required: Telling,
    pub two_factor_required_moved: Telling,
    pub two_factor_required_reminder: Telling,
    pub requirement_lifted: Telling,
    pub requirement_decided: Telling,
    pub requirement_decided_lifted: Telling,
}

impl MailWords {
    /// The words of a language.
    pub const fn of(language: Language) -> &'static MailWords {
        match language {
            Language::Ja => &JA,
            Language::En => &EN,
        }
    }
}

/// The words for each way in which a request to the administrators ends without being approved.
pub struct RequestTellings {
    pub declined: Telling,
    pub cancelled: Telling,
    pub expired: Telling,
    pub closed: Telling,
    pub password_changed: Telling,
    pub left_office: Telling,
}

impl RequestTellings {
    /// The words for this end.
    pub const fn of(&self, end: RequestEnd) -> &Telling {
        match end {
            RequestEnd::Declined => &self.declined,
            RequestEnd::Cancelled => &self.cancelled,
            RequestEnd::Expired => &self.expired,
            RequestEnd::Closed => &self.closed,
            RequestEnd::PasswordChanged => &self.password_changed,
            RequestEnd::LeftOffice => &self.left_office,
        }
    }
}

/// The words of one message.
pub struct Telling {
    pub subject: &'static str,
    /// What happened.
    pub lead: &'static [&'static str],
    /// Label of the main link; empty where the message has none.
    pub link: &'static str,
    /// What to know or to do next, below the link.
    pub next: &'static [&'static str],
    /// What to do if it was not you.
    pub unexpected: &'static [&'static str],
    /// Label of the link that helps then; empty where there is none.
    pub unexpected_link: &'static str,
}

/// Labels and values of the facts.
pub struct FactWords {
    pub time: &'static str,
    pub device: &'static str,
    pub address: &'static str,
    pub valid_until: &'static str,
    pub code: &'static str,
    pub code_value: fn(u8) -> String,
    pub left: &'static str,
    pub left_value: fn(u8) -> String,
    pub sheet: &'static str,
    pub valid_sheet: &'static str,
    pub sheet_value: fn(u32, &str) -> String,
    pub failures: &'static str,
    pub failures_value: fn(u32) -> String,
    pub required_from: &'static str,
    /// Offices in which two-factor authentication must be set up again after a release.
    pub required_again_by: &'static str,
    pub list_comma: &'static str,
    pub operator: &'static str,
    pub old_email: &'static str,
    pub new_email: &'static str,
    pub office: &'static str,
    pub member: &'static str,
    pub administrator: &'static str,
    pub decided_by: &'static str,
    /// Name and address of a person.
    pub person_value: fn(&str, &str) -> String,
    pub invited_by: &'static str,
}
