//! メンバー: the list, searched, filtered, sorted, page by page. Everything stands in the address,
//! so that it works without script and can be kept as a bookmark.

use askama::Template;
use form_urlencoded::Serializer;

use crate::domain::ids::UserId;
use crate::domain::member_list::{self, Column, Keep, MemberQuery, Sort};
use crate::domain::office::Membership;
use crate::domain::two_factor::backup_code::LOW;
use crate::service::access::OfficeAdmin;
use crate::service::members::{self, MemberList, MemberRow};
use crate::web::answer::{self, Answer};
use crate::web::guard::Visit;
use crate::web::page::Page;
use crate::web::url;

#[derive(Template)]
#[template(path = "pages/offices/members.html")]
pub(crate) struct MembersPage {
    pub page: Page,
    pub office: Membership,
    pub me: UserId,
    pub query: MemberQuery,
    pub list: MemberList,
}

/// The head of a column by which the list can be sorted.
struct Head {
    label: &'static str,
    href: String,
    /// The present direction, where the list is sorted by this column.
    sorted: Option<&'static str>,
}

impl MembersPage {
    /// The address of the list with this query.
    fn address(&self, query: &MemberQuery) -> String {
        let path = url::of(url::MEMBERS, self.office.office);
        let usual = MemberQuery { page: 1, ..MemberQuery::default() };
        let mut written = Serializer::new(String::new());
        if query.search != usual.search {
            written.append_pair("q", &query.search);
        }
        if query.keep != usual.keep {
            written.append_pair("filter", query.keep.slug());
        }
        if query.sort != usual.sort {
            written.append_pair("sort", &query.sort.slug());
        }
        if query.page != usual.page {
            written.append_pair("page", &query.page.to_string());
        }
        let written = written.finish();
        if written.is_empty() { path } else { format!("{path}?{written}") }
    }

    fn at_page(&self, page: u32) -> String {
        self.address(&MemberQuery { page, ..self.query.clone() })
    }

    /// The list without search and filter, in the same order.
    fn reset(&self) -> String {
        self.address(&MemberQuery { sort: self.query.sort, page: 1, ..MemberQuery::default() })
    }

    /// Each filter: where it leads, what it says, and whether it is the present one.
    fn filters(&self) -> Vec<(String, String, bool)> {
        let summary = self.list.summary;
        let count = |keep| match keep {
            Keep::All => summary.members,
            Keep::Off => summary.off,
            Keep::Low => summary.low,
            Keep::Request => u32::try_from(self.list.requests.len()).unwrap_or(u32::MAX),
        };
        let link = |keep| {
            let address = self.address(&MemberQuery { keep, page: 1, ..self.query.clone() });
            (address, self.page.words.members.count(keep, count(keep)), keep == self.query.keep)
        };
        Keep::ALL.into_iter().map(link).collect()
    }

    /// Each order: its name in the address, what it says, and whether it is the present one.
    fn orders(&self) -> Vec<(String, &'static str, bool)> {
        let words = &self.page.words.members;
        Sort::all().map(|sort| (sort.slug(), words.order(sort), sort == self.query.sort)).collect()
    }

    fn heads(&self) -> Vec<Head> {
        let words = &self.page.words.members;
        [
            (Some(Column::Name), words.name),
            (Some(Column::Email), words.email),
            (Some(Column::Role), words.role),
            (None, words.two_factor),
            (Some(Column::Codes), words.codes),
            (Some(Column::LastSignIn), words.last_sign_in),
        ]
        .into_iter()
        .map(|(column, label)| self.head(column, label))
        .collect()
    }

    /// A column's head leads to the list sorted by it; pressed again, the other way round.
    fn head(&self, column: Option<Column>, label: &'static str) -> Head {
        let Some(column) = column else { return Head { label, href: String::new(), sorted: None } };
        let present = self.query.sort;
        let descending = present.column == column && !present.descending;
        let href = self.address(&MemberQuery { sort: Sort { column, descending }, page: 1, ..self.query.clone() });
        let direction = if present.descending { "descending" } else { "ascending" };
        Head { label, href, sorted: (present.column == column).then_some(direction) }
    }

    /// Which members this page shows, and of how many.
    fn shown(&self) -> String {
        let shown = member_list::on_page(self.list.page, self.list.total);
        self.page.words.members.shown(shown.start + 1, shown.end, self.list.total)
    }

    /// The page of a member's open request.
    fn request(&self, member: &MemberRow) -> Option<String> {
        let (_, request) = self.list.requests.iter().find(|(user, _)| *user == member.id)?;
        Some(url::of(url::RELEASE_REQUEST, self.office.office).replace("{request}", &request.to_string()))
    }

    fn is_low(&self, member: &MemberRow) -> bool {
        member.two_factor && member.codes_left.is_none_or(|left| left <= LOW)
    }
}

/// `GET /offices/{office}/members?q=&filter=&sort=&page=`
pub(super) async fn show(visit: Visit, admin: OfficeAdmin) -> Answer {
    let value = |name| url::query_value(&visit.query, name).unwrap_or_default();
    let query = MemberQuery::read(&value("q"), &value("filter"), &value("sort"), &value("page"));
    let list = members::list(visit.services(), &admin, query.clone()).await?;
    let (page, office, me) = (Page::of(&visit), admin.membership().clone(), admin.user());
    answer::page(&MembersPage { page, office, me, query, list })
}
