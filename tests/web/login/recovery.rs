//! Signing in with a backup code.

use hikae::domain::email::EmailAddress;
use hikae::domain::time::Seconds;
use hikae::service::operator;

use crate::support::app::TestApp;

#[tokio::test]
async fn the_page_has_its_two_parts() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = app.password_proven(&person.member).await;
    let page = browser.get("/login/recovery").await.expect(200);
    assert_eq!(page.h1(), "二要素認証でログインできない場合");
    for words in [
        "モバイル端末の機種変更・紛失・故障などにより、認証アプリを利用できない",
        "バックアップコードも利用できない",
        "バックアップコード(9桁)",
    ] {
        assert!(page.text().contains(words), "{words} is not in {}", page.text());
    }
    assert!(page.has_form("認証"));
}

#[tokio::test]
async fn a_code_signs_in_and_the_page_says_which_how_many_are_left_and_what_to_do() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = app.password_proven(&person.member).await;
    let page = browser.enter_backup_code(&person.codes[6]).await.expect_redirect("/account/two-factor");
    let page = browser.follow(page).await.expect(200);
    let card = page.all("[aria-labelledby=recovered]").concat();
    for words in ["7番", "残りは9個", "解除", "第1回"] {
        assert!(card.contains(words), "{words} is not in {card}");
    }
    assert_eq!(page.all(".mark--used .mark__number"), ["7"]);
    assert!(!page.html.contains(&person.codes[6]));
}

#[tokio::test]
async fn each_of_the_ten_signs_in_once() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    for (index, code) in person.codes.iter().enumerate() {
        let browser = app.password_proven(&person.member).await;
        let page = browser.enter_backup_code(code).await.expect_redirect("/account/two-factor");
        let page = browser.follow(page).await.expect(200);
        assert_eq!(page.all(".mark--used").len(), index + 1);
        let again = app.password_proven(&person.member).await;
        again.enter_backup_code(code).await.expect(422);
        assert!(!again.is_signed_in().await);
    }
    let browser = app.password_proven(&person.member).await;
    browser.enter_backup_code(&person.codes[0]).await.expect(422);
}

#[tokio::test]
async fn a_code_is_read_however_it_is_typed() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let wide = |digits: &str| -> String {
        digits.chars().map(|c| char::from_u32(c as u32 - '0' as u32 + '０' as u32).expect("a digit")).collect()
    };
    for (code, separator, is_wide) in [
        (&person.codes[0], " ", false),
        (&person.codes[1], "\u{3000}", true),
        (&person.codes[2], "-", false),
        (&person.codes[3], "ー", true),
        (&person.codes[4], "‐", false),
        (&person.codes[5], "−", true),
    ] {
        let typed = [&code[..3], &code[3..6], &code[6..]].join(separator);
        let typed = if is_wide { typed.split(separator).map(wide).collect::<Vec<_>>().join(separator) } else { typed };
        let browser = app.password_proven(&person.member).await;
        assert_eq!(browser.enter_backup_code(&typed).await.status, 303, "{typed:?}");
    }
}

#[tokio::test]
async fn wrong_used_and_void_codes_get_the_same_answer() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[0]).await.expect(303);
    let code = app.fresh_code(&person.authenticator);
    let new = person.browser.reissue(&code).await.expect(200).codes();
    app.password_proven(&person.member).await.enter_backup_code(&new[0]).await.expect(303);
    let wrong = ["000000001", "000000002"].into_iter().find(|code| !new.contains(&(*code).to_owned())).expect("one");

    let state = person.browser.two_factor_state().await;
    let mut texts = Vec::new();
    for code in [wrong, &new[0], &person.codes[0], &person.codes[1]] {
        let browser = app.password_proven(&person.member).await;
        let page = browser.enter_backup_code(code).await.expect(422);
        assert!(!browser.is_signed_in().await);
        texts.push(page.text());
    }
    assert!(texts.iter().all(|text| *text == texts[0]), "{texts:#?}");
    for cause in ["誤り", "使用済み", "再発行前"] {
        assert!(texts[0].contains(cause), "{cause} is not in {}", texts[0]);
    }
    assert_eq!(person.browser.two_factor_state().await, state);
}

#[tokio::test]
async fn a_sheet_is_void_after_a_reissue_used_or_not() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let code = app.fresh_code(&person.authenticator);
    let new = person.browser.reissue(&code).await.expect(200).codes();
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[9]).await.expect(422);
    let browser = app.password_proven(&person.member).await;
    let page = browser.enter_backup_code(&new[9]).await.expect(303);
    assert_eq!(browser.follow(page).await.all(".mark--used .mark__number"), ["10"]);
}

#[tokio::test]
async fn a_sheet_is_void_after_a_release_and_a_new_set_up() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let email = EmailAddress::parse(&person.member.email).expect("an address");
    operator::release_user(&app.services, &email).await.expect("released");
    app.turn(Seconds(60));
    let anew = app.protect(person.member.clone()).await;
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[0]).await.expect(422);
    app.turn(Seconds(60));
    let old = person.authenticator.code_at(app.now());
    app.password_proven(&person.member).await.enter_security_code(&old).await.expect(422);
    app.password_proven(&person.member).await.enter_backup_code(&anew.codes[0]).await.expect(303);
}

#[tokio::test]
async fn a_code_of_another_member_is_worthless_and_stays_unused() {
    let app = TestApp::start().await;
    let (person, other) = (app.protected_member().await, app.protected_member().await);
    app.password_proven(&person.member).await.enter_backup_code(&other.codes[0]).await.expect(422);
    app.password_proven(&other.member).await.enter_backup_code(&other.codes[0]).await.expect(303);
}

#[tokio::test]
async fn a_code_without_the_password_is_worthless_and_stays_unused() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = app.browser();
    let token = browser.get("/login").await.form("ログイン").value("csrf_token").expect("a token").to_owned();
    let fields = [("csrf_token".to_owned(), token), ("backup_code".to_owned(), person.codes[0].clone())];
    browser.submit("/login/recovery/backup-code", &fields).await.expect_redirect("/login");
    assert!(!browser.is_signed_in().await);
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[0]).await.expect(303);
}

#[tokio::test]
async fn a_warning_stands_on_the_page_from_three_left_on() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    for (index, code) in person.codes.iter().take(8).enumerate() {
        let browser = app.password_proven(&person.member).await;
        browser.enter_backup_code(code).await.expect(303);
        browser.get("/account/two-factor").await.expect(200);
        let page = browser.get("/account/two-factor").await.expect(200);
        let warned = !page.all(".notice--warning").is_empty();
        assert_eq!(warned, index >= 6, "{} left: {}", 9 - index, page.text());
    }
}

#[tokio::test]
async fn nobody_can_be_asked_for_a_release_yet_and_the_page_says_so() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = app.password_proven(&person.member).await;
    let page = browser.get("/login/recovery").await.expect(200);
    if page.has_form("解除依頼メールを送信") {
        let page = page.form("解除依頼メールを送信").submit(&browser).await;
        assert!(page.status < 500, "{}", page.text());
        let page = browser.follow(page).await;
        assert!(!page.text().is_empty());
    }
    assert!(!browser.is_signed_in().await);
    assert!(person.browser.is_signed_in().await);
}
