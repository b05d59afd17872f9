//! Samples of the two-factor requirement: the administrators' page in each state, the countdown,
//! and what a member sees who is kept out until the set-up is done.

use super::*;
use crate::domain::two_factor::requirement::Requirement;
use crate::service::require_two_factor::RequirementView;
use crate::web::offices::TwoFactorPage;
use crate::web::two_factor;

pub(super) fn office_pages(samples: &mut Samples, language: Language) {
    for (name, plan, requirement, on_myself) in [
        ("office-two-factor", Plan::CorporateAdvance, Requirement::None, true),
        ("office-two-factor-own", Plan::CorporateAdvance, Requirement::None, false),
        ("office-two-factor-coming", Plan::CorporateAdvance, Requirement::Coming { from: LATER }, true),
        ("office-two-factor-in-force", Plan::LegacyEnterprise, Requirement::InForce { since: NOW }, true),
        ("office-two-factor-plan", Plan::CorporateStarter, Requirement::None, true),
        ("office-two-factor-suspended", Plan::CorporateStarter, Requirement::Suspended { from: NOW }, true),
    ] {
        let page = administrator(language);
        let mut errors = Errors::none();
        if requirement != Requirement::None {
            errors.add("required_from", page.words.requirement.day_past);
            errors.add("lift_password", page.words.common.password_wrong);
        }
        let has_form = on_myself && plan.may_require_two_factor();
        let errors = if has_form { errors } else { Errors::none() };
        let office = page.viewer.as_ref().and_then(|viewer| viewer.current.clone()).expect("an office");
        let day = (requirement != Requirement::None).then(|| "2026-12-01".to_owned());
        let view = RequirementView { plan, requirement, day: day.clone(), missing: 12, on_myself };
        let days = ("2026-11-22".to_owned(), "2027-11-23".to_owned());
        let (day, zone) = (day.unwrap_or_default(), "Asia/Tokyo".to_owned());
        add(samples, name, TwoFactorPage { page, office, view, day, days, zone, errors });
    }
}

/// The countdown, and what a member sees who is kept out.
pub(super) fn member_pages(samples: &mut Samples, language: Language) {
    let mut page = member(language);
    let office = page.viewer.as_ref().map_or("", |viewer| viewer.offices[0].office_name.as_str());
    let countdown = |days| page.words.requirement.countdown(office, &page.beginning(&LATER), days);
    page.countdowns = vec![countdown(0), countdown(1), countdown(9)];
    add(samples, "two-factor-countdown", tab(page, false, two_factor::Offices::default()));

    let required = |page: &Page| {
        let open = page.viewer.as_ref().map(|viewer| viewer.offices[1..].to_vec()).unwrap_or_default();
        two_factor::Offices { require: vec![("みどり会計<事務所>".to_owned(), NOW)], open }
    };
    let mut page = member(language);
    page.viewer = page.viewer.map(|viewer| Viewer { barred: true, ..viewer });
    let offices = required(&page);
    add(samples, "two-factor-barred", tab(page, false, offices));
    let asked_again = ReleaseLink { required_by: vec!["みどり会計<事務所>".to_owned()], ..link() };
    let shown = release::ReleasePage { page: visitor(language), link: asked_again, errors: Errors::none() };
    add(samples, "two-factor-release-required", shown);
    let page = member(language);
    let offices = two_factor::Offices { open: Vec::new(), ..required(&page) };
    add(samples, "two-factor-required", tab(page, true, offices));
}

fn tab(page: Page, on: bool, offices: two_factor::Offices) -> two_factor::OverviewPage {
    two_factor::OverviewPage {
        plan_groups: two_factor::plan_groups(&page),
        page,
        email: "hanako@example.jp".to_owned(),
        overview: overview(on, on.then(|| sheet(&[2])), true),
        offices,
        errors: Errors::none(),
    }
}
