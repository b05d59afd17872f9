//! A real Chromium, driven as a person drives it: by what is to be seen.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use crate::support::app::TestApp;
use crate::support::eventually;

const SOON: Duration = Duration::from_secs(20);

/// One browser window with a profile of its own.
pub struct Chromium {
    pub client: Client,
    origin: String,
    profile: TempDir,
}

/// Whether pages may run their script.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Script {
    On,
    Off,
}

impl Chromium {
    pub async fn open(app: &TestApp, script: Script) -> Self {
        let profile = tempfile::Builder::new().prefix(&profiles()).tempdir().expect("a profile folder");
        let arguments = json!([
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            // Nothing but the page under test.
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--lang=ja",
            "--window-size=1100,1400",
            format!("--user-data-dir={}", profile.path().display()),
            // A name that is neither localhost nor secure, for what browsers grant only to those.
            format!("--host-resolver-rules=MAP portal.example 127.0.0.1:{}", app.port),
        ]);
        let mut preferences = json!({
            "intl.accept_languages": "ja",
            "credentials_enable_service": false,
            "download.default_directory": profile.path().join("downloads"),
        });
        if script == Script::Off {
            preferences["profile.managed_default_content_settings.javascript"] = json!(2);
        }
        let mut wishes: Map<String, Value> = Map::new();
        wishes.insert("goog:chromeOptions".to_owned(), json!({ "args": arguments, "prefs": preferences }));
        wishes.insert("unhandledPromptBehavior".to_owned(), json!("accept"));
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wishes)
            .connect(&format!("http://127.0.0.1:{}", driver_port()))
            .await
            .expect("Chromium starts");
        let origin = app.base_url.as_str().trim_end_matches('/').to_owned();
        Self { client, origin, profile }
    }

    /// Types an address into the address bar.
    pub async fn goto(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.origin)).await.expect("the page opens");
    }

    /// The path that the address bar shows.
    pub async fn path(&self) -> String {
        self.client.current_url().await.expect("an address").path().to_owned()
    }

    /// Waits until the address bar shows a path.
    pub async fn arrives_at(&self, path: &str) {
        eventually(&format!("the browser is at {path}"), async || (self.path().await == path).then_some(())).await;
    }

    /// The element of a selector, once it is there.
    pub async fn find(&self, selector: &str) -> Element {
        self.client.wait().at_most(SOON).for_element(Locator::Css(selector)).await.expect(selector)
    }

    /// The visible text of an element.
    pub async fn text(&self, selector: &str) -> String {
        self.find(selector).await.text().await.expect(selector)
    }

    /// The visible texts of all elements that fit.
    pub async fn texts(&self, selector: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for element in self.client.find_all(Locator::Css(selector)).await.expect(selector) {
            texts.push(element.text().await.expect("a text"));
        }
        texts
    }

    /// Waits for a main heading that holds these words.
    pub async fn sees(&self, heading: &str) {
        let path = format!("//h1[contains(normalize-space(.), '{heading}')]");
        let found = self.client.wait().at_most(SOON).for_element(Locator::XPath(&path)).await;
        if found.is_err() {
            panic!("no «{heading}»: {}", self.text("body").await);
        }
    }

    /// Types into a field, after what it holds.
    pub async fn fill(&self, field: &str, text: &str) {
        self.find(&format!("[name={field}]")).await.send_keys(text).await.expect(field);
    }

    /// Presses the button, or follows the link, with these words.
    pub async fn press(&self, words: &str) {
        let path = format!("//*[self::button or self::a][normalize-space(.) = '{words}']");
        let found = self.client.wait().at_most(SOON).for_element(Locator::XPath(&path)).await;
        let Ok(button) = found else { panic!("no [{words}]: {}", self.text("body").await) };
        button.click().await.expect(words);
    }

    /// Enters address and password on the sign-in page.
    pub async fn sign_in(&self, email: &str, password: &str) {
        self.goto("/login").await;
        self.fill("email", email).await;
        self.fill("password", password).await;
        self.press("ログイン").await;
    }

    /// Waits for a file that the browser has saved: its name, and what it holds.
    pub async fn downloaded(&self) -> (String, Vec<u8>) {
        let folder = self.profile.path().join("downloads");
        let unfinished = [".crdownload", ".tmp"];
        let path = eventually("a file is saved", async || {
            let mut files = std::fs::read_dir(&folder).ok()?.flatten().map(|entry| entry.path());
            files.find(|path| {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                // Chromium first takes the name with an empty file.
                let begun = std::fs::metadata(path).is_ok_and(|file| file.len() > 0);
                begun && !name.starts_with('.') && !unfinished.iter().any(|end| name.ends_with(end))
            })
        })
        .await;
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, std::fs::read(&path).expect("the file"))
    }

    /// Prints the page on paper of A4.
    pub async fn print(&self) -> Vec<u8> {
        let paper =
            fantoccini::wd::PrintConfiguration::builder().size(fantoccini::wd::PrintSize { width: 21.0, height: 29.7 });
        self.client.print(paper.build().expect("a size")).await.expect("a print-out")
    }

    /// Signs out, and waits until the answer is there: an address typed earlier would cut it off.
    pub async fn sign_out(&self) {
        self.press("ログアウト").await;
        self.arrives_at("/login").await;
    }

    /// The codes that the page shows, without the spaces between their groups.
    pub async fn codes(&self) -> Vec<String> {
        let shown = self.texts(".codes__code").await;
        shown.into_iter().map(|code| code.chars().filter(char::is_ascii_digit).collect()).collect()
    }

    pub async fn close(self) {
        self.client.close().await.expect("the window closes");
    }
}

/// How the profile folders of this test process begin.
fn profiles() -> String {
    format!("hikae-chromium-{}-", std::process::id())
}

/// The driver of this test process. It ends with the process, and with it every window that is still
/// open, after a failed test for one: a shell holds the other end of a pipe and stops them when the pipe
/// closes.
struct Driver {
    port: u16,
    _shell: Child,
}

fn driver_port() -> u16 {
    static DRIVER: OnceLock<Driver> = OnceLock::new();
    DRIVER.get_or_init(|| start_driver().expect("chromedriver starts")).port
}

fn start_driver() -> std::io::Result<Driver> {
    // The driver is started before the signals are ignored, for it would ignore them too. The brackets
    // keep the pattern from finding itself.
    let script = r#"
        chromedriver --port=0 </dev/null & driver=$!
        trap '' INT TERM HUP
        cat >/dev/null
        kill $driver
        wait $driver
        for process in /proc/[0-9]*; do
            if grep -qsa "[u]ser-data-dir=[^ ]*/$PROFILES" "$process/cmdline"; then kill -9 "${process#/proc/}"; fi
        done
        rm -rf "$FOLDER/$PROFILES"*
    "#;
    let mut shell = Command::new("sh")
        .args(["-c", script])
        .env("PROFILES", profiles())
        .env("FOLDER", std::env::temp_dir())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut lines = BufReader::new(shell.stdout.take().expect("an output"));
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Err(std::io::Error::other("chromedriver said no port"));
        }
        let port = line.trim().rsplit_once("on port ").and_then(|(_, port)| port.trim_end_matches('.').parse().ok());
        if let Some(port) = port.filter(|port| *port != 0) {
            // It goes on talking; somebody must listen, or it stops at a full pipe.
            std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
            return Ok(Driver { port, _shell: shell });
        }
    }
}
