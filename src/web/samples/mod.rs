//! The gallery: every page in every state with sample data, in every language. `hikae demo` shows
//! it, and tests look at all of it; a portal that serves members has no route to it.

mod account;
mod activity;
mod checks;
mod errors;
mod help;
mod invitations;
mod links;
mod members;
mod notices;
mod offices;
mod requirement;
mod sheet;
mod signing_in;
#[cfg(test)]
mod tests;
mod two_factor;

use std::fmt;

use actix_web::http::StatusCode;
use askama::Template;
use zeroize::Zeroizing;

use super::account::{DashboardPage, NextStep};
use super::error::{ErrorPage, Problem};
use super::errors_in_form::Errors;
use super::login::LoginPage;
use super::notice::Notice;
use super::page::{Page, Viewer};
use super::password_reset as reset;
use super::two_factor::refusal::{Entry, Refused};
use super::two_factor::{backup_codes, release, setup};
use super::url;
use crate::domain::audit::{Action, Outcome};
use crate::domain::client::Client;
use crate::domain::email::EmailAddress;
use crate::domain::ids::{OfficeId, SessionId, UserId};
use crate::domain::language::Language;
use crate::domain::office::{Membership, Role};
use crate::domain::plan::Plan;
use crate::domain::time::Timestamp;
use crate::domain::two_factor::backup_code::BackupCode;
use crate::domain::two_factor::code_input::CodeProblem;
use crate::domain::two_factor::sheet::{IssuedSheet, SheetId, SheetState, UsedCode};
use crate::i18n::Words;
use crate::service::activity::{ActivityEntry, By};
use crate::service::end_sessions::SessionView;
use crate::service::release_own_two_factor::ReleaseLink;
use crate::service::release_requests::Waiting;
use crate::service::request_release::Standing;
use crate::service::second_factor::CodeRefusal;
use crate::service::set_up_two_factor::PendingSetUp;
use crate::service::two_factor_overview::TwoFactorOverview;

const NOW: Timestamp = Timestamp(1_795_338_240);
const LATER: Timestamp = Timestamp(1_795_338_840);

fn visitor(language: Language) -> Page {
    Page { csrf: "token".to_owned(), back: Some("/login".to_owned()), ..Page::bare(Words::of(language)) }
}

fn halfway(language: Language) -> Page {
    Page { half_signed_in: true, ..visitor(language) }
}

fn member(language: Language) -> Page {
    let office = |id, name: &str, plan, role| Membership {
        office: OfficeId::from_i64(id),
        office_name: name.to_owned(),
        plan,
        role,
        two_factor_required_from: None,
    };
    let offices = vec![
        office(1, "みどり会計<事務所>", Plan::CorporateStarter, Role::Admin),
        office(2, "さくら商店", Plan::PersonalStarter, Role::General),
    ];
    let (name, email, current) = ("山田 花子".to_owned(), "hanako@example.jp".to_owned(), Some(offices[0].clone()));
    let viewer = Viewer { name, email, offices, current, barred: false };
    at(Page { viewer: Some(viewer), ..visitor(language) }, url::TWO_FACTOR)
}

/// The member on a page of the office they administer.
fn administrator(language: Language) -> Page {
    at(member(language), "/offices/1/members")
}

/// The page as it stands at a path: the frame marks where one is.
fn at(page: Page, path: &str) -> Page {
    Page { back: Some(path.to_owned()), ..page }
}

fn with_notice(page: Page, notice: Notice) -> Page {
    Page { notice: Some(notice.in_words(page.words)), ..page }
}

fn sheet(used: &[u8]) -> SheetState {
    let used = used.iter().map(|number| UsedCode {
        number: *number,
        at: NOW,
        device: Client::UNKNOWN_DEVICE.to_owned(),
        session: None,
    });
    SheetState { number: 3, id: SheetId::from_stored("K7QM-2FXP".to_owned()), issued_at: NOW, used: used.collect() }
}

fn issued() -> IssuedSheet {
    // Made by a rule and not drawn: nobody can mistake them for codes of somebody.
    let code = |number: usize| BackupCode::from_digits(&format!("{number:03}{0:03}{0:03}", 100 * number % 999));
    let codes = std::array::from_fn(|index| code(index + 1).expect("nine digits"));
    IssuedSheet { number: 3, id: SheetId::from_stored("K7QM-2FXP".to_owned()), issued_at: NOW, codes }
}

fn overview(on: bool, sheet: Option<SheetState>, issues_codes: bool) -> TwoFactorOverview {
    TwoFactorOverview { enabled_at: on.then_some(NOW), sheet, issues_codes, ..TwoFactorOverview::default() }
}

fn pending(issues_codes: bool, replaces: bool) -> PendingSetUp {
    let url = "otpauth://totp/Hikae:hanako%40example.jp?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Hikae";
    let key = "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP";
    let (otpauth_url, key_text) = (Zeroizing::new(url.to_owned()), Zeroizing::new(key.to_owned()));
    PendingSetUp { otpauth_url, key_text, expires_at: LATER, is_extendable: issues_codes, issues_codes, replaces }
}

fn email() -> EmailAddress {
    EmailAddress::from_stored("hanako@example.jp".to_owned())
}

fn link() -> ReleaseLink {
    ReleaseLink { user: UserId::from_i64(1), email: email(), valid_until: LATER, required_by: Vec::new() }
}

/// The part of the product that a page belongs to, as the gallery's index groups them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Area {
    SignIn,
    Links,
    Account,
    TwoFactor,
    Office,
    Invitations,
    Notices,
    Help,
    Errors,
}

impl Area {
    /// Every area, in the order of the index.
    pub const ALL: [Area; 9] = [
        Area::SignIn,
        Area::Account,
        Area::TwoFactor,
        Area::Links,
        Area::Office,
        Area::Invitations,
        Area::Notices,
        Area::Help,
        Area::Errors,
    ];
}

/// A page in one state.
pub struct Sample {
    pub area: Area,
    /// Unique and stable: the gallery's addresses and the reports of the tests carry it.
    pub name: String,
    pub html: String,
}

impl Sample {
    /// What the browser's tab says, without the product's name.
    pub fn title(&self) -> &str {
        let rest = self.html.split_once("<title>").map_or("", |(_, rest)| rest);
        rest.split(" | Hikae</title>").next().unwrap_or_default()
    }
}

/// The pages made so far.
struct Samples {
    area: Area,
    pages: Vec<Sample>,
}

fn add(samples: &mut Samples, name: impl Into<String>, template: impl Template) {
    let html = template.render().expect("a page renders");
    samples.pages.push(Sample { area: samples.area, name: name.into(), html });
}

/// A value's name as part of an address: `Coming { from: 3 }` is `coming-from-3`.
fn slug(value: impl fmt::Debug) -> String {
    let mut slug = String::new();
    for c in format!("{value:?}").chars() {
        if c.is_ascii_uppercase() && slug.ends_with(|last: char| last.is_ascii_lowercase()) || !c.is_alphanumeric() {
            slug.push('-');
        }
        slug.extend(c.is_alphanumeric().then_some(c.to_ascii_lowercase()));
    }
    let words: Vec<&str> = slug.split('-').filter(|word| !word.is_empty()).collect();
    words.join("-")
}

/// Every page in every state.
///
/// # Panics
/// When a template cannot be rendered, which no value can bring about.
pub fn all(language: Language) -> Vec<Sample> {
    let mut samples = Samples { area: Area::SignIn, pages: Vec::new() };
    signing_in::pages(&mut samples, language);
    samples.area = Area::Account;
    account::pages(&mut samples, language);
    samples.area = Area::TwoFactor;
    two_factor::pages(&mut samples, language);
    checks::pages(&mut samples, language);
    requirement::member_pages(&mut samples, language);
    samples.area = Area::Links;
    links::pages(&mut samples, language);
    samples.area = Area::Office;
    members::pages(&mut samples, language);
    offices::pages(&mut samples, language);
    requirement::office_pages(&mut samples, language);
    activity::pages(&mut samples, language);
    samples.area = Area::Invitations;
    invitations::pages(&mut samples, language);
    samples.area = Area::Notices;
    notices::pages(&mut samples, language);
    samples.area = Area::Help;
    help::pages(&mut samples, language);
    samples.area = Area::Errors;
    errors::pages(&mut samples, language);
    samples.pages
}
