//! Who did something and whom it concerns, in words.

use crate::i18n::Words;
use crate::service::office_activity::{Actor, OfficeEntry, Person};

/// A person, or what stands for one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Who<'a> {
    pub name: &'a str,
    pub email: Option<&'a str>,
    /// Whether this is somebody with a name; everything else is said quietly.
    pub is_person: bool,
}

impl<'a> Who<'a> {
    fn words(name: &'static str) -> Self {
        Self { name, email: None, is_person: false }
    }

    fn person(words: &'static Words, person: &'a Person) -> Self {
        if person.name.is_empty() {
            return Self::words(words.office_activity.gone);
        }
        Self { name: &person.name, email: person.email.as_deref(), is_person: true }
    }

    /// Whom it concerns.
    pub fn concerned(words: &'static Words, entry: &'a OfficeEntry) -> Option<Self> {
        entry.subject.as_ref().map(|person| Self::person(words, person))
    }

    /// Who did it, by name where that is known.
    pub fn actor(words: &'static Words, entry: &'a OfficeEntry) -> Self {
        let w = &words.office_activity;
        match &entry.actor {
            Actor::Themselves => Self::concerned(words, entry).unwrap_or(Self::words(w.gone)),
            Actor::Person(person) => Self::person(words, person),
            Actor::Unproven => Self::words(w.unproven),
            Actor::Operator => Self::words(w.operator),
            Actor::Automatic => Self::words(w.automatic),
            Actor::Elsewhere => Self::words(w.elsewhere),
        }
    }
}
