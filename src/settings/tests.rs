//! Precedence and refusals. The environment comes in as a map; the process's own is untouched.

use std::io::Write;

use super::*;

fn environment(variables: &[(&str, &str)]) -> BTreeMap<String, String> {
    variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

fn load(text: &str, variables: &[(&str, &str)], flags: Layer) -> Result<Settings, SettingsRefused> {
    let file = file(text);
    Settings::load(flags, Some(file.path()), &environment(variables))
}

fn refusal(text: &str, variables: &[(&str, &str)]) -> String {
    load(text, variables, Layer::default()).unwrap_err().to_string()
}

#[test]
fn flags_win_over_the_environment_and_the_environment_over_the_file() {
    let text = "listen = \"127.0.0.1:1\"\nmail_from = \"file@example.jp\"\nhash_width = 3\n";
    let variables = [("HIKAE_LISTEN", "127.0.0.1:2"), ("HIKAE_MAIL_FROM", "environment@example.jp")];
    let flags = Layer { listen: Some("127.0.0.1:3".parse().unwrap()), ..Layer::default() };
    let settings = load(text, &variables, flags).unwrap();
    assert_eq!(settings.listen.port(), 3);
    assert_eq!(settings.mail_from, "environment@example.jp");
    assert_eq!(settings.hash_width, Some(3));
    assert_eq!(settings.log, "info");
}

#[test]
fn an_unknown_key_of_the_file_is_named_with_its_line() {
    let message = refusal("listen = \"127.0.0.1:1\"\nlisten_port = 1\n", &[]);
    assert!(message.contains("listen_port") && message.contains("line 2"), "{message}");
}

#[test]
fn an_unknown_variable_is_named_with_the_nearest_known_one() {
    let message = refusal("", &[("HIKAE_LISTN", "127.0.0.1:1")]);
    assert!(message.contains("HIKAE_LISTN,") && message.contains("HIKAE_LISTEN"), "{message}");
    assert!(load("", &[("PATH", "/bin"), ("HIKAE_CONFIG", "")], Layer::default()).is_ok());
}

#[test]
fn an_empty_variable_is_unset() {
    let settings = load("smtp_url = \"smtp://mail.example.jp\"", &[("HIKAE_SMTP_URL", "")], Layer::default()).unwrap();
    assert_eq!(settings.smtp_url.as_deref(), Some("smtp://mail.example.jp"));
}

#[test]
fn a_value_that_cannot_be_read_is_named() {
    assert!(refusal("", &[("HIKAE_LISTEN", "8080")]).contains("HIKAE_LISTEN"));
    assert!(refusal("", &[("HIKAE_TRUSTED_PROXIES", "proxy")]).contains("\"proxy\""));
    assert!(refusal("log_format = \"xml\"", &[]).contains("xml"));
}

#[test]
fn a_named_file_must_be_there() {
    let none = Path::new("/nowhere/hikae.toml");
    let error = Settings::load(Layer::default(), Some(none), &BTreeMap::new()).unwrap_err();
    assert!(matches!(error, SettingsRefused::NoFile(_)));
    let named = environment(&[("HIKAE_CONFIG", "/nowhere/hikae.toml")]);
    assert!(matches!(Settings::load(Layer::default(), None, &named), Err(SettingsRefused::NoFile(_))));
}

#[test]
fn a_hash_below_the_minimum_refuses() {
    assert!(refusal("hash_memory_kib = 4096", &[]).contains("hash_memory_kib"));
    assert!(refusal("", &[("HIKAE_HASH_PASSES", "1")]).contains("hash_passes"));
    assert!(load("hash_memory_kib = 65536\nhash_passes = 3", &[], Layer::default()).is_ok());
}

#[test]
fn a_base_url_is_scheme_host_and_port_only() {
    for url in ["https://id.example.jp/portal", "https://id.example.jp/?a=b", "https://a:b@id.example.jp", "ftp://x.jp"]
    {
        assert!(refusal("", &[("HIKAE_BASE_URL", url)]).contains("base_url"), "{url}");
    }
    assert!(load("base_url = \"https://id.example.jp:8443\"", &[], Layer::default()).is_ok());
}

#[test]
fn the_address_for_prometheus_is_not_that_of_the_portal() {
    for (portal, metrics) in
        [("127.0.0.1:8080", "127.0.0.1:8080"), ("0.0.0.0:8080", "127.0.0.1:8080"), ("127.0.0.1:8080", "[::]:8080")]
    {
        let variables = [("HIKAE_LISTEN", portal), ("HIKAE_METRICS_LISTEN", metrics)];
        assert!(refusal("", &variables).contains("metrics_listen"), "{portal} {metrics}");
    }
    for (portal, metrics) in
        [("127.0.0.1:8080", "127.0.0.1:9080"), ("127.0.0.1:8080", "127.0.0.2:8080"), ("127.0.0.1:0", "127.0.0.1:0")]
    {
        let variables = [("HIKAE_LISTEN", portal), ("HIKAE_METRICS_LISTEN", metrics)];
        let settings = load("", &variables, Layer::default()).unwrap();
        assert_eq!(settings.metrics_listen, Some(metrics.parse().unwrap()));
    }
    assert_eq!(load("", &[], Layer::default()).unwrap().metrics_listen, None);
}

#[test]
fn a_postgresql_elsewhere_is_reached_with_tls_or_by_name() {
    let plain = "postgres://hikae:geheim@db.example.jp/hikae?sslmode=disable";
    let message = refusal("", &[("DATABASE_URL", plain)]);
    assert!(message.contains("plain text") && message.contains("allow_plaintext_postgres"), "{message}");
    assert!(!message.contains("geheim"), "{message}");
    let allowed = [("DATABASE_URL", plain), ("HIKAE_ALLOW_PLAINTEXT_POSTGRES", "true")];
    assert!(load("", &allowed, Layer::default()).is_ok());
    assert!(load("database_url = \"postgres://localhost/hikae\"", &[], Layer::default()).is_ok());
}

/// The variables are known at the start alone; what they mean for the address has to stay.
#[test]
fn a_postgresql_that_a_variable_names_is_judged_like_any_other() {
    let variables = [("DATABASE_URL", "postgres:///hikae"), ("PGHOST", "192.0.2.7")];
    match (postgres::TLS, load("", &variables, Layer::default())) {
        (true, Ok(settings)) => {
            let DatabaseUrl::Postgres(url) = settings.database().unwrap() else { panic!("it is a PostgreSQL") };
            assert_eq!(url, "postgres:///hikae?sslmode=verify-full");
        }
        (false, Err(refused)) => assert!(matches!(refused, SettingsRefused::PlaintextPostgres)),
        (tls, judged) => panic!("with TLS {tls}: {:?}", judged.err()),
    }
}

#[test]
fn an_address_that_libpq_would_read_differently_is_refused() {
    let url = "postgres://hikae:geheim@localhost/hikae#?host=db.example.jp";
    let message = refusal("", &[("DATABASE_URL", url)]);
    assert!(message.contains("%23") && !message.contains("geheim"), "{message}");
}

#[test]
fn no_password_is_shown() {
    let variables = [
        ("DATABASE_URL", "postgres://hikae:geheim@localhost/hikae"),
        ("HIKAE_SMTP_URL", "smtps://hikae:geheim@mail.example.jp"),
    ];
    let settings = load("", &variables, Layer::default()).unwrap();
    assert!(!format!("{settings:?}").contains("geheim"));
    assert!(!refusal("", &[("DATABASE_URL", "mysql://hikae:geheim@localhost")]).contains("geheim"));
    for text in ["smtp_url = \"smtp://a:geheim@b", "smtp_url = [\"geheim\"]", "hash_width = \"geheim\""] {
        assert!(!refusal(text, &[]).contains("geheim"), "{text}");
    }
}

#[test]
fn without_a_database_url_it_is_sqlite_in_the_data_folder() {
    let settings = load("data_dir = \"/srv/hikae\"", &[], Layer::default()).unwrap();
    assert!(
        matches!(settings.database().unwrap(), DatabaseUrl::Sqlite(path) if path == Path::new("/srv/hikae/hikae.sqlite"))
    );
}
