//! Strangers who guess an account's password from many places do not lock its owner out.

use futures_util::future::join_all;

use crate::support::app::TestApp;
use crate::support::browser::Browser;

fn from(app: &TestApp, address: &str) -> Browser {
    app.browser().with_header("x-forwarded-for", address)
}

#[tokio::test]
async fn guesses_from_many_networks_stop_strangers_and_not_the_owner_s_own_network() {
    let app = TestApp::with().trusted_proxy("127.0.0.0/8").start().await;
    let member = app.member().await;
    from(&app, "198.51.100.7").sign_in(&member).await.expect_redirect("/account");

    // Ten from each network, so that no limit of a single network is in the way.
    for network in 0..10 {
        let guesses = (0..10).map(|guess| {
            let (guesser, email) = (from(&app, &format!("203.0.{network}.9")), &member.email);
            async move { guesser.sign_in_with(email, &format!("当てずっぽう{network}-{guess}")).await }
        });
        assert!(join_all(guesses).await.iter().all(|page| page.status == 422), "network {network}");
    }
    let stranger = from(&app, "192.0.2.66");
    let page = stranger.sign_in(&member).await.expect(429);
    assert!(page.header("retry-after").is_some());
    assert!(!stranger.is_signed_in().await);
    from(&app, "198.51.100.7").sign_in(&member).await.expect_redirect("/account");
}
