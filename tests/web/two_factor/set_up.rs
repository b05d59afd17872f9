//! Switching two-factor authentication on, and setting it up anew.

use hikae::domain::time::Seconds;

use crate::support::app::TestApp;
use crate::support::authenticator::scan_svg;

#[tokio::test]
async fn setting_up_gives_ten_codes_once() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let authenticator = browser.start_set_up(&member.password).await;
    let form = browser.get("/account/two-factor/setup").await.expect(200).form("/account/two-factor/setup/confirm");
    let form = form.fill("code", &authenticator.code_at(app.now()));
    let page = form.submit(&browser).await.expect(200);

    assert_eq!(page.h1(), "二要素認証の設定が完了しました");
    let codes = page.codes();
    assert_eq!(codes.len(), 10);
    let mut different = codes.clone();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), 10, "the codes are distinct");
    assert!(codes.iter().all(|code| code.len() == 9));
    for shown in page.all(".codes__code") {
        let groups: Vec<usize> = shown.split(' ').map(str::len).collect();
        assert_eq!(groups, [3, 3, 3], "{shown:?}");
    }
    assert_eq!(page.all(".codes__number"), (1..=10).map(|n| n.to_string()).collect::<Vec<_>>());
    assert!(page.has_form("閉じる") && page.text().contains("保管しました"), "{}", page.text());
    assert_eq!(
        page.attributes("input[type=checkbox][name=kept]", "required").len(),
        1,
        "closing asks whether they are kept"
    );
    assert!(page.has_form("PDFをダウンロード"), "{}", page.text());

    let again = form.submit(&browser).await;
    assert!(again.codes().is_empty(), "a resubmitted form shows codes");
    for path in ["/account/two-factor", "/account/two-factor/setup", "/account/two-factor/setup/confirm", "/account"] {
        let page = browser.get(path).await;
        assert!(page.codes().is_empty(), "{path}");
        assert!(codes.iter().all(|code| !page.html.contains(code)), "{path}");
    }
    let page = browser.get("/account/two-factor").await.expect(200);
    assert!(page.text().contains("第1回"), "{}", page.text());
    assert!(
        !page.all(".mark").is_empty() && page.all(".mark--used").is_empty(),
        "a resubmitted form changed the sheet"
    );
}

#[tokio::test]
async fn the_qr_code_holds_the_key_that_is_shown() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let authenticator = browser.start_set_up(&member.password).await;
    assert_eq!(authenticator.key.len(), 32, "160 bits");
    let page = browser.get("/account/two-factor/setup").await.expect(200);
    let url: url::Url = scan_svg(&page.html).parse().expect("an address");
    assert_eq!((url.scheme(), url.host_str()), ("otpauth", Some("totp")));
    let secret = url.query_pairs().find(|(name, _)| name == "secret").expect("a secret").1.into_owned();
    assert_eq!(secret, authenticator.key);
    assert!(url.query_pairs().any(|(name, _)| name == "issuer"));
    assert!(url.path().contains(&member.email.replace('@', "%40")) || url.path().contains(&member.email), "{url}");
    assert_eq!(page.header("cache-control").map(|value| value.contains("no-store")), Some(true));
}

#[tokio::test]
async fn a_wrong_code_shows_the_same_qr_code_again_and_switches_nothing_on() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let authenticator = browser.start_set_up(&member.password).await;
    let page = browser.confirm_set_up(&authenticator.wrong_code_at(app.now())).await.expect(422);
    assert!(!page.errors().is_empty());
    assert!(page.codes().is_empty());
    assert_eq!(page.all(".key-text").concat().replace(' ', ""), authenticator.key);
    app.browser().sign_in(&member).await.expect_redirect("/account");
    browser.confirm_set_up(&authenticator.code_at(app.now())).await.expect(200);
    app.browser().sign_in(&member).await.expect_redirect("/login/code");
}

#[tokio::test]
async fn a_set_up_needs_the_password() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let page = browser.get("/account/two-factor").await.expect(200);
    let form = page.form("二要素認証を設定する");
    for password in ["", "まったく違うパスワード"] {
        let page = form.clone().fill("password", password).submit(&browser).await.expect(422);
        assert!(!page.errors().is_empty());
    }
    let page = browser.get("/account/two-factor/setup").await;
    assert!(page.all(".key-text").is_empty(), "a key without a password");
}

#[tokio::test]
async fn a_cancelled_set_up_leaves_nothing_and_a_new_one_has_a_new_key() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let cancelled = browser.start_set_up(&member.password).await;
    let page = browser.get("/account/two-factor/setup").await.expect(200);
    let confirm = page.form("/account/two-factor/setup/confirm");
    page.form("/account/two-factor/setup/cancel").submit(&browser).await.expect(303);

    let page = browser.get("/account/two-factor/setup").await;
    assert!(page.all(".key-text").is_empty());
    let page = confirm.clone().fill("code", &cancelled.code_at(app.now())).submit(&browser).await;
    assert!(page.codes().is_empty(), "a cancelled key was confirmed");

    let second = browser.start_set_up(&member.password).await;
    let third = browser.start_set_up(&member.password).await;
    assert!(cancelled.key != second.key && second.key != third.key);
    for dead in [cancelled, second] {
        let page = browser.confirm_set_up(&dead.code_at(app.now())).await.expect(422);
        assert!(page.codes().is_empty());
    }
    browser.confirm_set_up(&third.code_at(app.now())).await.expect(200);
}

#[tokio::test]
async fn a_set_up_belongs_to_the_session_that_started_it() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    browser.start_set_up(&member.password).await;
    let thief = app.browser();
    thief.sign_in(&member).await.expect(303);
    let page = thief.get("/account/two-factor/setup").await;
    assert!(page.all(".key-text").is_empty(), "another session sees the key");
}

#[tokio::test]
async fn an_unconfirmed_key_never_signs_in_and_never_replaces_a_working_one() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    app.turn(Seconds(30));
    let page = person.browser.get("/account/two-factor").await.expect(200);
    let form = page.form("/account/two-factor/setup").fill("password", &person.member.password);
    form.clone().fill("code", "").submit(&person.browser).await.expect(422);
    let page = form.fill("code", &person.authenticator.code_at(app.now())).submit(&person.browser).await;
    page.expect_redirect("/account/two-factor/setup");
    let page = person.browser.get("/account/two-factor/setup").await.expect(200);
    let new = crate::support::authenticator::Authenticator::from_text(&page.all(".key-text").concat());

    let unconfirmed = app.fresh_code(&new);
    app.password_proven(&person.member).await.enter_security_code(&unconfirmed).await.expect(422);
    let working = app.fresh_code(&person.authenticator);
    app.password_proven(&person.member).await.enter_security_code(&working).await.expect(303);
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[0]).await.expect(303);

    let confirming = app.fresh_code(&new);
    let codes = person.browser.confirm_set_up(&confirming).await.expect(200).codes();
    assert_eq!(codes.len(), 10);
    let old = app.fresh_code(&person.authenticator);
    app.password_proven(&person.member).await.enter_security_code(&old).await.expect(422);
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[1]).await.expect(422);
    let fresh = app.fresh_code(&new);
    app.password_proven(&person.member).await.enter_security_code(&fresh).await.expect(303);
    app.password_proven(&person.member).await.enter_backup_code(&codes[0]).await.expect(303);
}

#[tokio::test]
async fn switching_on_ends_other_sessions_or_offers_it() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let other = app.browser();
    other.sign_in(&member).await.expect(303);
    let person = app.protect(member).await;
    if other.is_signed_in().await {
        let page = person.browser.get("/account/two-factor").await.expect(200);
        assert!(page.has_form("/account/sessions/end-others"), "other sessions stay and nothing offers to end them");
    }
}

#[tokio::test]
async fn codes_and_keys_are_never_kept_by_the_browser() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let code = app.fresh_code(&person.authenticator);
    let page = person.browser.reissue(&code).await.expect(200);
    assert!(page.header("cache-control").expect("Cache-Control").contains("no-store"));
    for path in ["/account/two-factor", "/account/two-factor/backup-codes/reissue"] {
        let page = person.browser.get(path).await.expect(200);
        assert!(page.header("cache-control").expect("Cache-Control").contains("no-store"), "{path}");
    }
    let stage = app.password_proven(&person.member).await;
    for path in ["/login/code", "/login/recovery"] {
        let page = stage.get(path).await.expect(200);
        assert!(page.header("cache-control").expect("Cache-Control").contains("no-store"), "{path}");
    }
}
