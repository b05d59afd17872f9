//! Messages that follow an act, shown once on the next page.

use serde::{Deserialize, Serialize};

use crate::i18n::Words;

/// What has just been done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notice {
    PasswordReset,
    PasswordChanged,
    EmailChangeSent,
    ProfileSaved,
    SetUpCancelled,
    SetUpGone,
    ReleaseSent,
    Released,
    NotOn,
    NoSheet,
    SessionEnded,
    OthersEnded { count: usize },
    StageOver,
    SignInOver,
    SignInOverUnsent,
    Overlapped,
    TimeExtended,
    TimeAtItsEnd,
    RequestSent,
    RequestAlreadyOpen,
    RequestApproved,
    RequestDeclined,
    RoleChanged,
    RoleUnchanged,
    OwnRoleChanged,
    MemberRemoved,
    OfficeLeft,
    Invited { sent: usize, members: usize, invited: usize },
    InvitationResent,
    InvitationRevoked,
    InvitationEnded,
    InvitedIsMember,
    InviterGone,
    AccountCreated,
    OfficeJoined,
    AlreadyMember,
    FirstStartDone,
    TwoFactorRequired,
    RequirementUnchanged,
    RequirementLifted,
    NotRequired,
}

/// A message in words.
#[derive(Debug)]
pub struct NoticeView {
    /// `info`, `success`, `warning` or `error`.
    pub kind: &'static str,
    pub title: String,
    pub texts: Vec<String>,
}

impl Notice {
    /// Every notice, for the gallery.
    pub const ALL: &'static [Notice] = &[
        Notice::PasswordReset,
        Notice::PasswordChanged,
        Notice::EmailChangeSent,
        Notice::ProfileSaved,
        Notice::SetUpCancelled,
        Notice::SetUpGone,
        Notice::ReleaseSent,
        Notice::Released,
        Notice::NotOn,
        Notice::NoSheet,
        Notice::SessionEnded,
        Notice::OthersEnded { count: 2 },
        Notice::StageOver,
        Notice::SignInOver,
        Notice::SignInOverUnsent,
        Notice::Overlapped,
        Notice::TimeExtended,
        Notice::TimeAtItsEnd,
        Notice::RequestSent,
        Notice::RequestAlreadyOpen,
        Notice::RequestApproved,
        Notice::RequestDeclined,
        Notice::RoleChanged,
        Notice::RoleUnchanged,
        Notice::OwnRoleChanged,
        Notice::MemberRemoved,
        Notice::OfficeLeft,
        Notice::Invited { sent: 1, members: 0, invited: 0 },
        Notice::Invited { sent: 12, members: 1, invited: 3 },
        Notice::InvitationResent,
        Notice::InvitationRevoked,
        Notice::InvitationEnded,
        Notice::InvitedIsMember,
        Notice::InviterGone,
        Notice::AccountCreated,
        Notice::OfficeJoined,
        Notice::AlreadyMember,
        Notice::FirstStartDone,
        Notice::TwoFactorRequired,
        Notice::RequirementUnchanged,
        Notice::RequirementLifted,
        Notice::NotRequired,
    ];

    /// What is left of it where the browser has been signed in all the same, by an answer that came before:
    /// a form was sent twice, or from a page of before a fresh proof.
    pub const fn once_signed_in(self) -> Option<Self> {
        match self {
            Notice::SignInOver | Notice::StageOver => None,
            Notice::SignInOverUnsent => Some(Notice::Overlapped),
            other => Some(other),
        }
    }

    /// The message in a language.
    pub fn in_words(self, words: &Words) -> NoticeView {
        let (words, requirement) = (&words.notices, &words.requirement);
        let (kind, title, text) = match self {
            Notice::PasswordReset => ("success", words.password_reset, None),
            Notice::PasswordChanged => ("success", words.password_changed, None),
            Notice::EmailChangeSent => ("info", words.email_change_sent, Some(words.email_change_sent_text)),
            Notice::ProfileSaved => ("success", words.profile_saved, None),
            Notice::SetUpCancelled => ("info", words.set_up_cancelled, None),
            Notice::SetUpGone => ("warning", words.set_up_gone, None),
            Notice::ReleaseSent => ("info", words.release_sent, Some(words.release_sent_text)),
            Notice::Released => ("success", words.released, Some(words.released_text)),
            Notice::NotOn => ("info", words.not_on, None),
            Notice::NoSheet => ("info", words.no_sheet, Some(words.no_sheet_text)),
            Notice::SessionEnded => ("success", words.session_ended, None),
            Notice::OthersEnded { count } => {
                return NoticeView { kind: "success", title: words.others_ended(count), texts: Vec::new() };
            }
            Notice::StageOver => ("warning", words.stage_over, None),
            Notice::SignInOver => ("info", words.sign_in_over, Some(words.sign_in_over_text)),
            Notice::SignInOverUnsent => ("warning", words.sign_in_over, Some(words.sign_in_over_unsent)),
            Notice::Overlapped => ("warning", words.overlapped, Some(words.overlapped_text)),
            Notice::TimeExtended => ("success", words.time_extended, None),
            Notice::TimeAtItsEnd => ("info", words.time_at_its_end, None),
            Notice::RequestSent => ("success", words.request_sent, Some(words.request_sent_text)),
            Notice::RequestAlreadyOpen => ("info", words.request_already_open, None),
            Notice::RequestApproved => ("success", words.request_approved, Some(words.request_approved_text)),
            Notice::RequestDeclined => ("success", words.request_declined, Some(words.request_declined_text)),
            Notice::RoleChanged => ("success", words.role_changed, None),
            Notice::RoleUnchanged => ("info", words.role_unchanged, None),
            Notice::OwnRoleChanged => ("success", words.own_role_changed, None),
            Notice::MemberRemoved => ("success", words.member_removed, None),
            Notice::OfficeLeft => ("success", words.office_left, None),
            Notice::Invited { sent, members, invited } => return self::invited(words, sent, members, invited),
            Notice::InvitationResent => ("success", words.invitation_resent, Some(words.invitation_resent_text)),
            Notice::InvitationRevoked => ("success", words.invitation_revoked, None),
            Notice::InvitationEnded => ("info", words.invitation_ended, None),
            Notice::InvitedIsMember => ("info", words.invited_is_member, None),
            Notice::InviterGone => ("warning", words.inviter_gone, Some(words.inviter_gone_text)),
            Notice::AccountCreated => ("success", words.account_created, Some(words.account_created_text)),
            Notice::OfficeJoined => ("success", words.office_joined, None),
            Notice::AlreadyMember => ("info", words.already_member, None),
            Notice::FirstStartDone => ("success", words.first_start_done, Some(words.first_start_done_text)),
            Notice::TwoFactorRequired => ("success", requirement.required, Some(requirement.required_text)),
            Notice::RequirementUnchanged => ("info", requirement.unchanged, None),
            Notice::RequirementLifted => ("success", requirement.lifted, None),
            Notice::NotRequired => ("info", requirement.not_required, None),
        };
        NoticeView { kind, title: title.to_owned(), texts: text.map(str::to_owned).into_iter().collect() }
    }
}

fn invited(words: &crate::i18n::Notices, sent: usize, members: usize, invited: usize) -> NoticeView {
    let mut texts = Vec::new();
    if members > 0 {
        texts.push(words.invited_members(members));
    }
    if invited > 0 {
        texts.push(words.invited_before(invited));
    }
    NoticeView { kind: "success", title: words.invited(sent), texts }
}
