//! Settings from a file and the environment: what is understood is within its bounds, and a refusal
//! repeats no password.
#![no_main]

use std::collections::BTreeMap;
use std::io::Write;

use hikae::settings::{Layer, Settings};
use hikae::store::DatabaseUrl;
use libfuzzer_sys::{arbitrary, fuzz_target};

const PASSWORD: &str = "geheim-und-lang";

#[derive(arbitrary::Arbitrary, Debug)]
struct Given<'a> {
    file: &'a str,
    variables: Vec<(u8, &'a str)>,
    unknown: Option<(&'a str, &'a str)>,
}

fuzz_target!(|given: Given| {
    let mut variables = BTreeMap::from([
        ("HIKAE_SMTP_URL".to_owned(), format!("smtps://hikae:{PASSWORD}@mail.example.jp")),
        ("DATABASE_URL".to_owned(), format!("postgres://hikae:{PASSWORD}@localhost/hikae")),
    ]);
    for (which, value) in &given.variables {
        let name = Layer::VARIABLES[usize::from(*which) % Layer::VARIABLES.len()];
        variables.insert(name.to_owned(), value.replace('\0', ""));
    }
    if let Some((name, value)) = given.unknown {
        variables.insert(format!("HIKAE_{name}"), value.to_owned());
    }
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    write!(file, "smtp_url = \"smtp://hikae:{PASSWORD}@mail\"\n{}", given.file).expect("written");

    let shows = |text: &str| text.contains(PASSWORD) && !given.file.contains(PASSWORD);
    match Settings::load(Layer::default(), Some(file.path()), &variables) {
        Err(refused) => assert!(!shows(&format!("{refused} {refused:?}")), "{refused}"),
        Ok(settings) => {
            assert!(!shows(&format!("{settings:?}")));
            assert!(settings.hash.memory_kib() >= 19_456 && settings.hash.passes() >= 2);
            assert!(settings.hash_width != Some(0));
            assert!(settings.sessions.idle.0 > 0 && settings.sessions.total.0 > 0);
            if let Some(url) = &settings.base_url {
                assert!(matches!(url.scheme(), "http" | "https") && url.path() == "/" && url.username().is_empty());
            }
            if settings.metrics_listen.is_some_and(|address| address.port() != 0) {
                assert!(settings.metrics_listen != Some(settings.listen));
            }
            let known = |name: &String| Layer::VARIABLES.contains(&name.as_str()) || name == "HIKAE_CONFIG";
            assert!(variables.keys().all(known), "an unknown variable passed");
            // What was settled at the start stays settled.
            match settings.database().expect("it was looked at") {
                DatabaseUrl::Postgres(url) => assert_eq!(Some(&url), settings.database_url.as_ref()),
                DatabaseUrl::Sqlite(_) => {}
            }
        }
    }
});
