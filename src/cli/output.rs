//! What commands print: tables for people, JSON for scripts, refusals on standard error.

use std::io::{self, Write};

use anyhow::Result;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

/// Prints a line; a reader that closed the pipe early is no fault.
pub fn line(text: &str) {
    let _ = writeln!(io::stdout().lock(), "{}", plain(text));
}

/// Prints an answer as JSON.
///
/// # Errors
/// The answer has no JSON form.
pub fn json(value: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value)?;
    let _ = writeln!(io::stdout().lock(), "{text}");
    Ok(())
}

/// Prints why a command was refused.
pub fn refusal(error: &anyhow::Error) {
    let _ = writeln!(io::stderr().lock(), "hikae: {}", plain(&format!("{error:#}")));
}

/// Prints rows under their headings, in columns as wide as a terminal shows them.
pub fn table(headings: &[&str], rows: &[Vec<String>]) {
    for text in columns(headings, rows) {
        line(&text);
    }
}

/// Rows under their headings, one line each. A Japanese letter takes two places.
pub fn columns(headings: &[&str], rows: &[Vec<String>]) -> Vec<String> {
    let headings: Vec<String> = headings.iter().map(|heading| (*heading).to_owned()).collect();
    let mut widths = vec![0; headings.len()];
    for row in rows.iter().chain([&headings]) {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let row = |cells: &Vec<String>| {
        let padded = cells.iter().zip(&widths).map(|(cell, width)| {
            let gap = width.saturating_sub(cell.width()) + 2;
            format!("{cell}{}", " ".repeat(gap))
        });
        padded.collect::<String>().trim_end().to_owned()
    };
    [&headings].into_iter().chain(rows).map(row).collect()
}

/// A text without control characters: a stored name must not command the terminal.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_with_japanese_in_them() {
        let rows = [vec!["株式会社".to_owned(), "x".to_owned()], vec!["abc".to_owned(), "y".to_owned()]];
        assert_eq!(columns(&["name", "n"], &rows), ["name      n", "株式会社  x", "abc       y"]);
    }

    #[test]
    fn a_name_cannot_command_the_terminal() {
        assert_eq!(plain("a\u{1b}[2Jb"), "a\u{fffd}[2Jb");
    }
}
