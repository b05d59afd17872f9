//! One answer of the server, read as a person reads a page: headings, notices, errors, forms.

use reqwest::header::HeaderMap;
use scraper::{ElementRef, Html, Selector};

use super::browser::Browser;

/// An answer.
#[derive(Clone)]
pub struct Page {
    pub status: u16,
    /// The path that was asked for.
    pub path: String,
    pub headers: HeaderMap,
    pub html: String,
    /// What was sent, for answers that are no text.
    pub bytes: Vec<u8>,
}

/// A form as it stands on a page, being filled in.
#[derive(Clone, Debug)]
pub struct Form {
    pub action: String,
    pub fields: Vec<(String, String)>,
    /// What a person can change.
    editable: Vec<String>,
}

impl Page {
    pub(super) async fn read(path: String, answer: reqwest::Response) -> reqwest::Result<Self> {
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let bytes: Vec<u8> = answer.bytes().await?.into();
        let html = String::from_utf8(bytes.clone()).unwrap_or_default();
        Ok(Self { status, path, headers, html, bytes })
    }

    /// What stands for an answer that did not come.
    pub(super) fn unanswered(path: String) -> Self {
        Self { status: 0, path, headers: HeaderMap::new(), html: String::new(), bytes: Vec::new() }
    }

    /// Whether no answer came; see [`Browser::counting_unanswered`].
    pub fn is_unanswered(&self) -> bool {
        self.status == 0
    }

    /// # Panics
    /// When the status is another one; shows what the page says.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} says: {}", self.path, self.text());
        self
    }

    /// # Panics
    /// When it does not send the browser to exactly this place.
    #[track_caller]
    pub fn expect_redirect(self, to: &str) -> Self {
        let page = self.expect(303);
        assert_eq!(page.location().as_deref(), Some(to), "from {}", page.path);
        page
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Whether the form was of before a fresh proof that came in between: sent on, and nothing done.
    pub fn is_overtaken(&self) -> bool {
        self.status == 303 && self.location().is_some_and(|place| place.starts_with("/login?next="))
    }

    pub fn location(&self) -> Option<String> {
        (300..400).contains(&self.status).then(|| self.header("location").map(str::to_owned)).flatten()
    }

    /// The main heading.
    pub fn h1(&self) -> String {
        self.all("h1").join(" ")
    }

    /// What the page tells: every notice.
    pub fn notice(&self) -> String {
        self.all(".notice").join("\n")
    }

    /// What is wrong with what was entered.
    pub fn errors(&self) -> String {
        self.all(".error-summary, .field__error, .notice--error").join("\n")
    }

    /// The visible words of the main part, white space made one.
    pub fn text(&self) -> String {
        let main = self.all("main");
        if main.is_empty() { self.all("body").join(" ") } else { main.join(" ") }
    }

    /// The texts of every element that fits.
    pub fn all(&self, selector: &str) -> Vec<String> {
        let selector = select(selector);
        Html::parse_document(&self.html).select(&selector).map(|element| words(&element)).collect()
    }

    /// An attribute of every element that fits and has it.
    pub fn attributes(&self, selector: &str, attribute: &str) -> Vec<String> {
        let selector = select(selector);
        let document = Html::parse_document(&self.html);
        document.select(&selector).filter_map(|element| element.attr(attribute)).map(str::to_owned).collect()
    }

    /// The ten codes, if this page shows them: nine digits each.
    pub fn codes(&self) -> Vec<String> {
        let digits = |text: String| text.chars().filter(char::is_ascii_digit).collect();
        self.all(".codes__code").into_iter().map(digits).collect()
    }

    /// Whether the page has such a form; see [`Page::form`].
    pub fn has_form(&self, which: &str) -> bool {
        self.find_form(which).is_some()
    }

    /// The form with this button, or, for a text that begins with a slash, to this address.
    ///
    /// # Panics
    /// When the page has no such form.
    #[track_caller]
    pub fn form(&self, which: &str) -> Form {
        self.find_form(which).unwrap_or_else(|| panic!("{} has no form {which}: {}", self.path, self.html))
    }

    fn find_form(&self, which: &str) -> Option<Form> {
        let document = Html::parse_document(&self.html);
        let forms = select("form");
        document.select(&forms).find_map(|form| self.read_form(&form, which))
    }

    fn read_form(&self, form: &ElementRef<'_>, which: &str) -> Option<Form> {
        let path = self.path.split('?').next().unwrap_or_default();
        let action = form.attr("action").filter(|action| !action.is_empty()).unwrap_or(path).to_owned();
        let buttons = select("button, input[type=submit]");
        let button = form.select(&buttons).find(|button| {
            let label = button.attr("value").filter(|_| button.value().name() == "input").map(str::to_owned);
            which.starts_with('/') || label.unwrap_or_else(|| words(button)) == which
        })?;
        if which.starts_with('/') && action.split('?').next() != Some(which) {
            return None;
        }
        let mut read = Form { action, fields: Vec::new(), editable: Vec::new() };
        for field in form.select(&select("input[name], textarea[name], select[name]")) {
            read.take_field(&field);
        }
        if let Some(name) = button.attr("name") {
            read.fields.push((name.to_owned(), button.attr("value").unwrap_or_default().to_owned()));
        }
        Some(read)
    }
}

impl Form {
    fn take_field(&mut self, field: &ElementRef<'_>) {
        let name = field.attr("name").unwrap_or_default().to_owned();
        let value = match field.value().name() {
            "textarea" => field.text().collect(),
            "select" => {
                let chosen = field.select(&select("option[selected]")).next();
                let option = chosen.or_else(|| field.select(&select("option")).next());
                option
                    .map(|option| option.attr("value").map_or_else(|| words(&option), str::to_owned))
                    .unwrap_or_default()
            }
            _ => field.attr("value").unwrap_or_default().to_owned(),
        };
        match field.attr("type") {
            Some("hidden") => self.fields.push((name, value)),
            Some("submit") => {}
            Some("checkbox" | "radio") => {
                let value = if value.is_empty() { "on".to_owned() } else { value };
                if field.attr("checked").is_some() {
                    self.fields.push((name, value));
                }
            }
            _ => {
                self.editable.push(name.clone());
                self.fields.push((name, value));
            }
        }
    }

    /// Types into a field.
    ///
    /// # Panics
    /// When the form has no such field that a person can see.
    #[must_use]
    #[track_caller]
    pub fn fill(mut self, name: &str, value: &str) -> Self {
        assert!(self.editable.iter().any(|field| field == name), "no field {name} in {:?}", self.editable);
        for (field, old) in &mut self.fields {
            if field == name {
                value.clone_into(old);
            }
        }
        self
    }

    /// The same form without one of its fields, hidden ones too.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(field, _)| field != name);
        self
    }

    /// The same form with a field that was not on the page, or a hidden one changed.
    #[must_use]
    pub fn forge(self, name: &str, value: &str) -> Self {
        let mut form = self.without(name);
        form.fields.push((name.to_owned(), value.to_owned()));
        form
    }

    /// The value a field has now.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// Presses the button.
    pub async fn submit(&self, browser: &Browser) -> Page {
        browser.submit(&self.action, &self.fields).await
    }
}

fn select(selector: &str) -> Selector {
    Selector::parse(selector).expect("a selector")
}

fn words(element: &ElementRef<'_>) -> String {
    element.text().collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}
