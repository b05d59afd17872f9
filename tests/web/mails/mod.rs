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
    for mood in [Mood::IsBusy, Mood::HangsUp, Mood::Hangs] {
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
}
