//! One bit of a stored secret or digest turns over, as on a failing disk: whatever hangs on it is
//! closed, the log says so, and everybody else goes on (SC-08, SC-76).

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::database::Database;
use crate::support::eventually;
use crate::support::logs;
use crate::support::members::{PASSWORD, Protected};
use crate::support::smtp::{Mood, SmtpSink};
use crate::turns;

/// A column with bytes, which of its rows is bent, and what hangs on it.
struct Column {
    table: &'static str,
    column: &'static str,
    rows: &'static str,
    closed: Closed,
}

/// What must be closed afterwards.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Closed {
    /// Security codes are a fault.
    SecurityCodes,
    /// Backup codes are wrong, security codes are not.
    BackupCodes,
    /// One backup code is wrong, the next is not.
    OneBackupCode,
    /// The page of a set-up that waits, and its confirmation.
    SetUp,
    /// A link from a mail.
    Link,
    /// The browser is signed out.
    Browser,
    /// The mail does not leave; tried below.
    Mail,
    /// The node is not ready.
    Node,
    /// `hikae audit verify`; tried in tests/cli/audit.rs.
    Trail,
    /// What was mailed or printed opens nothing, as with any digest of a link.
    AsLinks,
}

const USER: &str = "user_id = {id}";
const RELEASE: &str = "user_id = {id} AND purpose = 'release'";
const CODE: &str = "number = 1 AND generation_id IN (SELECT id FROM generations WHERE user_id = {id})";
const MAIL: &str = "sent_at IS NULL";
const ALL: &str = "1 = 1";
const FAULT: &str = "the request ended in a fault";

const COLUMNS: [Column; 15] = [
    Column { table: "two_factors", column: "sealed_key", rows: USER, closed: Closed::SecurityCodes },
    Column { table: "two_factors", column: "code_salt", rows: USER, closed: Closed::BackupCodes },
    Column { table: "pending_set_ups", column: "sealed_key", rows: USER, closed: Closed::SetUp },
    Column { table: "backup_codes", column: "salt", rows: CODE, closed: Closed::OneBackupCode },
    Column { table: "backup_codes", column: "tag", rows: CODE, closed: Closed::OneBackupCode },
    Column { table: "links", column: "digest", rows: RELEASE, closed: Closed::Link },
    Column { table: "sessions", column: "key_digest", rows: USER, closed: Closed::Browser },
    Column { table: "outbox", column: "sealed", rows: MAIL, closed: Closed::Mail },
    Column { table: "key_checks", column: "check_value", rows: ALL, closed: Closed::Node },
    Column { table: "audit_head", column: "hash", rows: ALL, closed: Closed::Trail },
    Column { table: "audit_anchor", column: "hash", rows: ALL, closed: Closed::Trail },
    Column { table: "audit_anchor", column: "mac", rows: ALL, closed: Closed::Trail },
    Column { table: "audit_events", column: "hash", rows: ALL, closed: Closed::Trail },
    Column { table: "invitations", column: "digest", rows: ALL, closed: Closed::AsLinks },
    Column { table: "first_start", column: "digest", rows: ALL, closed: Closed::AsLinks },
];

impl Column {
    fn of(&self, person: &Protected) -> String {
        self.rows.replace("{id}", &person.member.id.to_string())
    }

    fn read(&self, app: &TestApp, rows: &str) -> Vec<Vec<u8>> {
        let hex = match app.database {
            Database::Sqlite(_) => format!("hex({})", self.column),
            Database::Postgres(_) => format!("encode({}, 'hex')", self.column),
        };
        let found = app.database.lines(&format!("SELECT {hex} AS line FROM {} WHERE {rows}", self.table));
        let decode = |line: &String| data_encoding::HEXLOWER_PERMISSIVE.decode(line.as_bytes()).expect("hex");
        found.iter().map(decode).collect()
    }

    fn write(&self, app: &TestApp, rows: &str, old: &[u8], new: &[u8]) {
        let literal = |bytes: &[u8]| {
            let hex = data_encoding::HEXLOWER.encode(bytes);
            if matches!(app.database, Database::Sqlite(_)) { format!("X'{hex}'") } else { format!("'\\x{hex}'") }
        };
        let (table, column) = (self.table, self.column);
        let (old, new) = (literal(old), literal(new));
        app.database.execute(&format!("UPDATE {table} SET {column} = {new} WHERE {column} = {old} AND {rows}"));
    }

    /// Turns one bit over in the first, a middle and the last byte, one after the other.
    async fn bend(&self, app: &TestApp, person: &Protected, bystander: &Protected) {
        let rows = self.of(person);
        let (table, column) = (self.table, self.column);
        let all = self.read(app, &rows);
        assert!(!all.is_empty(), "no {table}.{column} to bend");
        for old in all {
            for place in [0, old.len() / 2, old.len() - 1] {
                let mut bent = old.clone();
                bent[place] ^= 1;
                self.write(app, &rows, &old, &bent);
                let logged = logs::kept().len();
                let what = format!("{table}.{column}, byte {place}");
                self.closed.check(app, person, &what).await;
                if let Some(words) = self.closed.says() {
                    assert_eq!(told_since(logged, words), 1, "{what}: the log");
                }
                if place == 0 {
                    app.signed_in(bystander).await;
                    app.browser().get("/healthz").await.expect(200);
                }
                self.write(app, &rows, &bent, &old);
            }
        }
    }
}

/// How many lines of the log have held all these words since it was so long.
fn told_since(logged: usize, words: [&str; 2]) -> usize {
    let log = String::from_utf8_lossy(&logs::kept()[logged..]).into_owned();
    log.lines().filter(|line| words.iter().all(|words| line.contains(words))).count()
}

impl Closed {
    /// What the log says. What fits nothing cannot be told from a wrong value, and is no fault.
    fn says(self) -> Option<[&'static str; 2]> {
        match self {
            Closed::SecurityCodes | Closed::SetUp => Some([FAULT, "a sealed value does not open"]),
            Closed::Node => Some(["not ready", "the key file lacks a key that is in use"]),
            Closed::Mail => Some(["mail not sent", "the sealed mail cannot be opened"]),
            Closed::BackupCodes | Closed::OneBackupCode | Closed::Link | Closed::Browser => None,
            Closed::Trail | Closed::AsLinks => None,
        }
    }

    async fn check(self, app: &TestApp, person: &Protected, what: &str) {
        match self {
            Closed::SecurityCodes => {
                let stage = app.password_proven(&person.member).await;
                let code = app.fresh_code(&person.authenticator);
                stage.enter_security_code(&code).await.expect(500);
                assert!(!stage.is_signed_in().await, "{what}");
            }
            Closed::BackupCodes | Closed::OneBackupCode => {
                let stage = app.password_proven(&person.member).await;
                stage.enter_backup_code(&person.codes[0]).await.expect(422);
                assert!(!stage.is_signed_in().await, "{what}");
                if self == Closed::BackupCodes {
                    let code = app.fresh_code(&person.authenticator);
                    stage.enter_security_code(&code).await.expect(303);
                }
            }
            Closed::SetUp => {
                person.browser.get("/account/two-factor/setup").await.expect(500);
                assert!(person.browser.is_signed_in().await, "{what}");
            }
            Closed::Link => {
                let mail = app.mailbox.newest(&person.member.email, "二要素認証の解除").await;
                let path = mail.path("/two-factor-release/");
                assert!(!app.browser().get(&path).await.has_form(&path), "{what}");
            }
            Closed::Browser => {
                let cookies = person.browser.cookies();
                assert!(!person.browser.is_signed_in().await, "{what}");
                // With the answer it has become a visitor's.
                person.browser.plant_cookies(cookies);
            }
            Closed::Node => {
                app.browser().get("/readyz").await.expect(503);
            }
            Closed::Mail | Closed::Trail | Closed::AsLinks => {}
        }
    }
}

/// Somebody of whom every table has a row: with codes, a set-up that waits, and a link in the mail.
async fn with_rows_everywhere(app: &TestApp) -> Protected {
    let person = app.protected_member().await;
    person.browser.request_release().await.expect(303);
    app.mailbox.newest(&person.member.email, "二要素認証の解除").await;
    let page = person.browser.get("/account/two-factor").await.expect(200);
    let code = app.fresh_code(&person.authenticator);
    let form = page.form("/account/two-factor/setup").fill("password", PASSWORD).fill("code", &code);
    form.submit(&person.browser).await.expect_redirect("/account/two-factor/setup");
    person
}

#[tokio::test]
async fn a_bit_that_turns_over_closes_what_hangs_on_it_and_nothing_else() {
    let _turn = turns::beside_others().await;
    let app = TestApp::start().await;
    let bystander = app.protected_member().await;
    let elsewhere = |closed| matches!(closed, Closed::Mail | Closed::Trail | Closed::AsLinks);
    for column in COLUMNS.iter().filter(|column| !elsewhere(column.closed)) {
        let person = with_rows_everywhere(&app).await;
        column.bend(&app, &person, &bystander).await;
    }
}

#[tokio::test]
async fn a_mail_that_was_bent_waits_and_the_others_leave() {
    let _turn = turns::beside_others().await;
    let sink = SmtpSink::start(Mood::IsBusy);
    let app = TestApp::with().smtp(sink.url()).start().await;
    let errors = "SELECT last_error AS line FROM outbox WHERE sent_at IS NULL AND last_error IS NOT NULL";
    for number in 1..=4 {
        let (member, visitor) = (app.member().await, app.browser());
        let form = visitor.get("/password-reset").await.expect(200).form("/password-reset");
        form.fill("email", &member.email).submit(&visitor).await;
        eventually("the mail waits", async || (app.database.lines(errors).len() == number).then_some(())).await;
    }
    let column = COLUMNS.iter().find(|column| column.closed == Closed::Mail).expect("the outbox");
    // The first, a middle and the last byte, each of a mail of its own; the fourth mail stays whole.
    let whole = column.read(&app, MAIL);
    let mut bent = whole[..3].to_vec();
    bent[0][0] ^= 1;
    let middle = bent[1].len() / 2;
    bent[1][middle] ^= 1;
    *bent[2].last_mut().expect("a byte") ^= 1;
    whole.iter().zip(&bent).for_each(|(old, new)| column.write(&app, MAIL, old, new));
    let logged = logs::kept().len();
    sink.becomes(Mood::Accepts);
    app.database.execute("UPDATE outbox SET next_try_at = 0, last_error = NULL");
    eventually("the other mail arrives", async || (sink.mails().len() == 1).then_some(())).await;
    let noted = async || Some(app.database.lines(errors)).filter(|noted| noted.len() == 3);
    let noted = eventually("the trouble is noted", noted).await;
    assert!(noted.iter().all(|error| error.contains("cannot be opened")), "{noted:?}");
    assert_eq!(told_since(logged, column.closed.says().expect("a line")), 3, "the log");
    whole.iter().zip(&bent).for_each(|(old, new)| column.write(&app, MAIL, new, old));
    app.database.execute("UPDATE outbox SET next_try_at = 0");
    eventually("they arrive after all", async || (sink.mails().len() == 4).then_some(())).await;
}

#[tokio::test]
async fn a_bent_word_in_a_row_closes_one_account_and_no_process() {
    let _turn = turns::beside_others().await;
    let app = TestApp::start().await;
    let bystander = app.protected_member().await;
    let bent_hash = |to: &str| format!("UPDATE users SET password_hash = {to} WHERE id = {{id}}");
    let all_memory =
        "$argon2id$v=19$m=4294967295,t=2,p=1$BwcHBwcHBwcHBwcHBwcHBw$EOm67BgS9D3PkX8syofQAkPsrOjNWHHNuaXP2gKKNrw";
    for (what, bent, is_password, says) in [
        ("a hash cut short", bent_hash("substr(password_hash, 1, 40)"), true, "a password hash"),
        ("no hash", bent_hash("''"), true, "a password hash"),
        ("a hash that asks for all memory", bent_hash(&format!("'{all_memory}'")), true, "a password hash"),
        (
            "a sheet that asks for all memory",
            "UPDATE generations SET memory_kib = 2147483647 WHERE user_id = {id}".to_owned(),
            false,
            "the cost of a sheet",
        ),
        (
            "a sheet of an unknown key",
            "UPDATE generations SET key_id = 'nobody' WHERE user_id = {id}".to_owned(),
            false,
            "the key file lacks a key that is in use",
        ),
    ] {
        let person = app.protected_member().await;
        let stage = app.password_proven(&person.member).await;
        app.database.execute(&bent.replace("{id}", &person.member.id.to_string()));
        let logged = logs::kept().len();
        if is_password {
            let browser: Browser = app.browser();
            browser.sign_in(&person.member).await.expect(500);
            assert!(!browser.is_signed_in().await, "{what}");
        } else {
            stage.enter_backup_code(&person.codes[0]).await.expect(500);
            assert!(!stage.is_signed_in().await, "{what}");
        }
        assert_eq!(told_since(logged, [FAULT, says]), 1, "{what}: the log");
        app.signed_in(&bystander).await;
        app.browser().get("/readyz").await.expect(200);
    }
}

#[test]
fn every_column_with_bytes_is_tried_here_or_named_with_its_own_test() {
    let schema =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/store/schema.rs")).expect("the schema");
    let mut table = "";
    for line in schema.lines().map(str::trim) {
        if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with('{')) {
            table = name;
        }
        if let Some((column, _)) = line.split_once(" -> ").filter(|(_, kind)| kind.contains("Binary")) {
            let known = COLUMNS.iter().any(|known| known.table == table && known.column == column);
            assert!(known, "nothing says what happens when {table}.{column} is bent");
        }
    }
}
