//! The office this sign-in speaks of, chosen at the top right of every page.

use serde::Deserialize;

use crate::domain::ids::OfficeId;
use crate::domain::office::Role;
use crate::service::access::SignedIn;
use crate::service::switch_office::switch_office;
use crate::web::answer::{Answer, see_other};
use crate::web::error::Problem;
use crate::web::form::Form;
use crate::web::guard::{Enrolling, Visit};
use crate::web::url;

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct SwitchForm {
    office: String,
    next: String,
}

/// `POST /account/office`: to another office of one's own.
pub(super) async fn switch(visit: Visit, me: Enrolling, form: Form<SwitchForm>) -> Answer {
    let office: OfficeId = form.office.parse().map_err(|_| Problem::NotFound)?;
    if !switch_office(visit.services(), &me, office).await? {
        return Err(Problem::NotFound);
    }
    Ok(see_other(&after(&me, office, &form.next)))
}

/// Where to go on: back, but from a page of the former office to the same page of the new one.
fn after(me: &SignedIn, office: OfficeId, next: &str) -> String {
    let next = url::local(next).unwrap_or(url::ACCOUNT);
    let path = next.split(['?', '#']).next().unwrap_or_default();
    let Some((_, page)) = url::office_in(path) else { return next.to_owned() };
    let administers = me.offices().iter().any(|own| own.office == office && own.role == Role::Admin);
    let pages = [url::MEMBERS, url::INVITATIONS, url::RELEASE_REQUESTS, url::OFFICE_TWO_FACTOR, url::OFFICE_ACTIVITY];
    let same = pages.into_iter().find(|known| known.rsplit('/').next() == page.split('/').next());
    if administers { url::of(same.unwrap_or(url::MEMBERS), office) } else { url::ACCOUNT.to_owned() }
}
