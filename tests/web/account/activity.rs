//! The member's own trail.

use hikae::domain::time::Seconds;

use crate::support::app::TestApp;
use crate::support::offices::Asked;
use crate::support::page::Page;

const PATH: &str = "/account/activity";

#[tokio::test]
async fn every_attempt_and_change_is_shown_to_its_owner_and_to_nobody_else() {
    let app = TestApp::start().await;
    let (person, other) = (app.protected_member().await, app.protected_member().await);
    let entries = async || person.browser.get(PATH).await.expect(200).all("tbody tr, .activity li").len();
    let before = entries().await;
    app.browser().sign_in_with(&person.member.email, "まったく違うパスワード").await.expect(422);
    assert_eq!(entries().await, before + 1, "a wrong password");
    let stage = app.password_proven(&person.member).await;
    assert_eq!(entries().await, before + 2, "a right password");
    app.turn(Seconds(30));
    stage.enter_security_code(&person.authenticator.wrong_code_at(app.now())).await.expect(422);
    assert_eq!(entries().await, before + 3, "a wrong security code");
    stage.enter_backup_code(&person.codes[0]).await.expect(303);
    assert_eq!(entries().await, before + 4, "a used backup code");

    let theirs = other.browser.get(PATH).await.expect(200);
    assert_eq!(theirs.all("tbody tr, .activity li").len(), before, "{}", theirs.text());
    let page = person.browser.get(PATH).await.expect(200);
    assert!(person.codes.iter().all(|code| !page.html.contains(code)));
}

#[tokio::test]
async fn fifty_stand_on_a_page_and_older_ones_behind_a_link() {
    let app = TestApp::start().await;
    let member = app.member().await;
    for _ in 0..27 {
        let browser = app.browser();
        browser.sign_in(&member).await.expect(303);
        browser.sign_out().await.expect(303);
    }
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let page = browser.get(PATH).await.expect(200);
    assert_eq!(page.all("tbody tr, .activity li").len(), 50);
    let older = page.attributes("nav.pagination a", "href").pop().expect("a link to older ones");
    let older = if older.starts_with('?') { format!("{PATH}{older}") } else { older };
    let page = browser.get(&older).await.expect(200);
    let rows = page.all("tbody tr, .activity li").len();
    assert!((1..50).contains(&rows), "{rows}");
    for before in ["x", "-1", "99999999999999999999", ""] {
        let page = browser.get(&format!("{PATH}?before={before}")).await;
        assert!(page.status < 500, "{before}");
    }
}

/// The cells of the rows that speak of `what`: when, what, outcome, and from where or by whom.
fn rows(page: &Page, what: &str) -> Vec<Vec<String>> {
    let cells = page.all("tbody td");
    cells.chunks(4).filter(|row| row[1].contains(what)).map(<[String]>::to_vec).collect()
}

#[tokio::test]
async fn an_administrator_s_act_names_the_office_and_neither_address_nor_device_nor_note() {
    let app = TestApp::start().await;
    let Asked { first, second, member, path, .. } = app.asked().await;
    first.browser.decline(&path).await.expect(303);
    app.ask_administrators(&member.member).await;
    let path = app.request_path(&second.member).await;
    let code = app.fresh_code(&second.authenticator);
    second.browser.approve(&path, "内線に電話した", &code).await.expect(303);

    let browser = app.browser();
    browser.sign_in(&member.member).await.expect_redirect("/account");
    let page = browser.get(PATH).await.expect(200);
    for what in ["解除依頼を承認", "解除依頼を却下"] {
        let found = rows(&page, what);
        assert_eq!(found.len(), 1, "{what}: {}", page.text());
        assert_eq!(found[0][3].trim(), "管理者による操作（控え商事 corporate-starter）", "{what}");
    }
    assert!(!page.text().contains("内線"), "{}", page.text());
    let own = rows(&page, "二要素認証を設定");
    assert!(!own.is_empty() && own.iter().all(|row| row[3].contains("127.0.0.1")), "{own:?}");
    let asked = rows(&page, "解除依頼メールを送信");
    assert!(asked.iter().all(|row| row[3].contains("ログイン前の操作")), "{asked:?}");

    app.database.execute(&format!("UPDATE users SET language = 'en' WHERE id = {}", member.member.id));
    let page = browser.get(PATH).await.expect(200);
    assert!(page.text().contains("By an administrator of 控え商事 corporate-starter"), "{}", page.text());
}

#[tokio::test]
async fn what_ended_by_itself_was_done_by_nobody() {
    let app = TestApp::start().await;
    let Asked { member, .. } = app.asked().await;
    app.turn(Seconds::hours(73));
    hikae::service::housekeeping::tidy(&app.services).await.expect("tidy");
    let page = app.signed_in(&member).await.get(PATH).await.expect(200);
    let found = rows(&page, "解除依頼の期限切れ");
    assert_eq!((found.len(), found[0][3].trim()), (1, "自動処理"), "{}", page.text());
}
