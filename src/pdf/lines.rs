//! Where a line may end (禁則処理, JIS X 4051).

/// Characters that do not begin a line (行頭禁則).
const NOT_FIRST: &str = "、。，．・：；？！」』）］｝〉》】〕ーっゃゅょッャュョ々…";
/// Characters that do not end a line (行末禁則).
const NOT_LAST: &str = "「『（［｛〈《【〔";
/// From the first of the CJK blocks on, a line may end after any character.
const JAPANESE: char = '\u{2e80}';

/// The pieces between which a line may end: words of other scripts with the space after them, and
/// single characters of Japanese, kept with what must not stand first or last.
pub fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    let in_word = |c: char| c < JAPANESE && c != ' ';
    for c in text.chars() {
        let joined = before.is_some_and(|before| {
            (in_word(before) && in_word(c)) || c == ' ' || NOT_FIRST.contains(c) || NOT_LAST.contains(before)
        });
        match pieces.last_mut() {
            Some(last) if joined => last.push(c),
            _ => pieces.push(c.to_string()),
        }
        before = Some(c);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_whole_and_brackets_stay_with_what_they_hold() {
        assert_eq!(pieces("Zoë Müller, 控え"), ["Zoë ", "Müller, ", "控", "え"]);
        assert_eq!(pieces("「控え」を、"), ["「控", "え」", "を、"]);
        assert!(pieces("").is_empty());
    }
}
