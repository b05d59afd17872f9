//! The demo's gallery: it looks like the portal and does nothing.

use hikae::cli::demo::gallery;
use hikae::domain::language::Language;

use crate::support::app::TestApp;

#[tokio::test]
async fn its_forms_are_refused_even_for_somebody_who_is_signed_in() {
    let app = TestApp::with().extra_routes(gallery::routes).start().await;
    let person = app.protected_member().await;
    let before = person.browser.get("/account/two-factor").await.expect(200);
    for (page, form) in [
        ("login", "/login"),
        ("two-factor-on", "/account/two-factor/release"),
        ("backup-codes-reissue", "/account/two-factor/backup-codes/reissue"),
        ("sessions", "/account/sessions/end-others"),
        ("profile", "/logout"),
    ] {
        let page = person.browser.get(&format!("/gallery/ja/{page}")).await.expect(200);
        assert!(page.header("content-security-policy").is_some_and(|policy| policy.starts_with("default-src 'none'")));
        page.form(form).submit(&person.browser).await.expect(403);
    }
    let after = person.browser.get("/account/two-factor").await.expect(200);
    assert_eq!(before.text(), after.text());
}

#[tokio::test]
async fn every_page_and_every_mail_has_its_line_in_the_index() {
    let app = TestApp::with().extra_routes(gallery::routes).start().await;
    for language in Language::ALL {
        let tag = language.tag();
        let index = app.browser().get(&format!("/gallery/{tag}")).await.expect(200);
        let links = index.attributes("li a", "href");
        let pages = gallery::pages(language).iter().map(|sample| format!("/gallery/{tag}/{}", sample.name));
        let letters = gallery::letters(language, &app.base_url).expect("mails").into_iter();
        let letters = letters.map(|(name, _)| format!("/gallery/{tag}/mail/{name}"));
        assert_eq!(links, pages.chain(letters).collect::<Vec<_>>());
        let mail = links.last().expect("mails");
        app.browser().get(mail).await.expect(200);
        app.browser().get(&format!("{mail}.html")).await.expect(200);
    }
}
