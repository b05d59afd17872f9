//! Every page with sample data, in every language, and what must be true of each of them.

mod activity;
mod errors;
mod invitations;
mod links;
mod members;
mod offices;
mod requirement;

use actix_web::http::StatusCode;
use askama::Template;
use scraper::{ElementRef, Html, Selector};
use zeroize::Zeroizing;

use super::account::{self, DashboardPage, NextStep};
use super::error::{ErrorPage, Problem};
use super::errors_in_form::Errors;
use super::login::{self, LoginPage};
use super::notice::Notice;
use super::page::{Page, Viewer};
use super::password_reset as reset;
use super::two_factor::refusal::{Entry, Refused};
use super::two_factor::{self, backup_codes, release, setup};
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
use crate::random::Randomness;
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

pub(super) fn member(language: Language) -> Page {
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
    Page { viewer: Some(viewer), ..visitor(language) }
}

fn with_notice(page: Page, notice: Notice) -> Page {
    Page { notice: Some(notice.in_words(page.words)), ..page }
}

fn sheet(used: &[u8]) -> SheetState {
    let used =
        used.iter().map(|number| UsedCode { number: *number, at: NOW, device: Client::UNKNOWN_DEVICE.to_owned() });
    SheetState { number: 3, id: SheetId::from_stored("K7QM-2FXP".to_owned()), issued_at: NOW, used: used.collect() }
}

fn issued() -> IssuedSheet {
    let codes = BackupCode::draw_sheet(&mut Randomness::seeded(7));
    IssuedSheet { number: 3, id: SheetId::from_stored("K7QM-2FXP".to_owned()), issued_at: NOW, codes }
}

fn overview(on: bool, sheet: Option<SheetState>, issues_codes: bool) -> TwoFactorOverview {
    TwoFactorOverview { enabled_at: on.then_some(NOW), sheet, issues_codes, release_blocked_until: None }
}

fn pending(issues_codes: bool, replaces: bool) -> PendingSetUp {
    let url = "otpauth://totp/Hikae:hanako%40example.jp?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Hikae";
    let key = "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP";
    let (otpauth_url, key_text) = (Zeroizing::new(url.to_owned()), Zeroizing::new(key.to_owned()));
    PendingSetUp { otpauth_url, key_text, expires_at: LATER, issues_codes, replaces }
}

fn email() -> EmailAddress {
    EmailAddress::from_stored("hanako@example.jp".to_owned())
}

fn link() -> ReleaseLink {
    ReleaseLink { user: UserId::from_i64(1), email: email(), valid_until: LATER, required_by: Vec::new() }
}

pub(super) type Samples = Vec<(&'static str, String)>;

pub(super) fn add(samples: &mut Samples, name: &'static str, template: impl Template) {
    samples.push((name, template.render().expect("a page renders")));
}

/// Every page.
pub(in crate::web) fn samples(language: Language) -> Samples {
    let mut samples = Vec::new();
    signing_in(&mut samples, language);
    the_account(&mut samples, language);
    two_factor_pages(&mut samples, language);
    requirement::samples(&mut samples, language);
    links::pages(&mut samples, language);
    offices::pages(&mut samples, language);
    members::pages(&mut samples, language);
    invitations::all(&mut samples, language);
    errors::pages(&mut samples, language);
    for (name, page) in activity::samples(|| member(language)) {
        add(&mut samples, name, page);
    }
    samples
}

fn recovery_page(page: Page, standing: Standing, errors: Errors, request_errors: Errors) -> login::RecoveryPage {
    let contact = Some("情報管理課<内線 1234>".to_owned());
    let email = "hanako@example.jp".to_owned();
    login::RecoveryPage { page, email, until: LATER, standing, contact, errors, request_errors }
}

fn signing_in(samples: &mut Samples, language: Language) {
    let (page, address) = (|| visitor(language), || "hanako@example.jp".to_owned());
    let login = |page, errors| LoginPage { page, email: address(), next: "/account/email".to_owned(), errors };
    add(samples, "login", login(page(), Errors::none()));
    add(samples, "login-wrong", login(page(), Errors::of_form("email", page().words.login.wrong)));
    for notice in Notice::ALL {
        add(samples, "login-notice", login(with_notice(page(), *notice), Errors::none()));
    }
    let code = |refusal: Option<CodeRefusal>| {
        let page = halfway(language);
        let errors = refusal.map_or_else(Errors::none, |refusal| Entry::SIGN_IN.refused(&page, NOW, refusal).errors);
        login::CodePage { page, email: address(), next: String::new(), until: LATER, errors }
    };
    let recovery = |refusal: Option<CodeRefusal>| {
        let page = halfway(language);
        let errors = refusal.map_or_else(Errors::none, |refusal| Entry::RECOVERY.refused(&page, NOW, refusal).errors);
        recovery_page(page, Standing::CanAsk, errors, Errors::none())
    };
    add(samples, "login-code", code(None));
    add(samples, "login-recovery", recovery(None));
    for refusal in [
        CodeRefusal::Wrong,
        CodeRefusal::Replayed,
        CodeRefusal::Wait(LATER),
        CodeRefusal::Stopped,
        CodeRefusal::Unreadable(CodeProblem::Empty),
        CodeRefusal::Unreadable(CodeProblem::WrongLength),
        CodeRefusal::Unreadable(CodeProblem::OtherKind),
    ] {
        add(samples, "login-code-refused", code(Some(refusal)));
        add(samples, "login-recovery-refused", recovery(Some(refusal)));
    }
    for standing in [Standing::Open { until: LATER }, Standing::NobodyToAsk] {
        add(samples, "login-asked", recovery_page(halfway(language), standing, Errors::none(), Errors::none()));
    }
    let too_many = Refused::mail_wait(&page(), "release-request", NOW, LATER).errors;
    add(samples, "login-asked-often", recovery_page(halfway(language), Standing::CanAsk, Errors::none(), too_many));
    add(samples, "reset", reset::RequestPage { page: page(), email: String::new(), errors: Errors::none() });
    add(samples, "reset-sent", reset::SentPage { page: page() });
    let weak = Errors::of("new_password", page().words.common.password_too_common);
    add(samples, "reset-choose", reset::ChoosePage { page: page(), email: email(), errors: weak });
    add(samples, "reset-dead", reset::DeadPage { page: page() });
}

fn the_account(samples: &mut Samples, language: Language) {
    let waiting = || vec![Waiting { office: offices::office(&member(language)), count: 2 }];
    let page = || member(language);
    let address = || "hanako@example.jp".to_owned();
    for (next, overview) in [
        (NextStep::SetUp, overview(false, None, true)),
        (NextStep::FirstIssue, overview(true, None, true)),
        (NextStep::Reissue, overview(true, Some(sheet(&[1, 2, 3, 4, 5, 6, 7])), true)),
        (NextStep::Nothing, overview(true, Some(sheet(&[2])), true)),
        (NextStep::NothingWithoutCodes, overview(true, None, false)),
    ] {
        add(
            samples,
            "dashboard",
            DashboardPage { page: page(), name: "山田 花子".to_owned(), overview, next, waiting: waiting() },
        );
    }
    let mut none = page();
    none.viewer = none.viewer.map(|viewer| Viewer { offices: Vec::new(), current: None, ..viewer });
    let overview = overview(false, None, false);
    add(
        samples,
        "dashboard-no-office",
        DashboardPage { page: none, name: String::new(), overview, next: NextStep::SetUp, waiting: Vec::new() },
    );
    let name_errors = Errors::of("name", page().words.account.name_empty);
    add(
        samples,
        "profile",
        account::ProfilePage {
            page: page(),
            name: "山田 \"花子\" <b>".to_owned(),
            language: "ja".to_owned(),
            time_zone: "Asia/Tokyo".to_owned(),
            zones: vec!["Asia/Tokyo".to_owned(), "Europe/Berlin".to_owned()],
            errors: name_errors,
        },
    );
    let mut two = Errors::of("email", page().words.common.email_invalid);
    two.add("password", page().words.common.password_missing);
    add(samples, "email", account::EmailPage { page: page(), current: address(), email: address(), errors: two });
    add(samples, "email-confirmation", account::ConfirmPage { page: visitor(language), new_email: email() });
    add(samples, "email-changed", account::ChangedPage { page: visitor(language), new_email: email() });
    add(samples, "email-link-dead", account::DeadPage { page: visitor(language), taken: false });
    add(samples, "email-taken", account::DeadPage { page: visitor(language), taken: true });
    add(samples, "password", account::PasswordPage { page: page(), email: address(), errors: Errors::none() });
    let session = |id, current| SessionView {
        id: SessionId::from_i64(id),
        device: if current { "Safari / macOS" } else { Client::UNKNOWN_DEVICE }.to_owned(),
        address: "192.0.2.1".to_owned(),
        signed_in_at: NOW,
        last_seen_at: LATER,
        current,
    };
    add(
        samples,
        "sessions",
        account::SessionsPage { page: page(), sessions: vec![session(1, true), session(2, false)] },
    );
    add(samples, "sessions-one", account::SessionsPage { page: page(), sessions: vec![session(1, true)] });
    let outcomes = [Outcome::Done, Outcome::Refused, Outcome::Throttled];
    let entries = Action::ALL.iter().zip(outcomes.iter().cycle()).enumerate();
    let entries = entries.map(|(index, (action, outcome))| ActivityEntry {
        seq: i64::try_from(index).expect("few actions"),
        at: NOW,
        action: *action,
        outcome: *outcome,
        detail: "sheet 2 K7QM-2FXP".to_owned(),
        address: "2001:db8::1".to_owned(),
        device: ["Firefox / Linux", Client::UNKNOWN_DEVICE, Client::COMMAND_LINE][index % 3].to_owned(),
        by: match index % 5 {
            0 => By::Me,
            1 => By::Unproven,
            2 => By::Administrator("Hikae & Co. <b>".to_owned()),
            3 => By::Operator,
            _ => By::Automatic,
        },
    });
    let entries = entries.collect();
    add(samples, "activity", account::ActivityPage { page: page(), entries, older: Some(12), is_first: false });
    add(
        samples,
        "activity-empty",
        account::ActivityPage { page: page(), entries: Vec::new(), older: None, is_first: true },
    );
}

fn two_factor_pages(samples: &mut Samples, language: Language) {
    let page = || member(language);
    let tab = |overview, errors| two_factor::OverviewPage {
        plan_groups: two_factor::plan_groups(&page()),
        page: page(),
        email: "hanako@example.jp".to_owned(),
        overview,
        offices: two_factor::Offices::default(),
        errors,
    };
    let blocked =
        TwoFactorOverview { release_blocked_until: Some(LATER), ..overview(true, Some(sheet(&[2, 9])), false) };
    let all = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    add(samples, "two-factor-off", tab(overview(false, None, true), Errors::none()));
    add(samples, "two-factor-off-no-plan", tab(overview(false, None, false), Errors::none()));
    add(samples, "two-factor-on", tab(overview(true, Some(sheet(&[2])), true), Errors::none()));
    add(samples, "two-factor-low", tab(overview(true, Some(sheet(&all[..7])), true), Errors::none()));
    add(samples, "two-factor-none-left", tab(overview(true, Some(sheet(&all)), true), Errors::none()));
    add(samples, "two-factor-unissued", tab(overview(true, None, true), Errors::none()));
    add(samples, "two-factor-no-plan", tab(overview(true, None, false), Errors::none()));
    add(samples, "two-factor-blocked", tab(blocked, Errors::of("code", page().words.two_factor.code_wrong)));
    for (issues_codes, replaces) in [(true, false), (false, true)] {
        let errors = Entry::ACCOUNT.refused(&page(), NOW, CodeRefusal::Wrong).errors;
        let shown = setup::SetUpPage::new(page(), pending(issues_codes, replaces), errors).expect("a QR code");
        add(samples, "setup", shown);
    }
    let groups = || two_factor::plan_groups(&page());
    add(samples, "setup-done", setup::DonePage { page: page(), plan_groups: groups() });
    add(samples, "reissue", backup_codes::ReissuePage { page: page(), first: true, errors: Errors::none() });
    let errors = Entry::ACCOUNT.refused(&page(), NOW, CodeRefusal::Replayed).errors;
    add(samples, "reissue-refused", backup_codes::ReissuePage { page: page(), first: false, errors });
    add(samples, "no-plan", backup_codes::NoPlanPage { page: page(), plan_groups: groups() });
    let offices = ["みどり会計事務所".to_owned(), "さくら商店".to_owned()];
    for title in [page().words.two_factor.done_title, page().words.backup_codes.reissued_title] {
        let codes = backup_codes::CodesPage::of(page(), title, "hanako@example.jp".to_owned(), &offices, issued());
        add(samples, "codes", codes);
    }
}

fn all<'a>(html: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    html.select(&Selector::parse(selector).expect("a selector")).collect()
}

/// What is wrong with a page, if anything.
fn flaw(text: &str, language: Language) -> Option<String> {
    let html = Html::parse_document(text);
    if all(&html, "html").first().and_then(|root| root.attr("lang")) != Some(language.tag()) {
        return Some("lang".to_owned());
    }
    let headings = all(&html, "h1");
    if headings.len() != 1 || headings[0].text().collect::<String>().trim().is_empty() {
        return Some(format!("{} h1", headings.len()));
    }
    let title: String = all(&html, "title").iter().flat_map(|title| title.text()).collect();
    if !title.ends_with(" | Hikae") || title.starts_with(' ') {
        return Some(format!("title {title:?}"));
    }
    let mut ids: Vec<&str> = all(&html, "[id]").iter().filter_map(|element| element.attr("id")).collect();
    let has = |id: &str| ids.contains(&id);
    for input in all(&html, "input:not([type=hidden]), select, textarea") {
        let id = input.attr("id").unwrap_or_default();
        if all(&html, &format!("label[for={id:?}]")).len() != 1 {
            return Some(format!("no label for {id:?}"));
        }
        if input.attr("aria-describedby").is_some_and(|described| !described.split(' ').all(has)) {
            return Some(format!("{id:?} is described by nothing"));
        }
    }
    let broken = |link: &ElementRef| link.attr("href").and_then(|to| to.strip_prefix('#')).is_some_and(|id| !has(id));
    if let Some(link) = all(&html, "a[href^='#']").iter().find(|link| broken(link)) {
        return Some(format!("a link to nothing: {}", link.html()));
    }
    for form in all(&html, "form[method=post]") {
        let token = Selector::parse("input[name=csrf_token]").expect("a selector");
        if form.select(&token).next().is_none() {
            return Some("a form without its token".to_owned());
        }
    }
    ids.sort_unstable();
    if let Some(pair) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
        return Some(format!("id {:?} twice", pair[0]));
    }
    let inline = all(&html, "script:not([src]), style, [style], [autofocus]");
    let handlers = all(&html, "*");
    let handlers =
        handlers.iter().flat_map(|element| element.value().attrs()).filter(|(name, _)| name.starts_with("on"));
    (inline.len() + handlers.count() > 0).then(|| "inline script or style".to_owned())
}

#[test]
fn every_page_is_sound_in_every_language() {
    for language in Language::ALL {
        for (name, text) in samples(language) {
            assert_eq!(flaw(&text, language), None, "{name} ({})\n{text}", language.tag());
            assert!(!text.contains("みどり会計<"), "{name}: a name is not escaped");
        }
    }
}

#[test]
fn the_page_with_the_codes_shows_each_of_them_and_no_other_page_does() {
    let codes = issued().codes.map(|code| code.grouped());
    for (name, text) in samples(Language::Ja) {
        for code in &codes {
            // Once on the sheet, once in the text for the clipboard.
            assert_eq!(text.matches(code.as_str()).count(), if name == "codes" { 2 } else { 0 }, "{name}");
        }
    }
}

#[test]
fn what_is_stored_in_english_is_translated_on_japanese_pages() {
    let mut translated = 0;
    for (name, text) in samples(Language::Ja) {
        for stored in [Client::UNKNOWN_DEVICE, Client::COMMAND_LINE, "sheet 2 "] {
            assert!(!text.contains(stored), "{name}: {stored}");
        }
        translated += usize::from(text.contains("不明な端末"));
    }
    assert!(translated > 3, "sessions, activity and the tab show devices");
}

#[test]
fn no_japanese_is_left_on_english_pages() {
    let ours = |c: char| matches!(c, 'ぁ'..='ん' | 'ァ'..='ヶ');
    for (name, text) in samples(Language::En) {
        let text = text.replace("さくら商店", "").replace("みどり", "");
        let found: String = text.chars().filter(|c| ours(*c)).collect();
        assert!(found.is_empty(), "{name}: {found}");
    }
}
