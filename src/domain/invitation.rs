//! Invitations into an office: which addresses somebody pasted, and how long a link is good for.

use unicode_normalization::UnicodeNormalization;

use super::email::EmailAddress;
use super::time::Seconds;

/// How long the link of an invitation lives, from its newest mail on.
pub const LIFETIME: Seconds = Seconds::hours(7 * 24);
/// The most addresses that are invited at once.
pub const MOST_AT_ONCE: usize = 200;
/// How much of a text that is no address is shown again.
const SHOWN_CHARS: usize = 60;

/// How an invitation ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    Accepted,
    Revoked,
    /// A newer one to the same address stands in its place, or the person is a member already.
    Superseded,
}

impl Ending {
    /// The name in the database.
    pub const fn slug(self) -> &'static str {
        match self {
            Ending::Accepted => "accepted",
            Ending::Revoked => "revoked",
            Ending::Superseded => "superseded",
        }
    }
}

/// What was read from a field for addresses.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Pasted {
    /// In the order in which they were typed, each once.
    pub addresses: Vec<EmailAddress>,
    /// What stands there and is no address.
    pub unreadable: Vec<String>,
}

impl Pasted {
    /// Reads addresses as people paste them: one a line, or with commas, semicolons, 「、」 or
    /// spaces between them, full-width or not, alone or as `Name <address>`.
    pub fn read(text: &str) -> Self {
        let text: String = text.nfkc().collect();
        let mut pasted = Self::default();
        for line in text.lines() {
            for entry in entries(line) {
                pasted.read_entry(&entry);
            }
        }
        pasted
    }

    fn read_entry(&mut self, entry: &str) {
        let mut rest = entry;
        while let Some((before, after)) = rest.split_once('<') {
            let Some((inside, tail)) = after.split_once('>') else { break };
            // Words before an address in brackets are a name, but for another address.
            before.split_whitespace().filter(|word| word.contains('@')).for_each(|word| self.take(word));
            self.take(inside);
            rest = tail;
        }
        rest.split_whitespace().for_each(|word| self.take(word));
    }

    fn take(&mut self, word: &str) {
        let bare = word.trim().trim_matches(['"', '\'', '(', ')']);
        let bare = bare.strip_prefix("mailto:").unwrap_or(bare);
        match EmailAddress::parse(bare) {
            Ok(address) if self.addresses.contains(&address) => {}
            Ok(address) => self.addresses.push(address),
            Err(_) => self.unreadable.push(shortened(word.trim())),
        }
    }
}

/// The entries of a line. A comma inside a quoted name, as in `"Hikae, Hanako" <h@example.jp>`,
/// separates nothing.
fn entries(line: &str) -> Vec<String> {
    let quotes_pair = line.matches('"').count().is_multiple_of(2);
    let (mut entries, mut entry, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        quoted ^= c == '"' && quotes_pair;
        if !quoted && matches!(c, ',' | ';' | '、') {
            entries.push(std::mem::take(&mut entry));
        } else {
            entry.push(c);
        }
    }
    entries.push(entry);
    entries
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<String>, Vec<String>) {
        let pasted = Pasted::read(text);
        (pasted.addresses.into_iter().map(EmailAddress::into_string).collect(), pasted.unreadable)
    }

    #[test]
    fn addresses_are_read_however_they_are_separated() {
        let expected: Vec<String> = ["a@x.jp", "b@x.jp", "c@x.jp"].map(str::to_owned).to_vec();
        for text in [
            "a@x.jp\nb@x.jp\r\nc@x.jp\n",
            "a@x.jp,b@x.jp, c@x.jp",
            "a@x.jp; b@x.jp;c@x.jp;",
            "a@x.jp b@x.jp\tc@x.jp",
            "a@x.jp、b@x.jp、 c@x.jp",
            "ａ＠ｘ．ｊｐ，ｂ＠ｘ．ｊｐ；ｃ＠ｘ．ｊｐ",
            "a@x.jp　b@x.jp　c@x.jp",
            "控 花子 <a@x.jp>, \"Hikae, B\" <b@x.jp>\n＜c@x.jp＞",
            "'a@x.jp' <a@x.jp> b@x.jp <mailto:c@x.jp>",
            "A@X.jp a@x.JP b@x.jp,,;、\n\n c@x.jp c@x.jp",
        ] {
            assert_eq!(read(text), (expected.clone(), Vec::new()), "{text:?}");
        }
        assert_eq!(read(" \n、,"), (Vec::new(), Vec::new()));
    }

    #[test]
    fn what_is_no_address_is_named() {
        let (addresses, unreadable) = read("a@x.jp\nhanako\nb@@x.jp、控 花子 <c@x.jp");
        assert_eq!(addresses, ["a@x.jp"]);
        assert_eq!(unreadable, ["hanako", "b@@x.jp", "控", "花子", "<c@x.jp"]);
        assert_eq!(read("<>").1, [""]);
        assert_eq!(read(&"あ".repeat(500)).1[0].chars().count(), SHOWN_CHARS + 1);
        assert_eq!(read("a@x.jp\0Bcc:b@x.jp").0, Vec::<String>::new());
    }
}
