//! One layer of settings: what the file, the environment or the flags say. The three have the
//! same keys, so they are one list here: a key added to it can be set in all three places.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use serde::Deserialize;
use url::Url;

use super::SettingsRefused;
use super::nearest::nearest;
use super::values::{LogFormat, Proxies, SecretText};

/// The variable that names the settings file; it makes no sense inside that file.
pub const CONFIG_VARIABLE: &str = "HIKAE_CONFIG";

macro_rules! layer {
    ($($(#[$meta:meta])* $key:ident: $type:ty = $variable:literal,)*) => {
        /// Every key, each perhaps unsaid. Later layers fill what earlier ones leave open.
        #[derive(Clone, Default, Deserialize, Args)]
        #[serde(deny_unknown_fields)]
        pub struct Layer {
            $($(#[$meta])* pub $key: Option<$type>,)*
        }

        impl Layer {
            /// The environment variables, one for each key.
            pub const VARIABLES: &'static [&'static str] = &[$($variable,)*];

            /// This layer, with `below` where it says nothing.
            pub fn or(self, below: Layer) -> Layer {
                Layer { $($key: self.$key.or(below.$key),)* }
            }

            /// Reads the layer of the environment. An empty variable is an unset one, as service
            /// files and containers write it.
            ///
            /// # Errors
            /// A `HIKAE_…` variable that means nothing here, or a value that cannot be read.
            pub fn from_environment(variables: &BTreeMap<String, String>) -> Result<Layer, SettingsRefused> {
                refuse_unknown(variables)?;
                Ok(Layer { $($key: read(variables, $variable)?,)* })
            }
        }
    };
}

layer! {
    /// Folder of the database, the key file and the outbox [env: HIKAE_DATA_DIR] [default: ./data]
    #[arg(long, value_name = "DIR", help_heading = "Settings")]
    data_dir: PathBuf = "HIKAE_DATA_DIR",
    /// Address and port to listen on [env: HIKAE_LISTEN] [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR", help_heading = "Settings")]
    listen: SocketAddr = "HIKAE_LISTEN",
    /// Address and port for Prometheus, apart from the portal's [env: HIKAE_METRICS_LISTEN] [default: none]
    #[arg(long, value_name = "ADDR", help_heading = "Settings")]
    metrics_listen: SocketAddr = "HIKAE_METRICS_LISTEN",
    /// What people type in front of every path, such as https://id.example.jp [env: HIKAE_BASE_URL]
    #[arg(long, value_name = "URL", help_heading = "Settings")]
    base_url: Url = "HIKAE_BASE_URL",
    /// Key file, kept apart from the database's backups [env: HIKAE_KEY_FILE]
    #[arg(long, value_name = "FILE", help_heading = "Settings")]
    key_file: PathBuf = "HIKAE_KEY_FILE",
    #[arg(skip)] // holds a password: never a flag
    smtp_url: SecretText = "HIKAE_SMTP_URL",
    /// Sender of all mails [env: HIKAE_MAIL_FROM]
    #[arg(long, value_name = "ADDRESS", help_heading = "Settings")]
    mail_from: String = "HIKAE_MAIL_FROM",
    /// Folder for mails as .eml files when no SMTP is set [env: HIKAE_OUTBOX_DIR]
    #[arg(long, value_name = "DIR", help_heading = "Settings")]
    outbox_dir: PathBuf = "HIKAE_OUTBOX_DIR",
    /// Whom members ask for help when no administrator can: a sentence with a phone number or an address, shown as it is [env: HIKAE_CONTACT]
    #[arg(long, value_name = "TEXT", help_heading = "Settings")]
    contact: String = "HIKAE_CONTACT",
    /// Proxies whose word on the client's address counts: addresses or networks, comma separated [env: HIKAE_TRUSTED_PROXIES]
    #[arg(long, value_name = "LIST", help_heading = "Settings")]
    trusted_proxies: Proxies = "HIKAE_TRUSTED_PROXIES",
    #[arg(skip)] // may hold a password: never a flag
    database_url: SecretText = "DATABASE_URL",
    /// Allow a PostgreSQL that is not on this machine without encryption, or without a proof of the server [env: HIKAE_ALLOW_PLAINTEXT_POSTGRES]
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", help_heading = "Settings")]
    allow_plaintext_postgres: bool = "HIKAE_ALLOW_PLAINTEXT_POSTGRES",
    /// Memory of one password hash in KiB, at least 19456 [env: HIKAE_HASH_MEMORY_KIB]
    #[arg(long, value_name = "KIB", help_heading = "Settings")]
    hash_memory_kib: u32 = "HIKAE_HASH_MEMORY_KIB",
    /// Passes of one password hash, at least 2 [env: HIKAE_HASH_PASSES]
    #[arg(long, value_name = "N", help_heading = "Settings")]
    hash_passes: u32 = "HIKAE_HASH_PASSES",
    /// Hashes at once [env: HIKAE_HASH_WIDTH] [default: one for each core]
    #[arg(long, value_name = "N", help_heading = "Settings")]
    hash_width: usize = "HIKAE_HASH_WIDTH",
    /// Hashes that may wait before visitors are asked to come back later [env: HIKAE_HASH_QUEUE]
    #[arg(long, value_name = "N", help_heading = "Settings")]
    hash_queue: usize = "HIKAE_HASH_QUEUE",
    /// Minutes after which an unused session ends [env: HIKAE_SESSION_IDLE_MINUTES] [default: 60]
    #[arg(long, value_name = "N", help_heading = "Settings")]
    session_idle_minutes: u32 = "HIKAE_SESSION_IDLE_MINUTES",
    /// Minutes after which any session ends [env: HIKAE_SESSION_TOTAL_MINUTES] [default: 720]
    #[arg(long, value_name = "N", help_heading = "Settings")]
    session_total_minutes: u32 = "HIKAE_SESSION_TOTAL_MINUTES",
    /// Days for which rows of the audit trail are kept [env: HIKAE_AUDIT_RETENTION_DAYS] [default: all]
    #[arg(long, value_name = "N", help_heading = "Settings")]
    audit_retention_days: u32 = "HIKAE_AUDIT_RETENTION_DAYS",
    /// What to log, such as info or hikae=debug [env: HIKAE_LOG] [default: info]
    #[arg(long, value_name = "FILTER", help_heading = "Settings")]
    log: String = "HIKAE_LOG",
    /// Log as text or json [env: HIKAE_LOG_FORMAT] [default: text]
    #[arg(long, value_name = "FORMAT", help_heading = "Settings")]
    log_format: LogFormat = "HIKAE_LOG_FORMAT",
}

impl fmt::Debug for Layer {
    /// Mute: two of the keys may hold passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Layer(…)")
    }
}

fn known_variables() -> impl Iterator<Item = &'static str> {
    Layer::VARIABLES.iter().copied().chain([CONFIG_VARIABLE])
}

fn refuse_unknown(variables: &BTreeMap<String, String>) -> Result<(), SettingsRefused> {
    for name in variables.keys().filter(|name| name.starts_with("HIKAE_")) {
        if !known_variables().any(|known| known == name) {
            let nearest = nearest(name, known_variables()).to_owned();
            return Err(SettingsRefused::UnknownVariable { name: name.clone(), nearest });
        }
    }
    Ok(())
}

fn read<T>(variables: &BTreeMap<String, String>, name: &'static str) -> Result<Option<T>, SettingsRefused>
where
    T: FromStr,
    T::Err: fmt::Display,
{
    let Some(text) = variables.get(name).filter(|text| !text.trim().is_empty()) else {
        return Ok(None);
    };
    text.trim().parse().map(Some).map_err(|error: T::Err| SettingsRefused::BadValue { name, reason: error.to_string() })
}
