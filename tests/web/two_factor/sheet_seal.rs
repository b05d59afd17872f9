//! Who gets the sheet as a PDF: whoever still has the page of the newest one, and nobody else.

use hikae::service::void_all_codes::void_all_codes;

use super::sheet::{SHEET, codes_page, download};
use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::logs;
use crate::support::members::Protected;
use crate::support::page::Form;
use crate::support::secrets::{Secret, assert_none, find, read_folder};

/// What refuses must not answer with codes, and changes nothing.
async fn assert_refused(app: &TestApp, person: &Protected, browser: &Browser, form: &Form, status: u16) {
    let before = traces(app);
    let page = form.submit(browser).await.expect(status);
    assert!(!page.bytes.starts_with(b"%PDF"), "{form:?}");
    let answer: String = page.html.chars().filter(char::is_ascii_digit).collect();
    let codes = form.value("codes").unwrap_or_default().split(' ');
    assert!(codes.filter(|code| code.len() == 9).all(|code| !answer.contains(code)), "{}", page.html);
    assert_eq!(traces(app), before, "{} changed something", person.member.email);
}

/// Sheets, codes, trail and mails: whatever an act would change.
fn traces(app: &TestApp) -> Vec<String> {
    ["generations", "backup_codes", "audit_events", "outbox", "attempts"]
        .iter()
        .flat_map(|table| app.database.lines(&format!("SELECT CAST(count(*) AS TEXT) AS line FROM {table}")))
        .collect()
}

/// The form as another page of the same browser would send it now.
async fn with_token_of(browser: &Browser, form: &Form) -> Form {
    let page = browser.get("/account/profile").await.expect(200);
    let token = page.form("/logout").value("csrf_token").expect("a token").to_owned();
    form.clone().forge("csrf_token", &token)
}

#[tokio::test]
async fn only_the_newest_sheet_is_printed() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let old = codes_page(&app, &person).await.form(SHEET);
    let newer = codes_page(&app, &person).await;
    assert_refused(&app, &person, &person.browser, &old, 403).await;
    let old = with_token_of(&person.browser, &old).await;
    assert_refused(&app, &person, &person.browser, &old, 409).await;
    let page = old.submit(&person.browser).await.expect(409);
    assert_eq!(page.h1(), "このシートは有効ではありません");
    assert_eq!(page.attributes("main a", "href"), ["/account/two-factor"]);
    download(&person.browser, &newer).await;

    void_all_codes(&app.services, |_| {}).await.expect("no fault");
    assert_refused(&app, &person, &person.browser, &newer.form(SHEET), 409).await;
}

#[tokio::test]
async fn a_used_code_does_not_keep_the_sheet_from_being_printed() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let page = codes_page(&app, &person).await;
    app.password_proven(&person.member).await.enter_backup_code(&page.codes()[0]).await.expect(303);
    download(&person.browser, &page).await;
}

#[tokio::test]
async fn only_the_session_that_issued_it_prints_it() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let form = codes_page(&app, &person).await.form(SHEET);
    let own = app.signed_in(&person).await;
    assert_refused(&app, &person, &own, &with_token_of(&own, &form).await, 422).await;
    let stranger = app.protected_member().await;
    let theirs = with_token_of(&stranger.browser, &form).await;
    assert_refused(&app, &person, &stranger.browser, &theirs, 422).await;
    let plain = app.member().await;
    let browser = app.browser();
    browser.sign_in(&plain).await.expect(303);
    assert_refused(&app, &person, &browser, &with_token_of(&browser, &form).await, 422).await;

    person.browser.sign_out().await.expect(303);
    let page = form.submit(&person.browser).await;
    assert!(matches!(page.status, 303 | 403) && !page.bytes.starts_with(b"%PDF"), "{}", page.status);
}

#[tokio::test]
async fn without_the_password_s_second_step_there_is_nothing_to_print() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let form = codes_page(&app, &person).await.form(SHEET);
    let halfway = app.password_proven(&person.member).await;
    let token = halfway.get("/login/code").await.form("認証").value("csrf_token").expect("a token").to_owned();
    let page = form.clone().forge("csrf_token", &token).submit(&halfway).await;
    assert!((300..500).contains(&page.status) && !page.bytes.starts_with(b"%PDF"), "{}", page.status);
    let page = form.without("csrf_token").submit(&person.browser).await;
    assert_eq!(page.status, 403);
}

#[tokio::test]
async fn whatever_is_changed_breaks_the_seal() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let page = codes_page(&app, &person).await;
    let form = page.form(SHEET);
    let value = |name: &str| form.value(name).expect(name).to_owned();
    let mut swapped: Vec<String> = page.codes();
    swapped.swap(0, 9);
    let other = |text: &str| {
        let last = if text.ends_with('2') { '3' } else { '2' };
        format!("{}{last}", &text[..text.len() - 1])
    };
    let seal = value("seal");
    let (key, mac) = seal.split_once('.').expect("a key and a seal");
    for (name, forged) in [
        ("codes", other(&value("codes"))),
        ("codes", swapped.join(" ")),
        ("codes", value("codes")[..89].to_owned()),
        ("codes", String::new()),
        ("sheet", other(&value("sheet"))),
        ("sheet", "../../x".to_owned()),
        ("number", "3".to_owned()),
        ("number", "-1".to_owned()),
        ("issued_at", "1795316461".to_owned()),
        ("issued_at", "9223372036854775807".to_owned()),
        ("seal", String::new()),
        ("seal", format!("{key}.")),
        ("seal", format!(".{mac}")),
        ("seal", format!("x{key}.{mac}")),
        ("seal", format!("{key}.A{}", &mac[1..])),
        ("seal", mac.to_owned()),
    ] {
        if value(name) == forged {
            continue;
        }
        assert_refused(&app, &person, &person.browser, &form.clone().forge(name, &forged), 422).await;
    }
    for name in ["codes", "sheet", "number", "issued_at", "seal"] {
        assert_refused(&app, &person, &person.browser, &form.clone().without(name), 422).await;
    }
    assert_refused(&app, &person, &person.browser, &form.clone().forge("more", "1"), 400).await;
    let mut doubled = form.clone();
    doubled.fields.push(("seal".to_owned(), seal.clone()));
    assert_refused(&app, &person, &person.browser, &doubled, 400).await;
    download(&person.browser, &page).await;
}

#[tokio::test]
async fn after_a_release_nothing_is_printed_any_more() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let form = codes_page(&app, &person).await.form(SHEET);
    person.browser.request_release().await;
    let link = app.mailbox.newest(&person.member.email, "二要素認証の解除").await.path("/two-factor-release/");
    person.browser.release(&link, &person.member.password).await;
    let page = form.submit(&person.browser).await;
    assert!(matches!(page.status, 303 | 403) && !page.bytes.starts_with(b"%PDF"), "{}", page.status);
    // Signed in again and set up anew: the old sheet is neither the newest nor of this session.
    let anew = app.protect(person.member.clone()).await;
    let form = with_token_of(&anew.browser, &form).await;
    assert_refused(&app, &anew, &anew.browser, &form, 422).await;
}

#[tokio::test]
async fn it_has_no_address_of_its_own() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let page = codes_page(&app, &person).await;
    let answer = person.browser.get(SHEET).await;
    assert!(matches!(answer.status, 404 | 405) && answer.codes().is_empty(), "{}", answer.status);
    assert!(page.html.matches(&page.codes()[0]).count() >= 1, "the form carries it");
}

#[tokio::test]
async fn a_download_writes_nothing_down() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let page = codes_page(&app, &person).await;
    let trail = traces(&app);
    let form = page.form(SHEET);
    download(&person.browser, &page).await;
    form.clone().forge("seal", "x.y").submit(&person.browser).await.expect(422);
    assert_eq!(traces(&app), trail);
    let mut secrets: Vec<Secret> =
        page.codes().iter().enumerate().map(|(n, code)| Secret::backup_code(n + 1, code)).collect();
    secrets.push(Secret::text("seal", form.value("seal").expect("a seal")));
    let mut places = app.database.dump();
    read_folder(app.data.path(), &mut places);
    places.push(("log".to_owned(), logs::kept()));
    assert_none(&secrets, &places);
    assert!(!find(&[Secret::text("the search is not blind", &person.member.email)], &places).is_empty());
}
