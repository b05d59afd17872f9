//! What an office pays for, and whether backup codes come with it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The three groups of plans. A name such as スターター exists in more than one of them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PlanGroup {
    /// 法人・新プラン
    Corporate,
    /// 法人・旧プラン
    CorporateLegacy,
    /// 個人
    Personal,
}

macro_rules! plans {
    ($($name:ident = $slug:literal, $group:expr, $ja:literal, $en:literal;)*) => {
        /// An office's plan. Every plan of the table issues backup codes; `None` (契約なし) is
        /// outside it.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
        pub enum Plan { $(#[serde(rename = $slug)] $name,)* }

        impl Plan {
            /// Every plan, in the order of the table.
            pub const ALL: &'static [Plan] = &[$(Plan::$name,)*];

            /// The name on the command line and in the database.
            pub const fn slug(self) -> &'static str {
                match self { $(Plan::$name => $slug,)* }
            }

            /// The group, or `None` for an office without a contract.
            pub const fn group(self) -> Option<PlanGroup> {
                match self { $(Plan::$name => $group,)* }
            }

            /// The name within its group, in Japanese.
            pub const fn name_ja(self) -> &'static str {
                match self { $(Plan::$name => $ja,)* }
            }

            /// The name within its group, in English.
            pub const fn name_en(self) -> &'static str {
                match self { $(Plan::$name => $en,)* }
            }
        }
    };
}

plans! {
    CorporateSolo = "corporate-solo", Some(PlanGroup::Corporate), "ひとり法人", "Solo";
    CorporateStarter = "corporate-starter", Some(PlanGroup::Corporate), "スターター", "Starter";
    CorporateStandard = "corporate-standard", Some(PlanGroup::Corporate), "スタンダード", "Standard";
    CorporateAdvance = "corporate-advance", Some(PlanGroup::Corporate), "アドバンス", "Advance";
    CorporateEnterprise = "corporate-enterprise", Some(PlanGroup::Corporate), "エンタープライズ", "Enterprise";
    LegacyMinimum = "legacy-minimum", Some(PlanGroup::CorporateLegacy), "ミニマム", "Minimum";
    LegacyBasic = "legacy-basic", Some(PlanGroup::CorporateLegacy), "ベーシック", "Basic";
    LegacyProfessional = "legacy-professional", Some(PlanGroup::CorporateLegacy), "プロフェッショナル", "Professional";
    LegacyEnterprise = "legacy-enterprise", Some(PlanGroup::CorporateLegacy), "エンタープライズ", "Enterprise";
    PersonalStarter = "personal-starter", Some(PlanGroup::Personal), "スターター", "Starter";
    PersonalStandard = "personal-standard", Some(PlanGroup::Personal), "スタンダード", "Standard";
    PersonalPremium = "personal-premium", Some(PlanGroup::Personal), "プレミアム", "Premium";
    None = "none", Option::None, "契約なし", "No contract";
}

impl Plan {
    /// Whether members of an office on this plan are issued backup codes.
    pub const fn issues_backup_codes(self) -> bool {
        self.group().is_some()
    }

    /// Whether an office on this plan may require two-factor authentication of its members:
    /// アドバンス and エンタープライズ, new and old.
    pub const fn may_require_two_factor(self) -> bool {
        matches!(self, Plan::CorporateAdvance | Plan::CorporateEnterprise | Plan::LegacyEnterprise)
    }

    /// Whether a person with these plans, one per office they belong to, is issued backup codes:
    /// one office inside the table is enough.
    pub fn any_issues_backup_codes(plans: impl IntoIterator<Item = Plan>) -> bool {
        plans.into_iter().any(Plan::issues_backup_codes)
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

/// The text names no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no such plan; one of: {}", Plan::ALL.iter().map(|p| p.slug()).collect::<Vec<_>>().join(", "))]
pub struct UnknownPlan;

impl FromStr for Plan {
    type Err = UnknownPlan;

    fn from_str(text: &str) -> Result<Self, UnknownPlan> {
        Plan::ALL.iter().copied().find(|plan| plan.slug() == text).ok_or(UnknownPlan)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_plan_of_the_table_issues_codes_and_no_contract_does_not() {
        assert_eq!(Plan::ALL.len(), 13);
        for plan in Plan::ALL {
            assert_eq!(plan.issues_backup_codes(), *plan != Plan::None, "{plan}");
            assert_eq!(plan.slug().parse::<Plan>().as_ref(), Ok(plan));
        }
    }

    #[test]
    fn plans_of_the_same_name_in_two_groups_are_two_plans() {
        assert_eq!(Plan::CorporateStarter.name_ja(), Plan::PersonalStarter.name_ja());
        assert_ne!(Plan::CorporateStarter, Plan::PersonalStarter);
        assert_ne!(Plan::CorporateStarter.group(), Plan::PersonalStarter.group());
        assert_ne!(Plan::CorporateEnterprise.group(), Plan::LegacyEnterprise.group());
        assert!("starter".parse::<Plan>().is_err());
    }

    #[test]
    fn one_office_inside_the_table_is_enough() {
        assert!(Plan::any_issues_backup_codes([Plan::None, Plan::LegacyMinimum]));
        assert!(!Plan::any_issues_backup_codes([Plan::None, Plan::None]));
        assert!(!Plan::any_issues_backup_codes([]));
    }
}
