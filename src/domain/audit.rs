//! What is written down of every attempt and change (SC-71).

use super::ids::{OfficeId, UserId};

/// What was done or tried. The names are stored; never rename one.
macro_rules! actions {
    ($($name:ident = $slug:literal,)*) => {
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum Action { $($name,)* }

        impl Action {
            /// Every action, for filters and tests.
            pub const ALL: &'static [Action] = &[$(Action::$name,)*];

            /// The name in the database.
            pub const fn slug(self) -> &'static str {
                match self { $(Action::$name => $slug,)* }
            }

            /// The action of a stored name.
            pub fn from_slug(slug: &str) -> Option<Action> {
                match slug { $($slug => Some(Action::$name),)* _ => None }
            }
        }
    };
}

actions! {
    PasswordStep = "sign_in.password",
    SecurityCodeStep = "sign_in.security_code",
    BackupCodeStep = "sign_in.backup_code",
    SignOut = "sign_out",
    SessionsEnded = "sessions.ended",
    SetUpStarted = "two_factor.set_up_started",
    SetUpConfirmed = "two_factor.set_up_confirmed",
    SetUpCancelled = "two_factor.set_up_cancelled",
    CodesIssued = "backup_codes.issued",
    CodesReissued = "backup_codes.reissued",
    CodesVoided = "backup_codes.voided",
    BackupCodeChecked = "backup_codes.checked",
    ReleaseRequested = "two_factor.release_requested",
    ReleaseCancelled = "two_factor.release_cancelled",
    Released = "two_factor.released",
    FailuresForgotten = "two_factor.failures_forgotten",
    ReleaseRequestOpened = "release_request.opened",
    ReleaseRequestApproved = "release_request.approved",
    ReleaseRequestDeclined = "release_request.declined",
    ReleaseRequestCancelled = "release_request.cancelled",
    ReleaseRequestExpired = "release_request.expired",
    ReleaseRequestClosed = "release_request.closed",
    PasswordResetRequested = "password.reset_requested",
    PasswordReset = "password.reset",
    PasswordChanged = "password.changed",
    EmailChangeRequested = "email.change_requested",
    EmailChanged = "email.changed",
    ProfileChanged = "profile.changed",
    OfficeAdded = "office.added",
    PlanChanged = "office.plan_changed",
    UserAdded = "user.added",
    UserImported = "user.imported",
    MemberJoined = "member.joined",
    KeyAdded = "keys.added",
    KeysRotated = "keys.rotated",
    AuditPruned = "audit.pruned",
    MemberRoleChanged = "member.role_changed",
    MemberRemoved = "member.removed",
    ActivityExported = "activity.exported",
    MemberInvited = "member.invited",
    InvitationResent = "invitation.resent",
    InvitationRevoked = "invitation.revoked",
    InvitationAccepted = "invitation.accepted",
    FirstStart = "first_start.done",
    TwoFactorRequired = "office.two_factor_required",
    RequirementLifted = "office.two_factor_requirement_lifted",
    RequirementReminded = "office.two_factor_requirement_reminded",
}

/// How it ended. The names are stored; never rename one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Outcome {
    Done,
    /// Refused: wrong, used, malformed or not allowed; `Event::detail` says which.
    Refused,
    /// Refused before it was looked at: too many tries.
    Throttled,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Outcome; 3] = [Outcome::Done, Outcome::Refused, Outcome::Throttled];

    /// The name in the database.
    pub const fn slug(self) -> &'static str {
        match self {
            Outcome::Done => "done",
            Outcome::Refused => "refused",
            Outcome::Throttled => "throttled",
        }
    }

    /// The outcome of a stored name.
    pub fn from_slug(slug: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|outcome| outcome.slug() == slug)
    }
}

/// One row of the audit trail, before the chain gives it its place.
#[derive(Clone, Debug)]
pub struct Event {
    pub action: Action,
    pub outcome: Outcome,
    /// Who did it; nobody when the person is not known (yet), or the operator.
    pub actor: Option<UserId>,
    /// Whose account it concerns.
    pub subject: Option<UserId>,
    pub office: Option<OfficeId>,
    /// Facts without secrets, such as the number of a used code.
    pub detail: String,
}

impl Event {
    /// An act of a person on the own account.
    pub fn own(user: UserId, action: Action, outcome: Outcome) -> Self {
        Self { action, outcome, actor: Some(user), subject: Some(user), office: None, detail: String::new() }
    }

    /// An act of the operator.
    pub fn by_operator(action: Action) -> Self {
        Self { action, outcome: Outcome::Done, actor: None, subject: None, office: None, detail: "operator".to_owned() }
    }

    /// An attempt on an account by someone who has not proven to be its owner.
    pub fn attempt(subject: Option<UserId>, action: Action, outcome: Outcome) -> Self {
        Self { action, outcome, actor: None, subject, office: None, detail: String::new() }
    }

    /// An act of an administrator of an office; `subject` is the member it concerns, if any.
    pub fn by_administrator(actor: UserId, office: OfficeId, subject: Option<UserId>, action: Action) -> Self {
        let (actor, office) = (Some(actor), Some(office));
        Self { action, outcome: Outcome::Done, actor, subject, office, detail: String::new() }
    }

    /// Something Hikae does for an office at its time.
    pub fn by_housekeeping(office: OfficeId, action: Action) -> Self {
        let (outcome, office) = (Outcome::Done, Some(office));
        Self { action, outcome, actor: None, subject: None, office, detail: String::new() }
    }

    /// With facts.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }
}
