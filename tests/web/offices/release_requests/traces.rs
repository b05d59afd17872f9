//! What an approval leaves behind: nothing that opens the account, nobody signed in, no secret in
//! any page or mail.

use std::fs;

use hikae::domain::time::Seconds;

use super::{NOTE, assert_whole_trail, told, trail};
use crate::support::app::TestApp;
use crate::support::members::PASSWORD;
use crate::support::offices::{Asked, Pair};
use crate::support::secrets::{Secret, assert_none};

#[tokio::test]
async fn an_approval_leaves_nothing_that_opens_the_account_and_signs_nobody_in() {
    let app = TestApp::start().await;
    let Pair { admin, member } = app.pair().await;
    let id = member.member.id;
    let count = |what: &str| {
        app.database.lines(&format!("SELECT CAST(count(*) AS TEXT) AS line FROM {what} user_id = {id})")).concat()
    };
    let traces = || {
        [
            "two_factors WHERE (",
            "pending_set_ups WHERE (",
            "backup_codes WHERE generation_id IN (SELECT id FROM generations WHERE",
            "generations WHERE (voided_at IS NULL AND",
            "links WHERE (ended_at IS NULL AND",
            "sessions WHERE (",
            "attempts WHERE (failures > 0 AND",
        ]
        .map(|what| (what, count(what)))
    };
    // A pending set-up, a release link, a failed code, a sign-in half done: all of it goes.
    let form = member.browser.get("/account/two-factor").await.expect(200).form("/account/two-factor/setup");
    let code = app.fresh_code(&member.authenticator);
    let page = form.fill("password", PASSWORD).fill("code", &code).submit(&member.browser).await;
    page.expect_redirect("/account/two-factor/setup");
    member.browser.request_release().await.expect(303);
    let link = app.mailbox.newest(&member.member.email, "二要素認証の解除").await.path("/two-factor-release/");
    let asking = app.ask_administrators(&member.member).await;
    asking.enter_backup_code("000000001").await.expect(422);
    assert!(traces().iter().all(|(_, count)| count != "0"), "{:?}", traces());

    let path = app.request_path(&admin.member).await;
    let code = app.fresh_code(&admin.authenticator);
    admin.browser.approve(&path, NOTE, &code).await.expect_redirect(&path);
    assert!(traces().iter().all(|(_, count)| count == "0"), "{:?}", traces());
    assert!(!member.browser.is_signed_in().await && !asking.is_signed_in().await);
    assert!(admin.browser.is_signed_in().await, "the administrator's own session goes on");
    assert!(app.browser().get(&link).await.status >= 400);

    // A released member signs in with the password alone, and no old code is asked for or taken.
    let browser = app.browser();
    browser.sign_in(&member.member).await.expect_redirect("/account");
    app.turn(Seconds(60));
    let anew = app.protect(member.member).await;
    let stage = app.password_proven(&anew.member).await;
    stage.enter_backup_code(&member.codes[7]).await.expect(422);
    stage.enter_security_code(&member.authenticator.code_at(app.now())).await.expect(422);
    stage.enter_backup_code(&anew.codes[7]).await.expect(303);
}

#[tokio::test]
async fn the_member_and_the_other_administrators_are_told_and_the_trail_names_everybody() {
    let app = TestApp::start().await;
    let Asked { first, second, member, path, .. } = app.asked().await;
    let opened = app.mailbox.newest(&member.member.email, "管理者に解除依頼を送信").await;
    for part in [&opened.text, &opened.html] {
        assert!(part.contains("/release-request-cancel/") && part.contains("127.0.0.1") && part.contains("控え商事"));
    }
    let code = app.fresh_code(&first.authenticator);
    first.browser.approve(&path, NOTE, &code).await.expect_redirect(&path);
    let released = app.mailbox.newest(&member.member.email, "管理者が二要素認証を解除").await;
    for part in [&released.text, &released.html] {
        assert!(part.contains("鈴木 一郎") && part.contains("控え商事") && !part.contains(NOTE), "{part}");
    }
    assert_eq!(told(&app, &first.member, "承認").await, 0, "who approved knows");
    let approved = app.mailbox.newest(&second.member.email, "解除依頼が承認されました").await;
    assert!(approved.text.contains("鈴木 一郎") && approved.text.contains(&member.member.email), "{}", approved.text);

    let (admin, office) = (first.member.id, first.member.office);
    let opened = format!("release_request.opened done by 0 in {office}");
    let approved = format!("release_request.approved done by {admin} in {office}");
    assert_eq!(trail(&app, &member.member), [opened, approved]);
    let sql = "SELECT detail || ' ' || address AS line FROM audit_events WHERE action = 'release_request.approved'";
    assert_eq!(app.database.lines(sql), [format!("{NOTE} 127.0.0.1")]);
    assert_whole_trail(&app).await;
}

#[tokio::test]
async fn no_page_of_an_administrator_and_no_mail_shows_a_key_a_code_or_a_password() {
    let app = TestApp::start().await;
    let Asked { first, second, member, path, .. } = app.asked().await;
    let list = path.rsplit_once('/').expect("a list").0.to_owned();
    let mut secrets = vec![
        Secret::totp_key(&member.authenticator.key),
        Secret::totp_key(&first.authenticator.key),
        Secret::text("the password", PASSWORD),
    ];
    secrets.extend((1..).zip(&member.codes).map(|(number, code)| Secret::backup_code(number, code)));
    let mut places = Vec::new();
    let mut keep = |page: crate::support::page::Page| places.push((page.path, page.html.into_bytes()));
    for path in [&path, &list] {
        keep(second.browser.get(path).await.expect(200));
    }
    keep(first.browser.approve(&path, NOTE, &member.codes[0][..6]).await.expect(422));
    let late = second.browser.approval(&path).await.fill("note", NOTE);
    let code = app.fresh_code(&first.authenticator);
    let page = first.browser.approve(&path, NOTE, &code).await;
    keep(first.browser.follow(page).await.expect(200));
    let code = app.fresh_code(&second.authenticator);
    keep(late.fill("code", &code).submit(&second.browser).await.expect(409));
    for browser in [&first.browser, &second.browser] {
        keep(browser.get(&path).await.expect(200));
        keep(browser.get(&list).await.expect(200));
    }
    app.mailbox.settle().await;
    let outbox = app.data.path().join("outbox");
    for entry in fs::read_dir(outbox).expect("an outbox").flatten() {
        let raw = fs::read(entry.path()).expect("a mail");
        let mail = crate::support::mailbox::Mail::parse(raw);
        places.push((mail.subject, [mail.text, mail.html].concat().into_bytes()));
    }
    assert!(places.len() > 12, "{}", places.len());
    assert_none(&secrets, &places);
}
