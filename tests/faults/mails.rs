//! The outbox folder: one file for each mail, read by an independent parser.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use crate::house::House;
use crate::support::mailbox::Mail;

/// The trail's name of an act, and the subject of the mail that tells of it.
const TOLD: [(&str, &str); 7] = [
    ("two_factor.set_up_confirmed", "二要素認証を設定しました"),
    ("backup_codes.issued", "バックアップコードを発行しました"),
    ("backup_codes.reissued", "バックアップコードを再発行しました"),
    ("sign_in.backup_code", "バックアップコードを使ったログインがありました"),
    ("two_factor.release_requested", "二要素認証の解除"),
    ("two_factor.released", "二要素認証を解除しました"),
    ("password.changed", "パスワードを変更しました"),
];

/// The files in the order of their mails.
fn files(house: &House) -> Vec<PathBuf> {
    let entries = fs::read_dir(house.path("data/outbox")).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = entries
        .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
        .filter(|path| path.file_name().is_some_and(|name| !name.as_encoded_bytes().starts_with(b".")))
        .collect();
    files.sort();
    files
}

/// The newest release link mailed to this address.
pub fn release_link(house: &House, address: &str) -> Option<String> {
    let new = files(house).into_iter().rev().take(200).filter_map(|file| fs::read(file).ok()).map(Mail::parse);
    let mut new = new;
    new.find(|mail| mail.to == address && mail.subject.ends_with("二要素認証の解除"))
        .map(|mail| mail.path("/two-factor-release/"))
}

/// Acts of the trail without their mail, and mails without their act.
pub fn untold(house: &House) -> Vec<String> {
    let mut found: BTreeMap<(String, &str), i64> = BTreeMap::new();
    let mut untold = Vec::new();
    let files = files(house);
    for mail in files.iter().map(|file| Mail::parse(fs::read(file).expect("a mail"))) {
        if let Some((action, _)) = TOLD.iter().find(|(_, subject)| mail.subject == format!("【Hikae】{subject}")) {
            *found.entry((mail.to, *action)).or_default() += 1;
        }
    }
    // The first sheet is issued, whichever page it was asked for on.
    let told_as = "CASE WHEN e.action = 'backup_codes.reissued' AND e.detail LIKE 'sheet 1 %' \
                   THEN 'backup_codes.issued' ELSE e.action END";
    for (action, _) in TOLD {
        let acts = house.database.lines(&format!(
            "SELECT u.email || ' ' || CAST(COUNT(*) AS TEXT) AS line FROM audit_events e \
             JOIN users u ON u.id = e.subject_id WHERE {told_as} = '{action}' AND e.outcome = 'done' GROUP BY u.email"
        ));
        for line in acts {
            let (email, count) = line.split_once(' ').expect("two words");
            let told = found.remove(&(email.to_owned(), action)).unwrap_or_default();
            if count.parse() != Ok(told) {
                untold.push(format!("{email}: {count} × {action}, {told} mails"));
            }
        }
    }
    untold.extend(found.iter().map(|((email, action), count)| format!("{email}: {count} mails, no {action}")));
    let rows = house.database.lines("SELECT CAST(COUNT(*) AS TEXT) AS line FROM outbox").concat();
    if rows.parse() != Ok(files.len()) {
        untold.push(format!("{rows} mails in the outbox, {} files", files.len()));
    }
    untold
}
