//! A mail server on std that speaks enough SMTP for a real conversation, and answers as told.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::mailbox::Mail;

/// How the server treats the next mails.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mood {
    Accepts,
    /// 550 for every recipient: for good.
    Rejects,
    /// 451 for every recipient: for now.
    IsBusy,
    /// Takes the connection and says nothing.
    Hangs,
    /// Closes the connection at once.
    HangsUp,
    /// Takes the mail, and says so only once it is in another mood.
    KeepsSilent,
}

/// A mail server on a port of its own.
#[derive(Clone)]
pub struct SmtpSink {
    pub port: u16,
    mood: Arc<Mutex<Mood>>,
    mails: Arc<Mutex<Vec<Vec<u8>>>>,
    conversations: Arc<Mutex<usize>>,
}

impl SmtpSink {
    pub fn start(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let sink =
            Self { port, mood: Arc::new(Mutex::new(mood)), mails: Arc::default(), conversations: Arc::default() };
        std::thread::spawn({
            let sink = sink.clone();
            move || {
                for stream in listener.incoming().flatten() {
                    *lock(&sink.conversations) += 1;
                    let sink = sink.clone();
                    std::thread::spawn(move || sink.converse(stream));
                }
            }
        });
        sink
    }

    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    pub fn becomes(&self, mood: Mood) {
        *lock(&self.mood) = mood;
    }

    /// How often somebody connected.
    pub fn conversations(&self) -> usize {
        *lock(&self.conversations)
    }

    /// The mails taken so far, in the order of their arrival.
    pub fn mails(&self) -> Vec<Mail> {
        lock(&self.mails).iter().cloned().map(Mail::parse).collect()
    }

    fn converse(&self, stream: TcpStream) {
        let mood = *lock(&self.mood);
        match mood {
            Mood::HangsUp => return,
            Mood::Hangs => return std::thread::sleep(Duration::from_secs(120)),
            _ => {}
        }
        let mut lines = BufReader::new(stream.try_clone().expect("a second handle"));
        let answer = |text: &str| (&stream).write_all(format!("{text}\r\n").as_bytes());
        let mut talk = || -> std::io::Result<()> {
            answer("220 sink.example ESMTP")?;
            loop {
                let mut line = String::new();
                if lines.read_line(&mut line)? == 0 {
                    return Ok(());
                }
                let verb = line.split([' ', '\r']).next().unwrap_or_default().to_uppercase();
                match verb.as_str() {
                    "EHLO" => answer("250-sink.example\r\n250-8BITMIME\r\n250 SMTPUTF8")?,
                    "RCPT" if mood == Mood::Rejects => answer("550 5.1.1 no such mailbox")?,
                    "RCPT" if mood == Mood::IsBusy => answer("451 4.3.0 try again later")?,
                    "DATA" => {
                        answer("354 go ahead")?;
                        let mail = read_mail(&mut lines)?;
                        lock(&self.mails).push(mail);
                        while *lock(&self.mood) == Mood::KeepsSilent {
                            std::thread::sleep(Duration::from_millis(10));
                        }
                        answer("250 taken")?;
                    }
                    "QUIT" => return answer("221 bye"),
                    _ => answer("250 fine")?,
                }
            }
        };
        if let Err(error) = talk() {
            eprintln!("a conversation ended: {error}");
        }
    }
}

/// The lines up to a single dot, with doubled leading dots made single again.
fn read_mail(lines: &mut impl BufRead) -> std::io::Result<Vec<u8>> {
    let mut mail = Vec::new();
    loop {
        let mut line = Vec::new();
        if lines.read_until(b'\n', &mut line)? == 0 || line == b".\r\n" {
            return Ok(mail);
        }
        mail.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
