//! Samples of invitations and of the first start.

use super::{LATER, NOW, Samples, add, administrator, member, visitor};
use crate::domain::email::EmailAddress;
use crate::domain::ids::{InvitationId, UserId};
use crate::domain::language::Language;
use crate::domain::office::{Membership, Role};
use crate::service::accept_invitation::InvitationLink;
use crate::service::manage_invitations::{InvitationList, InvitationState, InvitationView};
use crate::web::errors_in_form::Errors;
use crate::web::invitations::{DeadPage, JoinPage, NewPage, OtherPage, SignInPage};
use crate::web::offices::{InvitationsPage, InviteForm};
use crate::web::setup::{SetupForm, SetupPage};

fn address(name: &str) -> EmailAddress {
    EmailAddress::from_stored(format!("{name}@example.jp"))
}

fn link(account: bool) -> InvitationLink {
    InvitationLink {
        office_name: "みどり会計<事務所>".to_owned(),
        invited_by: "山田 太郎".to_owned(),
        email: address("hanako"),
        role: Role::General,
        expires_at: LATER,
        account: account.then(|| UserId::from_i64(1)),
    }
}

fn view(id: i64, name: &str, role: Role, state: InvitationState) -> InvitationView {
    InvitationView {
        id: InvitationId::from_i64(id),
        email: address(name),
        role,
        invited_by: "山田 太郎".to_owned(),
        sent_at: NOW,
        expires_at: LATER,
        state,
    }
}

/// The office, as its administrator sees it.
fn office(language: Language) -> Membership {
    member(language).viewer.expect("a member").offices.swap_remove(0)
}

pub(super) fn pages(samples: &mut Samples, language: Language) {
    let list = |invitations, has_more| InvitationList { invitations, has_more };
    let page = |form, list, errors, number| InvitationsPage {
        page: administrator(language),
        office: office(language),
        form,
        list,
        number,
        errors,
    };
    let empty = page(InviteForm::new(), list(Vec::new(), false), Errors::none(), 1);
    add(samples, "invitations-empty", empty);
    let invitations = vec![
        view(1, "ichiro", Role::General, InvitationState::Open),
        view(2, "a-rather-long-name-of-a-mailbox.of-somebody", Role::Admin, InvitationState::Expired),
        view(3, "jiro", Role::Admin, InvitationState::InviterGone),
    ];
    let words = &visitor(language).words.invitations;
    let mut errors = Errors::of("emails", words.unreadable("hanako、<b>"));
    errors.add("role", words.role_missing);
    errors.add("password", words.password_missing);
    let form = InviteForm { emails: "hanako\n<b>".to_owned(), ..InviteForm::default() };
    add(samples, "invitations", page(form, list(invitations, true), errors, 2));

    let page = || visitor(language);
    let new = |name: &str, errors| NewPage { page: page(), link: link(false), name: name.to_owned(), errors };
    add(samples, "invitation-new", new("", Errors::none()));
    let weak = Errors::of("new_password", page().words.common.password_too_common);
    add(samples, "invitation-new-weak", new("山田 \"花子\" <b>", weak));
    let sign_in = "/login?next=%2Finvitations%2Ftoken".to_owned();
    add(samples, "invitation-sign-in", SignInPage { page: page(), link: link(true), sign_in });
    add(samples, "invitation-join", JoinPage { page: member(language), link: link(true) });
    let (invited, signed_in) = ("ichiro@example.jp".to_owned(), "hanako@example.jp".to_owned());
    add(samples, "invitation-other", OtherPage { page: member(language), invited, signed_in });
    add(samples, "invitation-dead", DeadPage { page: page() });

    add(samples, "first-start", SetupPage { page: page(), form: SetupForm::default(), errors: Errors::none() });
    let words = &page().words.first_start;
    let mut errors = Errors::of("token", words.token_wrong);
    errors.add("plan", words.plan_missing);
    let form = SetupForm { token: "abc".to_owned(), office_name: "<b>".to_owned(), ..SetupForm::default() };
    add(samples, "first-start-refused", SetupPage { page: page(), form, errors });
}
