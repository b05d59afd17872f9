//! An old password beside the change or the reset of it: whichever is first, no session of the
//! old one is left, and no link is spent for nothing.

use futures_util::future::join;

use super::{
    NEW, behind_a_proxy, change_form, from, one_beside_another, reset_form, sessions, sign_in_form, under_way,
};
use crate::support::app::TestApp;
use crate::support::members::{Member, PASSWORD};

/// Where somebody is who knows the old password.
const ELSEWHERE: &str = "203.0.113.66";

#[tokio::test]
async fn a_reset_leaves_no_session_of_a_sign_in_that_came_after_it_with_the_old_password() {
    let app = behind_a_proxy().await;
    let member = app.member().await;
    let (owner, other) = (app.browser(), from(&app, ELSEWHERE));
    let sign_in = sign_in_form(&other, &member.email, PASSWORD).await;
    let reset = reset_form(&app, &owner, &member.email).await;
    let (reset, sign_in) = one_beside_another(&app, under_way(reset, &owner, 1), under_way(sign_in, &other, 1)).await;
    reset.expect(303);
    assert_eq!(sign_in.status, 422, "{}", sign_in.text());
    only_the_new_password_works(&app, &member).await;
}

#[tokio::test]
async fn a_reset_ends_a_sign_in_that_was_a_moment_before_it() {
    let app = behind_a_proxy().await;
    let member = app.member().await;
    let (owner, other) = (app.browser(), from(&app, ELSEWHERE));
    let sign_in = sign_in_form(&other, &member.email, PASSWORD).await;
    let reset = reset_form(&app, &owner, &member.email).await;
    let (_, reset) = one_beside_another(&app, under_way(sign_in, &other, 1), under_way(reset, &owner, 1)).await;
    reset.expect(303);
    assert!(!other.is_signed_in().await);
    only_the_new_password_works(&app, &member).await;
}

async fn only_the_new_password_works(app: &TestApp, member: &Member) {
    assert!(sessions(app, member).is_empty(), "a session of the old password lives on");
    app.browser().sign_in_with(&member.email, PASSWORD).await.expect(422);
    app.browser().sign_in_with(&member.email, NEW).await.expect_redirect("/account");
}

#[tokio::test]
async fn a_change_leaves_no_session_of_the_old_password_but_its_own() {
    let app = behind_a_proxy().await;
    for change_comes_first in [true, false] {
        let member = app.member().await;
        let (owner, other) = (app.browser(), from(&app, ELSEWHERE));
        owner.sign_in(&member).await.expect(303);
        let change = under_way(change_form(&owner, &member).await, &owner, 2);
        let sign_in = under_way(sign_in_form(&other, &member.email, PASSWORD).await, &other, 1);
        let change = if change_comes_first {
            one_beside_another(&app, change, sign_in).await.0
        } else {
            one_beside_another(&app, sign_in, change).await.1
        };
        change.expect(303);
        assert_eq!(sessions(&app, &member), ["complete"], "the change came first: {change_comes_first}");
        assert!(owner.is_signed_in().await && !other.is_signed_in().await);
        app.browser().sign_in_with(&member.email, NEW).await.expect_redirect("/account");
    }
}

/// As after an import: the next sign-in renews the hash of the same password.
fn import_hash(app: &TestApp, member: &Member) {
    let hash = bcrypt::hash(PASSWORD, 4).expect("a hash");
    app.database.execute(&format!("UPDATE users SET password_hash = '{hash}' WHERE id = {}", member.id));
}

#[tokio::test]
async fn a_sign_in_that_renews_the_hash_does_not_spend_a_reset_link() {
    let app = behind_a_proxy().await;
    let member = app.member().await;
    import_hash(&app, &member);
    let (owner, other) = (app.browser(), from(&app, ELSEWHERE));
    let sign_in = sign_in_form(&other, &member.email, PASSWORD).await;
    let reset = reset_form(&app, &owner, &member.email).await;
    let (sign_in, reset) = one_beside_another(&app, under_way(sign_in, &other, 2), under_way(reset, &owner, 1)).await;
    sign_in.expect_redirect("/account");
    reset.expect(303);
    only_the_new_password_works(&app, &member).await;
}

#[tokio::test]
async fn sign_ins_and_resets_at_once_always_end_with_the_new_password() {
    let app = behind_a_proxy().await;
    for round in 0..10 {
        let member = app.member().await;
        import_hash(&app, &member);
        let (owner, other) = (app.browser(), from(&app, ELSEWHERE));
        let sign_in = sign_in_form(&other, &member.email, PASSWORD).await;
        let reset = reset_form(&app, &owner, &member.email).await;
        let (_, reset) = join(sign_in.submit(&other), reset.submit(&owner)).await;
        assert_eq!(reset.status, 303, "round {round}: {}", reset.text());
        assert!(sessions(&app, &member).is_empty(), "round {round}");
        app.browser().sign_in_with(&member.email, NEW).await.expect_redirect("/account");
    }
}
