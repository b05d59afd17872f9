//! The first start: while nobody has an account, a printed token makes the first office and its
//! administrator. Afterwards there is nothing here.

use actix_web::web::{ServiceConfig, resource};
use askama::Template;
use serde::Deserialize;

use super::answer::{self, Answer, see_other};
use super::error::Problem;
use super::errors_in_form::Errors;
use super::form::Form;
use super::guard::Visit;
use super::invitations::name_error;
use super::notice::Notice;
use super::page::Page;
use super::password_reset::weak;
use super::two_factor::refusal::Refused;
use super::{browser_session, get, post, url};
use crate::domain::email::EmailAddress;
use crate::domain::office::{InvalidName, Name};
use crate::domain::password::Password;
use crate::domain::plan::{Plan, PlanGroup};
use crate::i18n::Words;
use crate::service::first_start::{self, Beginning, CheckToken, FirstStart};

/// `/setup`
pub fn routes(config: &mut ServiceConfig) {
    config.service(resource(url::FIRST_START).route(get().to(show)).route(post().to(submit)));
}

#[derive(Template)]
#[template(path = "pages/setup.html")]
pub(super) struct SetupPage {
    pub page: Page,
    pub form: SetupForm,
    pub errors: Errors,
}

impl SetupPage {
    /// The groups of plans by name, with the plans of each.
    fn plans(&self) -> Vec<(&'static str, Vec<Plan>)> {
        let groups = [Some(PlanGroup::Corporate), Some(PlanGroup::CorporateLegacy), Some(PlanGroup::Personal), None];
        let name = |group: Option<PlanGroup>| {
            group.map_or(self.page.words.first_start.plan_other, |group| self.page.words.plan_group(group))
        };
        let plans = |group| Plan::ALL.iter().copied().filter(|plan| plan.group() == group).collect();
        groups.into_iter().map(|group| (name(group), plans(group))).collect()
    }
}

/// What was typed. The token is shown again, for it is long, and good only until this is done.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct SetupForm {
    pub token: String,
    pub office_name: String,
    pub plan: String,
    pub name: String,
    pub email: String,
    pub new_password: String,
}

async fn show(visit: Visit) -> Answer {
    if !first_start::is_open(visit.services()).await? {
        return Err(Problem::NotFound);
    }
    answer::page(&SetupPage { page: Page::of(&visit), form: SetupForm::default(), errors: Errors::none() })
}

async fn submit(visit: Visit, form: Form<SetupForm>) -> Answer {
    let (form, services) = (form.0, visit.services());
    if !first_start::is_open(services).await? {
        return Err(Problem::NotFound);
    }
    let words = Words::of(visit.reader.language);
    let (mut errors, mut token) = (Errors::none(), None);
    if form.token.trim().is_empty() {
        errors.add("token", words.first_start.token_missing);
    } else {
        match first_start::check_token(services, &form.token, &visit.client).await? {
            CheckToken::Right(proof) => token = Some(proof),
            CheckToken::Wrong => errors.add("token", words.first_start.token_wrong),
            CheckToken::Wait(until) => {
                return refused(&visit, form, Refused::wait(&Page::of_error(&visit), "token", visit.now(), until));
            }
        }
    }
    match (token, read(words, &form, &mut errors)) {
        (Some(token), Some(new)) => match first_start::begin(services, token, new, &visit.client).await? {
            FirstStart::Done => {
                browser_session::renew(&visit.session, &services.random);
                visit.tell(Notice::FirstStartDone);
                Ok(see_other(url::LOGIN))
            }
            FirstStart::Closed => Err(Problem::NotFound),
        },
        _ => refused(&visit, form, Refused::unprocessable(errors)),
    }
}

fn refused(visit: &Visit, form: SetupForm, refused: Refused) -> Answer {
    let page = SetupPage { page: Page::of(visit), form, errors: refused.errors };
    answer::with_status(&page, refused.status, refused.retry_after)
}

/// What the form says; what is wrong with it goes to `errors`, field by field.
fn read(words: &Words, form: &SetupForm, errors: &mut Errors) -> Option<Beginning> {
    let office_name = Name::parse(&form.office_name).map_err(|invalid| {
        let words = &words.first_start;
        let text = match invalid {
            InvalidName::Empty => words.office_name_empty,
            InvalidName::TooLong => words.office_name_too_long,
            InvalidName::ControlCharacters => words.office_name_control,
        };
        errors.add("office_name", text);
    });
    let plan = form.plan.parse().map_err(|_| errors.add("plan", words.first_start.plan_missing));
    let name = Name::parse(&form.name).map_err(|invalid| errors.add("name", name_error(words, invalid)));
    let email = EmailAddress::parse(&form.email).map_err(|_| {
        let missing = form.email.trim().is_empty();
        errors.add("email", if missing { words.common.email_missing } else { words.common.email_invalid });
    });
    let password = if form.new_password.is_empty() {
        errors.add("new_password", words.common.new_password_missing);
        None
    } else {
        let own = [form.email.as_str(), form.name.as_str(), form.office_name.as_str()];
        let chosen = Password::chosen(&form.new_password, &own);
        chosen.map_err(|weakness| errors.add("new_password", weak(words, weakness))).ok()
    };
    Some(Beginning {
        office_name: office_name.ok()?,
        plan: plan.ok()?,
        name: name.ok()?,
        email: email.ok()?,
        password: password?,
    })
}
