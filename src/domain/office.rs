//! Offices (事業所) and a person's place in them.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::ids::OfficeId;
use super::plan::Plan;
use super::time::Timestamp;
use super::two_factor::requirement::Requirement;

/// The longest name of a person or an office, in characters.
pub const MAX_NAME_CHARS: usize = 100;

/// What a member may do in an office.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// 管理者
    Admin,
    /// 一般
    General,
}

impl Role {
    /// The name on the command line and in the database.
    pub const fn slug(self) -> &'static str {
        match self {
            Role::Admin => "admin",
            Role::General => "general",
        }
    }
}

/// The text names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no such role; one of: admin, general")]
pub struct UnknownRole;

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        match text {
            "admin" => Ok(Role::Admin),
            "general" => Ok(Role::General),
            _ => Err(UnknownRole),
        }
    }
}

/// One office as one of its members sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    pub office: OfficeId,
    pub office_name: String,
    pub plan: Plan,
    pub role: Role,
    /// From when on the office asks for two-factor authentication, whatever its plan says of it;
    /// [`Membership::requirement`] is what counts.
    pub two_factor_required_from: Option<Timestamp>,
}

impl Membership {
    /// What the office asks of its members at this moment.
    pub fn requirement(&self, now: Timestamp) -> Requirement {
        Requirement::of(self.plan, self.two_factor_required_from, now)
    }
}

/// The name of a person or an office: trimmed, not empty, at most [`MAX_NAME_CHARS`] characters,
/// without control characters (SC-69, SC-73).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name(String);

/// Why a text is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    #[error("the name is empty")]
    Empty,
    #[error("the name is longer than {MAX_NAME_CHARS} characters")]
    TooLong,
    #[error("the name holds control characters")]
    ControlCharacters,
}

impl Name {
    /// Reads a name as typed.
    ///
    /// # Errors
    /// [`InvalidName`] says which rule it breaks.
    pub fn parse(typed: &str) -> Result<Self, InvalidName> {
        let text = typed.trim();
        if text.is_empty() {
            Err(InvalidName::Empty)
        } else if text.chars().count() > MAX_NAME_CHARS {
            Err(InvalidName::TooLong)
        } else if text.chars().any(char::is_control) {
            Err(InvalidName::ControlCharacters)
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}
