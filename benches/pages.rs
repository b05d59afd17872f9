//! What the heaviest pages cost beside one Argon2id hash: the two-factor tab with its sheet, the
//! set-up page with its QR code, and the list of an office with ten thousand members; each as a
//! whole request through the application, with the browser's session and the member read from the
//! database.
//!
//! `cargo bench --bench pages`

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::to_bytes;
use actix_web::cookie::Cookie;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::test::{TestRequest, init_service};
use actix_web::web::Data;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use criterion::{Criterion, criterion_group, criterion_main};
use hikae::clock::Clock;
use hikae::crypto::hashing::{HashCost, HashGate};
use hikae::crypto::password_hash::PasswordHash;
use hikae::domain::email::EmailAddress;
use hikae::domain::office::{Name, Role};
use hikae::domain::password::Password;
use hikae::domain::plan::Plan;
use hikae::domain::time::{Seconds, Timestamp};
use hikae::domain::two_factor::totp::TotpKey;
use hikae::random::Randomness;
use hikae::service::first_start::Inhabited;
use hikae::service::import_users::{ImportedUser, import_users};
use hikae::service::operator::{NewUser, add_office, add_user, list_offices};
use hikae::service::{Services, SessionLimits, open_keys};
use hikae::store::{DatabaseUrl, Db};
use hikae::web::metrics::Requests;
use hikae::web::{WebState, app};

const EMAIL: &str = "hanako@example.jp";
const PASSWORD: &str = "紙の控えは金庫の中";
const NOBODYS_HASH: &str = "$2b$04$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzabcde";
/// In the one office, the administrator who looks included.
const MEMBERS: usize = 10_000;

async fn services(folder: &std::path::Path) -> Services {
    let db = Db::open(&DatabaseUrl::Sqlite(folder.join("bench.db")), 8).await.expect("a database");
    db.migrate().await.expect("an empty database");
    let clock = Clock::manual(Timestamp(1_800_000_000));
    let mut random = Randomness::System;
    let keys = open_keys::open_keys(&db, &folder.join("key"), &mut random, clock.now()).await.expect("keys");
    let gate = Arc::new(HashGate::new(2, 64, HashCost::default()));
    let services = Services {
        db,
        clock,
        random,
        keys: Arc::new(keys),
        gate,
        sessions: SessionLimits::default(),
        inhabited: Inhabited::default(),
    };
    let name = |text: &str| Name::parse(text).expect("a name");
    let office = add_office(&services, name("控"), Plan::CorporateStandard).await.expect("an office");
    let hash = PasswordHash::parse(NOBODYS_HASH).expect("a hash");
    let people = (1..MEMBERS).map(|index| ImportedUser {
        email: EmailAddress::parse(&format!("member{index}@example.jp")).expect("an address"),
        name: name(&format!("名簿 {}", index * 7_919 % MEMBERS)),
        office,
        role: Role::General,
        password_hash: hash.clone(),
        totp_key: (index % 2 == 0).then(|| TotpKey::random(&mut Randomness::System)),
    });
    import_users(&services, people.collect(), |_| {}).await.expect("no fault").expect("nobody twice");
    let email = EmailAddress::parse(EMAIL).expect("an address");
    let new =
        NewUser { email, name: name("控 花子"), office, role: Role::Admin, password: Password::typed(PASSWORD) };
    add_user(&services, new).await.expect("a user");
    services
}

fn peer() -> std::net::SocketAddr {
    ([127, 0, 0, 1], 50_000).into()
}

/// The browser's side: one cookie, and the token of the page last seen.
struct Browser<S> {
    app: S,
    cookie: Option<Cookie<'static>>,
    page: String,
}

impl<S, B> Browser<S>
where
    S: Service<actix_http::Request, Response = ServiceResponse<B>, Error = actix_web::Error>,
    B: actix_web::body::MessageBody,
{
    async fn send(&mut self, request: TestRequest) {
        let request = match &self.cookie {
            Some(cookie) => request.cookie(cookie.clone()),
            None => request,
        };
        let response = self.app.call(request.to_request()).await.expect("an answer");
        if let Some(cookie) = response.response().cookies().next() {
            self.cookie = Some(cookie.into_owned());
        }
        let body = to_bytes(response.into_body()).await.unwrap_or_default();
        self.page = String::from_utf8_lossy(&body).into_owned();
    }

    async fn get(&mut self, path: &str) {
        self.send(TestRequest::get().uri(path).peer_addr(peer())).await;
    }

    fn between(&self, before: &str, after: &str) -> String {
        let from = self.page.find(before).expect("the page has it") + before.len();
        let to = self.page[from..].find(after).expect("the page has its end");
        self.page[from..from + to].to_owned()
    }

    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) {
        let token = self.between("name=\"csrf_token\" value=\"", "\"");
        let mut form = vec![("csrf_token", token.as_str())];
        form.extend_from_slice(fields);
        self.send(TestRequest::post().uri(path).peer_addr(peer()).set_form(form)).await;
    }
}

fn pages(c: &mut Criterion) {
    let params = Params::new(19_456, 2, 1, Some(32)).expect("parameters");
    let mut memory = vec![Block::new(); params.block_count()];
    let engine = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    c.bench_function("floor: one Argon2id hash", |b| {
        b.iter(|| {
            let mut out = [0; 32];
            engine
                .hash_password_into_with_memory(PASSWORD.as_bytes(), &[7; 16], &mut out, &mut memory)
                .expect("a hash");
            black_box(out)
        });
    });

    let folder = tempfile::tempdir().expect("a temp folder");
    let system = actix_web::rt::System::new();
    let services = system.block_on(services(folder.path()));
    let clock = services.clock.clone();
    let office = system.block_on(list_offices(&services)).expect("the offices")[0].id;
    let base_url = "http://127.0.0.1:8080".parse().expect("an address");
    let state = Data::new(WebState {
        services,
        base_url,
        contact: None,
        trusted_proxies: Vec::new(),
        requests: Requests::default(),
    });
    let mut browser = system.block_on(async {
        let app = init_service(app(state, |_| {})).await;
        let mut browser = Browser { app, cookie: None, page: String::new() };
        browser.get("/login").await;
        browser.post("/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
        browser.get("/account/two-factor").await;
        browser.post("/account/two-factor/setup", &[("password", PASSWORD)]).await;
        browser.get("/account/two-factor/setup").await;
        browser
    });
    let key = TotpKey::from_base32(&browser.between("id=\"key\">", "<")).expect("a key");
    c.bench_function("set-up page with its QR code", |b| {
        b.iter(|| system.block_on(browser.get("/account/two-factor/setup")));
    });
    let sheet = system.block_on(async {
        browser.post("/account/two-factor/setup/confirm", &[("code", &key.code_at(clock.now()))]).await;
        let hidden = ["csrf_token", "sheet", "number", "issued_at", "codes", "seal"];
        let form = hidden.map(|name| (name, browser.between(&format!("name=\"{name}\" value=\""), "\"")));
        clock.turn(Seconds(1));
        browser.get("/account/two-factor").await;
        form
    });
    assert!(browser.page.contains("class=\"marks\""), "the tab shows its sheet");
    c.bench_function("two-factor tab with its sheet", |b| {
        b.iter(|| system.block_on(browser.get("/account/two-factor")));
    });
    c.bench_function("sheet as PDF", |b| {
        b.iter(|| {
            let request =
                TestRequest::post().uri("/account/two-factor/backup-codes/sheet").peer_addr(peer()).set_form(&sheet);
            system.block_on(browser.send(request));
            assert!(browser.page.starts_with("%PDF-"), "no PDF: {}", browser.page);
        });
    });
    for (what, query) in [
        ("", ""),
        (", last page", "?page=200"),
        (", by codes, page 100", "?sort=codes&page=100"),
        (", by address", "?sort=email"),
        (", searched", "?q=%E5%90%8D%E7%B0%BF+77"),
        (", low on codes, by last sign-in", "?filter=low&sort=-last"),
    ] {
        let path = format!("/offices/{office}/members{query}");
        system.block_on(browser.get(&path));
        assert!(browser.page.contains("10,000人"), "the list shows its office");
        c.bench_function(&format!("10,000 members{what}"), |b| b.iter(|| system.block_on(browser.get(&path))));
    }
    c.bench_function("sign-in page, signed out", |b| {
        b.iter(|| {
            browser.cookie = None;
            system.block_on(browser.get("/login"));
        });
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().measurement_time(Duration::from_secs(5)).warm_up_time(Duration::from_secs(1)).without_plots();
    targets = pages
}
criterion_main!(benches);
