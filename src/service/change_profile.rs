//! A signed-in member changes name, language and time zone.

use jiff::tz::TimeZone;

use super::Services;
use super::access::SignedIn;
use super::act::Act;
use crate::domain::audit::{Action, Event, Outcome};
use crate::domain::client::Client;
use crate::domain::language::Language;
use crate::domain::office::{InvalidName, Name};
use crate::fault::Fault;
use crate::store::users;

/// What was typed.
#[derive(Debug)]
pub struct Profile {
    pub name: String,
    pub language: Language,
    /// IANA name.
    pub time_zone: String,
}

/// How the change ends.
#[derive(Debug, PartialEq, Eq)]
pub enum ChangeProfile {
    Changed,
    InvalidName(InvalidName),
    UnknownTimeZone,
}

/// Changes the profile.
///
/// # Errors
/// [`Fault`]: nothing is changed.
pub async fn change_profile(
    services: &Services,
    me: &SignedIn,
    profile: Profile,
    client: &Client,
) -> Result<ChangeProfile, Fault> {
    let name = match Name::parse(&profile.name) {
        Ok(name) => name,
        Err(invalid) => return Ok(ChangeProfile::InvalidName(invalid)),
    };
    if TimeZone::get(&profile.time_zone).is_err() {
        return Ok(ChangeProfile::UnknownTimeZone);
    }
    let (user, my) = (me.user(), me.clone());
    let act = Act::begin(services, client);
    services
        .db
        .write(move |tx| {
            my.hold(tx, act.now)?;
            users::set_profile(tx, user, name.as_str(), profile.language, &profile.time_zone)?;
            act.record(tx, Event::own(user, Action::ProfileChanged, Outcome::Done))?;
            Ok(ChangeProfile::Changed)
        })
        .await
}

/// Remembers the language a member has switched to, for mails and other browsers.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn remember_language(services: &Services, me: &SignedIn, language: Language) -> Result<(), Fault> {
    let user = me.user();
    if me.language() == Some(language) {
        return Ok(());
    }
    services.db.write(move |tx| users::set_language(tx, user, language)).await
}
