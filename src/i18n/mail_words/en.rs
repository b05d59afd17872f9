//! The words of the mails in English.

use super::members::MemberMails;
use super::{FactWords, MailWords, Telling, release_requests, requirements};

/// English.
pub const EN: MailWords = MailWords {
    greeting: |name| format!("Hello {name},"),
    greeting_without_name: "Hello,",
    colon: ": ",
    link_mark: "> ",
    section_mark: "* ",
    link_hint: "If the button does not work, open this address in your browser:",
    unexpected_heading: "If you did not expect this",
    help_link: "Get help",
    footer: &[
        "Hikae never asks for passwords or codes by e-mail or telephone.",
        "This e-mail was sent automatically. Replies are not read.",
    ],
    facts: FactWords {
        time: "Time",
        device: "Device",
        address: "IP address",
        valid_until: "Valid until",
        code: "Code used",
        code_value: |number| format!("no. {number}"),
        left: "Unused codes",
        left_value: |left| format!("{left} left"),
        sheet: "Sheet",
        valid_sheet: "Valid sheet",
        sheet_value: |number, id| format!("no. {number} (sheet ID {id})"),
        failures: "Wrong entries",
        failures_value: |failures| failures.to_string(),
        list_comma: ", ",
        required_again_by: "Offices that require it again",
        required_from: "Required from",
        operator: "The operator of Hikae",
        old_email: "Previous address",
        new_email: "New address",
        office: "Office",
        member: "Member",
        administrator: "Administrator",
        decided_by: "Decided by",
        person_value: |name, email| format!("{name} ({email})"),
        invited_by: "Invited by",
    },

    two_factor_enabled: Telling {
        subject: "[Hikae] Two-factor authentication is on",
        lead: &[
            "Two-factor authentication has been set up. From now on, signing in needs your password and a security code from your authenticator app.",
            "If you changed your authenticator app, security codes from the earlier one no longer work.",
        ],
        link: "Open two-factor settings",
        next: &[],
        unexpected: &[
            "Someone else may have used your account. Reset your password now with the link below, and tell an administrator of your office.",
        ],
        unexpected_link: "Reset your password",
    },
    backup_codes_issued: Telling {
        subject: "[Hikae] Your backup codes have been issued",
        lead: &[
            "Ten backup codes have been issued. Each signs you in once when you cannot use your authenticator app.",
            "The codes were shown only on the page that issued them and are not in this e-mail. Keep the printed sheet in a safe place.",
        ],
        link: "Check your backup codes",
        next: &[],
        unexpected: &[
            "Someone else may have used your account. Reset your password now with the link below, and tell an administrator of your office.",
        ],
        unexpected_link: "Reset your password",
    },
    backup_codes_reissued: Telling {
        subject: "[Hikae] Your backup codes have been reissued",
        lead: &[
            "Ten new backup codes have been issued. Earlier codes, used or not, no longer work: please destroy the old sheet.",
            "The new codes were shown only on the page that issued them and are not in this e-mail.",
        ],
        link: "Check your backup codes",
        next: &[],
        unexpected: &[
            "Someone else may have used your account. Reset your password now with the link below, and tell an administrator of your office.",
        ],
        unexpected_link: "Reset your password",
    },
    backup_code_used: Telling {
        subject: "[Hikae] A backup code was used to sign in",
        lead: &["A backup code was used to sign in to your account. That code no longer works."],
        link: "Open two-factor settings",
        next: &[
            "If you can no longer use your authenticator app, turn off two-factor authentication soon and set it up again on a new phone.",
        ],
        unexpected: &[
            "Someone else may know your password and a backup code. Change your password now, and sign out every device you do not recognise under \"Signed-in devices\".",
            "Then reissue your backup codes, and tell an administrator of your office.",
        ],
        unexpected_link: "Change your password",
    },
    backup_codes_low: Telling {
        subject: "",
        lead: &[
            "Reissuing needs a security code from your authenticator app. All codes of the current sheet then stop working.",
        ],
        link: "Reissue backup codes",
        next: &[
            "If you cannot use your authenticator app, turn off two-factor authentication and set it up again to get new backup codes.",
        ],
        unexpected: &[
            "Someone else may have used your backup codes. Change your password now, and reissue your backup codes.",
        ],
        unexpected_link: "",
    },
    backup_codes_low_subject: |left| match left {
        0 => "[Hikae] You have no backup codes left".to_owned(),
        1 => "[Hikae] You have 1 backup code left".to_owned(),
        left => format!("[Hikae] You have {left} backup codes left"),
    },
    backup_codes_low_lead: |left| match left {
        0 => "You have no unused backup codes left. Please reissue them soon.".to_owned(),
        1 => "You have 1 unused backup code left. Please reissue your codes before it is gone.".to_owned(),
        left => format!("You have {left} unused backup codes left. Please reissue them before they are gone."),
    },
    codes_voided: Telling {
        subject: "[Hikae] Your backup codes no longer work",
        lead: &[
            "As a precaution, the operator of Hikae has made all backup codes issued so far invalid. No code on your sheet works any more, used or not. Please destroy the sheet.",
            "Signing in with a security code from your authenticator app works as before.",
        ],
        link: "Reissue your backup codes",
        next: &[
            "Reissuing needs a security code from your authenticator app. Keep the new sheet in a safe place.",
            "If you cannot use the app, contact an administrator of your office.",
        ],
        unexpected: &[
            "This was done by the operator; nobody has tampered with your account. If you have questions, ask an administrator of your office.",
        ],
        unexpected_link: "",
    },
    release_requested: Telling {
        subject: "[Hikae] Turn off two-factor authentication",
        lead: &[
            "We received a request to turn off two-factor authentication on your account. To turn it off, open this link before it expires and enter your password.",
        ],
        link: "Turn off two-factor authentication",
        next: &[
            "The link works once. Asking again makes this one invalid.",
            "Once it is off, your backup codes no longer work, and you are signed out on every device.",
        ],
        unexpected: &["Do not open the link above. Cancel the request with the link below, then change your password."],
        unexpected_link: "Cancel the request",
    },
    release_cancelled: Telling {
        subject: "[Hikae] Request to turn off two-factor was cancelled",
        lead: &[
            "The request to turn off two-factor authentication has been cancelled. The link we sent no longer works.",
            "Two-factor authentication stays on.",
        ],
        link: "",
        next: &[],
        unexpected: &[
            "Someone else may be signed in to your account. Change your password now, and sign out every device you do not recognise under \"Signed-in devices\".",
        ],
        unexpected_link: "Change your password",
    },
    released: Telling {
        subject: "[Hikae] Two-factor authentication is off",
        lead: &[
            "Two-factor authentication has been turned off. Your backup codes no longer work, and you have been signed out on every device.",
            "Your password alone now signs in. Please set up two-factor authentication again soon.",
        ],
        link: "Set up two-factor authentication",
        next: &[],
        unexpected: &[
            "Someone else may know your password and read your e-mail. Change the passwords of both Hikae and your e-mail account now, and tell an administrator of your office.",
        ],
        unexpected_link: "",
    },
    released_by_operator: Telling {
        subject: "[Hikae] The operator turned off two-factor",
        lead: &[
            "The operator of Hikae has turned off two-factor authentication on your account. Your backup codes no longer work, and you have been signed out on every device.",
            "Your password alone now signs in. Please set up two-factor authentication again on your new phone.",
        ],
        link: "Set up two-factor authentication",
        next: &[],
        unexpected: &["Tell an administrator of your office now."],
        unexpected_link: "",
    },
    released_by_administrator: Telling {
        subject: "[Hikae] An administrator turned off two-factor",
        lead: &[
            "On your request, an administrator of your office has turned off two-factor authentication on your account. Your backup codes no longer work, and you have been signed out on every device.",
            "Your password alone now signs in. Please set up two-factor authentication again on your new phone.",
        ],
        link: "Set up two-factor authentication",
        next: &[],
        unexpected: &[
            "Someone else may know your password. Change your password now, and tell an administrator of your office.",
        ],
        unexpected_link: "",
    },
    release_request_opened: release_requests::OPENED_EN,
    release_request_received: release_requests::RECEIVED_EN,
    release_request_received_after_reset: release_requests::RECEIVED_AFTER_RESET_EN,
    release_request_ended: release_requests::ENDED_EN,
    release_request_approved: release_requests::APPROVED_EN,
    release_request_settled: release_requests::SETTLED_EN,
    password_reset: Telling {
        subject: "[Hikae] Reset your password",
        lead: &[
            "We received a request to reset your password. Open this link before it expires and choose a new password.",
        ],
        link: "Reset your password",
        next: &[
            "The link works once. Asking again makes this one invalid.",
            "If you use two-factor authentication, signing in still needs your second factor after the reset.",
        ],
        unexpected: &["Delete this e-mail. Your password stays as it is unless a new one is chosen."],
        unexpected_link: "",
    },
    password_changed: Telling {
        subject: "[Hikae] Your password was changed",
        lead: &[
            "Your password was changed. You have been signed out on every device except the one you used to change it.",
        ],
        link: "",
        next: &[],
        unexpected: &[
            "Someone else may have changed your password. Reset it now with the link below, and tell an administrator of your office.",
        ],
        unexpected_link: "Reset your password",
    },
    password_changed_by_reset: Telling {
        subject: "[Hikae] Your password was reset",
        lead: &[
            "Your password was reset. You have been signed out on every device; please sign in with the new password.",
            "Your two-factor authentication is unchanged. For your safety, it cannot be turned off by e-mail for 24 hours after a reset.",
        ],
        link: "",
        next: &[],
        unexpected: &[
            "Someone else may be reading your e-mail. Change the password of your e-mail account first, then reset your Hikae password with the link below, and tell an administrator of your office.",
        ],
        unexpected_link: "Reset your password",
    },
    email_change_requested: Telling {
        subject: "[Hikae] Confirm your new e-mail address",
        lead: &[
            "We received a request to use this address for a Hikae account. Open this link before it expires to confirm the change.",
        ],
        link: "Confirm the new address",
        next: &["Until then, keep signing in with your current address."],
        unexpected: &["Someone may have mistyped an address. Do not open the link; just delete this e-mail."],
        unexpected_link: "",
    },
    email_change_announced: Telling {
        subject: "[Hikae] A change of your e-mail address was requested",
        lead: &[
            "We received a request to change your e-mail address. The change takes effect once it is confirmed from the new address. Until then, you sign in with this one.",
        ],
        link: "",
        next: &[],
        unexpected: &[
            "Change your password now with the link below: that makes the request invalid.",
            "Also sign out every device you do not recognise under \"Signed-in devices\".",
        ],
        unexpected_link: "Change your password",
    },
    email_already_in_use: Telling {
        subject: "[Hikae] This e-mail address is already registered",
        lead: &[
            "We received a request to use this address for another account. It is registered already, so the change cannot be made.",
        ],
        link: "",
        next: &["If you made the request, please repeat it with a different address."],
        unexpected: &[
            "Someone may have mistyped an address. Your account is unchanged, and there is nothing you need to do.",
        ],
        unexpected_link: "",
    },
    email_changed: Telling {
        subject: "[Hikae] Your e-mail address was changed",
        lead: &[
            "Your e-mail address was changed. From now on, sign in with the new address.",
            "Your two-factor authentication is unchanged. For your safety, it cannot be turned off by e-mail for 24 hours after a change of address.",
        ],
        link: "",
        next: &[],
        unexpected: &[
            "Someone else may have used your account. Tell an administrator of your office now. If you can sign in with the new address, change your password too.",
        ],
        unexpected_link: "",
    },
    second_factor_failures: Telling {
        subject: "[Hikae] Repeated wrong codes for your account",
        lead: &[
            "The right password was entered, followed by several wrong two-factor codes. Wrong codes do not sign anyone in.",
        ],
        link: "",
        next: &[
            "If this was you, check that the date and time are right on the phone with your authenticator app. If you cannot use the app, sign in with a backup code.",
        ],
        unexpected: &[
            "Someone else may know your password. Reset it now with the link below. Your two-factor authentication can stay as it is.",
        ],
        unexpected_link: "Reset your password",
    },
    earlier_sheet_used: Telling {
        subject: "[Hikae] A code from an earlier sheet was entered",
        lead: &[
            "The right password was entered, followed by a backup code from an earlier sheet. Codes from earlier sheets no longer work and do not sign anyone in.",
        ],
        link: "",
        next: &["If this was you, use a code from the valid sheet named above, and destroy earlier sheets."],
        unexpected: &[
            "Someone else may have your password and an earlier sheet. Reset your password now with the link below, and check that you still have the valid sheet.",
        ],
        unexpected_link: "Reset your password",
    },
    members: MemberMails::EN,
    invited_greeting: "Hello,",
    invited: Telling {
        subject: "[Hikae] You have been invited to an office",
        lead: &[
            "An administrator of the office below has invited you to become a member. To join, open this link before it expires.",
            "If you are new to Hikae, you will enter your name and choose a password there. If you already have an account, you will sign in with it and join.",
        ],
        link: "See the invitation",
        next: &[
            "The link is for you alone. Please do not forward it.",
            "If the invitation is sent again, only the link in the newest e-mail works.",
        ],
        unexpected: &[
            "There is nothing you need to do. No account is created and nobody joins an office unless the steps behind the link are completed.",
        ],
        unexpected_link: "",
    },
    two_factor_required: requirements::TWO_FACTOR_REQUIRED_EN,
    two_factor_required_moved: requirements::TWO_FACTOR_REQUIRED_MOVED_EN,
    two_factor_required_reminder: requirements::TWO_FACTOR_REQUIRED_REMINDER_EN,
    requirement_lifted: requirements::REQUIREMENT_LIFTED_EN,
    requirement_decided: requirements::REQUIREMENT_DECIDED_EN,
    requirement_decided_lifted: requirements::REQUIREMENT_DECIDED_LIFTED_EN,
};
