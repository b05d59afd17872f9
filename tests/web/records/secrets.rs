//! After a whole story no secret of it stands in any file, dump or log.

use hikae::domain::time::Seconds;

use crate::support::app::TestApp;
use crate::support::logs;
use crate::support::members::PASSWORD;
use crate::support::secrets::{Secret, assert_none, find, read_folder};

const RESET_PASSWORD: &str = "もうひとつの合言葉です";
const CHANGED_PASSWORD: &str = "別の長い合言葉を選ぶ";

fn token(path: &str) -> &str {
    path.rsplit('/').next().expect("a token")
}

#[tokio::test]
async fn no_secret_of_a_whole_story_is_written_down() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let email = &person.member.email;
    let mut secrets = vec![
        Secret::text("password", PASSWORD),
        Secret::text("new password", CHANGED_PASSWORD),
        Secret::text("reset password", RESET_PASSWORD),
        Secret::totp_key(&person.authenticator.key),
    ];
    let mut links = Vec::new();

    // The first sheet: one code used, one refused, one typed into the wrong field.
    let browser = app.password_proven(&person.member).await;
    browser.enter_security_code(&person.codes[1]).await.expect(422);
    browser.enter_backup_code("000000001").await.expect(422);
    browser.enter_backup_code(&person.codes[0]).await.expect(303);
    let code = app.fresh_code(&person.authenticator);
    let second = browser.reissue(&code).await.expect(200).codes();
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[2]).await.expect(422);
    app.password_proven(&person.member).await.enter_backup_code(&second[0]).await.expect(303);
    secrets.extend(person.codes.iter().chain(&second).enumerate().map(|(n, code)| Secret::backup_code(n, code)));

    // A password guessed, changed, and forgotten.
    app.browser().sign_in_with(email, "当てずっぽうの合言葉").await.expect(422);
    secrets.push(Secret::text("guessed password", "当てずっぽうの合言葉"));
    let form = browser.get("/account/password").await.expect(200).form("/account/password");
    form.fill("current_password", PASSWORD).fill("new_password", CHANGED_PASSWORD).submit(&browser).await.expect(303);
    let page = app.browser().get("/password-reset").await.expect(200);
    let visitor = app.browser();
    let form = visitor.get("/password-reset").await.expect(200).form("/password-reset");
    form.fill("email", email).submit(&visitor).await;
    let mail = app.mailbox.newest(email, "パスワード").await;
    let reset = app.mailbox.to(email).await.into_iter().rev().find(|mail| mail.text.contains("/password-reset/"));
    let reset = reset.unwrap_or(mail).path("/password-reset/");
    links.push(reset.clone());
    let form = visitor.get(&reset).await.expect(200).form(&reset);
    form.fill("new_password", RESET_PASSWORD).submit(&visitor).await;
    drop(page);

    // A day later: release by mail, and a set-up anew.
    app.turn(Seconds::hours(25));
    let browser = app.browser();
    browser.sign_in_with(email, RESET_PASSWORD).await.expect_redirect("/login/code");
    browser.enter_backup_code(&second[1]).await.expect(303);
    browser.request_release().await;
    let mail = app.mailbox.newest(email, "二要素認証の解除").await;
    let release = mail.path("/two-factor-release/");
    links.extend([release.clone(), mail.path("/two-factor-release-cancel/")]);
    browser.release(&release, RESET_PASSWORD).await;
    let browser = app.browser();
    browser.sign_in_with(email, RESET_PASSWORD).await.expect_redirect("/account");
    let abandoned = browser.start_set_up(RESET_PASSWORD).await;
    let anew = browser.start_set_up(RESET_PASSWORD).await;
    let third = browser.confirm_set_up(&anew.code_at(app.now())).await.expect(200).codes();
    secrets.extend([Secret::totp_key(&abandoned.key), Secret::totp_key(&anew.key)]);
    secrets.extend(third.iter().enumerate().map(|(n, code)| Secret::backup_code(100 + n, code)));

    // An address that is asked for and never confirmed.
    let form = browser.get("/account/email").await.expect(200).form("/account/email");
    form.fill("email", "hikkoshi@example.jp").fill("password", RESET_PASSWORD).submit(&browser).await;
    links.push(app.mailbox.newest("hikkoshi@example.jp", "メールアドレス").await.path("/email-confirmation/"));
    let cookie = browser.session_cookie().expect("a session").1;
    secrets.push(Secret::text("cookie", &cookie));

    app.mailbox.settle().await;
    let mut data = Vec::new();
    read_folder(app.data.path(), &mut data);
    let (mails, mut places): (Vec<_>, Vec<_>) = data.into_iter().partition(|(path, _)| path.contains("/outbox/"));
    places.extend(app.database.dump());
    let kept = logs::kept();
    assert!(!kept.is_empty(), "nothing was logged: the search means nothing");
    places.push(("the log".to_owned(), kept));
    assert!(!mails.is_empty());

    // The mails hold the links and nothing else.
    assert_none(&secrets, &mails);
    let link_secrets: Vec<Secret> = links.iter().map(|path| Secret::text("link", token(path))).collect();
    secrets.extend(link_secrets);
    assert_none(&secrets, &places);

    // The search finds what is there.
    let control = Secret::text("address", email);
    assert!(!find(&[control], &places).is_empty(), "the search is blind");
}

#[tokio::test]
async fn a_link_that_waits_to_be_mailed_is_sealed() {
    // Nothing listens there: mails stay in the outbox table.
    let app = TestApp::with().smtp("smtp://127.0.0.1:9".to_owned()).start().await;
    let member = app.member().await;
    let visitor = app.browser();
    let form = visitor.get("/password-reset").await.expect(200).form("/password-reset");
    form.fill("email", &member.email).submit(&visitor).await;
    crate::support::eventually("the mail waits", async || (app.mailbox.waiting().await > 0).then_some(())).await;
    let mut places = app.database.dump();
    read_folder(app.data.path(), &mut places);
    assert_none(&[Secret::text("link", "/password-reset/")], &places);
}

#[tokio::test]
async fn swapping_the_keys_of_two_members_fails_closed() {
    let app = TestApp::start().await;
    let (person, other) = (app.protected_member().await, app.protected_member().await);
    let (a, b) = (person.member.id, other.member.id);
    app.database.execute(&format!(
        "UPDATE two_factors SET sealed_key = (SELECT t.sealed_key FROM two_factors t WHERE t.user_id = {b}) \
         WHERE user_id = {a}"
    ));
    let stage = app.password_proven(&person.member).await;
    let code = app.fresh_code(&other.authenticator);
    let page = stage.enter_security_code(&code).await;
    assert_eq!(page.status, 500, "the key of another row was taken");
    assert!(!page.h1().is_empty() && page.header("content-security-policy").is_some(), "a fault has a page too");
    assert_eq!(page.attributes("html", "lang"), ["ja"]);
    assert!(!stage.is_signed_in().await);
}
