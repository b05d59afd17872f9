//! 二要素認証の必須化: setting the day, moving it, lifting it, and what members hear and see.

use futures_util::future::join_all;
use hikae::domain::ids::OfficeId;
use hikae::domain::office::Role;
use hikae::domain::plan::Plan;
use hikae::domain::time::Seconds;
use hikae::service::{housekeeping, operator};

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::eventually;
use crate::support::members::{Member, PASSWORD, Protected};
use crate::support::page::Page;

/// Nine days after the start of every test's clock.
pub const DAY: &str = "2026-12-01";
pub const TODAY: &str = "2026-11-22";
const A_DAY: Seconds = Seconds::hours(24);

/// An office that may require it, with an administrator who has it on.
pub async fn office_of(app: &TestApp) -> (OfficeId, Protected) {
    let office = app.office(Plan::CorporateAdvance).await;
    let admin = app.person_of(office, Role::Admin).await;
    (office, app.protect(admin).await)
}

pub async fn fill_in(browser: &Browser, office: OfficeId, day: &str, password: &str) -> Page {
    let path = format!("/offices/{office}/two-factor");
    let form = browser.get(&path).await.expect(200).form(&path);
    form.fill("required_from", day).fill("password", password).submit(browser).await
}

pub async fn require(browser: &Browser, office: OfficeId, day: &str) {
    let path = format!("/offices/{office}/two-factor");
    fill_in(browser, office, day, PASSWORD).await.expect_redirect(&path);
}

async fn lift(browser: &Browser, office: OfficeId, password: &str) -> Page {
    let page = browser.get(&format!("/offices/{office}/two-factor")).await.expect(200);
    let form = page.form(&format!("/offices/{office}/two-factor/lift"));
    form.fill("lift_password", password).submit(browser).await
}

/// Everything that a refusal must leave as it was.
fn stored(app: &TestApp) -> Vec<String> {
    app.database.lines(
        "SELECT name || ' ' || COALESCE(CAST(two_factor_required_from AS TEXT), '-') || ' ' || \
         COALESCE(CAST(two_factor_told_at AS TEXT), '-') AS line FROM offices ORDER BY id",
    )
}

async fn mails_about(app: &TestApp, member: &Member) -> Vec<String> {
    let mails = app.mailbox.to(&member.email).await;
    mails.into_iter().map(|mail| mail.subject).filter(|subject| subject.contains("必須")).collect()
}

async fn sign_in(app: &TestApp, member: &Member) -> Browser {
    let browser = app.browser();
    browser.sign_in(member).await.expect(303);
    browser
}

#[tokio::test]
async fn a_day_is_set_and_those_who_are_concerned_are_told() {
    let app = TestApp::start().await;
    let (office, admin) = office_of(&app).await;
    let missing = app.member_of(office).await;
    let protected = app.member_of(office).await;
    let protected = app.protect(protected).await;
    let other = app.person_of(office, Role::Admin).await;
    let other = app.protect(other).await;

    require(&admin.browser, office, DAY).await;
    let page = admin.browser.get(&format!("/offices/{office}/two-factor")).await.expect(200);
    assert!(page.notice().contains("設定しました"), "{}", page.notice());
    assert!(page.text().contains("予定") && page.text().contains("2026年12月1日 00:00"), "{}", page.text());
    assert!(page.text().contains("未設定のメンバー 1人"), "{}", page.text());
    let list = format!("/offices/{office}/members?filter=off");
    assert!(page.attributes("main a", "href").contains(&list));

    let mail = app.mailbox.newest(&missing.email, "必須").await;
    for fact in ["控え商事 corporate-advance", "2026年12月1日 00:00（日本時間）"] {
        assert!(mail.text.contains(fact) && mail.html.contains(fact), "{fact}: {}", mail.text);
    }
    assert_eq!(mail.path("/account"), "/account/two-factor");
    let mail = app.mailbox.newest(&other.member.email, "必須").await;
    assert!(mail.subject.contains("管理する") && mail.text.contains("控 花子"), "{}", mail.text);
    assert_eq!(mail.path("/offices"), format!("/offices/{office}/two-factor"));
    for nobody in [&protected.member, &admin.member] {
        assert!(mails_about(&app, nobody).await.is_empty());
    }
    let trail = app
        .database
        .lines("SELECT outcome || ' ' || detail AS line FROM audit_events WHERE action = 'office.two_factor_required'");
    assert_eq!(trail, ["done from 2026-12-01"]);
}

#[tokio::test]
async fn the_same_day_again_tells_nobody_and_another_day_does() {
    let app = TestApp::start().await;
    let (office, admin) = office_of(&app).await;
    let missing = app.member_of(office).await;
    require(&admin.browser, office, DAY).await;
    let before = stored(&app);
    app.turn(Seconds(60));
    require(&admin.browser, office, DAY).await;
    let page = admin.browser.get(&format!("/offices/{office}/two-factor")).await.expect(200);
    assert!(page.notice().contains("変更はありません"), "{}", page.notice());
    assert_eq!(stored(&app), before);
    assert_eq!(mails_about(&app, &missing).await.len(), 1);

    require(&admin.browser, office, "2026-12-24").await;
    let told = mails_about(&app, &missing).await;
    assert!(told.len() == 2 && told.concat().contains("日が変わりました"), "{told:?}");
}

#[tokio::test]
async fn lifting_frees_the_members_and_tells_them() {
    let app = TestApp::start().await;
    let (office, admin) = office_of(&app).await;
    let missing = app.member_of(office).await;
    let browser = sign_in(&app, &missing).await;
    require(&admin.browser, office, TODAY).await;
    browser.get("/account").await.expect_redirect("/account/two-factor");

    let before = stored(&app);
    assert!(lift(&admin.browser, office, "guessed").await.expect(422).errors().contains("パスワード"));
    lift(&admin.browser, office, "").await.expect(422);
    assert_eq!(stored(&app), before);
    browser.get("/account").await.expect_redirect("/account/two-factor");

    lift(&admin.browser, office, PASSWORD).await.expect(303);
    browser.get("/account").await.expect(200);
    let told = mails_about(&app, &missing).await;
    assert!(told.len() == 2 && told.concat().contains("取りやめ"), "{told:?}");
    let page = admin.browser.get(&format!("/offices/{office}/two-factor")).await.expect(200);
    assert!(!page.has_form("必須化を取りやめる"), "there is nothing left to lift");
}

#[tokio::test]
async fn what_is_refused_changes_nothing_and_tells_nobody() {
    let app = TestApp::start().await;
    let (office, admin) = office_of(&app).await;
    let missing = app.member_of(office).await;
    let before = stored(&app);
    for (day, password, said) in [
        ("", PASSWORD, "開始日を入力"),
        ("someday", PASSWORD, "年月日"),
        ("2026-02-30", PASSWORD, "年月日"),
        ("2026-11-21", PASSWORD, "今日以降"),
        ("2036-12-01", PASSWORD, "1年以内"),
        (DAY, "", "パスワードを入力"),
        (DAY, "guessed", "パスワードが正しくありません"),
    ] {
        let page = fill_in(&admin.browser, office, day, password).await.expect(422);
        assert!(page.errors().contains(said), "{day:?}: {}", page.errors());
        assert_eq!(page.attributes("#required_from", "value"), [day], "what was typed is kept");
        assert!(!page.html.contains("guessed"));
    }
    assert_eq!(stored(&app), before);
    assert!(mails_about(&app, &missing).await.is_empty());
}

#[tokio::test]
async fn it_takes_a_plan_that_knows_it_and_two_factor_authentication_of_one_s_own() {
    let app = TestApp::start().await;
    let (office, admin) = office_of(&app).await;
    let path = format!("/offices/{office}/two-factor");
    let form = admin.browser.get(&path).await.expect(200).form(&path);
    let form = form.fill("required_from", DAY).fill("password", PASSWORD);
    let before = stored(&app);
    for plan in Plan::ALL.iter().copied().filter(|plan| !plan.may_require_two_factor()) {
        operator::set_plan(&app.services, office, plan).await.expect("another plan");
        let page = admin.browser.get(&path).await.expect(200);
        assert!(page.text().contains("現在のプランでは利用できません") && !page.has_form(&path), "{}", page.text());
        form.submit(&admin.browser).await.expect(403);
    }
    operator::set_plan(&app.services, office, Plan::LegacyEnterprise).await.expect("another plan");

    let bare = app.person_of(office, Role::Admin).await;
    let browser = sign_in(&app, &bare).await;
    let page = browser.get(&path).await.expect(200);
    assert!(page.text().contains("ご自身の二要素認証") && !page.has_form(&path), "{}", page.text());
    let token = page.form("ログアウト").value("csrf_token").expect("a token").to_owned();
    let fields = [("required_from", DAY), ("password", PASSWORD), ("csrf_token", &token)];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
    browser.submit(&path, &fields).await.expect(403);
    assert_eq!(stored(&app), before);

    form.submit(&admin.browser).await.expect(303);
    let fields = [("lift_password", PASSWORD), ("csrf_token", &token)];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let standing = stored(&app);
    browser.submit(&format!("{path}/lift"), &fields).await.expect(403);
    assert_eq!(stored(&app), standing);
}

#[tokio::test]
async fn only_an_administrator_of_the_office_at_that_moment_decides() {
    let app = TestApp::start().await;
    let (office, admin) = office_of(&app).await;
    let (_, stranger) = office_of(&app).await;
    let general = app.member_of(office).await;
    let general = app.protect(general).await;
    let path = format!("/offices/{office}/two-factor");
    for browser in [&stranger.browser, &general.browser] {
        browser.get(&path).await.expect(404);
    }
    let form = admin.browser.get(&path).await.form(&path).fill("required_from", DAY).fill("password", PASSWORD);
    let before = stored(&app);
    app.database.execute(&format!("UPDATE memberships SET role = 'general' WHERE user_id = {}", admin.member.id));
    form.submit(&admin.browser).await.expect(404);
    assert_eq!(stored(&app), before);
}

#[tokio::test]
async fn members_see_the_days_go_by_and_are_kept_out_from_the_first_second() {
    let app = TestApp::start().await;
    let (office, admin) = office_of(&app).await;
    let missing = app.member_of(office).await;
    let protected = app.member_of(office).await;
    let protected = app.protect(protected).await;
    require(&admin.browser, office, DAY).await;
    let countdown = async |browser: &Browser| browser.get("/account/profile").await.expect(200).notice();

    let browser = sign_in(&app, &missing).await;
    let said = countdown(&browser).await;
    assert!(said.contains("控え商事 corporate-advanceでは、2026年12月1日から二要素認証が必須"), "{said}");
    assert!(said.contains("あと9日です"), "{said}");
    assert!(countdown(&protected.browser).await.is_empty(), "who has it on is left in peace");

    // To the last second before midnight in Tokyo.
    let midnight = 1_796_050_800;
    app.turn(Seconds(midnight - 1 - app.now().0));
    let browser = sign_in(&app, &missing).await;
    assert!(countdown(&browser).await.contains("あと1日です"));
    app.turn(Seconds(1));
    browser.get("/account/profile").await.expect_redirect("/account/two-factor");
    let page = browser.get("/account/two-factor").await.expect(200);
    assert!(page.notice().contains("控え商事 corporate-advanceでは、2026年12月1日から二要素認証が必須です"));
    assert!(page.all("nav").is_empty(), "no menu leads into a wall: {:?}", page.all("nav"));
    app.signed_in(&protected).await.get("/account/profile").await.expect(200);
}

#[tokio::test]
async fn a_plan_that_ends_suspends_it_and_a_plan_that_comes_back_revives_it() {
    let app = TestApp::start().await;
    let (office, admin) = office_of(&app).await;
    let missing = app.member_of(office).await;
    let browser = sign_in(&app, &missing).await;
    require(&admin.browser, office, TODAY).await;
    browser.get("/account").await.expect_redirect("/account/two-factor");

    operator::set_plan(&app.services, office, Plan::CorporateStandard).await.expect("a smaller plan");
    let page = browser.get("/account").await.expect(200);
    assert!(!page.notice().contains("必須"), "{}", page.notice());
    let page = admin.browser.get(&format!("/offices/{office}/two-factor")).await.expect(200);
    assert!(page.text().contains("停止中") && page.text().contains("スタンダード"), "{}", page.text());
    assert!(page.has_form("必須化を取りやめる"), "it can still be lifted");

    operator::set_plan(&app.services, office, Plan::CorporateEnterprise).await.expect("a larger plan");
    browser.get("/account").await.expect_redirect("/account/two-factor");
}

#[tokio::test]
async fn two_administrators_at_once_decide_one_after_the_other() {
    let app = TestApp::start().await;
    let (office, first) = office_of(&app).await;
    let second = app.person_of(office, Role::Admin).await;
    let second = app.protect(second).await;
    let missing = app.member_of(office).await;
    let path = format!("/offices/{office}/two-factor");
    let decide = async |days: [&str; 2]| {
        let mut forms = Vec::new();
        for (browser, day) in [&first.browser, &second.browser].into_iter().zip(days) {
            let form = browser.get(&path).await.expect(200).form(&path);
            forms.push((form.fill("required_from", day).fill("password", PASSWORD), browser.clone()));
        }
        // Both have come as far as they come beside each other before either of them ends.
        let (hold, made) = (app.database.hold(), app.services.gate.made());
        let under_way =
            forms.into_iter().map(|(form, browser)| tokio::spawn(async move { form.submit(&browser).await }));
        let under_way: Vec<_> = under_way.collect();
        eventually("both are under way", async || {
            hold.waiting().map_or(app.services.gate.made() >= made + 2, |waiting| waiting >= 2).then_some(())
        })
        .await;
        drop(hold);
        join_all(under_way).await.into_iter().map(|page| page.expect("an answer"))
    };
    for page in decide([DAY, DAY]).await {
        page.expect(303);
    }
    assert_eq!(mails_about(&app, &missing).await.len(), 1, "one decision, one mail");
    let done = "SELECT detail AS line FROM audit_events WHERE action = 'office.two_factor_required' ORDER BY seq";
    assert_eq!(app.database.lines(done), ["from 2026-12-01"]);

    for page in decide(["2026-12-10", "2026-12-20"]).await {
        page.expect(303);
    }
    let trail = app.database.lines(done);
    assert_eq!(trail.len(), 3, "{trail:?}");
    let last = if trail[2].ends_with("10") { 1_796_828_400 } else { 1_797_692_400 };
    assert!(stored(&app)[0].contains(&last.to_string()), "the last word stands: {trail:?} {:?}", stored(&app));
    assert_eq!(mails_about(&app, &missing).await.len(), 3);
}

#[tokio::test]
async fn members_who_are_still_missing_are_reminded_a_week_and_a_day_before() {
    let app = TestApp::start().await;
    let (office, admin) = office_of(&app).await;
    let missing = app.member_of(office).await;
    require(&admin.browser, office, DAY).await;
    let mut told = Vec::new();
    for _ in 0..10 {
        for _ in 0..2 {
            let nodes = join_all([housekeeping::tidy(&app.services), housekeeping::tidy(&app.services)]).await;
            assert!(nodes.into_iter().all(|node| node.is_ok()));
        }
        told.push(mails_about(&app, &missing).await.len());
        app.turn(A_DAY);
    }
    // Noon of the 22nd is nine days before; of the 24th, seven; of the 30th, one.
    assert_eq!(told, [1, 1, 2, 2, 2, 2, 2, 2, 3, 3]);
    assert!(mails_about(&app, &missing).await[2].contains("まもなく"));
    assert!(mails_about(&app, &admin.member).await.is_empty());
    let trail = "SELECT detail AS line FROM audit_events WHERE action = 'office.two_factor_requirement_reminded'";
    assert_eq!(app.database.lines(trail), ["1 members", "1 members"]);
}

/// Members added past the pages, as an import of long ago left them.
fn fill(app: &TestApp, office: OfficeId, count: usize) {
    fill_from(app, office, 1, count);
}

fn fill_from(app: &TestApp, office: OfficeId, first: usize, count: usize) {
    let rows = |row: &dyn Fn(usize) -> String| (first..first + count).map(row).collect::<Vec<_>>().join(",");
    let users = rows(&|n| format!("({n}, 'm{n}@example.jp', '社員 {n}', 'Asia/Tokyo', '-', 0, 0)"));
    let columns = "id, email, name, time_zone, password_hash, password_changed_at, created_at";
    app.database.execute(&format!("INSERT INTO users ({columns}) VALUES {users}"));
    let attempts = rows(&|n| format!("({n}, 0, 0)"));
    app.database.execute(&format!("INSERT INTO attempts (user_id, turn, failures) VALUES {attempts}"));
    let memberships = rows(&|n| format!("({n}, {office}, 'general', 0)"));
    app.database
        .execute(&format!("INSERT INTO memberships (user_id, office_id, role, created_at) VALUES {memberships}"));
}

#[tokio::test]
async fn ten_thousand_members_are_told_in_one_act() {
    let app = TestApp::start().await;
    let (office, admin) = office_of(&app).await;
    app.turn(Seconds(60));
    fill(&app, office, 10_000);
    require(&admin.browser, office, DAY).await;
    let mails = "SELECT CAST(count(*) AS TEXT) AS line FROM outbox WHERE created_at = (SELECT two_factor_told_at FROM \
                 offices WHERE two_factor_told_at IS NOT NULL)";
    assert_eq!(app.database.lines(mails), ["10000"]);
    let page = admin.browser.get(&format!("/offices/{office}/two-factor")).await.expect(200);
    assert!(page.text().contains("10,000人"), "{}", page.text());
}

#[tokio::test]
async fn what_a_fault_left_untold_is_told_later_and_nothing_twice() {
    let app = TestApp::start().await;
    let (office, admin) = office_of(&app).await;
    fill(&app, office, 500);
    let told = || app.database.lines("SELECT CAST(count(*) AS TEXT) AS line FROM outbox").concat();
    let before: usize = told().parse().expect("a number");
    require(&admin.browser, office, DAY).await;
    assert_eq!(told(), (before + 500).to_string());
    // As if two hundred more had been there, and the node had ended after the first portion.
    fill_from(&app, office, 501, 200);
    let told_so_far = "two_factor_telling = 'announced', two_factor_told_up_to = 500";
    app.database.execute(&format!("UPDATE offices SET {told_so_far} WHERE id = {office}"));
    let nodes = join_all([housekeeping::tidy(&app.services), housekeeping::tidy(&app.services)]).await;
    assert!(nodes.into_iter().all(|node| node.is_ok()));
    assert_eq!(told(), (before + 700).to_string());
    for told_once in ["m500@example.jp", "m600@example.jp"] {
        assert_eq!(app.mailbox.to(told_once).await.len(), 1, "{told_once}");
    }
}

#[tokio::test]
async fn a_damaged_member_keeps_nobody_else_from_being_told() {
    let app = TestApp::start().await;
    let (office, admin) = office_of(&app).await;
    fill(&app, office, 600);
    // In the first portion, which is told with the decision, and beyond it.
    app.database.execute("UPDATE users SET language = '?' WHERE id IN (100, 550)");
    require(&admin.browser, office, DAY).await;
    let mails = async |n: usize| app.mailbox.count(&format!("m{n}@example.jp")).await;
    assert_eq!([mails(99).await, mails(101).await, mails(600).await], [1, 1, 1]);
    assert_eq!([mails(100).await, mails(550).await], [0, 0]);
    // A week before, they are reminded.
    app.turn(A_DAY);
    app.turn(A_DAY);
    housekeeping::tidy(&app.services).await.expect("what is damaged is passed over");
    assert_eq!([mails(99).await, mails(600).await], [2, 2]);
}
