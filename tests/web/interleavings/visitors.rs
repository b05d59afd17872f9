//! Visitors cost the database nothing, and their cookie is worth what we wrote into it, as long
//! as we said.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};
use hikae::crypto::keys::Purpose;
use hikae::domain::time::Seconds;

use super::sign_in_form;
use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::cookie::{content, forge, session_key};
use crate::support::database::Database;
use crate::support::members::{Member, PASSWORD};
use crate::support::page::Page;

/// The sessions of everybody.
fn rows(app: &TestApp) -> usize {
    app.database.lines("SELECT stage AS line FROM sessions").len()
}

/// Signs in with what the page gave and the cookie that is there now; it must be refused with a
/// page that says so, and do nothing.
async fn expect_refusal(app: &TestApp, browser: &Browser, member: &Member, change: impl FnOnce(&Browser), what: &str) {
    let form = sign_in_form(browser, &member.email, PASSWORD).await;
    change(browser);
    let page = form.submit(browser).await;
    assert_eq!(page.status, 403, "{what}: {}", page.text());
    assert!(!page.h1().is_empty(), "{what}: {}", page.html);
    assert_eq!(rows(app), 0, "{what}");
    assert!(!browser.is_signed_in().await, "{what}");
}

#[tokio::test]
async fn fifty_visitors_leave_no_row() {
    let app = TestApp::start().await;
    for _ in 0..50 {
        let browser = app.browser();
        browser.get("/login").await.expect(200);
        assert!(browser.session_cookie().is_some());
    }
    assert_eq!(rows(&app), 0);
    assert!(app.database.lines("SELECT bucket AS line FROM rate_windows").is_empty());
}

#[tokio::test]
async fn a_visitors_cookie_with_one_changed_character_is_not_accepted() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let sample = app.browser();
    sample.get("/login").await.expect(200);
    let length = content(&sample).len();
    // The first characters name the key; then comes what it carries, then the hash.
    for place in (0..length).step_by(11).chain([length - 2]) {
        let change = |browser: &Browser| {
            let mut bytes = content(browser).into_bytes();
            bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
            forge(browser, &String::from_utf8(bytes).expect("ASCII"));
        };
        expect_refusal(&app, &app.browser(), &member, change, &format!("character {place}")).await;
    }
    // Signed anew and unchanged it is what it was: the changes were refused, not the signing.
    let browser = app.browser();
    let form = sign_in_form(&browser, &member.email, PASSWORD).await;
    forge(&browser, &content(&browser));
    form.submit(&browser).await.expect_redirect("/account");
}

#[tokio::test]
async fn a_visitors_cookie_of_another_installation_is_not_accepted() {
    let (app, other) = (TestApp::start().await, TestApp::start().await);
    let member = app.member().await;
    let theirs = other.browser();
    let form = sign_in_form(&theirs, &member.email, PASSWORD).await;
    let browser = app.browser();
    browser.plant_cookies(theirs.cookies());
    let page = form.submit(&browser).await.expect(403);
    assert!(!page.h1().is_empty());
    assert_eq!(rows(&app), 0);

    // Nor when it says that its key is the one of this installation.
    let (own, their) = (app.browser(), content(&theirs));
    own.get("/login").await.expect(200);
    let (own_parts, mut parts) = (content(&own), their.split('.').collect::<Vec<_>>());
    parts[0] = own_parts.split('.').next().expect("a key");
    forge(&browser, &parts.join("."));
    form.submit(&browser).await.expect(403);
    assert_eq!(rows(&app), 0);
}

#[tokio::test]
async fn a_visitors_cookie_is_good_for_two_hours() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    let over = |_: &Browser| app.turn(Seconds::hours(2));
    expect_refusal(&app, &browser, &member, over, "two hours old").await;
    let form = sign_in_form(&browser, &member.email, PASSWORD).await;
    app.turn(Seconds(2 * 3_600 - 1));
    form.submit(&browser).await.expect_redirect("/account");
}

#[tokio::test]
async fn what_the_database_knows_of_a_session_opens_nothing_even_under_our_own_hash() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let hex = match app.database {
        Database::Sqlite(_) => "hex(key_digest)",
        Database::Postgres(_) => "encode(key_digest, 'hex')",
    };
    let known = |column: &str| {
        app.database
            .lines(&format!("SELECT {column} AS line FROM sessions WHERE user_id = {}", person.member.id))
            .concat()
    };
    let (id, hex) = (known("CAST(id AS TEXT)"), known(hex));
    let digest = BASE64URL_NOPAD.encode(&HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).expect("hex"));
    let keys = &app.services.keys;
    let cookie = |state: &str| {
        let text = format!(r#"{{"expires_at":{},"state":{state}}}"#, app.now().0 + 600);
        let mac = keys.mac(&keys.active_id(), Purpose::Cookie, &[text.as_bytes()]).expect("a hash");
        let encode = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
        format!("{}.{}.{}", keys.active_id(), encode(text.as_bytes()), encode(&mac))
    };
    let browser = app.browser();
    let form = sign_in_form(&browser, &person.member.email, PASSWORD).await;
    for known in [&id, &hex, &digest] {
        for value in [known.clone(), format!(r#"\"{known}\""#)] {
            forge(&browser, &cookie(&format!(r#"{{"session":"{value}"}}"#)));
            assert!(!browser.is_signed_in().await, "{value}");
        }
    }
    // The cookies are made as ours are: with the key of the session one is its browser's.
    let key = session_key(&person.browser);
    forge(&browser, &cookie(&format!(r#"{{"session":"\"{key}\""}}"#)));
    assert!(browser.is_signed_in().await);
    forge(&browser, &cookie(r#"{"csrf":"\"token\""}"#));
    form.forge("csrf_token", "token").submit(&browser).await.expect_redirect("/login/code");
}

#[tokio::test]
async fn a_cookie_whose_session_is_deleted_is_a_visitors() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let page = person.browser.get("/account/two-factor").await.expect(200);
    let form = page.form("二要素認証解除メールを送信");
    let cookies = person.browser.cookies();
    app.database.execute("DELETE FROM sessions");
    let mails = app.mailbox.count(&person.member.email).await;
    let to_sign_in = |page: &Page| page.location().is_some_and(|to| to.starts_with("/login"));
    let page = form.submit(&person.browser).await.expect(303);
    assert!(to_sign_in(&page), "{:?}", page.location());
    assert_eq!(app.mailbox.count(&person.member.email).await, mails);
    person.browser.plant_cookies(cookies);
    let page = person.browser.get("/account").await.expect(303);
    assert!(to_sign_in(&page), "{:?}", page.location());
    assert_eq!(rows(&app), 0, "a key without a row was adopted");
    person.browser.sign_in(&person.member).await.expect_redirect("/login/code");
}
