//! The trail of an office as a file.

use hikae::domain::client::Client;
use hikae::domain::plan::Plan;
use hikae::domain::token::SessionKey;
use hikae::fault::Fault;
use hikae::service::access::{self, Identity, OfficeAdmin};
use hikae::service::office_activity::{ExportActivity, Filter, export_office_activity};
use hikae::service::verify_audit::verify_audit;
use reqwest::Method;

use super::activity::{DOWNLOAD, admin_of, download, many, path, rename, rows};
use crate::support::app::TestApp;
use crate::support::cookie::session_key;

#[tokio::test]
async fn the_file_opens_in_a_spreadsheet_and_runs_nothing_there() {
    let app = TestApp::start().await;
    let office = app.office(Plan::CorporateStarter).await;
    let (_, admin) = admin_of(&app, office).await;
    let person = app.member_of(office).await;
    let browser = app.browser();
    browser.sign_in(&person).await.expect(303);
    rename(&browser, "=HYPERLINK(\"http://x\")").await;
    app.database.execute(&format!(
        "UPDATE audit_events SET device = 'Opera,\n\"x\"' WHERE subject_id = {} AND action = 'sign_in.password'",
        person.id
    ));
    let page = admin.get(&format!("{}?member={}", path(office), person.id)).await.expect(200);
    let file = download(&admin, &page).await.expect(200);
    let email = &person.email;
    let name = "\"'=HYPERLINK(\"\"http://x\"\")\"";
    let who = format!("{name},{email},{name},{email}");
    let expected = [
        "\u{feff}日時（Asia/Tokyo）,操作した人,操作した人のメールアドレス,対象者,対象者のメールアドレス,種類,操作,結果,詳細,IPアドレス,端末".to_owned(),
        format!("2026-11-22 12:00:00,{who},アカウント,プロフィールを変更,成功,,127.0.0.1,Chrome / Linux"),
        format!("2026-11-22 12:00:00,{who},ログイン,パスワードの入力,成功,,127.0.0.1,\"Opera,\n\"\"x\"\"\""),
        format!("2026-11-22 12:00:00,運用担当者,,{name},{email},メンバーと招待,アカウントを作成,成功,,::1,hikaeコマンド"),
        String::new(),
    ];
    assert_eq!(file.html, expected.join("\r\n"));
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    let named = format!("attachment; filename=\"hikae-activity-{office}-2026-11-22.csv\"");
    assert_eq!(file.header("content-disposition"), Some(named.as_str()));
    assert_eq!(file.header("cache-control"), Some("no-store"));
    assert_eq!(file.header("x-content-type-options"), Some("nosniff"));

    admin.get("/account").await.form("English").submit(&admin).await.expect(303);
    let page = admin.get(&path(office)).await.expect(200);
    let file = page.form("Download CSV").submit(&admin).await.expect(200);
    assert!(file.html.starts_with("\u{feff}When (Asia/Tokyo),By,"), "{}", file.html);
    assert!(file.html.contains("Office activity downloaded"), "the first download: {}", file.html);
}

#[tokio::test]
async fn a_download_is_recorded_once_and_only_when_it_happened() {
    let app = TestApp::start().await;
    let office = app.office(Plan::CorporateStarter).await;
    let (person, admin) = admin_of(&app, office).await;
    let exports =
        || app.database.lines("SELECT 'x' AS line FROM audit_events WHERE action = 'activity.exported'").len();
    let page = admin.get(&path(office)).await.expect(200);
    let csv = format!("{}.csv", path(office));
    for method in [Method::GET, Method::HEAD] {
        assert_eq!(admin.request(method, &csv).send().await.status, 405);
    }
    page.form(DOWNLOAD).without("csrf_token").submit(&admin).await.expect(403);
    page.form(DOWNLOAD).forge("from", "x").submit(&admin).await.expect(422);
    page.form(DOWNLOAD).forge("member", "1").submit(&admin).await.expect(422);
    page.form(DOWNLOAD).forge("office", "1").submit(&admin).await.expect(400);
    assert_eq!(exports(), 0);

    let file = download(&admin, &page).await.expect(200);
    assert_eq!(exports(), 1);
    assert!(!file.html.contains("履歴をダウンロード"), "the file holds what was there before it");
    let told = rows(&admin, office, "?kind=office").await[0].clone();
    assert!(told.contains("事業所の履歴をダウンロード") && told.contains(&person.email), "{told}");
    assert_eq!(verify_audit(&app.services).await.expect("the trail is read").broken, None);

    app.database.execute(&format!("UPDATE memberships SET role = 'general' WHERE user_id = {}", person.id));
    download(&admin, &page).await.expect(404);
    assert_eq!(exports(), 1, "a role that was taken away still takes the trail out");
}

#[tokio::test]
async fn a_role_taken_away_while_the_download_begins_gives_nothing_out() {
    let app = TestApp::start().await;
    let office = app.office(Plan::CorporateStarter).await;
    let (person, browser) = admin_of(&app, office).await;
    let key = SessionKey::parse(&session_key(&browser)).expect("a key");
    let found = access::identify(&app.services, &key).await.expect("the session is read");
    let Identity::SignedIn(me) = found else { panic!("not signed in: {found:?}") };
    let proof = OfficeAdmin::of(&me, office).expect("an administrator");
    let client = Client { address: [192, 0, 2, 1].into(), device: Client::UNKNOWN_DEVICE.to_owned() };
    let begin = async || export_office_activity(&app.services, &proof, Filter::default(), &client).await;
    assert!(matches!(begin().await, Ok(ExportActivity::Begun(_))));
    app.database.execute(&format!("UPDATE memberships SET role = 'general' WHERE user_id = {}", person.id));
    assert!(matches!(begin().await, Err(Fault::NoLongerAdministrator)));
    let rows = app.database.lines("SELECT 'x' AS line FROM audit_events WHERE action = 'activity.exported'");
    assert_eq!(rows.len(), 1);
}

#[tokio::test]
async fn twenty_thousand_rows_come_whole_and_in_order() {
    let app = TestApp::start().await;
    let office = app.office(Plan::CorporateStarter).await;
    let (_, admin) = admin_of(&app, office).await;
    let person = app.member_of(office).await;
    let before = rows(&admin, office, "").await.len();
    many(&app, office, person.id, 20_000);
    app.database.execute("UPDATE audit_events SET at = at + seq WHERE seq > 10");
    let page = admin.get(&path(office)).await.expect(200);
    let file = download(&admin, &page).await.expect(200);
    assert_eq!(file.header("content-length"), None, "a file of unknown length is sent as it is read");
    let lines: Vec<&str> = file.html.lines().skip(1).collect();
    assert_eq!(lines.len(), before + 20_000);
    assert!(lines.is_sorted_by(|newer, older| newer.get(..19) >= older.get(..19)), "out of order");
}
