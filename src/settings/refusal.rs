//! Why the settings were refused, in words that never repeat a value which may be secret.

use std::io;
use std::path::PathBuf;

/// Why Hikae does not start with these settings.
#[derive(Debug, thiserror::Error)]
pub enum SettingsRefused {
    #[error("the environment has {name}, which is no setting of Hikae; the nearest is {nearest}")]
    UnknownVariable { name: String, nearest: String },
    #[error("the setting {name} cannot be used: {reason}")]
    BadValue { name: &'static str, reason: String },
    #[error("there is no settings file {}", .0.display())]
    NoFile(PathBuf),
    #[error("the settings file {} cannot be read", path.display())]
    UnreadableFile { path: PathBuf, error: io::Error },
    #[error("{}, line {line}: {reason}", path.display())]
    BadFile { path: PathBuf, line: usize, reason: String },
    #[error(
        "DATABASE_URL names a PostgreSQL that is not on this machine, and this program was built without TLS for \
         it (the feature postgres-tls): every row and the password would cross the network in plain text. Build \
         with TLS, reach the server through a local tunnel or proxy, or set allow_plaintext_postgres = true \
         (HIKAE_ALLOW_PLAINTEXT_POSTGRES=true) if that network is protected by other means"
    )]
    PlaintextPostgres,
    #[error(
        "DATABASE_URL names a PostgreSQL that is not on this machine with sslmode={mode}: the connection may be in \
         plain text, or end at somebody who only says to be that server. Leave sslmode out, which means verify-full, \
         or set allow_plaintext_postgres = true (HIKAE_ALLOW_PLAINTEXT_POSTGRES=true) if that network is protected \
         by other means"
    )]
    UnprovenPostgres { mode: String },
}

/// A parser's message with quoted values of the wrong type cut out: `invalid type: string "…"`.
/// Names of keys, which come in backticks, stay; what a terminal or a log would obey in them does not.
pub fn without_values(message: &str) -> String {
    let wrong_value = message.starts_with("invalid type") || message.starts_with("invalid value");
    let kept = match (wrong_value, message.find(", expected")) {
        (true, Some(at)) => format!("a value of the wrong kind{}", &message[at..]),
        (true, None) => "a value of the wrong kind".to_owned(),
        (false, _) => message.to_owned(),
    };
    let shown = |c| match c {
        '\n' => ' ',
        c if char::is_control(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    kept.chars().map(shown).collect()
}
