//! The search for secrets in everything that stays after a story: files, dumps, logs.

use std::fs;
use std::path::Path;

use aho_corasick::AhoCorasick;
use data_encoding::{BASE32_NOPAD, BASE64, HEXLOWER};

/// A secret with a name for the report. The report never shows the secret itself.
pub struct Secret {
    name: String,
    /// Every way in which it could have been written down.
    spellings: Vec<Vec<u8>>,
}

impl Secret {
    /// A text: a password, a link's token, a cookie's value.
    pub fn text(name: &str, text: &str) -> Self {
        let spellings = vec![
            text.as_bytes().to_vec(),
            BASE64.encode(text.as_bytes()).trim_end_matches('=').as_bytes().to_vec(),
            HEXLOWER.encode(text.as_bytes()).into_bytes(),
            form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().into_bytes(),
        ];
        Self { name: name.to_owned(), spellings }
    }

    /// A backup code, with and without separators.
    pub fn backup_code(number: usize, code: &str) -> Self {
        assert_eq!(code.len(), 9);
        let mut secret = Self::text(&format!("backup code {number}"), code);
        for separator in [" ", "-", "\u{3000}", "&nbsp;"] {
            let groups = [&code[..3], &code[3..6], &code[6..]].join(separator);
            secret.spellings.push(HEXLOWER.encode(groups.as_bytes()).into_bytes());
            secret.spellings.push(groups.into_bytes());
        }
        secret
    }

    /// An authenticator's key: base32 as shown, in groups, and its bytes.
    pub fn totp_key(key: &str) -> Self {
        let mut secret = Self::text("authenticator key", key);
        let bytes = BASE32_NOPAD.decode(key.as_bytes()).expect("base32");
        let groups: Vec<&str> =
            key.as_bytes().chunks(4).map(|group| std::str::from_utf8(group).expect("ASCII")).collect();
        secret.spellings.extend([
            groups.join(" ").into_bytes(),
            key.to_lowercase().into_bytes(),
            HEXLOWER.encode(&bytes).into_bytes(),
            BASE64.encode(&bytes).trim_end_matches('=').as_bytes().to_vec(),
            bytes,
        ]);
        secret
    }
}

/// # Panics
/// When one of the secrets stands in one of the places; names both.
pub fn assert_none(secrets: &[Secret], places: &[(String, Vec<u8>)]) {
    let found = find(secrets, places);
    assert!(found.is_empty(), "secrets were written down: {found:#?}");
}

/// What stands where: «secret in place».
pub fn find(secrets: &[Secret], places: &[(String, Vec<u8>)]) -> Vec<String> {
    let owners: Vec<&str> =
        secrets.iter().flat_map(|secret| secret.spellings.iter().map(|_| secret.name.as_str())).collect();
    let search = AhoCorasick::new(secrets.iter().flat_map(|secret| &secret.spellings)).expect("a search");
    let mut found: Vec<String> = places
        .iter()
        .flat_map(|(place, bytes)| search.find_iter(bytes).map(move |hit| (hit.pattern(), place)))
        .map(|(pattern, place)| format!("{} in {place}", owners[pattern.as_usize()]))
        .collect();
    found.sort();
    found.dedup();
    found
}

/// Every file below a folder, with its path.
pub fn read_folder(folder: &Path, into: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => read_folder(&path, into),
            Ok(kind) if kind.is_file() => {
                if let Ok(bytes) = fs::read(&path) {
                    into.push((path.display().to_string(), bytes));
                }
            }
            _ => {}
        }
    }
}
