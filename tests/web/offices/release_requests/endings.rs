//! How a request ends: each end is shown to the administrators, and told to everybody once.

use hikae::domain::email::EmailAddress;
use hikae::domain::office::Role;
use hikae::domain::plan::Plan;
use hikae::domain::time::Seconds;
use hikae::service::housekeeping::tidy;
use hikae::service::operator;

use super::{NOTE, assert_whole_trail, told, trail, world};
use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::members::Member;
use crate::support::members::{PASSWORD, Protected};

const NEW: &str = "別の長い合言葉を選ぶ";

#[derive(Clone, Copy, Debug)]
enum End {
    Approved,
    Declined,
    Cancelled,
    SecurityCode,
    BackupCode,
    SetUpAnew,
    ReleasedByMail,
    ReleasedByOperator,
    PasswordReset,
    PasswordChanged,
}

impl End {
    /// The state as the administrators' pages name it, the words of the mails to the member and
    /// to the administrators, and the action in the trail.
    fn words(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            End::Approved => ("承認済み", "管理者が二要素認証を解除", "解除依頼が承認されました", "approved"),
            End::Declined => ("却下", "解除依頼が却下されました", "メンバーの解除依頼が却下", "declined"),
            End::Cancelled => ("取り消し", "解除依頼を取り消しました", "メンバーが解除依頼を取り消し", "cancelled"),
            End::PasswordReset | End::PasswordChanged => (
                "終了",
                "パスワードの変更により、解除依頼を終了",
                "パスワードの変更により、メンバーの解除依頼を終了",
                "closed",
            ),
            _ => ("終了", "解除依頼は不要になりました", "メンバーの解除依頼は不要になりました", "closed"),
        }
    }

    async fn happen(self, app: &TestApp, story: &Story<'_>) {
        let Story { first, member, asking, path, .. } = story;
        let account = &member.browser;
        match self {
            End::Approved => {
                let code = app.fresh_code(&first.authenticator);
                first.browser.approve(path, NOTE, &code).await.expect_redirect(path);
            }
            End::Declined => {
                first.browser.decline(path).await.expect_redirect(path);
            }
            End::Cancelled => {
                let mail = app.mailbox.newest(&member.member.email, "管理者に解除依頼を送信").await;
                let link = mail.path("/release-request-cancel/");
                let stranger = app.browser();
                stranger.get(&link).await.expect(200).form(&link).submit(&stranger).await.expect(200);
            }
            End::SecurityCode => {
                let code = app.fresh_code(&member.authenticator);
                asking.enter_security_code(&code).await.expect(303);
            }
            End::BackupCode => {
                asking.enter_backup_code(&member.codes[4]).await.expect(303);
            }
            End::SetUpAnew => {
                let form = account.get("/account/two-factor").await.expect(200).form("/account/two-factor/setup");
                let code = app.fresh_code(&member.authenticator);
                let page = form.fill("password", PASSWORD).fill("code", &code).submit(account).await;
                page.expect_redirect("/account/two-factor/setup");
                let page = account.get("/account/two-factor/setup").await.expect(200);
                let phone = crate::support::authenticator::Authenticator::from_text(&page.all(".key-text").concat());
                let code = app.fresh_code(&phone);
                account.confirm_set_up(&code).await.expect(200);
            }
            End::ReleasedByMail => {
                account.request_release().await.expect(303);
                let mail = app.mailbox.newest(&member.member.email, "二要素認証の解除").await;
                app.browser().release(&mail.path("/two-factor-release/"), PASSWORD).await.expect(303);
            }
            End::ReleasedByOperator => {
                let email = EmailAddress::parse(&member.member.email).expect("an address");
                operator::release_user(&app.services, &email).await.expect("released");
            }
            End::PasswordReset => {
                let visitor = app.browser();
                let form = visitor.get("/password-reset").await.expect(200).form("/password-reset");
                form.fill("email", &member.member.email).submit(&visitor).await.expect(200);
                let link = app.mailbox.newest(&member.member.email, "再設定").await.path("/password-reset/");
                let form = visitor.get(&link).await.expect(200).form(&link);
                form.fill("new_password", NEW).submit(&visitor).await.expect(303);
            }
            End::PasswordChanged => {
                let form = account.get("/account/password").await.expect(200).form("/account/password");
                let form = form.fill("current_password", PASSWORD).fill("new_password", NEW);
                form.submit(account).await.expect(303);
            }
        }
    }
}

/// Two administrators and a member who has asked.
struct Story<'a> {
    office: String,
    first: &'a Protected,
    second: &'a Protected,
    member: Protected,
    asking: Browser,
    path: String,
}

impl Story<'_> {
    /// What an administrator's page and list say of the request.
    async fn shown(&self, browser: &Browser) -> (String, bool, String) {
        let page = browser.get(&self.path).await.expect(200);
        let list = self.path.rsplit_once('/').expect("a list").0;
        let rows = browser.get(list).await.expect(200).all("tbody tr");
        let row = rows.into_iter().find(|row| row.contains(&self.member.member.email)).expect("a row of the request");
        let decidable = page.has_form("二要素認証を解除") || page.has_form("却下");
        (page.all(".badge").concat(), decidable, row)
    }

    /// The subjects of all mails to an administrator about this member.
    async fn mails_about(&self, app: &TestApp, administrator: &Protected) -> Vec<String> {
        let mails = app.mailbox.to(&administrator.member.email).await;
        let about = mails.into_iter().filter(|mail| mail.text.contains(&self.member.member.email));
        about
            .map(|mail| {
                assert!(mail.text.contains(&self.office) && mail.html.contains(&self.office), "{}", mail.text);
                mail.subject
            })
            .collect()
    }

    /// Everybody sees and has been told once that it ended in this way.
    async fn assert_ended(&self, app: &TestApp, end: &str, words: (&str, &str, &str, &str), decided: bool) {
        let (state, to_member, to_administrators, action) = words;
        for browser in [&self.first.browser, &self.second.browser] {
            let (badge, decidable, row) = self.shown(browser).await;
            assert!(badge.contains(state) && row.contains(state) && !decidable, "{end}: {badge} / {row}");
            assert_eq!(row.contains("鈴木 一郎"), decided, "{end}: {row}");
        }
        assert_eq!(told(app, &self.member.member, to_member).await, 1, "{end}: the member");
        let mail = app.mailbox.newest(&self.member.member.email, to_member).await;
        assert!(mail.text.contains(&self.office) && mail.html.contains(&self.office), "{end}: {}", mail.text);
        let told_first = self.mails_about(app, self.first).await;
        let told_second = self.mails_about(app, self.second).await;
        assert_eq!(told_second.len(), 2, "{end}: asked, and told of the end: {told_second:?}");
        assert!(told_second.concat().contains(to_administrators), "{end}: {told_second:?}");
        // Who decided needs no mail about it.
        assert_eq!(told_first.len(), if decided { 1 } else { 2 }, "{end}: {told_first:?}");
        let rows = trail(app, &self.member.member);
        let actor = if decided { self.first.member.id.to_string() } else { "0".to_owned() };
        let expected = format!("release_request.{action} done by {actor} in {}", self.first.member.office);
        assert_eq!(rows.iter().filter(|row| **row == expected).count(), 1, "{end}: {rows:#?}");
    }
}

async fn each_end_is_shown_and_told_once(ends: &[End]) {
    let app = TestApp::start().await;
    let office = app.office(Plan::CorporateStarter).await;
    let first = app.protect(app.named_person(office, Role::Admin, "鈴木 一郎").await).await;
    let second = app.protect(app.named_person(office, Role::Admin, "佐藤 二郎").await).await;
    let name = format!("控え商事 {}", Plan::CorporateStarter);
    for end in ends {
        let member = app.protect(app.member_of(office).await).await;
        let asking = app.ask_administrators(&member.member).await;
        let path = app.request_path(&first.member).await;
        let story = Story { office: name.clone(), first: &first, second: &second, member, asking, path };
        let (badge, decidable, row) = story.shown(&second.browser).await;
        assert!(badge.contains("対応待ち") && row.contains("対応待ち") && decidable, "{end:?}: {badge} / {row}");
        let approval = second.browser.approval(&story.path).await.fill("note", NOTE);

        end.happen(&app, &story).await;
        let decided = matches!(end, End::Approved | End::Declined);
        story.assert_ended(&app, &format!("{end:?}"), end.words(), decided).await;

        // A page opened before decides nothing any more, costs no code, and nobody is told twice.
        let before = world(&app);
        let code = app.fresh_code(&second.authenticator);
        let page = approval.fill("code", &code).submit(&second.browser).await.expect(409);
        assert!(page.errors().contains("すでに") && page.errors().contains("何も変更していません"), "{}", page.text());
        assert_eq!(page.errors().contains("鈴木 一郎"), decided, "{end:?}: {}", page.errors());
        tidy(&app.services).await.expect("tidied");
        assert_eq!(world(&app), before, "{end:?}");
    }
    assert_whole_trail(&app).await;
}

#[tokio::test]
async fn decisions_and_cancelling_are_shown_and_told_once() {
    each_end_is_shown_and_told_once(&[End::Approved, End::Declined, End::Cancelled]).await;
}

#[tokio::test]
async fn getting_in_after_all_closes_the_request_and_is_told_once() {
    each_end_is_shown_and_told_once(&[End::SecurityCode, End::BackupCode, End::SetUpAnew]).await;
}

#[tokio::test]
async fn another_release_and_a_new_password_close_the_request_and_are_told_once() {
    let ends = [End::ReleasedByMail, End::ReleasedByOperator, End::PasswordReset, End::PasswordChanged];
    each_end_is_shown_and_told_once(&ends).await;
}

#[tokio::test]
async fn after_seventy_two_hours_it_is_over_whether_or_not_anybody_has_tidied_up() {
    let app = TestApp::start().await;
    let asked = app.asked().await;
    let name = format!("控え商事 {}", Plan::CorporateStarter);
    let cancel =
        app.mailbox.newest(&asked.member.member.email, "管理者に解除依頼").await.path("/release-request-cancel/");
    app.turn(Seconds(72 * 3_600 - 31));
    let first = app.signed_in(&asked.first).await;
    let second = app.signed_in(&asked.second).await;
    // The clock has been turned by two security codes; a second is left.
    app.turn(Seconds(-30));
    let approval = second.approval(&asked.path).await.fill("note", NOTE);
    app.turn(Seconds(1));

    let with_browser = |person: Protected, browser| Protected { browser, ..person };
    let (first, second) = (with_browser(asked.first, first), with_browser(asked.second, second));
    let story = Story {
        office: name,
        first: &first,
        second: &second,
        member: asked.member,
        asking: asked.asking,
        path: asked.path,
    };
    let (badge, decidable, row) = story.shown(&second.browser).await;
    assert!(badge.contains("期限切れ") && row.contains("期限切れ") && !decidable, "{badge} / {row}");
    let before = world(&app);
    app.browser().get(&cancel).await.expect(410);
    let code = app.fresh_code(&second.authenticator);
    let page = approval.fill("code", &code).submit(&second.browser).await.expect(409);
    assert!(page.errors().contains("有効期限が切れています"), "{}", page.text());
    assert_eq!(world(&app), before);

    for _ in 0..2 {
        tidy(&app.services).await.expect("tidied");
    }
    let words = ("期限切れ", "解除依頼の期限が切れました", "メンバーの解除依頼の期限が切れました", "expired");
    story.assert_ended(&app, "expired", words, false).await;
    assert_whole_trail(&app).await;

    // The member asks again, and the old request stays what it is.
    app.ask_administrators(&story.member.member).await;
    let path = app.request_path(&first.member).await;
    assert_ne!(path, story.path);
    assert!(first.browser.get(&path).await.expect(200).has_form("二要素認証を解除"));
}

#[tokio::test]
async fn asking_again_after_seventy_two_hours_settles_the_old_request_first() {
    let app = TestApp::start().await;
    let asked = app.asked().await;
    app.turn(Seconds::hours(72));
    app.ask_administrators(&asked.member.member).await;
    let admin = &asked.first.member;
    assert_eq!(told(&app, &asked.member.member, "解除依頼の期限が切れました").await, 1);
    assert_eq!(told(&app, admin, "解除依頼の期限が切れました").await, 1);
    assert_eq!(told(&app, admin, "解除依頼が届いています").await, 2);
    let states = app.database.lines("SELECT state AS line FROM release_requests ORDER BY created_at");
    assert_eq!(states, ["expired", "open"]);
}

#[tokio::test]
async fn a_damaged_row_keeps_no_other_request_and_nothing_else_from_its_end() {
    let app = TestApp::start().await;
    let (damaged, whole) = (app.asked().await, app.asked().await);
    app.database.execute(&format!("UPDATE users SET language = 'x' WHERE id = {}", damaged.member.member.id));
    app.turn(Seconds::hours(72));
    tidy(&app.services).await.expect("it goes on");
    let state = |person: &Member| {
        app.database
            .lines(&format!("SELECT state AS line FROM release_requests WHERE user_id = {}", person.id))
            .concat()
    };
    assert_eq!((state(&damaged.member.member), state(&whole.member.member)), ("open".into(), "expired".into()));
    assert_eq!(told(&app, &whole.member.member, "解除依頼の期限が切れました").await, 1);
    assert!(app.database.lines("SELECT stage AS line FROM sessions").is_empty(), "sessions of three days ago");
}
