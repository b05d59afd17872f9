//! Two nodes whose clocks are forty seconds apart: the first is right, the second is ahead.

use hikae::domain::time::Seconds;

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::members::{PASSWORD, Protected};

const APART: i64 = 40;

async fn apart() -> TestApp {
    TestApp::with().nodes(&[Seconds(0), Seconds(APART)]).start().await
}

/// A browser at one node that has proven the password there.
async fn proven_at(app: &TestApp, node: usize, person: &Protected) -> Browser {
    let browser = app.nodes[node].browser();
    browser.sign_in(&person.member).await.expect_redirect("/login/code");
    browser
}

fn of_attempts(app: &TestApp, person: &Protected, column: &str) -> i64 {
    let sql = format!(
        "SELECT CAST(COALESCE({column}, 0) AS TEXT) AS line FROM attempts WHERE user_id = {}",
        person.member.id
    );
    app.database.lines(&sql).concat().parse().expect("a number")
}

/// Moves from one time step to the next in parts, and tries the code of the phone, which goes by
/// the right time, on both nodes, now this one first, now that one.
#[tokio::test]
async fn a_security_code_is_accepted_once_and_accepted_steps_only_grow() {
    let app = apart().await;
    let person = app.protected_member().await;
    let (mut accepted, mut refused_ahead) = (0, 0);
    for round in 0..12 {
        app.turn(Seconds(50));
        let code = person.authenticator.code_at(app.now());
        let before = of_attempts(&app, &person, "last_step");
        let mut passed = 0;
        for node in if round % 2 == 0 { [0, 1, 0] } else { [1, 0, 1] } {
            let browser = proven_at(&app, node, &person).await;
            let page = browser.enter_security_code(&code).await;
            assert!(matches!(page.status, 303 | 422), "{}: {}", page.status, page.text());
            passed += usize::from(page.status == 303);
            refused_ahead += usize::from(page.status == 422 && passed == 0);
            assert_eq!(browser.is_signed_in().await, page.status == 303);
        }
        assert_eq!(passed, 1, "round {round}: whoever tries again at the right node gets in, once");
        assert!(of_attempts(&app, &person, "last_step") > before, "round {round}");
        accepted += passed;
    }
    assert_eq!(accepted, 12);
    // A third of a step's time the phone is two steps behind the node that is ahead.
    assert!(refused_ahead > 0 && refused_ahead < 6, "{refused_ahead} of 6 right codes were refused by the node ahead");
}

#[tokio::test]
async fn a_wait_holds_on_both_nodes_and_is_never_taken_back() {
    let app = apart().await;
    let person = app.protected_member().await;
    let (mut failures, mut until) = (0, 0);
    let behind = proven_at(&app, 0, &person).await;
    let ahead = proven_at(&app, 1, &person).await;
    for round in 0..2 {
        for browser in [&behind, &ahead, &ahead, &behind, &ahead] {
            browser.enter_backup_code("000000001").await;
            let now = (of_attempts(&app, &person, "failures"), of_attempts(&app, &person, "blocked_until"));
            assert!(now.0 >= failures && now.1 >= until, "round {round}: {now:?} after {:?}", (failures, until));
            (failures, until) = now;
        }
        for browser in [&ahead, &behind] {
            browser.enter_backup_code(&person.codes[0]).await.expect(429);
        }
        // As long as the node that is ahead still waits, the other does, too.
        app.turn(Seconds(until - APART - 1 - app.now().0));
        for browser in [&ahead, &behind] {
            browser.enter_backup_code(&person.codes[0]).await.expect(429);
        }
        app.turn(Seconds(1));
        behind.enter_backup_code(&person.codes[0]).await.expect(429);
    }
    assert_eq!(failures, 6);
    app.turn(Seconds::hours(2));
    proven_at(&app, 0, &person).await.enter_backup_code(&person.codes[0]).await.expect(303);
}

#[tokio::test]
async fn wrong_passwords_are_counted_in_one_window() {
    let app = apart().await;
    let person = app.protected_member().await;
    for guess in 0..10 {
        let browser = app.nodes[guess % 2].browser();
        browser.sign_in_with(&person.member.email, "まったく違うパスワード").await.expect(422);
    }
    for node in &app.nodes {
        node.browser().sign_in(&person.member).await.expect(429);
    }
}

#[tokio::test]
async fn sessions_live_on_both_nodes_and_end_within_the_difference() {
    let app = apart().await;
    let person = app.protected_member().await;
    for (at, other) in [(0, 1), (1, 0)] {
        let stage = proven_at(&app, at, &person).await;
        // The second step falls to the other node.
        let browser = app.nodes[other].taking_over(&stage);
        browser.enter_backup_code(&person.codes[at]).await.expect(303);
        for minute in 0..20 {
            app.turn(Seconds::minutes(10));
            let node = &app.nodes[minute % 2];
            assert!(node.taking_over(&browser).is_signed_in().await, "from {at}: {minute}");
        }
        app.turn(Seconds::minutes(59));
        assert!(app.nodes[1].taking_over(&browser).is_signed_in().await, "the idle hour ended early");
        app.turn(Seconds(60 * 60 + APART));
        for node in &app.nodes {
            assert!(!node.taking_over(&browser).is_signed_in().await, "the idle hour did not end");
        }
    }
}

#[tokio::test]
async fn links_keep_their_term_but_for_the_difference() {
    let app = apart().await;
    for node in [0, 1] {
        let person = app.protected_member().await;
        app.nodes[node].taking_over(&person.browser).request_release().await.expect(303);
        let path = app.mailbox.newest(&person.member.email, "二要素認証の解除").await.path("/two-factor-release/");
        app.turn(Seconds(30 * 60 - APART - 1));
        for node in &app.nodes {
            node.browser().get(&path).await.expect(200);
        }
        app.turn(Seconds(2 * APART + 1));
        for node in &app.nodes {
            let page = node.browser().get(&path).await;
            assert!(!page.has_form(&path), "a link lives longer than its term and the difference");
        }
        app.nodes[node].browser().sign_in_with(&person.member.email, PASSWORD).await.expect_redirect("/login/code");
    }
}
