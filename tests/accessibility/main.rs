//! WCAG 2.2 AA on every page in every state: axe-core in a real Chromium over the whole gallery,
//! in both languages, light and dark, wide and narrow, and what axe cannot see.

#[path = "../browser/chromium.rs"]
#[expect(dead_code, reason = "shared with the suite that plays whole stories, which uses the rest")]
mod chromium;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "shared with the suite over HTTP, which uses the rest")]
mod support;
mod window;

use std::collections::{BTreeMap, BTreeSet};

use hikae::cli::demo::gallery;
use hikae::domain::language::Language;
use serde_json::Value;

use chromium::{Chromium, Script};
use support::app::TestApp;
use window::{Colours, Window};

const AXE: &str = include_str!("axe/axe.min.js");
const CHECKS: &str = include_str!("checks.js");

const WIDE: (u32, u32) = (1280, 1024);
/// A small phone.
const NARROW: (u32, u32) = (320, 640);
/// The page that is looked at with its list of offices unfolded, too.
const UNFOLDED: &str = "/dashboard-all-well";

/// The wide window at 400 %.
const MAGNIFIED: (u32, u32) = (320, 256);

/// What is wrong, and in which pages.
#[derive(Default)]
struct Findings(BTreeMap<String, BTreeSet<String>>);

impl Findings {
    fn add(&mut self, page: &str, found: &Value) {
        let Some(lines) = found.as_array() else { panic!("{page}: {found}") };
        for line in lines {
            let line = line.as_str().expect("a line").to_owned();
            self.0.entry(line).or_default().insert(page.to_owned());
        }
    }

    fn merge(&mut self, other: Self) {
        for (line, pages) in other.0 {
            self.0.entry(line).or_default().extend(pages);
        }
    }

    /// Each finding once, with the pages that have it.
    fn text(&self) -> String {
        let line = |(line, pages): (&String, &BTreeSet<String>)| {
            let first = pages.iter().take(4).cloned().collect::<Vec<_>>().join(", ");
            format!("{line}\n    {} times: {first}\n", pages.len())
        };
        self.0.iter().map(line).collect()
    }
}

#[derive(Default)]
struct Walk {
    broken: Findings,
    unsure: Findings,
    /// Selectors of the stylesheet that have fitted nothing so far.
    unused: Option<Vec<Value>>,
}

impl Walk {
    async fn check(&mut self, window: &Window<'_>, page: &str, checks: &[&str]) {
        for check in checks {
            let found = window.ask(&format!("hikae.{check}()")).await;
            self.broken.add(page, &found);
        }
    }

    async fn axe(&mut self, window: &Window<'_>, page: &str, what: &str) {
        let found = window.ask(&format!("hikae.runAxe({what:?})")).await;
        assert!(found["failed"].is_null(), "{page}: {found}");
        self.broken.add(page, &found["broken"]);
        self.unsure.add(page, &found["unsure"]);
    }

    async fn visit(&mut self, browser: &Chromium, path: &str) {
        let window = Window(&browser.client);
        window.size(WIDE.0, WIDE.1).await;
        window.colours(Colours::Light).await;
        browser.goto(path).await;
        let left = self.unused.take().map_or(Value::Null, Value::from);
        self.unused = window.ask(&format!("hikae.unused({left})")).await.as_array().cloned();
        let page = |state: &str| format!("{path} {state}");
        self.check(&window, &page("as loaded"), &["errors", "motion"]).await;
        self.axe(&window, &page("light, wide"), "everything").await;
        window.tab().await;
        self.check(&window, &page("light, wide"), &["focus", "width", "cut", "spaced"]).await;
        window.colours(Colours::Dark).await;
        self.axe(&window, &page("dark, wide"), "colours").await;
        self.check(&window, &page("dark, wide"), &["focus"]).await;
        window.size(NARROW.0, NARROW.1).await;
        self.axe(&window, &page("dark, narrow"), "colours").await;
        window.colours(Colours::Light).await;
        self.axe(&window, &page("light, narrow"), "everything").await;
        self.check(&window, &page("light, narrow"), &["width", "cut", "spaced"]).await;
        window.size(MAGNIFIED.0, MAGNIFIED.1).await;
        self.check(&window, &page("at 400 %"), &["width", "cut", "focus"]).await;
        window.colours(Colours::Forced).await;
        self.check(&window, &page("forced colours"), &["forced", "focus"]).await;
        if path.ends_with(UNFOLDED) {
            window.colours(Colours::Light).await;
            assert_ne!(window.ask("hikae.unfold()").await, 0, "{path} has a list of offices");
            self.axe(&window, &page("unfolded"), "everything").await;
            self.check(&window, &page("unfolded"), &["width", "cut", "spaced", "focus"]).await;
        }
    }

    /// A mail, as programs show it that show pages.
    async fn read(&mut self, browser: &Chromium, name: &str, html: &str) {
        let window = Window(&browser.client);
        let page = |state: &str| format!("mail {name} {state}");
        window.size(NARROW.0, NARROW.1).await;
        window.colours(Colours::Light).await;
        browser.client.goto("about:blank").await.expect("an empty page");
        let write = "document.open(); document.write(arguments[0]); document.close();";
        browser.client.execute(write, vec![html.into()]).await.expect("a mail");
        self.axe(&window, &page("light"), "letter").await;
        self.check(&window, &page("light"), &["width", "cut", "spaced"]).await;
        window.colours(Colours::Dark).await;
        self.axe(&window, &page("dark"), "colours").await;
    }
}

/// The part of the name of the pages to look at; without it, all.
const ONLY: &str = "HIKAE_TEST_PAGE";

async fn walk(app: &TestApp, language: Language) -> Walk {
    let browser = Chromium::open(app, Script::On).await;
    Window(&browser.client).prepare(&[AXE, CHECKS]).await;
    let mut walk = Walk::default();
    let wanted = std::env::var(ONLY).unwrap_or_default();
    for sample in gallery::pages(language).iter().filter(|sample| sample.name.contains(&wanted)) {
        walk.visit(&browser, &format!("/gallery/{}/{}", language.tag(), sample.name)).await;
    }
    for (name, letter) in gallery::letters(language, &app.base_url).expect("mails") {
        if name.contains(&wanted) {
            walk.read(&browser, &format!("{name} ({})", language.tag()), &letter.html).await;
        }
    }
    browser.close().await;
    walk
}

#[tokio::test]
async fn every_page_is_open_to_everybody() {
    let app = TestApp::with().extra_routes(gallery::routes).start().await;
    let (mut all, en) = tokio::join!(walk(&app, Language::Ja), walk(&app, Language::En));
    all.broken.merge(en.broken);
    all.unsure.merge(en.unsure);
    // The number of a used code has a line drawn through it: 14 : 1 on its ground, 3 : 1 on the line.
    all.unsure.0.retain(|line, _| !line.contains("> .mark__number: "));
    all.broken.merge(all.unsure);
    assert!(all.broken.0.is_empty(), "{} findings:\n{}", all.broken.0.len(), all.broken.text());
    let (ja, en) = (all.unused.unwrap_or_default(), en.unused.unwrap_or_default());
    let idle: Vec<&Value> = ja.iter().filter(|selector| en.contains(selector)).collect();
    println!("rules of the stylesheet that fit no page: {idle:?}");
}
