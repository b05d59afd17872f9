//! Everything the test process logs, kept for the search for secrets.

use std::io::{self, Write};
use std::sync::{Mutex, Once, PoisonError};

use tracing_subscriber::EnvFilter;

static LINES: Mutex<Vec<u8>> = Mutex::new(Vec::new());

const TESTS_OWN: &str =
    "html5ever=off,markup5ever=off,selectors=off,scraper=off,reqwest=off,hyper=off,hyper_util=off,cookie_store=off";

struct Keep;

impl Write for Keep {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Starts keeping log lines, at a level more talkative than any operator's.
pub fn keep() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Everything but what the tests themselves work with: their client and their HTML reader.
        let filter = EnvFilter::new(format!("debug,{TESTS_OWN}"));
        let taken = tracing_subscriber::fmt().with_env_filter(filter).with_writer(|| Keep).try_init();
        assert!(taken.is_ok(), "the application must not install a logger by itself");
    });
}

/// The lines so far, of all tests of this process.
pub fn kept() -> Vec<u8> {
    LINES.lock().unwrap_or_else(PoisonError::into_inner).clone()
}
