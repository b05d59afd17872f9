//! Builds the demo's world by the acts that everybody uses: nobody is written into the database
//! by another way.

use std::net::{IpAddr, Ipv4Addr};

use anyhow::{Context, Result, bail};
use zeroize::Zeroizing;

use super::office;
use super::people::{OFFICES, PASSWORD, PEOPLE, Person, Story};
use crate::clock::Clock;
use crate::crypto::password_hash::PasswordHash;
use crate::domain::client::Client;
use crate::domain::email::EmailAddress;
use crate::domain::ids::OfficeId;
use crate::domain::office::Name;
use crate::domain::password::Password;
use crate::domain::time::Seconds;
use crate::domain::token::SessionKey;
use crate::domain::two_factor::sheet::IssuedSheet;
use crate::domain::two_factor::totp::TotpKey;
use crate::service::Services;
use crate::service::access::{Identity, SignedIn, identify};
use crate::service::import_users::{ImportedUser, import_users};
use crate::service::operator::{self, AddUser, NewUser};
use crate::service::set_up_two_factor::{self, ConfirmSetUp, StartSetUp};
use crate::service::sign_in::{Credentials, SignIn, sign_in, sign_out};

/// How long ago the world was made. A security code is accepted once, and so are no older ones:
/// with the set-ups in the past, the code that an authenticator shows now is still unspent.
const MADE_AGO: Seconds = Seconds::hours(72);
/// Between one act and the next.
pub(super) const STEP: Seconds = Seconds::minutes(7);
/// Cost of the imported bcrypt hash, as an older system would have it.
const BCRYPT_COST: u32 = 8;

/// A person as the demo shows them. Keys and codes are shown once and never stored.
pub struct Player {
    pub person: &'static Person,
    pub authenticator: Option<Authenticator>,
    pub sheet: Option<IssuedSheet>,
}

/// What a phone would hold.
pub struct Authenticator {
    pub key: TotpKey,
    pub otpauth_url: Zeroizing<String>,
}

/// Makes offices and people.
///
/// # Errors
/// An act was refused or failed.
pub async fn build(services: &Services) -> Result<Vec<Player>> {
    let now = services.clock.now();
    let clock = Clock::manual(now.before(MADE_AGO));
    let services = Services { clock, ..services.clone() };
    let mut offices = Vec::new();
    for office in OFFICES {
        offices.push(operator::add_office(&services, Name::parse(office.name)?, office.plan).await?);
    }
    let mut players = Vec::new();
    for person in PEOPLE {
        services.clock.turn(STEP);
        let office = *offices.get(person.office).context("the person's office")?;
        players.push(enter(&services, person, office).await.with_context(|| person.email)?);
    }
    office::busy(&services, &offices, &players, now).await?;
    // Nobody has these any more: they were on the phone and on the sheet.
    for player in players.iter_mut().filter(|player| player.person.story == Story::Asking) {
        (player.authenticator, player.sheet) = (None, None);
    }
    Ok(players)
}

async fn enter(services: &Services, person: &'static Person, office: OfficeId) -> Result<Player> {
    if person.story == Story::Imported {
        return import(services, person, office).await;
    }
    let new = NewUser {
        email: EmailAddress::parse(person.email)?,
        name: Name::parse(person.name)?,
        office,
        role: person.role,
        password: Password::chosen(PASSWORD, &[person.email, person.name])?,
    };
    let AddUser::Added(_) = operator::add_user(services, new).await? else {
        bail!("the address is taken");
    };
    if person.story == Story::PasswordOnly {
        return Ok(Player { person, authenticator: None, sheet: None });
    }
    services.clock.turn(STEP);
    let (authenticator, sheet) = set_up(services, person).await?;
    Ok(Player { person, authenticator: Some(authenticator), sheet })
}

async fn import(services: &Services, person: &'static Person, office: OfficeId) -> Result<Player> {
    let key = TotpKey::random(&mut services.random.clone());
    let user = ImportedUser {
        email: EmailAddress::parse(person.email)?,
        name: Name::parse(person.name)?,
        office,
        role: person.role,
        password_hash: PasswordHash::parse(&bcrypt::hash(PASSWORD, BCRYPT_COST)?)?,
        totp_key: Some(TotpKey::from_bytes(key.reveal().to_vec())?),
    };
    let Ok(_) = import_users(services, vec![user], |_| {}).await? else {
        bail!("the address is taken");
    };
    let otpauth_url = key.otpauth_url("Hikae", person.email)?;
    Ok(Player { person, authenticator: Some(Authenticator { key, otpauth_url }), sheet: None })
}

/// The browser from which everybody here acts.
pub(super) fn client() -> Client {
    Client { address: IpAddr::V4(Ipv4Addr::LOCALHOST), device: "Hikae demo".to_owned() }
}

/// Signs in, sets two-factor authentication up as the page does, and signs out.
async fn set_up(services: &Services, person: &Person) -> Result<(Authenticator, Option<IssuedSheet>)> {
    let client = client();
    let credentials = Credentials { email: person.email.to_owned(), password: Password::typed(PASSWORD) };
    let SignIn::SignedIn(key) = sign_in(services, credentials, None, &client).await? else {
        bail!("the sign-in was refused");
    };
    let Identity::SignedIn(me) = identify(services, &key).await? else {
        bail!("the session is not complete");
    };
    let (authenticator, sheet, key) = confirm(services, &me, &client).await?;
    sign_out(services, &key, &client).await?;
    Ok((authenticator, sheet))
}

async fn confirm(
    services: &Services,
    me: &SignedIn,
    client: &Client,
) -> Result<(Authenticator, Option<IssuedSheet>, SessionKey)> {
    let password = Password::typed(PASSWORD);
    let StartSetUp::Started(_) = set_up_two_factor::start(services, me, password, None, client).await? else {
        bail!("the set-up was refused");
    };
    let pending = set_up_two_factor::pending(services, me).await?.context("the set-up is not pending")?;
    let key = TotpKey::from_base32(&pending.key_text)?;
    let code = Zeroizing::new(key.code_at(services.clock.now()));
    let ConfirmSetUp::Confirmed(sheet, session) = set_up_two_factor::confirm(services, me, &code, client).await? else {
        bail!("the set-up was not confirmed");
    };
    Ok((Authenticator { key, otpauth_url: pending.otpauth_url }, sheet, session))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Schema, open_services};
    use crate::random::Randomness;
    use crate::service::pass_second_factor::{PassSecondFactor, pass_second_factor};
    use crate::settings::Settings;

    #[tokio::test]
    async fn everybody_can_sign_in_with_the_code_that_is_shown_now() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { data_dir: folder.path().to_owned(), ..Settings::default() };
        let services = open_services(&settings, Schema::Migrate, Clock::System, Randomness::System).await.unwrap();
        let client = Client::operator();
        for player in build(&services).await.unwrap() {
            let email = player.person.email;
            let credentials = Credentials { email: email.to_owned(), password: Password::typed(PASSWORD) };
            let stage = match (sign_in(&services, credentials, None, &client).await.unwrap(), &player.authenticator) {
                (SignIn::SignedIn(_), None) => continue,
                (SignIn::SecondFactorNeeded(_), None) if player.person.story == Story::Asking => continue,
                (SignIn::SecondFactorNeeded(stage), Some(_)) => stage,
                _ => panic!("another sign-in than the story tells: {email}"),
            };
            let Identity::PasswordProven(proof) = identify(&services, &stage).await.unwrap() else { panic!("{email}") };
            let code = player.authenticator.unwrap().key.code_at(services.clock.now());
            let passed = pass_second_factor(&services, &proof, &code, &client).await.unwrap();
            assert!(matches!(passed, PassSecondFactor::Passed(_)), "{email}");
            let issues = OFFICES[player.person.office].plan.issues_backup_codes();
            assert_eq!(player.sheet.is_some(), player.person.story == Story::SetUp && issues, "{email}");
        }
    }
}
