//! The kinds of actions by which an office's activity is filtered.

use super::audit::Action;

/// A kind of actions; every action is of one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ActionKind {
    SignIn,
    TwoFactor,
    BackupCodes,
    /// A member's request to be released by an administrator (解除依頼).
    Requests,
    /// Who belongs to the office, and who is invited.
    Members,
    /// A member's own name, address, password.
    Account,
    /// What holds for the whole office.
    Office,
}

impl ActionKind {
    /// Every kind, in the order of the filter.
    pub const ALL: [ActionKind; 7] = [
        ActionKind::SignIn,
        ActionKind::TwoFactor,
        ActionKind::BackupCodes,
        ActionKind::Requests,
        ActionKind::Members,
        ActionKind::Account,
        ActionKind::Office,
    ];

    /// The name in addresses of pages.
    pub const fn slug(self) -> &'static str {
        match self {
            ActionKind::SignIn => "sign-in",
            ActionKind::TwoFactor => "two-factor",
            ActionKind::BackupCodes => "backup-codes",
            ActionKind::Requests => "requests",
            ActionKind::Members => "members",
            ActionKind::Account => "account",
            ActionKind::Office => "office",
        }
    }

    /// The kind of such a name.
    pub fn from_slug(slug: &str) -> Option<ActionKind> {
        ActionKind::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// The actions of this kind.
    pub fn actions(self) -> impl Iterator<Item = Action> {
        Action::ALL.iter().copied().filter(move |action| action.kind() == self)
    }
}

impl Action {
    /// The kind it is found under.
    pub const fn kind(self) -> ActionKind {
        match self {
            Action::PasswordStep
            | Action::SecurityCodeStep
            | Action::BackupCodeStep
            | Action::SignOut
            | Action::SessionsEnded => ActionKind::SignIn,
            Action::SetUpStarted
            | Action::SetUpConfirmed
            | Action::SetUpCancelled
            | Action::ReleaseRequested
            | Action::ReleaseCancelled
            | Action::Released
            | Action::FailuresForgotten => ActionKind::TwoFactor,
            Action::CodesIssued | Action::CodesReissued | Action::CodesVoided | Action::BackupCodeChecked => {
                ActionKind::BackupCodes
            }
            Action::ReleaseRequestOpened
            | Action::ReleaseRequestApproved
            | Action::ReleaseRequestDeclined
            | Action::ReleaseRequestCancelled
            | Action::ReleaseRequestExpired
            | Action::ReleaseRequestClosed => ActionKind::Requests,
            Action::UserAdded
            | Action::UserImported
            | Action::MemberJoined
            | Action::MemberRoleChanged
            | Action::MemberRemoved
            | Action::MemberInvited
            | Action::InvitationResent
            | Action::InvitationRevoked
            | Action::InvitationAccepted => ActionKind::Members,
            Action::PasswordResetRequested
            | Action::PasswordReset
            | Action::PasswordChanged
            | Action::EmailChangeRequested
            | Action::EmailChanged
            | Action::ProfileChanged => ActionKind::Account,
            Action::OfficeAdded
            | Action::PlanChanged
            | Action::FirstStart
            | Action::TwoFactorRequired
            | Action::RequirementLifted
            | Action::RequirementReminded
            | Action::ActivityExported
            | Action::KeyAdded
            | Action::KeysRotated
            | Action::AuditPruned => ActionKind::Office,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_name_of_its_own_and_every_action_one_kind() {
        for kind in ActionKind::ALL {
            assert_eq!(ActionKind::from_slug(kind.slug()), Some(kind));
            assert!(kind.actions().all(|action| action.kind() == kind));
        }
        assert_eq!(ActionKind::from_slug("everything"), None);
        let found: usize = ActionKind::ALL.into_iter().map(|kind| kind.actions().count()).sum();
        assert_eq!(found, Action::ALL.len());
    }
}
