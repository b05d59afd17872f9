//! The settings of one portal: defaults, then the file, then the environment, then flags. What
//! is not understood refuses to start, for a mistyped key is a setting silently lost.

mod layer;
mod nearest;
mod postgres;
mod refusal;
mod values;

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use actix_web::web::ServiceConfig;
use ipnet::IpNet;
use url::Url;

pub use layer::{CONFIG_VARIABLE, Layer};
pub use refusal::{SettingsRefused, without_values};
pub use values::{LogFormat, Proxies, SecretText};

use crate::crypto::hashing::HashCost;
use crate::domain::time::Seconds;
use crate::service::SessionLimits;
use crate::store::DatabaseUrl;

/// The file read when none is named.
const DEFAULT_FILE: &str = "hikae.toml";
/// The database within the data folder.
const SQLITE_FILE: &str = "hikae.sqlite";
const KEY_FILE: &str = "hikae.key";
const OUTBOX_DIR: &str = "outbox";
const MAX_CONTACT_CHARS: usize = 300;

/// Everything that can be set. `Debug` shows no password.
#[derive(Clone)]
pub struct Settings {
    pub data_dir: PathBuf,
    pub listen: SocketAddr,
    /// Where Prometheus asks; `None`: nowhere.
    pub metrics_listen: Option<SocketAddr>,
    /// `None`: `http://{listen}`.
    pub base_url: Option<Url>,
    /// `None`: in the data folder.
    pub key_file: Option<PathBuf>,
    /// `None`: mails become files in the outbox folder.
    pub smtp_url: Option<String>,
    pub mail_from: String,
    /// `None`: in the data folder.
    pub outbox_dir: Option<PathBuf>,
    /// Whom members ask for help when no administrator can, as the operator words it.
    pub contact: Option<String>,
    pub trusted_proxies: Vec<IpNet>,
    /// `None`: SQLite in the data folder.
    pub database_url: Option<String>,
    pub allow_plaintext_postgres: bool,
    pub hash: HashCost,
    /// `None`: one for each core.
    pub hash_width: Option<usize>,
    /// `None`: forty for each hash at once.
    pub hash_queue: Option<usize>,
    pub sessions: SessionLimits,
    /// How long rows of the audit trail are kept; `None`: for good.
    pub audit_retention: Option<Seconds>,
    pub log: String,
    pub log_format: LogFormat,
    /// Whether SIGTERM and Ctrl-C stop the server. Not to be set from outside: for programs that
    /// run several servers.
    pub handle_signals: bool,
    /// Routes beside the portal's own. Not to be set from outside: for the demo.
    pub extra_routes: fn(&mut ServiceConfig),
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("./data"),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            metrics_listen: None,
            base_url: None,
            key_file: None,
            smtp_url: None,
            mail_from: "Hikae <hikae@localhost>".to_owned(),
            outbox_dir: None,
            contact: None,
            trusted_proxies: Vec::new(),
            database_url: None,
            allow_plaintext_postgres: false,
            hash: HashCost::default(),
            hash_width: None,
            hash_queue: None,
            sessions: SessionLimits::default(),
            audit_retention: None,
            log: "info".to_owned(),
            log_format: LogFormat::Text,
            handle_signals: true,
            extra_routes: |_| {},
        }
    }
}

impl Settings {
    /// Puts the three layers together: `flags`, the environment's `variables`, and the file,
    /// which is `config`, or the one that `HIKAE_CONFIG` names, or `hikae.toml` if it is there.
    ///
    /// # Errors
    /// [`SettingsRefused`] names the key and what is wrong with it.
    pub fn load(
        flags: Layer,
        config: Option<&Path>,
        variables: &BTreeMap<String, String>,
    ) -> Result<Settings, SettingsRefused> {
        let environment = Layer::from_environment(variables)?;
        let named = variables.get(CONFIG_VARIABLE).filter(|path| !path.is_empty()).map(Path::new);
        let file = match config.or(named) {
            Some(path) => read_file(path)?.ok_or_else(|| SettingsRefused::NoFile(path.to_owned()))?,
            None => read_file(Path::new(DEFAULT_FILE))?.unwrap_or_default(),
        };
        Self::from_layer(flags.or(environment).or(file), variables)
    }

    fn from_layer(layer: Layer, variables: &BTreeMap<String, String>) -> Result<Settings, SettingsRefused> {
        let default = Settings::default();
        let minutes = |given: Option<u32>, otherwise: Seconds| given.map_or(otherwise, |n| Seconds::minutes(n.into()));
        let hash = HashCost::new(
            layer.hash_memory_kib.unwrap_or(default.hash.memory_kib()),
            layer.hash_passes.unwrap_or(default.hash.passes()),
        )
        .map_err(|weak| SettingsRefused::BadValue { name: "hash_memory_kib, hash_passes", reason: weak.to_string() })?;
        let mut settings = Settings {
            data_dir: layer.data_dir.unwrap_or(default.data_dir),
            listen: layer.listen.unwrap_or(default.listen),
            metrics_listen: layer.metrics_listen,
            base_url: layer.base_url,
            key_file: layer.key_file,
            smtp_url: layer.smtp_url.map(|text| text.0),
            mail_from: layer.mail_from.unwrap_or(default.mail_from),
            outbox_dir: layer.outbox_dir,
            contact: layer.contact.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()),
            trusted_proxies: layer.trusted_proxies.unwrap_or_default().0,
            database_url: layer.database_url.map(|text| text.0),
            allow_plaintext_postgres: layer.allow_plaintext_postgres.unwrap_or(false),
            hash,
            hash_width: layer.hash_width,
            hash_queue: layer.hash_queue,
            sessions: SessionLimits {
                idle: minutes(layer.session_idle_minutes, default.sessions.idle),
                total: minutes(layer.session_total_minutes, default.sessions.total),
            },
            audit_retention: layer.audit_retention_days.map(|days| Seconds::hours(i64::from(days) * 24)),
            log: layer.log.unwrap_or(default.log),
            log_format: layer.log_format.unwrap_or_default(),
            handle_signals: true,
            extra_routes: default.extra_routes,
        };
        settings.check()?;
        // The mode of TLS is settled here, where libpq's variables are known.
        if let DatabaseUrl::Postgres(url) = settings.database_given(variables)? {
            settings.database_url = Some(url);
        }
        Ok(settings)
    }

    /// Refuses what would only fail, or harm, later.
    fn check(&self) -> Result<(), SettingsRefused> {
        let bad = |name, reason: &str| Err(SettingsRefused::BadValue { name, reason: reason.to_owned() });
        if let Some(url) = &self.base_url {
            let bare = url.query().is_none() && url.fragment().is_none() && url.path() == "/";
            if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
                return bad("base_url", "it begins with http:// or https:// and a host");
            }
            if !bare || !url.username().is_empty() || url.password().is_some() {
                return bad("base_url", "only scheme, host and port: no path, query or user");
            }
        }
        if let Some(contact) = &self.contact
            && (contact.chars().count() > MAX_CONTACT_CHARS || contact.chars().any(char::is_control))
        {
            return bad("contact", "one line of at most 300 characters");
        }
        if self.metrics_listen.is_some_and(|other| clash(self.listen, other)) {
            return bad("metrics_listen", "another port than that of listen");
        }
        if self.hash_width == Some(0) {
            return bad("hash_width", "at least 1");
        }
        if self.sessions.idle.0 == 0 || self.sessions.total.0 == 0 {
            return bad("session_idle_minutes, session_total_minutes", "at least 1");
        }
        if self.audit_retention == Some(Seconds(0)) {
            return bad("audit_retention_days", "at least 1; to keep all rows, leave it out");
        }
        Ok(())
    }

    /// Which database to open.
    ///
    /// # Errors
    /// An address of a kind not known, or a PostgreSQL elsewhere that could be spoken to without
    /// TLS or a proof, and was not allowed by name.
    pub fn database(&self) -> Result<DatabaseUrl, SettingsRefused> {
        self.database_given(&BTreeMap::new())
    }

    fn database_given(&self, variables: &BTreeMap<String, String>) -> Result<DatabaseUrl, SettingsRefused> {
        let Some(text) = &self.database_url else {
            return Ok(DatabaseUrl::Sqlite(self.data_dir.join(SQLITE_FILE)));
        };
        if let Some(path) = text.strip_prefix("sqlite:") {
            return Ok(DatabaseUrl::Sqlite(PathBuf::from(path.strip_prefix("//").unwrap_or(path))));
        }
        // The address itself may hold a password, so no message shows it.
        let bad = |reason: &str| SettingsRefused::BadValue { name: "DATABASE_URL", reason: reason.to_owned() };
        match Url::parse(text) {
            // libpq knows no such part, and would read the same address differently.
            Ok(url) if url.fragment().is_some() => Err(bad("a # is written as %23")),
            Ok(url) if matches!(url.scheme(), "postgres" | "postgresql") => {
                let allowed = self.allow_plaintext_postgres;
                postgres::secured(text, &url, variables, postgres::TLS, allowed).map(DatabaseUrl::Postgres)
            }
            _ => Err(bad("it begins with postgres:// or sqlite:")),
        }
    }

    /// Where the keys are.
    pub fn key_path(&self) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| self.data_dir.join(KEY_FILE))
    }

    /// Where mails go as files when no SMTP is set.
    pub fn outbox_path(&self) -> PathBuf {
        self.outbox_dir.clone().unwrap_or_else(|| self.data_dir.join(OUTBOX_DIR))
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = |value: &Option<String>| if value.is_some() { "(set)" } else { "(not set)" };
        f.debug_struct("Settings")
            .field("data_dir", &self.data_dir)
            .field("listen", &self.listen)
            .field("base_url", &self.base_url.as_ref().map(Url::as_str))
            .field("key_file", &self.key_file)
            .field("metrics_listen", &self.metrics_listen)
            .field("smtp_url", &set(&self.smtp_url))
            .field("database_url", &set(&self.database_url))
            .field("trusted_proxies", &self.trusted_proxies)
            .finish_non_exhaustive()
    }
}

/// Whether two listeners would meet: the same port, and an address of which one holds the other.
fn clash(one: SocketAddr, other: SocketAddr) -> bool {
    let everywhere = one.ip().is_unspecified() || other.ip().is_unspecified();
    one.port() == other.port() && one.port() != 0 && (one.ip() == other.ip() || everywhere)
}

/// Reads a settings file; `None` when there is none.
fn read_file(path: &Path) -> Result<Option<Layer>, SettingsRefused> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(SettingsRefused::UnreadableFile { path: path.to_owned(), error }),
    };
    toml::from_str(&text).map(Some).map_err(|error| {
        // The error's own Display quotes the line, which may hold a password; its message and
        // the number of the line do not.
        let before = error.span().map_or(0, |span| span.start).min(text.len());
        let line = text.as_bytes()[..before].iter().filter(|byte| **byte == b'\n').count() + 1;
        SettingsRefused::BadFile { path: path.to_owned(), line, reason: without_values(error.message()) }
    })
}

#[cfg(test)]
mod tests;
