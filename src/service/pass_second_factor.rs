//! The second step of signing in, with a security code from the authenticator.

use super::Services;
use super::access::PasswordProven;
use super::act::Act;
use super::end_release_request;
use super::password_proof::remember_network;
use super::second_factor::{CodeRefusal, Place, check_security_code};
use crate::domain::audit::{Action, Event, Outcome};
use crate::domain::client::Client;
use crate::domain::token::SessionKey;
use crate::domain::two_factor::{TwoFactor, code_input};
use crate::fault::Fault;
use crate::store::{two_factor, users};

/// How the second step ends.
#[derive(Debug)]
pub enum PassSecondFactor {
    /// A complete session in place of the password-proven one.
    Passed(SessionKey),
    Refused(CodeRefusal),
    /// The password-proven stage has ended meanwhile.
    StageOver,
}

/// Passes the second step with a security code as typed.
///
/// # Errors
/// [`Fault`]: nobody is signed in and no try is spent.
pub async fn pass_second_factor(
    services: &Services,
    proof: &PasswordProven,
    typed: &str,
    client: &Client,
) -> Result<PassSecondFactor, Fault> {
    let code = code_input::security_code(typed);
    let mut act = Act::begin(services, client);
    let (user, proof) = (proof.user(), proof.clone());
    let outcome = services
        .db
        .write_unless_refused(move |tx| {
            let place = Place { user, action: Action::SecurityCodeStep, by_owner: false };
            let TwoFactor::On(enabled) = two_factor::state(tx, user)? else {
                return Ok(Err(PassSecondFactor::StageOver));
            };
            if let Err(refusal) =
                check_security_code(tx, &mut act, place, (enabled.set_up, &enabled.sealed_key), &code)?
            {
                return Ok(Ok(PassSecondFactor::Refused(refusal)));
            }
            // Undone as a whole when the stage is over: then the code is not spent either.
            let Some(key) = act.complete_session(tx, &proof)? else { return Ok(Err(PassSecondFactor::StageOver)) };
            users::signed_in(tx, user, act.now)?;
            remember_network(tx, proof.email().as_str(), &act.client, act.now)?;
            end_release_request::close(tx, &mut act, user)?;
            act.record(tx, Event::own(user, Action::SecurityCodeStep, Outcome::Done))?;
            Ok(Ok(PassSecondFactor::Passed(key)))
        })
        .await?;
    Ok(outcome.unwrap_or_else(|over| over))
}
