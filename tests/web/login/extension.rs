//! More time for the second step, for whoever is slow with phone or paper: as often as WCAG 2.2.1
//! asks for, never for longer, and nothing but time.

use hikae::domain::time::Seconds;

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::page::{Form, Page};

const BUTTON: &str = "時間を延長する";
const OVER: &str = "有効期限が切れました";

async fn asking(browser: &Browser, path: &str) -> Form {
    browser.get(path).await.expect(200).form(BUTTON)
}

async fn extend(browser: &Browser, path: &str) -> Page {
    asking(browser, path).await.submit(browser).await.expect(303);
    browser.get(path).await.expect(200)
}

#[tokio::test]
async fn ten_minutes_from_now_can_be_had_on_both_pages_and_lead_back() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let stage = app.password_proven(&person.member).await;
    app.turn(Seconds(599));
    let form = asking(&stage, "/login/code?next=%2Faccount%2Femail").await;
    form.submit(&stage).await.expect_redirect("/login/code?next=%2Faccount%2Femail");
    let page = stage.get("/login/code").await.expect(200);
    assert!(page.notice().contains("時間を延長しました") && page.text().contains("12:20"), "{}", page.text());

    app.turn(Seconds(599));
    asking(&stage, "/login/recovery").await.submit(&stage).await.expect_redirect("/login/recovery");
    assert!(stage.get("/login/recovery").await.expect(200).text().contains("12:30"));
    app.turn(Seconds(599));
    stage.enter_backup_code(&person.codes[0]).await.expect_redirect("/account/two-factor");
}

#[tokio::test]
async fn it_can_be_had_ten_times_at_the_last_moment_and_never_again() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let stage = app.password_proven(&person.member).await;
    let form = asking(&stage, "/login/code").await;
    for time in 0..10 {
        app.turn(Seconds(599));
        assert!(extend(&stage, "/login/code").await.notice().contains("延長しました"), "the {time}th time");
    }
    // Eleven times ten minutes after the password it ends, whatever is pressed.
    app.turn(Seconds(600 * 11 - 599 * 10 - 20));
    let last = extend(&stage, "/login/code").await;
    assert!(!last.has_form(BUTTON), "{}", last.text());
    form.submit(&stage).await.expect(303);
    let page = stage.get("/login/code").await.expect(200);
    assert!(page.notice().contains("これ以上は延長できません") && !page.has_form(BUTTON), "{}", page.text());
    app.turn(Seconds(20));
    form.submit(&stage).await.expect_redirect("/login");
    assert!(stage.get("/login").await.notice().contains(OVER));
    stage.get("/login/code").await.expect_redirect("/login");
}

#[tokio::test]
async fn a_stage_that_is_over_stays_over() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let late = app.password_proven(&person.member).await;
    let form = asking(&late, "/login/code?next=%2Faccount%2Femail").await;
    app.turn(Seconds(600));
    form.submit(&late).await.expect(303);
    let page = late.get("/login").await.expect(200);
    assert!(page.notice().contains(OVER), "{}", page.text());
    late.get("/login/code").await.expect_redirect("/login");

    // Ended by leaving, by success, by a new password: the same.
    let left = app.password_proven(&person.member).await;
    let (form, cookies) = (asking(&left, "/login/code").await, left.cookies());
    left.get("/login/code").await.form("ログアウト").submit(&left).await.expect(303);
    left.plant_cookies(cookies);
    form.submit(&left).await;
    left.get("/login/code").await.expect_redirect("/login");

    let done = app.password_proven(&person.member).await;
    let (form, cookies) = (asking(&done, "/login/code").await, done.cookies());
    let code = app.fresh_code(&person.authenticator);
    done.enter_security_code(&code).await.expect(303);
    let replayed = app.browser();
    replayed.plant_cookies(cookies);
    form.submit(&replayed).await;
    assert!(!replayed.is_signed_in().await);
    replayed.get("/login/code").await.expect_redirect("/login");
    let open = format!("stage = 'password_proven' AND expires_at > {}", app.now().0);
    assert!(app.database.lines(&format!("SELECT stage AS line FROM sessions WHERE {open}")).is_empty());
}

#[tokio::test]
async fn it_changes_nothing_but_the_end() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    app.turn(Seconds(30));
    let stage = app.password_proven(&person.member).await;
    let wrong = person.authenticator.wrong_code_at(app.now());
    for _ in 0..4 {
        stage.enter_security_code(&wrong).await.expect(422);
    }
    let kept = || {
        [
            "SELECT CAST(id AS TEXT) AS line FROM sessions ORDER BY id",
            "SELECT CAST(failures AS TEXT) AS line FROM attempts ORDER BY user_id",
        ]
        .into_iter()
        .chain([
            "SELECT CAST(seq AS TEXT) AS line FROM audit_events ORDER BY seq",
            "SELECT CAST(id AS TEXT) AS line FROM outbox ORDER BY id",
        ])
        .map(|sql| app.database.lines(sql))
        .collect::<Vec<_>>()
    };
    let before = kept();
    app.turn(Seconds(60));
    extend(&stage, "/login/code").await;
    assert_eq!(kept(), before);
    // The counter went on from where it was.
    let wrong = person.authenticator.wrong_code_at(app.now());
    stage.enter_security_code(&wrong).await.expect(422);
    stage.enter_security_code(&wrong).await.expect(429);
    extend(&stage, "/login/code").await;
    stage.enter_security_code(&wrong).await.expect(429);
}

#[tokio::test]
async fn it_is_for_nobody_else() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let stage = app.password_proven(&person.member).await;
    let form = asking(&stage, "/login/code").await;
    let visitor = app.browser();
    let token = visitor.get("/login").await.form("ログイン").value("csrf_token").expect("a token").to_owned();
    form.clone().forge("csrf_token", &token).submit(&visitor).await.expect_redirect("/login");
    let token = person.browser.get("/account").await.form("ログアウト").value("csrf_token").expect("one").to_owned();
    form.clone().forge("csrf_token", &token).submit(&person.browser).await.expect_redirect("/account");
    form.clone().without("csrf_token").submit(&stage).await.expect(403);
    form.clone().forge("back", "//evil.example").submit(&stage).await.expect_redirect("/login/code");
    form.forge("next", "//evil.example").submit(&stage).await.expect_redirect("/login/code");
}

#[tokio::test]
async fn with_a_code_entered_at_the_same_moment_the_stage_gives_one_session() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let stage = app.password_proven(&person.member).await;
    let (more, code) = (asking(&stage, "/login/recovery").await, stage.get("/login/recovery").await);
    let code = code.form("/login/recovery/backup-code").fill("backup_code", &person.codes[0]);
    let windows: Vec<Browser> = (0..4).map(|_| stage.clone()).collect();
    let extending = futures_util::future::join_all(windows.iter().map(|window| more.submit(window)));
    let (_, signed_in) = tokio::join!(extending, code.submit(&stage));
    signed_in.expect_redirect("/account/two-factor");
    let sql = format!("SELECT stage AS line FROM sessions WHERE user_id = {} ORDER BY stage", person.member.id);
    assert_eq!(app.database.lines(&sql), ["complete", "complete"], "the set-up's session and this one");
}
