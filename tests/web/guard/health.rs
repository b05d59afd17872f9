//! Whether the portal lives, and whether it can work.

use std::time::{Duration, Instant};

use futures_util::future::join_all;

use crate::support::app::TestApp;

#[tokio::test]
async fn it_is_alive_and_ready() {
    let app = TestApp::start().await;
    for path in ["/healthz", "/readyz"] {
        let page = app.browser().get(path).await.expect(200);
        assert!(page.headers.get("set-cookie").is_none(), "{path} makes a session");
    }
}

#[tokio::test]
async fn a_node_that_lacks_a_key_in_use_is_alive_but_not_ready() {
    let app = TestApp::start().await;
    app.database.execute("INSERT INTO key_checks (key_id, check_value, created_at) VALUES ('other', '\\x00', 1)");
    app.browser().get("/readyz").await.expect(503);
    app.browser().get("/healthz").await.expect(200);
}

#[tokio::test]
async fn health_answers_stay_fast_in_a_flood_of_passwords_and_the_flood_is_turned_away() {
    let app = TestApp::with().hashes(1, 2).real_hashes().start().await;
    let browser = app.browser();
    let form = browser.get("/login").await.expect(200).form("ログイン");
    let flood = (0..40).map(|n| {
        let form =
            form.clone().fill("email", &format!("nobody{n}@example.jp")).fill("password", "まったく違うパスワード");
        let browser = browser.clone();
        async move { form.submit(&browser).await }
    });
    let health = async {
        let mut slowest = Duration::ZERO;
        for _ in 0..20 {
            let began = Instant::now();
            app.browser().get("/healthz").await.expect(200);
            slowest = slowest.max(began.elapsed());
        }
        slowest
    };
    let (pages, slowest) = futures_util::future::join(join_all(flood), health).await;
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
    let busy: Vec<_> = pages.iter().filter(|page| page.status == 503).collect();
    assert!(!busy.is_empty(), "{:?}", pages.iter().map(|page| page.status).collect::<Vec<_>>());
    assert!(busy.iter().all(|page| page.header("retry-after").is_some() && !page.h1().is_empty()));
    assert!(pages.iter().all(|page| matches!(page.status, 422 | 429 | 503)));
}
