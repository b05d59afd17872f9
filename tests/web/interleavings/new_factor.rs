//! A sign-in without second factor while the second factor is being switched on.

use super::{behind_a_proxy, from, one_beside_another, sessions, sign_in_form, under_way};
use crate::support::members::PASSWORD;

#[tokio::test]
async fn no_session_that_never_passed_the_new_factor_is_left() {
    let app = behind_a_proxy().await;
    for confirmation_comes_first in [true, false] {
        let member = app.member().await;
        let (owner, other) = (app.browser(), from(&app, "203.0.113.66"));
        owner.sign_in(&member).await.expect(303);
        let authenticator = owner.start_set_up(PASSWORD).await;
        let form = owner.get("/account/two-factor/setup").await.expect(200).form("/account/two-factor/setup/confirm");
        let confirm = form.fill("code", &authenticator.code_at(app.now()));
        // Behind a hold on everything the confirmation does not come to its hashes.
        let hashes = 0;
        let confirm = under_way(confirm, &owner, hashes);
        let sign_in = under_way(sign_in_form(&other, &member.email, PASSWORD).await, &other, 1);
        let confirm = if confirmation_comes_first {
            one_beside_another(&app, confirm, sign_in).await.0
        } else {
            one_beside_another(&app, sign_in, confirm).await.1
        };
        assert_eq!(confirm.expect(200).codes().len(), 10);
        assert!(owner.is_signed_in().await);
        assert!(!other.is_signed_in().await, "the confirmation came first: {confirmation_comes_first}");
        let complete = sessions(&app, &member).into_iter().filter(|stage| stage == "complete").count();
        assert_eq!(complete, 1, "the confirmation came first: {confirmation_comes_first}");
    }
}
