//! The pages of the members with sample data.

use super::offices::office;
use super::{NOW, Samples, add, administrator as signed_in};
use crate::domain::ids::{ReleaseRequestId, UserId};
use crate::domain::language::Language;
use crate::domain::member_list::MemberQuery;
use crate::domain::office::Role;
use crate::service::members::{MemberList, MemberRow, MemberView, Summary};
use crate::web::errors_in_form::Errors;
use crate::web::offices::{MemberPage, MembersPage};

fn row(id: i64, codes_left: Option<u8>) -> MemberRow {
    MemberRow {
        id: UserId::from_i64(id),
        name: "鈴木 <b>\"次郎\"".to_owned(),
        email: format!("jiro{id}@example.jp"),
        role: if id == 1 { Role::Admin } else { Role::General },
        two_factor: id != 2,
        codes_left,
        last_sign_in_at: (id != 3).then_some(NOW),
    }
}

fn list(language: Language, query: MemberQuery, rows: Vec<MemberRow>, page: u32) -> MembersPage {
    let total = u32::try_from(rows.len()).expect("few") * 50;
    let summary = Summary { members: 10_000, off: 2, low: 3 };
    let requests = vec![(UserId::from_i64(4), ReleaseRequestId::from_i64(9))];
    let list = MemberList { rows, summary, requests, total, page, pages: total.div_ceil(50).max(1) };
    let page = signed_in(language);
    MembersPage { office: office(&page), page, me: UserId::from_i64(1), query, list }
}

fn one(language: Language, view: MemberView, errors: Errors) -> MemberPage {
    let page = signed_in(language);
    MemberPage {
        office: office(&page),
        page,
        my_email: "hanako@example.jp".to_owned(),
        is_me: view.id == UserId::from_i64(1),
        chosen: view.role,
        member: view,
        errors,
    }
}

/// The list and a member's page, in each state.
pub(super) fn pages(samples: &mut Samples, language: Language) {
    let query = |search, filter, sort| MemberQuery::read(search, filter, sort, "");
    let rows = || vec![row(1, Some(9)), row(2, None), row(3, None), row(4, Some(0)), row(5, Some(3))];
    add(samples, "members", list(language, query("", "", ""), rows(), 1));
    add(samples, "members-sorted", list(language, query("", "", "-codes"), rows(), 3));
    add(samples, "members-last-page", list(language, query("\"><b>%", "low", "last"), rows(), 5));
    add(samples, "members-nobody", list(language, query("直人", "off", ""), Vec::new(), 1));
    let view = |id, role, two_factor: bool, codes_left| MemberView {
        id: UserId::from_i64(id),
        name: "鈴木 <b>\"次郎\"".to_owned(),
        email: "jiro@example.jp".to_owned(),
        role,
        joined_at: NOW,
        two_factor_since: two_factor.then_some(NOW),
        codes_left,
        last_sign_in_at: two_factor.then_some(NOW),
        is_last_administrator: false,
        request: (id == 5 && codes_left.is_some()).then(|| ReleaseRequestId::from_i64(9)),
    };
    let words = signed_in(language).words;
    add(samples, "member", one(language, view(5, Role::General, true, Some(9)), Errors::none()));
    add(samples, "member-off", one(language, view(5, Role::General, false, None), Errors::none()));
    add(samples, "member-unissued", one(language, view(5, Role::Admin, true, None), Errors::none()));
    add(samples, "member-self", one(language, view(1, Role::Admin, true, Some(2)), Errors::none()));
    let last = MemberView { is_last_administrator: true, ..view(1, Role::Admin, true, Some(2)) };
    add(samples, "member-last-administrator", one(language, last, Errors::none()));
    let mut errors = Errors::of("role", words.members.role_unknown);
    errors.add("role-password", words.common.password_missing);
    add(samples, "member-role-refused", one(language, view(5, Role::General, true, Some(9)), errors));
    let errors = Errors::of("remove-password", words.common.password_wrong);
    add(samples, "member-removal-refused", one(language, view(5, Role::General, true, Some(9)), errors));
}
