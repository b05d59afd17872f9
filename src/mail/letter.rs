//! A letter: one mail in the reader's language, as text and as HTML. Links start with the base
//! address of the settings and with nothing else (SC-50).

use std::fmt;

use askama::Template;
use url::Url;

use super::clean;
use super::content::{self, Content};
use crate::domain::message::Mail;
use crate::i18n::mail_words::MailWords;

/// What a person reads.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    pub to: String,
    pub to_name: String,
    /// The BCP 47 tag of its language.
    pub language: &'static str,
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Says nothing of the person or the text, for the text may hold a link.
impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Letter(…)")
    }
}

/// Both parts of a letter see the same.
struct View<'a> {
    lang: &'static str,
    words: &'static MailWords,
    greeting: &'a str,
    content: &'a Content,
    base: &'a str,
}

#[derive(Template)]
#[template(path = "mail/letter.txt")]
struct TextPart<'a> {
    view: &'a View<'a>,
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct HtmlPart<'a> {
    view: &'a View<'a>,
}

/// Writes the letter for a mail.
///
/// # Errors
/// When a template cannot be rendered, which no value of a mail can bring about.
pub fn compose(mail: &Mail, base_url: &Url) -> Result<Letter, askama::Error> {
    let words = MailWords::of(mail.language);
    let base = base_url.as_str().trim_end_matches('/');
    let content = content::of(mail, words, base);
    let name = clean::name(&mail.to_name);
    let greeting = name.as_deref().map_or_else(|| content.nameless.to_owned(), words.greeting);
    let view = View { lang: mail.language.tag(), words, greeting: &greeting, content: &content, base };
    Ok(Letter {
        to: mail.to.clone(),
        to_name: name.unwrap_or_default(),
        language: view.lang,
        text: TextPart { view: &view }.render()?,
        html: HtmlPart { view: &view }.render()?,
        subject: content.subject,
    })
}

#[cfg(test)]
#[path = "letter_tests.rs"]
mod tests;
