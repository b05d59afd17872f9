//! Many hands at once on a request, which ends once.

use futures_util::future::{join, join_all};
use hikae::domain::time::Seconds;

use super::{NOTE, assert_whole_trail, told, trail};
use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::members::Protected;
use crate::support::offices::{Asked, Pair};
use crate::support::page::{Form, Page};

fn statuses(pages: &[Page]) -> Vec<u16> {
    pages.iter().map(|page| page.status).collect()
}

/// The stored states of a member's requests.
fn states(app: &TestApp, member: &Protected) -> Vec<String> {
    let id = member.member.id;
    app.database.lines(&format!("SELECT state AS line FROM release_requests WHERE user_id = {id} ORDER BY created_at"))
}

async fn submit_all(hands: &[(Browser, Form)]) -> Vec<Page> {
    join_all(hands.iter().map(|(browser, form)| form.submit(browser))).await
}

/// The filled-in form that approves, for an administrator.
async fn approval(app: &TestApp, admin: &Protected, path: &str) -> Form {
    let code = admin.authenticator.code_at(app.now());
    admin.browser.approval(path).await.fill("note", NOTE).fill("code", &code)
}

#[tokio::test]
async fn eight_hands_of_two_administrators_approve_once() {
    let app = TestApp::start().await;
    let Asked { first, second, member, path, .. } = app.asked().await;
    app.turn(Seconds(30));
    let mut hands = Vec::new();
    for hand in 0..8 {
        let admin = if hand % 2 == 0 { &first } else { &second };
        hands.push((admin.browser.clone(), approval(&app, admin, &path).await));
    }
    let pages = submit_all(&hands).await;
    let (done, over): (Vec<_>, Vec<_>) = pages.iter().partition(|page| page.status == 303 && !page.is_overtaken());
    assert_eq!(done.len(), 1, "{:?}", statuses(&pages));
    for page in over.into_iter().filter(|page| !page.is_overtaken()) {
        assert_eq!(page.status, 409, "{}", page.text());
        let named = ["鈴木 一郎", "佐藤 二郎"].map(|name| page.errors().contains(name));
        assert!(named[0] != named[1] && page.errors().contains("すでに承認"), "{}", page.errors());
    }
    assert_eq!(states(&app, &member), ["approved"]);
    assert_eq!(told(&app, &member.member, "管理者が二要素認証を解除").await, 1);
    let others = told(&app, &first.member, "承認").await + told(&app, &second.member, "承認").await;
    assert_eq!(others, 1, "the one who did not approve is told once");
    let approved = trail(&app, &member.member).iter().filter(|row| row.contains("approved done")).count();
    assert_eq!(approved, 1);
    assert_whole_trail(&app).await;
}

#[tokio::test]
async fn approving_declining_and_cancelling_at_once_is_one_of_the_three() {
    let app = TestApp::start().await;
    let Asked { first, second, .. } = app.asked().await;
    for _ in 0..3 {
        let member = app.protect(app.member_of(first.member.office).await).await;
        app.ask_administrators(&member.member).await;
        let path = app.request_path(&first.member).await;
        let link = app.mailbox.newest(&member.member.email, "管理者に解除依頼を送信").await;
        let link = link.path("/release-request-cancel/");
        let visitor = app.browser();
        app.turn(Seconds(30));
        let hands = [
            (first.browser.clone(), approval(&app, &first, &path).await),
            (second.browser.clone(), second.browser.get(&path).await.expect(200).form("却下")),
            (visitor.clone(), visitor.get(&link).await.expect(200).form(&link)),
        ];
        let pages = submit_all(&hands).await;
        let won: Vec<bool> = [303, 303, 200].iter().zip(&pages).map(|(status, page)| page.status == *status).collect();
        assert_eq!(won.iter().filter(|won| **won).count(), 1, "{:?}", statuses(&pages));
        let which = won.iter().position(|won| *won).expect("one");
        assert_eq!(states(&app, &member), [["approved", "declined", "cancelled"][which]]);
        let words = ["管理者が二要素認証を解除", "解除依頼が却下", "解除依頼を取り消しました"];
        for (index, words) in words.iter().enumerate() {
            assert_eq!(told(&app, &member.member, words).await, usize::from(index == which), "{words}");
        }
        let sign_in = app.browser().sign_in(&member.member).await.expect(303).location();
        assert_eq!(sign_in.as_deref(), Some(if which == 0 { "/account" } else { "/login/code" }));
    }
    assert_whole_trail(&app).await;
}

#[tokio::test]
async fn an_approval_and_the_member_s_own_code_at_once_leave_no_session_without_second_factor() {
    let app = TestApp::start().await;
    let Pair { admin, member } = app.pair().await;
    for _ in 0..3 {
        let member = app.protect(app.member_of(member.member.office).await).await;
        let asking = app.ask_administrators(&member.member).await;
        let path = app.request_path(&admin.member).await;
        app.turn(Seconds(30));
        let approve = approval(&app, &admin, &path).await;
        let form = asking.get("/login/code").await.expect(200).form("認証");
        let sign_in = form.fill("code", &member.authenticator.code_at(app.now()));
        let (approve, sign_in) = join(approve.submit(&admin.browser), sign_in.submit(&asking)).await;
        assert_eq!(sign_in.status, 303);
        if approve.status == 303 {
            // Signed in a moment before, or sent back to the start: either way without a session.
            assert!(!asking.is_signed_in().await);
            assert_eq!(states(&app, &member), ["approved"]);
            assert_eq!(told(&app, &member.member, "管理者が二要素認証を解除").await, 1);
        } else {
            assert_eq!(approve.status, 409, "{}", approve.text());
            assert!(asking.is_signed_in().await);
            assert_eq!(states(&app, &member), ["closed"]);
            assert_eq!(told(&app, &member.member, "解除依頼は不要になりました").await, 1);
            app.browser().sign_in(&member.member).await.expect_redirect("/login/code");
        }
    }
}

#[tokio::test]
async fn asked_by_eight_hands_at_once_it_is_one_request_and_one_mail_each() {
    let app = TestApp::start().await;
    let Pair { admin, member } = app.pair().await;
    let mut hands = Vec::new();
    for _ in 0..8 {
        let browser = app.password_proven(&member.member).await;
        let form = browser.get("/login/recovery").await.expect(200).form("解除依頼メールを送信");
        hands.push((browser, form));
    }
    let pages = submit_all(&hands).await;
    assert!(pages.iter().all(|page| page.location().as_deref() == Some("/login/recovery")), "{:?}", statuses(&pages));
    assert_eq!(states(&app, &member), ["open"]);
    assert_eq!(told(&app, &admin.member, "解除依頼が届いています").await, 1);
    assert_eq!(told(&app, &member.member, "管理者に解除依頼を送信").await, 1);
    assert_eq!(trail(&app, &member.member).len(), 1);
}

#[tokio::test]
async fn one_cancel_link_cancels_once_for_eight_hands() {
    let app = TestApp::start().await;
    let Asked { second, member, .. } = app.asked().await;
    let link = app.mailbox.newest(&member.member.email, "管理者に解除依頼を送信").await;
    let link = link.path("/release-request-cancel/");
    let mut hands = Vec::new();
    for _ in 0..8 {
        let browser = app.browser();
        let form = browser.get(&link).await.expect(200).form(&link);
        hands.push((browser, form));
    }
    let pages = submit_all(&hands).await;
    let done = pages.iter().filter(|page| page.status == 200).count();
    assert_eq!(done, 1, "{:?}", statuses(&pages));
    assert!(pages.iter().all(|page| matches!(page.status, 200 | 410)), "{:?}", statuses(&pages));
    assert_eq!(told(&app, &member.member, "解除依頼を取り消しました").await, 1);
    assert_eq!(told(&app, &second.member, "解除依頼を取り消しました").await, 1);
}

#[tokio::test]
async fn two_administrators_who_approve_each_other_do_not_wait_for_ever() {
    let app = TestApp::start().await;
    let Pair { admin: one, .. } = app.pair().await;
    for _ in 0..3 {
        let one = app.protected_admin(one.member.office).await;
        let other = app.protected_admin(one.member.office).await;
        app.ask_administrators(&one.member).await;
        let about_one = app.request_path(&other.member).await;
        app.ask_administrators(&other.member).await;
        let about_other = app.request_path(&one.member).await;
        app.turn(Seconds(30));
        let forms = [approval(&app, &one, &about_other).await, approval(&app, &other, &about_one).await];
        let pages = join(forms[0].submit(&one.browser), forms[1].submit(&other.browser)).await;
        let places = [pages.0.location(), pages.1.location()].map(|place| place.expect("sent on"));
        // The first release has ended the other's session: sent to sign in, nothing done.
        let won = [places[0] == about_other, places[1] == about_one];
        assert!(won[0] != won[1], "{places:?}");
        assert!(places.iter().any(|place| place.starts_with("/login")), "{places:?}");
        let (winner, loser) = if won[0] { (&one, &other) } else { (&other, &one) };
        assert_eq!((states(&app, winner), states(&app, loser)), (vec!["open".to_owned()], vec!["approved".to_owned()]));
        assert!(winner.browser.is_signed_in().await && !loser.browser.is_signed_in().await);
    }
    assert_whole_trail(&app).await;
}
