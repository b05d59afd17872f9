//! Real conversations with a small mail server on threads, on 127.0.0.1.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use mail_parser::MessageParser;

use super::*;
use crate::domain::ids::MailId;
use crate::mail::samples::NOW;
use crate::mail::transport::Transport;

/// How the server behaves in one conversation.
#[derive(Clone, Copy)]
enum Mood {
    Takes,
    /// Refuses the command that begins with this by this answer.
    Refuses(&'static str, &'static str),
    /// Falls silent at the command that begins with this; empty: says not even hello.
    Hangs(&'static str),
}

/// Serves one conversation for each mood, in their order, then refuses connections. Sends on what
/// it was told: the commands, then the mail as it stands on the wire.
fn server(moods: Vec<Mood>) -> (u16, Receiver<(Vec<String>, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, told) = channel();
    thread::spawn(move || {
        for mood in moods {
            converse_with(listener.accept().unwrap().0, mood, &tell);
        }
    });
    (port, told)
}

fn converse_with(stream: TcpStream, mood: Mood, tell: &Sender<(Vec<String>, String)>) {
    let mut say = stream.try_clone().unwrap();
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let mut commands = Vec::new();
    let mut mail = String::new();
    if matches!(mood, Mood::Hangs("")) {
        lines.next();
        return;
    }
    say.write_all(b"220 sink\r\n").unwrap();
    while let Some(command) = lines.next() {
        let answer = match (mood, command.as_str()) {
            (Mood::Refuses(at, answer), _) if command.starts_with(at) => answer,
            (Mood::Hangs(at), _) if command.starts_with(at) => {
                lines.next();
                break;
            }
            (_, "DATA") => {
                say.write_all(b"354 go on\r\n").unwrap();
                for line in lines.by_ref().take_while(|line| line != ".") {
                    mail.push_str(&line);
                    mail.push_str("\r\n");
                }
                match mood {
                    Mood::Refuses(".", answer) => answer,
                    _ => "250 2.0.0 taken",
                }
            }
            (_, "QUIT") => "221 bye",
            (_, ehlo) if ehlo.starts_with("EHLO") => "250-sink\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME",
            _ => "250 ok",
        };
        let quit = command == "QUIT";
        commands.push(command);
        // The client may have hung up already.
        if say.write_all(format!("{answer}\r\n").as_bytes()).is_err() || quit {
            break;
        }
    }
    let _ = tell.send((commands, mail));
}

fn mail(body: &str) -> WireMail {
    let bytes = format!("Subject: =?utf-8?b?44GT?=\r\n\r\n{body}\r\n").into_bytes();
    let address = |text: &str| text.parse().unwrap();
    let (from, to) = (address("no-reply@example.jp"), address("hanako@example.jp"));
    WireMail { id: MailId::from_i64(1), created_at: NOW, from, to, bytes }
}

fn transport(url: &str) -> Transport {
    Transport::smtp(url).unwrap()
}

async fn send(port: u16) -> Result<(), SendError> {
    transport(&format!("smtp://127.0.0.1:{port}")).send(mail("hello")).await
}

#[tokio::test]
async fn a_mail_arrives_as_it_was_written() {
    let (port, told) = server(vec![Mood::Takes]);
    let body = "first\r\n.\r\n..\r\n.dot\r\n\r\nlast";
    transport(&format!("smtp://127.0.0.1:{port}")).send(mail(body)).await.unwrap();

    let (commands, received) = told.recv().unwrap();
    assert!(commands.contains(&"MAIL FROM:<no-reply@example.jp>".to_owned()), "{commands:?}");
    assert!(commands.contains(&"RCPT TO:<hanako@example.jp>".to_owned()), "{commands:?}");
    assert!(!commands.iter().any(|command| command.starts_with("AUTH")));
    let unstuffed: Vec<&str> = received.lines().map(|line| line.strip_prefix('.').unwrap_or(line)).collect();
    let read = unstuffed.join("\r\n");
    let read = MessageParser::default().parse(read.as_bytes()).unwrap();
    assert_eq!(read.subject(), Some("こ"));
    assert_eq!(read.body_text(0).unwrap().trim_end(), body);
}

#[tokio::test]
async fn credentials_are_sent_and_their_refusal_is_no_reason_to_give_up() {
    let (port, told) = server(vec![Mood::Takes, Mood::Refuses("AUTH", "535 5.7.8 no")]);
    let transport = transport(&format!("smtp://me:p%40ss@127.0.0.1:{port}"));
    transport.send(mail("x")).await.unwrap();
    let (commands, _) = told.recv().unwrap();
    // \0me\0p@ss
    assert!(commands.contains(&"AUTH PLAIN AG1lAHBAc3M=".to_owned()), "{commands:?}");

    let error = transport.send(mail("x")).await.unwrap_err();
    assert!(!error.is_permanent() && error.concerns_every_mail(), "{error}");
    assert!(!format!("{error} {error:?} {transport:?}").contains("p@ss"));
}

#[tokio::test]
async fn a_recipient_refused_for_now_is_accepted_later() {
    let (port, told) = server(vec![Mood::Refuses("RCPT", "450 4.2.0 <hanako@example.jp> greylisted"), Mood::Takes]);
    let error = send(port).await.unwrap_err();
    assert!(!error.is_permanent() && !error.concerns_every_mail());
    assert_eq!(error.to_string(), "the mail server refused RCPT TO: 450 4.2.0");
    send(port).await.unwrap();
    assert!(told.recv().unwrap().1.is_empty());
    assert!(told.recv().unwrap().1.contains("hello"));
}

#[tokio::test]
async fn an_unknown_recipient_is_final() {
    let moods = vec![Mood::Refuses("RCPT", "550-5.1.1 no\r\n550 5.1.1 such user"), Mood::Refuses(".", "554 never")];
    let (port, _told) = server(moods);
    for expected in ["the mail server refused RCPT TO: 550 5.1.1", "the mail server refused the mail itself: 554"] {
        let error = send(port).await.unwrap_err();
        assert!(error.is_permanent(), "{error}");
        assert_eq!(error.to_string(), expected);
    }
}

#[tokio::test]
async fn a_refused_connection_is_told_as_such() {
    let error = send(1).await.unwrap_err();
    assert!(matches!(error, SendError::Broken { step: Step::Connect, .. }), "{error}");
    assert!(!error.is_permanent() && error.concerns_every_mail());
}

#[tokio::test]
async fn a_server_that_falls_silent_does_not_hold_us() {
    for (at, step) in [("", Step::Connect), ("RCPT", Step::Recipient)] {
        let (port, _told) = server(vec![Mood::Hangs(at)]);
        let short = Duration::from_millis(300);
        let patience = Patience { step: short, content: short, goodbye: short };
        let impatient = transport(&format!("smtp://127.0.0.1:{port}")).with_patience(patience);
        let began = Instant::now();
        assert_eq!(impatient.send(mail("x")).await, Err(SendError::NoAnswer(step)));
        assert!(began.elapsed() < Duration::from_secs(5));
    }
}

#[tokio::test]
async fn no_mail_goes_out_in_plain_text_where_tls_is_demanded() {
    // The server offers no STARTTLS, or speaks no TLS at all.
    let (port, told) = server(vec![Mood::Takes]);
    let error = transport(&format!("smtp://me:pass@127.0.0.1:{port}?tls=required")).send(mail("x")).await.unwrap_err();
    assert!(matches!(error, SendError::Broken { step: Step::StartTls, .. }), "{error}");
    let (commands, _) = told.recv().unwrap();
    assert!(commands.iter().all(|command| command.starts_with("EHLO") || command == "QUIT"), "{commands:?}");

    let (port, _told) = server(vec![Mood::Takes]);
    let error = transport(&format!("smtps://me:pass@127.0.0.1:{port}")).send(mail("x")).await.unwrap_err();
    assert!(!error.is_permanent() && error.concerns_every_mail(), "{error}");
}
