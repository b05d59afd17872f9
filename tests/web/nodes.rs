//! Several nodes on one database: what happens on one is true on the others at once, and a raised cost
//! of hashes takes over without locking anybody out.

mod clocks;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use hikae::crypto::hashing::HashCost;
use hikae::domain::time::Seconds;
use hikae::random::Randomness;
use hikae::settings::Settings;

use crate::support::app::{TestApp, quick_hashes};
use crate::support::eventually;
use crate::support::node::Node;
use crate::support::smtp::{Mood, SmtpSink};

/// Another node beside the first: same database, same key file, same clock.
async fn beside(app: &TestApp, hash: HashCost) -> Node {
    let settings = Settings {
        data_dir: app.data.path().to_owned(),
        listen: ([127, 0, 0, 1], 0).into(),
        database_url: app.database.url(),
        handle_signals: false,
        hash,
        ..Settings::default()
    };
    Node::start(settings, app.clock.clone(), Randomness::System).await
}

#[tokio::test]
async fn without_stickiness_the_nodes_serve_one_browser_in_turn() {
    let app = TestApp::with().nodes(&[Seconds(0); 3]).start().await;
    let person = app.protected_member().await;
    let taken = || app.balancer.as_ref().expect("a balancer").taken();
    let before = taken();
    assert!(before.iter().all(|connections| *connections > 0), "{before:?}");
    for _ in 0..9 {
        person.browser.get("/account").await.expect(200);
    }
    assert_eq!(taken(), before.iter().map(|connections| connections + 3).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_node_that_refuses_is_passed_over_and_nobody_is_signed_out() {
    let mut app = TestApp::with().nodes(&[Seconds(0); 3]).start().await;
    let person = app.protected_member().await;
    drop(app.nodes.remove(1));
    let before = app.balancer.as_ref().expect("a balancer").taken();
    let unanswered = Arc::default();
    let browser = person.browser.counting_unanswered(Arc::clone(&unanswered));
    for _ in 0..6 {
        browser.get("/account").await.expect(200);
    }
    assert_eq!(unanswered.load(Ordering::SeqCst), 0);
    let after = app.balancer.as_ref().expect("a balancer").taken();
    assert_eq!(after[1], before[1], "a node that has stopped");
    assert!(after[0] > before[0] && after[2] > before[2], "{before:?} {after:?}");
}

#[tokio::test]
async fn a_mail_in_the_hands_of_one_node_is_sent_by_no_other() {
    let sink = SmtpSink::start(Mood::KeepsSilent);
    let app = TestApp::with().smtp(sink.url()).nodes(&[Seconds(0); 3]).start().await;
    let inviter = app.inviter().await;
    let invited: Vec<String> = (0..9).map(|number| format!("invited{number}@example.jp")).collect();
    inviter.invite(&invited.join("\n")).await.expect_redirect(&inviter.path);
    eventually("every mail is handed over", async || (sink.mails().len() == 9).then_some(())).await;
    assert_eq!((app.mailbox.waiting().await, app.mailbox.send_due().await), (9, 0));
    sink.becomes(Mood::Accepts);
    app.mailbox.settle().await;
    let mut sent: Vec<String> = sink.mails().into_iter().map(|mail| mail.to).collect();
    sent.sort();
    assert_eq!(sent, invited);
}

#[tokio::test]
async fn a_session_lives_and_ends_on_both_nodes_at_once() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let second = beside(&app, quick_hashes()).await;
    let browser = app.signed_in(&person).await;
    let there = second.taking_over(&browser);
    assert!(there.is_signed_in().await, "the first node's session means nothing to the second");
    browser.sign_out().await.expect(303);
    assert!(!there.is_signed_in().await, "signed out on one node only");

    let browser = app.signed_in(&person).await;
    let there = second.taking_over(&browser);
    person.browser.request_release().await.expect(303);
    let path = app.mailbox.newest(&person.member.email, "二要素認証の解除").await.path("/two-factor-release/");
    second.browser().release(&path, &person.member.password).await.expect(303);
    assert!(!browser.is_signed_in().await && !there.is_signed_in().await);
}

#[tokio::test]
async fn failures_and_accepted_steps_are_counted_over_both_nodes() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let second = beside(&app, quick_hashes()).await;
    let here = app.password_proven(&person.member).await;
    let there = second.browser();
    there.sign_in(&person.member).await.expect_redirect("/login/code");
    let code = app.fresh_code(&person.authenticator);
    here.enter_security_code(&code).await.expect(303);
    there.enter_security_code(&code).await.expect(422);

    let here = app.password_proven(&person.member).await;
    for stage in [&here, &there, &here, &there, &there] {
        stage.enter_backup_code("000000001").await.expect(422);
    }
    here.enter_backup_code(&person.codes[0]).await.expect(429);
    there.enter_backup_code(&person.codes[0]).await.expect(429);
}

#[tokio::test]
async fn a_raised_cost_leaves_old_hashes_valid_and_renews_them_at_the_next_success() {
    let app = TestApp::with().real_hashes().start().await;
    let person = app.protected_member().await;
    let dearer = beside(&app, HashCost::new(19_456, 3).expect("a cost")).await;
    let password = || app.database.lines("SELECT password_hash AS line FROM users").concat();
    let sheet = || {
        let sql = "SELECT CAST(passes AS TEXT) AS line FROM generations WHERE voided_at IS NULL";
        app.database.lines(sql).concat()
    };
    assert!(password().contains("m=19456,t=2,p=1"), "{}", password());
    dearer.browser().sign_in_with(&person.member.email, "まったく違うパスワード").await.expect(422);
    assert!(password().contains("t=2"), "renewed by a wrong password");
    let there = dearer.browser();
    there.sign_in(&person.member).await.expect_redirect("/login/code");
    assert!(password().contains("m=19456,t=3,p=1"), "{}", password());
    there.enter_backup_code(&person.codes[0]).await.expect(303);
    assert_eq!(sheet(), "2");

    // The one who still has the lower setting reads what the other has written.
    let code = app.fresh_code(&person.authenticator);
    let new = there.reissue(&code).await.expect(200).codes();
    assert_eq!(sheet(), "3");
    app.password_proven(&person.member).await.enter_backup_code(&new[0]).await.expect(303);
    assert!(password().contains("t=3"), "a hash was weakened");
}
