//! The filter of an office's activity as typed: read into dates, a kind and a person, and carried
//! from page to page.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

use crate::domain::audit_kind::ActionKind;
use crate::domain::time::Timestamp;
use crate::i18n::Words;
use crate::service::office_activity::Filter;
use crate::web::errors_in_form::Errors;
use crate::web::url;

/// The longest text that is searched for: as long as an address.
const MAX_PERSON_CHARS: usize = 254;

/// The fields, the same on the page's form and on the one for the file.
#[derive(Deserialize, Default, Clone, Debug, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct FilterForm {
    pub person: String,
    /// The id of one person, from the page of a member.
    pub member: String,
    pub kind: String,
    pub from: String,
    pub to: String,
}

impl FilterForm {
    /// From the query of a page.
    pub fn of_query(query: &str) -> Self {
        let value = |name| url::query_value(query, name).unwrap_or_default();
        Self {
            person: value("person"),
            member: value("member"),
            kind: value("kind"),
            from: value("from"),
            to: value("to"),
        }
    }

    /// Every field with its value.
    pub fn fields(&self) -> [(&'static str, &str); 5] {
        [
            ("person", &self.person),
            ("member", &self.member),
            ("kind", &self.kind),
            ("from", &self.from),
            ("to", &self.to),
        ]
    }

    pub fn is_empty(&self) -> bool {
        self.fields().iter().all(|(_, value)| value.is_empty())
    }

    /// The query that leads to the same entries, below `before`.
    pub fn query(&self, before: Option<i64>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in self.fields().iter().filter(|(_, value)| !value.is_empty()) {
            query.append_pair(name, value);
        }
        if let Some(before) = before {
            query.append_pair("before", &before.to_string());
        }
        query.finish()
    }

    /// What is asked for; days are days of this zone, the last one included.
    pub fn read(&self, words: &Words, zone: &TimeZone) -> Result<Filter, Errors> {
        let w = &words.office_activity;
        let mut errors = Errors::none();
        let mut filter = Filter::default();
        let person = self.person.trim();
        if person.chars().count() > MAX_PERSON_CHARS || person.chars().any(char::is_control) {
            errors.add("person", w.person_bad);
        } else {
            filter.person = Some(person.to_owned()).filter(|person| !person.is_empty());
        }
        if !self.member.is_empty() {
            match self.member.parse() {
                Ok(member) => filter.member = Some(member),
                Err(_) => errors.add("person", w.member_unknown),
            }
        }
        if !self.kind.is_empty() {
            filter.kind = ActionKind::from_slug(&self.kind);
            if filter.kind.is_none() {
                errors.add("kind", w.kind_unknown);
            }
        }
        let (from, to) = (day(&self.from), day(&self.to));
        for (name, read) in [("from", &from), ("to", &to)] {
            if read.is_err() {
                errors.add(name, w.date_bad);
            }
        }
        let (from, to) = (from.ok().flatten(), to.ok().flatten());
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            errors.add("to", w.dates_reversed);
        }
        filter.from = from.and_then(|day| beginning(day, zone));
        // After the last day there is there is nothing to leave out.
        filter.until = to.and_then(|day| day.tomorrow().ok()).and_then(|day| beginning(day, zone));
        if errors.is_empty() { Ok(filter) } else { Err(errors) }
    }
}

/// Not a day.
struct NoDay;

/// A day as typed, with digits of any width and `-` or `/` between them; nothing when nothing was typed.
fn day(typed: &str) -> Result<Option<Date>, NoDay> {
    let text: String = typed.nfkc().collect::<String>().trim().replace('/', "-");
    if text.is_empty() {
        return Ok(None);
    }
    let plain = text.len() <= 10 && text.chars().all(|c| c.is_ascii_digit() || c == '-');
    let day = Date::strptime("%Y-%m-%d", &text).ok().filter(|day| plain && day.year() >= 1970);
    day.map(Some).ok_or(NoDay)
}

/// The first moment of a day.
fn beginning(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    day.to_zoned(zone.clone()).ok().map(|at| Timestamp(at.timestamp().as_second()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;
    use crate::i18n;

    fn typed(query: &str) -> Result<Filter, Vec<&'static str>> {
        let words = Words::of(Language::Ja);
        let read = FilterForm::of_query(query).read(words, &i18n::zone("Asia/Tokyo"));
        read.map_err(|errors| errors.all().iter().map(|error| error.field).collect())
    }

    #[test]
    fn days_are_the_readers_and_the_last_is_included() {
        let midnight = Timestamp(1_795_273_200); // 2026-11-22 in Tokyo
        for query in [
            "from=2026-11-22&to=2026-11-22",
            "from=2026/11/22&to=２０２６－１１－２２",
            "from=+2026-11-22&to=2026-11-22+",
        ] {
            let filter = typed(query).unwrap();
            assert_eq!((filter.from, filter.until), (Some(midnight), Some(Timestamp(midnight.0 + 86_400))), "{query}");
        }
        assert_eq!(typed("").unwrap(), Filter::default());
        assert_eq!(typed("to=9999-12-31").unwrap().until, None);
        let words = Words::of(Language::Ja);
        let form = FilterForm::of_query("from=2026-03-29&to=2026-03-29");
        let filter = form.read(words, &i18n::zone("Europe/Berlin")).ok().unwrap();
        assert_eq!(filter.until.unwrap().0 - filter.from.unwrap().0, 23 * 3600, "the day on which clocks go forward");
    }

    #[test]
    fn what_cannot_be_read_is_named_by_its_field() {
        for (query, field) in [
            ("from=yesterday", "from"),
            ("from=2026-02-30", "from"),
            ("from=1969-12-31", "from"),
            ("to=2026-11-22T00:00", "to"),
            ("to=20261122", "to"),
            ("to=99999-01-01", "to"),
            ("from=2026-11-22&to=2026-11-21", "to"),
            ("kind=everything", "kind"),
            ("member=x", "person"),
            ("member=99999999999999999999", "person"),
            ("person=a%00b", "person"),
        ] {
            assert_eq!(typed(query), Err(vec![field]), "{query}");
        }
        assert_eq!(typed(&format!("person={}", "あ".repeat(255))), Err(vec!["person"]));
        assert_eq!(typed("from=x&to=y&kind=z").unwrap_err().len(), 3);
    }

    #[test]
    fn a_filter_is_carried_on_whole() {
        let form = FilterForm::of_query("person=%E6%8E%A7+%26&kind=sign-in&from=x&member=7");
        assert_eq!(form.query(Some(12)), "person=%E6%8E%A7+%26&member=7&kind=sign-in&from=x&before=12");
        assert_eq!(FilterForm::of_query(&form.query(None)), form);
        assert!(!form.is_empty() && FilterForm::of_query("before=3").is_empty());
    }
}
