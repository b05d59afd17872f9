//! Pages of 事業所管理 and of what leads there.

use super::{LATER, NOW, Samples, add, administrator, email, slug, visitor};
use crate::domain::client::Client;
use crate::domain::ids::ReleaseRequestId;
use crate::domain::language::Language;
use crate::domain::office::Membership;
use crate::domain::two_factor::release_request::RequestState;
use crate::service::end_release_request::CancelLink;
use crate::service::release_requests::RequestView;
use crate::service::second_factor::CodeRefusal;
use crate::web::errors_in_form::Errors;
use crate::web::offices::{RequestPage, RequestsPage};
use crate::web::page::Page;
use crate::web::release_request;
use crate::web::two_factor::refusal::Entry;

pub(super) fn office(page: &Page) -> Membership {
    page.viewer.as_ref().expect("a member").offices[0].clone()
}

fn request(state: RequestState) -> RequestView {
    let ended = state != RequestState::Open;
    let decided = matches!(state, RequestState::Approved | RequestState::Declined);
    RequestView {
        id: ReleaseRequestId::from_i64(5),
        member_name: "田中<健>".to_owned(),
        member_email: email(),
        requested_at: NOW,
        expires_at: LATER,
        address: "203.0.113.5".to_owned(),
        device: Client::UNKNOWN_DEVICE.to_owned(),
        state,
        ended_at: ended.then_some(LATER),
        decided_by: decided.then(|| "佐藤 花子".to_owned()),
        note: decided.then(|| "内線電話".to_owned()),
        after_reset: false,
        own: false,
    }
}

fn request_page(language: Language, request: RequestView) -> RequestPage {
    let page = administrator(language);
    RequestPage {
        office: office(&page),
        page,
        request,
        has_second_factor: true,
        already: None,
        note: String::new(),
        errors: Errors::none(),
        decline_note: String::new(),
        decline_errors: Errors::none(),
    }
}

pub(super) fn pages(samples: &mut Samples, language: Language) {
    let page = || administrator(language);
    let all: Vec<RequestView> = RequestState::ALL.into_iter().map(request).collect();
    add(samples, "release-requests", RequestsPage { office: office(&page()), page: page(), requests: all });
    add(samples, "release-requests-none", RequestsPage { office: office(&page()), page: page(), requests: Vec::new() });
    for state in RequestState::ALL {
        let name = slug(state);
        add(samples, format!("release-request-{name}"), request_page(language, request(state)));
        let already = Some(page().words.release_requests.over(state, Some("佐藤 花子")));
        add(
            samples,
            format!("release-request-already-{name}"),
            RequestPage { already, ..request_page(language, request(state)) },
        );
    }
    let open = || request(RequestState::Open);
    add(samples, "release-request-own", request_page(language, RequestView { own: true, ..open() }));
    add(samples, "release-request-after-reset", request_page(language, RequestView { after_reset: true, ..open() }));
    add(
        samples,
        "release-request-no-factor",
        RequestPage { has_second_factor: false, ..request_page(language, open()) },
    );
    let words = &page().words.release_requests;
    let errors = Errors::of("note", words.note_empty);
    add(samples, "release-request-no-note", RequestPage { errors, ..request_page(language, open()) });
    let errors = Entry::ACCOUNT.refused(&page(), NOW, CodeRefusal::Wrong).errors;
    add(samples, "release-request-wrong-code", RequestPage { errors, ..request_page(language, open()) });
    let decline_errors = Errors::of("decline-note", words.note_too_long);
    add(samples, "release-request-long-note", RequestPage { decline_errors, ..request_page(language, open()) });

    let link = CancelLink { email: email(), valid_until: LATER };
    add(samples, "release-request-link", release_request::CancelPage { page: visitor(language), link });
    add(samples, "release-request-link-done", release_request::CancelledPage { page: visitor(language) });
    add(samples, "release-request-link-dead", release_request::DeadPage { page: visitor(language) });
}
