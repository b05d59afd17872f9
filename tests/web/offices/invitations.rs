//! An administrator invites people by mail, sends invitations again, and revokes them.

use hikae::domain::office::Role;
use hikae::domain::plan::Plan;
use hikae::domain::time::Seconds;

use crate::support::app::TestApp;
use crate::support::eventually;
use crate::support::members::PASSWORD;
use crate::support::smtp::{Mood, SmtpSink};

const DAY: Seconds = Seconds::hours(24);

#[tokio::test]
async fn everybody_pasted_gets_a_mail_with_a_link_and_stands_in_the_list() {
    let app = TestApp::start().await;
    let inviter = app.inviter().await;
    let pasted = "Ichiro <ichiro@x.example>、ｊｉｒｏ＠ｘ．ｅｘａｍｐｌｅ; saburo@x.example\r\nICHIRO@x.example";
    inviter.invite(pasted).await.expect_redirect(&inviter.path);
    let page = inviter.page().await;
    assert!(page.notice().contains("3件"), "{}", page.notice());
    let rows = page.all("tbody tr");
    assert_eq!(rows.len(), 3, "{rows:?}");
    for email in ["ichiro@x.example", "jiro@x.example", "saburo@x.example"] {
        assert!(
            rows.iter().any(|row| row.contains(email) && row.contains("一般") && row.contains("参加待ち")),
            "{email}"
        );
        let mails = app.mailbox.to(email).await;
        assert_eq!(mails.len(), 1, "{email}");
        assert!(mails[0].text.contains("控え商事") && mails[0].text.contains("控 花子"), "{}", mails[0].text);
        assert!(!mails[0].html.contains("Chrome"), "of the asker");
        app.browser().get(&app.invitation_to(email).await).await.expect(200);
    }
    let trail =
        "SELECT action || ' ' || outcome || ' ' || detail AS line FROM audit_events WHERE action = 'member.invited'";
    let trail = app.database.lines(trail);
    assert_eq!(trail.len(), 3);
    assert!(trail[0].contains("done general ichiro@x.example"), "{trail:?}");
}

#[tokio::test]
async fn one_bad_address_and_nothing_is_sent_and_everything_typed_stays() {
    let app = TestApp::start().await;
    let inviter = app.inviter().await;
    let before = app.invitation_state();
    let page = inviter.invite("good@x.example\nno-address\nbad@@x.example").await.expect(422);
    assert!(page.errors().contains("no-address") && page.errors().contains("bad@@x.example"), "{}", page.errors());
    assert!(!page.errors().contains("good@"), "{}", page.errors());
    assert_eq!(page.form(&inviter.path).value("emails"), Some("good@x.example\nno-address\nbad@@x.example"));

    let many: String = (0..201).map(|n| format!("person{n}@x.example\n")).collect();
    for (emails, role) in [("", "general"), (" 、\n", "general"), (many.as_str(), "general"), ("a@x.example", "owner")]
    {
        let form = inviter.page().await.form(&inviter.path).fill("emails", emails).forge("role", role);
        let page = form.submit(&inviter.browser).await.expect(422);
        assert!(!page.errors().is_empty());
    }
    let page = inviter.invite_admin("boss@x.example", "").await.expect(422);
    assert!(page.errors().contains("パスワード"), "{}", page.errors());
    let kept = page.form(&inviter.path);
    assert_eq!((kept.value("role"), kept.value("emails")), (Some("admin"), Some("boss@x.example")));
    assert_eq!(app.invitation_state(), before);
}

#[tokio::test]
async fn members_and_those_invited_before_are_skipped_and_told() {
    let app = TestApp::start().await;
    let inviter = app.inviter().await;
    let colleague = app.member_of(inviter.member.office).await;
    inviter.invite("new@x.example").await.expect(303);
    let before = app.invitation_state();
    let page = inviter.invite(&format!("new@x.example, {}", colleague.email)).await.expect(422);
    assert!(
        page.errors().contains("すでにメンバーです") && page.errors().contains(&colleague.email),
        "{}",
        page.errors()
    );
    assert!(
        page.errors().contains("すでに招待しています") && page.errors().contains("new@x.example"),
        "{}",
        page.errors()
    );
    assert_eq!(app.invitation_state(), before);

    let all = format!("new@x.example, {}, other@x.example", colleague.email);
    inviter.invite(&all).await.expect_redirect(&inviter.path);
    let notice = inviter.page().await.notice();
    assert!(
        notice.contains("1件送信") && notice.contains("すでにメンバー") && notice.contains("すでに招待"),
        "{notice}"
    );
    assert_eq!(app.mailbox.count("new@x.example").await, 1);
    assert_eq!(app.mailbox.count(&colleague.email).await, 0);
}

#[tokio::test]
async fn an_address_with_an_account_elsewhere_gets_the_same_answer() {
    let app = TestApp::start().await;
    let (inviter, stranger) = (app.inviter().await, app.member().await);
    let mut answers = Vec::new();
    for email in [stranger.email.as_str(), "nobody@x.example"] {
        let status = inviter.invite(email).await.status;
        let page = inviter.page().await;
        let row = page.all("tbody tr").into_iter().find(|row| row.contains(email)).expect("a row");
        answers.push((status, page.notice(), row.replace(email, "…")));
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn only_the_own_password_invites_administrators() {
    let app = TestApp::start().await;
    let inviter = app.inviter().await;
    let before = app.invitation_state();
    let page = inviter.invite_admin("boss@x.example", "a wrong password").await.expect(422);
    assert!(page.errors().contains("パスワードが正しくありません"), "{}", page.errors());
    assert_eq!(app.invitation_state(), before);
    inviter.invite_admin("boss@x.example", PASSWORD).await.expect_redirect(&inviter.path);
    assert!(inviter.page().await.all("tbody tr").concat().contains("管理者"));

    for _ in 0..12 {
        inviter.invite_admin("next@x.example", "a wrong password").await;
    }
    let page = inviter.invite_admin("next@x.example", PASSWORD).await.expect(429);
    assert!(page.header("retry-after").is_some());
    assert_eq!(app.mailbox.count("next@x.example").await, 0);
}

#[tokio::test]
async fn sent_again_the_old_link_is_dead_and_the_term_begins_anew() {
    let app = TestApp::start().await;
    let inviter = app.inviter().await;
    let first = inviter.link(&app, "new@x.example").await;
    app.turn(Seconds(DAY.0 * 8));
    let inviter = app.inviter_for(inviter.member).await;
    app.browser().get(&first).await.expect(410);
    assert!(inviter.page().await.all("tbody tr").concat().contains("期限切れ"));
    inviter.press("再送").await.expect_redirect(&inviter.path);
    assert!(inviter.page().await.notice().contains("再送しました"));
    let second = app.invitation_to("new@x.example").await;
    assert_ne!(first, second);
    app.browser().get(&first).await.expect(410);
    app.turn(Seconds(DAY.0 * 6));
    app.browser().get(&second).await.expect(200);
    app.turn(DAY);
    app.browser().get(&second).await.expect(410);
}

#[tokio::test]
async fn revoked_the_link_is_dead_and_the_address_can_be_invited_again() {
    let app = TestApp::start().await;
    let inviter = app.inviter().await;
    let first = inviter.link(&app, "new@x.example").await;
    let open = app.browser();
    let form = open.get(&first).await.expect(200).form(&first);
    let late = inviter.page().await;
    inviter.press("取り消し").await.expect_redirect(&inviter.path);
    let page = inviter.page().await;
    assert!(page.notice().contains("取り消しました") && page.all("tbody tr").is_empty(), "{}", page.text());
    let before = app.invitation_state();
    form.fill("name", "控 次郎").fill("new_password", PASSWORD).submit(&open).await.expect(410);
    for button in ["再送", "取り消し"] {
        late.form(button).submit(&inviter.browser).await.expect_redirect(&inviter.path);
        assert!(inviter.page().await.notice().contains("すでに"), "{button}");
    }
    assert_eq!(app.invitation_state(), before);
    let second = inviter.link(&app, "new@x.example").await;
    app.browser().get(&second).await.expect(200);
    app.browser().get(&first).await.expect(410);
}

#[tokio::test]
async fn an_expired_invitation_does_not_stand_in_the_way_of_a_new_one() {
    let app = TestApp::start().await;
    let inviter = app.inviter().await;
    let first = inviter.link(&app, "new@x.example").await;
    app.turn(Seconds(DAY.0 * 8));
    let inviter = app.inviter_for(inviter.member).await;
    let second = inviter.link(&app, "new@x.example").await;
    assert_eq!(inviter.page().await.all("tbody tr").len(), 1);
    app.browser().get(&first).await.expect(410);
    app.browser().get(&second).await.expect(200);
}

#[tokio::test]
async fn invitations_of_another_office_are_out_of_reach() {
    let app = TestApp::start().await;
    let (inviter, stranger) = (app.inviter().await, app.inviter().await);
    let link = inviter.link(&app, "new@x.example").await;
    let before = app.invitation_state();
    for button in ["再送", "取り消し"] {
        let form = inviter.page().await.form(button);
        let foreign = form.action.replace(&inviter.member.office.to_string(), &stranger.member.office.to_string());
        let token = stranger.page().await.form(&stranger.path).value("csrf_token").expect("a token").to_owned();
        for action in [form.action.as_str(), foreign.as_str(), "/offices/1/invitations/x/revoke"] {
            let fields = [("csrf_token".to_owned(), token.clone())];
            stranger.browser.submit(action, &fields).await.expect(404);
        }
    }
    assert!(stranger.page().await.all("tbody tr").is_empty());
    stranger.browser.get(&inviter.path).await.expect(404);
    assert_eq!(app.invitation_state(), before);
    app.browser().get(&link).await.expect(200);
}

#[tokio::test]
async fn a_role_taken_away_before_the_post_invites_nobody() {
    let app = TestApp::start().await;
    let inviter = app.inviter().await;
    inviter.invite("first@x.example").await.expect(303);
    let page = inviter.page().await;
    let sql = format!("UPDATE memberships SET role = 'general' WHERE user_id = {}", inviter.member.id);
    app.database.execute(&sql);
    let before = app.invitation_state();
    page.form(&inviter.path).fill("emails", "new@x.example").submit(&inviter.browser).await.expect(404);
    for button in ["再送", "取り消し"] {
        page.form(button).submit(&inviter.browser).await.expect(404);
    }
    inviter.browser.get(&inviter.path).await.expect(404);
    assert_eq!(app.invitation_state(), before);
}

#[tokio::test]
async fn one_address_gets_a_few_mails_a_day_and_no_more() {
    let app = TestApp::start().await;
    let inviter = app.inviter().await;
    inviter.invite("new@x.example").await.expect(303);
    for _ in 0..4 {
        inviter.press("再送").await.expect(303);
    }
    let before = app.invitation_state();
    let page = inviter.press("再送").await.expect(429);
    assert!(page.header("retry-after").is_some());
    assert!(page.errors().contains("new@x.example") && page.errors().contains("時間"), "{}", page.errors());
    assert_eq!(app.invitation_state(), before);
    inviter.press("取り消し").await.expect(303);
    let page = inviter.invite("other@x.example, new@x.example").await.expect(429);
    assert!(page.errors().contains("new@x.example"), "{}", page.errors());
    assert_eq!(app.mailbox.count("other@x.example").await, 0, "to all of them or to none");
    let throttled = "SELECT action AS line FROM audit_events WHERE action = 'member.invited' AND outcome = 'throttled'";
    assert_eq!(app.database.lines(throttled).len(), 1, "recorded once in a while");
    inviter.invite("other@x.example").await.expect(303);
    assert_eq!(app.mailbox.count("new@x.example").await, 5);
}

#[tokio::test]
async fn one_administrator_cannot_mail_strangers_without_end() {
    let app = TestApp::start().await;
    let inviter = app.inviter().await;
    let batch = |from: u32| (from..from + 150).map(|n| format!("p{n}@x.example\n")).collect::<String>();
    inviter.invite(&batch(0)).await.expect(303);
    inviter.invite(&batch(150)).await.expect(303);
    let before = app.invitation_state();
    let page = inviter.invite("one-more@x.example").await.expect(429);
    assert!(page.header("retry-after").is_some() && !page.errors().contains("one-more"), "{}", page.errors());
    assert_eq!(app.invitation_state(), before);

    // What was refused has used up nothing of the office's.
    let second = app.inviter_for(app.person_of(inviter.member.office, Role::Admin).await).await;
    second.invite(&batch(300)).await.expect(303);
    second.invite(&(450..500).map(|n| format!("p{n}@x.example\n")).collect::<String>()).await.expect(303);
    second.invite("one-more@x.example").await.expect(429);
    let pages = second.browser.get(&format!("{}?page=10", second.path)).await.expect(200);
    assert_eq!(pages.all("tbody tr").len(), 50);
    app.turn(DAY);
    let inviter = app.inviter_for(inviter.member).await;
    inviter.invite("one-more@x.example").await.expect(303);
}

#[tokio::test]
async fn two_administrators_at_once_invite_an_address_once() {
    let app = TestApp::start().await;
    let first = app.inviter().await;
    let second = app.inviter_for(app.person_of(first.member.office, Role::Admin).await).await;
    for round in 0..4 {
        let email = format!("new{round}@x.example");
        let (one, other) = futures_util::future::join(first.invite(&email), second.invite(&email)).await;
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 422], "round {round}");
        assert_eq!(app.mailbox.count(&email).await, 1);
    }
}

#[tokio::test]
async fn while_the_mail_server_is_down_nothing_is_lost() {
    let sink = SmtpSink::start(Mood::HangsUp);
    let app = TestApp::with().smtp(sink.url()).start().await;
    let inviter = app.inviter().await;
    inviter.invite("a@x.example, b@x.example").await.expect_redirect(&inviter.path);
    eventually("somebody called", async || (sink.conversations() > 0).then_some(())).await;
    assert!(sink.mails().is_empty());
    sink.becomes(Mood::Accepts);
    let mut polls = 0;
    eventually("the mails arrive after all", async || {
        if polls % 100 == 0 {
            app.turn(Seconds::minutes(5));
        }
        polls += 1;
        (app.mailbox.waiting().await == 0).then_some(())
    })
    .await;
    let mut to: Vec<String> = sink.mails().into_iter().map(|mail| mail.to).collect();
    to.sort();
    assert_eq!(to, ["a@x.example", "b@x.example"]);
    let path = sink.mails()[0].path("/invitations/");
    app.browser().get(&path).await.expect(200);
}

#[tokio::test]
async fn a_fault_half_way_invites_nobody() {
    let app = TestApp::start().await;
    let inviter = app.inviter().await;
    let page = inviter.page().await;
    let before = app.invitation_state();
    app.database.execute("ALTER TABLE audit_head RENAME TO audit_head_gone");
    page.form(&inviter.path).fill("emails", "a@x.example").submit(&inviter.browser).await.expect(500);
    app.database.execute("ALTER TABLE audit_head_gone RENAME TO audit_head");
    assert_eq!(app.invitation_state(), before);
    inviter.invite("a@x.example").await.expect(303);
}

#[tokio::test]
async fn names_carry_no_link_into_the_mail_of_a_stranger() {
    let app = TestApp::start().await;
    let inviter = app.inviter().await;
    app.database.execute("UPDATE users SET name = 'https://evil.example/win'");
    inviter.invite("new@x.example").await.expect(303);
    let mail = app.mailbox.newest("new@x.example", "招待").await;
    assert!(!mail.text.contains("evil") && !mail.html.contains("evil"), "{}", mail.text);
}

#[tokio::test]
async fn a_person_with_an_account_is_invited_in_the_language_of_the_account() {
    let app = TestApp::start().await;
    let (inviter, guest) = (app.inviter().await, app.member_of(app.office(Plan::None).await).await);
    app.database.execute(&format!("UPDATE users SET language = 'en' WHERE id = {}", guest.id));
    inviter.invite(&guest.email).await.expect(303);
    app.mailbox.newest(&guest.email, "You have been invited").await;
}

#[tokio::test]
async fn long_after_its_end_an_invitation_is_forgotten() {
    let app = TestApp::start().await;
    let inviter = app.inviter().await;
    inviter.invite("new@x.example").await.expect(303);
    app.turn(Seconds(DAY.0 * 36));
    hikae::service::housekeeping::tidy(&app.services).await.expect("tidy");
    assert_eq!(app.database.lines("SELECT email AS line FROM invitations").len(), 1);
    app.turn(Seconds(DAY.0 * 2));
    hikae::service::housekeeping::tidy(&app.services).await.expect("tidy");
    assert!(app.database.lines("SELECT email AS line FROM invitations").is_empty());
}

#[tokio::test]
async fn two_offices_that_invite_the_same_people_at_once_do_not_wait_for_each_other_for_ever() {
    let app = TestApp::start().await;
    let (first, second) = (app.inviter().await, app.inviter().await);
    for round in 0..4 {
        let emails: Vec<String> = (0..40).map(|n| format!("r{round}p{n}@x.example")).collect();
        let backwards: Vec<String> = emails.iter().rev().cloned().collect();
        let (emails, backwards) = (emails.join("\n"), backwards.join("\n"));
        let (one, other) = futures_util::future::join(first.invite(&emails), second.invite(&backwards)).await;
        assert_eq!((one.status, other.status), (303, 303), "round {round}");
    }
}
