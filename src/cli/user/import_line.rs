//! One line of an import: JSON to a checked person. Messages never repeat a value, for a hash or
//! an authenticator key may stand in it.

use serde::Deserialize;
use zeroize::Zeroizing;

use crate::crypto::password_hash::PasswordHash;
use crate::domain::email::EmailAddress;
use crate::domain::office::{Name, Role};
use crate::domain::two_factor::totp::TotpKey;
use crate::settings::without_values;

/// The longest line read, in bytes.
pub const MAX_LINE_BYTES: usize = 16 * 1024;

/// The fields of a line; serde refuses unknown ones and those that stand twice.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    email: String,
    name: String,
    office: String,
    role: String,
    password_hash: String,
    #[serde(default)]
    totp_secret: Option<String>,
}

/// A line whose every field is usable; the office is still to be found.
#[derive(Debug)]
pub struct Line {
    pub email: EmailAddress,
    pub name: Name,
    pub office: String,
    pub role: Role,
    pub password_hash: PasswordHash,
    pub totp_key: Option<TotpKey>,
}

impl Line {
    /// Reads one line.
    ///
    /// # Errors
    /// The field and what is wrong with it.
    pub fn parse(bytes: &[u8]) -> Result<Line, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| "not UTF-8".to_owned())?;
        let fields: Fields = serde_json::from_str(text).map_err(|error| json_problem(&error))?;
        let totp_secret = fields.totp_secret.map(Zeroizing::new);
        let named = |field: &'static str, reason: &dyn ToString| format!("{field}: {}", reason.to_string());
        Ok(Line {
            email: EmailAddress::parse(&fields.email).map_err(|error| named("email", &error))?,
            name: Name::parse(&fields.name).map_err(|error| named("name", &error))?,
            office: fields.office,
            role: fields.role.parse().map_err(|error: crate::domain::office::UnknownRole| named("role", &error))?,
            password_hash: PasswordHash::parse(&fields.password_hash)
                .map_err(|error| named("password_hash", &error))?,
            totp_key: totp_secret
                .map(|text| TotpKey::from_base32(&text))
                .transpose()
                .map_err(|error| named("totp_secret", &error))?,
        })
    }
}

/// What the JSON reader found, without its own «line 1», which would mislead here.
fn json_problem(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
    format!("{}, column {}", without_values(&without_odd_name(message)), error.column())
}

/// The name of an unknown field stays when it looks like one. Where name and value were exchanged,
/// it is a hash or a key.
fn without_odd_name(message: &str) -> String {
    let Some((name, rest)) = message.strip_prefix("unknown field `").and_then(|text| text.rsplit_once("`, expected"))
    else {
        return message.to_owned();
    };
    let looks_like_one = name.len() <= 40 && name.chars().all(|c| c.is_ascii_lowercase() || "_- ".contains(c));
    if looks_like_one { message.to_owned() } else { format!("unknown field, expected{rest}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$8T+O2Rb+TpSQGmqn5xJ3rkhbDeNgtRlYTI2BXMxgIbQ";

    fn line(change: &str, to: &str) -> Result<Line, String> {
        let text = format!(
            r#"{{"email":"hanako@example.jp","name":"花子","office":"1","role":"general","password_hash":"{HASH}","totp_secret":"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"}}"#
        );
        assert!(text.contains(change), "{change}");
        Line::parse(text.replacen(change, to, 1).as_bytes())
    }

    #[test]
    fn a_whole_line_is_read_and_the_key_is_optional() {
        assert_eq!(line("花子", "花子").unwrap().email.as_str(), "hanako@example.jp");
        assert!(line("\"totp_secret\"", "\"totp_secret\"").unwrap().totp_key.is_some());
        assert!(line("\"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\"", "null").unwrap().totp_key.is_none());
    }

    #[test]
    fn what_is_wrong_is_named_by_its_field() {
        for (change, to, expected) in [
            ("hanako@example.jp", "hanako", "email"),
            ("花子", " ", "name"),
            ("general", "boss", "role"),
            (HASH, "md5", "password_hash"),
            ("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "GEZD", "totp_secret"),
            ("\"role\"", "\"rolle\"", "unknown field `rolle`"),
            ("\"role\"", "\"email\"", "duplicate field `email`"),
            ("\"office\":\"1\",", "", "missing field `office`"),
            ("}", "", "EOF"),
        ] {
            let problem = line(change, to).unwrap_err();
            assert!(problem.contains(expected), "{problem}");
        }
        assert_eq!(Line::parse(b"\xff").unwrap_err(), "not UTF-8");
    }

    #[test]
    fn a_made_up_name_of_a_field_gives_the_terminal_no_orders() {
        let problem = line("\"role\"", r#""ro\u001b[2J\nle""#).unwrap_err();
        assert!(problem.contains("unknown field") && !problem.contains(char::is_control), "{problem}");
    }

    #[test]
    fn no_message_repeats_a_value() {
        for (change, to) in [(format!("\"{HASH}\""), "[\"geheim\"]"), ("\"1\"".to_owned(), "12345678901")] {
            let problem = line(&change, to).unwrap_err();
            assert!(!problem.contains("geheim") && !problem.contains("12345678901"), "{problem}");
        }
        assert!(!Line::parse(b"\"geheim\"").unwrap_err().contains("geheim"));
        for (change, to) in [("\"totp_secret\"", "\"GEZDGNBVGY3TQOJQ\""), ("password_hash", HASH)] {
            let problem = line(change, to).unwrap_err();
            assert!(problem.starts_with("unknown field, expected one of `email`"), "{problem}");
        }
    }
}
