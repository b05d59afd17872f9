//! Mails: a row of the outbox becomes a letter in the reader's language and leaves over SMTP, or
//! lands as a file in the outbox folder.

mod clean; // text of others, made harmless
mod content; // what a message says
mod eml; // the letter on the wire
pub mod letter; // what a person reads
mod outbox_folder; // files instead of SMTP
mod retry; // when to try again
pub mod samples; // one mail of every kind, for tests and the gallery
mod smtp; // one conversation with a server
mod smtp_url; // where the server is, and how safely it is spoken to
pub mod transport; // SMTP or files
mod when; // points in time, for people
pub mod worker; // from the outbox to the transport

pub use eml::{InvalidSender, Sender};
pub use letter::{Letter, compose};
pub use smtp_url::InvalidSmtpUrl;
pub use transport::Transport;
pub use worker::MailWorker;
