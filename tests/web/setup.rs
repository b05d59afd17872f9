//! The first start: a printed token makes the first office and its administrator, once.

use futures_util::future::join_all;
use hikae::domain::plan::Plan;
use hikae::domain::time::Seconds;
use hikae::service::first_start;

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::members::PASSWORD;
use crate::support::page::{Form, Page};

const PATH: &str = "/setup";
const EMAIL: &str = "first@x.example";

/// The token that a start prints.
async fn token(app: &TestApp) -> String {
    first_start::offer(&app.services).await.expect("an offer").expect("a token").reveal().to_owned()
}

async fn form(browser: &Browser) -> Form {
    browser.get(PATH).await.expect(200).form(PATH)
}

fn filled(form: Form, token: &str) -> Form {
    let form = form.fill("token", token).fill("office_name", "株式会社ひかえ商事").fill("plan", "corporate-standard");
    form.fill("name", "控 一郎").fill("email", EMAIL).fill("new_password", PASSWORD)
}

fn people_and_offices(app: &TestApp) -> Vec<String> {
    let mut lines = app.database.lines("SELECT email || ' ' || name AS line FROM users");
    lines.extend(app.database.lines("SELECT name || ' ' || plan AS line FROM offices"));
    lines.extend(app.database.lines("SELECT role AS line FROM memberships"));
    lines
}

fn statuses(pages: &[Page]) -> Vec<u16> {
    pages.iter().map(|page| page.status).collect()
}

#[tokio::test]
async fn the_token_makes_the_first_office_and_its_administrator_and_then_there_is_nothing_here() {
    let app = TestApp::start().await;
    let token = token(&app).await;
    let browser = app.browser();
    browser.get("/login").await.expect_redirect(PATH);
    let open = form(&browser).await;
    filled(open.clone(), &format!(" {token}\n")).submit(&browser).await.expect_redirect("/login");
    assert_eq!(
        people_and_offices(&app),
        [format!("{EMAIL} 控 一郎"), "株式会社ひかえ商事 corporate-standard".to_owned(), "admin".to_owned()]
    );
    assert!(!browser.is_signed_in().await);
    assert!(browser.get("/login").await.expect(200).notice().contains("二要素認証"));
    browser.sign_in_with(EMAIL, PASSWORD).await.expect_redirect("/account");
    let page = browser.get("/account").await.expect(200);
    assert!(page.text().contains("株式会社ひかえ商事") && page.text().contains("管理者"), "{}", page.text());

    let before = people_and_offices(&app);
    assert!(app.database.lines("SELECT CAST(created_at AS TEXT) AS line FROM first_start").is_empty());
    let late = app.browser();
    late.get(PATH).await.expect(404);
    let page = late.get("/login").await.expect(200);
    let csrf = page.form("ログイン").value("csrf_token").expect("a token").to_owned();
    filled(open, &token).forge("csrf_token", &csrf).submit(&late).await.expect(404);
    assert_eq!(people_and_offices(&app), before);
    assert!(first_start::offer(&app.services).await.expect("no fault").is_none(), "no token any more");
    let rows = "SELECT action || ' ' || outcome AS line FROM audit_events WHERE office_id IS NOT NULL";
    assert_eq!(app.database.lines(rows), ["first_start.done done"]);
}

#[tokio::test]
async fn a_wrong_token_makes_nothing_and_what_was_typed_stays() {
    let app = TestApp::start().await;
    let token = token(&app).await;
    let (browser, hashes) = (app.browser(), app.services.gate.made());
    let other = "A".repeat(43);
    for wrong in ["", " ", "x", other.as_str(), &token[1..]] {
        let page = filled(form(&browser).await, wrong).submit(&browser).await.expect(422);
        assert!(page.errors().contains("トークン"), "{}", page.errors());
        let kept = page.form(PATH);
        for (field, value) in [
            ("office_name", "株式会社ひかえ商事"),
            ("plan", "corporate-standard"),
            ("name", "控 一郎"),
            ("email", EMAIL),
        ] {
            assert_eq!(kept.value(field), Some(value));
        }
        assert_eq!(kept.value("new_password"), Some(""));
    }
    assert!(people_and_offices(&app).is_empty());
    assert_eq!(app.services.gate.made(), hashes, "hashed without a token");
    filled(form(&browser).await, &token).submit(&browser).await.expect(303);
}

#[tokio::test]
async fn wrong_tokens_are_counted_by_network() {
    let app = TestApp::with().trusted_proxy("127.0.0.0/8").start().await;
    let token = token(&app).await;
    let guesser = app.browser().with_header("x-forwarded-for", "203.0.113.9");
    for _ in 0..10 {
        filled(form(&guesser).await, "x").submit(&guesser).await.expect(422);
    }
    let page = filled(form(&guesser).await, &token).submit(&guesser).await.expect(429);
    assert!(page.header("retry-after").is_some());
    assert!(people_and_offices(&app).is_empty());
    app.turn(Seconds::minutes(15));
    filled(form(&guesser).await, "x").submit(&guesser).await.expect(422);
    let operator = app.browser();
    filled(form(&operator).await, &token).submit(&operator).await.expect(303);
}

#[tokio::test]
async fn every_field_is_checked_and_named() {
    let app = TestApp::start().await;
    let token = token(&app).await;
    let browser = app.browser();
    let long = "あ".repeat(101);
    for (field, value) in [
        ("office_name", ""),
        ("office_name", long.as_str()),
        ("plan", ""),
        ("plan", "starter"),
        ("name", ""),
        ("name", long.as_str()),
        ("email", ""),
        ("email", "no address"),
        ("new_password", ""),
        ("new_password", "short7!"),
        ("new_password", "password"),
        ("new_password", EMAIL),
    ] {
        let page = filled(form(&browser).await, &token).fill(field, value).submit(&browser).await.expect(422);
        assert_eq!(page.attributes(".error-summary a", "href"), [format!("#{field}")], "{field}: {value:?}");
        assert_eq!(page.form(PATH).value("token"), Some(token.as_str()));
    }
    let page = form(&browser).await.submit(&browser).await.expect(422);
    assert_eq!(page.attributes(".error-summary a", "href").len(), 6);
    assert!(people_and_offices(&app).is_empty());
    filled(form(&browser).await, &token).submit(&browser).await.expect(303);
}

#[tokio::test]
async fn every_plan_can_be_chosen() {
    let app = TestApp::start().await;
    token(&app).await;
    let page = app.browser().get(PATH).await.expect(200);
    let mut offered = page.attributes("select[name=plan] option", "value");
    offered.retain(|plan| !plan.is_empty());
    let all: Vec<&str> = Plan::ALL.iter().map(|plan| plan.slug()).collect();
    assert_eq!(offered, all);
    assert_eq!(page.attributes("select[name=plan] optgroup", "label").len(), 4);
}

#[tokio::test]
async fn of_many_hands_with_tokens_of_their_own_one_begins() {
    for _ in 0..3 {
        let app = TestApp::start().await;
        let mut hands = Vec::new();
        for hand in 0..8 {
            let (browser, token) = (app.browser(), token(&app).await);
            let form = filled(form(&browser).await, &token).fill("email", &format!("first{hand}@x.example"));
            hands.push((browser, form));
        }
        let pages = join_all(hands.iter().map(|(browser, form)| form.submit(browser))).await;
        let statuses = statuses(&pages);
        assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| matches!(status, 303 | 404 | 422 | 503)), "{statuses:?}");
        assert_eq!(people_and_offices(&app).len(), 3, "{:?}", people_and_offices(&app));
    }
}

#[tokio::test]
async fn of_many_starts_the_newest_tokens_are_good() {
    let app = TestApp::start().await;
    let first = token(&app).await;
    for _ in 0..20 {
        app.turn(Seconds(1));
        token(&app).await;
    }
    let browser = app.browser();
    filled(form(&browser).await, &first).submit(&browser).await.expect(422);
    assert_eq!(app.database.lines("SELECT CAST(created_at AS TEXT) AS line FROM first_start").len(), 20);
    let last = token(&app).await;
    filled(form(&browser).await, &last).submit(&browser).await.expect(303);
}

#[tokio::test]
async fn without_a_printed_token_or_with_people_there_is_nothing_here() {
    let app = TestApp::start().await;
    app.browser().get(PATH).await.expect(404);
    app.browser().get("/login").await.expect(200);
    let token = token(&app).await;
    let browser = app.browser();
    let open = form(&browser).await;
    app.member().await;
    filled(open, &token).submit(&browser).await.expect(404);
    app.browser().get(PATH).await.expect(404);
    app.browser().get("/login").await.expect(200);
    assert!(app.database.lines("SELECT CAST(created_at AS TEXT) AS line FROM first_start").is_empty());
    assert_eq!(people_and_offices(&app).len(), 3);
}

#[tokio::test]
async fn a_fault_half_way_makes_nothing_and_leaves_the_token_good() {
    let app = TestApp::start().await;
    let token = token(&app).await;
    let browser = app.browser();
    let form = filled(form(&browser).await, &token);
    app.database.execute("ALTER TABLE audit_head RENAME TO audit_head_gone");
    form.submit(&browser).await.expect(500);
    app.database.execute("ALTER TABLE audit_head_gone RENAME TO audit_head");
    assert!(people_and_offices(&app).is_empty());
    form.submit(&browser).await.expect(303);
}
