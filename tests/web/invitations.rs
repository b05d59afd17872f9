//! The link of an invitation: for a new person, for somebody with an account, and for nobody else.

use futures_util::future::{join, join_all};
use hikae::domain::office::Role;
use hikae::domain::plan::Plan;
use hikae::domain::time::Seconds;
use reqwest::Method;

use crate::support::app::TestApp;
use crate::support::invitations::{CHOSEN, LINK};
use crate::support::members::{Member, PASSWORD};

const EMAIL: &str = "jiro@x.example";

fn memberships(app: &TestApp, email: &str) -> Vec<String> {
    let sql = format!(
        "SELECT CAST(office_id AS TEXT) || ' ' || role AS line FROM memberships \
         WHERE user_id IN (SELECT id FROM users WHERE email = '{email}') ORDER BY created_at"
    );
    app.database.lines(&sql)
}

#[tokio::test]
async fn a_new_person_sets_name_and_password_and_signs_in_with_it() {
    let app = TestApp::start().await;
    let inviter = app.inviter().await;
    let path = inviter.link(&app, EMAIL).await;
    let browser = app.browser();
    let page = browser.get(&path).await.expect(200);
    assert!(page.text().contains("控え商事") && page.text().contains("控 花子") && page.text().contains(EMAIL));
    browser.accept(&path, "控 次郎", CHOSEN).await.expect_redirect("/login");
    assert!(!browser.is_signed_in().await, "who forwards a link signs nobody in");
    assert!(browser.get("/login").await.expect(200).notice().contains("アカウントを作成しました"));
    browser.sign_in_with(EMAIL, CHOSEN).await.expect_redirect("/account");
    let office = inviter.member.office;
    assert_eq!(memberships(&app, EMAIL), [format!("{office} general")]);
    assert!(browser.get("/account").await.expect(200).text().contains("控え商事"));
    browser.get(&inviter.path).await.expect(404);
    assert!(inviter.page().await.all("tbody tr").is_empty());

    let before = app.invitation_state();
    let late = app.browser();
    let page = late.get(&path).await.expect(410);
    assert!(page.text().contains("管理者"), "what to do: {}", page.text());
    assert_eq!(app.invitation_state(), before);
    let rows = format!(
        "SELECT action AS line FROM audit_events WHERE office_id = {office} AND subject_id IS NOT NULL \
         AND actor_id = subject_id ORDER BY seq"
    );
    assert_eq!(app.database.lines(&rows), ["user.added", "invitation.accepted", "member.joined"]);
}

#[tokio::test]
async fn looking_consumes_nothing_and_no_cache_or_search_engine_keeps_it() {
    let app = TestApp::start().await;
    let path = app.inviter().await.link(&app, EMAIL).await;
    let before = app.invitation_state();
    let browser = app.browser();
    for _ in 0..3 {
        let page = browser.get(&path).await.expect(200);
        assert_eq!(page.header("cache-control"), Some("no-store"));
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
        assert!(page.header("x-robots-tag").is_some_and(|value| value.contains("noindex")));
        assert_eq!(browser.request(Method::HEAD, &path).send().await.status, 200);
    }
    assert_eq!(app.invitation_state(), before);
    for wrong in ["x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", &path[LINK.len()..path.len() - 1]] {
        app.browser().get(&format!("{LINK}{wrong}")).await.expect(410);
    }
}

#[tokio::test]
async fn a_bad_name_or_a_weak_password_makes_no_account_and_costs_no_hash() {
    let app = TestApp::start().await;
    let path = app.inviter().await.link(&app, EMAIL).await;
    let (before, hashes) = (app.invitation_state(), app.services.gate.made());
    let browser = app.browser();
    let long = "あ".repeat(101);
    for (name, password) in [
        ("", CHOSEN),
        (long.as_str(), CHOSEN),
        ("控\u{7}次郎", CHOSEN),
        ("控 次郎", ""),
        ("控 次郎", "short7!"),
        ("控 次郎", "password"),
        ("控 次郎", EMAIL),
    ] {
        let page = browser.accept(&path, name, password).await.expect(422);
        assert!(!page.errors().is_empty(), "{name:?} {password:?}");
        assert_eq!(page.form(&path).value("name"), Some(name));
        assert_eq!(page.form(&path).value("new_password"), Some(""));
    }
    assert_eq!(app.services.gate.made(), hashes);
    assert_eq!(app.invitation_state(), before);
    browser.accept(&path, "控 次郎", CHOSEN).await.expect(303);
}

#[tokio::test]
async fn somebody_with_an_account_signs_in_and_joins_with_it() {
    let app = TestApp::start().await;
    let (inviter, guest) = (app.inviter().await, app.member().await);
    inviter.invite_admin(&guest.email, PASSWORD).await.expect(303);
    let path = app.invitation_to(&guest.email).await;
    let browser = app.browser();
    let page = browser.get(&path).await.expect(200);
    assert!(page.attributes("main input", "name").iter().all(|name| name != "new_password"), "{}", page.text());
    browser.sign_in_from(&page, &guest.email).await.expect_redirect(&path);
    let before = memberships(&app, &guest.email);
    browser.get(&path).await.expect(200).form("参加する").submit(&browser).await.expect_redirect("/account");
    assert!(browser.get("/account").await.expect(200).notice().contains("参加しました"));
    assert_eq!(before.len(), 1);
    let now = memberships(&app, &guest.email);
    assert!(now.contains(&format!("{} admin", inviter.member.office)) && now.len() == 2, "{now:?}");
    browser.get(&inviter.path).await.expect(200);
    browser.get(&path).await.expect(410);
}

#[tokio::test]
async fn a_second_factor_is_asked_for_before_joining() {
    let app = TestApp::start().await;
    let (inviter, person) = (app.inviter().await, app.protected_member().await);
    let path = inviter.link(&app, &person.member.email).await;
    let browser = app.browser();
    let page = browser.get(&path).await.expect(200);
    let half = browser.sign_in_from(&page, &person.member.email).await.expect(303);
    assert!(half.location().is_some_and(|to| to.starts_with("/login/code")));
    let before = app.invitation_state();
    let page = browser.get(&path).await.expect(200);
    assert!(!page.has_form("参加する"), "the password alone opens nothing");
    let token = page.form("ログアウト").value("csrf_token").expect("a token").to_owned();
    browser.submit(&path, &[("csrf_token".to_owned(), token)]).await.expect(422);
    assert_eq!(app.invitation_state(), before);
    let code = app.fresh_code(&person.authenticator);
    let page = browser.follow(half).await;
    page.form("認証").fill("code", &code).submit(&browser).await.expect_redirect(&path);
    browser.get(&path).await.expect(200).form("参加する").submit(&browser).await.expect(303);
    assert_eq!(memberships(&app, &person.member.email).len(), 2);
}

#[tokio::test]
async fn opened_while_another_person_is_signed_in_it_acts_on_nobody() {
    let app = TestApp::start().await;
    let (inviter, owner, other) = (app.inviter().await, app.member().await, app.member().await);
    for email in [owner.email.as_str(), EMAIL] {
        let path = inviter.link(&app, email).await;
        let browser = app.browser();
        browser.sign_in(&other).await.expect(303);
        let before = app.invitation_state();
        let page = browser.get(&path).await.expect(403);
        assert!(page.text().contains(email) && page.text().contains(&other.email), "{}", page.text());
        let token = page.form("/logout").value("csrf_token").expect("a token").to_owned();
        for fields in [vec![], vec![("name", "控 次郎"), ("new_password", CHOSEN)]] {
            let fields = fields.into_iter().chain([("csrf_token", token.as_str())]);
            let fields: Vec<_> = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            browser.submit(&path, &fields).await.expect(403);
        }
        assert_eq!(app.invitation_state(), before, "{email}");
        page.form("ログアウト").submit(&browser).await.expect(303);
        browser.get(&path).await.expect(200);
    }
}

#[tokio::test]
async fn an_address_that_was_changed_meanwhile_is_somebody_else_s() {
    let app = TestApp::start().await;
    let (inviter, guest) = (app.inviter().await, app.member().await);
    let path = inviter.link(&app, &guest.email).await;
    let browser = app.browser();
    browser.sign_in(&guest).await.expect(303);
    let form = browser.get(&path).await.expect(200).form("参加する");
    app.database.execute(&format!("UPDATE users SET email = 'moved@x.example' WHERE id = {}", guest.id));
    let before = app.invitation_state();
    form.submit(&browser).await.expect(403);
    assert_eq!(app.invitation_state(), before);
    assert!(memberships(&app, "moved@x.example").len() == 1);
}

#[tokio::test]
async fn an_account_that_was_made_meanwhile_is_asked_to_sign_in() {
    let app = TestApp::start().await;
    let (first, second) = (app.inviter().await, app.inviter().await);
    let one = first.link(&app, EMAIL).await;
    let browser = app.browser();
    let form = browser.get(&one).await.expect(200).form(&one);
    let other = second.link(&app, EMAIL).await;
    app.browser().accept(&other, "控 次郎", CHOSEN).await.expect(303);
    let before = app.invitation_state();
    let page = form.fill("name", "別の 名前").fill("new_password", PASSWORD).submit(&browser).await.expect(422);
    assert!(page.text().contains("ログイン"), "{}", page.text());
    assert_eq!(app.invitation_state(), before);
    app.browser().sign_in_with(EMAIL, CHOSEN).await.expect_redirect("/account");
    browser.get(&one).await.expect(200);
}

#[tokio::test]
async fn an_invitation_as_administrator_dies_with_the_role_of_who_sent_it() {
    let app = TestApp::start().await;
    let inviter = app.inviter().await;
    let office = inviter.member.office;
    let second = app.inviter_for(app.person_of(office, Role::Admin).await).await;
    inviter.invite_admin("boss@x.example", PASSWORD).await.expect(303);
    inviter.invite("general@x.example").await.expect(303);
    let (boss, general) = (app.invitation_to("boss@x.example").await, app.invitation_to("general@x.example").await);
    let browser = app.browser();
    let form = browser.get(&boss).await.expect(200).form(&boss);
    for taken_away in ["UPDATE memberships SET role = 'general'", "DELETE FROM memberships"] {
        app.database.execute(&format!("{taken_away} WHERE user_id = {}", inviter.member.id));
        let before = app.invitation_state();
        form.clone().fill("name", "控 次郎").fill("new_password", CHOSEN).submit(&browser).await.expect(410);
        app.browser().get(&boss).await.expect(410);
        let page = second.page().await;
        assert!(page.all("tbody tr").concat().contains("無効"), "{}", page.text());
        assert_eq!(app.invitation_state(), before);
    }
    let foreign = second.page().await.attributes("form[action$='/revoke']", "action");
    assert_eq!(foreign.len(), 2);
    assert_eq!(second.page().await.attributes("form[action$='/resend']", "action").len(), 1, "made anew, not again");
    app.browser().accept(&general, "控 三郎", CHOSEN).await.expect_redirect("/login");
    assert_eq!(memberships(&app, "general@x.example"), [format!("{office} general")]);
    second.invite_admin("boss@x.example", PASSWORD).await.expect(303);
    app.browser().get(&app.invitation_to("boss@x.example").await).await.expect(200);
}

#[tokio::test]
async fn whoever_has_become_a_member_meanwhile_stays_as_they_are() {
    let app = TestApp::start().await;
    let (inviter, guest) = (app.inviter().await, app.member().await);
    inviter.invite_admin(&guest.email, PASSWORD).await.expect(303);
    let path = app.invitation_to(&guest.email).await;
    app.assign(&guest, inviter.member.office, Role::General).await;
    let browser = app.browser();
    browser.sign_in(&guest).await.expect(303);
    browser.get(&path).await.expect(200).form("参加する").submit(&browser).await.expect_redirect("/account");
    assert!(browser.get("/account").await.notice().contains("すでに"));
    assert!(memberships(&app, &guest.email).contains(&format!("{} general", inviter.member.office)));
    browser.get(&path).await.expect(410);

    let late = app.member().await;
    inviter.invite(&late.email).await.expect(303);
    app.assign(&late, inviter.member.office, Role::General).await;
    let before = app.mailbox.count(&late.email).await;
    inviter.press("再送").await.expect(303);
    assert!(inviter.page().await.notice().contains("すでにメンバーです"));
    assert_eq!(app.mailbox.count(&late.email).await, before);
    assert!(inviter.page().await.all("tbody tr").is_empty());
}

#[tokio::test]
async fn one_link_in_eight_hands_makes_one_account() {
    let app = TestApp::start().await;
    let path = app.inviter().await.link(&app, EMAIL).await;
    let mut hands = Vec::new();
    for hand in 0..8 {
        let browser = app.browser();
        let form = browser.get(&path).await.expect(200).form(&path);
        hands.push((browser, form.fill("name", &format!("控 {hand}")).fill("new_password", CHOSEN)));
    }
    let pages = join_all(hands.iter().map(|(browser, form)| form.submit(browser))).await;
    let statuses: Vec<u16> = pages.iter().map(|page| page.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| matches!(status, 303 | 410 | 422 | 503)), "{statuses:?}");
    assert_eq!(memberships(&app, EMAIL).len(), 1);
}

#[tokio::test]
async fn one_account_in_eight_hands_joins_once() {
    let app = TestApp::start().await;
    let (inviter, guest) = (app.inviter().await, app.member().await);
    let path = inviter.link(&app, &guest.email).await;
    let browser = app.browser();
    browser.sign_in(&guest).await.expect(303);
    let form = browser.get(&path).await.expect(200).form("参加する");
    let pages = join_all((0..8).map(|_| form.submit(&browser))).await;
    let joined = pages.iter().filter(|page| page.status == 303).count();
    assert_eq!(joined, 1, "{:?}", pages.iter().map(|page| page.status).collect::<Vec<_>>());
    assert_eq!(memberships(&app, &guest.email).len(), 2);
    let rows = "SELECT action AS line FROM audit_events WHERE action = 'invitation.accepted'";
    assert_eq!(app.database.lines(rows).len(), 1);
}

#[tokio::test]
async fn of_accepting_and_revoking_at_once_exactly_one_happens() {
    let app = TestApp::start().await;
    for round in 0..4 {
        let (inviter, guest) = (app.inviter().await, app.member().await);
        let path = inviter.link(&app, &guest.email).await;
        let browser = app.browser();
        browser.sign_in(&guest).await.expect(303);
        let accept = browser.get(&path).await.expect(200).form("参加する");
        let revoke = inviter.page().await.form("取り消し");
        let (accepted, revoked) = join(accept.submit(&browser), revoke.submit(&inviter.browser)).await;
        assert_eq!(revoked.status, 303);
        let was_revoked = inviter.page().await.notice().contains("取り消しました");
        let joined = memberships(&app, &guest.email).len() == 2;
        assert_eq!(accepted.status, if joined { 303 } else { 410 }, "round {round}");
        assert_ne!(joined, was_revoked, "round {round}");
    }
}

#[tokio::test]
async fn accounts_made_from_one_network_are_counted_before_they_are_hashed() {
    let app = TestApp::start().await;
    let inviter = app.inviter().await;
    let path = inviter.link(&app, EMAIL).await;
    let browser = app.browser();
    let form = browser.get(&path).await.expect(200).form(&path).fill("name", "控").fill("new_password", CHOSEN);
    // As many as a whole office on one morning.
    app.database.execute(&format!(
        "INSERT INTO rate_windows (bucket, hits, ends_at) VALUES ('{}', 200, {})",
        hikae::domain::rate::Bucket::invited_network(&hikae::domain::client::Client {
            address: [127, 0, 0, 1].into(),
            device: String::new()
        })
        .as_str(),
        (app.now() + Seconds(60)).0
    ));
    let (before, hashes) = (app.invitation_state(), app.services.gate.made());
    let page = form.submit(&browser).await.expect(429);
    assert!(page.header("retry-after").is_some());
    assert_eq!((app.invitation_state(), app.services.gate.made()), (before, hashes));
    app.turn(Seconds(61));
    form.submit(&browser).await.expect(303);
}

#[tokio::test]
async fn the_database_has_no_piece_of_the_link() {
    let app = TestApp::start().await;
    let path = app.inviter().await.link(&app, EMAIL).await;
    let token = &path[LINK.len()..];
    let cast = if app.database.url().is_some() { "encode(digest, 'escape')" } else { "hex(digest)" };
    let stored = app.database.lines(&format!("SELECT {cast} AS line FROM invitations"));
    assert!(!stored.concat().contains(token) && stored.len() == 1);
    assert!(app.database.lines("SELECT detail AS line FROM audit_events").iter().all(|detail| !detail.contains(token)));
}

#[tokio::test]
async fn a_fault_half_way_leaves_the_link_good_and_nobody_in() {
    let app = TestApp::start().await;
    let (inviter, guest): (_, Member) = (app.inviter().await, app.member_of(app.office(Plan::None).await).await);
    let (new, own) = (inviter.link(&app, EMAIL).await, inviter.link(&app, &guest.email).await);
    let signed_in = app.browser();
    signed_in.sign_in(&guest).await.expect(303);
    let join = signed_in.get(&own).await.expect(200).form("参加する");
    let visitor = app.browser();
    let accept = visitor.get(&new).await.expect(200).form(&new).fill("name", "控").fill("new_password", CHOSEN);
    let before = app.invitation_state();
    app.database.execute("ALTER TABLE audit_head RENAME TO audit_head_gone");
    join.submit(&signed_in).await.expect(500);
    accept.submit(&visitor).await.expect(500);
    app.database.execute("ALTER TABLE audit_head_gone RENAME TO audit_head");
    assert_eq!(app.invitation_state(), before);
    join.submit(&signed_in).await.expect(303);
    accept.submit(&visitor).await.expect(303);
}

#[tokio::test]
async fn whoever_joins_as_an_administrator_is_made_known_to_the_others() {
    let app = TestApp::start().await;
    let inviter = app.inviter().await;
    let office = inviter.member.office;
    let other = app.named_person(office, Role::Admin, "佐藤 二郎").await;
    inviter.invite_admin("boss@x.example", PASSWORD).await.expect(303);
    let link = app.invitation_to("boss@x.example").await;
    app.browser().accept(&link, "控 次郎", CHOSEN).await.expect(303);
    for told in [&inviter.member, &other] {
        let mail = app.mailbox.newest(&told.email, "管理者が増えました").await;
        assert!(mail.text.contains("boss@x.example") && mail.text.contains("控え商事"), "{}", mail.text);
    }
    let guest = app.member_of(app.office(Plan::None).await).await;
    app.assign(&guest, office, Role::Admin).await;
    let mail = app.mailbox.newest(&other.email, "管理者が増えました").await;
    assert!(mail.text.contains(&guest.email), "{}", mail.text);
    inviter.invite("plain@x.example").await.expect(303);
    let before = app.mailbox.count(&other.email).await;
    let link = app.invitation_to("plain@x.example").await;
    app.browser().accept(&link, "控 三郎", CHOSEN).await.expect(303);
    assert_eq!(app.mailbox.count(&other.email).await, before);
}
