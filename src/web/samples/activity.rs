//! 履歴 of an office.

use super::{Samples, add, administrator};
use crate::domain::audit::{Action, Outcome};
use crate::domain::client::Client;
use crate::domain::language::Language;
use crate::domain::time::Timestamp;
use crate::service::office_activity::{Actor, OfficeEntry, Person};
use crate::web::errors_in_form::Errors;
use crate::web::offices::activity::{ActivityPage, FilterForm};

fn person(name: &str, member: bool) -> Person {
    Person { name: name.to_owned(), email: member.then(|| "hanako@example.jp".to_owned()) }
}

/// Every action, by everybody who can do one.
fn entries() -> Vec<OfficeEntry> {
    let actors = [
        Actor::Themselves,
        Actor::Unproven,
        Actor::Person(person("控 太郎 <b>", true)),
        Actor::Operator,
        Actor::Elsewhere,
        Actor::Automatic,
        Actor::Person(person("", false)),
    ];
    let subjects = [Some(person("山田 花子", true)), None, Some(person("前田 旧子", false)), Some(person("", false))];
    let outcomes = [Outcome::Done, Outcome::Refused, Outcome::Throttled];
    let devices = ["Firefox / Linux", Client::UNKNOWN_DEVICE, Client::COMMAND_LINE, ""];
    let details = ["sheet 2 K7QM-2FXP", "admin", "plan corporate-starter", "operator"];
    let entry = |(index, action): (usize, &Action)| OfficeEntry {
        seq: i64::try_from(index).expect("few actions"),
        at: Timestamp(1_795_338_240),
        action: *action,
        outcome: outcomes[index % 3],
        actor: actors[index % actors.len()].clone(),
        subject: subjects[index % 4].clone(),
        detail: details[index % 4].to_owned(),
        address: "2001:db8::1".to_owned(),
        device: devices[index % 4].to_owned(),
    };
    Action::ALL.iter().enumerate().map(entry).collect()
}

pub(super) fn pages(samples: &mut Samples, language: Language) {
    let page = || administrator(language);
    let office = page().viewer.expect("a member").offices.remove(0);
    let shown = |query: &str, entries: Vec<OfficeEntry>| ActivityPage {
        page: page(),
        office: office.clone(),
        typed: FilterForm::of_query(query),
        member: None,
        older: entries.last().map(|entry| entry.seq),
        is_first: entries.is_empty(),
        entries,
        errors: Errors::none(),
    };
    let wrong = "person=%3Cb%3E&kind=x&from=yesterday&to=2026-11-22";
    let form = FilterForm::of_query(wrong);
    let Err(errors) = form.read(page().words, &page().zone) else { panic!("a wrong filter") };
    for (name, page) in [
        ("office-activity", shown("", entries())),
        ("office-activity-empty", shown("", Vec::new())),
        ("office-activity-nothing-found", shown("kind=sign-in&from=2026-11-22", Vec::new())),
        (
            "office-activity-of-one",
            ActivityPage {
                member: Some(person("山田 花子", true)),
                ..shown("member=7", entries().into_iter().take(8).collect())
            },
        ),
        ("office-activity-wrong", ActivityPage { errors, ..shown(wrong, Vec::new()) }),
    ] {
        add(samples, name, page);
    }
}
