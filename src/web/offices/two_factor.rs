//! 二要素認証の必須化: from which day on, who is still missing, and lifting it.

use actix_web::http::StatusCode;
use askama::Template;
use serde::Deserialize;

use crate::domain::office::Membership;
use crate::domain::password::Password;
use crate::domain::plan::Plan;
use crate::domain::token::SessionKey;
use crate::domain::two_factor::requirement::Requirement;
use crate::service::access::OfficeAdmin;
use crate::service::require_two_factor::{
    self, InvalidDay, LiftRequirement, NotAllowed, RequireTwoFactor, RequirementView,
};
use crate::web::answer::{self, Answer, see_other};
use crate::web::errors_in_form::Errors;
use crate::web::form::Form;
use crate::web::guard::Visit;
use crate::web::notice::Notice;
use crate::web::page::Page;
use crate::web::two_factor::refusal::Refused;
use crate::web::url;

/// The field of the password that lifts, beside the one that requires.
const LIFT_PASSWORD: &str = "lift_password";

#[derive(Template)]
#[template(path = "pages/offices/two_factor.html")]
pub(crate) struct TwoFactorPage {
    pub page: Page,
    pub office: Membership,
    pub view: RequirementView,
    /// The day in the form: what was typed, or what stands.
    pub day: String,
    /// The first and the last day to choose from.
    pub days: (String, String),
    pub zone: String,
    pub errors: Errors,
}

impl TwoFactorPage {
    /// The plans that know a requirement, as one line.
    fn plans(&self) -> String {
        let plans = Plan::ALL.iter().filter(|plan| plan.may_require_two_factor());
        let names: Vec<String> = plans.map(|plan| self.page.plan(plan)).collect();
        names.join(self.page.words.common.list_comma)
    }

    fn is_set(&self) -> bool {
        self.view.requirement != Requirement::None
    }

    fn may_require(&self) -> bool {
        self.view.plan.may_require_two_factor()
    }
}

/// `GET /offices/{office}/two-factor`
pub(super) async fn show(visit: Visit, admin: OfficeAdmin) -> Answer {
    page(&visit, &admin, None, None).await
}

async fn page(visit: &Visit, admin: &OfficeAdmin, typed: Option<String>, refused: Option<Refused>) -> Answer {
    let view = require_two_factor::view(visit.services(), admin).await?;
    let (status, retry_after, errors) = match refused {
        Some(refused) => (refused.status, refused.retry_after, refused.errors),
        None => (StatusCode::OK, None, Errors::none()),
    };
    let zone = admin.me().time_zone().to_owned();
    let days = require_two_factor::days_to_choose(&zone, visit.now());
    let day = typed.or_else(|| view.day.clone()).unwrap_or_default();
    let (page, office) = (Page::of(visit), admin.membership().clone());
    answer::with_status(&TwoFactorPage { page, office, view, day, days, zone, errors }, status, retry_after)
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RequireForm {
    required_from: String,
    password: String,
}

/// `POST /offices/{office}/two-factor`
pub(super) async fn require(visit: Visit, admin: OfficeAdmin, form: Form<RequireForm>) -> Answer {
    let shown = Page::of_error(&visit);
    let words = shown.words;
    let refused = if form.password.is_empty() {
        let mut missing = Errors::none();
        if form.required_from.trim().is_empty() {
            missing.add("required_from", words.requirement.day_missing);
        }
        missing.add("password", words.common.password_missing);
        Refused::unprocessable(missing)
    } else {
        let (day, password) = (form.required_from.as_str(), Password::typed(&form.password));
        match require_two_factor::require(visit.services(), &admin, day, password, &visit.client).await? {
            RequireTwoFactor::Required(_, key) => {
                return Ok(done(&visit, &admin, &key, Notice::TwoFactorRequired));
            }
            RequireTwoFactor::Unchanged(key) => {
                return Ok(done(&visit, &admin, &key, Notice::RequirementUnchanged));
            }
            RequireTwoFactor::InvalidDay(invalid) => {
                let text = match invalid {
                    InvalidDay::Empty => words.requirement.day_missing,
                    InvalidDay::Unreadable => words.requirement.day_unreadable,
                    InvalidDay::Past => words.requirement.day_past,
                    InvalidDay::TooFar => words.requirement.day_far,
                };
                Refused::unprocessable(Errors::of("required_from", text))
            }
            RequireTwoFactor::WrongPassword => {
                Refused::unprocessable(Errors::of("password", words.common.password_wrong))
            }
            RequireTwoFactor::Wait(until) => Refused::wait(&shown, "password", visit.now(), until),
            RequireTwoFactor::NotAllowed(NotAllowed::Plan | NotAllowed::NotOnMyself) => not_allowed(),
        }
    };
    page(&visit, &admin, Some(form.0.required_from), Some(refused)).await
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct LiftForm {
    lift_password: String,
}

/// `POST /offices/{office}/two-factor/lift`
pub(super) async fn lift(visit: Visit, admin: OfficeAdmin, form: Form<LiftForm>) -> Answer {
    let shown = Page::of_error(&visit);
    let words = shown.words;
    let refused = if form.lift_password.is_empty() {
        Refused::unprocessable(Errors::of(LIFT_PASSWORD, words.common.password_missing))
    } else {
        let password = Password::typed(&form.lift_password);
        match require_two_factor::lift(visit.services(), &admin, password, &visit.client).await? {
            LiftRequirement::Lifted(key) => return Ok(done(&visit, &admin, &key, Notice::RequirementLifted)),
            LiftRequirement::NotRequired(key) => return Ok(done(&visit, &admin, &key, Notice::NotRequired)),
            LiftRequirement::WrongPassword => {
                Refused::unprocessable(Errors::of(LIFT_PASSWORD, words.common.password_wrong))
            }
            LiftRequirement::Wait(until) => Refused::wait(&shown, LIFT_PASSWORD, visit.now(), until),
            LiftRequirement::NotAllowed(_) => not_allowed(),
        }
    };
    page(&visit, &admin, None, Some(refused)).await
}

/// 403: the page says why without being asked.
fn not_allowed() -> Refused {
    Refused { status: StatusCode::FORBIDDEN, retry_after: None, errors: Errors::none() }
}

/// Back to the page after a proven password, with a new session key (SC-30).
fn done(visit: &Visit, admin: &OfficeAdmin, key: &SessionKey, notice: Notice) -> actix_web::HttpResponse {
    visit.bind(key);
    visit.tell(notice);
    see_other(&url::of(url::OFFICE_TWO_FACTOR, admin.office()))
}
