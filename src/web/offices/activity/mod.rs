//! 履歴 of an office: what its members did and what was done about it, on pages and as a file.
//!
//! The file comes as the answer to a form, not to a link: taking the trail out writes a row into
//! it, and a GET changes nothing (SC-38).

mod csv;
mod filter;
mod who;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use askama::Template;

pub(crate) use self::filter::FilterForm;
use self::who::Who;
use crate::domain::audit::Outcome;
use crate::domain::audit_kind::ActionKind;
use crate::domain::office::Membership;
use crate::i18n;
use crate::service::access::OfficeAdmin;
use crate::service::office_activity::{
    Actor, ExportActivity, OfficeEntry, Person, export_office_activity, office_activity,
};
use crate::web::answer::{self, Answer};
use crate::web::errors_in_form::Errors;
use crate::web::form::Form;
use crate::web::guard::Visit;
use crate::web::page::Page;
use crate::web::url;

#[derive(Template)]
#[template(path = "pages/offices/activity.html")]
pub(crate) struct ActivityPage {
    pub page: Page,
    pub office: Membership,
    pub typed: FilterForm,
    /// The one person whose entries are shown.
    pub member: Option<Person>,
    pub entries: Vec<OfficeEntry>,
    /// Where the next, older page begins, if there is one.
    pub older: Option<i64>,
    pub is_first: bool,
    pub errors: Errors,
}

impl ActivityPage {
    fn badge(&self, entry: &OfficeEntry) -> &'static str {
        match entry.outcome {
            Outcome::Done => "badge--on",
            Outcome::Refused | Outcome::Throttled => "badge--warning",
        }
    }

    /// Who did it; nobody where it is the person in the next column.
    fn actor<'a>(&self, entry: &'a OfficeEntry) -> Option<Who<'a>> {
        (entry.actor != Actor::Themselves).then(|| Who::actor(self.page.words, entry))
    }

    fn concerned<'a>(&self, entry: &'a OfficeEntry) -> Option<Who<'a>> {
        Who::concerned(self.page.words, entry)
    }

    /// Where the newest of these entries are.
    fn newest(&self) -> String {
        self.below(None)
    }

    /// Where older ones are, if there are any.
    fn next(&self) -> Option<String> {
        self.older.map(|seq| self.below(Some(seq)))
    }

    fn below(&self, before: Option<i64>) -> String {
        let (path, query) = (url::of(url::OFFICE_ACTIVITY, self.office.office), self.typed.query(before));
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }
}

fn refused(visit: &Visit, admin: &OfficeAdmin, typed: FilterForm, errors: Errors) -> Answer {
    let page = ActivityPage {
        page: Page::of(visit),
        office: admin.membership().clone(),
        typed,
        member: None,
        entries: Vec::new(),
        older: None,
        is_first: true,
        errors,
    };
    answer::unprocessable(&page)
}

fn unknown_member(visit: &Visit) -> Errors {
    Errors::of("person", i18n::Words::of(visit.reader.language).office_activity.member_unknown)
}

/// `GET /offices/{office}/activity?person=&member=&kind=&from=&to=&before=`
pub(super) async fn show(visit: Visit, admin: OfficeAdmin) -> Answer {
    let typed = FilterForm::of_query(&visit.query);
    let filter = match typed.read(i18n::Words::of(visit.reader.language), &visit.reader.zone) {
        Ok(filter) => filter,
        Err(errors) => return refused(&visit, &admin, typed, errors),
    };
    let before = url::query_value(&visit.query, "before").and_then(|seq| seq.parse().ok());
    let Some(list) = office_activity(visit.services(), &admin, &filter, before).await? else {
        return refused(&visit, &admin, typed, unknown_member(&visit));
    };
    let older = list.entries.last().filter(|_| list.more).map(|entry| entry.seq);
    answer::page(&ActivityPage {
        page: Page::of(&visit),
        office: admin.membership().clone(),
        typed,
        member: list.member,
        entries: list.entries,
        older,
        is_first: before.is_none(),
        errors: Errors::none(),
    })
}

/// `POST /offices/{office}/activity.csv`
pub(super) async fn download(visit: Visit, admin: OfficeAdmin, form: Form<FilterForm>) -> Answer {
    let words = i18n::Words::of(visit.reader.language);
    let zone = visit.reader.zone.clone();
    let filter = match form.read(words, &zone) {
        Ok(filter) => filter,
        Err(errors) => return refused(&visit, &admin, form.0, errors),
    };
    match export_office_activity(visit.services(), &admin, filter, &visit.client).await? {
        ExportActivity::NoSuchMember => refused(&visit, &admin, form.0, unknown_member(&visit)),
        ExportActivity::Begun(export) => {
            let name = format!("hikae-activity-{}-{}.csv", admin.office(), i18n::plain_date(&zone, visit.now()));
            Ok(HttpResponse::build(StatusCode::OK)
                .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
                .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
                .streaming(csv::file(*export, csv::Style { words, zone })))
        }
    }
}
