//! One conversation with a mail server. The steps are taken one by one, and not by a ready-made
//! transport, because it matters which step was refused: a server that refuses our password must
//! not make us give up a mail, one that knows no such recipient must.

use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::DEFAULT_MECHANISMS;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use tokio::time::timeout;

use super::eml::WireMail;
use super::smtp_url::{Protection, Server};
use super::transport::SendError;

/// How long to wait for the server.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For a connection, and for the answer to each command.
    pub step: Duration,
    /// For the answer to the mail itself, which the server may scan first; giving up too early
    /// would send it twice.
    pub content: Duration,
    /// For the good-bye, which nothing depends on.
    pub goodbye: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { step: Duration::from_secs(10), content: Duration::from_secs(60), goodbye: Duration::from_secs(2) }
    }
}

/// A step of the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Connect,
    StartTls,
    Credentials,
    Sender,
    Recipient,
    Data,
    Content,
}

impl Step {
    /// Its name in logs.
    pub const fn name(self) -> &'static str {
        match self {
            Step::Connect => "connecting",
            Step::StartTls => "STARTTLS",
            Step::Credentials => "AUTH",
            Step::Sender => "MAIL FROM",
            Step::Recipient => "RCPT TO",
            Step::Data => "DATA",
            Step::Content => "the mail itself",
        }
    }
}

/// Hands one mail to the server.
pub async fn send(server: &Server, patience: Patience, mail: &WireMail) -> Result<(), SendError> {
    let hello = ClientId::default();
    let tls = match &server.protection {
        Protection::Tls(parameters) => Some(parameters.clone()),
        Protection::StartTls(_) | Protection::None => None,
    };
    let address = (server.host.as_str(), server.port);
    let connecting = AsyncSmtpConnection::connect_tokio1(address, Some(patience.step), &hello, tls, None);
    let mut connection = within(patience.step, Step::Connect, connecting).await?;
    let outcome = converse(&mut connection, server, patience, mail, &hello).await;
    // The mail's fate is decided; a server that says good-bye badly changes nothing.
    let _ = timeout(patience.goodbye, connection.abort()).await;
    outcome
}

async fn converse(
    connection: &mut AsyncSmtpConnection,
    server: &Server,
    patience: Patience,
    mail: &WireMail,
    hello: &ClientId,
) -> Result<(), SendError> {
    let step = patience.step;
    if let Protection::StartTls(parameters) = &server.protection {
        within(step, Step::StartTls, connection.starttls(parameters.clone(), hello)).await?;
    }
    if let Some(credentials) = &server.credentials {
        within(step, Step::Credentials, connection.auth(DEFAULT_MECHANISMS, credentials)).await?;
    }
    let mut parameters = Vec::new();
    if !(mail.from.user().is_ascii() && mail.to.user().is_ascii()) {
        if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Err(SendError::AddressNotSupported);
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    let from = Mail::new(Some(mail.from.clone()), parameters);
    within(step, Step::Sender, connection.command(from)).await?;
    within(step, Step::Recipient, connection.command(Rcpt::new(mail.to.clone(), Vec::new()))).await?;
    within(step, Step::Data, connection.command(Data)).await?;
    within(patience.content, Step::Content, connection.message(&mail.bytes)).await?;
    Ok(())
}

async fn within<T>(
    limit: Duration,
    step: Step,
    action: impl Future<Output = Result<T, Error>>,
) -> Result<T, SendError> {
    match timeout(limit, action).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(SendError::from_smtp(step, &error)),
        Err(_) => Err(SendError::NoAnswer(step)),
    }
}

#[cfg(test)]
#[path = "smtp_tests.rs"]
mod tests;
