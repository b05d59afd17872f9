//! What may only ever grow, read between two lives of the program.

use std::collections::{BTreeMap, BTreeSet};

use crate::house::House;

/// One moment of the database.
#[derive(Default, PartialEq, Eq, Debug)]
pub struct Snapshot {
    /// For each person: newest accepted step, turns of the account's row, failures.
    attempts: BTreeMap<String, [i64; 3]>,
    /// The last row of the trail.
    trail: i64,
    /// Rows of successes in the trail, for each person.
    successes: BTreeMap<String, i64>,
    sheets: BTreeSet<String>,
    voided: BTreeSet<String>,
    used: BTreeSet<String>,
}

fn numbers(line: &str) -> (String, Vec<i64>) {
    let mut parts = line.split(' ');
    let name = parts.next().unwrap_or_default().to_owned();
    (name, parts.map(|part| part.parse().expect("a number")).collect())
}

impl Snapshot {
    /// Reads the database as it is now.
    pub fn take(house: &House) -> Self {
        let lines = |sql: &str| house.database.lines(sql);
        let attempts = lines(
            "SELECT CAST(user_id AS TEXT) || ' ' || CAST(COALESCE(last_step, 0) AS TEXT) || ' ' || CAST(turn AS TEXT) \
             || ' ' || CAST(failures AS TEXT) AS line FROM attempts",
        );
        let successes = lines(
            "SELECT CAST(subject_id AS TEXT) || ' ' || CAST(COUNT(*) AS TEXT) AS line FROM audit_events \
             WHERE outcome = 'done' AND subject_id IS NOT NULL GROUP BY subject_id",
        );
        let set = |sql: &str| lines(sql).into_iter().collect();
        Self {
            attempts: attempts
                .iter()
                .map(|line| numbers(line))
                .map(|(name, found)| (name, found.try_into().expect("three numbers")))
                .collect(),
            trail: lines("SELECT CAST(seq AS TEXT) AS line FROM audit_head").concat().parse().expect("a number"),
            successes: successes.iter().map(|line| numbers(line)).map(|(name, found)| (name, found[0])).collect(),
            sheets: set("SELECT sheet_id AS line FROM generations"),
            voided: set("SELECT sheet_id AS line FROM generations WHERE voided_at IS NOT NULL"),
            used: set("SELECT g.sheet_id || ' ' || CAST(c.number AS TEXT) AS line FROM backup_codes c \
                 JOIN generations g ON g.id = c.generation_id WHERE c.used_at IS NOT NULL"),
        }
    }

    /// Whether the same sheets count, with the same codes used.
    pub fn has_the_sheets_of(&self, other: &Snapshot) -> bool {
        self.sheets == other.sheets && self.voided == other.voided && self.used == other.used
    }

    /// What has shrunk since `before`.
    pub fn shrunk_since(&self, before: &Snapshot, house: &House) -> Vec<String> {
        let mut shrunk = Vec::new();
        for (user, [step, turn, failures]) in &before.attempts {
            let Some([step_now, turn_now, failures_now]) = self.attempts.get(user) else {
                shrunk.push(format!("the counter of user {user} is gone"));
                continue;
            };
            if step_now < step || turn_now < turn {
                shrunk.push(format!("step {step} or turn {turn} of user {user} went back: {step_now}, {turn_now}"));
            }
            let succeeded = self.successes.get(user) > before.successes.get(user) || step_now > step;
            if failures_now < failures && !succeeded {
                shrunk.push(format!("failures of user {user} fell from {failures} to {failures_now} by no success"));
            }
        }
        if self.trail < before.trail {
            shrunk.push(format!("the trail went back from {} to {}", before.trail, self.trail));
        }
        shrunk.extend(before.sheets.difference(&self.sheets).map(|sheet| format!("sheet {sheet} is gone")));
        shrunk.extend(before.voided.difference(&self.voided).map(|sheet| format!("sheet {sheet} counts again")));
        // Codes of old sheets are forgotten; one that is there and was used stays used.
        let there: BTreeSet<String> = house
            .database
            .lines(
                "SELECT g.sheet_id || ' ' || CAST(c.number AS TEXT) AS line FROM backup_codes c \
                 JOIN generations g ON g.id = c.generation_id",
            )
            .into_iter()
            .collect();
        let revived = before.used.difference(&self.used).filter(|code| there.contains(*code));
        shrunk.extend(revived.map(|code| format!("used code {code} is unused again")));
        shrunk
    }
}
