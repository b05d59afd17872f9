//! The language of a page: what was chosen here, what the member prefers, what the browser
//! wishes, and Japanese.

use actix_web::HttpMessage;
use actix_web::HttpResponse;
use actix_web::cookie::Cookie;
use actix_web::cookie::time::Duration;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{self, AcceptLanguage, Header};
use serde::Deserialize;

use super::answer::{Answer, see_other};
use super::error::Problem;
use super::form::Form;
use super::guard::Visit;
use super::{cookies, url};
use crate::domain::language::Language;
use crate::service::access::Identity;
use crate::service::change_profile;

const COOKIE: &str = "hikae_language";

/// What the request itself says: the language chosen in this browser, and the browser's wish.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wishes {
    chosen: Option<Language>,
    browser: Option<Language>,
}

impl Wishes {
    /// What the cookie and `Accept-Language` say, read once for each request.
    pub fn of(req: &ServiceRequest) -> Self {
        if let Some(known) = req.extensions().get::<Self>() {
            return *known;
        }
        let wishes = Self::read(req);
        req.extensions_mut().insert(wishes);
        wishes
    }

    fn read(req: &ServiceRequest) -> Self {
        let chosen = cookies::value_of(req, COOKIE).and_then(|tag| tag.parse().ok());
        let browser = AcceptLanguage::parse(req).ok().and_then(|accepted| {
            let tags = accepted.ranked().into_iter().filter_map(header::Preference::into_item);
            tags.filter_map(|tag| tag.primary_language().to_ascii_lowercase().parse().ok()).next()
        });
        Self { chosen, browser }
    }

    /// The language chosen in this browser.
    pub const fn chosen(self) -> Option<Language> {
        self.chosen
    }

    /// The language for a reader who prefers `member`, if that is known.
    pub fn settle(self, member: Option<Language>) -> Language {
        self.chosen.or(member).or(self.browser).unwrap_or_default()
    }
}

/// Remembers a language in this browser for a year.
pub fn cookie(language: Language, secure: bool) -> Cookie<'static> {
    cookies::cookie(COOKIE, language.tag().to_owned(), Duration::days(365), secure)
}

/// The switch at the top of every page.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct SwitchForm {
    language: String,
    back: String,
}

/// `POST /language`
pub async fn switch(visit: Visit, form: Form<SwitchForm>) -> Answer {
    let language: Language = form.language.parse().map_err(|_| Problem::BadRequest)?;
    if let Identity::SignedIn(me) = &visit.reader.identity {
        change_profile::remember_language(visit.services(), me, language).await?;
    }
    let mut answer: HttpResponse = see_other(url::local(&form.back).unwrap_or(url::HOME));
    answer.add_cookie(&cookie(language, visit.state.is_https())).map_err(|_| Problem::BadRequest)?;
    Ok(answer)
}
