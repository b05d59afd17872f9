//! A disk that takes no more, under a running portal (SC-76).
//!
//! The limit on the size of files (`prlimit --fsize`) is set on the running process: a write beyond
//! it fails as on a full disk. It needs no mount and no rights, so it works everywhere, for root
//! too, to whom a read-only folder says nothing; and it can be set so that a transaction fails at
//! any of its pages. With `HIKAE_TEST_SMALL_DISK=FOLDER` the data lies on that small disk instead,
//! which is filled up to the last byte.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use hikae::clock::Clock;
use hikae::domain::time::Timestamp;
use reqwest::Method;

use crate::house::{House, Node, program};
use crate::invariants;
use crate::people::PASSWORD;
use crate::populate::populate;
use crate::snapshot::Snapshot;
use crate::support::authenticator::Authenticator;
use crate::support::browser::Browser;
use crate::support::eventually;
use crate::support::page::{Form, Page};
use crate::turns;

/// A page in the write-ahead log, with its head.
const FRAME: u64 = 4_096 + 24;
/// SIGXFSZ, which would end the program at a write beyond the limit, where a full disk ends nothing.
const IGNORE_THE_SIGNAL: &str = "trap '' 25; exec \"$0\" serve";

/// The disk under the data.
enum Disk {
    Limit(u32),
    Small { filler: PathBuf },
}

impl Disk {
    fn of(node: &Node) -> Self {
        match std::env::var_os("HIKAE_TEST_SMALL_DISK") {
            Some(folder) => Self::Small { filler: Path::new(&folder).join("filler") },
            None => Self::Limit(node.pid()),
        }
    }

    fn prlimit(pid: u32, bytes: &str) {
        let limit = format!("--fsize={bytes}:unlimited");
        let set = Command::new("prlimit").args(["--pid", &pid.to_string(), &limit]).status().expect("prlimit runs");
        assert!(set.success());
    }

    /// The write-ahead log grows by so many pages, and no further.
    fn has_room_for(&self, house: &House, pages: u64) {
        match self {
            Self::Limit(pid) => Self::prlimit(*pid, &(wal(house) + pages * FRAME).to_string()),
            Self::Small { filler } => {
                let file = fs::File::create(filler).expect("a filler");
                fill(&file);
                let full = file.metadata().expect("the filler").len();
                file.set_len(full.saturating_sub(pages * FRAME)).expect("some room");
            }
        }
    }

    /// Not a byte can be written, as on a disk that has turned read-only.
    fn takes_nothing(&self) {
        match self {
            Self::Limit(pid) => Self::prlimit(*pid, "0"),
            Self::Small { filler } => fill(&fs::File::create(filler).expect("a filler")),
        }
    }

    fn has_room_again(&self) {
        match self {
            Self::Limit(pid) => Self::prlimit(*pid, "unlimited"),
            Self::Small { filler } => fs::remove_file(filler).expect("the filler goes"),
        }
    }
}

fn fill(mut file: &fs::File) {
    while file.write_all(&[0; 512]).is_ok() {}
}

/// Somebody who is setting two-factor authentication up, and never types a code twice.
struct Owner {
    email: String,
    browser: Browser,
    authenticator: Authenticator,
    step: i64,
}

impl Owner {
    /// Adds a person and begins the set-up.
    async fn new(house: &House, email: &str) -> Self {
        let office = house.database.lines("SELECT CAST(id AS TEXT) AS line FROM offices").concat();
        let arguments =
            ["user", "add", "--email", email, "--name", "控 花子", "--office", &office, "--role", "general"];
        house.run(&arguments, &format!("{PASSWORD}\n"));
        let browser = house.browser();
        browser.sign_in_with(email, PASSWORD).await.expect_redirect("/account");
        let authenticator = browser.start_set_up(PASSWORD).await;
        Self { email: email.to_owned(), browser, authenticator, step: 0 }
    }

    /// The next code, once its time has come.
    async fn code(&mut self) -> String {
        let step = eventually("the next security code can be typed", async || {
            let now = Clock::System.now().0 / 30;
            let next = (self.step + 1).max(now);
            (next <= now + 1).then_some(next)
        });
        self.step = step.await;
        self.authenticator.code_at(Timestamp(self.step * 30))
    }
}

fn house() -> House {
    match std::env::var_os("HIKAE_TEST_SMALL_DISK") {
        Some(folder) => House::on_sqlite_in(Path::new(&folder)),
        None => House::on_sqlite(),
    }
}

fn wal(house: &House) -> u64 {
    fs::metadata(house.database_file().with_extension("sqlite-wal")).map_or(0, |file| file.len())
}

async fn password_proven(house: &House, owner: &Owner) -> Browser {
    let browser = house.browser();
    browser.sign_in_with(&owner.email, PASSWORD).await.expect_redirect("/login/code");
    browser
}

/// A page that says in words what to do, in the reader's language.
#[track_caller]
fn assert_says_so(page: &Page) {
    assert_eq!(page.status, 503, "{}: {}", page.path, page.text());
    assert!(page.h1().contains("一時的に利用できません") && page.header("retry-after").is_some(), "{}", page.text());
    assert!(page.codes().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_nothing_is_half_done_and_with_room_again_it_goes_on() {
    if turns::is_on_postgres() {
        return;
    }
    let house = house();
    populate(&house, 0);
    let mut command = Command::new("sh");
    command.args(["-c", IGNORE_THE_SIGNAL, &program()]);
    let node = house.start_as(command);
    let disk = Disk::of(&node);

    let mut owner = Owner::new(&house, "hanako@example.jp").await;
    let code = owner.code().await;
    let codes = owner.browser.confirm_set_up(&code).await.expect(200).codes();
    assert_eq!(codes.len(), 10);

    // Use: at every page of its transaction, from the first on.
    let stage = password_proven(&house, &owner).await;
    let form = stage.get("/login/recovery").await.expect(200).form("/login/recovery/backup-code");
    let form = form.fill("backup_code", &codes[0]);
    let before = Snapshot::take(&house);
    let mut refused = 0;
    let used = loop {
        disk.has_room_for(&house, refused);
        let page = form.submit(&stage).await;
        disk.has_room_again();
        if page.status == 303 {
            break page;
        }
        assert_says_so(&page);
        let now = Snapshot::take(&house);
        assert_eq!(now, before, "something was done on a full disk, with room for {refused} pages");
        refused += 1;
        assert!(refused < 100, "it does not go on with room again: {}", house.log());
    };
    used.expect_redirect("/account/two-factor");
    assert!(stage.is_signed_in().await, "the code is used and the browser not signed in");
    assert!(refused >= 2, "the disk was never full");

    // Nobody gets in, nobody is signed out, and pages that only read are read.
    disk.takes_nothing();
    let visitor = house.browser();
    let page = visitor.sign_in_with(&owner.email, PASSWORD).await;
    assert_says_so(&page);
    assert!(!visitor.is_signed_in().await);
    stage.get("/account/two-factor").await.expect(200);
    let english = house.browser().in_english();
    let page = english.get("/login").await.expect(200).form("Sign in");
    let page = page.fill("email", &owner.email).fill("password", PASSWORD).submit(&english).await.expect(503);
    assert!(page.h1().contains("temporarily unavailable"), "{}", page.text());
    house.browser().get("/healthz").await.expect(200);
    house.browser().get("/readyz").await.expect(503);
    disk.has_room_again();
    house.browser().get("/readyz").await.expect(200);

    // Reissue: the old sheet stays whole.
    let code = owner.code().await;
    let form = stage.get("/account/two-factor/backup-codes/reissue").await.expect(200).form("再発行");
    let before = Snapshot::take(&house);
    disk.has_room_for(&house, 1);
    let page = form.fill("code", &code).submit(&stage).await;
    assert_says_so(&page);
    disk.has_room_again();
    assert!(Snapshot::take(&house).has_the_sheets_of(&before));
    password_proven(&house, &owner).await.enter_backup_code(&codes[1]).await.expect_redirect("/account/two-factor");

    // Issue: nothing is switched on by half.
    let mut other = Owner::new(&house, "taro@example.jp").await;
    let code = other.code().await;
    let form = other.browser.get("/account/two-factor/setup").await.expect(200);
    let form = form.form("/account/two-factor/setup/confirm").fill("code", &code);
    let mut pages = 0;
    let page = loop {
        let before = Snapshot::take(&house);
        disk.has_room_for(&house, pages);
        let page = form.submit(&other.browser).await;
        disk.has_room_again();
        let issued = !Snapshot::take(&house).has_the_sheets_of(&before);
        assert_eq!(issued, page.codes().len() == 10, "a sheet that nobody has seen: {}", page.text());
        // The code itself is spent in a transaction of its own, before ten codes are hashed.
        if page.status == 200 || page.status == 422 {
            break page;
        }
        assert_says_so(&page);
        pages += 3;
        assert!(pages < 200, "it does not go on: {}", house.log());
    };
    if page.status == 422 {
        house.browser().sign_in_with(&other.email, PASSWORD).await.expect_redirect("/account");
        let code = other.code().await;
        assert_eq!(other.browser.confirm_set_up(&code).await.expect(200).codes().len(), 10);
    }

    let log = house.log();
    let told = ["database or disk is full", "disk I/O error"].iter().any(|words| log.contains(words));
    assert!(told && log.contains("out of service"), "{log}");
    assert!(!log.contains("could not be rolled back") && !log.contains("panicked"), "{log}");
    node.kill();
    let broken = invariants::broken(&house);
    assert!(broken.is_empty(), "{}", broken.join("\n  "));
    house.run(&["audit", "verify"], "");
    eprintln!("use failed at {refused} pages and was done with the next");
}

/// Every row of every table, but for what a node changes by itself: its sign of life, and mails that leave.
fn rows(house: &House) -> Vec<String> {
    let columns = "SELECT 'SELECT ' || group_concat('quote(' || c.name || ')', ' || char(32) || ') \
                   || ' AS line FROM ' || t.name AS line FROM sqlite_master t, pragma_table_info(t.name) c \
                   WHERE t.type = 'table' AND t.name NOT IN ('nodes', 'outbox') GROUP BY t.name";
    house.database.lines(columns).iter().flat_map(|table| house.database.lines(table)).collect()
}

/// Sends the form while not a byte can be written: it is refused, and nothing has changed afterwards.
async fn is_refused_whole(house: &House, disk: &Disk, browser: &Browser, form: &Form) {
    let before = rows(house);
    disk.takes_nothing();
    let page = form.submit(browser).await;
    disk.has_room_again();
    assert_says_so(&page);
    assert!(rows(house) == before, "{} changed something on a disk that is read-only", page.path);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_read_only_disk_codes_are_not_issued_used_or_reissued_and_afterwards_the_same_act_is_done() {
    if turns::is_on_postgres() {
        return;
    }
    let house = House::on_sqlite();
    populate(&house, 0);
    let mut command = Command::new("sh");
    command.args(["-c", IGNORE_THE_SIGNAL, &program()]);
    let node = house.start_as(command);
    let disk = Disk::Limit(node.pid());
    let mut owner = Owner::new(&house, "hanako@example.jp").await;

    // Issue: the security code that was typed is not spent.
    let code = owner.code().await;
    let form = owner.browser.get("/account/two-factor/setup").await.expect(200);
    let form = form.form("/account/two-factor/setup/confirm").fill("code", &code);
    is_refused_whole(&house, &disk, &owner.browser, &form).await;
    let codes = form.submit(&owner.browser).await.expect(200).codes();
    assert_eq!(codes.len(), 10);

    // Use: nobody is signed in, and the backup code is good for its one time.
    let stage = password_proven(&house, &owner).await;
    let form = stage.get("/login/recovery").await.expect(200).form("/login/recovery/backup-code");
    let form = form.fill("backup_code", &codes[0]);
    is_refused_whole(&house, &disk, &stage, &form).await;
    assert!(!stage.is_signed_in().await);
    form.submit(&stage).await.expect_redirect("/account/two-factor");
    password_proven(&house, &owner).await.enter_backup_code(&codes[0]).await.expect(422);

    // Reissue: the old sheet goes on counting until there is a new one.
    let code = owner.code().await;
    let form = stage.get("/account/two-factor/backup-codes/reissue").await.expect(200).form("再発行");
    let form = form.fill("code", &code);
    is_refused_whole(&house, &disk, &stage, &form).await;
    password_proven(&house, &owner).await.enter_backup_code(&codes[1]).await.expect_redirect("/account/two-factor");
    assert_eq!(form.submit(&stage).await.expect(200).codes().len(), 10);
    password_proven(&house, &owner).await.enter_backup_code(&codes[2]).await.expect(422);

    let log = house.log();
    assert!(log.matches("out of service").count() >= 3 && !log.contains("panicked"), "{log}");
    node.kill();
    let broken = invariants::broken(&house);
    assert!(broken.is_empty(), "{}", broken.join("\n  "));
    house.run(&["audit", "verify"], "");
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_wait_while_their_folder_is_full() {
    if turns::is_on_postgres() {
        return;
    }
    let house = House::on_sqlite();
    let (email, _) = populate(&house, 1).remove(0);
    let mut command = Command::new("sh");
    command.args(["-c", IGNORE_THE_SIGNAL, &program()]);
    let node = house.start_as(command);
    let folder = house.path("data/outbox");
    fs::remove_dir_all(&folder).expect("the folder goes");
    fs::write(&folder, "in its way").expect("a file in its place");
    let browser = house.browser();
    let form = browser.get("/password-reset").await.expect(200).form("/password-reset").fill("email", &email);
    assert!(form.submit(&browser).await.status < 400);
    let failed = "SELECT last_error AS line FROM outbox WHERE last_error IS NOT NULL";
    eventually("the failure is noted", async || (!house.database.lines(failed).is_empty()).then_some(())).await;
    house.browser().request(Method::GET, "/healthz").send().await.expect(200);
    fs::remove_file(&folder).expect("the way is free");
    fs::create_dir(&folder).expect("the folder is back");
    house.database.execute("UPDATE outbox SET next_try_at = 0");
    let left = "SELECT CAST(id AS TEXT) AS line FROM outbox WHERE sent_at IS NOT NULL";
    eventually("the mail leaves after all", async || (!house.database.lines(left).is_empty()).then_some(())).await;
    assert_eq!(fs::read_dir(&folder).expect("the folder").count(), 1);
    drop(node);
}

#[test]
fn a_folder_that_cannot_be_written_is_named_and_nothing_starts() {
    if turns::is_on_postgres() {
        return;
    }
    // Not even root writes there.
    let house = House::on_sqlite().set("HIKAE_DATA_DIR", "/proc/hikae");
    for command in [&["serve"][..], &["user", "list"]] {
        let (done, said) = house.try_run(command, "");
        assert!(!done && said.contains("/proc/hikae"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_another_process_holds_the_database_everybody_is_told_so_in_time() {
    if turns::is_on_postgres() {
        return;
    }
    let house = House::on_sqlite();
    let (email, _) = populate(&house, 1).remove(0);
    let node = house.start();
    let held = house.database.hold();
    let began = Instant::now();
    let pages = join_all((0..6).map(|_| {
        let (browser, email) = (house.browser(), email.clone());
        async move { (browser.sign_in_with(&email, PASSWORD).await, began.elapsed()) }
    }));
    let alive = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        // A connection of its own for each, so that every thread of the server is asked.
        for _ in 0..12 {
            tokio::time::sleep(Duration::from_millis(250)).await;
            let asked = Instant::now();
            house.browser().get("/healthz").await.expect(200);
            assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
        }
    };
    let (pages, ()) = tokio::join!(pages, alive);
    for (page, took) in &pages {
        assert!(page.status == 503 && page.header("retry-after").is_some(), "{} {}", page.status, page.text());
        // Five seconds for a turn, ten for the database, and some for a busy machine.
        assert!(*took < Duration::from_secs(17), "{took:?}");
    }
    drop(held);
    house.browser().sign_in_with(&email, PASSWORD).await.expect_redirect("/login/code");
    node.kill();
}
