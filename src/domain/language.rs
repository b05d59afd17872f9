//! The languages Hikae speaks.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language of pages and mails; Japanese is the first.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    Ja,
    En,
}

impl Language {
    /// Every language, for tests and switches.
    pub const ALL: [Language; 2] = [Language::Ja, Language::En];

    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Language::Ja => "ja",
            Language::En => "en",
        }
    }
}

/// A tag that names no language of ours.
#[derive(Debug, thiserror::Error)]
#[error("no such language")]
pub struct UnknownLanguage;

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(tag: &str) -> Result<Self, UnknownLanguage> {
        match tag {
            "ja" => Ok(Language::Ja),
            "en" => Ok(Language::En),
            _ => Err(UnknownLanguage),
        }
    }
}
