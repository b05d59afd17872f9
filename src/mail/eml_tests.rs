//! What a mail program reads.

use std::os::unix::fs::PermissionsExt;

use mail_parser::{MessageParser, MimeHeaders};
use proptest::prelude::{prop_assert, prop_assert_eq, proptest};
use url::Url;

use super::*;
use crate::domain::language::Language;
use crate::mail::letter::compose;
use crate::mail::samples::{NOW, mail, messages};
use crate::mail::transport::Transport;

fn letter() -> Letter {
    let (message, _) = messages().swap_remove(6);
    compose(&mail(Language::Ja, message), &Url::parse("https://portal.example.jp").unwrap()).unwrap()
}

fn sender() -> Sender {
    Sender::parse("控え係 <no-reply@example.jp>").unwrap()
}

fn wire(letter: &Letter, now: i64) -> Result<WireMail, Unwritable> {
    write(letter, &sender(), MailId::from_i64(42), NOW, Timestamp(now))
}

#[test]
fn a_mail_program_reads_what_was_written() {
    let letter = letter();
    let bytes = wire(&letter, NOW.0).unwrap().bytes;
    assert!(bytes.is_ascii());
    let read = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(read.subject(), Some("【Hikae】二要素認証の解除"));
    let (from, to) = (read.from().unwrap().first().unwrap(), read.to().unwrap().first().unwrap());
    assert_eq!((from.name(), from.address()), (Some("控え係"), Some("no-reply@example.jp")));
    assert_eq!((to.name(), to.address()), (Some("山田 花子"), Some("hanako@example.jp")));
    assert_eq!(read.message_id(), Some("hikae.42@example.jp"));
    assert_eq!(read.date().unwrap().to_timestamp(), NOW.0);
    assert_eq!(read.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
    assert_eq!(read.header_raw("X-Auto-Response-Suppress").map(str::trim), Some("All"));
    assert_eq!(read.header_raw("MIME-Version").map(str::trim), Some("1.0"));
    assert_eq!(read.content_type().unwrap().subtype(), Some("alternative"));
    let unix = |text: std::borrow::Cow<str>| text.replace("\r\n", "\n").trim_end().to_owned();
    assert_eq!(unix(read.body_text(0).unwrap()), letter.text);
    assert_eq!(unix(read.body_html(0).unwrap()), letter.html.trim_end());
}

#[test]
fn a_second_try_has_the_same_message_id() {
    let id = |now| {
        let bytes = wire(&letter(), now).unwrap().bytes;
        MessageParser::default().parse(&bytes).unwrap().message_id().unwrap().to_owned()
    };
    assert_eq!(id(NOW.0), id(NOW.0 + 60));
}

#[test]
fn nothing_forges_a_header() {
    let mut letter = letter();
    letter.subject.push_str("\r\nBcc: x@evil.example");
    letter.to_name = "花子\r\nBcc: y@evil.example".to_owned();
    let bytes = wire(&letter, i64::MAX).unwrap().bytes;
    let read = MessageParser::default().parse(&bytes).unwrap();
    assert!(read.bcc().is_none());
    assert_eq!(read.to().unwrap().iter().count(), 1);

    letter.to = "a@b.jp\r\nRCPT TO:<c@d.jp>".to_owned();
    assert_eq!(wire(&letter, -1).err(), Some(Unwritable::Recipient));
}

proptest! {
    #[test]
    fn no_name_or_subject_breaks_a_mail(name in "\\PC{0,40}|(?s).{0,40}", subject in "(?s).{0,60}") {
        let mut letter = letter();
        (letter.to_name, letter.subject) = (name.clone(), subject);
        let bytes = wire(&letter, NOW.0).unwrap().bytes;
        let read = MessageParser::default().parse(&bytes).unwrap();
        let to = read.to().unwrap();
        prop_assert_eq!(to.iter().count(), 1);
        prop_assert_eq!(to.first().unwrap().address(), Some("hanako@example.jp"));
        prop_assert_eq!(read.message_id(), Some("hikae.42@example.jp"));
        prop_assert!(read.bcc().is_none() && read.body_text(0).unwrap().contains("様"));
    }
}

#[test]
fn a_japanese_domain_is_written_in_ascii() {
    let mut letter = letter();
    letter.to = "hanako@例え.jp".to_owned();
    assert_eq!(wire(&letter, 0).unwrap().to.to_string(), "hanako@xn--r8jz45g.jp");
}

#[test]
fn a_sender_is_an_address_with_or_without_a_name() {
    assert!(Sender::parse("no-reply@example.jp").is_ok());
    for text in ["", "Hikae", "Hikae <no-reply>", "a@b.jp\r\nBcc: c@d.jp"] {
        assert_eq!(Sender::parse(text).err(), Some(InvalidSender), "{text:?}");
    }
}

#[tokio::test]
async fn the_outbox_folder_holds_whole_mails_for_its_owner_alone() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("outbox");
    let transport = Transport::outbox(folder.clone()).unwrap();
    // A second try of the same mail replaces the first.
    for _ in 0..2 {
        transport.send(wire(&letter(), NOW.0).unwrap()).await.unwrap();
    }
    let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(Result::unwrap).collect();
    let names: Vec<_> = files.iter().map(|file| file.file_name().into_string().unwrap()).collect();
    assert_eq!(names, ["20261122T090400Z-0000000000000000042.eml"]);
    assert_eq!(files[0].metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    let bytes = std::fs::read(files[0].path()).unwrap();
    assert_eq!(MessageParser::default().parse(&bytes).unwrap().subject(), Some("【Hikae】二要素認証の解除"));

    std::fs::remove_dir_all(&folder).unwrap();
    let error = transport.send(wire(&letter(), NOW.0).unwrap()).await.unwrap_err();
    assert!(error.concerns_every_mail() && !error.is_permanent(), "{error}");
}
