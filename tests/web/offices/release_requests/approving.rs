//! What an approval needs: a note, and a fresh code of the administrator's own.

use hikae::domain::time::Seconds;

use super::{NOTE, assert_whole_trail, told, trail, world};
use crate::support::app::TestApp;
use crate::support::offices::{Asked, Pair};

#[tokio::test]
async fn a_request_says_who_asks_when_from_where_and_with_what() {
    let app = TestApp::start().await;
    let Asked { second, member, path, .. } = app.asked().await;
    let page = second.browser.get(&path).await.expect(200);
    let text = page.text();
    for part in
        ["控 花子", &member.member.email, "2026", "127.0.0.1", "Chrome", "電話や対面", "あなたのセキュリティコード"]
    {
        assert!(text.contains(part), "{part} is missing: {text}");
    }
    let english = second.browser.clone().in_english().get(&path).await.expect(200);
    assert!(english.text().contains("Chrome"), "{}", english.text());
    let list = second.browser.get(path.rsplit_once('/').expect("a list").0).await.expect(200);
    assert_eq!(list.attributes("tbody a", "href"), [path]);
}

#[tokio::test]
async fn an_approval_without_a_note_or_a_readable_code_keeps_what_was_typed() {
    let app = TestApp::start().await;
    let Pair { admin, member } = app.pair().await;
    app.ask_administrators(&member.member).await;
    let path = app.request_path(&admin.member).await;
    let code = app.fresh_code(&admin.authenticator);
    let before = world(&app);
    let long = "長".repeat(1_001);
    for (note, typed, says) in [
        ("", code.as_str(), "本人確認の方法を入力"),
        (" \u{3000}\r\n\t ", &code, "本人確認の方法を入力"),
        (&long, &code, "1,000文字以内"),
        (NOTE, "", "セキュリティコードを入力してください"),
        (NOTE, "12345", "6桁"),
        (NOTE, "ABCDEF", "6桁"),
    ] {
        let page = admin.browser.approve(&path, note, typed).await.expect(422);
        assert!(page.errors().contains(says), "{note:?} {typed:?}: {}", page.errors());
        let form = page.form(&format!("{path}/approve"));
        assert_eq!(form.value("note").map(str::trim), Some(note.trim()), "{typed:?}");
        assert_eq!(form.value("code"), Some(""), "a code is typed anew");
    }
    assert_eq!(world(&app), before);
    let page = admin.browser.get(&path).await.expect(200);
    page.form("却下").fill("note", &long).submit(&admin.browser).await.expect(422);
    assert_eq!(world(&app), before);
    // What was refused has cost neither the code nor a try.
    admin.browser.approve(&path, &"長".repeat(1_000), &code).await.expect_redirect(&path);
}

#[tokio::test]
async fn a_nine_digit_code_is_told_apart_and_counted_once() {
    let app = TestApp::start().await;
    let Pair { admin, member } = app.pair().await;
    app.ask_administrators(&member.member).await;
    let path = app.request_path(&admin.member).await;
    let before = world(&app);
    let page = admin.browser.approve(&path, NOTE, &admin.codes[0]).await.expect(422);
    assert!(page.errors().contains("9桁のバックアップコードのようです"), "{}", page.errors());
    assert_eq!(world(&app), before, "a backup code approves nothing and is not spent");
    let sql = format!("SELECT CAST(failures AS TEXT) AS line FROM attempts WHERE user_id = {}", admin.member.id);
    assert_eq!(app.database.lines(&sql), ["1"]);
    app.password_proven(&admin.member).await.enter_backup_code(&admin.codes[0]).await.expect(303);
}

#[tokio::test]
async fn wrong_codes_count_on_the_administrator_s_own_counter_and_everywhere_waits() {
    let app = TestApp::start().await;
    let Pair { admin, member } = app.pair().await;
    app.ask_administrators(&member.member).await;
    let path = app.request_path(&admin.member).await;
    app.turn(Seconds(30));
    let wrong = admin.authenticator.wrong_code_at(app.now());
    for _ in 0..4 {
        let page = admin.browser.approve(&path, NOTE, &wrong).await.expect(422);
        assert!(page.errors().contains("正しくありません") && page.text().contains(NOTE), "{}", page.text());
    }
    let stage = app.password_proven(&admin.member).await;
    stage.enter_security_code(&wrong).await.expect(422);

    let before = world(&app);
    let right = admin.authenticator.code_at(app.now());
    let page = admin.browser.approve(&path, NOTE, &right).await.expect(429);
    assert_eq!(page.header("retry-after"), Some("60"));
    assert!(page.text().contains("1分") && page.text().contains(NOTE), "{}", page.text());
    stage.enter_security_code(&right).await.expect(429);
    assert_eq!(world(&app), before);
    let failures =
        |id| app.database.lines(&format!("SELECT CAST(failures AS TEXT) AS line FROM attempts WHERE user_id = {id}"));
    assert_eq!(failures(admin.member.id), ["5"]);
    assert_eq!(failures(member.member.id), ["0"], "the member's counter is another one");

    app.turn(Seconds(60));
    let right = admin.authenticator.code_at(app.now());
    admin.browser.approve(&path, NOTE, &right).await.expect_redirect(&path);
    assert_eq!(failures(admin.member.id), ["0"]);
}

#[tokio::test]
async fn a_code_spent_anywhere_approves_nothing_and_one_that_approved_is_spent() {
    let app = TestApp::start().await;
    let Pair { admin, member } = app.pair().await;
    app.ask_administrators(&member.member).await;
    let path = app.request_path(&admin.member).await;
    let code = app.fresh_code(&admin.authenticator);
    app.password_proven(&admin.member).await.enter_security_code(&code).await.expect(303);
    let before = world(&app);
    let page = admin.browser.approve(&path, NOTE, &code).await.expect(422);
    assert!(page.errors().contains("すでに使用されています"), "{}", page.errors());
    // Nor the member's own code, nor one of the step before.
    let members = member.authenticator.code_at(app.now());
    admin.browser.approve(&path, NOTE, &members).await.expect(422);
    assert_eq!(world(&app), before);

    let code = app.fresh_code(&admin.authenticator);
    admin.browser.approve(&path, NOTE, &code).await.expect_redirect(&path);
    app.password_proven(&admin.member).await.enter_security_code(&code).await.expect(422);
}

#[tokio::test]
async fn declining_needs_no_code_changes_nothing_of_the_member_and_keeps_the_reason_from_them() {
    const REASON: &str = "本人に心当たりなし <内密>";
    let app = TestApp::start().await;
    let Asked { first, second, member, asking, path } = app.asked().await;
    let state = member.browser.two_factor_state().await;
    let form = first.browser.get(&path).await.expect(200).form("却下");
    let page = form.fill("note", REASON).submit(&first.browser).await.expect_redirect(&path);
    let page = first.browser.follow(page).await.expect(200);
    assert!(page.notice().contains("解除依頼を却下しました"), "{}", page.text());
    let page = second.browser.get(&path).await.expect(200);
    assert!(page.text().contains(REASON) && page.text().contains("鈴木 一郎"), "{}", page.text());
    for mail in app.mailbox.to(&member.member.email).await {
        assert!(!mail.text.contains("内密") && !mail.html.contains("内密"), "{}", mail.text);
    }
    assert_eq!(member.browser.two_factor_state().await, state);
    let row = format!("release_request.declined done by {} in {}", first.member.id, first.member.office);
    assert_eq!(trail(&app, &member.member).last(), Some(&row));
    assert_eq!(told(&app, &second.member, "却下").await, 1);
    // The member goes on with the same sign-in, and may ask again.
    let code = app.fresh_code(&member.authenticator);
    asking.ask_administrators().await.expect_redirect("/login/recovery");
    asking.enter_security_code(&code).await.expect(303);
    assert_whole_trail(&app).await;
}

#[tokio::test]
async fn a_note_is_kept_as_text_on_one_line() {
    let app = TestApp::start().await;
    let Pair { admin, member } = app.pair().await;
    app.ask_administrators(&member.member).await;
    let path = app.request_path(&admin.member).await;
    let code = app.fresh_code(&admin.authenticator);
    let note = "<script>alert(1)</script>\r\n2026-11-22 偽の行\u{1b}[31m";
    admin.browser.approve(&path, note, &code).await.expect_redirect(&path);
    let page = admin.browser.get(&path).await.expect(200);
    assert!(page.text().contains("<script>alert(1)</script> 2026-11-22 偽の行[31m"), "{}", page.text());
    assert!(!page.html.contains("<script>alert") && !page.html.contains('\u{1b}'));
    let sql = "SELECT detail AS line FROM audit_events WHERE action = 'release_request.approved' AND outcome = 'done'";
    assert_eq!(app.database.lines(sql), ["<script>alert(1)</script> 2026-11-22 偽の行[31m"]);
    assert_whole_trail(&app).await;
}
