//! What must be true of every page.

use scraper::{ElementRef, Html, Selector};

use super::*;

fn all<'a>(html: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    html.select(&Selector::parse(selector).expect("a selector")).collect()
}

/// What is wrong with a page, if anything.
fn flaw(text: &str, language: Language) -> Option<String> {
    let html = Html::parse_document(text);
    if all(&html, "html").first().and_then(|root| root.attr("lang")) != Some(language.tag()) {
        return Some("lang".to_owned());
    }
    let headings = all(&html, "h1");
    if headings.len() != 1 || headings[0].text().collect::<String>().trim().is_empty() {
        return Some(format!("{} h1", headings.len()));
    }
    let title: String = all(&html, "title").iter().flat_map(|title| title.text()).collect();
    let says_error = title.starts_with(Words::of(language).common.error_title);
    if !title.ends_with(" | Hikae") || title.starts_with(' ') || says_error == all(&html, ".error-summary").is_empty() {
        return Some(format!("title {title:?}"));
    }
    let mut ids: Vec<&str> = all(&html, "[id]").iter().filter_map(|element| element.attr("id")).collect();
    let has = |id: &str| ids.contains(&id);
    for input in all(&html, "input:not([type=hidden]), select, textarea") {
        let id = input.attr("id").unwrap_or_default();
        if all(&html, &format!("label[for={id:?}]")).len() != 1 {
            return Some(format!("no label for {id:?}"));
        }
        if input.attr("aria-describedby").is_some_and(|described| !described.split(' ').all(has)) {
            return Some(format!("{id:?} is described by nothing"));
        }
    }
    let broken = |link: &ElementRef| link.attr("href").and_then(|to| to.strip_prefix('#')).is_some_and(|id| !has(id));
    if let Some(link) = all(&html, "a[href^='#']").iter().find(|link| broken(link)) {
        return Some(format!("a link to nothing: {}", link.html()));
    }
    for form in all(&html, "form[method=post]") {
        let token = Selector::parse("input[name=csrf_token]").expect("a selector");
        if form.select(&token).next().is_none() {
            return Some("a form without its token".to_owned());
        }
    }
    ids.sort_unstable();
    if let Some(pair) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
        return Some(format!("id {:?} twice", pair[0]));
    }
    let inline = all(&html, "script:not([src]), style, [style], [autofocus]");
    let handlers = all(&html, "*");
    let handlers =
        handlers.iter().flat_map(|element| element.value().attrs()).filter(|(name, _)| name.starts_with("on"));
    (inline.len() + handlers.count() > 0).then(|| "inline script or style".to_owned())
}

#[test]
fn every_page_is_sound_in_every_language() {
    for language in Language::ALL {
        for Sample { name, html: text, .. } in super::all(language) {
            assert_eq!(flaw(&text, language), None, "{name} ({})\n{text}", language.tag());
            assert!(!text.contains("みどり会計<"), "{name}: a name is not escaped");
        }
    }
}

#[test]
fn the_page_with_the_codes_shows_each_of_them_and_no_other_page_does() {
    let codes = issued().codes.map(|code| code.grouped());
    for Sample { name, html: text, .. } in super::all(Language::Ja) {
        for code in &codes {
            // On the sheet, on the card for the wallet, and in the text for the clipboard.
            assert_eq!(text.matches(code.as_str()).count(), if name.starts_with("codes-") { 3 } else { 0 }, "{name}");
        }
    }
}

#[test]
fn what_is_stored_in_english_is_translated_on_japanese_pages() {
    let mut translated = 0;
    for Sample { name, html: text, .. } in super::all(Language::Ja) {
        for stored in [Client::UNKNOWN_DEVICE, Client::COMMAND_LINE, "sheet 2 "] {
            assert!(!text.contains(stored), "{name}: {stored}");
        }
        translated += usize::from(text.contains("不明な端末"));
    }
    assert!(translated > 3, "sessions, activity and the tab show devices");
}

#[test]
fn no_japanese_is_left_on_english_pages() {
    let ours = |c: char| matches!(c, 'ぁ'..='ん' | 'ァ'..='ヶ');
    for Sample { name, html: text, .. } in super::all(Language::En) {
        let text = text.replace("さくら商店", "").replace("みどり", "");
        let found: String = text.chars().filter(|c| ours(*c)).collect();
        assert!(found.is_empty(), "{name}: {found}");
    }
}
