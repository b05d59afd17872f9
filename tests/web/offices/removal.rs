//! Taking a member out of an office, and leaving it.

use futures_util::future::{join, join_all};
use hikae::domain::office::Role;
use hikae::domain::plan::Plan;

use super::{change_role, list_path, member_path, removal_form, remove, role_form, role_of, setting, signed_in, trail};
use crate::support::app::TestApp;
use crate::support::members::Member;
use crate::support::offices::Pair;

#[tokio::test]
async fn a_removed_member_is_signed_out_everywhere_and_every_open_link_is_dead() {
    let app = TestApp::start().await;
    let s = setting(&app).await;
    let person = app.protect(s.member.clone()).await;
    let second = app.signed_in(&person).await;
    let stage = app.password_proven(&person.member).await;
    person.browser.request_release().await;
    let release = app.mailbox.newest(&s.member.email, "二要素認証の解除").await.path("/two-factor-release/");
    let visitor = app.browser();
    let page = visitor.get("/password-reset").await.expect(200);
    page.form("/password-reset").fill("email", &s.member.email).submit(&visitor).await.expect(200);
    let reset = app.mailbox.newest(&s.member.email, "パスワードの再設定").await.path("/password-reset/");

    let page = remove(&s.browser, &s.member).await.expect_redirect(&list_path(s.office));
    assert!(s.browser.follow(page).await.notice().contains("外しました"));
    assert!(!person.browser.is_signed_in().await && !second.is_signed_in().await);
    stage.get("/login/code").await.expect_redirect("/login");
    let open = "SELECT purpose AS line FROM links WHERE ended_at IS NULL";
    assert_eq!(app.database.lines(open), Vec::<String>::new());
    for path in [&release, &reset] {
        let page = app.browser().get(path).await;
        assert!(!page.has_form(path), "{path}: {}", page.text());
    }
    assert_eq!(trail(&app, &s.member).last().map(String::as_str), Some("member.removed done general"));
    let mail = app.mailbox.newest(&s.member.email, "メンバーから外れました").await;
    assert!(mail.text.contains("控え商事"), "{}", mail.text);
    assert_eq!(app.mailbox.count(&s.admin.email).await, 0, "who leaves as a plain member is told to nobody else");
}

#[tokio::test]
async fn without_any_office_one_still_signs_in_and_sees_a_calm_dashboard() {
    let app = TestApp::start().await;
    let s = setting(&app).await;
    let person = app.protect(s.member.clone()).await;
    remove(&s.browser, &s.member).await.expect(303);
    let browser = app.password_proven(&person.member).await;
    browser.enter_backup_code(&person.codes[0]).await.expect(303);
    let page = browser.get("/account").await.expect(200);
    assert!(page.text().contains("所属する事業所はありません"), "{}", page.text());
    assert!(page.text().contains("残り9個"), "{}", page.text());
    browser.get("/account/two-factor").await.expect(200);
}

#[tokio::test]
async fn other_offices_of_a_removed_member_stay() {
    let app = TestApp::start().await;
    let s = setting(&app).await;
    let elsewhere = app.office(Plan::PersonalStarter).await;
    app.assign(&s.member, elsewhere, Role::Admin).await;
    remove(&s.browser, &s.member).await.expect(303);
    let theirs = signed_in(&app, &s.member).await;
    theirs.get(&list_path(elsewhere)).await.expect(200);
    theirs.get(&list_path(s.office)).await.expect(404);
    assert_eq!(role_of(&app, &s.member), None);
    let there = Member { office: elsewhere, ..s.member };
    assert_eq!(role_of(&app, &there).as_deref(), Some("admin"));
}

#[tokio::test]
async fn an_administrator_leaves_unless_it_is_the_last() {
    let app = TestApp::start().await;
    let s = setting(&app).await;
    let alone = format!("{}/remove", member_path(&s.admin));
    let form = removal_form(&s.browser, &s.member).await;
    let page = s.browser.submit(&alone, &form.fields).await.expect(422);
    assert!(page.notice().contains("管理者は、あなただけ"), "{}", page.text());
    assert_eq!(role_of(&app, &s.admin).as_deref(), Some("admin"));

    change_role(&s.browser, &s.member, Role::Admin).await.expect(303);
    let elsewhere = signed_in(&app, &s.admin).await;
    let page = remove(&s.browser, &s.admin).await.expect_redirect("/account");
    let page = s.browser.follow(page).await;
    assert!(page.notice().contains("事業所から抜けました") && page.text().contains("所属する事業所はありません"));
    assert!(!elsewhere.is_signed_in().await);
    app.mailbox.newest(&s.member.email, "管理者が減りました").await;
    app.mailbox.newest(&s.admin.email, "メンバーから外れました").await;
}

#[tokio::test]
async fn the_password_is_needed() {
    let app = TestApp::start().await;
    let s = setting(&app).await;
    let theirs = signed_in(&app, &s.member).await;
    let form = removal_form(&s.browser, &s.member).await;
    for (password, says) in [("", "入力してください"), ("まったく違うパスワード", "正しくありません")]
    {
        let page = form.clone().fill("password", password).submit(&s.browser).await.expect(422);
        assert!(page.errors().contains(says), "{}", page.errors());
    }
    assert!(theirs.is_signed_in().await);
    assert_eq!(role_of(&app, &s.member).as_deref(), Some("general"));
    assert_eq!(app.mailbox.count(&s.member.email).await, 0);
}

#[tokio::test]
async fn of_two_administrators_who_remove_each_other_exactly_one_succeeds() {
    let app = TestApp::start().await;
    for _ in 0..4 {
        let s = setting(&app).await;
        let other = app.person_of(s.office, Role::Admin).await;
        let theirs = signed_in(&app, &other).await;
        let first = removal_form(&s.browser, &other).await;
        let second = removal_form(&theirs, &s.admin).await;
        let (first, second) = join(first.submit(&s.browser), second.submit(&theirs)).await;
        // Who has lost has lost the session, too: whichever is seen first.
        let to = |page: &crate::support::page::Page| page.location().unwrap_or_default();
        let done = [to(&first), to(&second)].iter().filter(|path| **path == list_path(s.office)).count();
        assert_eq!(done, 1, "{} {}", first.status, second.status);
        let roles = [role_of(&app, &s.admin), role_of(&app, &other)];
        assert_eq!(roles.iter().flatten().count(), 1, "{roles:?}");
    }
}

#[tokio::test]
async fn a_member_is_removed_once_by_eight_hands() {
    let app = TestApp::start().await;
    let s = setting(&app).await;
    let form = removal_form(&s.browser, &s.member).await;
    let pages = join_all((0..8).map(|_| form.submit(&s.browser))).await;
    let done = pages.iter().filter(|page| page.status == 303 && !page.is_overtaken()).count();
    assert_eq!(done, 1, "{:?}", pages.iter().map(|page| (page.status, page.location())).collect::<Vec<_>>());
    assert_eq!(app.mailbox.count(&s.member.email).await, 1);
}

#[tokio::test]
async fn a_change_of_role_and_a_removal_at_once_leave_nothing_half_done() {
    let app = TestApp::start().await;
    for _ in 0..4 {
        let s = setting(&app).await;
        let theirs = signed_in(&app, &app.person_of(s.office, Role::Admin).await).await;
        let change = role_form(&theirs, &s.member, Role::Admin).await;
        let removal = removal_form(&s.browser, &s.member).await;
        let (change, removal) = join(change.submit(&theirs), removal.submit(&s.browser)).await;
        assert_eq!(removal.status, 303, "{}", removal.text());
        assert!(matches!(change.status, 303 | 404), "{}", change.status);
        assert_eq!(role_of(&app, &s.member), None);
    }
}

/// The state of the one request, and how many of its cancel links live.
fn request(app: &TestApp) -> (String, usize) {
    let links = "SELECT purpose AS line FROM links WHERE ended_at IS NULL AND purpose LIKE '%request%'";
    (app.database.lines("SELECT state AS line FROM release_requests").concat(), app.database.lines(links).len())
}

#[tokio::test]
async fn a_request_that_no_office_can_answer_any_more_closes_with_the_removal() {
    let app = TestApp::start().await;
    let Pair { admin, member } = app.pair().await;
    app.ask_administrators(&member.member).await;
    assert_eq!(request(&app), ("open".to_owned(), 1));
    let path = app.request_path(&admin.member).await;
    let another = app.protected_admin(admin.member.office).await;
    let form = another.browser.get(&path).await.expect(200).form(&format!("{path}/approve"));
    remove(&admin.browser, &member.member).await.expect(303);
    assert_eq!(request(&app), ("closed".to_owned(), 0));
    let code = app.fresh_code(&another.authenticator);
    let page = form.fill("note", "電話で確認").fill("code", &code).submit(&another.browser).await;
    assert!(matches!(page.status, 404 | 409), "{}", page.status);
    app.password_proven(&member.member).await;
}

#[tokio::test]
async fn a_request_that_another_office_can_answer_stays_open_and_can_be_cancelled() {
    let app = TestApp::start().await;
    let Pair { admin, member } = app.pair().await;
    let elsewhere = app.office(Plan::PersonalStarter).await;
    app.protected_admin(elsewhere).await;
    app.assign(&member.member, elsewhere, Role::General).await;
    app.ask_administrators(&member.member).await;
    remove(&admin.browser, &member.member).await.expect(303);
    assert_eq!(request(&app), ("open".to_owned(), 1));
}

#[tokio::test]
async fn what_a_removed_administrator_has_sent_lets_nobody_in_any_more() {
    let app = TestApp::start().await;
    let inviter = app.inviter().await;
    let office = inviter.member.office;
    let leaving = app.inviter_for(app.person_of(office, Role::Admin).await).await;
    let alias = leaving.link(&app, "alias@example.jp").await;
    let other = inviter.link(&app, "other@example.jp").await;
    remove(&inviter.browser, &leaving.member).await.expect(303);
    app.browser().get(&alias).await.expect(410);
    app.browser().get(&other).await.expect(200);
    let revoked = "SELECT detail AS line FROM audit_events WHERE action = 'invitation.revoked'";
    assert_eq!(app.database.lines(revoked), ["general alias@example.jp"]);
}

#[tokio::test]
async fn an_invitation_from_before_is_no_way_back_in() {
    let app = TestApp::start().await;
    let inviter = app.inviter().await;
    let office = inviter.member.office;
    let guest = app.member_of(app.office(Plan::None).await).await;
    let link = inviter.link(&app, &guest.email).await;
    app.assign(&guest, office, Role::General).await;
    let there = Member { office, ..guest.clone() };
    remove(&inviter.browser, &there).await.expect(303);
    assert!(inviter.page().await.all("tbody tr").is_empty());
    let theirs = signed_in(&app, &guest).await;
    theirs.get(&link).await.expect(410);
    assert_eq!(role_of(&app, &there), None);
    let revoked = "SELECT detail AS line FROM audit_events WHERE action = 'invitation.revoked'";
    assert_eq!(app.database.lines(revoked), [format!("general {}", guest.email)]);

    // A new invitation is the way back.
    let link = inviter.link(&app, &guest.email).await;
    theirs.get(&link).await.expect(200).form(&link).submit(&theirs).await.expect(303);
    assert_eq!(role_of(&app, &there).as_deref(), Some("general"));
}
