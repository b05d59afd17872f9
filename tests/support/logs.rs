//! Everything the test process logs, kept for the search for secrets.

use std::io::{self, Write};
use std::sync::{Mutex, Once, PoisonError};

use tracing_subscriber::filter::LevelFilter;

static LINES: Mutex<Vec<u8>> = Mutex::new(Vec::new());

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
        let taken = tracing_subscriber::fmt().with_max_level(LevelFilter::DEBUG).with_writer(|| Keep).try_init();
        assert!(taken.is_ok(), "the application must not install a logger by itself");
    });
}

/// The lines so far, of all tests of this process.
pub fn kept() -> Vec<u8> {
    LINES.lock().unwrap_or_else(PoisonError::into_inner).clone()
}
