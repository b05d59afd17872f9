//! The trail of an office, on its page.

use hikae::domain::email::EmailAddress;
use hikae::domain::ids::{OfficeId, UserId};
use hikae::domain::office::Role;
use hikae::domain::plan::Plan;
use hikae::domain::time::Seconds;
use hikae::service::operator;

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::members::Member;
use crate::support::page::Page;

pub(super) const DOWNLOAD: &str = "CSVをダウンロード";

pub(super) fn path(office: OfficeId) -> String {
    format!("/offices/{office}/activity")
}

/// An administrator of an office, signed in.
pub(super) async fn admin_of(app: &TestApp, office: OfficeId) -> (Member, Browser) {
    let admin = app.person_of(office, Role::Admin).await;
    let browser = app.browser();
    browser.sign_in(&admin).await.expect(303);
    (admin, browser)
}

pub(super) async fn rows(browser: &Browser, office: OfficeId, query: &str) -> Vec<String> {
    let page = browser.get(&format!("{}{query}", path(office))).await.expect(200);
    page.all("tbody tr")
}

/// How many rows of the page tell of this person.
async fn rows_about(browser: &Browser, office: OfficeId, person: &Member) -> usize {
    rows(browser, office, &format!("?member={}", person.id)).await.len()
}

/// Signs in once, which is one row.
async fn signs_in(app: &TestApp, person: &Member) {
    app.browser().sign_in(person).await.expect(303);
}

pub(super) async fn rename(browser: &Browser, name: &str) {
    let page = browser.get("/account/profile").await.expect(200);
    page.form("/account/profile").fill("name", name).submit(browser).await.expect(303);
}

/// Takes the trail out, as the page offers it.
pub(super) async fn download(browser: &Browser, page: &Page) -> Page {
    page.form(DOWNLOAD).submit(browser).await
}

/// Takes a person out of an office past the application.
fn remove(app: &TestApp, person: &Member, office: OfficeId) {
    app.database.execute(&format!("DELETE FROM memberships WHERE user_id = {} AND office_id = {office}", person.id));
}

/// Adds rows past the application, as many years of sign-ins would.
pub(super) fn many(app: &TestApp, office: OfficeId, subject: UserId, count: u32) {
    let head: i64 =
        app.database.lines("SELECT CAST(seq AS TEXT) AS line FROM audit_head").concat().parse().expect("a number");
    let last = head + i64::from(count);
    app.database.execute(&format!(
        "INSERT INTO audit_events (seq, at, action, outcome, actor_id, subject_id, office_id, address, device, detail, key_id, hash) \
         WITH RECURSIVE more(n) AS (SELECT {head} + 1 UNION ALL SELECT n + 1 FROM more WHERE n < {last}) \
         SELECT n, {at}, 'sign_in.password', 'done', {subject}, {subject}, NULL, '192.0.2.7', 'Firefox / Linux', '', key_id, hash \
         FROM more, audit_events WHERE seq = 1; \
         INSERT INTO audit_offices (office_id, seq) SELECT {office}, seq FROM audit_events WHERE seq > {head}; \
         UPDATE audit_head SET seq = {last}",
        at = app.now().0,
    ));
}

#[tokio::test]
async fn what_members_did_stands_there_newest_first_with_who_and_from_where() {
    let app = TestApp::start().await;
    let office = app.office(Plan::CorporateStarter).await;
    let (_, admin) = admin_of(&app, office).await;
    let person = app.member_of(office).await;
    app.browser().sign_in_with(&person.email, "まったく違うパスワード").await.expect(422);
    signs_in(&app, &person).await;
    let found = rows(&admin, office, &format!("?member={}", person.id)).await;
    assert_eq!(found.len(), 3, "{found:#?}");
    for (row, words) in found.iter().zip([
        ["2026年11月22日 12:00", "本人", "控 花子", "パスワードの入力", "成功", "127.0.0.1"],
        ["2026年11月22日 12:00", "ログイン前", person.email.as_str(), "パスワードの入力", "失敗", "127.0.0.1"],
        ["2026年11月22日 12:00", "運用担当者", person.email.as_str(), "アカウントを作成", "成功", "::1"],
    ]) {
        for word in words {
            assert!(row.contains(word), "{word} is missing in {row}");
        }
    }
    let everything = rows(&admin, office, "").await;
    assert!(everything.last().expect("rows").contains("事業所を追加"), "{everything:#?}");
}

#[tokio::test]
async fn a_row_belongs_to_the_offices_its_person_was_in_at_that_moment() {
    let app = TestApp::start().await;
    let (here, there) = (app.office(Plan::CorporateStarter).await, app.office(Plan::PersonalStarter).await);
    let ((_, here_admin), (_, there_admin)) = (admin_of(&app, here).await, admin_of(&app, there).await);
    let person = app.member_of(here).await;
    let counts = async || {
        let there = there_admin.get(&format!("{}?member={}", path(there), person.id)).await;
        (rows_about(&here_admin, here, &person).await, there.all("tbody tr").len())
    };
    signs_in(&app, &person).await;
    assert_eq!(counts().await, (2, 0), "added and signed in here, and unknown there");

    app.assign(&person, there, Role::General).await;
    assert_eq!(counts().await, (2, 1), "joining there is told there, and what was before is not");
    signs_in(&app, &person).await;
    assert_eq!(counts().await, (3, 2), "a sign-in of a member of both");

    remove(&app, &person, here);
    signs_in(&app, &person).await;
    app.browser().sign_in_with(&person.email, "まったく違うパスワード").await.expect(422);
    assert_eq!(counts().await, (3, 4), "what happened stays, and what comes after leaving is not told here");
    app.browser().sign_in_with("nobody@example.jp", "まったく違うパスワード").await.expect(422);
    assert_eq!(counts().await, (3, 4), "an unknown address belongs nowhere");
}

#[tokio::test]
async fn whoever_has_left_keeps_the_name_and_not_the_address() {
    let app = TestApp::start().await;
    let office = app.office(Plan::CorporateStarter).await;
    let (_, admin) = admin_of(&app, office).await;
    let person = app.member_of(office).await;
    let by_address = format!("?person={}", person.email);
    assert_eq!(rows(&admin, office, &by_address).await.len(), 1);
    remove(&app, &person, office);
    let found = rows(&admin, office, &format!("?member={}", person.id)).await.concat();
    assert!(found.contains("控 花子") && found.contains("現在はメンバーではありません"), "{found}");
    assert!(!found.contains(&person.email), "{found}");
    assert_eq!(rows(&admin, office, &by_address).await.len(), 0, "an address can be guessed at by searching");
    assert!(rows(&admin, office, "?person=花子").await.iter().any(|row| row.contains("現在は")), "not found by name");
}

#[tokio::test]
async fn what_concerns_another_office_is_never_told() {
    let app = TestApp::start().await;
    let (here, there) = (app.office(Plan::CorporateStarter).await, app.office(Plan::PersonalStarter).await);
    let (_, here_admin) = admin_of(&app, here).await;
    let (_, there_admin) = admin_of(&app, there).await;
    let both = app.member_of(here).await;
    let before = rows(&here_admin, here, "").await.len();
    app.assign(&both, there, Role::Admin).await;
    operator::set_plan(&app.services, there, Plan::PersonalPremium).await.expect("a plan");
    let stranger = app.member_of(there).await;
    signs_in(&app, &stranger).await;
    assert_eq!(rows(&here_admin, here, "").await.len(), before);
    let page = here_admin.get(&format!("{}?member={}", path(here), stranger.id)).await.expect(422);
    assert!(page.errors().contains("この事業所の履歴にありません"), "{}", page.errors());
    assert!(!page.html.contains(&stranger.email));
    let told = rows(&there_admin, there, "").await.concat();
    assert!(told.contains("プランを変更 プレミアム（個人）") && told.contains("事業所に参加 管理者"), "{told}");
    for (browser, office) in [(&here_admin, there), (&there_admin, here)] {
        browser.get(&path(office)).await.expect(404);
    }
}

#[tokio::test]
async fn an_administrator_of_elsewhere_is_not_named_and_their_notes_stay_with_them() {
    let app = TestApp::start().await;
    let (here, there) = (app.office(Plan::CorporateStarter).await, app.office(Plan::PersonalStarter).await);
    let (_, here_admin) = admin_of(&app, here).await;
    let (foreign, foreign_browser) = admin_of(&app, there).await;
    rename(&foreign_browser, "遠山 よそ子").await;
    let person = app.member_of(here).await;
    app.browser().sign_in(&person).await.expect(303);
    app.database.execute(&format!(
        "UPDATE audit_events SET actor_id = {}, address = '203.0.113.9', action = 'backup_codes.issued', \
         detail = 'sheet 2 K7QM-2FXP' WHERE subject_id = {} AND action = 'sign_in.password'",
        foreign.id, person.id
    ));
    let row = rows(&here_admin, here, &format!("?member={}", person.id)).await[0].clone();
    assert!(row.contains("ほかの事業所の管理者"), "{row}");
    for hidden in ["よそ子", foreign.email.as_str(), "203.0.113.9", "K7QM-2FXP"] {
        assert!(!row.contains(hidden), "{hidden}: {row}");
    }
    for query in ["?person=よそ子".to_owned(), format!("?person={}", foreign.email)] {
        assert_eq!(rows(&here_admin, here, &query).await.len(), 0, "{query}");
    }
}

#[tokio::test]
async fn the_note_of_a_decision_is_told_to_the_office_that_decided_and_to_nobody_else() {
    let app = TestApp::start().await;
    let (here, there) = (app.office(Plan::CorporateStarter).await, app.office(Plan::PersonalStarter).await);
    let (decider, admin) = admin_of(&app, here).await;
    let (_, there_admin) = admin_of(&app, there).await;
    let person = app.member_of(there).await;
    app.assign(&person, here, Role::General).await;
    let note = "=社員証を見た\n「本人」";
    app.database.execute(&format!(
        "UPDATE audit_events SET actor_id = {}, action = 'release_request.approved', detail = '{note}' \
         WHERE subject_id = {} AND action = 'member.joined'",
        decider.id, person.id
    ));
    let page = admin.get(&format!("{}?kind=requests", path(here))).await.expect(200);
    let row = page.all("tbody tr").concat();
    assert!(row.contains(&decider.email) && row.contains("=社員証を見た 「本人」"), "{row}");
    let file = download(&admin, &page).await.expect(200).html;
    assert!(file.contains(",\"'=社員証を見た\n「本人」\","), "{file}");
    assert!(!there_admin.get(&path(there)).await.expect(200).html.contains("社員証"));
    let browser = app.browser();
    browser.sign_in(&person).await.expect(303);
    assert!(!browser.get("/account/activity").await.expect(200).html.contains("社員証"));
}

#[tokio::test]
async fn person_kind_and_days_narrow_it_down() {
    let app = TestApp::start().await;
    let office = app.office(Plan::CorporateStarter).await;
    let (first, admin) = admin_of(&app, office).await;
    let (person, browser) = admin_of(&app, office).await;
    rename(&browser, "検索 太郎_Ab%").await;
    app.turn(Seconds::hours(12));
    app.browser().sign_in(&person).await.expect(303); // 2026-11-23 00:00 in Tokyo
    admin.sign_in(&first).await.expect(303);

    let count = async |query: &str| rows(&admin, office, query).await.len();
    let of_person = rows_about(&admin, office, &person).await;
    assert_eq!(of_person, 4, "added, signed in twice, renamed");
    for query in [
        "?person=検索",
        "?person=太郎_aB%25",
        "?person=+検索+太郎+",
        &format!("?person={}", person.email.to_uppercase()),
    ] {
        assert_eq!(count(query).await, of_person, "{query}");
    }
    for query in ["?person=太郎%25A", "?person=太郎%5C", "?person=誰も知らない"] {
        assert_eq!(count(query).await, 0, "{query}");
    }
    assert_eq!(count("?kind=account").await, 1);
    assert_eq!(count("?kind=members&person=検索").await, 1);
    assert_eq!(count("?kind=requests").await, 0);
    assert_eq!(count("?from=2026-11-23&person=検索").await, 1);
    assert_eq!(count("?to=2026-11-22&person=検索").await, 3);
    assert_eq!(count("?from=2026-11-22&to=2026-11-23&person=検索&kind=sign-in").await, 2);
    assert_eq!(count("?from=2026-11-24").await, 0);

    let page = admin.get(&path(office)).await.expect(200);
    let form = page.form("絞り込む").fill("from", "2026-11-23").fill("kind", "sign-in");
    let query: Vec<String> = form.fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let page = admin.get(&format!("{}?{}", form.action, query.join("&"))).await.expect(200);
    assert_eq!(page.form("絞り込む").value("from"), Some("2026-11-23"));
    assert_eq!(page.attributes("option[selected]", "value"), ["sign-in"]);
    assert_eq!(page.form(DOWNLOAD).value("kind"), Some("sign-in"), "the file is of the same filter");
}

#[tokio::test]
async fn fifty_stand_on_a_page_and_the_filter_is_kept_on_the_next() {
    let app = TestApp::start().await;
    let office = app.office(Plan::CorporateStarter).await;
    let (_, admin) = admin_of(&app, office).await;
    let person = app.member_of(office).await;
    many(&app, office, person.id, 120);
    let mut next = Some(format!("{}?kind=sign-in&person=花子&member={}", path(office), person.id));
    let mut pages = Vec::new();
    while let Some(path) = next {
        let page = admin.get(&path).await.expect(200);
        assert!(page.text().contains("控 花子さんの履歴だけを表示しています。"));
        pages.push(page.all("tbody tr").len());
        let link = page.attributes("a[rel=next]", "href").pop();
        assert!(link.iter().all(|link| link.contains("kind=sign-in") && link.contains(&person.id.to_string())));
        next = link;
    }
    assert_eq!(pages, [50, 50, 20]);
}

#[tokio::test]
async fn what_cannot_be_read_is_said_by_its_field_and_nothing_typed_is_lost() {
    let app = TestApp::start().await;
    let office = app.office(Plan::CorporateStarter).await;
    let (_, admin) = admin_of(&app, office).await;
    let long = "あ".repeat(300);
    for (name, value) in [
        ("from", "yesterday"),
        ("from", "2026-02-30"),
        ("to", "<script>"),
        ("to", "99999999999-01-01"),
        ("kind", "everything"),
        ("person", "a%00b"),
        ("person", &long),
        ("member", "x"),
        ("member", "-1"),
        ("member", "99999999999999999999"),
    ] {
        let mut wrong = vec![("person", "花"), ("to", "2026-11-22")];
        wrong.retain(|(other, _)| *other != name);
        wrong.push((name, value));
        let query: Vec<String> = wrong.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let page = admin.get(&format!("{}?{}", path(office), query.join("&"))).await.expect(422);
        let field = if name == "member" { "person" } else { name };
        assert!(!page.all(&format!("#{field}-error")).concat().is_empty(), "{name}={value}: {}", page.text());
        assert!(!page.html.contains("<script>") && page.all("tbody tr").is_empty());
        if name != "kind" && !value.contains("%00") {
            assert_eq!(page.form("絞り込む").value(name), Some(value));
        }
        let mut form = admin.get(&path(office)).await.form(DOWNLOAD).forge(name, &value.replace("%00", "\0"));
        form.action = format!("{}.csv", path(office));
        let page = form.submit(&admin).await.expect(422);
        assert!(!page.all(&format!("#{field}-error")).concat().is_empty(), "{name}={value}: {}", page.text());
    }
    for query in [
        "?before=x",
        "?before=-1",
        "?before=99999999999999999999",
        "?kind=%FF",
        "?person=%FF%FE",
        "?&&=",
        "?kind=&from=&to=",
    ] {
        let page = admin.get(&format!("{}{query}", path(office))).await;
        assert!(matches!(page.status, 200 | 422), "{query}: {}", page.status);
    }
    app.database.execute("DELETE FROM audit_offices");
    let text = admin.get(&path(office)).await.expect(200).text();
    assert!(text.contains("履歴はまだありません"), "{text}");
    let text = admin.get(&format!("{}?kind=account", path(office))).await.expect(200).text();
    assert!(text.contains("条件に合う履歴はありません"), "{text}");
}

#[tokio::test]
async fn names_are_text_on_the_page() {
    let app = TestApp::start().await;
    let office = app.office(Plan::CorporateStarter).await;
    let (_, admin) = admin_of(&app, office).await;
    rename(&admin, "<script>alert(1)</script>").await;
    let page = admin.get(&format!("{}?person=%3Cscript%3E", path(office))).await.expect(200);
    assert!(page.all("tbody tr").concat().contains("<script>alert(1)</script>"));
    assert!(!page.html.contains("<script>alert"), "a name became markup");
}

#[tokio::test]
async fn rows_written_before_the_trail_of_offices_are_found_too() {
    let app = TestApp::start().await;
    let (here, there) = (app.office(Plan::CorporateStarter).await, app.office(Plan::PersonalStarter).await);
    let person = app.member_of(here).await;
    signs_in(&app, &person).await;
    app.turn(Seconds(60));
    app.assign(&person, there, Role::General).await;
    signs_in(&app, &person).await;
    app.browser().sign_in_with("nobody@example.jp", "まったく違うパスワード").await.expect(422);
    operator::end_user_sessions(&app.services, &EmailAddress::parse(&person.email).expect("an address"))
        .await
        .expect("ended");
    let index =
        || app.database.lines("SELECT office_id || ' ' || seq AS line FROM audit_offices ORDER BY seq, office_id");
    let written = index();
    assert_eq!(written.len(), 9, "{written:?}");
    app.database.execute("DELETE FROM audit_offices");
    let migration = include_str!("../../../migrations/20261122000009_index_audit_by_office/up.sql");
    for statement in migration.split(';').filter(|statement| statement.trim_start().starts_with("INSERT")) {
        app.database.execute(statement);
    }
    assert_eq!(index(), written);
}

#[tokio::test]
async fn a_name_is_found_in_whatever_width_and_case_it_is_written() {
    let app = TestApp::start().await;
    let office = app.office(Plan::CorporateStarter).await;
    let (_, admin) = admin_of(&app, office).await;
    let (person, browser) = admin_of(&app, office).await;
    rename(&browser, "ＡＢＣ Émile").await;
    let expected = rows_about(&admin, office, &person).await;
    for text in ["ＡＢＣ", "ABC", "abc", "Émile", "émile", "ＡＢＣ Émile"] {
        assert_eq!(rows(&admin, office, &format!("?person={text}")).await.len(), expected, "{text}");
    }
    // Whoever has left is found by the name as it was written.
    remove(&app, &person, office);
    assert!(!rows(&admin, office, "?person=Émile").await.is_empty());
    assert!(rows(&admin, office, "?person=Emil").await.is_empty());
}
