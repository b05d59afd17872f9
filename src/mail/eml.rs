//! The letter on the wire: RFC 5322 with a text and an HTML part.

use std::time::{Duration, UNIX_EPOCH};

use lettre::Address;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};

use super::clean::one_line;
use super::letter::Letter;
use crate::domain::ids::MailId;
use crate::domain::time::Timestamp;

/// The last second that a `Date` header can express.
const LAST_DATE: i64 = 253_402_300_799;

/// Who Hikae's mails come from, such as `Hikae <no-reply@example.jp>`.
#[derive(Clone, Debug)]
pub struct Sender(Mailbox);

/// The text is no sender of mails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sender of mails is no mail address; write it like: Hikae <no-reply@example.jp>")]
pub struct InvalidSender;

impl Sender {
    /// Reads a sender from the settings.
    ///
    /// # Errors
    /// [`InvalidSender`] when it holds no valid mail address.
    pub fn parse(text: &str) -> Result<Self, InvalidSender> {
        let Mailbox { name, email } = text.parse().map_err(|_| InvalidSender)?;
        let email = ascii_domain(&email).ok_or(InvalidSender)?;
        Ok(Self(mailbox(name.as_deref().unwrap_or_default(), email)))
    }
}

/// A mail ready to leave.
pub struct WireMail {
    pub id: MailId,
    /// When it was put into the outbox.
    pub created_at: Timestamp,
    pub from: Address,
    pub to: Address,
    pub bytes: Vec<u8>,
}

/// Why a letter cannot be put on the wire. It names neither address nor text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    #[error("the recipient's address is not valid")]
    Recipient,
    #[error("the mail cannot be written")]
    Message,
}

/// Writes the letter of the outbox row `id`, which gives the mail the same `Message-ID` at every
/// try, so that a mail that was sent twice is recognised as one.
///
/// # Errors
/// [`Unwritable`] when the stored address is none.
pub fn write(
    letter: &Letter,
    sender: &Sender,
    id: MailId,
    created_at: Timestamp,
    now: Timestamp,
) -> Result<WireMail, Unwritable> {
    let parsed: Address = letter.to.parse().map_err(|_| Unwritable::Recipient)?;
    let to = ascii_domain(&parsed).ok_or(Unwritable::Recipient)?;
    let from = sender.0.email.clone();
    let seconds = u64::try_from(now.0.clamp(0, LAST_DATE)).unwrap_or_default();
    let parts = MultiPart::alternative()
        // Such a boundary occurs in no encoded part.
        .boundary(format!("=_hikae_{id}"))
        .singlepart(SinglePart::builder().header(ContentType::TEXT_PLAIN).body(letter.text.clone()))
        .singlepart(SinglePart::builder().header(ContentType::TEXT_HTML).body(letter.html.clone()));
    let message = Message::builder()
        .from(sender.0.clone())
        .to(mailbox(&letter.to_name, to.clone()))
        .subject(one_line(&letter.subject))
        .date(UNIX_EPOCH + Duration::from_secs(seconds))
        .message_id(Some(format!("<hikae.{id}@{}>", from.domain())))
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .raw_header(header("X-Auto-Response-Suppress", "All"))
        .raw_header(header("Content-Language", letter.language))
        .multipart(parts)
        .map_err(|_| Unwritable::Message)?;
    Ok(WireMail { id, created_at, from, to, bytes: message.formatted() })
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// The name is on one line, for the library panics at a control character in it.
fn mailbox(name: &str, address: Address) -> Mailbox {
    let name = one_line(name);
    Mailbox::new((!name.is_empty()).then_some(name), address)
}

/// The address with its domain in ASCII, for most servers understand no other.
fn ascii_domain(address: &Address) -> Option<Address> {
    if address.domain().is_ascii() {
        return Some(address.clone());
    }
    let domain = url::Host::parse(address.domain()).ok()?.to_string();
    Address::new(address.user(), domain).ok()
}

#[cfg(test)]
#[path = "eml_tests.rs"]
mod tests;
