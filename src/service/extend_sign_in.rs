//! More time for the second step of a sign-in, for whoever is slow with phone or paper (SC-84;
//! WCAG 2.2.1). It moves the end of the stage and nothing else.

use super::Services;
use super::access::PasswordProven;
use crate::domain::time::{Seconds, Timestamp};
use crate::fault::Fault;
use crate::store::attempts;
use crate::store::sessions::{self, Stage};

/// How long the stage lasts, at first and after each extension (SC-31).
pub(super) const STAGE: Seconds = Seconds::minutes(10);
/// Ten times the first span, as WCAG 2.2.1 asks for; whoever has the password has no longer for
/// guessing codes.
const EXTENSIONS: Seconds = Seconds(STAGE.0 * 10);

/// Up to when a stage that began then can last.
pub(super) fn latest_end(begun_at: Timestamp) -> Timestamp {
    begun_at + STAGE + EXTENSIONS
}

/// How asking for more time ends.
#[derive(Debug, PartialEq, Eq)]
pub enum ExtendSignIn {
    Extended,
    /// It lasts as long as it ever will.
    AtTheEnd,
    StageOver,
}

/// Lets the stage last ten minutes from now.
///
/// # Errors
/// [`Fault`] of the database: it ends when it would have ended.
pub async fn extend_sign_in(services: &Services, proof: &PasswordProven) -> Result<ExtendSignIn, Fault> {
    let (user, session, now) = (proof.user(), proof.session(), services.clock.now());
    services
        .db
        .write(move |tx| {
            attempts::lock(tx, user)?;
            let stage = sessions::find(tx, session, now)?
                .filter(|stage| stage.user == user && stage.stage == Stage::PasswordProven);
            let Some(stage) = stage else { return Ok(ExtendSignIn::StageOver) };
            let latest = latest_end(stage.created_at);
            if stage.expires_at >= latest {
                return Ok(ExtendSignIn::AtTheEnd);
            }
            let until = stage.expires_at.max((now + STAGE).min(latest));
            let extended = sessions::extend_password_proven(tx, user, session, now, until)?;
            Ok(if extended { ExtendSignIn::Extended } else { ExtendSignIn::StageOver })
        })
        .await
}
