//! A member asks: who is asked, who is told, and when nobody can be.

use hikae::domain::office::Role;
use hikae::domain::plan::Plan;
use hikae::domain::time::Seconds;

use super::{told, trail, world};
use crate::support::app::TestApp;
use crate::support::eventually;
use crate::support::members::PASSWORD;
use crate::support::offices::Pair;
use crate::support::smtp::{Mood, SmtpSink};

const ASK: &str = "/login/recovery/release-request";

#[tokio::test]
async fn every_other_administrator_of_every_office_is_asked_once_and_nobody_else() {
    let app = TestApp::start().await;
    let here = app.office(Plan::CorporateStarter).await;
    let there = app.office(Plan::PersonalPremium).await;
    let elsewhere = app.office(Plan::CorporateAdvance).await;
    let member = app.protect(app.person_of(here, Role::Admin).await).await;
    app.assign(&member.member, there, Role::General).await;
    let asked = [
        app.person_of(here, Role::Admin).await,
        app.person_of(there, Role::Admin).await,
        app.person_of(here, Role::Admin).await,
    ];
    app.assign(&asked[2], there, Role::Admin).await;
    let others = [app.member_of(here).await, app.member_of(there).await, app.person_of(elsewhere, Role::Admin).await];

    app.ask_administrators(&member.member).await;
    for administrator in &asked {
        let mut mails = app.mailbox.to(&administrator.email).await;
        mails.retain(|mail| mail.subject.contains("解除依頼"));
        assert_eq!(mails.len(), 1, "{:?}", mails.iter().map(|mail| &mail.subject).collect::<Vec<_>>());
        for part in [&mails[0].text, &mails[0].html] {
            assert!(part.contains("控え商事") && part.contains(&member.member.email) && part.contains("127.0.0.1"));
        }
    }
    for other in &others {
        assert_eq!(app.mailbox.count(&other.email).await, 0, "somebody else was asked");
    }
    assert_eq!(told(&app, &member.member, "管理者に解除依頼を送信").await, 1);
    assert_eq!(told(&app, &member.member, "解除依頼が届いています").await, 0, "nobody is asked about themselves");
    let rows = trail(&app, &member.member);
    for office in [here, there] {
        assert!(rows.contains(&format!("release_request.opened done by 0 in {office}")), "{rows:?}");
    }
    assert_eq!(rows.len(), 2);
}

#[tokio::test]
async fn asked_twice_from_two_browsers_it_is_one_request_and_nobody_is_told_again() {
    let app = TestApp::start().await;
    let Pair { admin, member } = app.pair().await;
    let (one, other) = (app.password_proven(&member.member).await, app.password_proven(&member.member).await);
    let form = other.get("/login/recovery").await.expect(200).form("解除依頼メールを送信");
    one.ask_administrators().await.expect_redirect("/login/recovery");
    let before = world(&app);
    let page = form.submit(&other).await.expect_redirect("/login/recovery");
    let page = other.follow(page).await;
    assert!(page.notice().contains("すでに解除を依頼しています"), "{}", page.text());
    assert_eq!(world(&app), before);
    assert_eq!(told(&app, &admin.member, "解除依頼が届いています").await, 1);
}

#[tokio::test]
async fn where_nobody_can_be_asked_the_page_says_so_and_whom_to_ask() {
    const CONTACT: &str = "情報システム部 <内線 4649>";
    let app = TestApp::with().contact(CONTACT).start().await;
    let office = app.office(Plan::CorporateStarter).await;
    let only = app.protect(app.person_of(office, Role::Admin).await).await;
    app.member_of(office).await;
    let stage = app.password_proven(&only.member).await;
    let page = stage.get("/login/recovery").await.expect(200);
    assert!(page.text().contains("解除を依頼できる管理者がいません"), "{}", page.text());
    assert!(page.text().contains(CONTACT) && !page.has_form("解除依頼メールを送信"), "{}", page.text());
    let by_hand = page.form("/login/recovery/backup-code").without("backup_code");
    let rows = || app.database.lines("SELECT action AS line FROM audit_events ORDER BY seq");

    let (before, recorded) = (world(&app), rows().len());
    for _ in 0..4 {
        let page = stage.submit(ASK, &by_hand.fields).await.expect(422);
        assert!(page.text().contains("解除を依頼できる管理者がいません") && page.text().contains(CONTACT));
    }
    assert_eq!(world(&app), before);
    assert_eq!(rows().len(), recorded + 1, "one row a window: {:?}", &rows()[recorded..]);
}

#[tokio::test]
async fn only_who_has_just_proven_the_password_can_ask() {
    let app = TestApp::start().await;
    let Pair { member, .. } = app.pair().await;
    let stage = app.password_proven(&member.member).await;
    let form = stage.get("/login/recovery").await.expect(200).form("解除依頼メールを送信");
    let visitor = app.browser();
    let token = visitor.get("/login").await.expect(200).form("ログイン");
    let token = token.value("csrf_token").expect("a token").to_owned();
    let before = world(&app);
    form.clone().forge("csrf_token", &token).submit(&visitor).await.expect_redirect("/login");
    let page = member.browser.get("/account").await.expect(200).form("ログアウト");
    let token = page.value("csrf_token").expect("a token").to_owned();
    form.clone().forge("csrf_token", &token).submit(&member.browser).await.expect_redirect("/account");
    form.clone().without("csrf_token").submit(&stage).await.expect(403);
    form.clone().forge("user", "1").submit(&stage).await.expect(400);
    stage.get(ASK).await.expect(405);
    assert_eq!(world(&app), before);

    app.turn(Seconds::minutes(10));
    form.submit(&stage).await.expect(303);
    assert_eq!(app.database.lines("SELECT state AS line FROM release_requests"), [""; 0], "the stage is over");
}

#[tokio::test]
async fn asking_is_limited_and_the_refusal_says_how_long() {
    let app = TestApp::start().await;
    let Pair { admin, member } = app.pair().await;
    let stage = app.password_proven(&member.member).await;
    for _ in 0..5 {
        stage.ask_administrators().await.expect_redirect("/login/recovery");
        let path = app.request_path(&admin.member).await;
        admin.browser.decline(&path).await.expect_redirect(&path);
    }
    let before = world(&app);
    let page = stage.ask_administrators().await.expect(429);
    let wait: i64 = page.header("retry-after").expect("Retry-After").parse().expect("seconds");
    assert!((1..=3_600).contains(&wait), "{wait}");
    assert!(page.errors().contains("分") || page.errors().contains("時間"), "{}", page.errors());
    assert_eq!(world(&app), before);
    app.turn(Seconds(wait));
    let stage = app.password_proven(&member.member).await;
    stage.ask_administrators().await.expect_redirect("/login/recovery");
}

#[tokio::test]
async fn a_mail_server_that_is_down_loses_no_request() {
    let sink = SmtpSink::start(Mood::HangsUp);
    let app = TestApp::with().smtp(sink.url()).start().await;
    let office = app.office(Plan::CorporateStarter).await;
    let admin = app.protected_admin(office).await;
    let member = app.protect(app.member_of(office).await).await;
    let stage = app.password_proven(&member.member).await;
    stage.ask_administrators().await.expect_redirect("/login/recovery");
    let failed = "SELECT last_error AS line FROM outbox WHERE last_error IS NOT NULL";
    eventually("the failure is noted", async || (!app.database.lines(failed).is_empty()).then_some(())).await;
    assert!(sink.mails().is_empty() && app.mailbox.waiting().await >= 2);
    // The list shows it to an administrator who looks by oneself.
    let list = admin.browser.get(&format!("/offices/{office}/release-requests")).await.expect(200);
    assert!(list.text().contains(&member.member.email), "{}", list.text());

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
    let mails = sink.mails();
    let asked: Vec<_> = mails.iter().filter(|mail| mail.subject.contains("解除依頼が届いています")).collect();
    let confirmed: Vec<_> = mails.iter().filter(|mail| mail.subject.contains("管理者に解除依頼を送信")).collect();
    assert_eq!((asked.len(), confirmed.len()), (1, 1), "each once");
    assert_eq!((&asked[0].to, &confirmed[0].to), (&admin.member.email, &member.member.email));
    assert!(!asked[0].text.contains(PASSWORD));
    let path = asked[0].path("/offices/");
    app.signed_in(&admin).await.get(&path).await.expect(200);
}
