//! What each message says: which words, which facts, which links.

use crate::domain::message::{Circumstances, Mail, Message, Occasion, ReleasedBy};
use crate::domain::office::Role;
use crate::domain::time::Timestamp;
use crate::i18n;
use crate::i18n::mail_words::{MailWords, Telling};

use super::clean::{name, one_line};
use super::when;

// Pages that letters point to.
const TWO_FACTOR: &str = "/account/two-factor";
const REISSUE: &str = "/account/two-factor/backup-codes/reissue";
const CHANGE_PASSWORD: &str = "/account/password";
const RESET_PASSWORD: &str = "/password-reset";
const HELP_KEEP: &str = "/help/backup-codes#keep";
const HELP_CODES: &str = "/help/backup-codes";
const HELP_FEW_LEFT: &str = "/help/backup-codes#few-left";
const HELP_WHICH_SHEET: &str = "/help/backup-codes#which";
const HELP_NOT_ME: &str = "/help/backup-codes#not-me";

/// A letter before it is laid out.
pub struct Content {
    pub subject: String,
    /// The greeting of somebody whose name is not known or cannot be shown.
    pub nameless: &'static str,
    pub lead: Vec<String>,
    pub facts: Vec<Fact>,
    pub link: Option<Link>,
    pub next: &'static [&'static str],
    pub unexpected: &'static [&'static str],
    pub unexpected_link: Option<Link>,
    /// Where the help goes on.
    pub help: Option<Link>,
}

/// One line of facts.
pub struct Fact {
    pub label: &'static str,
    pub value: String,
}

/// A link with its label.
pub struct Link {
    pub label: &'static str,
    pub url: String,
}

/// The content of a mail; links start with `base`, which has no slash at its end.
pub fn of(mail: &Mail, words: &'static MailWords, base: &str) -> Content {
    let told = Teller { mail, words, base };
    match &mail.message {
        Message::TwoFactorEnabled { by } => {
            told.tell(&words.two_factor_enabled, told.by(by)).link(TWO_FACTOR).if_unexpected(RESET_PASSWORD)
        }
        Message::BackupCodesIssued { by, number, sheet_id, reissued } => {
            let telling = if *reissued { &words.backup_codes_reissued } else { &words.backup_codes_issued };
            let mut facts = told.by(by);
            facts.push(told.sheet(words.facts.sheet, *number, sheet_id));
            told.tell(telling, facts).link(TWO_FACTOR).if_unexpected(RESET_PASSWORD).help(HELP_KEEP)
        }
        Message::BackupCodeUsed { by, number, left, sheet_number, sheet_id } => {
            let mut facts = told.by(by);
            facts.push(Fact { label: words.facts.code, value: (words.facts.code_value)(*number) });
            facts.push(told.left(*left));
            facts.push(told.sheet(words.facts.sheet, *sheet_number, sheet_id));
            told.tell(&words.backup_code_used, facts).link(TWO_FACTOR).if_unexpected(CHANGE_PASSWORD).help(HELP_CODES)
        }
        Message::BackupCodesLow { left, sheet_number, sheet_id } => {
            let facts = vec![told.left(*left), told.sheet(words.facts.sheet, *sheet_number, sheet_id)];
            let mut content = told.tell(&words.backup_codes_low, facts).link(REISSUE).help(HELP_FEW_LEFT).content;
            content.subject = (words.backup_codes_low_subject)(*left);
            content.lead.insert(0, (words.backup_codes_low_lead)(*left));
            return content;
        }
        // The operator's command line has neither a device nor an address worth telling.
        Message::CodesVoided { by } => told.tell(&words.codes_voided, vec![told.at(by.at)]).link(REISSUE),
        Message::ReleaseRequested { by, release_path, cancel_path, valid_until, required_by } => {
            let mut facts = told.by(by);
            facts.push(told.valid_until(*valid_until));
            if !required_by.is_empty() {
                let offices = one_line(&required_by.join(words.facts.list_comma));
                facts.push(Fact { label: words.facts.required_again_by, value: offices });
            }
            told.tell(&words.release_requested, facts).link(release_path).if_unexpected(cancel_path)
        }
        Message::ReleaseCancelled { by } => {
            told.tell(&words.release_cancelled, told.by(by)).if_unexpected(CHANGE_PASSWORD)
        }
        Message::Released { by, released_by: ReleasedBy::Operator } => {
            told.tell(&words.released_by_operator, vec![told.at(by.at)]).link(TWO_FACTOR)
        }
        // The administrator's device and address do not concern the member.
        Message::Released { by, released_by: ReleasedBy::Administrator { name, office } } => {
            let facts = vec![told.at(by.at), told.office(office), told.named(words.facts.administrator, name)];
            told.tell(&words.released_by_administrator, facts).link(TWO_FACTOR)
        }
        Message::Released { by, released_by: ReleasedBy::Member } => {
            told.tell(&words.released, told.by(by)).link(TWO_FACTOR)
        }
        Message::ReleaseRequestOpened { by, offices, cancel_path, valid_until } => {
            let mut facts: Vec<_> = offices.iter().map(|office| told.office(office)).collect();
            facts.extend(told.by(by));
            facts.push(told.valid_until(*valid_until));
            told.tell(&words.release_request_opened, facts).if_unexpected(cancel_path)
        }
        Message::ReleaseRequestReceived {
            by,
            office,
            member_name,
            member_email,
            request_path,
            valid_until,
            recently_reset,
        } => {
            let mut facts = vec![told.office(office), told.person(words.facts.member, member_name, member_email)];
            facts.extend(told.by(by));
            facts.push(told.valid_until(*valid_until));
            let telling = if *recently_reset {
                &words.release_request_received_after_reset
            } else {
                &words.release_request_received
            };
            told.tell(telling, facts).link(request_path)
        }
        Message::ReleaseRequestApproved { at, office, member_name, member_email, decided_by } => {
            let member = told.person(words.facts.member, member_name, member_email);
            let decided_by = told.named(words.facts.decided_by, decided_by);
            told.tell(&words.release_request_approved, vec![told.office(office), member, told.at(*at), decided_by])
        }
        Message::ReleaseRequestEnded { at, offices, end } => {
            let mut facts: Vec<_> = offices.iter().map(|office| told.office(office)).collect();
            facts.push(told.at(*at));
            told.tell(words.release_request_ended.of(*end), facts)
        }
        Message::ReleaseRequestSettled { at, office, member_name, member_email, end, decided_by } => {
            let member = told.person(words.facts.member, member_name, member_email);
            let mut facts = vec![told.office(office), member, told.at(*at)];
            if let Some(name) = decided_by {
                facts.push(told.named(words.facts.decided_by, name));
            }
            told.tell(words.release_request_settled.of(*end), facts)
        }
        Message::PasswordReset { by, reset_path, valid_until } => {
            let mut facts = told.by(by);
            facts.push(told.valid_until(*valid_until));
            told.tell(&words.password_reset, facts).link(reset_path)
        }
        Message::PasswordChanged { by, by_reset } => {
            let telling = if *by_reset { &words.password_changed_by_reset } else { &words.password_changed };
            told.tell(telling, told.by(by)).if_unexpected(RESET_PASSWORD)
        }
        // These two may reach a stranger, whom the asker's device and address do not concern.
        Message::EmailChangeRequested { by, confirm_path, valid_until } => {
            let facts = vec![told.at(by.at), told.valid_until(*valid_until)];
            told.tell(&words.email_change_requested, facts).link(confirm_path)
        }
        Message::EmailAlreadyInUse { by } => told.tell(&words.email_already_in_use, vec![told.at(by.at)]),
        Message::EmailChangeAnnounced { by, new_email } => {
            let mut facts = told.by(by);
            facts.push(Fact { label: words.facts.new_email, value: one_line(new_email) });
            told.tell(&words.email_change_announced, facts).if_unexpected(CHANGE_PASSWORD)
        }
        Message::EmailChanged { by, old_email, new_email } => {
            let mut facts = told.by(by);
            facts.push(Fact { label: words.facts.old_email, value: one_line(old_email) });
            facts.push(Fact { label: words.facts.new_email, value: one_line(new_email) });
            told.tell(&words.email_changed, facts)
        }
        Message::TwoFactorRequired { office, from, occasion } => {
            let telling = match occasion {
                Occasion::Announced => &words.two_factor_required,
                Occasion::Moved => &words.two_factor_required_moved,
                Occasion::Reminder => &words.two_factor_required_reminder,
            };
            told.tell(telling, vec![told.office(office), told.required_from(*from)]).link(TWO_FACTOR)
        }
        Message::RequirementLifted { office } => {
            told.tell(&words.requirement_lifted, vec![told.office(office)]).link(TWO_FACTOR)
        }
        Message::RequirementDecided { by, administrator, office, office_path, from } => {
            let telling = if from.is_some() { &words.requirement_decided } else { &words.requirement_decided_lifted };
            let administrator = administrator.as_deref().unwrap_or(words.facts.operator);
            let mut facts = vec![told.office(office)];
            facts.extend(from.map(|from| told.required_from(from)));
            facts.push(told.named(words.facts.administrator, administrator));
            facts.push(told.at(by.at));
            told.tell(telling, facts).link(office_path)
        }
        Message::SecondFactorFailures { by, failures, valid_sheet } => {
            let mut facts = told.by(by);
            let failures = (words.facts.failures_value)(*failures);
            facts.push(Fact { label: words.facts.failures, value: failures });
            let (telling, help) = match valid_sheet {
                Some((number, id)) => {
                    facts.push(told.sheet(words.facts.valid_sheet, *number, id));
                    (&words.earlier_sheet_used, HELP_WHICH_SHEET)
                }
                None => (&words.second_factor_failures, HELP_NOT_ME),
            };
            told.tell(telling, facts).if_unexpected(RESET_PASSWORD).help(help)
        }
        Message::RoleChanged { at, office, members_path, role, by } => {
            let mut facts = told.in_office(*at, office, by.as_deref());
            let (telling, role) = match role {
                Role::Admin => (&words.members.made_administrator, words.members.role_admin),
                Role::General => (&words.members.made_general, words.members.role_general),
            };
            facts.push(Fact { label: words.members.role, value: role.to_owned() });
            let told = told.tell(telling, facts);
            if telling.link.is_empty() { told } else { told.link(members_path) }
        }
        Message::MemberRemoved { at, office, by } => {
            told.tell(&words.members.member_removed, told.in_office(*at, office, by.as_deref()))
        }
        Message::AdministratorsChanged { at, office, members_path, member_name, member_email, joined, by } => {
            let mut facts = told.in_office(*at, office, by.as_deref());
            facts.insert(1, told.person(words.facts.member, member_name, member_email));
            let telling = if *joined { &words.members.administrator_added } else { &words.members.administrator_lost };
            told.tell(telling, facts).link(members_path)
        }
        // This may reach a stranger: no device, and no name that mail programs turn into a link.
        Message::Invited { office, inviter, invitation_path, valid_until } => {
            let named = [(words.facts.office, name(office)), (words.facts.invited_by, name(inviter))];
            let named = named.into_iter().filter_map(|(label, value)| Some(Fact { label, value: value? }));
            let facts = named.chain([told.valid_until(*valid_until)]).collect();
            let mut told = told.tell(&words.invited, facts).link(invitation_path);
            told.content.nameless = words.invited_greeting;
            told
        }
    }
    .content
}

struct Teller<'a> {
    mail: &'a Mail,
    words: &'static MailWords,
    base: &'a str,
}

impl<'a> Teller<'a> {
    fn tell(&self, telling: &'static Telling, facts: Vec<Fact>) -> Told<'a> {
        let content = Content {
            subject: telling.subject.to_owned(),
            nameless: self.words.greeting_without_name,
            lead: telling.lead.iter().map(|&paragraph| paragraph.to_owned()).collect(),
            facts,
            link: None,
            next: telling.next,
            unexpected: telling.unexpected,
            unexpected_link: None,
            help: None,
        };
        Told { telling, words: self.words, base: self.base, content }
    }

    fn at(&self, at: Timestamp) -> Fact {
        Fact { label: self.words.facts.time, value: self.written(at) }
    }

    fn by(&self, by: &Circumstances) -> Vec<Fact> {
        let device = one_line(i18n::device(self.mail.language, &by.device));
        let mut facts = vec![self.at(by.at)];
        if !device.is_empty() {
            facts.push(Fact { label: self.words.facts.device, value: device });
        }
        facts.push(Fact { label: self.words.facts.address, value: by.address.to_canonical().to_string() });
        facts
    }

    fn office(&self, name: &str) -> Fact {
        self.named(self.words.facts.office, name)
    }

    fn named(&self, label: &'static str, name: &str) -> Fact {
        Fact { label, value: one_line(name) }
    }

    fn person(&self, label: &'static str, name: &str, email: &str) -> Fact {
        Fact { label, value: (self.words.facts.person_value)(&one_line(name), &one_line(email)) }
    }

    /// When, in which office, and who did it.
    fn in_office(&self, at: Timestamp, office: &str, by: Option<&str>) -> Vec<Fact> {
        let words = &self.words.members;
        let by = by.map_or_else(|| words.operator.to_owned(), one_line);
        vec![self.office(office), self.at(at), Fact { label: words.done_by, value: by }]
    }

    fn valid_until(&self, at: Timestamp) -> Fact {
        Fact { label: self.words.facts.valid_until, value: self.written(at) }
    }

    fn required_from(&self, at: Timestamp) -> Fact {
        Fact { label: self.words.facts.required_from, value: self.written(at) }
    }

    fn left(&self, left: u8) -> Fact {
        Fact { label: self.words.facts.left, value: (self.words.facts.left_value)(left) }
    }

    fn sheet(&self, label: &'static str, number: u32, id: &str) -> Fact {
        Fact { label, value: (self.words.facts.sheet_value)(number, &one_line(id)) }
    }

    fn written(&self, at: Timestamp) -> String {
        when::written(at, &self.mail.time_zone, self.mail.language)
    }
}

/// A content to which links are added.
struct Told<'a> {
    telling: &'static Telling,
    words: &'static MailWords,
    base: &'a str,
    content: Content,
}

impl Told<'_> {
    fn link(mut self, path: &str) -> Self {
        self.content.link = Some(self.to(self.telling.link, path));
        self
    }

    fn if_unexpected(mut self, path: &str) -> Self {
        self.content.unexpected_link = Some(self.to(self.telling.unexpected_link, path));
        self
    }

    fn help(mut self, path: &str) -> Self {
        self.content.help = Some(self.to(self.words.help_link, path));
        self
    }

    fn to(&self, label: &'static str, path: &str) -> Link {
        Link { label, url: format!("{}/{}", self.base, path.trim_start_matches('/')) }
    }
}

/// The name of a message's kind, for logs.
pub const fn kind_of(message: &Message) -> &'static str {
    match message {
        Message::TwoFactorEnabled { .. } => "two_factor_enabled",
        Message::BackupCodesIssued { .. } => "backup_codes_issued",
        Message::BackupCodeUsed { .. } => "backup_code_used",
        Message::BackupCodesLow { .. } => "backup_codes_low",
        Message::CodesVoided { .. } => "codes_voided",
        Message::ReleaseRequested { .. } => "release_requested",
        Message::ReleaseCancelled { .. } => "release_cancelled",
        Message::Released { .. } => "released",
        Message::ReleaseRequestOpened { .. } => "release_request_opened",
        Message::ReleaseRequestReceived { .. } => "release_request_received",
        Message::ReleaseRequestApproved { .. } => "release_request_approved",
        Message::ReleaseRequestEnded { .. } => "release_request_ended",
        Message::ReleaseRequestSettled { .. } => "release_request_settled",
        Message::PasswordReset { .. } => "password_reset",
        Message::PasswordChanged { .. } => "password_changed",
        Message::EmailChangeRequested { .. } => "email_change_requested",
        Message::EmailChangeAnnounced { .. } => "email_change_announced",
        Message::EmailAlreadyInUse { .. } => "email_already_in_use",
        Message::EmailChanged { .. } => "email_changed",
        Message::TwoFactorRequired { .. } => "two_factor_required",
        Message::RequirementLifted { .. } => "requirement_lifted",
        Message::RequirementDecided { .. } => "requirement_decided",
        Message::SecondFactorFailures { .. } => "second_factor_failures",
        Message::RoleChanged { .. } => "role_changed",
        Message::MemberRemoved { .. } => "member_removed",
        Message::AdministratorsChanged { .. } => "administrators_changed",
        Message::Invited { .. } => "invited",
    }
}
