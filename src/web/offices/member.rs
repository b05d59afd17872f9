//! One member: what an administrator may know, another role, and the way out of the office.

use actix_web::HttpRequest;
use askama::Template;
use serde::Deserialize;

use crate::domain::ids::UserId;
use crate::domain::office::{Membership, Role};
use crate::domain::password::Password;
use crate::domain::token::SessionKey;
use crate::domain::two_factor::backup_code::LOW;
use crate::service::access::OfficeAdmin;
use crate::service::change_role::{ChangeRole, change_role};
use crate::service::members::{self, MemberView};
use crate::service::remove_member::{RemoveMember, remove_member};
use crate::web::answer::{self, Answer, see_other};
use crate::web::error::Problem;
use crate::web::errors_in_form::Errors;
use crate::web::form::Form;
use crate::web::guard::Visit;
use crate::web::notice::Notice;
use crate::web::page::Page;
use crate::web::two_factor::refusal::Refused;
use crate::web::url;

// The ids of the fields: the page has two of the name `password`.
const ROLE: &str = "role";
const ROLE_PASSWORD: &str = "role-password";
const REMOVE_PASSWORD: &str = "remove-password";

#[derive(Template)]
#[template(path = "pages/offices/member.html")]
pub(crate) struct MemberPage {
    pub page: Page,
    pub office: Membership,
    /// The administrator's own address, for password managers.
    pub my_email: String,
    pub is_me: bool,
    pub member: MemberView,
    /// The role chosen in the form.
    pub chosen: Role,
    pub errors: Errors,
}

impl MemberPage {
    fn is_low(&self) -> bool {
        self.member.codes_left.is_none_or(|left| left <= LOW)
    }
}

/// The member in the path, as far as the path names one.
pub(super) fn member_in(req: &HttpRequest) -> Result<UserId, Problem> {
    req.match_info().get("member").and_then(|id| id.parse().ok()).ok_or(Problem::NotFound)
}

async fn page(
    visit: &Visit,
    admin: &OfficeAdmin,
    member: UserId,
    chosen: Option<Role>,
    errors: Errors,
) -> Result<MemberPage, Problem> {
    let member = members::member(visit.services(), admin, member).await?.ok_or(Problem::NotFound)?;
    Ok(MemberPage {
        page: Page::of(visit),
        office: admin.membership().clone(),
        my_email: admin.me().email().to_string(),
        is_me: member.id == admin.user(),
        chosen: chosen.unwrap_or(member.role),
        member,
        errors,
    })
}

/// `GET /offices/{office}/members/{member}`
pub(super) async fn show(visit: Visit, admin: OfficeAdmin, req: HttpRequest) -> Answer {
    answer::page(&page(&visit, &admin, member_in(&req)?, None, Errors::none()).await?)
}

/// Goes on after a proven password, with a new session key (SC-30), and tells what was done.
fn go_on(visit: &Visit, key: &SessionKey, notice: Notice, path: &str) -> Answer {
    visit.bind(key);
    visit.tell(notice);
    Ok(see_other(path))
}

fn path_of(admin: &OfficeAdmin, member: UserId) -> String {
    url::of(url::MEMBER, admin.office()).replace("{member}", &member.to_string())
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RoleForm {
    role: String,
    password: String,
}

/// `POST /offices/{office}/members/{member}/role`
pub(super) async fn change(visit: Visit, admin: OfficeAdmin, req: HttpRequest, form: Form<RoleForm>) -> Answer {
    let member = member_in(&req)?;
    let frame = Page::of_error(&visit);
    let words = frame.words;
    let role = form.role.parse::<Role>().ok();
    let mut missing = Errors::none();
    if role.is_none() {
        missing.add(ROLE, words.members.role_unknown);
    }
    if form.password.is_empty() {
        missing.add(ROLE_PASSWORD, words.common.password_missing);
    }
    let refused = match role {
        Some(role) if missing.is_empty() => {
            let password = Password::typed(&form.password);
            match change_role(visit.services(), &admin, member, role, password, &visit.client).await? {
                // Who has given up the own role has lost sight of the member's page, too.
                ChangeRole::Changed(key) if member == admin.user() => {
                    return go_on(&visit, &key, Notice::OwnRoleChanged, url::ACCOUNT);
                }
                ChangeRole::Changed(key) => {
                    return go_on(&visit, &key, Notice::RoleChanged, &path_of(&admin, member));
                }
                ChangeRole::Unchanged(key) => {
                    return go_on(&visit, &key, Notice::RoleUnchanged, &path_of(&admin, member));
                }
                ChangeRole::NoSuchMember => return Err(Problem::NotFound),
                ChangeRole::LastAdministrator => {
                    // The page says so by itself, and has no form then.
                    Refused::unprocessable(Errors::none())
                }
                ChangeRole::WrongPassword => {
                    Refused::unprocessable(Errors::of(ROLE_PASSWORD, words.common.password_wrong))
                }
                ChangeRole::Wait(until) => Refused::wait(&frame, ROLE_PASSWORD, visit.now(), until),
            }
        }
        _ => Refused::unprocessable(missing),
    };
    again(&visit, &admin, member, role, refused).await
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RemoveForm {
    password: String,
}

/// `POST /offices/{office}/members/{member}/remove`
pub(super) async fn remove(visit: Visit, admin: OfficeAdmin, req: HttpRequest, form: Form<RemoveForm>) -> Answer {
    let member = member_in(&req)?;
    let frame = Page::of_error(&visit);
    let words = frame.words;
    let refused = if form.password.is_empty() {
        Refused::unprocessable(Errors::of(REMOVE_PASSWORD, words.common.password_missing))
    } else {
        let password = Password::typed(&form.password);
        match remove_member(visit.services(), &admin, member, password, &visit.client).await? {
            RemoveMember::Removed(key) if member == admin.user() => {
                return go_on(&visit, &key, Notice::OfficeLeft, url::ACCOUNT);
            }
            RemoveMember::Removed(key) => {
                return go_on(&visit, &key, Notice::MemberRemoved, &url::of(url::MEMBERS, admin.office()));
            }
            RemoveMember::NoSuchMember => return Err(Problem::NotFound),
            RemoveMember::LastAdministrator => Refused::unprocessable(Errors::none()),
            RemoveMember::WrongPassword => {
                Refused::unprocessable(Errors::of(REMOVE_PASSWORD, words.common.password_wrong))
            }
            RemoveMember::Wait(until) => Refused::wait(&frame, REMOVE_PASSWORD, visit.now(), until),
        }
    };
    again(&visit, &admin, member, None, refused).await
}

/// The page once more, with what was wrong; not there for whoever is no member.
async fn again(visit: &Visit, admin: &OfficeAdmin, member: UserId, role: Option<Role>, refused: Refused) -> Answer {
    let shown = page(visit, admin, member, role, refused.errors).await?;
    answer::with_status(&shown, refused.status, refused.retry_after)
}
