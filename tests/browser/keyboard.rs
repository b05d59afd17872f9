//! A person who has nothing but a keyboard: what Tab reaches, in which order, and whether it is
//! seen.

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use serde::Deserialize;

use crate::chromium::Chromium;

/// What has the focus: where in the document, its words, and what is wrong with how it is seen.
const FOCUSED: &str = r#"
    const e = document.activeElement;
    if (!e || e === document.body || e === document.documentElement) return null;
    const box = e.getBoundingClientRect(), style = getComputedStyle(e), flaws = [];
    if (box.width < 1 || box.height < 1) flaws.push("has no size");
    if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) flaws.push("is out of view");
    const on = document.elementFromPoint(box.left + box.width / 2, Math.min(box.top + box.height / 2, innerHeight - 1));
    if (on && !e.contains(on) && !on.contains(e)) flaws.push("is covered");
    if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) flaws.push("has no outline");
    const label = e.labels?.[0]?.textContent ?? e.textContent;
    const clean = (text) => text.replace(/\s+/g, " ").trim();
    return {
      place: [...document.querySelectorAll("*")].indexOf(e),
      words: clean(e.getAttribute("aria-label") ?? label) || e.querySelector("img")?.alt || "",
      id: e.id, tag: e.localName, top: Math.round(box.top + scrollY), left: Math.round(box.left), flaws,
    };"#;

/// An element that has the focus.
#[derive(Deserialize, Debug, Clone, PartialEq)]
pub struct Stop {
    pub place: i64,
    pub words: String,
    pub id: String,
    pub tag: String,
    pub top: i64,
    pub left: i64,
    pub flaws: Vec<String>,
}

impl Chromium {
    /// Presses keys one after another, as on the keyboard itself.
    pub async fn keys(&self, keys: impl IntoIterator<Item = char>) {
        let actions = keys.into_iter().fold(KeyActions::new("keyboard".to_owned()), |actions, value| {
            actions.then(KeyAction::Down { value }).then(KeyAction::Up { value })
        });
        self.client.perform_actions(actions).await.expect("keys");
    }

    pub async fn type_in(&self, text: &str) {
        self.keys(text.chars()).await;
    }

    pub async fn enter(&self) {
        self.keys([Key::Enter.into()]).await;
    }

    pub async fn space(&self) {
        self.keys([' ']).await;
    }

    /// One Tab, and what has the focus then; nothing behind the last element of the page.
    pub async fn tab(&self) -> Option<Stop> {
        self.keys([Key::Tab.into()]).await;
        self.focused().await
    }

    /// One Shift+Tab.
    pub async fn tab_back(&self) -> Option<Stop> {
        let (shift, tab) = (char::from(Key::Shift), char::from(Key::Tab));
        let actions = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value: shift })
            .then(KeyAction::Down { value: tab })
            .then(KeyAction::Up { value: tab })
            .then(KeyAction::Up { value: shift });
        self.client.perform_actions(actions).await.expect("keys");
        self.focused().await
    }

    pub async fn focused(&self) -> Option<Stop> {
        let answer = self.client.execute(FOCUSED, vec![]).await.expect("an answer");
        serde_json::from_value(answer).expect("a stop or nothing")
    }

    /// Tabs on to the button or link with these words. Every stop on the way must be seen, and come
    /// after the one before, on the page as in the document.
    pub async fn tab_to(&self, words: &str) {
        self.tab_on(words, |stop| stop.tag != "input").await;
    }

    /// Tabs on to the field with this label.
    pub async fn tab_into(&self, label: &str) {
        self.tab_on(label, |stop| stop.tag == "input").await;
    }

    async fn tab_on(&self, words: &str, fits: impl Fn(&Stop) -> bool) {
        let mut before = self.focused().await;
        let mut way = Vec::new();
        for _ in 0..80 {
            let Some(stop) = self.tab().await else { break };
            assert!(stop.flaws.is_empty(), "at {}: {stop:?}", self.path().await);
            if let Some(before) = before.filter(|before| before.tag != "main" && !before.words.is_empty()) {
                let follows = stop.place > before.place && (stop.top + 8 >= before.top || stop.left > before.left);
                assert!(follows, "at {}: {stop:?} after {before:?}", self.path().await);
            }
            if stop.words == words && fits(&stop) {
                return;
            }
            way.push(stop.words.clone());
            before = Some(stop);
        }
        panic!("at {}: Tab never reaches «{words}»: {way:?}", self.path().await);
    }

    /// The first Tab of a page offers to skip its head; Enter does so.
    pub async fn skip_to_content(&self) {
        let first = self.tab().await.expect("a first stop");
        let at = self.client.current_url().await.expect("an address");
        assert_eq!((first.words.as_str(), first.flaws.len()), ("本文へ移動", 0), "at {at}: {first:?}");
        self.enter().await;
        let main = self.focused().await.expect("the main part");
        assert_eq!(main.tag, "main", "{main:?}");
    }
}
