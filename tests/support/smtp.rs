//! A mail server on std that speaks enough SMTP for a real conversation, and answers as told.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
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
    /// Asks for the mail, and closes the connection instead of reading it.
    HangsUpMidway,
    /// Takes the mail, and says so only once it is in another mood.
    KeepsSilent,
}

/// A mail server on a port of its own.
#[derive(Clone)]
pub struct SmtpSink {
    pub port: u16,
    host: &'static str,
    mood: Arc<Mutex<Mood>>,
    mails: Arc<Mutex<Vec<Vec<u8>>>>,
    conversations: Arc<Mutex<usize>>,
    is_away: Arc<AtomicBool>,
    /// The thread that holds the listener, while there is one.
    listening: Arc<Mutex<Option<JoinHandle<()>>>>,
}

impl SmtpSink {
    pub fn start(mood: Mood) -> Self {
        Self::start_on("127.0.0.1", mood)
    }

    /// A server that takes mails, goes away and comes back. It has an address of its own as well, for
    /// the port of one that is away could go to another test.
    pub fn that_restarts() -> Self {
        Self::start_on("127.0.0.2", Mood::Accepts)
    }

    fn start_on(host: &'static str, mood: Mood) -> Self {
        let listener = TcpListener::bind((host, 0)).expect("a port");
        let sink = Self {
            port: listener.local_addr().expect("an address").port(),
            host,
            mood: Arc::new(Mutex::new(mood)),
            mails: Arc::default(),
            conversations: Arc::default(),
            is_away: Arc::default(),
            listening: Arc::default(),
        };
        sink.listen(listener);
        sink
    }

    fn listen(&self, listener: TcpListener) {
        let sink = self.clone();
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if sink.is_away.load(Ordering::SeqCst) {
                    return;
                }
                *lock(&sink.conversations) += 1;
                let sink = sink.clone();
                std::thread::spawn(move || sink.converse(stream));
            }
        });
        *lock(&self.listening) = Some(thread);
    }

    /// From now on connections are refused.
    pub fn goes_away(&self) {
        self.is_away.store(true, Ordering::SeqCst);
        let thread = lock(&self.listening).take().expect("the server is there");
        // Only a connection wakes the thread; that of a client may have done so already.
        drop(TcpStream::connect((self.host, self.port)));
        thread.join().expect("the listener is closed");
    }

    /// Listens again, on the same port, with the mails it had taken before.
    pub fn comes_back(&self) {
        let listener = TcpListener::bind((self.host, self.port)).expect("the same port");
        self.is_away.store(false, Ordering::SeqCst);
        self.listen(listener);
    }

    pub fn url(&self) -> String {
        format!("smtp://{}:{}", self.host, self.port)
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
                        if mood == Mood::HangsUpMidway {
                            return Ok(());
                        }
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
