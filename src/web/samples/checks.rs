//! 保管チェック with each of its answers, and the two-factor tab after a sign-in with a backup code.

use super::*;
use crate::web::two_factor;
use crate::web::two_factor::check::{CheckPage, Verdict};

pub(super) fn pages(samples: &mut Samples, language: Language) {
    let used = || UsedCode { number: 4, at: NOW, device: "Firefox / Linux".to_owned(), session: None };
    let check = |verdict, refusal: Option<CodeRefusal>, issues_codes| {
        let page = member(language);
        let errors = refusal.map_or_else(Errors::none, |refusal| Entry::CHECK.refused(&page, NOW, refusal).errors);
        CheckPage { page, email: email().to_string(), sheet: sheet(&[4]), issues_codes, verdict, errors }
    };
    add(samples, "check", check(None, None, true));
    add(samples, "check-unused", check(Some(Verdict::Unused(7)), None, true));
    add(samples, "check-used", check(Some(Verdict::Used(used())), None, true));
    add(samples, "check-earlier", check(Some(Verdict::Earlier), None, true));
    add(samples, "check-earlier-no-plan", check(Some(Verdict::Earlier), None, false));
    add(samples, "check-unknown", check(Some(Verdict::Unknown), None, true));
    for refusal in [
        CodeRefusal::Unreadable(CodeProblem::WrongLength),
        CodeRefusal::Unreadable(CodeProblem::OtherKind),
        CodeRefusal::Wait(LATER),
        CodeRefusal::Stopped,
    ] {
        add(samples, format!("check-refused-{}", slug(refusal)), check(None, Some(refusal), true));
    }
    let mut both = check(None, Some(CodeRefusal::Unreadable(CodeProblem::Empty)), true);
    both.errors.add("password", both.page.words.common.password_missing);
    add(samples, "check-empty", both);
    recovered(samples, language);
}

fn recovered(samples: &mut Samples, language: Language) {
    let all = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    let overview = |used: &[u8]| TwoFactorOverview {
        signed_in_with: used.last().copied(),
        ..overview(true, Some(sheet(used)), true)
    };
    let tab = |overview, errors, required: bool| {
        let require = if required { vec![("みどり会計<事務所>".to_owned(), NOW)] } else { Vec::new() };
        two_factor::OverviewPage {
            plan_groups: two_factor::plan_groups(&member(language)),
            page: member(language),
            email: email().to_string(),
            overview,
            offices: two_factor::Offices { require, open: Vec::new() },
            errors,
        }
    };
    let sent = |used| TwoFactorOverview { release_sent_until: Some(LATER), ..overview(used) };
    let blocked = |used| TwoFactorOverview { release_blocked_until: Some(LATER), ..overview(used) };
    add(samples, "recovered", tab(overview(&all[..3]), Errors::none(), false));
    add(samples, "recovered-low", tab(overview(&all[..8]), Errors::none(), false));
    add(samples, "recovered-last", tab(overview(&all), Errors::none(), false));
    add(samples, "recovered-sent", tab(sent(&all[..3]), Errors::none(), false));
    add(samples, "recovered-required", tab(overview(&all[..3]), Errors::none(), true));
    add(samples, "recovered-blocked", tab(blocked(&all[..9]), Errors::none(), false));
    add(samples, "recovered-blocked-last", tab(blocked(&all), Errors::none(), false));
    let often = Refused::mail_wait(&member(language), "release", NOW, LATER).errors;
    add(samples, "recovered-mailed-often", tab(sent(&all[..3]), often, false));
    let page = DashboardPage {
        page: member(language),
        name: "山田 花子".to_owned(),
        overview: overview(&all[..3]),
        next: NextStep::GoOn(3),
        waiting: Vec::new(),
    };
    add(samples, "dashboard-recovered", page);
}
