//! Lines of an import: what is taken is taken in its one form, and a refusal repeats no secret.
#![no_main]

use hikae::cli::user::import_line::Line;
use hikae::domain::email::EmailAddress;
use hikae::domain::office::Name;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    match Line::parse(bytes) {
        Ok(line) => {
            assert_eq!(EmailAddress::parse(line.email.as_str()), Ok(line.email.clone()));
            assert!(Name::parse(line.name.as_str()).is_ok_and(|name| name.as_str() == line.name.as_str()));
            assert!(!format!("{line:?}").contains(line.password_hash.as_str()), "a hash shows itself");
        }
        Err(problem) => {
            assert!(!problem.contains('\n'));
            let Ok(serde_json::Value::Object(fields)) = serde_json::from_slice(bytes) else { return };
            for secret in ["password_hash", "totp_secret"] {
                let Some(serde_json::Value::String(text)) = fields.get(secret) else { continue };
                // Short texts stand in any message; so do names of fields, ours and others that look like one.
                let looks_like_one = |name: &str| name.chars().all(|c| c.is_ascii_lowercase() || "_- ".contains(c));
                let is_name = "password_hash totp_secret".contains(text.as_str())
                    || fields.keys().any(|name| name.contains(text.as_str()) && looks_like_one(name));
                // A message is words with spaces and quotes between them, which neither of the two has.
                let is_of_message = text.contains([' ', '`', ',']);
                assert!(text.len() < 12 || is_name || is_of_message || !problem.contains(text.as_str()), "{problem}");
            }
        }
    }
});
