//! The security code as the second step of a sign-in.

use hikae::domain::time::{Seconds, Timestamp};

use crate::support::app::TestApp;

#[tokio::test]
async fn the_right_code_signs_in() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = app.password_proven(&person.member).await;

    let page = browser.get("/login/code").await.expect(200);
    assert_eq!(page.h1(), "セキュリティコードを入力");
    assert!(page.text().contains("セキュリティコード(6桁)"), "{}", page.text());
    let link =
        page.all("a").into_iter().zip(page.attributes("a", "href")).find(|(text, _)| text == "認証できない方はこちら");
    assert_eq!(link.expect("the link").1, "/login/recovery");
    let code = app.fresh_code(&person.authenticator);
    page.form("認証").fill("code", &code).submit(&browser).await.expect_redirect("/account");
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn the_field_helps_phones_and_cuts_nothing() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = app.password_proven(&person.member).await;
    let page = browser.get("/login/code").await.expect(200);
    assert_eq!(page.attributes("input[name=code]", "autocomplete"), ["one-time-code"]);
    assert_eq!(page.attributes("input[name=code]", "inputmode"), ["numeric"]);
    assert!(page.attributes("input[name=code]", "maxlength").is_empty());
    let page = browser.get("/login/recovery").await.expect(200);
    assert_eq!(page.attributes("input[name=backup_code]", "autocomplete"), ["off"]);
    assert!(page.attributes("input[name=backup_code]", "maxlength").is_empty());
}

#[tokio::test]
async fn a_wrong_code_is_refused_and_the_stage_stays() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = app.password_proven(&person.member).await;
    app.turn(Seconds(30));
    let wrong = person.authenticator.wrong_code_at(app.now());
    let page = browser.enter_security_code(&wrong).await.expect(422);
    assert!(!page.errors().is_empty());
    assert!(!browser.is_signed_in().await);
    page.form("認証").fill("code", &person.authenticator.code_at(app.now())).submit(&browser).await.expect(303);
}

#[tokio::test]
async fn a_code_signs_in_once() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let code = app.fresh_code(&person.authenticator);
    app.password_proven(&person.member).await.enter_security_code(&code).await.expect(303);

    let second = app.password_proven(&person.member).await;
    let page = second.enter_security_code(&code).await.expect(422);
    assert!(!page.errors().is_empty());
    assert!(!second.is_signed_in().await);
}

#[tokio::test]
async fn the_code_that_confirmed_the_set_up_does_not_sign_in() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let used = person.authenticator.code_at(app.now());
    let browser = app.password_proven(&person.member).await;
    browser.enter_security_code(&used).await.expect(422);
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn one_step_before_and_after_is_accepted_and_two_are_not() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    for (offset, status) in [(-60, 422), (-30, 303), (60, 422), (30, 303), (0, 303)] {
        app.turn(Seconds(300));
        let code = person.authenticator.code_at(Timestamp(app.now().0 + offset));
        let browser = app.password_proven(&person.member).await;
        browser.enter_security_code(&code).await.expect(status);
        assert_eq!(browser.is_signed_in().await, status == 303, "{offset} seconds");
    }
}

#[tokio::test]
async fn steps_only_grow_over_all_places() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    app.turn(Seconds(300));
    let now = app.now();
    let ahead = person.authenticator.code_at(Timestamp(now.0 + 30));
    assert_eq!(person.browser.reissue(&ahead).await.expect(200).codes().len(), 10);

    let state = person.browser.two_factor_state().await;
    for step in [30, 0, -30] {
        let older = person.authenticator.code_at(Timestamp(now.0 + step));
        let browser = app.password_proven(&person.member).await;
        browser.enter_security_code(&older).await.expect(422);
        assert!(!browser.is_signed_in().await);
    }
    assert_eq!(person.browser.two_factor_state().await, state);
    let next = app.fresh_code(&person.authenticator);
    app.password_proven(&person.member).await.enter_security_code(&next).await.expect(422);
    let newer = app.fresh_code(&person.authenticator);
    app.password_proven(&person.member).await.enter_security_code(&newer).await.expect(303);
}

#[tokio::test]
async fn a_clock_that_goes_back_revives_no_code() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    app.turn(Seconds(600));
    let code = person.authenticator.code_at(app.now());
    app.password_proven(&person.member).await.enter_security_code(&code).await.expect(303);
    app.turn(Seconds(-300));
    let earlier = person.authenticator.code_at(app.now());
    app.password_proven(&person.member).await.enter_security_code(&earlier).await.expect(422);
    app.turn(Seconds(330));
    let later = person.authenticator.code_at(app.now());
    app.password_proven(&person.member).await.enter_security_code(&later).await.expect(303);
}

#[tokio::test]
async fn a_code_of_another_member_is_worthless() {
    let app = TestApp::start().await;
    let (person, other) = (app.protected_member().await, app.protected_member().await);
    let theirs = app.fresh_code(&other.authenticator);
    let browser = app.password_proven(&person.member).await;
    browser.enter_security_code(&theirs).await.expect(422);
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn a_code_is_read_however_it_is_typed() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let wide = |digits: &str| -> String {
        digits.chars().map(|c| char::from_u32(c as u32 - '0' as u32 + '０' as u32).expect("a digit")).collect()
    };
    type Spelling<'a> = Box<dyn Fn(&str, &str) -> String + 'a>;
    let spellings: [Spelling<'_>; 6] = [
        Box::new(|a, b| format!("{a} {b}")),
        Box::new(|a, b| format!("{}\u{3000}{}", wide(a), wide(b))),
        Box::new(|a, b| format!("{a}-{b}")),
        Box::new(|a, b| format!("{}ー{}", wide(a), wide(b))),
        Box::new(|a, b| format!("{a}－{b}")),
        Box::new(|a, b| format!("  {a}{b}\r\n")),
    ];
    for spelling in spellings {
        let code = app.fresh_code(&person.authenticator);
        let typed = spelling(&code[..3], &code[3..]);
        let browser = app.password_proven(&person.member).await;
        assert_eq!(browser.enter_security_code(&typed).await.status, 303, "{typed:?}");
    }
}

#[tokio::test]
async fn what_is_no_code_gets_a_clear_answer_and_costs_no_try() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = app.password_proven(&person.member).await;
    for typed in [
        "".to_owned(),
        "   ".to_owned(),
        "12345".to_owned(),
        "1234567".to_owned(),
        "abcdef".to_owned(),
        "+12345".to_owned(),
        "12345\0".to_owned(),
        "١٢٣٤٥٦".to_owned(),
        "१२३४५६".to_owned(),
        "一二三四五六".to_owned(),
        "1".repeat(5_000),
        "ﷺ".repeat(1_000),
    ] {
        for (page, form, field) in
            [("/login/code", "/login/code", "code"), ("/login/recovery", "/login/recovery/backup-code", "backup_code")]
        {
            let page = browser.get(page).await.expect(200);
            let page = page.form(form).fill(field, &typed).submit(&browser).await.expect(422);
            assert!(!page.errors().is_empty(), "{typed:?} at {form}");
            assert!(!page.html.contains(&"1".repeat(100)), "the input comes back in full");
        }
    }
    let code = app.fresh_code(&person.authenticator);
    browser.enter_security_code(&code).await.expect(303);
}

#[tokio::test]
async fn a_backup_code_in_the_field_of_the_security_code_gets_a_pointer_and_is_counted_once() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = app.password_proven(&person.member).await;
    let state = person.browser.two_factor_state().await;
    for _ in 0..5 {
        let page = browser.enter_security_code(&person.codes[0]).await.expect(422);
        assert!(page.attributes("main a", "href").contains(&"/login/recovery".to_owned()), "{}", page.html);
        assert!(page.errors().contains("バックアップコード"), "{}", page.errors());
    }
    assert_eq!(person.browser.two_factor_state().await, state);
    let right = app.fresh_code(&person.authenticator);
    browser.enter_security_code(&right).await.expect(429);
    app.turn(Seconds(60));
    browser.enter_backup_code(&person.codes[0]).await.expect_redirect("/account/two-factor");
}

#[tokio::test]
async fn a_security_code_in_the_field_of_the_backup_code_gets_a_pointer_and_is_counted_once() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let browser = app.password_proven(&person.member).await;
    app.turn(Seconds(30));
    let code = person.authenticator.code_at(app.now());
    for _ in 0..4 {
        let page = browser.enter_backup_code(&code).await.expect(422);
        assert!(page.attributes("main a", "href").contains(&"/login/code".to_owned()), "{}", page.html);
        assert!(page.errors().contains("セキュリティコード"), "{}", page.errors());
    }
    browser.enter_security_code(&code).await.expect_redirect("/account");
}
