//! Many hands at once on what may happen only once.

use futures_util::future::join_all;
use hikae::domain::time::Seconds;

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::members::{PASSWORD, Protected};
use crate::support::page::{Form, Page};

const HANDS: usize = 16;

/// Stages with a proven password, each with the form that takes a code already open.
async fn open_stages(app: &TestApp, person: &Protected, page: &str, form: &str) -> Vec<(Browser, Form)> {
    let mut stages = Vec::new();
    for _ in 0..HANDS {
        let browser = app.password_proven(&person.member).await;
        let form = browser.get(page).await.expect(200).form(form);
        stages.push((browser, form));
    }
    stages
}

async fn submit_all(stages: &[(Browser, Form)], field: &str, values: impl Fn(usize) -> String) -> Vec<Page> {
    let all = stages.iter().enumerate().map(|(hand, (browser, form))| {
        let form = form.clone().fill(field, &values(hand));
        async move { form.submit(browser).await }
    });
    join_all(all).await
}

async fn signed_in(stages: &[(Browser, Form)]) -> usize {
    let mut count = 0;
    for (browser, _) in stages {
        count += usize::from(browser.is_signed_in().await);
    }
    count
}

fn successes(pages: &[Page]) -> usize {
    pages.iter().filter(|page| page.status == 303).count()
}

#[tokio::test]
async fn one_backup_code_signs_in_one_of_sixteen_hands() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let stages = open_stages(&app, &person, "/login/recovery", "/login/recovery/backup-code").await;
    let pages = submit_all(&stages, "backup_code", |_| person.codes[0].clone()).await;
    assert_eq!(successes(&pages), 1, "{:?}", pages.iter().map(|page| page.status).collect::<Vec<_>>());
    assert!(pages.iter().all(|page| matches!(page.status, 303 | 422 | 429 | 503)));
    assert_eq!(signed_in(&stages).await, 1);
    let page = person.browser.get("/account/two-factor").await.expect(200);
    assert_eq!(page.all(".mark--used").len(), 1);
}

#[tokio::test]
async fn one_security_code_signs_in_one_of_sixteen_hands() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let stages = open_stages(&app, &person, "/login/code", "/login/code").await;
    let code = app.fresh_code(&person.authenticator);
    let pages = submit_all(&stages, "code", |_| code.clone()).await;
    assert_eq!(successes(&pages), 1, "{:?}", pages.iter().map(|page| page.status).collect::<Vec<_>>());
    assert_eq!(signed_in(&stages).await, 1);
}

#[tokio::test]
async fn two_backup_codes_in_sixteen_hands_count_down_by_exactly_two() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let stages = open_stages(&app, &person, "/login/recovery", "/login/recovery/backup-code").await;
    let pages = submit_all(&stages, "backup_code", |hand| person.codes[hand % 2].clone()).await;
    assert_eq!(successes(&pages), 2, "{:?}", pages.iter().map(|page| page.status).collect::<Vec<_>>());
    assert_eq!(signed_in(&stages).await, 2);
    let page = person.browser.get("/account/two-factor").await.expect(200);
    assert_eq!(page.all(".mark--used .mark__number"), ["1", "2"]);
}

#[tokio::test]
async fn ten_backup_codes_at_once_all_sign_in_once() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let mut stages = open_stages(&app, &person, "/login/recovery", "/login/recovery/backup-code").await;
    stages.truncate(10);
    let pages = submit_all(&stages, "backup_code", |hand| person.codes[hand].clone()).await;
    assert_eq!(successes(&pages), 10, "{:?}", pages.iter().map(|page| page.status).collect::<Vec<_>>());
    let page = person.browser.get("/account/two-factor").await.expect(200);
    assert_eq!(page.all(".mark--used").len(), 10);
}

#[tokio::test]
async fn a_reissue_and_uses_at_once_leave_a_whole_new_sheet() {
    let app = TestApp::start().await;
    for round in 0..3 {
        let person = app.protected_member().await;
        let stages = open_stages(&app, &person, "/login/recovery", "/login/recovery/backup-code").await;
        let code = app.fresh_code(&person.authenticator);
        let reissue = person.browser.get("/account/two-factor/backup-codes/reissue").await.expect(200).form("再発行");
        let reissue = reissue.fill("code", &code);
        let uses = submit_all(&stages, "backup_code", |_| person.codes[0].clone());
        let (page, uses) = futures_util::future::join(reissue.submit(&person.browser), uses).await;
        // Who comes when the reissue is done has no stage any more, and is sent to its begin.
        let answers: Vec<_> = uses.iter().map(|page| (page.status, page.location())).collect();
        let recovered = answers.iter().filter(|(_, to)| to.as_deref() == Some("/account/two-factor")).count();
        let stage_over = answers.iter().filter(|(_, to)| to.as_deref() == Some("/login")).count();
        assert!(recovered <= 1, "round {round}: {answers:?}");
        assert_eq!(recovered + stage_over, successes(&uses), "round {round}: {answers:?}");
        assert!(stage_over == 0 || page.status == 200, "round {round}: {answers:?}");
        // Losers of the race count as wrong codes, so the reissue may have come too late for a try.
        let state = person.browser.two_factor_state().await;
        if page.status == 200 {
            assert_eq!(page.codes().len(), 10);
            assert!(state.contains("第2回"), "{state}");
            let tab = person.browser.get("/account/two-factor").await.expect(200);
            assert!(tab.all(".mark--used").is_empty(), "an old code was spent on the new sheet");
            app.turn(Seconds::hours(2));
            let later = app.password_proven(&person.member).await;
            later.enter_backup_code(&person.codes[1]).await.expect(422);
            app.turn(Seconds::hours(2));
            app.password_proven(&person.member).await.enter_backup_code(&page.codes()[0]).await.expect(303);
        } else {
            assert_eq!(page.status, 429, "round {round}: {}", page.text());
            assert!(state.contains("第1回"), "{state}");
        }
    }
}

#[tokio::test]
async fn one_code_reissues_once_for_sixteen_hands() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let mut hands = Vec::new();
    for _ in 0..HANDS {
        let browser = person.browser.clone();
        let form = browser.get("/account/two-factor/backup-codes/reissue").await.expect(200).form("再発行");
        hands.push((browser, form));
    }
    let code = app.fresh_code(&person.authenticator);
    let pages = submit_all(&hands, "code", |_| code.clone()).await;
    let issued: Vec<&Page> = pages.iter().filter(|page| page.status == 200).collect();
    assert_eq!(issued.len(), 1, "{:?}", pages.iter().map(|page| page.status).collect::<Vec<_>>());
    let state = person.browser.two_factor_state().await;
    assert!(state.contains("第2回"), "{state}");
    app.turn(Seconds::hours(2));
    app.password_proven(&person.member).await.enter_backup_code(&issued[0].codes()[0]).await.expect(303);
}

#[tokio::test]
async fn one_set_up_is_confirmed_once_for_sixteen_hands() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let authenticator = browser.start_set_up(&member.password).await;
    let form = browser.get("/account/two-factor/setup").await.expect(200).form("/account/two-factor/setup/confirm");
    let hands: Vec<(Browser, Form)> = (0..HANDS).map(|_| (browser.clone(), form.clone())).collect();
    let code = authenticator.code_at(app.now());
    let pages = submit_all(&hands, "code", |_| code.clone()).await;
    let issued: Vec<&Page> = pages.iter().filter(|page| !page.codes().is_empty()).collect();
    assert_eq!(issued.len(), 1, "{:?}", pages.iter().map(|page| page.status).collect::<Vec<_>>());
    app.turn(Seconds::hours(2));
    app.password_proven(&member).await.enter_backup_code(&issued[0].codes()[0]).await.expect(303);
}

#[tokio::test]
async fn one_release_link_releases_once_for_sixteen_hands() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    person.browser.request_release().await;
    let path = app.mailbox.newest(&person.member.email, "二要素認証の解除").await.path("/two-factor-release/");
    let mut hands = Vec::new();
    for _ in 0..HANDS {
        let browser = app.browser();
        let form = browser.get(&path).await.expect(200).form(&path);
        hands.push((browser, form));
    }
    let before = app.mailbox.count(&person.member.email).await;
    let pages = submit_all(&hands, "password", |_| PASSWORD.to_owned()).await;
    let done = pages.iter().filter(|page| page.status < 400).count();
    assert_eq!(done, 1, "{:?}", pages.iter().map(|page| page.status).collect::<Vec<_>>());
    assert_eq!(app.mailbox.count(&person.member.email).await, before + 1, "the owner is told once");
    app.browser().sign_in(&person.member).await.expect_redirect("/account");
}

#[tokio::test]
async fn a_burst_of_wrong_codes_cannot_exceed_the_budget() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let stages = open_stages(&app, &person, "/login/recovery", "/login/recovery/backup-code").await;
    let pages = submit_all(&stages, "backup_code", |hand| format!("{:09}", hand + 1)).await;
    let looked_at = pages.iter().filter(|page| page.status == 422).count();
    assert!((1..=5).contains(&looked_at), "{:?}", pages.iter().map(|page| page.status).collect::<Vec<_>>());
    assert!(pages.iter().all(|page| matches!(page.status, 422 | 429 | 503)));
    let sql = format!("SELECT CAST(failures AS TEXT) AS line FROM attempts WHERE user_id = {}", person.member.id);
    assert_eq!(app.database.lines(&sql), [looked_at.to_string()], "a try that was not looked at was counted");
}

#[tokio::test]
async fn a_burst_of_wrong_security_codes_cannot_exceed_the_budget() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let stages = open_stages(&app, &person, "/login/code", "/login/code").await;
    let wrong = person.authenticator.wrong_code_at(app.now());
    let pages = submit_all(&stages, "code", |_| wrong.clone()).await;
    let looked_at = pages.iter().filter(|page| page.status == 422).count();
    assert!((1..=5).contains(&looked_at), "{:?}", pages.iter().map(|page| page.status).collect::<Vec<_>>());
}
