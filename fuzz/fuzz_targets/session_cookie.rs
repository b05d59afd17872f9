//! Session cookies, of visitors and of members: only the one Hikae made is taken, and it says what was
//! written into it.
#![no_main]

use std::collections::HashMap;
use std::sync::LazyLock;

use actix_session::storage::{SessionKey, SessionStore};
use actix_web::cookie::time::Duration;
use hikae::app::{Schema, open_services};
use hikae::clock::Clock;
use hikae::domain::time::Timestamp;
use hikae::random::Randomness;
use hikae::settings::Settings;
use hikae::web::session_store::CookieSessions;
use libfuzzer_sys::{arbitrary, fuzz_target};
use tokio::runtime::Runtime;

#[derive(arbitrary::Arbitrary, Debug)]
enum Cookie<'a> {
    /// Any text.
    Text(&'a str),
    /// One of Hikae's, with some bytes exchanged.
    Bent { member: bool, changes: Vec<(u16, u8)> },
    /// One of Hikae's, cut or grown.
    Cut { member: bool, keep: u16, and: &'a str },
    /// Parts of a cookie.
    Parts { text: &'a str, mac: &'a str },
}

struct World {
    runtime: Runtime,
    sessions: CookieSessions,
    visitor: String,
    member: String,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder").keep();
    let settings = Settings { data_dir: folder, ..Settings::default() };
    let clock = Clock::manual(Timestamp(1_795_316_400));
    let services = runtime.block_on(open_services(&settings, Schema::Migrate, clock, Randomness::System));
    let sessions = CookieSessions::new(&services.expect("a database"));
    let save = |state: &[(&str, &str)]| {
        let state = state.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let key = runtime.block_on(sessions.save(state, &Duration::hours(1))).expect("a session");
        key.as_ref().to_owned()
    };
    let visitor = save(&[("csrf", "\"token\"")]);
    let member = save(&[("csrf", "\"token\""), ("session", "\"key\"")]);
    World { runtime, sessions, visitor, member }
});

fn load(text: String) -> Option<HashMap<String, String>> {
    let key: SessionKey = text.try_into().ok()?;
    WORLD.runtime.block_on(WORLD.sessions.load(&key)).unwrap_or_default()
}

fuzz_target!(|cookie: Cookie| {
    let world = &*WORLD;
    let own = |member: bool| if member { &world.member } else { &world.visitor };
    let text = match cookie {
        Cookie::Text(text) => text.to_owned(),
        Cookie::Bent { member, changes } => {
            let mut bytes = own(member).clone().into_bytes();
            for (at, byte) in changes {
                let at = usize::from(at) % bytes.len();
                bytes[at] = byte & 0x7f;
            }
            String::from_utf8(bytes).expect("ASCII")
        }
        Cookie::Cut { member, keep, and } => {
            let own = own(member);
            format!("{}{and}", &own[..usize::from(keep) % (own.len() + 1)])
        }
        Cookie::Parts { text, mac } => {
            let key_id = world.visitor.split('.').next().expect("a key");
            format!("{key_id}.{text}.{mac}")
        }
    };
    let whose = [&world.visitor, &world.member].iter().position(|own| **own == text);
    match load(text) {
        Some(state) => {
            let whose = whose.expect("a cookie that Hikae did not make was taken");
            assert_eq!(state.contains_key("session"), whose == 1, "a visitor is nobody");
        }
        None => assert_eq!(whose, None, "Hikae's own cookie was refused"),
    }
});
