//! Words: everything a person reads on a page, in Japanese and in English, side by side. A word
//! that is missing in one language does not compile.

mod account;
mod activity;
mod backup_codes;
mod code_check;
mod common;
mod device;
mod errors;
mod first_start;
mod format;
mod help;
mod invitations;
mod login;
pub mod mail_words;
mod members;
mod notices;
mod office_activity;
mod offices;
mod password_reset;
mod recovered;
mod release;
mod release_requests;
mod requirement;
mod two_factor;

pub use device::device;
pub use format::{beginning, date, date_time, days_between, duration, plain_date, plain_date_time, zone};
pub use notices::Notices;

use crate::domain::language::Language;
use crate::domain::plan::{Plan, PlanGroup};

/// Makes an area of words: a struct with one field per word and the constants `JA` and `EN`, and
/// one method per sentence with facts in it.
macro_rules! words {
    (
        $(#[$meta:meta])* $name:ident
        { $($field:ident = $ja:expr, $en:expr;)* }
        $({ $($sentence:ident($($fact:ident: $kind:ty),*) = $ja_text:expr, $en_text:expr;)* })?
    ) => {
        $(#[$meta])*
        pub struct $name {
            pub language: $crate::domain::language::Language,
            $(pub $field: &'static str,)*
        }

        impl $name {
            /// In Japanese.
            pub const JA: Self = Self { language: $crate::domain::language::Language::Ja, $($field: $ja,)* };
            /// In English.
            pub const EN: Self = Self { language: $crate::domain::language::Language::En, $($field: $en,)* };

            $($(
                pub fn $sentence(&self, $($fact: $kind),*) -> String {
                    match self.language {
                        $crate::domain::language::Language::Ja => $ja_text,
                        $crate::domain::language::Language::En => $en_text,
                    }
                }
            )*)?
        }
    };
}
use words;

/// All words of one language, by area.
pub struct Words {
    pub language: Language,
    pub common: common::Common,
    pub login: login::Login,
    pub password_reset: password_reset::PasswordReset,
    pub account: account::Account,
    pub activity: activity::Activity,
    pub two_factor: two_factor::TwoFactor,
    pub backup_codes: backup_codes::BackupCodes,
    pub code_check: code_check::CodeCheck,
    pub recovered: recovered::Recovered,
    pub release: release::Release,
    pub release_requests: release_requests::ReleaseRequests,
    pub notices: notices::Notices,
    pub offices: offices::Offices,
    pub members: members::Members,
    pub office_activity: office_activity::OfficeActivity,
    pub invitations: invitations::Invitations,
    pub first_start: first_start::FirstStart,
    pub requirement: requirement::Requirement,
    pub errors: errors::Errors,
    pub help: help::Help,
    pub backup_codes_help: help::BackupCodesHelp,
    pub two_factor_help: help::TwoFactorHelp,
}

macro_rules! all_areas {
    ($language:ident, $of:ident) => {
        Words {
            language: Language::$language,
            common: common::Common::$of,
            login: login::Login::$of,
            password_reset: password_reset::PasswordReset::$of,
            account: account::Account::$of,
            activity: activity::Activity::$of,
            two_factor: two_factor::TwoFactor::$of,
            backup_codes: backup_codes::BackupCodes::$of,
            code_check: code_check::CodeCheck::$of,
            recovered: recovered::Recovered::$of,
            release: release::Release::$of,
            release_requests: release_requests::ReleaseRequests::$of,
            notices: notices::Notices::$of,
            offices: offices::Offices::$of,
            members: members::Members::$of,
            office_activity: office_activity::OfficeActivity::$of,
            invitations: invitations::Invitations::$of,
            first_start: first_start::FirstStart::$of,
            requirement: requirement::Requirement::$of,
            errors: errors::Errors::$of,
            help: help::Help::$of,
            backup_codes_help: help::BackupCodesHelp::$of,
            two_factor_help: help::TwoFactorHelp::$of,
        }
    };
}

static JA: Words = all_areas!(Ja, JA);
static EN: Words = all_areas!(En, EN);

impl Words {
    /// The words of a language.
    pub fn of(language: Language) -> &'static Words {
        match language {
            Language::Ja => &JA,
            Language::En => &EN,
        }
    }

    /// The name of a group of plans.
    pub fn plan_group(&self, group: PlanGroup) -> &'static str {
        match group {
            PlanGroup::Corporate => self.two_factor.plans_corporate,
            PlanGroup::CorporateLegacy => self.two_factor.plans_corporate_legacy,
            PlanGroup::Personal => self.two_factor.plans_personal,
        }
    }

    /// The names of a group's plans, as one line.
    pub fn plans_of(&self, group: PlanGroup) -> String {
        let names: Vec<&str> =
            Plan::ALL.iter().filter(|plan| plan.group() == Some(group)).map(|plan| self.plan(*plan)).collect();
        names.join(self.common.list_comma)
    }

    /// The name of a plan with its group, for the same name exists in more than one.
    pub fn plan_in_group(&self, plan: Plan) -> String {
        let name = self.plan(plan);
        match (self.language, plan.group()) {
            (_, None) => name.to_owned(),
            (Language::Ja, Some(group)) => format!("{name}（{}）", self.plan_group(group)),
            (Language::En, Some(group)) => format!("{}: {name}", self.plan_group(group)),
        }
    }

    /// The name of a plan within its group.
    pub fn plan(&self, plan: Plan) -> &'static str {
        match self.language {
            Language::Ja => plan.name_ja(),
            Language::En => plan.name_en(),
        }
    }
}
