//! A member's request to the administrators of the own offices to switch the own two-factor
//! authentication off (方法B).

use crate::domain::time::Seconds;

/// How long a request stays open.
pub const OPEN_FOR: Seconds = Seconds::hours(72);

/// The longest note of how the person's identity was checked, in characters.
pub const MAX_NOTE_CHARS: usize = 1_000;

/// Where a request stands. It is open once, and ends once. The names are stored.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RequestState {
    Open,
    Approved,
    Declined,
    /// By the member, through the link in the mail.
    Cancelled,
    Expired,
    /// The member got in after all, or two-factor authentication was released in another way.
    Closed,
}

impl RequestState {
    /// Every state, for pages and tests.
    pub const ALL: [RequestState; 6] = [
        RequestState::Open,
        RequestState::Approved,
        RequestState::Declined,
        RequestState::Cancelled,
        RequestState::Expired,
        RequestState::Closed,
    ];

    /// The name in the database.
    pub const fn slug(self) -> &'static str {
        match self {
            RequestState::Open => "open",
            RequestState::Approved => "approved",
            RequestState::Declined => "declined",
            RequestState::Cancelled => "cancelled",
            RequestState::Expired => "expired",
            RequestState::Closed => "closed",
        }
    }

    /// The state of a stored name.
    pub fn from_slug(slug: &str) -> Option<RequestState> {
        RequestState::ALL.into_iter().find(|state| state.slug() == slug)
    }
}

/// What an administrator writes down of how the person's identity was checked: not empty, at most
/// [`MAX_NOTE_CHARS`] characters, one line each (SC-69, SC-73).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note(String);

/// Why a text is no note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidNote {
    Empty,
    TooLong,
}

impl Note {
    /// Reads a note as typed; every kind of white space becomes one space, control characters go.
    ///
    /// # Errors
    /// [`InvalidNote`] says what is wrong.
    pub fn parse(typed: &str) -> Result<Self, InvalidNote> {
        let plain: String = typed.chars().filter(|c| c.is_whitespace() || !c.is_control()).collect();
        // The wide space of an input method is a space, and says as little.
        let text = plain.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            Err(InvalidNote::Empty)
        } else if text.chars().count() > MAX_NOTE_CHARS {
            Err(InvalidNote::TooLong)
        } else {
            Ok(Self(text))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_one_line_and_says_something() {
        assert_eq!(Note::parse(" 内線で\r\n確認 \0").unwrap().as_str(), "内線で 確認");
        assert_eq!(Note::parse("対面で\u{2028}確認\u{85}した").unwrap().as_str(), "対面で 確認 した");
        for nothing in [" \n\t ", "\u{3000}", "\0\u{1b}"] {
            assert_eq!(Note::parse(nothing), Err(InvalidNote::Empty), "{nothing:?}");
        }
        assert_eq!(Note::parse(&"長".repeat(1_001)), Err(InvalidNote::TooLong));
    }

    #[test]
    fn every_state_has_its_stored_name() {
        for state in RequestState::ALL {
            assert_eq!(RequestState::from_slug(state.slug()), Some(state));
        }
    }
}
