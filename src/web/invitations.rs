//! The link of an invitation.

use actix_web::http::StatusCode;
use actix_web::web::{Path, ServiceConfig, resource};
use askama::Template;
use serde::Deserialize;

use super::answer::{self, Answer, see_other};
use super::errors_in_form::Errors;
use super::form::Form;
use super::guard::Visit;
use super::notice::Notice;
use super::page::Page;
use super::password_reset::weak;
use super::two_factor::refusal::Refused;
use super::{browser_session, get, post, url};
use crate::domain::link::LinkToken;
use crate::domain::office::{InvalidName, Name};
use crate::i18n::Words;
use crate::service::accept_invitation::{self, AcceptNew, AcceptOwn, InvitationLink};
use crate::service::access::{Identity, SignedIn};

/// `/invitations/{token}`
pub fn routes(config: &mut ServiceConfig) {
    config.service(resource(url::INVITATION_LINK).route(get().to(show)).route(post().to(submit)));
}

/// For somebody without an account.
#[derive(Template)]
#[template(path = "pages/invitations/new.html")]
pub(super) struct NewPage {
    pub page: Page,
    pub link: InvitationLink,
    pub name: String,
    pub errors: Errors,
}

/// For somebody with an account who is not signed in.
#[derive(Template)]
#[template(path = "pages/invitations/sign_in.html")]
pub(super) struct SignInPage {
    pub page: Page,
    pub link: InvitationLink,
    /// The sign-in that leads back here.
    pub sign_in: String,
}

/// For somebody who is signed in with the account of the invited address.
#[derive(Template)]
#[template(path = "pages/invitations/join.html")]
pub(super) struct JoinPage {
    pub page: Page,
    pub link: InvitationLink,
}

#[derive(Template)]
#[template(path = "pages/invitations/other.html")]
pub(super) struct OtherPage {
    pub page: Page,
    pub invited: String,
    pub signed_in: String,
}

#[derive(Template)]
#[template(path = "pages/invitations/dead.html")]
pub(super) struct DeadPage {
    pub page: Page,
}

fn dead(visit: &Visit) -> Answer {
    answer::with_status(&DeadPage { page: Page::of(visit) }, StatusCode::GONE, None)
}

/// The invitation is for another address than that of the account signed in here: offers signing
/// out, nothing else (SC-54).
fn other(visit: &Visit, me: &SignedIn, link: &InvitationLink) -> Answer {
    let (invited, signed_in) = (link.email.to_string(), me.email().to_string());
    answer::with_status(&OtherPage { page: Page::of(visit), invited, signed_in }, StatusCode::FORBIDDEN, None)
}

fn sign_in(visit: &Visit, link: InvitationLink, status: StatusCode) -> Answer {
    let sign_in = url::with_next(url::LOGIN, Some(&visit.path));
    answer::with_status(&SignInPage { page: Page::of(visit), link, sign_in }, status, None)
}

async fn show(visit: Visit, token: Path<String>) -> Answer {
    let Some(token) = LinkToken::parse(&token) else { return dead(&visit) };
    let Some(link) = accept_invitation::inspect(visit.services(), &token).await? else { return dead(&visit) };
    match &visit.reader.identity {
        Identity::SignedIn(me) if link.account == Some(me.user()) => {
            answer::page(&JoinPage { page: Page::of(&visit), link })
        }
        Identity::SignedIn(me) => other(&visit, me, &link),
        _ if link.account.is_some() => sign_in(&visit, link, StatusCode::OK),
        _ => answer::page(&NewPage { page: Page::of(&visit), link, name: String::new(), errors: Errors::none() }),
    }
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct AcceptForm {
    name: String,
    new_password: String,
}

async fn submit(visit: Visit, token: Path<String>, form: Form<AcceptForm>) -> Answer {
    let Some(token) = LinkToken::parse(&token) else { return dead(&visit) };
    let Some(link) = accept_invitation::inspect(visit.services(), &token).await? else { return dead(&visit) };
    match &visit.reader.identity {
        Identity::SignedIn(me) if link.account == Some(me.user()) => join(&visit, me, &token, &link).await,
        Identity::SignedIn(me) => other(&visit, me, &link),
        _ if link.account.is_some() => sign_in(&visit, link, StatusCode::UNPROCESSABLE_ENTITY),
        _ => create(&visit, &token, link, form.0).await,
    }
}

async fn join(visit: &Visit, me: &SignedIn, token: &LinkToken, link: &InvitationLink) -> Answer {
    let accepted = accept_invitation::accept_with_account(visit.services(), me, token, &visit.client).await?;
    let notice = match accepted {
        AcceptOwn::Joined => Notice::OfficeJoined,
        AcceptOwn::AlreadyMember => Notice::AlreadyMember,
        AcceptOwn::NotForMe => return other(visit, me, link),
        AcceptOwn::LinkDead => return dead(visit),
    };
    visit.tell(notice);
    Ok(see_other(url::ACCOUNT))
}

async fn create(visit: &Visit, token: &LinkToken, link: InvitationLink, form: AcceptForm) -> Answer {
    let words = Words::of(visit.reader.language);
    let mut errors = Errors::none();
    let name = Name::parse(&form.name);
    if let Err(invalid) = &name {
        errors.add("name", name_error(words, *invalid));
    }
    if form.new_password.is_empty() {
        errors.add("new_password", words.common.new_password_missing);
    }
    let refused = match name {
        Ok(name) if errors.is_empty() => {
            let services = visit.services();
            match accept_invitation::accept_as_new(services, token, name, &form.new_password, &visit.client).await? {
                AcceptNew::Created => {
                    browser_session::renew(&visit.session, &services.random);
                    visit.tell(Notice::AccountCreated);
                    return Ok(see_other(url::LOGIN));
                }
                AcceptNew::Weak(weakness) => Refused::unprocessable(Errors::of("new_password", weak(words, weakness))),
                AcceptNew::LinkDead => return dead(visit),
                AcceptNew::HasAccount => return sign_in(visit, link, StatusCode::UNPROCESSABLE_ENTITY),
                AcceptNew::Wait(until) => Refused::wait(&Page::of_error(visit), "new_password", visit.now(), until),
            }
        }
        _ => Refused::unprocessable(errors),
    };
    let page = NewPage { page: Page::of(visit), link, name: form.name, errors: refused.errors };
    answer::with_status(&page, refused.status, refused.retry_after)
}

/// Why a person's name was refused, in words.
pub(super) fn name_error(words: &Words, invalid: InvalidName) -> &'static str {
    match invalid {
        InvalidName::Empty => words.account.name_empty,
        InvalidName::TooLong => words.account.name_too_long,
        InvalidName::ControlCharacters => words.account.name_control,
    }
}
