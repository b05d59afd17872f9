//! Mails: what each act tells, in which language, over a real conversation.

use hikae::domain::time::Seconds;

use crate::support::app::TestApp;
use crate::support::eventually;
use crate::support::mailbox::Mail;
use crate::support::members::PASSWORD;
use crate::support::smtp::{Mood, SmtpSink};

fn is_japanese(text: &str) -> bool {
    text.chars().any(|c| matches!(c, 'ぁ'..='ヿ'))
}

/// Every act of this story that tells its owner something.
async fn story(app: &TestApp, english: bool) -> Vec<Mail> {
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    if english {
        browser.get("/account").await.expect(200).form("English").submit(&browser).await.expect(303);
        browser.get("/account").await.form("日本語").submit(&browser).await.expect(303);
        browser.get("/account").await.form("English").submit(&browser).await.expect(303);
    }
    let authenticator = browser.start_set_up(PASSWORD).await;
    let codes = browser.confirm_set_up(&authenticator.code_at(app.now())).await.expect(200).codes();
    for code in &codes[..7] {
        let stage = app.browser();
        stage.sign_in(&member).await.expect_redirect("/login/code");
        stage.enter_backup_code(code).await.expect(303);
    }
    let path = browser.get("/account/password").await.expect(200).form("/account/password");
    path.fill("current_password", PASSWORD)
        .fill("new_password", "別の長い合言葉を選ぶ")
        .submit(&browser)
        .await
        .expect(303);
    let form = browser.get("/account/two-factor").await.expect(200).form("/account/two-factor/release");
    form.submit(&browser).await;
    app.mailbox.to(&member.email).await
}

#[tokio::test]
async fn each_act_tells_its_owner_in_the_owner_s_language_without_secrets() {
    let app = TestApp::start().await;
    for english in [false, true] {
        let mails = story(&app, english).await;
        // On and issued (in one mail or two), seven uses, the low stock, the password, the release.
        assert!(mails.len() >= 11, "{:#?}", mails.iter().map(|mail| &mail.subject).collect::<Vec<_>>());
        for mail in &mails {
            assert_eq!(is_japanese(&mail.subject), !english, "{}", mail.subject);
            assert_eq!(is_japanese(&mail.text.replace("控 花子", "")), !english, "{}", mail.text);
            assert!(mail.html.contains(if english { "lang=\"en\"" } else { "lang=\"ja\"" }), "{}", mail.html);
            for forbidden in ["<script", "<img", "http://evil", "style=\"", "javascript:"] {
                assert!(!mail.html.contains(forbidden) || forbidden == "style=\"", "{forbidden} in {}", mail.html);
            }
            assert!(
                mail.links().iter().all(|link| link.starts_with(app.base_url.as_str().trim_end_matches('/'))),
                "{:?}",
                mail.links()
            );
            assert!(!mail.text.contains(PASSWORD));
        }
        let uses = mails.iter().filter(|mail| mail.text.contains("127.0.0.1") && mail.text.contains("Chrome"));
        assert!(uses.count() >= 8, "from where and with what");
    }
}

#[tokio::test]
async fn mails_go_over_a_real_conversation_in_the_order_of_the_acts() {
    let sink = SmtpSink::start(Mood::Accepts);
    let app = TestApp::with().smtp(sink.url()).start().await;
    let member = app.member().await;
    let visitor = app.browser();
    let form = visitor.get("/password-reset").await.expect(200).form("/password-reset");
    form.fill("email", &member.email).submit(&visitor).await;
    let mail = eventually("the mail arrives", async || {
        app.mailbox.send_due().await;
        sink.mails().pop()
    })
    .await;
    assert_eq!(mail.to, member.email);
    assert!(mail.subject.contains("パスワード"), "{}", mail.subject);
    let path = mail.path("/password-reset/");
    visitor.get(&path).await.expect(200);
    for _ in 0..3 {
        app.mailbox.send_due().await;
    }
    assert_eq!(sink.mails().len(), 1, "a mail is sent once");
    assert!(mail.raw.is_ascii(), "headers and body are encoded for the wire");
}

#[tokio::test]
async fn the_application_s_own_worker_sends_without_a_hand() {
    let sink = SmtpSink::start(Mood::Accepts);
    let app = TestApp::with().smtp(sink.url()).start().await;
    let member = app.member().await;
    let visitor = app.browser();
    let form = visitor.get("/password-reset").await.expect(200).form("/password-reset");
    form.fill("email", &member.email).submit(&visitor).await;
    eventually("the mail arrives by itself", async || sink.mails().pop()).await;
}

#[tokio::test]
async fn a_mail_server_that_is_busy_gone_or_silent_loses_nothing_and_stops_nobody() {
    for mood in [Mood::IsBusy, Mood::HangsUp, Mood::HangsUpMidway, Mood::Hangs] {
        let sink = SmtpSink::start(mood);
        let app = TestApp::with().smtp(sink.url()).start().await;
        let person = app.protected_member().await;
        eventually("somebody called", async || (sink.conversations() > 0).then_some(())).await;
        app.password_proven(&person.member).await.enter_backup_code(&person.codes[0]).await.expect(303);
        let failed = "SELECT last_error AS line FROM outbox WHERE last_error IS NOT NULL";
        eventually("the failure is noted", async || (!app.database.lines(failed).is_empty()).then_some(())).await;
        assert!(sink.mails().is_empty());
        let waiting = app.mailbox.waiting().await;
        assert!(waiting >= 2, "{mood:?}: {waiting}");

        sink.becomes(Mood::Accepts);
        let mut polls = 0;
        eventually("the mails arrive after all", async || {
            if polls % 100 == 0 {
                app.turn(Seconds::hours(1));
            }
            polls += 1;
            (app.mailbox.waiting().await == 0).then_some(())
        })
        .await;
        let mut texts: Vec<String> = sink.mails().into_iter().map(|mail| mail.text).collect();
        texts.sort();
        let all = texts.len();
        texts.dedup();
        assert_eq!(texts.len(), all, "{mood:?}: a mail came twice");
        assert!(i64::try_from(all).is_ok_and(|all| all >= waiting), "{mood:?}: {all} of {waiting}");
    }
}

/// How often each mail that waits was tried in vain, oldest first.
fn tries(app: &TestApp) -> Vec<String> {
    let waiting = "sent_at IS NULL AND given_up_at IS NULL";
    app.database.lines(&format!("SELECT CAST(tries AS TEXT) AS line FROM outbox WHERE {waiting} ORDER BY created_at"))
}

#[tokio::test]
async fn a_mail_server_that_is_restarted_gets_every_mail_once_and_in_the_order_of_the_acts() {
    let sink = SmtpSink::that_restarts();
    let app = TestApp::with().smtp(sink.url()).start().await;
    let person = app.protected_member().await;
    app.mailbox.settle().await;
    let (taken, conversations) = (sink.mails().len(), sink.conversations());
    assert!(taken > 0);

    sink.goes_away();
    // Twenty seconds apart, so that each mail is due at moments of its own: those that are due
    // together are sent side by side.
    for (earlier, code) in person.codes[..3].iter().enumerate() {
        app.turn(Seconds(20));
        let stage = app.password_proven(&person.member).await;
        stage.enter_backup_code(code).await.expect_redirect("/account/two-factor");
        assert!(stage.is_signed_in().await);
        let expected = vec!["1"; earlier + 1];
        eventually("the mail is tried", async || {
            app.mailbox.send_due().await;
            (tries(&app) == expected).then_some(())
        })
        .await;
    }
    // The minute after the first failure of each.
    for expected in [["2", "1", "1"], ["2", "2", "1"], ["2", "2", "2"]] {
        app.turn(Seconds(20));
        eventually("the mail is tried again", async || {
            app.mailbox.send_due().await;
            (tries(&app) == expected).then_some(())
        })
        .await;
    }
    let errors = app.database.lines("SELECT last_error AS line FROM outbox WHERE sent_at IS NULL");
    assert!(errors.iter().all(|error| error.contains("connecting")), "{errors:?}");
    assert_eq!((sink.mails().len(), sink.conversations()), (taken, conversations));

    sink.comes_back();
    // The two minutes after the second failure of the first, of which forty seconds are over.
    app.turn(Seconds(79));
    assert_eq!((app.mailbox.send_due().await, sink.mails().len()), (0, taken));
    app.turn(Seconds(1));
    for left in [2, 1, 0] {
        eventually("the next mail arrives", async || {
            app.mailbox.send_due().await;
            (app.mailbox.waiting().await == left).then_some(())
        })
        .await;
        app.turn(Seconds(20));
    }
    app.turn(Seconds::hours(1));
    assert_eq!(app.mailbox.send_due().await, 0);
    let mails = &sink.mails()[taken..];
    let texts: Vec<&String> = mails.iter().map(|mail| &mail.text).collect();
    assert_eq!(mails.len(), 3, "{texts:#?}");
    for (mail, left) in mails.iter().zip(["残り9個", "残り8個", "残り7個"]) {
        assert!(mail.to == person.member.email && mail.text.contains(left), "{left}: {texts:#?}");
    }
}

#[tokio::test]
async fn a_mail_that_is_refused_for_good_does_not_hold_up_the_others() {
    let sink = SmtpSink::start(Mood::Rejects);
    let app = TestApp::with().smtp(sink.url()).start().await;
    let (first, second) = (app.member().await, app.member().await);
    let visitor = app.browser();
    let form = visitor.get("/password-reset").await.expect(200).form("/password-reset");
    form.clone().fill("email", &first.email).submit(&visitor).await;
    eventually("it was refused", async || {
        app.mailbox.send_due().await;
        (sink.conversations() > 0).then_some(())
    })
    .await;
    sink.becomes(Mood::Accepts);
    form.fill("email", &second.email).submit(&visitor).await;
    eventually("the other mail arrives", async || {
        app.mailbox.send_due().await;
        sink.mails().into_iter().find(|mail| mail.to == second.email)
    })
    .await;
    app.mailbox.settle().await;
    let given_up = app.database.lines("SELECT last_error AS line FROM outbox WHERE given_up_at IS NOT NULL");
    assert_eq!(given_up, ["the mail server refused RCPT TO: 550 5.1.1"]);
    app.turn(Seconds::hours(1));
    assert_eq!((app.mailbox.send_due().await, sink.mails().len()), (0, 1));
}
