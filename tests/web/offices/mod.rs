//! 事業所管理: what administrators see and do in their office.

mod activity;
mod activity_file;
mod invitations;
mod matrix;
mod members;
mod release_requests;
mod removal;
mod required;
mod required_routes;
mod roles;

use hikae::domain::ids::OfficeId;
use hikae::domain::office::Role;
use hikae::domain::plan::Plan;

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::members::{Member, PASSWORD};
use crate::support::page::{Form, Page};

/// An office with one administrator, signed in, and a member.
struct Setting {
    office: OfficeId,
    admin: Member,
    browser: Browser,
    member: Member,
}

async fn setting(app: &TestApp) -> Setting {
    let office = app.office(Plan::CorporateStarter).await;
    let admin = app.person_of(office, Role::Admin).await;
    let member = app.member_of(office).await;
    let browser = signed_in(app, &admin).await;
    Setting { office, admin, browser, member }
}

/// A browser in which somebody without two-factor authentication has signed in.
async fn signed_in(app: &TestApp, member: &Member) -> Browser {
    let browser = app.browser();
    browser.sign_in(member).await.expect_redirect("/account");
    browser
}

fn list_path(office: OfficeId) -> String {
    format!("/offices/{office}/members")
}

fn member_path(member: &Member) -> String {
    format!("/offices/{}/members/{}", member.office, member.id)
}

/// The form that changes the role, filled in.
async fn role_form(browser: &Browser, member: &Member, role: Role) -> Form {
    let page = browser.get(&member_path(member)).await.expect(200);
    let form = page.form(&format!("{}/role", member_path(member)));
    form.fill("role", role.slug()).fill("password", PASSWORD)
}

async fn change_role(browser: &Browser, member: &Member, role: Role) -> Page {
    role_form(browser, member, role).await.submit(browser).await
}

/// The form that removes, filled in.
async fn removal_form(browser: &Browser, member: &Member) -> Form {
    let page = browser.get(&member_path(member)).await.expect(200);
    page.form(&format!("{}/remove", member_path(member))).fill("password", PASSWORD)
}

async fn remove(browser: &Browser, member: &Member) -> Page {
    removal_form(browser, member).await.submit(browser).await
}

/// What a person is in the office, read past the pages.
fn role_of(app: &TestApp, member: &Member) -> Option<String> {
    let sql =
        format!("SELECT role AS line FROM memberships WHERE user_id = {} AND office_id = {}", member.id, member.office);
    app.database.lines(&sql).pop()
}

/// `action outcome detail` of the rows of an office about a member, oldest first.
fn trail(app: &TestApp, member: &Member) -> Vec<String> {
    app.database.lines(&format!(
        "SELECT action || ' ' || outcome || ' ' || detail AS line FROM audit_events \
         WHERE office_id = {} AND subject_id = {} AND action LIKE 'member.%' ORDER BY seq",
        member.office, member.id
    ))
}

/// The cells of the list's rows.
fn cells(page: &Page) -> Vec<Vec<String>> {
    let cells = page.all("tbody td");
    cells.chunks(6).map(<[String]>::to_vec).collect()
}
