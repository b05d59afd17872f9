//! Two nodes on one database: what happens on one is true on the other at once, and a raised cost
//! of hashes takes over without locking anybody out.

use std::sync::mpsc;
use std::thread::JoinHandle;

use hikae::app::Application;
use hikae::crypto::hashing::HashCost;
use hikae::random::Randomness;
use hikae::settings::Settings;
use url::Url;

use crate::support::app::{TestApp, quick_hashes};
use crate::support::browser::Browser;

/// Another node beside the first: same database, same key file, same clock.
struct Node {
    port: u16,
    base_url: Url,
    stop: Option<Box<dyn FnOnce() + Send>>,
    server: Option<JoinHandle<()>>,
}

impl Node {
    async fn beside(app: &TestApp, hash: HashCost) -> Self {
        let settings = Settings {
            data_dir: app.data.path().to_owned(),
            listen: ([127, 0, 0, 1], 0).into(),
            database_url: app.database.url(),
            handle_signals: false,
            hash,
            ..Settings::default()
        };
        let clock = app.clock.clone();
        let (tell, told) = mpsc::channel();
        let server = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let application = Application::build(settings, clock, Randomness::System).await.expect("it starts");
                let (system, handle) = (actix_web::rt::System::current(), application.handle());
                let stop = move || {
                    system.arbiter().spawn(async move { handle.stop(false).await });
                };
                let stop = Box::new(stop) as Box<dyn FnOnce() + Send>;
                tell.send((application.port(), application.base_url().clone(), stop)).expect("the test waits");
                application.run().await.expect("it serves");
            });
        });
        let (port, base_url, stop) =
            tokio::task::spawn_blocking(move || told.recv()).await.expect("no panic").expect("it started");
        Self { port, base_url, stop: Some(stop), server: Some(server) }
    }

    fn browser(&self) -> Browser {
        Browser::new(self.port, &self.base_url)
    }

    /// The same browser, sent to this node by the next request.
    fn taking_over(&self, browser: &Browser) -> Browser {
        let here = self.browser();
        here.plant_cookies(browser.cookies());
        here
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop();
        }
        if let Some(server) = self.server.take() {
            let ended = server.join();
            if !std::thread::panicking() {
                ended.expect("the node ends without a panic");
            }
        }
    }
}

#[tokio::test]
async fn a_session_lives_and_ends_on_both_nodes_at_once() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let second = Node::beside(&app, quick_hashes()).await;
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
    let second = Node::beside(&app, quick_hashes()).await;
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
    let dearer = Node::beside(&app, HashCost::new(19_456, 3).expect("a cost")).await;
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
