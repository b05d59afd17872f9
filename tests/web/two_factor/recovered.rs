//! After a sign-in with a backup code: what the tab says to do, and for how long.

use hikae::domain::time::Seconds;

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::members::{PASSWORD, Protected};
use crate::support::page::Page;

const TAB: &str = "/account/two-factor";

async fn recovered(app: &TestApp, person: &Protected, code: usize) -> Browser {
    let browser = app.password_proven(&person.member).await;
    browser.enter_backup_code(&person.codes[code]).await.expect_redirect(TAB);
    browser
}

fn card(page: &Page) -> String {
    page.all("[aria-labelledby=recovered]").concat()
}

#[tokio::test]
async fn it_stays_until_the_sign_in_ends_and_no_other_sign_in_sees_it() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = recovered(&app, &person, 6).await;
    let first = card(&browser.get(TAB).await.expect(200));
    assert!(first.contains("7番に印") && first.contains("残りは9個"), "{first}");
    browser.get("/account/profile").await.expect(200);
    let page = browser.get("/account").await.expect(200);
    assert!(page.notice().contains("7番"), "the dashboard leads back: {}", page.text());
    assert!(page.attributes("main .button", "href").contains(&TAB.to_owned()));
    app.turn(Seconds::minutes(20));
    assert_eq!(card(&browser.get(TAB).await.expect(200)), first);

    assert_eq!(card(&person.browser.get(TAB).await.expect(200)), "", "another sign-in of the member");
    assert!(!person.browser.get("/account").await.expect(200).notice().contains("7番"));
    let other = recovered(&app, &person, 2).await;
    let both = [card(&browser.get(TAB).await), card(&other.get(TAB).await)];
    assert!(both[0].contains("7番") && both[1].contains("3番"), "each its own number: {both:?}");
    assert!(both.iter().all(|card| card.contains("残りは8個")), "{both:?}");

    other.sign_out().await.expect(303);
    let later = app.signed_in(&person).await;
    assert_eq!(card(&later.get(TAB).await.expect(200)), "", "signed in with the authenticator");
}

#[tokio::test]
async fn a_new_sheet_ends_it_for_there_is_nothing_to_tick_off() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = recovered(&app, &person, 0).await;
    let code = app.fresh_code(&person.authenticator);
    browser.reissue(&code).await.expect(200);
    assert_eq!(card(&browser.get(TAB).await.expect(200)), "");
    assert!(!browser.get("/account").await.expect(200).notice().contains("1番"));
}

#[tokio::test]
async fn it_warns_when_few_or_none_are_left() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    for (code, words) in [(0, None), (5, Some("残りは3個")), (9, Some("残っているコードはありません"))]
    {
        for earlier in 1..=code {
            app.database.execute(&format!(
                "UPDATE backup_codes SET used_at = 1, used_device = '' WHERE number = {earlier} AND used_at IS NULL"
            ));
        }
        if code == 5 {
            app.database.execute("UPDATE backup_codes SET used_at = 1, used_device = '' WHERE number = 10");
        }
        if code == 9 {
            app.database.execute("UPDATE backup_codes SET used_at = NULL WHERE number = 10");
        }
        let browser = recovered(&app, &person, code).await;
        let page = browser.get(TAB).await.expect(200);
        let warnings = page.all(".notice--warning").concat();
        match words {
            None => assert_eq!(warnings, "", "{code}"),
            Some(words) => assert!(warnings.contains(words), "{code}: {warnings}"),
        }
    }
}

#[tokio::test]
async fn one_button_leads_through_release_to_setting_up_anew() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = recovered(&app, &person, 0).await;
    let page = browser.get(TAB).await.expect(200);
    let buttons = page.all("main button").into_iter().filter(|button| button == "二要素認証解除メールを送信").count();
    assert_eq!(buttons, 1, "one button, not one for each place");
    assert_eq!(page.all(".stepper [aria-current]"), ["解除メールを送信"]);
    let page = page.form("二要素認証解除メールを送信").submit(&browser).await.expect_redirect(TAB);
    let page = browser.follow(page).await.expect(200);
    assert_eq!(page.all(".stepper [aria-current]"), ["リンクを開き、パスワードを入力"]);
    let page = browser.get(TAB).await.expect(200);
    assert!(card(&page).contains(&person.member.email) && card(&page).contains("までに"), "{}", card(&page));
    assert!(page.has_form("二要素認証解除メールを送信"), "it can be sent again");
    app.turn(Seconds::minutes(31));
    let page = browser.get(TAB).await.expect(200);
    assert_eq!(page.all(".stepper [aria-current]"), ["解除メールを送信"], "the link has expired");
    page.form("二要素認証解除メールを送信").submit(&browser).await.expect(303);

    let path = app.mailbox.newest(&person.member.email, "二要素認証の解除").await.path("/two-factor-release/");
    let page = browser.release(&path, PASSWORD).await.expect(303);
    let page = browser.follow(page).await.expect(200);
    assert_eq!(page.h1(), "ログイン");
    assert!(page.notice().contains("設定し直す"), "{}", page.notice());
    let form = page.form("ログイン").fill("email", &person.member.email).fill("password", PASSWORD);
    let page = form.submit(&browser).await.expect_redirect(TAB);
    let page = browser.follow(page).await.expect(200);
    assert!(page.has_form("二要素認証を設定する"), "{}", page.text());
    assert_eq!(card(&page), "");
}

#[tokio::test]
async fn while_a_release_has_to_wait_it_says_until_when() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let until = app.now() + Seconds::hours(3);
    app.database.execute(&format!("UPDATE users SET release_blocked_until = {}", until.0));
    let browser = recovered(&app, &person, 0).await;
    let page = browser.get(TAB).await.expect(200);
    assert!(card(&page).contains("15:00") && card(&page).contains("24時間"), "{}", card(&page));
    assert!(card(&page).contains("残りのバックアップコード"), "{}", card(&page));
    assert!(!page.has_form("二要素認証解除メールを送信"), "a button that is refused");
    app.turn(Seconds::hours(3));
    let browser = recovered(&app, &person, 1).await;
    assert!(browser.get(TAB).await.expect(200).has_form("二要素認証解除メールを送信"));
}
