//! The two-factor tab, the set-up, and the backup codes.

use super::*;
use crate::web::two_factor;

pub(super) fn pages(samples: &mut Samples, language: Language) {
    let page = || member(language);
    let tab = |overview, errors| two_factor::OverviewPage {
        plan_groups: two_factor::plan_groups(&page()),
        page: page(),
        email: "hanako@example.jp".to_owned(),
        overview,
        offices: two_factor::Offices::default(),
        errors,
    };
    let blocked =
        TwoFactorOverview { release_blocked_until: Some(LATER), ..overview(true, Some(sheet(&[2, 9])), false) };
    let all = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    add(samples, "two-factor-off", tab(overview(false, None, true), Errors::none()));
    add(samples, "two-factor-off-no-plan", tab(overview(false, None, false), Errors::none()));
    add(samples, "two-factor-on", tab(overview(true, Some(sheet(&[2])), true), Errors::none()));
    add(samples, "two-factor-low", tab(overview(true, Some(sheet(&all[..7])), true), Errors::none()));
    add(samples, "two-factor-none-left", tab(overview(true, Some(sheet(&all)), true), Errors::none()));
    add(samples, "two-factor-unissued", tab(overview(true, None, true), Errors::none()));
    add(samples, "two-factor-no-plan", tab(overview(true, None, false), Errors::none()));
    add(samples, "two-factor-blocked", tab(blocked, Errors::of("code", page().words.two_factor.code_wrong)));
    for (name, issues_codes, replaces) in
        [("two-factor-setup", true, false), ("two-factor-setup-anew-no-plan", false, true)]
    {
        let errors = Entry::ACCOUNT.refused(&page(), NOW, CodeRefusal::Wrong).errors;
        let shown = setup::SetUpPage::new(page(), pending(issues_codes, replaces), errors).expect("a QR code");
        add(samples, name, shown);
    }
    let groups = || two_factor::plan_groups(&page());
    add(samples, "two-factor-setup-done", setup::DonePage { page: page(), plan_groups: groups() });
    add(
        samples,
        "backup-codes-reissue",
        backup_codes::ReissuePage { page: page(), first: true, errors: Errors::none() },
    );
    let errors = Entry::ACCOUNT.refused(&page(), NOW, CodeRefusal::Replayed).errors;
    add(samples, "backup-codes-reissue-refused", backup_codes::ReissuePage { page: page(), first: false, errors });
    add(samples, "backup-codes-no-plan", backup_codes::NoPlanPage { page: page(), plan_groups: groups() });
    sheet::pages(samples, language);
}
