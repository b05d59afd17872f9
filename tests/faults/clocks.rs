//! The clock of the machine jumps under the running program (SC-77). By hand, for it needs Debian's
//! `faketime`; that the rules hold, tests/web/login/clock.rs tries with a clock that is handed in.

use std::path::Path;

use hikae::clock::Clock;
use hikae::domain::time::Timestamp;

use crate::house::House;
use crate::invariants;
use crate::people::PASSWORD;
use crate::populate::populate;
use crate::support::authenticator::Authenticator;
use crate::support::browser::Browser;

const LIBRARY: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
const HOUR: i64 = 3_600;
const FIFTEEN_YEARS: i64 = 15 * 365 * 24 * HOUR;

/// The machine's clock as the program sees it.
struct MachineClock<'a>(&'a House);

impl MachineClock<'_> {
    fn turn(&self, seconds: i64) {
        std::fs::write(self.0.path("clock"), format!("{seconds:+}\n")).expect("the clock is turned");
    }
}

async fn password_proven(house: &House, email: &str) -> Browser {
    let browser = house.browser();
    browser.sign_in_with(email, PASSWORD).await.expect_redirect("/login/code");
    browser
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Debian's faketime"]
async fn an_hour_back_an_hour_forward_and_beyond_2038() {
    assert!(Path::new(LIBRARY).exists(), "apt-get install faketime");
    let house = House::empty().await;
    let clock_file = house.path("clock").display().to_string();
    let house = house
        .set("LD_PRELOAD", LIBRARY)
        .set("FAKETIME_TIMESTAMP_FILE", &clock_file)
        .set("FAKETIME_NO_CACHE", "1")
        .set("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    let clock = MachineClock(&house);
    clock.turn(0);
    let (email, key) = populate(&house, 1).remove(0);
    let authenticator = Authenticator { key };
    let code = |ahead: i64| authenticator.code_at(Timestamp(Clock::System.now().0 + ahead));
    let node = house.start();

    let first = password_proven(&house, &email).await;
    first.enter_security_code(&code(0)).await.expect_redirect("/account");
    let codes = first.reissue(&code(30)).await.expect(200).codes();
    password_proven(&house, &email).await.enter_backup_code(&codes[0]).await.expect_redirect("/account/two-factor");

    clock.turn(-HOUR);
    let stage = password_proven(&house, &email).await;
    stage.enter_security_code(&code(0)).await.expect(422);
    stage.enter_security_code(&code(-HOUR)).await.expect(422);
    stage.enter_backup_code(&codes[0]).await.expect(422);
    stage.enter_backup_code(&codes[1]).await.expect_redirect("/account/two-factor");
    assert!(first.is_signed_in().await, "a clock that was set right signs nobody out");

    clock.turn(HOUR);
    password_proven(&house, &email).await.enter_security_code(&code(HOUR)).await.expect_redirect("/account");

    clock.turn(FIFTEEN_YEARS);
    assert!(!first.is_signed_in().await, "a session of fifteen years ago");
    let late = password_proven(&house, &email).await;
    late.enter_security_code(&code(FIFTEEN_YEARS)).await.expect_redirect("/account");
    let codes = late.reissue(&code(FIFTEEN_YEARS + 30)).await.expect(200).codes();
    password_proven(&house, &email).await.enter_backup_code(&codes[9]).await.expect_redirect("/account/two-factor");
    house.browser().get("/readyz").await.expect(200);
    node.kill();
    house.settle();
    assert_eq!(invariants::broken(&house), Vec::<String>::new());
    house.run(&["audit", "verify"], "");
}
