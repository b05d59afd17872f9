//! Devices as a reader sees them. The database keeps one name for each; the few names that are
//! words, not brands, are put into the reader's language here.

use crate::domain::client::Client;
use crate::domain::language::Language;

/// A stored device in the reader's language.
pub fn device(language: Language, stored: &str) -> &str {
    match (language, stored) {
        (Language::Ja, Client::UNKNOWN_DEVICE) => "不明な端末",
        (Language::Ja, Client::COMMAND_LINE) => "hikaeコマンド",
        _ => stored,
    }
}
