//! What holds in the database at every moment between two transactions. Each rule is a query that
//! finds the rows which break it.

use crate::house::House;

/// The rule in words, and who breaks it.
const RULES: [(&str, &str); 21] = [
    (
        "two sheets of one person count",
        "SELECT CAST(user_id AS TEXT) AS line FROM generations WHERE voided_at IS NULL GROUP BY user_id HAVING COUNT(*) > 1",
    ),
    (
        "a sheet that counts does not have ten codes",
        "SELECT g.sheet_id AS line FROM generations g WHERE g.voided_at IS NULL \
         AND (SELECT COUNT(*) FROM backup_codes c WHERE c.generation_id = g.id) <> 10",
    ),
    (
        "a sheet counts without the set-up it was made for",
        "SELECT g.sheet_id AS line FROM generations g WHERE g.voided_at IS NULL AND NOT EXISTS \
         (SELECT 1 FROM two_factors t WHERE t.user_id = g.user_id AND t.set_up_id = g.set_up_id)",
    ),
    (
        "codes are kept of somebody without two-factor authentication",
        "SELECT g.sheet_id AS line FROM generations g WHERE EXISTS \
         (SELECT 1 FROM backup_codes c WHERE c.generation_id = g.id) \
         AND NOT EXISTS (SELECT 1 FROM two_factors t WHERE t.user_id = g.user_id)",
    ),
    (
        "sheets are not numbered one by one",
        "SELECT CAST(user_id AS TEXT) AS line FROM generations GROUP BY user_id HAVING MAX(number) <> COUNT(*)",
    ),
    (
        "a set-up was confirmed and its sheet does not count",
        "SELECT CAST(t.user_id AS TEXT) AS line FROM two_factors t WHERE NOT EXISTS \
         (SELECT 1 FROM generations g WHERE g.user_id = t.user_id AND g.voided_at IS NULL) AND EXISTS \
         (SELECT 1 FROM audit_events e WHERE e.subject_id = t.user_id AND e.at = t.enabled_at \
          AND e.action = 'two_factor.set_up_confirmed' AND e.outcome = 'done')",
    ),
    (
        "two-factor authentication is on and the trail does not say since when",
        "SELECT CAST(t.user_id AS TEXT) AS line FROM two_factors t WHERE NOT EXISTS \
         (SELECT 1 FROM audit_events e WHERE e.subject_id = t.user_id AND e.at = t.enabled_at AND e.outcome = 'done' \
          AND e.action IN ('two_factor.set_up_confirmed', 'user.imported'))",
    ),
    (
        "a set-up waits for its confirmation and is on already",
        "SELECT CAST(t.user_id AS TEXT) AS line FROM two_factors t JOIN pending_set_ups p ON p.user_id = t.user_id \
         WHERE p.set_up_id = t.set_up_id",
    ),
    (
        "a code is half used",
        "SELECT CAST(generation_id AS TEXT) AS line FROM backup_codes WHERE (used_at IS NULL) <> (used_device IS NULL) \
         OR (used_at IS NULL) <> (used_session_id IS NULL)",
    ),
    (
        "a used code does not have its one row in the trail",
        "SELECT g.sheet_id || ' ' || CAST(c.number AS TEXT) AS line \
         FROM backup_codes c JOIN generations g ON g.id = c.generation_id WHERE c.used_at IS NOT NULL AND \
         (SELECT COUNT(*) FROM audit_events e WHERE e.subject_id = g.user_id AND e.at = c.used_at \
          AND e.action = 'sign_in.backup_code' AND e.outcome = 'done' AND e.detail LIKE \
          'code ' || CAST(c.number AS TEXT) || ' of sheet ' || CAST(g.number AS TEXT) || ', %') <> 1",
    ),
    (
        "the trail tells of the use of a code that is unused",
        "SELECT g.sheet_id || ' ' || CAST(c.number AS TEXT) AS line \
         FROM backup_codes c JOIN generations g ON g.id = c.generation_id WHERE c.used_at IS NULL AND EXISTS \
         (SELECT 1 FROM audit_events e WHERE e.subject_id = g.user_id AND e.action = 'sign_in.backup_code' \
          AND e.outcome = 'done' AND e.detail LIKE \
          'code ' || CAST(c.number AS TEXT) || ' of sheet ' || CAST(g.number AS TEXT) || ', %')",
    ),
    (
        "two codes opened one session",
        "SELECT CAST(used_session_id AS TEXT) AS line FROM backup_codes WHERE used_session_id IS NOT NULL \
         GROUP BY used_session_id HAVING COUNT(*) > 1",
    ),
    (
        "a code opened the session of somebody else",
        "SELECT g.sheet_id AS line FROM backup_codes c JOIN generations g ON g.id = c.generation_id \
         JOIN sessions s ON s.id = c.used_session_id WHERE s.user_id <> g.user_id OR s.stage <> 'complete'",
    ),
    (
        "a sheet does not have its one row in the trail",
        "SELECT g.sheet_id AS line FROM generations g WHERE (SELECT COUNT(*) FROM audit_events e \
         WHERE e.subject_id = g.user_id AND e.at = g.issued_at AND e.outcome = 'done' \
         AND e.action IN ('backup_codes.issued', 'backup_codes.reissued') \
         AND e.detail = 'sheet ' || CAST(g.number AS TEXT) || ' ' || g.sheet_id) <> 1",
    ),
    (
        "the trail tells of sheets that are not there",
        "SELECT CAST(COUNT(*) AS TEXT) AS line FROM audit_events e WHERE e.outcome = 'done' \
         AND e.action IN ('backup_codes.issued', 'backup_codes.reissued') \
         HAVING COUNT(*) <> (SELECT COUNT(*) FROM generations)",
    ),
    (
        "a member list says something else than the rows that count",
        "SELECT m.email AS line FROM memberships m WHERE \
         m.two_factor <> (SELECT COUNT(*) FROM two_factors t WHERE t.user_id = m.user_id) OR \
         m.codes_left <> COALESCE((SELECT (SELECT COUNT(*) FROM backup_codes c WHERE c.generation_id = g.id \
          AND c.used_at IS NULL) FROM generations g WHERE g.user_id = m.user_id AND g.voided_at IS NULL), -1)",
    ),
    (
        "a session stands without the sign-in it came from",
        "SELECT CAST(s.id AS TEXT) AS line FROM sessions s WHERE NOT EXISTS \
         (SELECT 1 FROM audit_events e WHERE e.subject_id = s.user_id AND e.at = s.created_at AND e.outcome = 'done' \
          AND e.action LIKE 'sign_in.%' AND (s.stage = 'complete' OR e.action = 'sign_in.password'))",
    ),
    (
        "a session is complete without a second factor",
        "SELECT CAST(s.id AS TEXT) AS line FROM sessions s JOIN two_factors t ON t.user_id = s.user_id \
         WHERE s.stage = 'complete' AND t.enabled_at < s.created_at AND NOT EXISTS \
         (SELECT 1 FROM audit_events e WHERE e.subject_id = s.user_id AND e.at = s.created_at AND e.outcome = 'done' \
          AND e.action IN ('sign_in.security_code', 'sign_in.backup_code'))",
    ),
    (
        "the trail has gaps",
        "SELECT CAST(h.seq AS TEXT) AS line FROM audit_head h WHERE h.seq <> (SELECT COUNT(*) FROM audit_events) \
         OR h.seq <> (SELECT MAX(seq) FROM audit_events)",
    ),
    (
        "a row about a member belongs to no office",
        "SELECT CAST(e.seq AS TEXT) AS line FROM audit_events e JOIN memberships m ON m.user_id = e.subject_id \
         WHERE NOT EXISTS (SELECT 1 FROM audit_offices o WHERE o.seq = e.seq AND o.office_id = m.office_id)",
    ),
    (
        "a mail that waits has no text, or one that left has",
        "SELECT CAST(id AS TEXT) AS line FROM outbox \
         WHERE (sealed IS NULL) <> (sent_at IS NOT NULL OR given_up_at IS NOT NULL)",
    ),
];

/// Mails that the rows of the trail ask for, and the most there can be, for wrong codes are told of
/// only now and then.
const MAILS: &str = "SELECT CAST(SUM(CASE \
     WHEN outcome = 'done' AND action = 'sign_in.backup_code' \
          AND (detail LIKE '%, 3 left' OR detail LIKE '%, 2 left' OR detail LIKE '%, 1 left' OR detail LIKE '%, 0 left') THEN 2 \
     WHEN outcome = 'done' AND action IN ('sign_in.backup_code', 'two_factor.set_up_confirmed', 'backup_codes.issued', \
          'backup_codes.reissued', 'two_factor.release_requested', 'two_factor.released', 'password.changed') THEN 1 \
     ELSE 0 END) AS TEXT) || ' ' || CAST(SUM(CASE WHEN outcome = 'refused' THEN 1 ELSE 0 END) AS TEXT) || ' ' \
     || CAST((SELECT COUNT(*) FROM outbox) AS TEXT) AS line FROM audit_events";

/// What is broken, in words.
pub fn broken(house: &House) -> Vec<String> {
    let mut broken = Vec::new();
    for (rule, query) in RULES {
        let found = house.database.lines(query);
        if !found.is_empty() {
            broken.push(format!("{rule}: {}", found.join(", ")));
        }
    }
    let mails = house.database.lines(MAILS).concat();
    let counts: Vec<i64> = mails.split(' ').map(|count| count.parse().expect("a number")).collect();
    let [asked, refused, written] = counts[..] else { panic!("{mails}") };
    if written < asked || written > asked + refused {
        broken.push(format!("{written} mails are written; the trail asks for {asked}, and {refused} more at the most"));
    }
    broken
}
