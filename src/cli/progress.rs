//! Progress of long work.

use indicatif::{ProgressBar, ProgressStyle};

/// A progress bar, drawn only where standard error is a terminal.
pub fn bar(length: u64, template: &str) -> ProgressBar {
    let bar = ProgressBar::new(length);
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
