//! The help: open to everybody, in both languages, and true to the pages it speaks of.

use crate::support::app::TestApp;
use crate::support::page::Page;

const PAGES: [&str; 3] = ["/help", "/help/backup-codes", "/help/two-factor"];

/// Every address of ours that a page's main part links to.
fn links(page: &Page) -> Vec<String> {
    page.attributes("main a[href^='/']", "href")
}

#[tokio::test]
async fn it_is_open_to_everybody_and_leaves_a_sign_in_where_it_was() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let stage = app.password_proven(&person.member).await;
    for path in PAGES {
        for (browser, signed_in) in [(&app.browser(), false), (&stage, false), (&person.browser, true)] {
            let page = browser.get(path).await.expect(200);
            assert_eq!(page.html.contains("ユーザー管理</a>"), signed_in, "{path}: the member's frame");
            assert_eq!(page.header("cache-control"), Some("no-store"), "{path}");
        }
    }
    stage.enter_backup_code(&person.codes[0]).await.expect_redirect("/account/two-factor");
}

#[tokio::test]
async fn every_link_in_it_leads_to_a_page_and_a_place_on_it() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let mut followed = 0;
    for language in ["日本語", "English"] {
        let switch = person.browser.get("/help").await.form(language);
        switch.submit(&person.browser).await.expect_redirect("/help");
        for path in PAGES {
            for link in links(&person.browser.get(path).await.expect(200)) {
                let (to, place) = link.split_once('#').unwrap_or((&link, ""));
                let target = person.browser.get(to).await.expect(200);
                assert!(place.is_empty() || !target.all(&format!("[id='{place}']")).is_empty(), "{path}: {link}");
                followed += 1;
            }
        }
    }
    assert!(followed > 20, "{followed} links");
}

#[tokio::test]
async fn both_languages_have_the_same_topics() {
    let app = TestApp::start().await;
    for path in PAGES {
        let ja = app.browser().get(path).await.expect(200);
        let en = app.browser().in_english().get(path).await.expect(200);
        assert_eq!(ja.attributes("main [id]", "id"), en.attributes("main [id]", "id"), "{path}");
        for part in ["main li", "main p", "main ol", "main a"] {
            assert_eq!(ja.all(part).len(), en.all(part).len(), "{path}: {part}");
        }
    }
}

#[tokio::test]
async fn every_topic_stands_in_the_contents() {
    let app = TestApp::start().await;
    for path in &PAGES[1..] {
        let page = app.browser().get(path).await.expect(200);
        let mut listed = page.attributes("#contents a[href^='#']", "href");
        let mut topics: Vec<String> = page.attributes("section h2", "id").iter().map(|id| format!("#{id}")).collect();
        listed.sort();
        topics.sort();
        assert_eq!(listed, topics, "{path}");
    }
}

#[tokio::test]
async fn it_is_linked_from_where_the_question_arises() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let stage = app.password_proven(&person.member).await;
    for (browser, path, help) in [
        (&app.browser(), "/login", "/help"),
        (&stage, "/login/code", "/help/two-factor"),
        (&stage, "/login/recovery", "/help/backup-codes"),
        (&person.browser, "/account/two-factor/backup-codes/reissue", "/help/backup-codes"),
        (&person.browser, "/account", "/help"),
    ] {
        let page = browser.get(path).await.expect(200);
        let links = page.attributes("a[href]", "href");
        assert!(links.iter().any(|link| link == help), "{path}: {links:?}");
    }
}

#[tokio::test]
async fn from_a_page_that_must_not_be_left_it_opens_beside() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let phone = browser.start_set_up(&member.password).await;
    let set_up = browser.get("/account/two-factor/setup").await.expect(200);
    let codes = browser.confirm_set_up(&phone.code_at(app.now())).await.expect(200);
    for (page, links) in [(&set_up, "main a[href^='/help']"), (&codes, "a[href^='/help']")] {
        assert!(!page.all(links).is_empty(), "{}", page.path);
        for (attribute, value) in [("target", "_blank"), ("rel", "noopener")] {
            let given = page.attributes(links, attribute);
            assert!(given.len() == page.all(links).len() && given.iter().all(|own| own == value), "{}", page.path);
        }
        assert!(page.all(links).iter().all(|words| words.contains("新しいタブ")), "{}", page.path);
    }
}

#[tokio::test]
async fn it_says_whom_to_ask() {
    let contact = "情報管理課 <内線 1234>";
    let with = TestApp::with().contact(contact).start().await;
    let without = TestApp::start().await;
    for path in &PAGES[1..] {
        let page = with.browser().get(path).await.expect(200);
        assert!(page.all("section").iter().any(|part| part.contains("相談先") && part.contains(contact)), "{path}");
        let page = without.browser().get(path).await.expect(200);
        assert!(page.text().contains("Hikaeの運用担当者へ") && !page.text().contains("1234"), "{path}");
    }
}
