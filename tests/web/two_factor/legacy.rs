//! Members who come from elsewhere, with two-factor authentication but without backup codes.

use hikae::crypto::password_hash::PasswordHash;
use hikae::domain::email::EmailAddress;
use hikae::domain::office::{Name, Role};
use hikae::domain::plan::Plan;
use hikae::domain::two_factor::totp::TotpKey;
use hikae::service::import_users::{ImportedUser, import_users};

use crate::support::app::TestApp;
use crate::support::authenticator::Authenticator;
use crate::support::members::PASSWORD;

const KEY: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

async fn import(app: &TestApp, email: &str, hash: &str, key: Option<&str>) {
    let user = ImportedUser {
        email: EmailAddress::parse(email).expect("an address"),
        name: Name::parse("控 太郎").expect("a name"),
        office: app.office(Plan::LegacyBasic).await,
        role: Role::General,
        password_hash: PasswordHash::parse(hash).expect("a hash"),
        totp_key: key.map(|key| TotpKey::from_base32(key).expect("a key")),
    };
    let taken = import_users(&app.services, vec![user], |_| {}).await.expect("no fault");
    assert_eq!(taken, Ok(1));
}

fn bcrypt_hash() -> String {
    bcrypt::hash(PASSWORD, 4).expect("a hash")
}

#[tokio::test]
async fn an_imported_member_sees_that_nothing_was_issued_and_gets_the_first_ten_by_reissue() {
    let app = TestApp::start().await;
    import(&app, "taro@example.jp", &bcrypt_hash(), Some(KEY)).await;
    let authenticator = Authenticator::from_text(KEY);
    let browser = app.browser();
    browser.sign_in_with("taro@example.jp", PASSWORD).await.expect_redirect("/login/code");
    browser.enter_backup_code("123456789").await.expect(422);
    browser.enter_security_code(&authenticator.code_at(app.now())).await.expect_redirect("/account");
    let state = browser.two_factor_state().await;
    assert!(state.contains("未発行"), "{state}");

    let code = app.fresh_code(&authenticator);
    let page = browser.reissue(&code).await.expect(200);
    assert_eq!(page.codes().len(), 10);
    let state = browser.two_factor_state().await;
    assert!(state.contains("第1回") && !state.contains("未発行"), "{state}");
    // There are no earlier codes to be thrown away.
    let mail = app.mailbox.newest("taro@example.jp", "バックアップコード").await;
    assert!(mail.subject.contains("発行") && !mail.subject.contains("再発行"), "{}", mail.subject);

    let stage = app.browser();
    stage.sign_in_with("taro@example.jp", PASSWORD).await.expect_redirect("/login/code");
    stage.enter_backup_code(&page.codes()[0]).await.expect(303);
}

#[tokio::test]
async fn a_bcrypt_hash_is_renewed_at_the_next_sign_in() {
    let app = TestApp::start().await;
    import(&app, "jiro@example.jp", &bcrypt_hash(), None).await;
    let hash =
        || app.database.lines("SELECT password_hash AS line FROM users WHERE email = 'jiro@example.jp'").concat();
    assert!(hash().starts_with("$2"), "{}", hash());
    app.browser().sign_in_with("jiro@example.jp", "まったく違うパスワード").await.expect(422);
    assert!(hash().starts_with("$2"), "renewed by a wrong password");
    app.browser().sign_in_with("jiro@example.jp", PASSWORD).await.expect_redirect("/account");
    assert!(hash().starts_with("$argon2id$"), "{}", hash());
    app.browser().sign_in_with("jiro@example.jp", PASSWORD).await.expect_redirect("/account");
}

#[tokio::test]
async fn an_argon2id_hash_of_another_system_signs_in() {
    use argon2::password_hash::PasswordHasher;
    let app = TestApp::start().await;
    let params = argon2::Params::new(8_192, 1, 1, None).expect("parameters");
    let weaker = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let hash = weaker.hash_password_with_salt(PASSWORD.as_bytes(), b"0123456789abcdef").expect("a hash").to_string();
    import(&app, "saburo@example.jp", &hash, None).await;
    app.browser().sign_in_with("saburo@example.jp", "まったく違うパスワード").await.expect(422);
    app.browser().sign_in_with("saburo@example.jp", PASSWORD).await.expect_redirect("/account");
    app.browser().sign_in_with("saburo@example.jp", PASSWORD).await.expect_redirect("/account");
}

#[tokio::test]
async fn an_import_takes_all_or_nothing() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let user = |email: &str| ImportedUser {
        email: EmailAddress::parse(email).expect("an address"),
        name: Name::parse("控 太郎").expect("a name"),
        office: member.office,
        role: Role::General,
        password_hash: PasswordHash::parse(&bcrypt_hash()).expect("a hash"),
        totp_key: None,
    };
    let users = vec![user("shiro@example.jp"), user(&member.email), user("goro@example.jp")];
    let taken = import_users(&app.services, users, |_| {}).await.expect("no fault");
    assert_eq!(taken, Err(1), "the second is taken");
    for email in ["shiro@example.jp", "goro@example.jp"] {
        app.browser().sign_in_with(email, PASSWORD).await.expect(422);
    }
}
