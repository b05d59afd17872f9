//! Where a client comes from, and where links lead: from the settings, never from strangers.

use crate::support::app::TestApp;
use crate::support::members::Member;

/// The address that a sign-in with these headers is recorded with.
async fn recorded(app: &TestApp, member: &Member, headers: &[(&str, &str)]) -> String {
    let mut browser = app.browser();
    for (name, value) in headers {
        browser = browser.with_header(name, value);
    }
    browser.sign_in(member).await.expect(303);
    let sql = format!(
        "SELECT address AS line FROM audit_events WHERE subject_id = {} AND action = 'sign_in.password' \
         ORDER BY seq DESC LIMIT 1",
        member.id
    );
    app.database.lines(&sql).concat()
}

#[tokio::test]
async fn an_untrusted_peer_says_nothing_about_addresses() {
    let app = TestApp::start().await;
    let member = app.member().await;
    for (name, value) in [
        ("x-forwarded-for", "203.0.113.9"),
        ("forwarded", "for=203.0.113.9;host=evil.example;proto=https"),
        ("x-real-ip", "203.0.113.9"),
        ("true-client-ip", "203.0.113.9"),
    ] {
        assert_eq!(recorded(&app, &member, &[(name, value)]).await, "127.0.0.1", "{name}");
    }
}

#[tokio::test]
async fn a_trusted_proxy_is_believed_for_its_own_client_only() {
    let app = TestApp::with().trusted_proxy("127.0.0.0/8").trusted_proxy("10.0.0.0/8").start().await;
    let member = app.member().await;
    for (value, address) in [
        ("203.0.113.9", "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("2001:db8::7", "2001:db8::7"),
        ("unknown, 203.0.113.9", "203.0.113.9"),
        ("", "127.0.0.1"),
        ("garbage", "127.0.0.1"),
        ("203.0.113.9, garbage", "127.0.0.1"),
    ] {
        assert_eq!(recorded(&app, &member, &[("x-forwarded-for", value)]).await, address, "{value:?}");
    }
    assert_eq!(recorded(&app, &member, &[("x-real-ip", "203.0.113.9")]).await, "127.0.0.1");
}

#[tokio::test]
async fn links_and_redirects_never_follow_the_host_header() {
    let app = TestApp::with().base_url("https://hikae.example").trusted_proxy("127.0.0.0/8").start().await;
    let member = app.member().await;
    for headers in [
        vec![("host", "evil.example")],
        vec![("x-forwarded-host", "evil.example")],
        vec![("x-forwarded-host", "evil.example"), ("x-forwarded-proto", "http")],
        vec![("forwarded", "host=evil.example;proto=http")],
    ] {
        let mut browser = app.browser();
        for (name, value) in &headers {
            browser = browser.with_header(name, value);
        }
        let page = browser.get("/password-reset").await;
        if page.status == 200 {
            assert!(!page.html.contains("evil.example"), "{headers:?}");
            page.form("/password-reset").fill("email", &member.email).submit(&browser).await;
        }
        let page = browser.get("/account").await;
        assert!(!page.location().unwrap_or_default().contains("evil"), "{headers:?}");
    }
    let mails = app.mailbox.to(&member.email).await;
    assert!(!mails.is_empty());
    for mail in mails {
        assert!(!String::from_utf8_lossy(&mail.raw).contains("evil.example"));
        assert!(mail.links().iter().all(|link| link.starts_with("https://hikae.example")), "{:?}", mail.links());
    }
}
