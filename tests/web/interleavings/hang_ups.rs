//! Senders who do not wait for the answer, or do not come to the end of the question.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use super::{fill_the_gate, recorded, sign_in_form, waits_at_the_gate};
use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::eventually;
use crate::support::page::Form;

/// The request of a form, as it goes over the wire; `length` is what it says of its body.
pub(super) fn request(app: &TestApp, browser: &Browser, form: &Form, length: impl Fn(usize) -> usize) -> String {
    let body: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(form.fields.clone()).finish();
    let cookies: Vec<String> = browser.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!(
        "POST {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nOrigin: {}\r\nCookie: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        form.action,
        app.port,
        app.base_url.origin().ascii_serialization(),
        cookies.join("; "),
        length(body.len()),
    )
}

/// Sends a form, waits until its hash waits at the gate, and tears the connection down.
async fn submit_and_hang_up(app: &TestApp, browser: &Browser, form: &Form) {
    let busy = fill_the_gate(app).await;
    let mut stream = TcpStream::connect(("127.0.0.1", app.port)).await.expect("a connection");
    stream.write_all(request(app, browser, form, |length| length).as_bytes()).await.expect("sent");
    waits_at_the_gate(app, 2).await;
    // A reset instead of a farewell, which the server might take for the end of the question only.
    stream.set_zero_linger().expect("a socket");
    drop(stream);
    busy.await.expect("a hash");
}

#[tokio::test]
async fn a_wrong_password_is_counted_when_its_sender_has_hung_up() {
    let app = TestApp::with().hashes(1, 64).start().await;
    let member = app.member().await;
    let browser = app.browser();
    let form = sign_in_form(&browser, &member.email, "当てずっぽう").await;
    submit_and_hang_up(&app, &browser, &form).await;
    eventually("the guess is recorded", async || {
        (recorded(&app, &member, "sign_in.password", "refused") == 1).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_wrong_backup_code_is_counted_when_its_sender_has_hung_up() {
    let app = TestApp::with().hashes(1, 64).start().await;
    let person = app.protected_member().await;
    let stage = app.password_proven(&person.member).await;
    let form = stage.get("/login/recovery").await.expect(200).form("/login/recovery/backup-code");
    submit_and_hang_up(&app, &stage, &form.fill("backup_code", "000000001")).await;
    let sql = format!("SELECT CAST(failures AS TEXT) AS line FROM attempts WHERE user_id = {}", person.member.id);
    eventually("the guess is counted", async || (app.database.lines(&sql) == ["1"]).then_some(())).await;
    assert_eq!(recorded(&app, &person.member, "sign_in.backup_code", "refused"), 1);
}

/// The one test that waits in real time, for it is real time that is limited; it costs no work.
#[tokio::test]
async fn a_body_that_drips_is_answered_before_it_ends() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let form = sign_in_form(&browser, "nobody@example.jp", "x").await;
    let stream = TcpStream::connect(("127.0.0.1", app.port)).await.expect("a connection");
    let (mut answers, mut question) = stream.into_split();
    let began = Instant::now();
    question.write_all(request(&app, &browser, &form, |length| length + 60).as_bytes()).await.expect("sent");
    let dripping = tokio::spawn(async move {
        while question.write_all(b"a").await.is_ok() {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
    let mut start = [0; 12];
    timeout(Duration::from_secs(30), answers.read_exact(&mut start)).await.expect("in time").expect("an answer");
    assert_eq!(String::from_utf8_lossy(&start), "HTTP/1.1 408");
    assert!(began.elapsed() >= Duration::from_secs(10), "a slow line has its time, too");
    dripping.abort();
}

#[tokio::test]
async fn a_body_that_never_ends_ends_with_its_answer() {
    let app = TestApp::with().metrics().start().await;
    let figures = app.nodes[0].metrics_port.expect("an address for Prometheus");
    for (port, head, answer) in [
        (app.port, "GET /login", "HTTP/1.1 200"),
        (app.port, "POST /login", "HTTP/1.1 413"),
        (app.port, "GET /none", "HTTP/1.1 404"),
        (figures, "GET /metrics", "HTTP/1.1 200"),
        (figures, "GET /none", "HTTP/1.1 404"),
    ] {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.expect("a connection");
        let (mut answers, mut question) = stream.into_split();
        let head = format!("{head} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
        question.write_all(head.as_bytes()).await.expect("sent");
        let pouring = tokio::spawn(async move {
            let chunk = format!("10000\r\n{}\r\n", "a".repeat(0x10000));
            while question.write_all(chunk.as_bytes()).await.is_ok() {}
        });
        let mut start = [0; 12];
        timeout(Duration::from_secs(30), answers.read_exact(&mut start)).await.expect("in time").expect("an answer");
        assert_eq!(String::from_utf8_lossy(&start), answer);
        timeout(Duration::from_secs(30), pouring).await.expect("it ends").expect("a sender");
    }
}
