//! 解除依頼: the list, one request, approving and declining (方法B).

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;
use serde::Deserialize;

use crate::domain::ids::ReleaseRequestId;
use crate::domain::office::Membership;
use crate::domain::two_factor::release_request::{InvalidNote, RequestState};
use crate::service::access::OfficeAdmin;
use crate::service::decide_release_request::{self, Decide};
use crate::service::release_requests::{self, RequestView};
use crate::service::two_factor_overview::two_factor_overview;
use crate::web::answer::{self, Answer, see_other};
use crate::web::error::Problem;
use crate::web::errors_in_form::Errors;
use crate::web::form::Form;
use crate::web::guard::Visit;
use crate::web::notice::Notice;
use crate::web::page::Page;
use crate::web::two_factor::refusal::{Entry, Refused};
use crate::web::url;

const fn badge_of(state: RequestState) -> &'static str {
    match state {
        RequestState::Open => "badge--warning",
        RequestState::Approved => "badge--on",
        RequestState::Declined | RequestState::Cancelled | RequestState::Expired | RequestState::Closed => "badge--off",
    }
}

#[derive(Template)]
#[template(path = "pages/offices/release_requests.html")]
pub(crate) struct RequestsPage {
    pub page: Page,
    pub office: Membership,
    pub requests: Vec<RequestView>,
}

impl RequestsPage {
    const fn badge(state: &RequestState) -> &'static str {
        badge_of(*state)
    }
}

/// `GET /offices/{office}/release-requests`
pub(super) async fn list(visit: Visit, admin: OfficeAdmin) -> Answer {
    let requests = release_requests::list(visit.services(), &admin).await?;
    answer::page(&RequestsPage { page: Page::of(&visit), office: admin.membership().clone(), requests })
}

#[derive(Template)]
#[template(path = "pages/offices/release_request.html")]
pub(crate) struct RequestPage {
    pub page: Page,
    pub office: Membership,
    pub request: RequestView,
    /// Whether the administrator has a second factor, without which nobody gives another's away.
    pub has_second_factor: bool,
    /// That somebody else was first, in words.
    pub already: Option<String>,
    pub note: String,
    pub errors: Errors,
    pub decline_note: String,
    pub decline_errors: Errors,
}

impl RequestPage {
    const fn badge(state: &RequestState) -> &'static str {
        badge_of(*state)
    }

    async fn of(visit: &Visit, admin: &OfficeAdmin, id: ReleaseRequestId) -> Result<Self, Problem> {
        let request = release_requests::look(visit.services(), admin, id).await?.ok_or(Problem::NotFound)?;
        let has_second_factor = two_factor_overview(visit.services(), admin.me()).await?.enabled_at.is_some();
        Ok(Self {
            page: Page::of(visit),
            office: admin.membership().clone(),
            request,
            has_second_factor,
            already: None,
            note: String::new(),
            errors: Errors::none(),
            decline_note: String::new(),
            decline_errors: Errors::none(),
        })
    }
}

/// The answer to a decision, or what is wrong with its form.
async fn settled(
    visit: &Visit,
    admin: &OfficeAdmin,
    id: ReleaseRequestId,
    decided: Decide,
) -> Result<Result<HttpResponse, Refused>, Problem> {
    let page = Page::of_error(visit);
    let words = &page.words.release_requests;
    let notice = match decided {
        Decide::Approved(key) => {
            visit.bind(&key);
            Notice::RequestApproved
        }
        Decide::Declined => Notice::RequestDeclined,
        Decide::NotFound => return Err(Problem::NotFound),
        // The page says so itself, for it shows the request as it stands.
        Decide::Over(_) | Decide::Own | Decide::NoSecondFactor => {
            let mut page = RequestPage::of(visit, admin, id).await?;
            let status = if let Decide::Over(view) = decided {
                page.already = Some(words.over(view.state, view.decided_by.as_deref()));
                StatusCode::CONFLICT
            } else {
                StatusCode::FORBIDDEN
            };
            return answer::with_status(&page, status, None).map(Ok);
        }
        Decide::Note(InvalidNote::Empty) => return refused(Errors::of("note", words.note_empty)),
        Decide::Note(InvalidNote::TooLong) => return refused(Errors::of("note", words.note_too_long)),
        Decide::Code(refusal) => return Ok(Err(Entry::ACCOUNT.refused(&page, visit.now(), refusal))),
    };
    visit.tell(notice);
    let back = url::of(url::RELEASE_REQUESTS, admin.office());
    Ok(Ok(see_other(&format!("{back}/{id}"))))
}

fn refused(errors: Errors) -> Result<Result<HttpResponse, Refused>, Problem> {
    Ok(Err(Refused::unprocessable(errors)))
}

/// The request in a path `/offices/{office}/release-requests/{request}…`; the office is the
/// guard's business.
fn request_id(path: &Path<(String, String)>) -> Result<ReleaseRequestId, Problem> {
    path.1.parse().map_err(|_| Problem::NotFound)
}

/// `GET /offices/{office}/release-requests/{request}`
pub(super) async fn show(visit: Visit, admin: OfficeAdmin, path: Path<(String, String)>) -> Answer {
    answer::page(&RequestPage::of(&visit, &admin, request_id(&path)?).await?)
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ApproveForm {
    note: String,
    code: String,
}

/// `POST /offices/{office}/release-requests/{request}/approve`
pub(super) async fn approve(
    visit: Visit,
    admin: OfficeAdmin,
    path: Path<(String, String)>,
    form: Form<ApproveForm>,
) -> Answer {
    let id = request_id(&path)?;
    let decided =
        decide_release_request::approve(visit.services(), &admin, id, &form.note, &form.code, &visit.client).await?;
    let refused = match settled(&visit, &admin, id, decided).await? {
        Ok(answer) => return Ok(answer),
        Err(refused) => refused,
    };
    let page =
        RequestPage { errors: refused.errors, note: form.note.clone(), ..RequestPage::of(&visit, &admin, id).await? };
    answer::with_status(&page, refused.status, refused.retry_after)
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct DeclineForm {
    note: String,
}

/// `POST /offices/{office}/release-requests/{request}/decline`
pub(super) async fn decline(
    visit: Visit,
    admin: OfficeAdmin,
    path: Path<(String, String)>,
    form: Form<DeclineForm>,
) -> Answer {
    let id = request_id(&path)?;
    let decided = decide_release_request::decline(visit.services(), &admin, id, &form.note, &visit.client).await?;
    let refused = match settled(&visit, &admin, id, decided).await? {
        Ok(answer) => return Ok(answer),
        Err(refused) => refused,
    };
    let mut page = RequestPage::of(&visit, &admin, id).await?;
    // The only thing that can be wrong with it is its note, the second one on the page.
    page.decline_errors = Errors::of("decline-note", page.page.words.release_requests.note_too_long);
    page.decline_note = form.note.clone();
    answer::with_status(&page, refused.status, refused.retry_after)
}
