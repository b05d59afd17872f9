//! プロフィール: name, language, time zone.

use askama::Template;
use jiff::tz;
use serde::Deserialize;

use crate::domain::language::Language;
use crate::domain::office::InvalidName;
use crate::i18n::Words;
use crate::service::access::SignedIn;
use crate::service::change_profile::{ChangeProfile, Profile, change_profile};
use crate::web::answer::{self, Answer, see_other};
use crate::web::errors_in_form::Errors;
use crate::web::form::Form;
use crate::web::guard::Visit;
use crate::web::notice::Notice;
use crate::web::page::Page;
use crate::web::{language, url};

#[derive(Template)]
#[template(path = "pages/account/profile.html")]
pub(crate) struct ProfilePage {
    pub page: Page,
    pub name: String,
    pub language: String,
    pub time_zone: String,
    pub zones: Vec<String>,
    pub errors: Errors,
}

/// Every time zone there is to choose from, by name.
pub(crate) fn zones() -> Vec<String> {
    let mut zones: Vec<String> = tz::db().available().map(|zone| zone.as_str().to_owned()).collect();
    zones.retain(|zone| zone == "UTC" || (zone.contains('/') && !zone.starts_with("Etc/")));
    zones.sort_unstable();
    zones
}

/// `GET /account/profile`
pub(super) async fn show(visit: Visit, me: SignedIn) -> Answer {
    let (language, time_zone) = (visit.reader.language.tag().to_owned(), me.time_zone().to_owned());
    let (name, page, errors) = (me.name().to_owned(), Page::of(&visit), Errors::none());
    let mut zones = zones();
    if !zones.contains(&time_zone) {
        // A zone of long ago or of an import: saving the page must not change it unasked.
        zones.push(time_zone.clone());
    }
    answer::page(&ProfilePage { page, name, language, time_zone, zones, errors })
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ProfileForm {
    name: String,
    language: String,
    time_zone: String,
}

/// `POST /account/profile`
pub(super) async fn submit(visit: Visit, me: SignedIn, form: Form<ProfileForm>) -> Answer {
    let ProfileForm { name, language, time_zone } = form.0;
    let words = &Words::of(visit.reader.language).account;
    let errors = match language.parse::<Language>() {
        Err(_) => Errors::of("language", words.language_unknown),
        Ok(chosen) => {
            let profile = Profile { name: name.clone(), language: chosen, time_zone: time_zone.clone() };
            match change_profile(visit.services(), &me, profile, &visit.client).await? {
                ChangeProfile::Changed => return saved(&visit, chosen),
                ChangeProfile::InvalidName(InvalidName::Empty) => Errors::of("name", words.name_empty),
                ChangeProfile::InvalidName(InvalidName::TooLong) => Errors::of("name", words.name_too_long),
                ChangeProfile::InvalidName(InvalidName::ControlCharacters) => Errors::of("name", words.name_control),
                ChangeProfile::UnknownTimeZone => Errors::of("time_zone", words.time_zone_unknown),
            }
        }
    };
    let page = Page::of(&visit);
    answer::unprocessable(&ProfilePage { page, name, language, time_zone, zones: zones(), errors })
}

fn saved(visit: &Visit, chosen: Language) -> Answer {
    visit.tell(Notice::ProfileSaved);
    let mut answer = see_other(url::PROFILE);
    // This browser may have chosen another language before; the newer choice counts.
    if let Err(error) = answer.add_cookie(&language::cookie(chosen, visit.state.is_https())) {
        tracing::warn!(%error, "the language cookie could not be set");
    }
    Ok(answer)
}
