//! A Chromium whose window, colour scheme and wishes are set from outside, as the system of a
//! reader sets them.

use fantoccini::Client;
use fantoccini::wd::WebDriverCompatibleCommand;
use reqwest::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

/// A command of the DevTools protocol.
#[derive(Debug)]
struct DevTools {
    command: &'static str,
    parameters: Value,
}

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base_url: &Url, session_id: Option<&str>) -> Result<Url, ParseError> {
        base_url.join(&format!("session/{}/goog/cdp/execute", session_id.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "cmd": self.command, "params": self.parameters }).to_string()))
    }
}

/// What the reader's system is set to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Colours {
    Light,
    Dark,
    Forced,
}

/// The window of a session.
pub struct Window<'a>(pub &'a Client);

impl Window<'_> {
    async fn tell(&self, command: &'static str, parameters: Value) {
        self.0.issue_cmd(DevTools { command, parameters }).await.expect(command);
    }

    /// Brings axe and the checks into every page that is loaded from here on.
    pub async fn prepare(&self, scripts: &[&str]) {
        for source in scripts {
            self.tell("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await;
        }
        self.tell("Emulation.setScrollbarsHidden", json!({ "hidden": true })).await;
        self.tell("Emulation.setFocusEmulationEnabled", json!({ "enabled": true })).await;
    }

    /// The size in CSS pixels.
    pub async fn size(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.tell("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// The colours; movement is never wanted, so that no colour is on its way when it is looked at.
    pub async fn colours(&self, colours: Colours) {
        let scheme = if colours == Colours::Dark { "dark" } else { "light" };
        let forced = if colours == Colours::Forced { "active" } else { "none" };
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "forced-colors", "value": forced },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.tell("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// Presses the tab key: from now on the reader is one with a keyboard.
    pub async fn tab(&self) {
        for kind in ["rawKeyDown", "keyUp"] {
            let key = json!({ "type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9 });
            self.tell("Input.dispatchKeyEvent", key).await;
        }
    }

    /// What a check finds.
    pub async fn ask(&self, check: &str) -> Value {
        let script = format!(
            "const done = arguments[arguments.length - 1]; \
            Promise.resolve({check}).then(done, (error) => done({{ failed: String(error) }}));"
        );
        self.0.execute_async(&script, Vec::new()).await.expect(check)
    }
}
