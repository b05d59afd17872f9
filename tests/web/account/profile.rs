//! Name, language and time zone.

use crate::support::app::TestApp;

const PATH: &str = "/account/profile";

#[tokio::test]
async fn name_language_and_zone_are_kept() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let form = browser.get(PATH).await.expect(200).form(PATH);
    assert_eq!(form.value("name"), Some("控 花子"));
    let form = form.fill("name", "控 華子").fill("language", "en").fill("time_zone", "Europe/London");
    form.submit(&browser).await.expect(303);

    let other = app.browser();
    other.sign_in(&member).await.expect(303);
    let page = other.get(PATH).await.expect(200);
    assert_eq!(page.attributes("html", "lang"), ["en"], "the member's language goes before the browser's");
    let form = page.form(PATH);
    assert_eq!(form.value("name"), Some("控 華子"));
    assert_eq!(form.value("time_zone"), Some("Europe/London"));
}

#[tokio::test]
async fn what_is_no_name_or_no_zone_changes_nothing() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let long = "長".repeat(101);
    for (name, zone) in [
        ("", "Asia/Tokyo"),
        ("   ", "Asia/Tokyo"),
        ("a\r\nb", "Asia/Tokyo"),
        ("a\u{1b}[31mb", "Asia/Tokyo"),
        (long.as_str(), "Asia/Tokyo"),
        ("控 華子", "Moon/Base"),
        ("控 華子", "../../etc/passwd"),
        ("控 華子", ""),
    ] {
        let form = browser.get(PATH).await.expect(200).form(PATH);
        let page = form.fill("name", name).fill("time_zone", zone).submit(&browser).await.expect(422);
        assert!(!page.errors().is_empty(), "{name:?} {zone:?}");
    }
    assert_eq!(browser.get(PATH).await.form(PATH).value("name"), Some("控 花子"));
}

#[tokio::test]
async fn a_name_is_shown_as_text_and_never_as_markup() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let name = "<script>alert(1)</script>\"'&";
    let form = browser.get(PATH).await.expect(200).form(PATH);
    form.fill("name", name).submit(&browser).await.expect(303);
    for path in [PATH, "/account", "/account/activity"] {
        let page = browser.get(path).await.expect(200);
        assert!(!page.html.contains("<script>alert"), "{path}");
    }
    assert_eq!(browser.get(PATH).await.form(PATH).value("name"), Some(name));
}

#[tokio::test]
async fn the_switch_of_the_language_is_remembered() {
    let app = TestApp::start().await;
    let visitor = app.browser();
    let page = visitor.get("/login").await.expect(200);
    assert_eq!(page.attributes("html", "lang"), ["ja"]);
    let page = page.form("English").submit(&visitor).await;
    assert!(page.location().expect("back to the page").starts_with("/login"), "{:?}", page.location());
    assert_eq!(visitor.get("/login").await.attributes("html", "lang"), ["en"]);

    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    browser.get("/account").await.expect(200).form("English").submit(&browser).await.expect(303);
    let other = app.browser();
    other.sign_in(&member).await.expect(303);
    assert_eq!(other.get("/account").await.attributes("html", "lang"), ["en"]);
}

#[tokio::test]
async fn the_browser_s_wish_chooses_the_language_of_a_visitor() {
    let app = TestApp::start().await;
    for (wish, language) in [
        ("en-US,en;q=0.9", "en"),
        ("ja", "ja"),
        ("fr,en;q=0.5,ja;q=0.4", "en"),
        ("fr", "ja"),
        ("en;q=0.1,ja;q=0.9", "ja"),
        ("*", "ja"),
        ("en;q=0,ja;q=0.1", "ja"),
        (";;;,,q=", "ja"),
    ] {
        let page = app.browser().with_header("accept-language", wish).get("/login").await.expect(200);
        assert_eq!(page.attributes("html", "lang"), [language], "{wish}");
    }
}
