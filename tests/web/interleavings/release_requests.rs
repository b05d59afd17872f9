//! Two acts on one request (方法B): whichever is first, the other finds what is so by then.

use super::{arrived, behind_a_proxy, one_beside_another, under_way};
use crate::support::app::TestApp;
use crate::support::members::Protected;
use crate::support::offices::Asked;
use crate::support::page::{Form, Page};

const NOTE: &str = "対面で社員証を確認";

async fn approval(app: &TestApp, admin: &Protected, path: &str) -> Form {
    let code = app.fresh_code(&admin.authenticator);
    admin.browser.approval(path).await.fill("note", NOTE).fill("code", &code)
}

fn state(app: &TestApp) -> Vec<String> {
    app.database.lines("SELECT state || ' ' || COALESCE(decided_by, 0) AS line FROM release_requests")
}

#[tokio::test]
async fn of_two_approvals_the_second_reads_who_made_the_first() {
    let app = behind_a_proxy().await;
    let Asked { first, second, path, .. } = app.asked().await;
    let forms = (approval(&app, &first, &path).await, approval(&app, &second, &path).await);
    let acts = (under_way(forms.0, &first.browser, 0), under_way(forms.1, &second.browser, 0));
    let (winner, loser) = one_beside_another(&app, acts.0, acts.1).await;
    winner.expect(303);
    assert_eq!(loser.status, 409, "{}", loser.text());
    assert!(loser.errors().contains("鈴木 一郎"), "{}", loser.errors());
    assert_eq!(state(&app), [format!("approved {}", first.member.id)]);
}

#[tokio::test]
async fn an_approval_and_a_cancelling_are_never_both_done() {
    for approval_comes_first in [true, false] {
        let app = behind_a_proxy().await;
        let Asked { first, member, path, .. } = app.asked().await;
        let link = app.mailbox.newest(&member.member.email, "管理者に解除依頼を送信").await;
        let link = link.path("/release-request-cancel/");
        let visitor = app.browser();
        let cancel = under_way(visitor.get(&link).await.expect(200).form(&link), &visitor, 0);
        let approve = under_way(approval(&app, &first, &path).await, &first.browser, 0);
        let (approved, cancelled) = if approval_comes_first {
            one_beside_another(&app, approve, cancel).await
        } else {
            let (cancelled, approved) = one_beside_another(&app, cancel, approve).await;
            (approved, cancelled)
        };
        let answers = (approved.status, cancelled.status);
        if approval_comes_first {
            assert_eq!(answers, (303, 410), "{}", cancelled.text());
            assert_eq!(state(&app), [format!("approved {}", first.member.id)]);
        } else {
            assert_eq!(answers, (409, 200), "{}", cancelled.text());
            assert_eq!(state(&app), ["cancelled 0"]);
            assert!(member.browser.is_signed_in().await);
        }
    }
}

/// An approval that has passed the door and waits for the member's account; then something is
/// changed, and it goes on.
async fn approval_beside(app: &TestApp, asked: &Asked, sql: &str) -> Page {
    let approve = under_way(approval(app, &asked.first, &asked.path).await, &asked.first.browser, 0);
    // A wrong code holds the member's account until its row is in the trail.
    let form = asked.asking.get("/login/code").await.expect(200).form("認証");
    let wrong = form.fill("code", &asked.member.authenticator.wrong_code_at(app.now()));
    let wrong = under_way(wrong, &asked.asking, 0);
    let hold = app.database.hold();
    let wrong = tokio::spawn(wrong.request);
    arrived(app, &hold, 1, 0).await;
    let approve = tokio::spawn(approve.request);
    arrived(app, &hold, 2, 0).await;
    hold.release_with(sql);
    wrong.await.expect("an answer").expect(422);
    approve.await.expect("an answer")
}

#[tokio::test]
async fn an_approval_under_way_stops_when_role_membership_or_session_go() {
    let app = behind_a_proxy().await;
    for what in ["role", "membership", "session"] {
        let asked = app.asked().await;
        let (admin, member) = (asked.first.member.id, asked.member.member.id);
        let (sql, status) = match what {
            "role" => (format!("UPDATE memberships SET role = 'general' WHERE user_id = {admin}"), 404),
            "membership" => (format!("DELETE FROM memberships WHERE user_id = {member}"), 404),
            _ => (format!("DELETE FROM sessions WHERE user_id = {admin}"), 303),
        };
        let page = approval_beside(&app, &asked, &sql).await.expect(status);
        if let Some(sent) = page.location() {
            assert!(sent.starts_with("/login"), "{sent}");
        }
        let id = format!("SELECT state AS line FROM release_requests WHERE user_id = {member}");
        assert_eq!(app.database.lines(&id), ["open"], "{what}");
        assert!(asked.member.browser.is_signed_in().await, "{what}");
        app.browser().sign_in(&asked.member.member).await.expect_redirect("/login/code");
    }
}
