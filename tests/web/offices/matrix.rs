//! Every route of an office, tried by everybody who has no power there (SC-57): each is told that
//! there is nothing, or to sign in, and nothing changes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use hikae::domain::email::EmailAddress;
use hikae::domain::ids::OfficeId;
use hikae::domain::office::Role;
use hikae::domain::plan::Plan;
use hikae::service::operator::{self, Assign};
use reqwest::Method;

use super::signed_in;
use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::members::{Member, Protected};
use crate::support::page::Page;

/// A route of an office, with a body that would pass if the right person sent it.
struct Route {
    method: Method,
    path: &'static str,
    fields: &'static [(&'static str, &'static str)],
    /// What an administrator without two-factor authentication is answered; for a form, with a
    /// wrong password or code in it. A form that is answered 303 needs neither.
    without_second_factor: u16,
}

const fn get(path: &'static str, without_second_factor: u16) -> Route {
    Route { method: Method::GET, path, fields: &[], without_second_factor }
}

const fn post(
    path: &'static str,
    fields: &'static [(&'static str, &'static str)],
    without_second_factor: u16,
) -> Route {
    Route { method: Method::POST, path, fields, without_second_factor }
}

/// The password of everybody here; an administrator without two-factor authentication enters
/// another.
const PASSWORD: (&str, &str) = ("password", crate::support::members::PASSWORD);

/// One line for each route. Names in braces are filled in by [`World::path`].
const ROUTES: &[Route] = &[
    get("/offices/{office}", 303),
    get("/offices/{office}/members", 200),
    get("/offices/{office}/members/{member}", 200),
    post("/offices/{office}/members/{member}/role", &[("role", "admin"), PASSWORD], 422),
    post("/offices/{office}/members/{member}/remove", &[PASSWORD], 422),
    get("/offices/{office}/invitations", 200),
    post("/offices/{office}/invitations", &[("emails", "taro@example.jp"), ("role", "admin"), PASSWORD], 422),
    post("/offices/{office}/invitations/{invitation}/resend", &[], 303),
    post("/offices/{office}/invitations/{invitation}/revoke", &[], 303),
    get("/offices/{office}/activity", 200),
    post("/offices/{office}/activity.csv", &[], 200),
    get("/offices/{office}/two-factor", 200),
    post("/offices/{office}/two-factor", &[("required_from", "2027-01-01"), PASSWORD], 422),
    post("/offices/{office}/two-factor/lift", &[("lift_password", "まったく違うパスワード")], 422),
    get("/offices/{office}/release-requests", 200),
    get("/offices/{office}/release-requests/{request}", 200),
    post("/offices/{office}/release-requests/{request}/approve", &[("note", "電話"), ("code", "000000")], 403),
    post("/offices/{office}/release-requests/{request}/decline", &[], 303),
    get("/offices/{office}/two-factor", 200),
    post("/offices/{office}/two-factor", &[("required_from", "2026-12-01"), PASSWORD], 422),
    post("/offices/{office}/two-factor/lift", &[("lift_password", PASSWORD.1)], 403),
];

/// What must not change, one line for each table: the name, and what counts of its rows.
const STATE: &[(&str, &str)] = &[
    ("memberships", "user_id || ' ' || office_id || ' ' || role"),
    ("offices", "id || ' ' || name || ' ' || plan || ' ' || COALESCE(two_factor_required_from, 0)"),
    ("users", "id || ' ' || email || ' ' || name || ' ' || password_hash"),
    ("two_factors", "user_id || ' ' || set_up_id"),
    ("generations", "id || ' ' || COALESCE(voided_at, 0)"),
    ("links", "purpose || ' ' || user_id || ' ' || COALESCE(ended_at, 0)"),
    ("release_requests", "id || ' ' || state"),
    ("invitations", "id || ' ' || email || ' ' || sent_at || ' ' || COALESCE(ended_at, 0)"),
    ("outbox", "CAST(id AS TEXT)"),
];

/// An office with everybody who might try.
struct World {
    app: TestApp,
    office: OfficeId,
    /// Of the office, as the things the routes are about.
    member: Member,
    /// The member's open request to the administrators.
    request: String,
    /// An open invitation to the office.
    invitation: String,
    /// Administrates the office, with two-factor authentication.
    admin: Protected,
}

impl World {
    async fn new() -> Self {
        let app = TestApp::start().await;
        let office = app.office(Plan::CorporateEnterprise).await;
        let admin = app.protected_admin(office).await;
        let member = app.protect(app.member_of(office).await).await.member;
        app.ask_administrators(&member).await;
        let request = app.database.lines("SELECT CAST(id AS TEXT) AS line FROM release_requests").concat();
        let page = admin.browser.get(&format!("/offices/{office}/invitations")).await.expect(200);
        let form = page.form(&format!("/offices/{office}/invitations"));
        form.fill("emails", "jiro@example.jp").submit(&admin.browser).await.expect(303);
        let invitation = app.database.lines("SELECT CAST(id AS TEXT) AS line FROM invitations").concat();
        Self { app, office, member, request, invitation, admin }
    }

    /// The path of a route, with the names in braces filled in.
    fn path(&self, route: &Route, office: OfficeId) -> String {
        let filled = [
            ("{office}", office.to_string()),
            ("{member}", self.member.id.to_string()),
            ("{request}", self.request.clone()),
            ("{invitation}", self.invitation.clone()),
        ];
        filled.iter().fold(route.path.to_owned(), |path, (name, value)| path.replace(name, value))
    }

    fn state(&self) -> BTreeMap<&'static str, Vec<String>> {
        let rows = |(table, columns): &(&'static str, &str)| {
            (*table, self.app.database.lines(&format!("SELECT {columns} AS line FROM {table} ORDER BY 1")))
        };
        STATE.iter().map(rows).collect()
    }

    /// Sends what the route takes, with the form token of this browser.
    async fn send(&self, route: &Route, browser: &Browser, path: &str, password: Option<&str>) -> Page {
        if route.method == Method::GET {
            return browser.get(path).await;
        }
        let mut fields = vec![("csrf_token".to_owned(), token(browser).await)];
        for (name, value) in route.fields {
            let value = password.filter(|_| *name == PASSWORD.0).unwrap_or(value);
            fields.push(((*name).to_owned(), value.to_owned()));
        }
        browser.submit(path, &fields).await
    }

    /// Tries every route; `answer` says what is to come of each.
    async fn try_all(&self, who: &str, browser: &Browser, office: OfficeId, answer: impl Fn(&Route, &Page) -> bool) {
        for route in ROUTES {
            // The own office of a stranger is theirs; what is ours is not there.
            if office != self.office && route.path.matches('{').count() == 1 {
                continue;
            }
            let (path, before) = (self.path(route, office), self.state());
            let page = self.send(route, browser, &path, None).await;
            let what = format!("{who}: {} {path}: {} {:?}", route.method, page.status, page.location());
            assert!(answer(route, &page), "{what}\n{}", page.text());
            assert!(!page.html.contains(&self.member.email), "{what} shows a member");
            assert_eq!(self.state(), before, "{what} changed something");
        }
    }
}

/// The form token of whoever uses this browser.
async fn token(browser: &Browser) -> String {
    for path in ["/account", "/login/code", "/login"] {
        let page = browser.get(path).await;
        if let Some(token) = page.attributes("input[name=csrf_token]", "value").first() {
            return token.clone();
        }
    }
    panic!("no page with a form")
}

fn nothing_there(_: &Route, page: &Page) -> bool {
    page.status == 404
}

fn to_sign_in(_: &Route, page: &Page) -> bool {
    page.status == 303
        && page.location().is_some_and(|to| to == "/login" || to.starts_with("/login?next=%2Foffices%2F"))
}

#[tokio::test]
async fn an_administrator_of_another_office_finds_nothing() {
    let world = World::new().await;
    let elsewhere = world.app.office(Plan::CorporateEnterprise).await;
    let stranger = world.app.person_of(elsewhere, Role::Admin).await;
    let stranger = world.app.protect(stranger).await;
    world.try_all("a stranger", &stranger.browser, world.office, nothing_there).await;
    world.try_all("a stranger, through the own office", &stranger.browser, elsewhere, nothing_there).await;
}

#[tokio::test]
async fn a_plain_member_finds_nothing() {
    let world = World::new().await;
    let colleague = world.app.member_of(world.office).await;
    // Even one who administrates another office.
    let elsewhere = world.app.office(Plan::CorporateEnterprise).await;
    world.app.assign(&colleague, elsewhere, Role::Admin).await;
    let colleague = world.app.protect(colleague).await;
    world.try_all("a plain member", &colleague.browser, world.office, nothing_there).await;
    let mine = world.app.signed_in(&world.admin).await;
    assert_eq!(mine.get(&format!("/offices/{}/members", world.office)).await.status, 200);
}

#[tokio::test]
async fn a_former_administrator_with_the_pages_still_open_finds_nothing() {
    let world = World::new().await;
    let former = world.app.person_of(world.office, Role::Admin).await;
    let former = world.app.protect(former).await;
    for route in ROUTES.iter().filter(|route| route.method == Method::GET) {
        let page = former.browser.get(&world.path(route, world.office)).await;
        assert!(matches!(page.status, 200 | 303), "{}: {}", route.path, page.status);
    }
    let email = EmailAddress::parse(&former.member.email).expect("an address");
    let assigned = operator::assign(&world.app.services, email, world.office, Role::General).await.expect("no fault");
    assert_eq!(assigned, Assign::RoleChanged);
    assert!(former.browser.is_signed_in().await, "only the role is gone");
    world.try_all("a former administrator", &former.browser, world.office, nothing_there).await;
}

#[tokio::test]
async fn who_is_signed_out_or_has_only_proven_the_password_is_sent_to_sign_in() {
    let world = World::new().await;
    world.try_all("a visitor", &world.app.browser(), world.office, to_sign_in).await;
    let stage = world.app.password_proven(&world.admin.member).await;
    world.try_all("a stage", &stage, world.office, to_sign_in).await;
}

#[tokio::test]
async fn an_administrator_without_second_factor_may_look_and_needs_the_password_to_act() {
    let world = World::new().await;
    let weak = world.app.person_of(world.office, Role::Admin).await;
    let browser = signed_in(&world.app, &weak).await;
    for route in ROUTES {
        let (path, before) = (world.path(route, world.office), world.state());
        let page = world.send(route, &browser, &path, Some("まったく違うパスワード")).await;
        assert_eq!(page.status, route.without_second_factor, "{} {path}: {}", route.method, page.text());
        let acts = route.method == Method::POST && route.without_second_factor == 303;
        assert_eq!(world.state() == before, !acts, "{path}");
    }
}

#[tokio::test]
async fn an_administrator_is_let_in_where_all_others_are_not() {
    let world = World::new().await;
    for route in ROUTES {
        let path = world.path(route, world.office);
        let page = world.send(route, &world.admin.browser, &path, Some("まったく違うパスワード")).await;
        assert_ne!(page.status, 404, "{} {path}: the matrix tries what is not there", route.method);
        assert!(!to_sign_in(route, &page), "{} {path}", route.method);
    }
}

/// The routes that the sources register below `/offices`: method and path.
fn registered() -> Vec<(Method, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web");
    let urls = fs::read_to_string(root.join("url.rs")).expect("the paths");
    let mut sources = String::new();
    read_all(&root.join("offices"), &mut sources);
    let mut found = Vec::new();
    for resource in sources.split("resource(url::").skip(1) {
        let name = resource.split(')').next().expect("a name");
        let path = urls.split(&format!("pub const {name}: &str = \"")).nth(1).expect("a path of that name");
        let path = path.split('"').next().expect("a path");
        for (method, call) in [(Method::GET, "route(get()"), (Method::POST, "route(post()")] {
            if resource.contains(call) {
                found.push((method, path.to_owned()));
            }
        }
    }
    found
}

fn read_all(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            read_all(&entry, into);
        } else {
            into.push_str(&fs::read_to_string(entry).expect("a source"));
        }
    }
}

#[test]
fn every_route_of_an_office_is_tried() {
    let registered = registered();
    assert!(registered.len() >= 5, "{registered:?}");
    let tried = |method: &Method, path: &str| ROUTES.iter().any(|route| route.method == *method && route.path == path);
    let missing: Vec<_> = registered.iter().filter(|(method, path)| !tried(method, path)).collect();
    assert!(missing.is_empty(), "one line each is missing in the matrix: {missing:?}");
}
