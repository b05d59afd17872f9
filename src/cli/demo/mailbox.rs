//! The demo's mailbox: the `.eml` files of the outbox as pages. Only the demo has these routes.

use std::path::Path;
use std::{fs, io};

use actix_web::error::{ErrorInternalServerError, ErrorNotFound};
use actix_web::http::header::{CACHE_CONTROL, ContentType};
use actix_web::{HttpResponse, web};
use askama::Template;
use jiff::tz::TimeZone;
use mail_parser::{Address, Message, MessageParser};
use url::Url;

use crate::app::OutboxFolder;
use crate::web::WebState;

/// The newest mails shown.
const AT_MOST: usize = 200;
const ZONE: &str = "Asia/Tokyo";

/// `/demo/mailbox` and `/demo/mailbox/{file}`
pub fn routes(config: &mut web::ServiceConfig) {
    config.route("/demo/mailbox", web::get().to(list)).route("/demo/mailbox/{file}", web::get().to(show));
}

/// What a list says of a mail.
struct Mail {
    file: String,
    from: String,
    to: String,
    subject: String,
    date: String,
}

/// A piece of a mail's text.
#[derive(PartialEq, Eq, Debug)]
enum Part {
    Text(String),
    /// An address of this portal.
    Link(String),
    Break,
}

#[derive(Template)]
#[template(path = "demo/mailbox.html")]
struct MailboxPage {
    mails: Vec<Mail>,
}

#[derive(Template)]
#[template(path = "demo/mail.html")]
struct MailPage {
    mail: Mail,
    text: Vec<Part>,
}

async fn list(outbox: web::Data<OutboxFolder>) -> actix_web::Result<HttpResponse> {
    let folder = folder(&outbox)?;
    let files = files(folder).map_err(ErrorInternalServerError)?;
    let read = |file: &String| fs::read(folder.join(file)).ok().and_then(|bytes| Some(mail(file, &parse(&bytes)?)));
    let mails = files.iter().take(AT_MOST).filter_map(read).collect();
    page(&MailboxPage { mails })
}

async fn show(
    outbox: web::Data<OutboxFolder>,
    state: web::Data<WebState>,
    file: web::Path<String>,
) -> actix_web::Result<HttpResponse> {
    let folder = folder(&outbox)?;
    // The name is looked for among the files of the folder and never put into a path as it came,
    // so it cannot lead anywhere else.
    let files = files(folder).map_err(ErrorInternalServerError)?;
    let file = files.iter().find(|name| **name == *file).ok_or_else(|| ErrorNotFound("no such mail"))?;
    let bytes = fs::read(folder.join(file)).map_err(ErrorInternalServerError)?;
    let message = parse(&bytes).ok_or_else(|| ErrorInternalServerError("no mail"))?;
    let text = message.body_text(0).unwrap_or_default();
    let text = parts(&text, &state.base_url);
    page(&MailPage { mail: mail(file, &message), text })
}

fn folder(outbox: &OutboxFolder) -> actix_web::Result<&Path> {
    outbox.0.as_deref().ok_or_else(|| ErrorNotFound("mails leave over SMTP"))
}

/// The mails' names, newest first: they begin with the time. Links to other places are left out.
fn files(folder: &Path) -> io::Result<Vec<String>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if let Ok(name) = entry.file_name().into_string()
            && Path::new(&name).extension().is_some_and(|extension| extension == "eml")
            && !name.starts_with('.')
            && entry.file_type()?.is_file()
        {
            files.push(name);
        }
    }
    files.sort_unstable_by(|a, b| b.cmp(a));
    Ok(files)
}

fn parse(bytes: &[u8]) -> Option<Message<'_>> {
    MessageParser::default().parse(bytes)
}

fn mail(file: &str, message: &Message<'_>) -> Mail {
    let first = |addresses: Option<&Address<'_>>| {
        addresses.and_then(Address::first).and_then(|one| one.address()).unwrap_or_default().to_owned()
    };
    let date = message.date().and_then(|date| jiff::Timestamp::from_second(date.to_timestamp()).ok());
    let zone = TimeZone::get(ZONE).unwrap_or(TimeZone::UTC);
    Mail {
        file: file.to_owned(),
        from: first(message.from()),
        to: first(message.to()),
        subject: message.subject().unwrap_or_default().to_owned(),
        date: date.map(|at| at.to_zoned(zone).strftime("%Y-%m-%d %H:%M:%S").to_string()).unwrap_or_default(),
    }
}

/// Splits a text at line breaks and at the portal's own addresses; no other becomes a link.
fn parts(text: &str, base_url: &Url) -> Vec<Part> {
    let own = base_url.as_str();
    let mut parts = Vec::new();
    for line in text.lines() {
        let mut rest = line;
        while let Some(at) = rest.find(own) {
            let (before, from) = rest.split_at(at);
            let ends = |c: char| !(c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c));
            let (link, after) = from.split_at(from.find(ends).unwrap_or(from.len()));
            parts.push(Part::Text(before.to_owned()));
            parts.push(Part::Link(link.to_owned()));
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        parts.push(Part::Break);
    }
    parts
}

fn page(page: &impl Template) -> actix_web::Result<HttpResponse> {
    let html = page.render().map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Ok().insert_header(ContentType::html()).insert_header((CACHE_CONTROL, "no-store")).body(html))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str = "From: Hikae <hikae@hikae.example>\r\nTo: misaki@hikae.example\r\n\
        Subject: =?utf-8?B?5LqM6KaB57Sg6KqN6Ki844Gu6Kej6Zmk?=\r\nDate: Sun, 22 Nov 2026 00:00:00 +0000\r\n\
        Content-Type: text/plain; charset=utf-8\r\n\r\n\
        <b>開く</b>: http://127.0.0.1:8080/two-factor-release/abc_-1\r\nhttp://evil.example/x\r\n";

    #[test]
    fn only_the_portals_own_addresses_become_links() {
        let base = Url::parse("http://127.0.0.1:8080").unwrap();
        let found = parts("先 http://127.0.0.1:8080/a/b-_c。後\nhttp://evil.example/", &base);
        let links: Vec<&Part> = found.iter().filter(|part| matches!(part, Part::Link(_))).collect();
        assert_eq!(links, [&Part::Link("http://127.0.0.1:8080/a/b-_c".to_owned())]);
        assert!(found.contains(&Part::Text("。後".to_owned())));
        assert!(parts("http://127.0.0.1:80801/", &base).iter().all(|part| !matches!(part, Part::Link(_))));
    }

    #[test]
    fn a_mail_is_shown_escaped_and_with_its_link() {
        let message = parse(MAIL.as_bytes()).unwrap();
        let text = parts(&message.body_text(0).unwrap(), &Url::parse("http://127.0.0.1:8080").unwrap());
        let html = MailPage { mail: mail("1.eml", &message), text }.render().unwrap();
        assert!(html.contains("<h1>二要素認証の解除</h1>"), "{html}");
        assert!(html.contains("<a href=\"http://127.0.0.1:8080/two-factor-release/abc_-1\">"), "{html}");
        assert!(!html.contains("<b>") && !html.contains("href=\"http://evil"), "{html}");
        assert!(html.contains("2026-11-22 09:00:00"), "{html}");
    }

    #[test]
    fn only_mails_of_the_folder_itself_are_listed_newest_first() {
        let place = tempfile::tempdir().unwrap();
        let outbox = place.path().join("outbox");
        fs::create_dir(&outbox).unwrap();
        for name in ["20260101T000000Z-1.eml", "20260201T000000Z-2.eml", ".20260301.eml", "notes.txt"] {
            fs::write(outbox.join(name), MAIL).unwrap();
        }
        fs::write(place.path().join("secret.eml"), MAIL).unwrap();
        std::os::unix::fs::symlink(place.path().join("secret.eml"), outbox.join("20270101T000000Z-3.eml")).unwrap();
        assert_eq!(files(&outbox).unwrap(), ["20260201T000000Z-2.eml", "20260101T000000Z-1.eml"]);
    }
}
