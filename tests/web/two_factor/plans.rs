//! Which plans issue backup codes.

use hikae::domain::plan::Plan;
use hikae::service::operator;

use crate::support::app::TestApp;

const REISSUE: &str = "/account/two-factor/backup-codes/reissue";

#[tokio::test]
async fn every_plan_of_the_table_issues_ten_codes() {
    let app = TestApp::start().await;
    for plan in Plan::ALL.iter().copied().filter(|plan| *plan != Plan::None) {
        let office = app.office(plan).await;
        let member = app.member_of(office).await;
        let person = app.protect(member).await;
        assert_eq!(person.codes.len(), 10, "{plan}");
    }
}

#[tokio::test]
async fn without_a_contract_the_set_up_completes_without_codes() {
    let app = TestApp::start().await;
    let office = app.office(Plan::None).await;
    let member = app.member_of(office).await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let plans = ["法人・新プラン", "法人・旧プラン", "個人"];
    let tab = browser.get("/account/two-factor").await.expect(200);
    assert!(plans.iter().all(|plan| tab.text().contains(plan)), "{}", tab.text());
    let authenticator = browser.start_set_up(&member.password).await;
    let page = browser.get("/account/two-factor/setup").await.expect(200);
    assert!(plans.iter().all(|plan| page.text().contains(plan)), "{}", page.text());
    let page = browser.confirm_set_up(&authenticator.code_at(app.now())).await;
    let page = browser.follow(page).await.expect(200);
    assert!(page.codes().is_empty());
    app.browser().sign_in(&member).await.expect_redirect("/login/code");

    let tab = browser.get("/account/two-factor").await.expect(200);
    assert!(plans.iter().all(|plan| tab.text().contains(plan)), "{}", tab.text());
    assert!(!tab.attributes("a", "href").contains(&REISSUE.to_owned()), "a link to a page that refuses");
    let page = browser.get(REISSUE).await.expect(403);
    assert!(plans.iter().all(|plan| page.text().contains(plan)), "{}", page.text());
    let token = tab.form("二要素認証解除メールを送信").value("csrf_token").expect("a token").to_owned();
    let code = app.fresh_code(&authenticator);
    let fields = [("csrf_token".to_owned(), token), ("code".to_owned(), code.clone())];
    browser.submit(REISSUE, &fields).await.expect(403);
    let stage = app.password_proven(&member).await;
    stage.enter_security_code(&code).await.expect(303);
}

#[tokio::test]
async fn codes_keep_working_after_the_plan_ends_and_new_ones_need_a_plan() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    operator::set_plan(&app.services, person.member.office, Plan::None).await.expect("the plan ends");

    let browser = app.password_proven(&person.member).await;
    let page = browser.enter_backup_code(&person.codes[0]).await.expect_redirect("/account/two-factor");
    let page = browser.follow(page).await.expect(200);
    assert_eq!(page.all(".mark--used").len(), 1, "the sheet is still shown");
    browser.get(REISSUE).await.expect(403);
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[1]).await.expect(303);

    operator::set_plan(&app.services, person.member.office, Plan::PersonalPremium).await.expect("a new plan");
    let code = app.fresh_code(&person.authenticator);
    assert_eq!(person.browser.reissue(&code).await.expect(200).codes().len(), 10);
}

#[tokio::test]
async fn a_set_up_anew_without_a_plan_voids_the_old_sheet() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    operator::set_plan(&app.services, person.member.office, Plan::None).await.expect("the plan ends");
    let page = person.browser.get("/account/two-factor").await.expect(200);
    let form = page.form("/account/two-factor/setup").fill("password", &person.member.password);
    let code = app.fresh_code(&person.authenticator);
    form.fill("code", &code).submit(&person.browser).await.expect_redirect("/account/two-factor/setup");
    let page = person.browser.get("/account/two-factor/setup").await.expect(200);
    let new = crate::support::authenticator::Authenticator::from_text(&page.all(".key-text").concat());
    let code = app.fresh_code(&new);
    let page = person.browser.confirm_set_up(&code).await;
    assert!(page.codes().is_empty());
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[0]).await.expect(422);
}
