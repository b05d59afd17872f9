//! The dashboard and the tabs of ユーザー管理.

use super::*;
use crate::web::account::{
    ActivityPage, ChangedPage, ConfirmPage, DeadPage, EmailPage, PasswordPage, ProfilePage, SessionsPage,
};

pub(super) fn pages(samples: &mut Samples, language: Language) {
    let waiting = || vec![Waiting { office: offices::office(&member(language)), count: 2 }];
    let page = || member(language);
    let dashboard = || at(member(language), url::ACCOUNT);
    let address = || "hanako@example.jp".to_owned();
    for (name, next, overview) in [
        ("set-up", NextStep::SetUp, overview(false, None, true)),
        ("first-issue", NextStep::FirstIssue, overview(true, None, true)),
        ("reissue", NextStep::Reissue, overview(true, Some(sheet(&[1, 2, 3, 4, 5, 6, 7])), true)),
        ("all-well", NextStep::Nothing, overview(true, Some(sheet(&[2])), true)),
        ("all-well-without-codes", NextStep::NothingWithoutCodes, overview(true, None, false)),
    ] {
        add(
            samples,
            format!("dashboard-{name}"),
            DashboardPage { page: dashboard(), name: "山田 花子".to_owned(), overview, next, waiting: waiting() },
        );
    }
    let mut none = dashboard();
    none.viewer = none.viewer.map(|viewer| Viewer { offices: Vec::new(), current: None, ..viewer });
    let overview = overview(false, None, false);
    add(
        samples,
        "dashboard-no-office",
        DashboardPage { page: none, name: String::new(), overview, next: NextStep::SetUp, waiting: Vec::new() },
    );
    let name_errors = Errors::of("name", page().words.account.name_empty);
    add(
        samples,
        "profile",
        ProfilePage {
            page: page(),
            name: "山田 \"花子\" <b>".to_owned(),
            language: "ja".to_owned(),
            time_zone: "Asia/Tokyo".to_owned(),
            zones: vec!["Asia/Tokyo".to_owned(), "Europe/Berlin".to_owned()],
            errors: name_errors,
        },
    );
    let mut two = Errors::of("email", page().words.common.email_invalid);
    two.add("password", page().words.common.password_missing);
    add(samples, "email", EmailPage { page: page(), current: address(), email: address(), errors: two });
    add(samples, "email-confirmation", ConfirmPage { page: visitor(language), new_email: email() });
    add(samples, "email-changed", ChangedPage { page: visitor(language), new_email: email() });
    add(samples, "email-link-dead", DeadPage { page: visitor(language), taken: false });
    add(samples, "email-taken", DeadPage { page: visitor(language), taken: true });
    add(samples, "password", PasswordPage { page: page(), email: address(), errors: Errors::none() });
    let session = |id, current| SessionView {
        id: SessionId::from_i64(id),
        device: if current { "Safari / macOS" } else { Client::UNKNOWN_DEVICE }.to_owned(),
        address: "192.0.2.1".to_owned(),
        signed_in_at: NOW,
        last_seen_at: LATER,
        current,
    };
    add(samples, "sessions", SessionsPage { page: page(), sessions: vec![session(1, true), session(2, false)] });
    add(samples, "sessions-one", SessionsPage { page: page(), sessions: vec![session(1, true)] });
    let outcomes = [Outcome::Done, Outcome::Refused, Outcome::Throttled];
    let entries = Action::ALL.iter().zip(outcomes.iter().cycle()).enumerate();
    let entries = entries.map(|(index, (action, outcome))| ActivityEntry {
        seq: i64::try_from(index).expect("few actions"),
        at: NOW,
        action: *action,
        outcome: *outcome,
        detail: "sheet 2 K7QM-2FXP".to_owned(),
        address: "2001:db8::1".to_owned(),
        device: ["Firefox / Linux", Client::UNKNOWN_DEVICE, Client::COMMAND_LINE][index % 3].to_owned(),
        by: match index % 5 {
            0 => By::Me,
            1 => By::Unproven,
            2 => By::Administrator("Hikae & Co. <b>".to_owned()),
            3 => By::Operator,
            _ => By::Automatic,
        },
    });
    let entries = entries.collect();
    add(samples, "activity", ActivityPage { page: page(), entries, older: Some(12), is_first: false });
    add(samples, "activity-empty", ActivityPage { page: page(), entries: Vec::new(), older: None, is_first: true });
}
