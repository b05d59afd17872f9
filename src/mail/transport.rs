//! How mails leave: over SMTP, or as files into the outbox folder.

use std::error::Error as _;
use std::path::PathBuf;

use lettre::transport::smtp::Error as SmtpError;

use super::clean::one_line;
use super::eml::WireMail;
use super::outbox_folder;
use super::smtp::{self, Patience, Step};
use super::smtp_url::{InvalidSmtpUrl, Server};

/// Where mails go.
#[derive(Debug)]
pub enum Transport {
    Smtp(SmtpTransport),
    /// Mails become `.eml` files in this folder.
    Outbox(PathBuf),
}

/// A mail server and how long to wait for it.
#[derive(Debug)]
pub struct SmtpTransport {
    server: Server,
    patience: Patience,
}

/// Why a mail did not leave. Its words hold neither an address nor anything a server said but the
/// code, for servers repeat addresses in their answers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    #[error("the mail server refused {}: {code}{}", .step.name(), enhanced_text(.enhanced.as_deref()))]
    Refused { step: Step, code: u16, enhanced: Option<String> },
    #[error("no answer from the mail server in time ({})", .0.name())]
    NoAnswer(Step),
    #[error("the conversation with the mail server failed ({}): {reason}", .step.name())]
    Broken { step: Step, reason: String },
    #[error("the mail server does not support the address (SMTPUTF8)")]
    AddressNotSupported,
    #[error("the outbox folder cannot be written: {0}")]
    Folder(std::io::ErrorKind),
}

fn enhanced_text(enhanced: Option<&str>) -> String {
    enhanced.map(|code| format!(" {code}")).unwrap_or_default()
}

impl Transport {
    /// A transport to the mail server at `url` (`smtp://` or `smtps://`).
    ///
    /// # Errors
    /// [`InvalidSmtpUrl`] says what is wrong with it, without repeating it.
    pub fn smtp(url: &str) -> Result<Self, InvalidSmtpUrl> {
        let server = Server::parse(url)?;
        Ok(Transport::Smtp(SmtpTransport { server, patience: Patience::default() }))
    }

    /// A transport into a folder, which is made if it is missing.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn outbox(folder: PathBuf) -> std::io::Result<Self> {
        outbox_folder::make(&folder)?;
        Ok(Transport::Outbox(folder))
    }

    /// The same, with other waiting times.
    #[cfg(test)]
    pub fn with_patience(self, patience: Patience) -> Self {
        match self {
            Transport::Smtp(smtp) => Transport::Smtp(SmtpTransport { patience, ..smtp }),
            outbox @ Transport::Outbox(_) => outbox,
        }
    }

    /// Lets one mail leave.
    ///
    /// # Errors
    /// [`SendError`]; the mail may have left all the same if the answer was lost.
    pub async fn send(&self, mail: WireMail) -> Result<(), SendError> {
        match self {
            Transport::Smtp(SmtpTransport { server, patience }) => smtp::send(server, *patience, &mail).await,
            Transport::Outbox(folder) => outbox_folder::write(folder.clone(), mail).await,
        }
    }
}

impl SendError {
    pub(super) fn from_smtp(step: Step, error: &SmtpError) -> Self {
        if let Some(code) = error.status() {
            let answer = error.source().map(ToString::to_string).unwrap_or_default();
            return SendError::Refused { step, code: code.into(), enhanced: enhanced_code(&answer) };
        }
        // An unreadable answer is quoted by the library, and might hold the address.
        let reason = if error.is_response() { "unreadable answer".to_owned() } else { one_line(&error.to_string()) };
        SendError::Broken { step, reason }
    }

    /// Whether this recipient will never get this mail: the server said so, of the recipient or of
    /// the mail. A refusal by policy (5.7.x) or for lack of a sign-in is about our server's
    /// standing, which its operator can mend.
    pub fn is_permanent(&self) -> bool {
        match self {
            SendError::Refused { step: Step::Recipient | Step::Content, code, enhanced } => {
                let ours = matches!(code, 530 | 535 | 538) || enhanced.as_ref().is_some_and(|e| e.starts_with("5.7."));
                (500..600).contains(code) && !ours
            }
            _ => false,
        }
    }

    /// Whether the next mail would fare the same, so that it may as well wait.
    pub fn concerns_every_mail(&self) -> bool {
        match self {
            SendError::Refused { step, code, .. } => {
                !matches!(step, Step::Recipient | Step::Content) || matches!(code, 421 | 530 | 535 | 538)
            }
            SendError::NoAnswer(_) | SendError::Broken { .. } | SendError::Folder(_) => true,
            SendError::AddressNotSupported => false,
        }
    }
}

/// The enhanced status code (RFC 3463) at the beginning of an answer.
fn enhanced_code(answer: &str) -> Option<String> {
    let first = answer.split_whitespace().next()?;
    let parts: Vec<&str> = first.split('.').collect();
    let numeric = |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    (parts.len() == 3 && parts.iter().all(numeric)).then(|| first.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(step: Step, code: u16, enhanced: Option<&str>) -> SendError {
        SendError::Refused { step, code, enhanced: enhanced.map(str::to_owned) }
    }

    #[test]
    fn only_a_refusal_of_this_recipient_or_mail_is_final() {
        for (error, permanent, every) in [
            (refused(Step::Recipient, 550, Some("5.1.1")), true, false),
            (refused(Step::Content, 554, None), true, false),
            (refused(Step::Recipient, 554, Some("5.7.1")), false, false),
            (refused(Step::Recipient, 530, None), false, true),
            (refused(Step::Recipient, 450, None), false, false),
            (refused(Step::Recipient, 421, None), false, true),
            (refused(Step::Credentials, 535, Some("5.7.8")), false, true),
            (refused(Step::Sender, 550, None), false, true),
            (refused(Step::Connect, 554, None), false, true),
            (SendError::NoAnswer(Step::Connect), false, true),
            (SendError::AddressNotSupported, false, false),
        ] {
            assert_eq!((error.is_permanent(), error.concerns_every_mail()), (permanent, every), "{error}");
        }
    }

    #[test]
    fn an_answer_is_told_by_its_codes_alone() {
        assert_eq!(enhanced_code("5.1.1 <hanako@example.jp> unknown").as_deref(), Some("5.1.1"));
        assert_eq!(enhanced_code("no such user hanako@example.jp"), None);
        assert_eq!(enhanced_code("192.0.2.1 refused"), None);
        let error = refused(Step::Recipient, 550, Some("5.1.1")).to_string();
        assert_eq!(error, "the mail server refused RCPT TO: 550 5.1.1");
    }
}
