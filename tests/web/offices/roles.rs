//! Changing a member's role.

use futures_util::future::join;
use hikae::domain::office::Role;
use hikae::domain::plan::Plan;
use hikae::domain::time::Seconds;
use hikae::service::verify_audit::verify_audit;

use super::{change_role, list_path, member_path, role_form, role_of, setting, signed_in, trail};
use crate::support::app::TestApp;

#[tokio::test]
async fn a_member_becomes_administrator_at_once_and_everybody_concerned_is_told() {
    let app = TestApp::start().await;
    let s = setting(&app).await;
    let theirs = signed_in(&app, &s.member).await;
    theirs.get(&list_path(s.office)).await.expect(404);

    let page = change_role(&s.browser, &s.member, Role::Admin).await.expect_redirect(&member_path(&s.member));
    assert!(s.browser.follow(page).await.notice().contains("権限を変更しました"));
    theirs.get(&list_path(s.office)).await.expect(200);
    assert_eq!(trail(&app, &s.member).last().map(String::as_str), Some("member.role_changed done general to admin"));

    let activity = s.browser.get(&format!("/offices/{}/activity", s.office)).await.expect(200);
    assert!(activity.all("tbody tr")[0].contains("一般 → 管理者"), "{}", activity.text());

    let mail = app.mailbox.newest(&s.member.email, "事業所の管理者になりました").await;
    assert!(mail.text.contains("控え商事") && mail.text.contains("控 花子"), "{}", mail.text);
    let mail = app.mailbox.newest(&s.admin.email, "管理者が増えました").await;
    assert!(mail.text.contains(&s.member.email), "{}", mail.text);
    assert!(mail.links().iter().any(|link| link.ends_with(&list_path(s.office))), "{}", mail.text);
    assert_eq!(verify_audit(&app.services).await.expect("the trail is read").broken, None);
}

#[tokio::test]
async fn an_administrator_becomes_a_member_at_once_and_loses_the_pages() {
    let app = TestApp::start().await;
    let s = setting(&app).await;
    let other = app.person_of(s.office, Role::Admin).await;
    let third = app.person_of(s.office, Role::Admin).await;
    let theirs = signed_in(&app, &other).await;
    theirs.get(&list_path(s.office)).await.expect(200);
    change_role(&s.browser, &other, Role::General).await.expect(303);
    theirs.get(&list_path(s.office)).await.expect(404);
    assert!(theirs.is_signed_in().await, "a role is read at each act; no session has to end");
    app.mailbox.newest(&other.email, "権限が変わりました").await;
    app.mailbox.newest(&third.email, "管理者が減りました").await;
    app.mailbox.newest(&s.admin.email, "管理者が減りました").await;
    assert_eq!(app.mailbox.count(&s.member.email).await, 0, "plain members are not told");
}

#[tokio::test]
async fn the_password_is_needed_and_guessing_it_is_slowed_down() {
    let app = TestApp::start().await;
    let s = setting(&app).await;
    let form = role_form(&s.browser, &s.member, Role::Admin).await;
    let page = form.clone().fill("password", "").submit(&s.browser).await.expect(422);
    assert!(page.errors().contains("パスワードを入力してください"), "{}", page.errors());
    let mut statuses = Vec::new();
    for _ in 0..12 {
        let page = form.clone().fill("password", "まったく違うパスワード").submit(&s.browser).await;
        statuses.push(page.status);
        assert_eq!(page.form(&format!("{}/role", member_path(&s.member))).value("role"), Some("admin"), "kept");
    }
    assert_eq!(statuses[0], 422);
    let last = form.clone().submit(&s.browser).await;
    assert_eq!(last.status, 429, "{statuses:?}");
    assert!(last.header("retry-after").is_some());
    assert_eq!(role_of(&app, &s.member).as_deref(), Some("general"));
    assert_eq!(app.mailbox.count(&s.member.email).await, 0);
    assert!(trail(&app, &s.member).contains(&"member.role_changed refused a wrong password".to_owned()));
}

#[tokio::test]
async fn the_same_role_again_changes_nothing_and_tells_nobody() {
    let app = TestApp::start().await;
    let s = setting(&app).await;
    let before = trail(&app, &s.member);
    let page = change_role(&s.browser, &s.member, Role::General).await.expect(303);
    assert!(s.browser.follow(page).await.notice().contains("変更はありません"));
    assert_eq!(trail(&app, &s.member), before);
    assert_eq!(app.mailbox.count(&s.member.email).await, 0);
}

#[tokio::test]
async fn a_role_that_is_none_is_refused_by_its_field() {
    let app = TestApp::start().await;
    let s = setting(&app).await;
    for role in ["", "owner", "Admin", "admin\u{0}"] {
        let form = role_form(&s.browser, &s.member, Role::Admin).await;
        let page = form.fill("role", role).submit(&s.browser).await.expect(422);
        assert!(page.errors().contains("権限を選んでください"), "{role:?}");
    }
    let forged = role_form(&s.browser, &s.member, Role::Admin).await.forge("office", "1");
    forged.submit(&s.browser).await.expect(400);
    assert_eq!(role_of(&app, &s.member).as_deref(), Some("general"));
}

#[tokio::test]
async fn the_last_administrator_stays_one() {
    let app = TestApp::start().await;
    let s = setting(&app).await;
    let page = s.browser.get(&member_path(&s.admin)).await.expect(200);
    assert!(page.notice().contains("管理者は、あなただけ"), "{}", page.text());
    let role = format!("{}/role", member_path(&s.admin));
    assert!(!page.has_form(&role), "a form that cannot succeed");
    let form = role_form(&s.browser, &s.member, Role::General).await;
    let page = s.browser.submit(&role, &form.fields).await.expect(422);
    assert!(page.notice().contains("管理者は、あなただけ"), "{}", page.text());
    assert_eq!(role_of(&app, &s.admin).as_deref(), Some("admin"));
    assert_eq!(
        trail(&app, &s.admin).last().map(String::as_str),
        Some("member.role_changed refused the last administrator")
    );

    // With a second one, the own role can be given up.
    change_role(&s.browser, &s.member, Role::Admin).await.expect(303);
    let page = change_role(&s.browser, &s.admin, Role::General).await.expect_redirect("/account");
    assert!(s.browser.follow(page).await.notice().contains("一般に変更しました"));
    s.browser.get(&list_path(s.office)).await.expect(404);
}

#[tokio::test]
async fn of_two_administrators_who_demote_each_other_exactly_one_succeeds() {
    let app = TestApp::start().await;
    for _ in 0..4 {
        let s = setting(&app).await;
        let other = app.person_of(s.office, Role::Admin).await;
        let theirs = signed_in(&app, &other).await;
        let first = role_form(&s.browser, &other, Role::General).await;
        let second = role_form(&theirs, &s.admin, Role::General).await;
        let (first, second) = join(first.submit(&s.browser), second.submit(&theirs)).await;
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 404]);
        let roles = [role_of(&app, &s.admin), role_of(&app, &other)];
        assert_eq!(roles.iter().filter(|role| role.as_deref() == Some("admin")).count(), 1, "{roles:?}");
    }
}

#[tokio::test]
async fn of_two_administrators_who_give_up_their_own_role_exactly_one_succeeds() {
    let app = TestApp::start().await;
    for _ in 0..4 {
        let s = setting(&app).await;
        let other = app.person_of(s.office, Role::Admin).await;
        let theirs = signed_in(&app, &other).await;
        let first = role_form(&s.browser, &s.admin, Role::General).await;
        let second = role_form(&theirs, &other, Role::General).await;
        let (first, second) = join(first.submit(&s.browser), second.submit(&theirs)).await;
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 422]);
        let roles = [role_of(&app, &s.admin), role_of(&app, &other)];
        assert_eq!(roles.iter().filter(|role| role.as_deref() == Some("admin")).count(), 1, "{roles:?}");
    }
}

#[tokio::test]
async fn a_sign_in_that_waits_for_its_second_factor_ends_with_a_change_of_role() {
    let app = TestApp::start().await;
    let s = setting(&app).await;
    let person = app.protect(s.member.clone()).await;
    let stage = app.password_proven(&person.member).await;
    change_role(&s.browser, &s.member, Role::Admin).await.expect(303);
    stage.get("/login/code").await.expect_redirect("/login");
    assert!(person.browser.is_signed_in().await);
    app.turn(Seconds(60));
    app.signed_in(&person).await.get(&list_path(s.office)).await.expect(200);
}

#[tokio::test]
async fn whoever_is_no_member_of_the_office_is_not_there() {
    let app = TestApp::start().await;
    let s = setting(&app).await;
    let elsewhere = app.office(Plan::None).await;
    let stranger = app.member_of(elsewhere).await;
    let removed = app.member_of(s.office).await;
    super::remove(&s.browser, &removed).await.expect(303);
    let form = role_form(&s.browser, &s.member, Role::Admin).await;
    let hashes = app.services.gate.made();
    for id in [stranger.id.to_string(), removed.id.to_string(), "1".into(), "-1".into(), "x".into(), "9".repeat(30)] {
        let path = format!("/offices/{}/members/{id}", s.office);
        s.browser.get(&path).await.expect(404);
        s.browser.submit(&format!("{path}/role"), &form.fields).await.expect(404);
        let fields: Vec<_> = form.fields.iter().filter(|(name, _)| name != "role").cloned().collect();
        s.browser.submit(&format!("{path}/remove"), &fields).await.expect(404);
    }
    assert_eq!(app.services.gate.made(), hashes, "nothing was hashed for nobody");
    assert_eq!(role_of(&app, &stranger).as_deref(), Some("general"));
}

#[tokio::test]
async fn a_role_taken_away_between_page_and_form_is_taken_away() {
    let app = TestApp::start().await;
    let s = setting(&app).await;
    let other = app.person_of(s.office, Role::Admin).await;
    let theirs = signed_in(&app, &other).await;
    let form = role_form(&theirs, &s.member, Role::Admin).await;
    change_role(&s.browser, &other, Role::General).await.expect(303);
    form.submit(&theirs).await.expect(404);
    assert_eq!(role_of(&app, &s.member).as_deref(), Some("general"));
}
