//! The gallery: every page in every state, and every mail, with sample data. Pages are those of
//! the portal, behind the same middleware; only the demo has these routes.

use std::sync::LazyLock;

use actix_web::error::{ErrorInternalServerError, ErrorNotFound};
use actix_web::http::header::{CONTENT_DISPOSITION, ContentType};
use actix_web::{HttpResponse, web};
use askama::Template;
use url::Url;

use crate::domain::language::Language;
use crate::mail::{self, Letter};
use crate::web::WebState;
use crate::web::samples::{self, Area, Sample};

/// `/gallery…`
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/gallery", web::get().to(|state| index(state, web::Path::from(Language::default().tag().to_owned()))))
        .route("/gallery/{language}", web::get().to(index))
        .route("/gallery/{language}/mail/{name}.html", web::get().to(letter_as_file))
        .route("/gallery/{language}/mail/{name}", web::get().to(letter))
        .route("/gallery/{language}/{name}", web::get().to(page));
}

#[derive(Template)]
#[template(path = "demo/gallery.html")]
struct IndexPage {
    language: Language,
    areas: Vec<(Area, Vec<&'static Sample>)>,
    letters: Vec<(String, Letter)>,
}

#[derive(Template)]
#[template(path = "demo/letter.html")]
struct LetterPage<'a> {
    language: Language,
    name: &'a str,
    letter: Letter,
}

/// Every page of a language.
pub fn pages(language: Language) -> &'static [Sample] {
    static JA: LazyLock<Vec<Sample>> = LazyLock::new(|| samples::all(Language::Ja));
    static EN: LazyLock<Vec<Sample>> = LazyLock::new(|| samples::all(Language::En));
    match language {
        Language::Ja => &JA,
        Language::En => &EN,
    }
}

/// Every mail of a language, by name, with links that begin with `base_url`.
///
/// # Errors
/// When a template cannot be rendered, which no value can bring about.
pub fn letters(language: Language, base_url: &Url) -> Result<Vec<(String, Letter)>, askama::Error> {
    let letters = mail::samples::named().into_iter().map(|(name, message)| {
        mail::compose(&mail::samples::mail(language, message), base_url).map(|letter| (name, letter))
    });
    letters.collect()
}

fn known(tag: &str) -> actix_web::Result<Language> {
    tag.parse().map_err(ErrorNotFound)
}

async fn index(state: web::Data<WebState>, language: web::Path<String>) -> actix_web::Result<HttpResponse> {
    let language = known(&language)?;
    let of = |area: Area| pages(language).iter().filter(|sample| sample.area == area).collect();
    answer(&IndexPage {
        language,
        areas: Area::ALL.into_iter().map(|area| (area, of(area))).collect(),
        letters: letters(language, &state.base_url).map_err(ErrorInternalServerError)?,
    })
}

async fn page(path: web::Path<(String, String)>) -> actix_web::Result<HttpResponse> {
    let (language, name) = path.into_inner();
    let sample = pages(known(&language)?).iter().find(|sample| sample.name == name);
    let sample = sample.ok_or_else(|| ErrorNotFound("no such page"))?;
    Ok(HttpResponse::Ok().insert_header(ContentType::html()).body(sample.html.as_str()))
}

fn find(language: Language, name: &str, state: &WebState) -> actix_web::Result<Letter> {
    let letters = letters(language, &state.base_url).map_err(ErrorInternalServerError)?;
    let letter = letters.into_iter().find(|(own, _)| own == name);
    letter.map(|(_, letter)| letter).ok_or_else(|| ErrorNotFound("no such mail"))
}

async fn letter(state: web::Data<WebState>, path: web::Path<(String, String)>) -> actix_web::Result<HttpResponse> {
    let (language, name) = path.into_inner();
    let language = known(&language)?;
    let letter = find(language, &name, &state)?;
    answer(&LetterPage { language, name: &name, letter })
}

/// The HTML of a mail, to save and open: its styles are inline, as mail programs want them, and
/// the portal's own pages may have none.
async fn letter_as_file(
    state: web::Data<WebState>,
    path: web::Path<(String, String)>,
) -> actix_web::Result<HttpResponse> {
    let (language, name) = path.into_inner();
    let letter = find(known(&language)?, &name, &state)?;
    let file = (CONTENT_DISPOSITION, "attachment");
    Ok(HttpResponse::Ok().insert_header(ContentType::html()).insert_header(file).body(letter.html))
}

fn answer(template: &impl Template) -> actix_web::Result<HttpResponse> {
    let html = template.render().map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Ok().insert_header(ContentType::html()).body(html))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_page_has_an_address_of_its_own() {
        let names = |language| pages(language).iter().map(|sample| sample.name.as_str()).collect::<Vec<_>>();
        let ja = names(Language::Ja);
        let mut seen = HashSet::new();
        let twice: Vec<&&str> = ja.iter().filter(|name| !seen.insert(**name)).collect();
        assert!(twice.is_empty(), "{twice:?}");
        assert_eq!(ja, names(Language::En));
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(ja.iter().all(|name| name.chars().all(plain)), "{ja:?}");
        assert!(pages(Language::Ja).iter().all(|sample| !sample.title().is_empty()));
        let mails: Vec<String> = mail::samples::named().into_iter().map(|(name, _)| name).collect();
        assert_eq!(mails.iter().collect::<HashSet<_>>().len(), mails.len(), "{mails:?}");
    }
}
