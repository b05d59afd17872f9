//! What a request is bound to: the set-up it was made for, the offices that were asked, and the
//! member's place there.

use hikae::domain::office::Role;
use hikae::domain::plan::Plan;
use hikae::domain::time::Seconds;

use super::{NOTE, told, world};
use crate::support::app::TestApp;
use crate::support::members::{PASSWORD, Protected};
use crate::support::offices::{Asked, Pair};

const NEW: &str = "別の長い合言葉を選ぶ";

/// Moves a member to another office past every page.
fn move_to(app: &TestApp, member: &Protected, office: hikae::domain::ids::OfficeId) {
    app.database.execute(&format!("UPDATE memberships SET office_id = {office} WHERE user_id = {}", member.member.id));
}

#[tokio::test]
async fn for_a_member_who_has_moved_to_another_office_nobody_decides_it() {
    let app = TestApp::start().await;
    let Asked { first, second, member, path, .. } = app.asked().await;
    let new_office = app.office(Plan::CorporateAdvance).await;
    let new_admin = app.protected_admin(new_office).await;
    let form = first.browser.approval(&path).await.fill("note", NOTE);
    move_to(&app, &member, new_office);
    let code = app.fresh_code(&first.authenticator);
    let before = world(&app);
    form.fill("code", &code).submit(&first.browser).await.expect(404);
    for browser in [&first.browser, &second.browser] {
        browser.get(&path).await.expect(404);
        assert!(!browser.get("/account").await.expect(200).text().contains("対応待ち"));
        let list = browser.get(path.rsplit_once('/').expect("a list").0).await.expect(200);
        assert!(!list.text().contains(&member.member.email), "{}", list.text());
    }
    let id = path.rsplit_once('/').expect("an id").1;
    let list = format!("/offices/{new_office}/release-requests");
    assert!(!new_admin.browser.get(&list).await.expect(200).text().contains(&member.member.email));
    new_admin.browser.get(&format!("{list}/{id}")).await.expect(404);
    assert_eq!(world(&app), before);
    assert_eq!(told(&app, &new_admin.member, "解除依頼").await, 0);
}

#[tokio::test]
async fn administrators_of_an_office_joined_after_the_request_do_not_see_it() {
    let app = TestApp::start().await;
    let Asked { member, path, .. } = app.asked().await;
    let other = app.protected_admin(app.office(Plan::CorporateAdvance).await).await;
    app.assign(&member.member, other.member.office, Role::General).await;
    let id = path.rsplit_once('/').expect("an id").1;
    other.browser.get(&format!("/offices/{}/release-requests/{id}", other.member.office)).await.expect(404);
}

#[tokio::test]
async fn in_two_offices_both_see_it_and_one_wins() {
    let app = TestApp::start().await;
    let (here, there) = (app.office(Plan::CorporateStarter).await, app.office(Plan::CorporateAdvance).await);
    let one = app.protect(app.named_person(here, Role::Admin, "鈴木 一郎").await).await;
    let other = app.protected_admin(there).await;
    let member = app.protect(app.member_of(here).await).await;
    app.assign(&member.member, there, Role::General).await;
    app.ask_administrators(&member.member).await;
    let path = app.request_path(&one.member).await;
    let path_there = app.request_path(&other.member).await;
    assert_eq!(path.rsplit_once('/').expect("an id").1, path_there.rsplit_once('/').expect("an id").1);
    // The one office's path does not open the other office's page.
    one.browser.get(&path_there).await.expect(404);
    let late = other.browser.approval(&path_there).await.fill("note", NOTE);
    let code = app.fresh_code(&one.authenticator);
    one.browser.approve(&path, NOTE, &code).await.expect_redirect(&path);

    let code = app.fresh_code(&other.authenticator);
    let before = world(&app);
    let page = late.fill("code", &code).submit(&other.browser).await.expect(409);
    assert!(page.errors().contains("鈴木 一郎さんがすでに承認"), "{}", page.errors());
    assert_eq!(world(&app), before);
    // How identity was checked stays in the office where it was noted down.
    let (noted, elsewhere) = (one.browser.get(&path).await, other.browser.get(&path_there).await.expect(200));
    assert!(noted.text().contains(NOTE) && !elsewhere.text().contains(NOTE), "{}", elsewhere.text());
    let mail = app.mailbox.newest(&other.member.email, "解除依頼が承認されました").await;
    assert!(mail.text.contains(&format!("控え商事 {}", Plan::CorporateAdvance)), "{}", mail.text);
    assert!(mail.text.contains("鈴木 一郎"), "{}", mail.text);
    assert_eq!(told(&app, &member.member, "管理者が二要素認証を解除").await, 1);
}

#[tokio::test]
async fn an_administrator_of_only_one_of_two_offices_is_enough_after_the_member_left_the_other() {
    let app = TestApp::start().await;
    let (here, there) = (app.office(Plan::CorporateStarter).await, app.office(Plan::CorporateAdvance).await);
    let (one, other) = (app.protected_admin(here).await, app.protected_admin(there).await);
    let member = app.protect(app.member_of(here).await).await;
    app.assign(&member.member, there, Role::General).await;
    app.ask_administrators(&member.member).await;
    let (path, gone) = (app.request_path(&one.member).await, app.request_path(&other.member).await);
    let left = format!("DELETE FROM memberships WHERE user_id = {} AND office_id = {there}", member.member.id);
    app.database.execute(&left);
    other.browser.get(&gone).await.expect(404);
    let before = app.mailbox.count(&other.member.email).await;
    let code = app.fresh_code(&one.authenticator);
    one.browser.approve(&path, NOTE, &code).await.expect_redirect(&path);
    assert_eq!(app.mailbox.count(&other.member.email).await, before, "the office that the member left hears no more");
}

#[tokio::test]
async fn a_request_for_an_earlier_set_up_releases_nothing() {
    let app = TestApp::start().await;
    let Asked { first, member, path, .. } = app.asked().await;
    let form = first.browser.approval(&path).await.fill("note", NOTE);
    // As if closing the request had been forgotten when the member set up anew.
    let sql = format!("UPDATE release_requests SET set_up_id = set_up_id + 1 WHERE user_id = {}", member.member.id);
    app.database.execute(&sql);
    let code = app.fresh_code(&first.authenticator);
    let before = world(&app);
    let page = form.fill("code", &code).submit(&first.browser).await;
    assert!(page.status >= 400, "{}", page.status);
    assert_eq!(world(&app), before);
}

#[tokio::test]
async fn after_a_reset_within_a_day_before_administrators_are_warned_on_page_and_in_the_mail() {
    let app = TestApp::start().await;
    let Pair { admin, mut member } = app.pair().await;
    for (hours, warned) in [(23, true), (25, false)] {
        let visitor = app.browser();
        let form = visitor.get("/password-reset").await.expect(200).form("/password-reset");
        form.fill("email", &member.member.email).submit(&visitor).await.expect(200);
        let link = app.mailbox.newest(&member.member.email, "再設定").await.path("/password-reset/");
        let form = visitor.get(&link).await.expect(200).form(&link);
        let password = format!("{NEW}{hours}");
        form.fill("new_password", &password).submit(&visitor).await.expect(303);
        member.member.password = password;
        app.turn(Seconds::hours(hours));
        app.ask_administrators(&member.member).await;
        let mail = app.mailbox.newest(&admin.member.email, "解除依頼が届いています").await;
        assert_eq!(mail.subject.contains("ご注意"), warned, "{hours}: {}", mail.subject);
        assert_eq!(mail.text.contains("24時間以内"), warned, "{hours}: {}", mail.text);
        let path = mail.path("/offices/");
        let browser = app.signed_in(&admin).await;
        let page = browser.get(&path).await.expect(200);
        assert_eq!(page.notice().contains("特にご注意ください"), warned, "{hours}: {}", page.text());
        browser.decline(&path).await.expect_redirect(&path);
    }
}

#[tokio::test]
async fn after_a_change_of_address_administrators_are_warned_and_the_request_can_still_be_cancelled() {
    let app = TestApp::start().await;
    let Asked { first, member, path, .. } = app.asked().await;
    let mail = app.mailbox.newest(&member.member.email, "管理者に解除依頼").await;
    let cancel = mail.path("/release-request-cancel/");
    assert!(!first.browser.get(&path).await.expect(200).notice().contains("特にご注意"));

    let form = member.browser.get("/account/email").await.expect(200).form("/account/email");
    let new = format!("new-{}", member.member.email);
    form.fill("email", &new).fill("password", PASSWORD).submit(&member.browser).await.expect(303);
    let link = app.mailbox.newest(&new, "メールアドレス").await.path("/email-confirmation/");
    let visitor = app.browser();
    visitor.get(&link).await.expect(200).form(&link).submit(&visitor).await;

    let page = first.browser.get(&path).await.expect(200);
    assert!(page.notice().contains("特にご注意ください") && page.text().contains(&new), "{}", page.text());
    // Whoever changed the address, the first mailbox can still stop the request.
    let form = visitor.get(&cancel).await.expect(200).form(&cancel);
    form.submit(&visitor).await.expect(200);
    assert!(first.browser.get(&path).await.expect(200).all(".badge").concat().contains("取り消し"));
}
