//! What the clients were told: each code that was answered as accepted, each sheet that was shown.
//! What was told must be in the database, and nothing may be told twice.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::house::House;

/// One code of a sheet: whose, of which sheet, in which place.
pub type Place = (String, u32, usize);

/// What was heard of one code.
#[derive(Default, Clone, Copy)]
struct Fate {
    accepted: u32,
    /// Tries whose answer never came.
    lost: u32,
}

#[derive(Default)]
struct Book {
    codes: BTreeMap<Place, Fate>,
    steps: BTreeMap<(String, i64), u32>,
    sheets: Vec<(String, u32, String)>,
    acts: BTreeMap<&'static str, u32>,
}

/// The clients' memory.
#[derive(Default)]
pub struct Journal(Mutex<Book>);

impl Journal {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts an act, for the figures at the end.
    pub fn count(&self, act: &'static str) {
        *self.book().acts.entry(act).or_default() += 1;
    }

    /// A backup code was answered as accepted.
    pub fn code_accepted(&self, place: &Place) {
        let mut book = self.book();
        let fate = book.codes.entry(place.clone()).or_default();
        fate.accepted += 1;
        assert!(fate.accepted == 1, "a backup code was accepted twice: {place:?}");
    }

    /// Nobody knows whether the code was used.
    pub fn code_lost(&self, place: &Place) {
        self.book().codes.entry(place.clone()).or_default().lost += 1;
    }

    /// A security code was answered as accepted.
    pub fn step_accepted(&self, email: &str, step: i64) {
        let mut book = self.book();
        let times = book.steps.entry((email.to_owned(), step)).or_default();
        *times += 1;
        assert!(*times == 1, "the security code of step {step} was accepted twice for {email}");
    }

    /// A sheet was shown.
    pub fn sheet_shown(&self, email: &str, number: u32, id: &str) {
        self.book().sheets.push((email.to_owned(), number, id.to_owned()));
    }

    /// Whether enough was done to say anything: codes of both kinds were accepted, and sheets were shown.
    pub fn is_telling(&self) -> bool {
        let book = self.book();
        let accepted = book.codes.values().any(|fate| fate.accepted > 0);
        accepted && !book.steps.is_empty() && !book.sheets.is_empty()
    }

    /// How much was done, for people.
    pub fn figures(&self) -> String {
        let book = self.book();
        let accepted: u32 = book.codes.values().map(|fate| fate.accepted).sum();
        let lost: u32 = book.codes.values().map(|fate| fate.lost).sum();
        let acts: Vec<String> = book.acts.iter().map(|(act, times)| format!("{act} {times}")).collect();
        format!(
            "{accepted} backup codes accepted, {lost} answers lost; {} security codes accepted; {} sheets shown; {}",
            book.steps.len(),
            book.sheets.len(),
            acts.join(", ")
        )
    }

    /// What was told and is not so, and what is so and was never asked for.
    pub fn lies(&self, house: &House) -> Vec<String> {
        let book = self.book();
        let mut lies = Vec::new();
        let used = "SELECT u.email || ' ' || CAST(g.number AS TEXT) || ' ' || CAST(c.number AS TEXT) || ' ' \
             || CASE WHEN c.used_at IS NULL THEN 'unused' ELSE 'used' END AS line \
             FROM backup_codes c JOIN generations g ON g.id = c.generation_id JOIN users u ON u.id = g.user_id";
        for line in house.database.lines(used) {
            let parts: Vec<&str> = line.split(' ').collect();
            let [email, sheet, place, state] = parts[..] else { panic!("{line}") };
            let place: Place = (email.to_owned(), sheet.parse().expect(sheet), place.parse().expect(place));
            let fate = book.codes.get(&place).copied().unwrap_or_default();
            if state == "used" && fate.accepted + fate.lost == 0 {
                lies.push(format!("a code is used that nobody has entered: {place:?}"));
            }
            if state == "unused" && fate.accepted > 0 {
                lies.push(format!("a code that was answered as accepted is unused: {place:?}"));
            }
        }
        let sheets = "SELECT u.email || ' ' || CAST(g.number AS TEXT) || ' ' || g.sheet_id AS line \
                      FROM generations g JOIN users u ON u.id = g.user_id";
        let sheets = house.database.lines(sheets);
        for (email, number, id) in &book.sheets {
            if !sheets.contains(&format!("{email} {number} {id}")) {
                lies.push(format!("a sheet that was shown is not there: {email} {number} {id}"));
            }
        }
        let steps = "SELECT u.email || ' ' || CAST(COALESCE(a.last_step, 0) AS TEXT) AS line \
                     FROM attempts a JOIN users u ON u.id = a.user_id";
        let steps: BTreeMap<String, i64> = house
            .database
            .lines(steps)
            .iter()
            .filter_map(|line| line.split_once(' '))
            .map(|(email, step)| (email.to_owned(), step.parse().expect(step)))
            .collect();
        for (email, step) in book.steps.keys() {
            if steps.get(email).is_none_or(|last| last < step) {
                lies.push(format!("step {step} was answered as accepted and is forgotten: {email}"));
            }
        }
        lies
    }
}
