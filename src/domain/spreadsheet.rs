//! Cells of a table that is opened in a spreadsheet: text that would run as a formula there is
//! made plain text again (SC-69).

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// The text as a cell. What a spreadsheet would take for a formula gets an apostrophe in front,
/// which spreadsheets read as «this is text».
pub fn cell(text: &str) -> Cow<'_, str> {
    if runs_as_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Whether the text begins like a formula: with one of `= + - @` in any width, at once or after
/// what some program strips first (white space, quotes, invisible characters), or with a tab or a
/// line break (OWASP, CSV injection).
fn runs_as_formula(text: &str) -> bool {
    if text.starts_with(['\t', '\r', '\n']) {
        return true;
    }
    let first = text.chars().find(|c| !is_stripped(*c));
    first
        .is_some_and(|c| c == '\u{2212}' || c.nfkc().next().is_some_and(|plain| matches!(plain, '=' | '+' | '-' | '@')))
}

fn is_stripped(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '"' | '\'' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_begins_like_a_formula_becomes_text() {
        for text in [
            "=HYPERLINK(\"http://x\")",
            "+1",
            "-1",
            "@SUM(A1)",
            "＝1+1",
            "＋1",
            "－1",
            "＠SUM(A1)",
            "\u{2212}1",
            "﹣1",
            "\t=1",
            "\r=1",
            "\nx",
            "\tx",
            "  =1",
            "\u{3000}=1",
            "\u{a0}=1",
            "\u{feff}=1",
            "\u{200b}=1",
            "\"=1",
            "'=1",
            "\" =1",
        ] {
            assert_eq!(cell(text), format!("'{text}"), "{text:?}");
        }
    }

    #[test]
    fn plain_text_stays_as_it_is() {
        for text in ["", "控 花子", "hanako@example.jp", "1=1", "2026-11-22 18:04:00", "a-b", "::1", " 花子", "ー", "'"]
        {
            assert_eq!(cell(text), text, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_cell_begins_with_what_a_spreadsheet_runs(before in "[ \\t\\r\\n\"'\u{3000}\u{a0}]{0,4}", sign in "[=+\\-@＝＋－＠]", after in ".{0,20}") {
            let text = format!("{before}{sign}{after}");
            let expected = format!("'{text}");
            prop_assert_eq!(cell(&text), expected);
        }

        #[test]
        fn nothing_is_lost_and_nothing_else_is_added(text in ".{0,40}") {
            let made = cell(&text);
            prop_assert!(made == text || made.strip_prefix('\'') == Some(text.as_str()), "{}", made);
            prop_assert!(!made.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']));
        }
    }
}
