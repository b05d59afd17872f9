//! The list of members: its facts, search, filters, order and pages.

use hikae::crypto::password_hash::PasswordHash;
use hikae::domain::email::EmailAddress;
use hikae::domain::ids::OfficeId;
use hikae::domain::office::{Name, Role};
use hikae::domain::plan::Plan;
use hikae::domain::time::Seconds;
use hikae::domain::two_factor::totp::TotpKey;
use hikae::service::import_users::{ImportedUser, import_users};
use hikae::service::operator;
use hikae::store::members;

use super::{cells, list_path, member_path, remove, setting, signed_in};
use crate::support::app::TestApp;
use crate::support::members::PASSWORD;
use crate::support::offices::Pair;

/// A hash of nobody's password: these people never sign in.
const HASH: &str = "$2b$04$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzabcde";

/// People of an office, by name and address; with two-factor authentication when the name says so.
async fn import(app: &TestApp, office: OfficeId, people: impl IntoIterator<Item = (String, String)>) {
    let person = |(name, email): (String, String)| ImportedUser {
        email: EmailAddress::parse(&email).expect("an address"),
        totp_key: name.contains("有効").then(|| TotpKey::from_base32(&"JBSWY3DP".repeat(4)).expect("a key")),
        name: Name::parse(&name).expect("a name"),
        office,
        role: Role::General,
        password_hash: PasswordHash::parse(HASH).expect("a hash"),
    };
    let people = people.into_iter().map(person).collect();
    import_users(&app.services, people, |_| {}).await.expect("no fault").expect("nobody twice");
}

fn named(names: &[&str]) -> Vec<(String, String)> {
    let email = |index: usize| format!("person{index}@example.com");
    names.iter().enumerate().map(|(index, name)| ((*name).to_owned(), email(index))).collect()
}

/// Every derived column of every membership is what the rows that count say.
fn assert_nothing_has_drifted(app: &TestApp) {
    let drifted = app.database.lines(
        "SELECT m.email AS line FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.email <> u.email \
         OR m.last_sign_in_at <> COALESCE(u.last_sign_in_at, 0) \
         OR m.two_factor <> (SELECT COUNT(*) FROM two_factors t WHERE t.user_id = u.id) \
         OR m.codes_left <> COALESCE((SELECT (SELECT COUNT(*) FROM backup_codes c \
             WHERE c.generation_id = g.id AND c.used_at IS NULL) \
             FROM generations g WHERE g.user_id = u.id AND g.voided_at IS NULL), -1)",
    );
    assert_eq!(drifted, Vec::<String>::new());
}

#[tokio::test]
async fn the_list_says_what_is_true_of_each_member_and_follows_every_change() {
    let app = TestApp::start().await;
    let s = setting(&app).await;
    let list = format!("{}?sort=email", list_path(s.office));
    let row = async |email: &str| {
        assert_nothing_has_drifted(&app);
        let page = s.browser.get(&list).await.expect(200);
        cells(&page).into_iter().find(|row| row[1] == email).expect("the member's row")
    };
    let email = s.member.email.as_str();
    assert_eq!(row(email).await[2..], ["一般", "無効", "–", "なし"]);
    let mine = row(&s.admin.email).await;
    assert!(mine[0].contains("あなた") && mine[2] == "管理者" && mine[5] == "2026年11月22日 12:00", "{mine:?}");

    let person = app.protect(s.member.clone()).await;
    assert_eq!(row(email).await[2..], ["一般", "有効", "10", "2026年11月22日 12:00"]);
    app.turn(Seconds::minutes(1));
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[4]).await.expect(303);
    assert_eq!(row(email).await[3..], ["有効", "9", "2026年11月22日 12:01"]);
    let code = app.fresh_code(&person.authenticator);
    person.browser.reissue(&code).await.expect(200);
    assert_eq!(row(email).await[4], "10");

    let form = person.browser.get("/account/profile").await.expect(200).form("/account/profile");
    form.fill("name", "改名 太郎").submit(&person.browser).await.expect(303);
    assert_eq!(row(email).await[0], "改名 太郎");
    let page = s.browser.get(&format!("{}?q=%E6%94%B9%E5%90%8D", list_path(s.office))).await.expect(200);
    assert_eq!(cells(&page).len(), 1, "found by the new name");
    let form = person.browser.get("/account/email").await.expect(200).form("/account/email");
    form.fill("email", "new@example.com").fill("password", PASSWORD).submit(&person.browser).await.expect(303);
    let path = app.mailbox.newest("new@example.com", "メールアドレス").await.path("/email-confirmation/");
    let visitor = app.browser();
    visitor.get(&path).await.expect(200).form(&path).submit(&visitor).await;
    assert_eq!(row("new@example.com").await[0], "改名 太郎");

    operator::release_user(&app.services, &EmailAddress::parse("new@example.com").expect("an address"))
        .await
        .expect("no fault");
    assert_eq!(row("new@example.com").await[3..5], ["無効", "–"]);
    import(&app, s.office, named(&["取込 有効"])).await;
    assert_eq!(row("person0@example.com").await[2..], ["一般", "有効", "未発行", "なし"]);
}

#[tokio::test]
async fn a_member_s_page_says_what_the_list_says_and_no_secret() {
    let app = TestApp::start().await;
    let s = setting(&app).await;
    let person = app.protect(s.member.clone()).await;
    app.password_proven(&person.member).await.enter_backup_code(&person.codes[0]).await.expect(303);
    let page = s.browser.get(&member_path(&s.member)).await.expect(200);
    let facts = page.all("dl.facts").concat();
    for fact in [&s.member.email, "一般", "2026年11月22日", "有効", "残り9個"] {
        assert!(facts.contains(fact), "{fact} is missing in {facts}");
    }
    let sheet =
        app.database.lines(&format!("SELECT sheet_id AS line FROM generations WHERE user_id = {}", s.member.id));
    for path in [member_path(&s.member), list_path(s.office)] {
        let html = s.browser.get(&path).await.expect(200).html;
        assert!(!html.contains(&sheet[0]), "{path} shows the id of a sheet");
        assert!(person.codes.iter().all(|code| !html.contains(code)), "{path} shows a code");
    }
}

#[tokio::test]
async fn members_of_another_office_never_show() {
    let app = TestApp::start().await;
    let s = setting(&app).await;
    let elsewhere = app.office(Plan::None).await;
    import(&app, elsewhere, named(&["よその人", "よその人 有効"])).await;
    for query in ["", "?q=person", "?filter=off", "?filter=low", "?sort=-last"] {
        let page = s.browser.get(&format!("{}{query}", list_path(s.office))).await.expect(200);
        assert!(!page.html.contains("よその人") && !page.html.contains("person0@"), "{query}");
    }
    let page = s.browser.get(&list_path(s.office)).await.expect(200);
    assert_eq!(page.all(".members__filters a")[..3], ["全員 2人", "二要素認証が無効 2人", "コードの残りが少ない 0人"]);
    let gone = app.member_of(s.office).await;
    remove(&s.browser, &gone).await.expect(303);
    let page = s.browser.get(&list_path(s.office)).await.expect(200);
    assert!(!page.html.contains(&gone.email));
}

#[tokio::test]
async fn whoever_is_in_several_offices_has_in_each_list_the_role_there() {
    let app = TestApp::start().await;
    let s = setting(&app).await;
    let mut offices = vec![(s.office, "一般")];
    for (role, label) in [(Role::Admin, "管理者"), (Role::General, "一般"), (Role::Admin, "管理者")] {
        let office = app.office(Plan::None).await;
        app.assign(&s.member, office, role).await;
        app.assign(&s.admin, office, Role::Admin).await;
        offices.push((office, label));
    }
    for (office, label) in offices {
        for query in ["", "?sort=-codes", "?q=@"] {
            let page = s.browser.get(&format!("{}{query}", list_path(office))).await.expect(200);
            let shown = cells(&page).into_iter().filter(|row| row[1] == s.member.email);
            let roles: Vec<String> = shown.map(|row| row[2].clone()).collect();
            assert_eq!(roles, [label], "{office} {query}");
        }
    }
}

/// The list finds its members and then reads them; somebody may be removed in between.
#[tokio::test]
async fn whoever_is_removed_while_the_list_is_read_is_left_out_of_it() {
    let app = TestApp::start().await;
    let s = setting(&app).await;
    let gone = app.member_of(s.office).await;
    let (office, found) = (s.office, [gone.id, s.member.id]);
    remove(&s.browser, &gone).await.expect(303);
    let lines = app.services.db.read(move |conn| members::lines(conn, office, &found)).await.expect("no fault");
    assert_eq!(lines.iter().map(|line| line.id).collect::<Vec<_>>(), [s.member.id]);
}

#[tokio::test]
async fn names_are_text_whatever_they_hold() {
    let app = TestApp::start().await;
    let s = setting(&app).await;
    let hostile = "<b>\"O'Neil\"</b>&amp;<script>alert(1)</script>";
    import(&app, s.office, named(&[hostile])).await;
    let page = s.browser.get(&format!("{}?q=%3Cb%3E%22O%27", list_path(s.office))).await.expect(200);
    assert_eq!(cells(&page)[0][0], hostile);
    assert_eq!(page.attributes("input[name=q]", "value"), ["<b>\"O'"]);
    assert!(page.all("main b").is_empty() && page.all("main script").is_empty());
    let one = page.attributes("tbody a", "href").concat();
    assert_eq!(s.browser.get(&one).await.expect(200).h1(), hostile);
}

#[tokio::test]
async fn a_search_finds_names_and_addresses_however_they_are_typed() {
    let app = TestApp::start().await;
    let s = setting(&app).await;
    let people = ["ﾔﾏﾀﾞ Hanako", "100%の人", "100の人", "a_b", "axb", "back\\slash"];
    import(&app, s.office, named(&people)).await;
    for (typed, found) in [
        ("ヤマダ", vec!["ﾔﾏﾀﾞ Hanako"]),
        ("ＨＡＮＡＫＯ", vec!["ﾔﾏﾀﾞ Hanako"]),
        (" hanaKO ", vec!["ﾔﾏﾀﾞ Hanako"]),
        ("100%", vec!["100%の人"]),
        ("a_b", vec!["a_b"]),
        ("k\\s", vec!["back\\slash"]),
        ("PERSON4@", vec!["axb"]),
        ("の人", vec!["100%の人", "100の人"]),
        ("' OR 1=1 --", vec![]),
        ("\u{0}", vec!["100%の人", "100の人", "a_b", "axb", "back\\slash", "ﾔﾏﾀﾞ Hanako"]),
    ] {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", typed).finish();
        let page = s.browser.get(&format!("{}?{query}", list_path(s.office))).await.expect(200);
        // Administrator and member of the setting stand in the list only where everybody does.
        let mut names: Vec<String> = cells(&page).into_iter().map(|row| row[0].clone()).collect();
        names.retain(|name| people.contains(&name.as_str()));
        names.sort();
        let mut expected = found.clone();
        expected.sort_unstable();
        assert_eq!(names, expected, "{typed:?}");
        if found.is_empty() {
            assert!(page.text().contains("条件に合うメンバーはいません"), "{}", page.text());
            assert_eq!(page.attributes(".empty a", "href"), [list_path(s.office)]);
        }
    }
}

#[tokio::test]
async fn filters_keep_who_has_it_off_and_who_is_low_on_codes() {
    let app = TestApp::start().await;
    let s = setting(&app).await;
    import(&app, s.office, named(&["取込 有効"])).await;
    let person = app.protect(s.member.clone()).await;
    let emails = async |query: &str| {
        let page = s.browser.get(&format!("{}?{query}&sort=email", list_path(s.office))).await.expect(200);
        let links = page.attributes("thead a, .members__filters a", "href");
        let filter = query.split('&').next().expect("a filter");
        assert!(links.iter().filter(|link| link.contains(filter)).count() >= 5, "{filter} is kept by {links:?}");
        cells(&page).into_iter().map(|row| row[1].clone()).collect::<Vec<_>>()
    };
    assert_eq!(emails("filter=off").await, [s.admin.email.as_str()]);
    assert_eq!(emails("filter=low").await, ["person0@example.com"], "none at all is few");
    for code in &person.codes[..7] {
        app.turn(Seconds(60));
        app.password_proven(&person.member).await.enter_backup_code(code).await.expect(303);
        s.browser.is_signed_in().await;
    }
    assert_eq!(emails("filter=low").await, [s.member.email.as_str(), "person0@example.com"]);
    assert_eq!(emails("filter=low&q=person").await, ["person0@example.com"]);
    let page = s.browser.get(&list_path(s.office)).await.expect(200);
    assert_eq!(page.all(".members__filters a")[..3], ["全員 3人", "二要素認証が無効 1人", "コードの残りが少ない 2人"]);
}

#[tokio::test]
async fn an_open_request_is_marked_leads_to_its_page_and_can_be_filtered() {
    let app = TestApp::start().await;
    let Pair { admin, member } = app.pair().await;
    app.member_of(admin.member.office).await;
    app.ask_administrators(&member.member).await;
    let request = app.request_path(&admin.member).await;
    let list = list_path(admin.member.office);
    let page = admin.browser.get(&format!("{list}?filter=request")).await.expect(200);
    let emails: Vec<String> = cells(&page).into_iter().map(|row| row[1].clone()).collect();
    assert_eq!(emails, [member.member.email.as_str()]);
    assert_eq!(page.all(".members__filters a")[3], "解除依頼あり 1人");
    assert_eq!(page.attributes("tbody a.badge", "href"), [request.as_str()]);
    let page = admin.browser.get(&member_path(&member.member)).await.expect(200);
    assert!(page.notice().contains("解除依頼あり"), "{}", page.text());
    admin.browser.decline(&request).await.expect(303);
    let page = admin.browser.get(&format!("{list}?filter=request")).await.expect(200);
    assert!(page.text().contains("条件に合うメンバーはいません"), "{}", page.text());
}

#[tokio::test]
async fn every_order_goes_both_ways() {
    let app = TestApp::start().await;
    let s = setting(&app).await;
    app.turn(Seconds::minutes(5));
    let person = app.protect(s.member.clone()).await;
    import(
        &app,
        s.office,
        [("い 有効".to_owned(), "zz@example.com".to_owned()), ("あ".to_owned(), "aa@example.com".to_owned())],
    )
    .await;
    let [admin, member] = [s.admin.email.as_str(), person.member.email.as_str()];
    for (sort, expected) in [
        ("name", vec!["aa@example.com", "zz@example.com"]),
        ("email", vec!["aa@example.com", admin, member, "zz@example.com"]),
        ("role", vec![admin]),
        ("codes", vec![member]),
        ("last", vec![admin, member]),
    ] {
        let emails = async |sort: &str| {
            let page = s.browser.get(&format!("{}?sort={sort}", list_path(s.office))).await.expect(200);
            assert_eq!(page.attributes("th[aria-sort]", "aria-sort").len(), 1);
            cells(&page).into_iter().map(|row| row[1].clone()).collect::<Vec<_>>()
        };
        let up = emails(sort).await;
        let mut down = emails(&format!("-{sort}")).await;
        assert_eq!(up.len(), 4);
        down.reverse();
        assert_eq!(up, down, "{sort}");
        let places: Vec<_> = expected.iter().map(|email| up.iter().position(|there| there == email)).collect();
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{sort}: {up:?}");
        if sort == "role" {
            assert_eq!(up[0], admin, "administrators first");
        }
        if sort == "codes" {
            assert_eq!(up[3], member, "most codes last");
        }
    }
    // Pressed again, the head of a column turns the order round.
    let page = s.browser.get(&format!("{}?sort=email", list_path(s.office))).await.expect(200);
    assert!(page.attributes("th[aria-sort=ascending] a", "href")[0].ends_with("sort=-email"));
}

#[tokio::test]
async fn junk_in_the_address_falls_back_to_the_usual() {
    let app = TestApp::start().await;
    let s = setting(&app).await;
    for query in [
        "filter=x&sort=y&page=z",
        "page=0",
        "page=-1",
        "page=99999999999999999999999",
        "page=2",
        "sort=--name",
        "q=%FF%FE&filter=%00",
        "q=%00&sort=name%00",
        "filter=off&filter=low",
        "unknown=1",
        "&&&=&=",
    ] {
        let page = s.browser.get(&format!("{}?{query}", list_path(s.office))).await.expect(200);
        assert!(!page.h1().is_empty(), "{query}");
    }
    let page = s.browser.get(&format!("{}?page=7", list_path(s.office))).await.expect(200);
    assert_eq!(cells(&page).len(), 2, "beyond the last page is the last page");
    let long = "控".repeat(300);
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", &long).finish();
    s.browser.get(&format!("{}?{query}", list_path(s.office))).await.expect(200);
}

#[tokio::test]
async fn ten_thousand_members_are_shown_page_by_page() {
    let app = TestApp::start().await;
    let s = setting(&app).await;
    let name = |index: usize| format!("名簿 {index:05}{}", if index.is_multiple_of(4) { " 有効" } else { "" });
    import(&app, s.office, (0..9_998).map(|index| (name(index), format!("m{index:05}@example.com")))).await;
    let open = async |query: &str| {
        let page = s.browser.get(&format!("{}?{query}", list_path(s.office))).await.expect(200);
        let emails: Vec<String> = cells(&page).into_iter().map(|row| row[1].clone()).collect();
        (page, emails)
    };
    let (page, emails) = open("sort=-email").await;
    assert_eq!(page.all(".members__filters a")[0], "全員 10,000人");
    assert_eq!(page.all(".members__filters a")[1], "二要素認証が無効 7,500人");
    assert_eq!(page.all(".members__filters a")[2], "コードの残りが少ない 2,500人");
    assert!(page.text().contains("10,000人中 1～50人目") && page.text().contains("1 / 200"), "{}", page.text());
    assert_eq!(
        (emails.len(), emails[0].as_str(), emails[49].as_str()),
        (50, "m09997@example.com", "m09948@example.com")
    );

    // Each page begins where the one before ends, on both sides of the middle.
    let mut seen = Vec::new();
    for number in [1, 2, 99, 100, 101, 102, 199, 200] {
        let (page, emails) = open(&format!("q=m0&sort=email&page={number}")).await;
        assert_eq!(emails[0], format!("m{:05}@example.com", (number - 1) * 50), "page {number}");
        let rest = if number == 200 { 48 } else { 50 };
        assert_eq!(emails.len(), rest, "page {number}");
        assert!(emails.is_sorted());
        let links = page.attributes(".pagination a", "href");
        assert!(links.iter().all(|link| link.contains("q=m0") && link.contains("sort=email")), "{links:?}");
        assert_eq!(page.attributes("a[rel=next]", "href").len(), usize::from(number < 200));
        assert_eq!(page.attributes("a[rel=prev]", "href").len(), usize::from(number > 1));
        seen.extend(emails);
    }
    seen.dedup();
    assert_eq!(seen.len(), 7 * 50 + 48);

    let (page, emails) = open("q=%E5%90%8D%E7%B0%BF+0777").await;
    assert_eq!(emails.len(), 10, "{}", page.text());
    let (page, emails) = open("filter=low&sort=-name&page=999").await;
    assert!(page.text().contains("2,500人中 2,451～2,500人目"), "{}", page.text());
    assert_eq!(emails.last().map(String::as_str), Some("m00000@example.com"));
    let mine = signed_in(&app, &s.admin).await;
    assert_eq!(mine.get(&list_path(s.office)).await.expect(200).status, 200);
}
