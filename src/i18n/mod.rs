//! STUB

pub mod mail_words;
