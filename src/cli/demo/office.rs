//! What is going on in the demo's first office: many members, a request that waits, an invitation,
//! and a day from which two-factor authentication is required.

use anyhow::{Context, Result, bail};

use super::people::{CROWD, INVITED, PASSWORD, Story, of_the_crowd};
use super::world::{Player, STEP, client};
use crate::crypto::password_hash::PasswordHash;
use crate::domain::email::EmailAddress;
use crate::domain::ids::OfficeId;
use crate::domain::office::{Name, Role};
use crate::domain::password::Password;
use crate::domain::time::{Seconds, Timestamp};
use crate::service::Services;
use crate::service::access::{Identity, OfficeAdmin, PasswordProven, identify};
use crate::service::import_users::{ImportedUser, import_users};
use crate::service::invite::{Invite, InviteAs, invite};
use crate::service::operator::{self, Assign};
use crate::service::pass_second_factor::{PassSecondFactor, pass_second_factor};
use crate::service::request_release::{self, RequestRelease};
use crate::service::require_two_factor::{self, RequireTwoFactor, days_to_choose};
use crate::service::sign_in::{Credentials, SignIn, sign_in, sign_out};

/// How long ago the administrators were asked.
const ASKED_AGO: Seconds = Seconds::minutes(40);
/// From when on two-factor authentication is required.
const REQUIRED_IN: Seconds = Seconds::hours(21 * 24);
/// Hash of a password that nobody knows: the crowd is there to be looked at.
const NOBODYS_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZSBzYWx0IG9mIG91cnM$kS0vYqsHhN0T3vYcV1wAcVfYQmJm6nq3h2pH6i3w1zM";

/// Fills the first office with life. The clock of `services` is a manual one that stands in the
/// past; `now` is the time of the demo's start.
///
/// # Errors
/// An act was refused or failed.
pub async fn busy(services: &Services, offices: &[OfficeId], players: &[Player], now: Timestamp) -> Result<()> {
    let (first, other) = (*offices.first().context("an office")?, *offices.get(2).context("another office")?);
    let (admin, second) = (players.first().context("an administrator")?, players.get(1).context("another one")?);
    let email = EmailAddress::parse(second.person.email)?;
    if operator::assign(services, email, other, Role::General).await? != Assign::Joined {
        bail!("the second administrator did not join the other office");
    }
    let asked_at = now.before(ASKED_AGO);
    services.clock.turn(Seconds(services.clock.now().seconds_until(asked_at)));
    for player in players.iter().filter(|player| player.person.story == Story::Asking) {
        let proof = password_proven(services, player).await?;
        let RequestRelease::Sent { .. } = request_release::request(services, &proof, &client()).await? else {
            bail!("the request was refused");
        };
    }
    administrate(services, admin, first).await?;
    // Last, so that the mailbox is not full of mails to them.
    crowd(services, first).await
}

async fn crowd(services: &Services, office: OfficeId) -> Result<()> {
    let hash = PasswordHash::parse(NOBODYS_HASH)?;
    let mut people = Vec::with_capacity(CROWD);
    for (email, name) in (0..CROWD).map(of_the_crowd) {
        people.push(ImportedUser {
            email: EmailAddress::parse(&email)?,
            name: Name::parse(&name)?,
            office,
            role: Role::General,
            password_hash: hash.clone(),
            totp_key: None,
        });
    }
    let Ok(_) = import_users(services, people, |_| {}).await? else { bail!("an address is taken") };
    Ok(())
}

async fn password_proven(services: &Services, player: &Player) -> Result<PasswordProven> {
    let credentials = Credentials { email: player.person.email.to_owned(), password: Password::typed(PASSWORD) };
    let SignIn::SecondFactorNeeded(stage) = sign_in(services, credentials, None, &client()).await? else {
        bail!("the sign-in was refused");
    };
    let Identity::PasswordProven(proof) = identify(services, &stage).await? else { bail!("no stage") };
    Ok(proof)
}

/// Signs the administrator in with two factors, invites somebody and requires two-factor
/// authentication of everybody.
async fn administrate(services: &Services, player: &Player, office: OfficeId) -> Result<()> {
    let proof = password_proven(services, player).await?;
    services.clock.turn(STEP);
    let key = &player.authenticator.as_ref().context("an authenticator")?.key;
    let code = key.code_at(services.clock.now());
    let PassSecondFactor::Passed(session) = pass_second_factor(services, &proof, &code, &client()).await? else {
        bail!("the second factor was refused");
    };
    let Identity::SignedIn(me) = identify(services, &session).await? else { bail!("the session is not complete") };
    let admin = OfficeAdmin::of(&me, office).context("the administrator of the office")?;
    let invited = vec![EmailAddress::parse(INVITED)?];
    let Invite::Done(..) = invite(services, &admin, invited, InviteAs::General, &client()).await? else {
        bail!("the invitation was refused");
    };
    let from = days_to_choose(me.time_zone(), services.clock.now() + REQUIRED_IN).0;
    let password = Password::typed(PASSWORD);
    let RequireTwoFactor::Required(_, session) =
        require_two_factor::require(services, &admin, &from, password, &client()).await?
    else {
        bail!("the requirement was refused");
    };
    sign_out(services, &session, &client()).await?;
    Ok(())
}
