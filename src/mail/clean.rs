//! Text that others chose (names, devices, addresses), made fit for one line of a mail: it can
//! neither forge a header or a line, nor turn the reading direction (SC-69, SC-73).

/// The longest value shown in a mail, in characters.
const MAX_CHARS: usize = 254;

/// `text` on one line: control characters and line breaks become spaces, invisible characters
/// that reorder text go away, and what is too long is cut.
pub fn one_line(text: &str) -> String {
    let visible = text.chars().filter(|c| !reorders(*c)).map(|c| if breaks(c) { ' ' } else { c });
    let spaced: String = visible.collect();
    let words: Vec<&str> = spaced.split(' ').filter(|word| !word.is_empty()).collect();
    let line = words.join(" ");
    match line.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// A person's name for the greeting. None: there is nothing to show, or the name looks like a web
/// address. Mail programs turn such a name into a link, and a confirmation goes to an address
/// that its sender chose, so a name must not carry an invitation to a stranger.
pub fn name(text: &str) -> Option<String> {
    let name = one_line(text);
    let lower = name.to_lowercase();
    let link = ["://", "www.", "/", "@"].iter().any(|sign| lower.contains(sign));
    (!name.is_empty() && !link).then_some(name)
}

/// Line separators count as line breaks in some programs although they are no control characters.
fn breaks(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Bidirectional marks and overrides, and the byte order mark.
fn reorders(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_on_its_line() {
        assert_eq!(one_line("山田\r\nBcc: x@y.jp\u{2028}\0 \t花子"), "山田 Bcc: x@y.jp 花子");
        assert_eq!(one_line("a\u{202e}b\u{1b}[31m"), "ab [31m");
        assert_eq!(one_line(&"あ".repeat(300)).chars().count(), MAX_CHARS + 1);
    }

    #[test]
    fn a_name_carries_no_link() {
        assert_eq!(name("山田　花子").as_deref(), Some("山田　花子"));
        assert_eq!(name("J. R. St.John").as_deref(), Some("J. R. St.John"));
        for hostile in ["", " \r\n", "see https://evil.example", "WWW.evil.example", "evil.example/x"] {
            assert_eq!(name(hostile), None, "{hostile:?}");
        }
    }
}
