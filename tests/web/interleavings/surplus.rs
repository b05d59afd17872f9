//! Sign-ins beyond what can be hashed.

use hikae::crypto::hashing::Asker;
use hikae::domain::password::Password;
use reqwest::Method;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::hang_ups::request;
use super::{fill_the_gate, sign_in_form, waits_at_the_gate};
use crate::support::app::TestApp;
use crate::support::members::PASSWORD;

/// The head of an answer, and its body.
async fn answer(stream: &mut BufReader<TcpStream>) -> (String, String) {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(stream.read_line(&mut head).await.expect("an answer") > 0, "the connection ended: {head}");
    }
    let head = head.to_ascii_lowercase();
    let (_, length) = head.split_once("content-length: ").expect("a length");
    let length = length.split("\r\n").next().and_then(|length| length.parse().ok()).expect("a number");
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.expect("a body");
    (head, String::from_utf8(body).expect("text"))
}

#[tokio::test]
async fn a_sign_in_for_which_there_is_no_room_is_told_so_and_can_come_again_over_its_connection() {
    let app = TestApp::with().hashes(1, 0).start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.get("/login").await.expect(200).form("English").submit(&browser).await.expect_redirect("/login");
    let form = sign_in_form(&browser, &member.email, PASSWORD).await;
    let asked = request(&app, &browser, &form, |length| length);
    let (head, body) = asked.split_at(asked.find("\r\n\r\n").expect("a head") + 4);
    let kept = "SELECT (SELECT count(*) FROM sessions) || ' ' || (SELECT count(*) FROM audit_events) || ' ' || \
                (SELECT count(*) FROM rate_windows) AS line";
    let before = app.database.lines(kept);

    let busy = fill_the_gate(&app).await;
    let stream = TcpStream::connect(("127.0.0.1", app.port)).await.expect("a connection");
    let mut stream = BufReader::new(stream);
    stream.write_all(head.as_bytes()).await.expect("sent");
    // The body comes later than the head, as over a slow line.
    app.browser().get("/healthz").await.expect(200);
    stream.write_all(body.as_bytes()).await.expect("sent");
    let (head, page) = answer(&mut stream).await;
    assert!(head.starts_with("http/1.1 503") && head.contains("retry-after: 2\r\n"), "{head}");
    assert!(head.contains("content-security-policy: ") && !head.contains("set-cookie"), "{head}");
    assert!(page.contains("Hikae is busy"), "{page}");
    // Turned away before anything else is looked at; other forms are heard.
    let answered = app.browser().request(Method::POST, "/login").send().await;
    assert_eq!(answered.status, 503);
    browser.get("/login").await.expect(200).form("日本語").submit(&browser).await.expect(303);
    assert_eq!(app.database.lines(kept), before);
    busy.await.expect("a hash");

    stream.write_all(asked.as_bytes()).await.expect("sent");
    let (head, _) = answer(&mut stream).await;
    assert!(head.starts_with("http/1.1 303") && head.contains("location: /account\r\n"), "{head}");
}

/// Ten hashes come after the code that asks for them is spent.
#[tokio::test]
async fn strangers_who_fill_the_queue_stop_no_act_whose_code_is_spent() {
    let app = TestApp::with().hashes(1, 4).start().await;
    let person = app.protected_member().await;
    let stage = app.password_proven(&person.member).await;
    let busy = fill_the_gate(&app).await;
    let strangers: Vec<_> = (0..4)
        .map(|_| {
            let gate = app.services.gate.clone();
            let guess = async move { gate.check_password(Password::typed("a guess"), None, Asker::Stranger).await };
            tokio::spawn(guess)
        })
        .collect();
    waits_at_the_gate(&app, 5).await;
    app.browser().sign_in_with("somebody@example.jp", PASSWORD).await.expect(503);
    let code = app.fresh_code(&person.authenticator);
    let (reissued, entered) =
        futures_util::future::join(person.browser.reissue(&code), stage.enter_backup_code("000000001")).await;
    assert_eq!(reissued.expect(200).codes().len(), 10);
    // The reissue has ended this stage, or the code was looked at before; it was not too much in any case.
    assert_ne!(entered.status, 503);
    busy.await.expect("a hash");
    for stranger in strangers {
        stranger.await.expect("an answer").expect("a hash");
    }
}
