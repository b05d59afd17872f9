//! Every message in both languages.

use std::collections::HashSet;

use scraper::{Html, Selector};

use super::*;
use crate::domain::client::Client;
use crate::domain::language::Language;
use crate::domain::message::Message;
use crate::mail::content::kind_of;
use crate::mail::samples::{circumstances, mail, messages};

const BASE: &str = "https://portal.example.jp";

fn letter(mail: &Mail) -> Letter {
    compose(mail, &Url::parse(BASE).unwrap()).unwrap()
}

fn every_letter() -> Vec<(&'static str, Vec<String>, Letter)> {
    let all = Language::ALL.into_iter().flat_map(|language| {
        messages().into_iter().map(move |(message, paths)| {
            let urls = paths.into_iter().map(|path| format!("{BASE}{path}")).collect();
            (kind_of(&message), urls, letter(&mail(language, message)))
        })
    });
    all.collect()
}

/// The text that a reader of the HTML part sees, without the white space between.
fn seen(html: &str) -> String {
    let page = Html::parse_document(html);
    let body = page.select(&Selector::parse("body").unwrap()).next().unwrap();
    body.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn hrefs(html: &str) -> Vec<String> {
    let page = Html::parse_document(html);
    let links = Selector::parse("a").unwrap();
    page.select(&links).map(|link| link.attr("href").unwrap().to_owned()).collect()
}

#[test]
fn every_message_has_a_short_subject_and_two_clean_parts() {
    for (kind, _, letter) in every_letter() {
        let Letter { subject, text, html, language, .. } = &letter;
        assert!(!subject.is_empty() && subject.chars().count() <= 60, "{kind}: {subject}");
        assert!(subject.contains("Hikae"), "{kind}: {subject}");
        assert!(!subject.chars().any(char::is_control), "{kind}");
        for part in [text, html] {
            assert!(!part.chars().any(|c| c.is_control() && c != '\n'), "{kind}");
            assert!(!part.contains("\n\n\n"), "{kind}: an empty paragraph\n{part}");
        }
        assert!(html.contains(&format!("<html lang=\"{language}\">")), "{kind}");
        assert!(text.lines().last().is_some_and(|line| !line.is_empty()), "{kind}");
    }
}

#[test]
fn links_are_those_of_the_message_in_their_order_and_stand_alone_on_a_line() {
    for (kind, expected, letter) in every_letter() {
        let in_text: Vec<&str> = letter.text.lines().filter(|line| line.starts_with("http")).collect();
        assert_eq!(in_text, expected, "{kind}");
        // The base address once more at the foot, and nothing else.
        assert_eq!(letter.text.matches("http").count(), expected.len() + 1, "{kind}");

        let mut in_html = hrefs(&letter.html);
        assert_eq!(in_html.pop().as_deref(), Some(BASE), "{kind}");
        in_html.dedup(); // the button and its address written out
        assert_eq!(in_html, expected, "{kind}");
    }
}

#[test]
fn both_parts_say_the_same() {
    for (kind, _, letter) in every_letter() {
        let html = seen(&letter.html);
        let marks: &[char] = &['▼', '■', '>', '*', ' ', '-'];
        for line in letter.text.lines().map(|line| line.trim_start_matches(marks)) {
            // Facts are a list in HTML.
            let plain = line.split_once(['：', ':']).map_or(line, |(label, _)| label);
            let words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(html.contains(&words) || letter.html.contains(line), "{kind}: {line}");
        }
    }
}

#[test]
fn no_message_speaks_another_ones_words() {
    for language in Language::ALL {
        let letters: Vec<_> = messages().into_iter().map(|(message, _)| letter(&mail(language, message))).collect();
        let subjects: HashSet<&str> = letters.iter().map(|letter| letter.subject.as_str()).collect();
        assert_eq!(subjects.len(), letters.len());
        let leads: Vec<&str> = letters.iter().map(|letter| letter.text.lines().nth(2).unwrap()).collect();
        for (i, lead) in leads.iter().enumerate() {
            assert!(lead.chars().count() > 10, "{lead}");
            for (j, other) in letters.iter().enumerate().filter(|(j, _)| *j != i) {
                assert!(!other.text.contains(lead), "{i} in {j}: {lead}");
            }
        }
    }
}

#[test]
fn the_mail_of_a_release_is_named_as_the_button_says() {
    let named: Vec<_> = every_letter()
        .into_iter()
        .filter(|(_, _, letter)| letter.subject.contains("二要素認証の解除"))
        .map(|(kind, ..)| kind)
        .collect();
    assert_eq!(named, ["release_requested"]);
}

#[test]
fn facts_are_told() {
    let (message, _) = messages().swap_remove(3);
    let japanese = letter(&mail(Language::Ja, message.clone())).text;
    for fact in [
        "山田 花子 様",
        "日時：2026年11月22日 18:04（日本時間）",
        "端末：Chrome (Windows)",
        "IPアドレス：203.0.113.5",
        "使用したコード：3番",
        "未使用のコード：残り7個",
        "シート：第2回（シートID K7QM-2FXP）",
    ] {
        assert!(japanese.lines().any(|line| line == fact), "{fact}\n{japanese}");
    }
    let english = letter(&mail(Language::En, message)).text;
    assert!(english.lines().any(|line| line == "Time: 22 Nov 2026, 18:04 JST"), "{english}");
}

#[test]
fn an_unknown_device_is_named_in_the_readers_language() {
    let told = |language| {
        let by = circumstances(Client::UNKNOWN_DEVICE);
        letter(&mail(language, Message::TwoFactorEnabled { by })).text
    };
    assert!(told(Language::Ja).contains("端末：不明な端末\n"));
    assert!(told(Language::En).contains("Device: Unknown device\n"));
}

#[test]
fn a_code_of_an_earlier_sheet_names_the_sheet_that_counts() {
    let (message, _) = messages().pop().unwrap();
    let text = letter(&mail(Language::Ja, message)).text;
    assert!(text.contains("以前のシート") && text.contains("有効なシート：第2回（シートID K7QM-2FXP）"), "{text}");
}

#[test]
fn what_may_reach_a_stranger_tells_nothing_of_the_asker() {
    for (kind, _, letter) in every_letter() {
        let stranger = matches!(kind, "email_change_requested" | "email_already_in_use");
        if stranger {
            assert!(!letter.text.contains("203.0.113.5") && !letter.text.contains("Chrome"), "{kind}");
        }
    }
}

#[test]
fn hostile_names_and_devices_are_harmless() {
    let hostile = "<script>alert(1)</script>\"'&\r\nBcc: x@evil.example\r\n\r\nhttp://evil.example/\u{202e}";
    for language in Language::ALL {
        let message = Message::EmailChangeAnnounced { by: circumstances(hostile), new_email: hostile.to_owned() };
        let mut mail = mail(language, message);
        mail.to_name = "<b>\"O'Hara\"\r\n& Co\u{202e}".to_owned();
        let letter = letter(&mail);

        assert_eq!(letter.to_name, "<b>\"O'Hara\" & Co");
        assert!(!letter.html.contains("<script") && !letter.html.contains("<b>"));
        assert!(!letter.text.lines().any(|line| line.starts_with("Bcc") || line.starts_with("http://evil")));
        assert!(!letter.text.contains('\u{202e}') && !letter.html.contains('\u{202e}'));
        assert!(hrefs(&letter.html).iter().all(|href| href.starts_with(BASE)));
        assert!(seen(&letter.html).contains("<script>alert(1)</script>\"'& Bcc: x@evil.example"));
    }
}

#[test]
fn links_begin_with_the_base_address_whatever_the_path_says() {
    let (reset_path, valid_until) = ("//evil.example/x".to_owned(), crate::domain::time::Timestamp(0));
    let message = Message::PasswordReset { by: circumstances(""), reset_path, valid_until };
    let mail = mail(Language::En, message);
    for base in ["https://portal.example.jp", "https://portal.example.jp/hikae/"] {
        let letter = compose(&mail, &Url::parse(base).unwrap()).unwrap();
        let expected = format!("{}/evil.example/x", base.trim_end_matches('/'));
        assert!(letter.text.lines().any(|line| line == expected), "{}", letter.text);
    }
}
