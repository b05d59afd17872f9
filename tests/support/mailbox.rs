//! Everybody's mailbox: the `.eml` files of the outbox folder, read by an independent parser.

use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

use hikae::mail::{MailWorker, Transport};
use hikae::service::Services;
use hikae::store::outbox;
use mail_parser::MessageParser;
use url::Url;

use super::eventually;

/// A mail as the person who gets it sees it.
#[derive(Clone, Debug)]
pub struct Mail {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub raw: Vec<u8>,
}

/// The mailboxes of everybody.
pub struct Mailbox {
    services: Services,
    folder: PathBuf,
    smtp: Option<String>,
    base_url: Url,
    from: String,
}

impl Mail {
    /// Reads a mail as it went over the wire.
    pub fn parse(raw: Vec<u8>) -> Self {
        let message = MessageParser::default().parse(&raw).expect("a mail");
        let to = message.to().and_then(|to| to.first()).and_then(|to| to.address()).expect("a recipient").to_owned();
        let subject = message.subject().expect("a subject").to_owned();
        let text = message.body_text(0).expect("a text part").into_owned();
        let html = message.body_html(0).expect("an HTML part").into_owned();
        Self { to, subject, text, html, raw }
    }

    /// The links of the text part.
    pub fn links(&self) -> Vec<String> {
        let words = self.text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '「' | '」' | '（' | '）'));
        words.filter(|word| word.starts_with("http://") || word.starts_with("https://")).map(str::to_owned).collect()
    }

    /// The path of the link below `prefix`.
    ///
    /// # Panics
    /// When the mail has no such link.
    #[track_caller]
    pub fn path(&self, prefix: &str) -> String {
        let paths = self.links().into_iter().filter_map(|link| Url::parse(&link).ok()).map(|url| url.path().to_owned());
        paths
            .into_iter()
            .find(|path| path.starts_with(prefix))
            .unwrap_or_else(|| panic!("no {prefix} in {}", self.text))
    }
}

impl Mailbox {
    pub fn new(services: Services, folder: PathBuf, smtp: Option<String>, base_url: Url, from: String) -> Self {
        Self { services, folder, smtp, base_url, from }
    }

    /// One round of sending, as the worker makes it every second.
    pub async fn send_due(&self) -> usize {
        let transport = match &self.smtp {
            Some(url) => Transport::smtp(url).expect("a mail server"),
            None => Transport::outbox(self.folder.clone()).expect("an outbox folder"),
        };
        let worker = MailWorker {
            db: self.services.db.in_background(),
            keys: self.services.keys.clone(),
            clock: self.services.clock.clone(),
            transport,
            base_url: self.base_url.clone(),
            from: self.from.clone(),
        };
        worker.send_due().await.expect("a round of sending")
    }

    /// How many mails wait to be sent.
    pub async fn waiting(&self) -> i64 {
        self.services.db.read(outbox::standing).await.expect("the outbox is read").waiting
    }

    /// Sends until nothing waits any more.
    pub async fn settle(&self) {
        eventually("the outbox is empty", async || {
            self.send_due().await;
            (self.waiting().await == 0).then_some(())
        })
        .await;
    }

    /// All mails to an address, oldest first.
    pub async fn to(&self, address: &str) -> Vec<Mail> {
        self.settle().await;
        let mut files: Vec<(SystemTime, PathBuf)> = fs::read_dir(&self.folder)
            .into_iter()
            .flatten()
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
            .map(|path| (fs::metadata(&path).and_then(|meta| meta.modified()).expect("a time"), path))
            .collect();
        files.sort();
        let mails = files.into_iter().map(|(_, path)| Mail::parse(fs::read(path).expect("a file")));
        mails.filter(|mail| mail.to.eq_ignore_ascii_case(address)).collect()
    }

    /// How many mails an address has.
    pub async fn count(&self, address: &str) -> usize {
        self.to(address).await.len()
    }

    /// The newest mail to an address whose subject holds these words; waits until it is there.
    pub async fn newest(&self, address: &str, subject: &str) -> Mail {
        eventually(&format!("a mail «{subject}» to {address}"), async || {
            self.to(address).await.into_iter().rfind(|mail| mail.subject.contains(subject))
        })
        .await
    }
}
