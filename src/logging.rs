//! Log lines: one event, one line, whatever the values in it hold. A line break or a terminal
//! sequence typed into a form must neither forge a line nor paint over one (SC-73).

use std::fmt;
use std::io;
use std::panic;

use anyhow::Context;
use tracing::{Event, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::{DefaultFields, Format, FormatEvent, FormatFields, Json, JsonFields, Writer};
use tracing_subscriber::fmt::{FmtContext, MakeWriter, SubscriberBuilder};
use tracing_subscriber::registry::LookupSpan;

use crate::settings::LogFormat;

/// Starts logging to standard error. Later calls of the same process change nothing.
///
/// # Errors
/// The filter cannot be read.
pub fn start(filter: &str, format: LogFormat) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(filter).context("the setting log (HIKAE_LOG) cannot be read")?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(io::stderr);
    let started = match format {
        LogFormat::Text => lines.map_event_format(OneLine).try_init(),
        LogFormat::Json => as_json(lines).try_init(),
    };
    if started.is_ok() {
        log_panics();
    }
    Ok(())
}

/// The fields of an event stand beside its level and target.
fn as_json<F, W>(
    lines: SubscriberBuilder<DefaultFields, Format, F, W>,
) -> SubscriberBuilder<JsonFields, OneLine<Format<Json>>, F, W>
where
    W: for<'a> MakeWriter<'a> + 'static,
{
    lines.json().flatten_event(true).map_event_format(OneLine)
}

/// A panic is logged as an event, so that it is one line too and reaches collectors.
fn log_panics() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let message = info.payload_as_str().unwrap_or("of unknown kind");
        tracing::error!(place, "panic: {message}");
    }));
}

/// Formats as the format within does, and writes what would break the line as escapes.
struct OneLine<F>(F);

impl<S, N, F> FormatEvent<S, N> for OneLine<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> Result<(), fmt::Error> {
        let mut line = String::new();
        self.0.format_event(context, Writer::new(&mut line), event)?;
        let mut rest = line.trim_end_matches('\n');
        while let Some((at, found)) = rest.char_indices().find(|(_, c)| breaks_lines(*c)) {
            write!(writer, "{}\\u{:04x}", &rest[..at], u32::from(found))?;
            rest = &rest[at + found.len_utf8()..];
        }
        writer.write_str(rest)?;
        writer.write_char('\n')
    }
}

/// Control characters, the two separators that some viewers break at, and the marks that turn
/// the direction of what follows. All lie below U+10000, so four digits name each, in a form
/// that JSON reads too.
fn breaks_lines(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;

    const FORGED: &str = "a\r\nERROR forged\u{1b}[2K\u{85}\u{2028}\u{202e}b";

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn written(json: bool) -> String {
        let lines = Lines::default();
        let target = lines.clone();
        let builder = tracing_subscriber::fmt().with_ansi(false).with_writer(move || target.clone());
        let logged = || {
            let _span = tracing::info_span!("request", path = %FORGED).entered();
            tracing::info!(display = %FORGED, debug = ?FORGED, text = FORGED, "message {FORGED}");
        };
        if json {
            tracing::subscriber::with_default(as_json(builder).finish(), logged);
        } else {
            tracing::subscriber::with_default(builder.map_event_format(OneLine).finish(), logged);
        }
        let bytes = lines.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn no_value_makes_a_second_line_or_a_terminal_sequence() {
        for json in [false, true] {
            let text = written(json);
            assert_eq!(text.matches('\n').count(), 1, "{text}");
            assert!(text.ends_with('\n'));
            assert!(!text.trim_end().chars().any(breaks_lines), "{text:?}");
            assert!(text.contains("forged"), "{text}");
        }
    }

    #[test]
    fn a_json_line_stays_json() {
        let value: serde_json::Value = serde_json::from_str(written(true).trim_end()).unwrap();
        assert_eq!(value["message"], format!("message {FORGED}"));
        assert_eq!(value["display"], FORGED);
    }

    #[test]
    fn a_filter_that_cannot_be_read_is_refused() {
        assert!(start("hikae=loud", LogFormat::Text).is_err());
    }
}
