//! Invitations of an office: who is asked to join, and what becomes of it.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;
use serde::Deserialize;

use crate::domain::email::EmailAddress;
use crate::domain::ids::InvitationId;
use crate::domain::invitation::{MOST_AT_ONCE, Pasted};
use crate::domain::office::{Membership, Role};
use crate::domain::password::Password;
use crate::domain::time::Timestamp;
use crate::service::access::OfficeAdmin;
use crate::service::invite::{Invite, InviteAs, Invited, invite};
use crate::service::manage_invitations::{self, InvitationList, InvitationState, InvitationView, Resend, Revoke};
use crate::web::answer::{self, Answer, see_other};
use crate::web::error::Problem;
use crate::web::errors_in_form::Errors;
use crate::web::form::{Form, NoFields};
use crate::web::guard::Visit;
use crate::web::notice::Notice;
use crate::web::page::Page;
use crate::web::two_factor::refusal::Refused;
use crate::web::url;

/// How many addresses an error names.
const NAMED: usize = 10;

#[derive(Template)]
#[template(path = "pages/offices/invitations.html")]
pub(crate) struct InvitationsPage {
    pub page: Page,
    pub office: Membership,
    pub form: InviteForm,
    pub list: InvitationList,
    /// Which page of the list, from 1.
    pub number: i64,
    pub errors: Errors,
}

impl InvitationsPage {
    fn state(&self, invitation: &InvitationView) -> &'static str {
        let words = &self.page.words.invitations;
        match invitation.state {
            InvitationState::Open => words.state_open,
            InvitationState::Expired => words.state_expired,
            InvitationState::InviterGone => words.state_inviter_gone,
        }
    }

    fn is_open(&self, invitation: &InvitationView) -> bool {
        invitation.state == InvitationState::Open
    }

    /// Whether it can only be revoked and made anew.
    fn is_void(&self, invitation: &InvitationView) -> bool {
        invitation.state == InvitationState::InviterGone
    }
}

/// What was typed.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct InviteForm {
    pub emails: String,
    pub role: String,
    pub password: String,
}

impl InviteForm {
    /// An empty form, with the role that people usually have.
    pub fn new() -> Self {
        Self { role: Role::General.slug().to_owned(), ..Self::default() }
    }
}

/// `GET /offices/{office}/invitations?page=`
pub(super) async fn show(visit: Visit, admin: OfficeAdmin) -> Answer {
    page(&visit, &admin, InviteForm::new(), None).await
}

async fn page(visit: &Visit, admin: &OfficeAdmin, form: InviteForm, refused: Option<Refused>) -> Answer {
    let number = url::query_value(&visit.query, "page").and_then(|page| page.parse().ok()).unwrap_or(1);
    let number: i64 = i64::clamp(number, 1, 1_000_000);
    let skipped = (number - 1) * manage_invitations::PAGE;
    let list = manage_invitations::list(visit.services(), admin, skipped).await?;
    let office = admin.membership().clone();
    let refused = refused.unwrap_or(Refused { status: StatusCode::OK, retry_after: None, errors: Errors::none() });
    let page = InvitationsPage { page: Page::of(visit), office, form, list, number, errors: refused.errors };
    answer::with_status(&page, refused.status, refused.retry_after)
}

fn told(visit: &Visit, admin: &OfficeAdmin, notice: Notice) -> Answer {
    visit.tell(notice);
    Ok(see_other(&url::of(url::INVITATIONS, admin.office())))
}

/// `POST /offices/{office}/invitations`
pub(super) async fn submit(visit: Visit, admin: OfficeAdmin, form: Form<InviteForm>) -> Answer {
    let form = form.0;
    let words = Page::of_error(&visit);
    let (emails, invite_as) = match read(&words, &form) {
        Ok(read) => read,
        Err(errors) => return page(&visit, &admin, form, Some(Refused::unprocessable(errors))).await,
    };
    let outcome = invite(visit.services(), &admin, emails, invite_as, &visit.client).await?;
    if let Invite::Done(_, Some(key)) = &outcome {
        visit.bind(key);
    }
    let refused = match outcome {
        Invite::Done(Invited { sent, members, invited }, _) if !sent.is_empty() => {
            let (sent, members, invited) = (sent.len(), members.len(), invited.len());
            return told(&visit, &admin, Notice::Invited { sent, members, invited });
        }
        Invite::Done(nobody, _) => Refused::unprocessable(skipped(&words, &nobody)),
        Invite::WrongPassword => Refused::unprocessable(Errors::of("password", words.words.common.password_wrong)),
        Invite::Wait(until) => Refused::wait(&words, "password", visit.now(), until),
        Invite::MailWait(until, email) => mail_wait(&words, visit.now(), until, email),
    };
    page(&visit, &admin, form, Some(refused)).await
}

/// What the form says, or what is wrong with it.
fn read(page: &Page, form: &InviteForm) -> Result<(Vec<EmailAddress>, InviteAs), Errors> {
    let words = &page.words.invitations;
    let mut errors = Errors::none();
    let pasted = Pasted::read(&form.emails);
    if !pasted.unreadable.is_empty() {
        errors.add("emails", words.unreadable(&named(page, &pasted.unreadable)));
    } else if pasted.addresses.is_empty() {
        errors.add("emails", words.emails_missing);
    } else if pasted.addresses.len() > MOST_AT_ONCE {
        errors.add("emails", words.emails_too_many);
    }
    let invite_as = match form.role.parse() {
        Ok(Role::General) => InviteAs::General,
        Ok(Role::Admin) => {
            if form.password.is_empty() {
                errors.add("password", words.password_missing);
            }
            InviteAs::Admin(Password::typed(&form.password))
        }
        Err(_) => {
            errors.add("role", words.role_missing);
            InviteAs::General
        }
    };
    if errors.is_empty() { Ok((pasted.addresses, invite_as)) } else { Err(errors) }
}

/// Everybody was skipped: who and why.
fn skipped(page: &Page, nobody: &Invited) -> Errors {
    let words = &page.words.invitations;
    let mut errors = Errors::none();
    if !nobody.members.is_empty() {
        errors.add("emails", words.already_members(&named(page, &nobody.members)));
    }
    if !nobody.invited.is_empty() {
        errors.add("emails", words.already_invited(&named(page, &nobody.invited)));
    }
    errors
}

fn named(page: &Page, texts: &[impl ToString]) -> String {
    let list: Vec<String> = texts.iter().take(NAMED).map(ToString::to_string).collect();
    let list = list.join(page.words.common.list_comma);
    match texts.len().saturating_sub(NAMED) {
        0 => list,
        more => page.words.invitations.and_more(&list, more),
    }
}

fn mail_wait(page: &Page, now: Timestamp, until: Timestamp, email: Option<EmailAddress>) -> Refused {
    let refused = Refused::mail_wait(page, "emails", now, until);
    match email {
        None => refused,
        Some(email) => {
            let text = page.words.invitations.mail_wait_for(email.as_str(), &page.mail_wait(now, until));
            Refused { errors: Errors::of_form("emails", text), ..refused }
        }
    }
}

fn id_in(path: &Path<(String, String)>) -> Result<InvitationId, Problem> {
    path.1.parse().map_err(|_| Problem::NotFound)
}

/// `POST /offices/{office}/invitations/{invitation}/resend`
pub(super) async fn resend(
    visit: Visit,
    admin: OfficeAdmin,
    path: Path<(String, String)>,
    _form: Form<NoFields>,
) -> Answer {
    let id = id_in(&path)?;
    let notice = match manage_invitations::resend(visit.services(), &admin, id, &visit.client).await? {
        Resend::Sent => Notice::InvitationResent,
        Resend::AlreadyMember => Notice::InvitedIsMember,
        Resend::InviterGone => Notice::InviterGone,
        Resend::Ended => Notice::InvitationEnded,
        Resend::Nothing => return Err(Problem::NotFound),
        Resend::MailWait(until, email) => {
            let refused = mail_wait(&Page::of_error(&visit), visit.now(), until, email);
            return page(&visit, &admin, InviteForm::new(), Some(refused)).await;
        }
    };
    told(&visit, &admin, notice)
}

/// `POST /offices/{office}/invitations/{invitation}/revoke`
pub(super) async fn revoke(
    visit: Visit,
    admin: OfficeAdmin,
    path: Path<(String, String)>,
    _form: Form<NoFields>,
) -> Answer {
    let id = id_in(&path)?;
    let notice = match manage_invitations::revoke(visit.services(), &admin, id, &visit.client).await? {
        Revoke::Revoked => Notice::InvitationRevoked,
        Revoke::Ended => Notice::InvitationEnded,
        Revoke::Nothing => return Err(Problem::NotFound),
    };
    told(&visit, &admin, notice)
}
