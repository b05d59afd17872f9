//! The typeface of the sheet: which characters it can show, how wide they are, and the small part
//! of it that goes into one document.

use std::collections::{BTreeSet, HashMap};

use allsorts::binary::read::ReadScope;
use allsorts::font::{Font, MatchingPresentation};
use allsorts::font_data::{DynamicFontTableProvider, FontData};
use allsorts::subset::{CmapTarget, SubsetProfile, subset};
use printpdf::ParsedFont;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{compose, is_combining_mark};

use super::{MM_PER_POINT, PdfFault};

/// Noto Sans JP Regular, SIL Open Font License 1.1 (`static/fonts/NotoSansJP-LICENSE.txt`).
static NOTO_SANS_JP: &[u8] = include_bytes!("../../static/fonts/NotoSansJP-Regular.ttf");
const NAME: &str = "NotoSansJP-Regular";

/// What stands for a character that the typeface does not have (JIS X 0208 2-2-14).
const GETA: char = '〓';
const JOINER: char = '\u{200d}';

/// One reading of the typeface, for one document. It remembers what is kept, for that is what the
/// document will hold.
pub struct Typeface {
    font: Font<DynamicFontTableProvider<'static>>,
    units_per_em: f32,
    /// Glyph and width, in units of the typeface, of each character that was asked for: breaking
    /// lines asks again and again.
    known: HashMap<char, Option<(u16, u16)>>,
    kept: BTreeSet<u16>,
}

fn provider() -> Result<DynamicFontTableProvider<'static>, PdfFault> {
    let file = ReadScope::new(NOTO_SANS_JP).read::<FontData<'_>>().map_err(|_| PdfFault("the font file"))?;
    file.table_provider(0).map_err(|_| PdfFault("the tables of the font"))
}

impl Typeface {
    /// Opens the typeface.
    ///
    /// # Errors
    /// The file in the binary is no font.
    pub fn open() -> Result<Self, PdfFault> {
        let font = Font::new(provider()?).map_err(|_| PdfFault("the character map of the font"))?;
        let units_per_em = f32::from(font.head_table.units_per_em);
        // Glyph 0 is what every font must have.
        Ok(Self { font, units_per_em, known: HashMap::new(), kept: BTreeSet::from([0]) })
    }

    fn glyph(&mut self, c: char) -> Option<(u16, u16)> {
        if let Some(known) = self.known.get(&c) {
            return *known;
        }
        let (glyph, _) = self.font.lookup_glyph_index(c, MatchingPresentation::NotRequired, None);
        let found = (glyph != 0).then(|| (glyph, self.font.horizontal_advance(glyph).unwrap_or(0)));
        self.known.insert(c, found);
        found
    }

    /// The text as the typeface can show it: on one line, without what has no shape of its own, and
    /// with a 〓 for each character that is missing. Never an empty box.
    pub fn showable(&mut self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        let (mut before, mut flags) = (' ', 0);
        for c in text.chars() {
            // A family is several pictures with joiners, a flag is two letters: one 〓 each.
            flags = if is_flag(c) { flags + 1 } else { 0 };
            let continues = before == JOINER || (flags > 0 && flags % 2 == 0);
            before = c;
            if is_shapeless(c) || (continues && self.glyph(c).is_none()) {
                continue;
            }
            // Not all of NFC, which turns 神 (U+FA19) into another form of the character.
            if let Some(composed) = shown.chars().last().and_then(|last| compose(last, c))
                && self.glyph(composed).is_some()
            {
                shown.pop();
                shown.push(composed);
            } else if c.is_whitespace() || c.is_control() {
                shown.push(if c == '\u{3000}' { c } else { ' ' });
            } else if self.glyph(c).is_some() {
                shown.push(c);
            } else if let Some(base) = plain_letter(c) {
                shown.push(base);
            } else if !is_combining_mark(c) {
                shown.push(GETA);
            }
        }
        shown
    }

    /// Width in millimetres at a size in points.
    pub fn width(&mut self, text: &str, size: f32) -> f32 {
        let units: f32 = text.chars().filter_map(|c| self.glyph(c)).map(|(_, width)| f32::from(width)).sum();
        units / self.units_per_em * size * MM_PER_POINT
    }

    /// Takes the glyphs of a text into the document.
    pub fn keep(&mut self, text: &str) {
        for c in text.chars() {
            let found = self.glyph(c);
            self.kept.extend(found.map(|(glyph, _)| glyph));
        }
    }

    /// The part of the typeface that was kept: 20 KB instead of 5 MB.
    ///
    /// # Errors
    /// The font cannot be cut.
    pub fn kept_part(&self) -> Result<ParsedFont, PdfFault> {
        let glyphs: Vec<u16> = self.kept.iter().copied().collect();
        let bytes = subset(&provider()?, &glyphs, &SubsetProfile::Minimal, CmapTarget::Unicode)
            .map_err(|_| PdfFault("the part of the font"))?;
        let mut part = ParsedFont::from_bytes(&bytes, 0, &mut Vec::new()).ok_or(PdfFault("the part of the font"))?;
        part.font_name = Some(format!("{}+{NAME}", tag(&glyphs)));
        Ok(part)
    }
}

/// Six letters that tell one part of a typeface from another (ISO 32000-1, 9.6.4).
fn tag(glyphs: &[u16]) -> String {
    // FNV-1a: two documents with the same glyphs have the same part.
    let mut hash = glyphs
        .iter()
        .flat_map(|glyph| glyph.to_be_bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let letter = || {
        let letter = b'A' + u8::try_from(hash % 26).unwrap_or(0);
        hash /= 26;
        char::from(letter)
    };
    std::iter::repeat_with(letter).take(6).collect()
}

const fn is_flag(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

/// The plain letter below a Latin one with marks, as airlines print it: a name stays readable.
fn plain_letter(c: char) -> Option<char> {
    std::iter::once(c).nfd().next().filter(char::is_ascii_alphabetic)
}

/// Marks that change or join other characters, or fill a place, and have no shape of their own:
/// variation selectors, joiners, marks of direction, fillers, tags, tones of skin, byte order marks.
const fn is_shapeless(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffc}'
        | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str) -> String {
        Typeface::open().unwrap().showable(text)
    }

    #[test]
    fn names_are_shown_as_they_are() {
        for name in ["𠮷野家 髙﨑", "\u{fa19}田\u{3000}\u{fa4f}子", "Zoë Ångström", "ガギグ㈱①"] {
            assert_eq!(shown(name), name);
        }
        assert_eq!(shown("か\u{3099}は\u{309a}e\u{301}"), "がぱé");
        assert_eq!(shown("葛\u{e0100}城\u{fe00}"), "葛城");
    }

    #[test]
    fn what_is_missing_becomes_one_geta_each_and_marks_vanish() {
        assert_eq!(shown("ሀለ"), "〓〓");
        assert_eq!(shown("花子👩‍👩‍👧‍👦🇯🇵🇩🇪👍🏽!"), "花子〓〓〓〓!");
        assert_eq!(shown("Ğökçe Łukasz"), "Gökçe 〓ukasz");
        assert_eq!(shown("q\u{489}x\u{1ab0}"), "qx");
        assert_eq!(shown("a\r\nb\tc\0\u{7f}d"), "a  b c  d");
        assert_eq!(shown("\u{202e}逆\u{2069}\u{200f}\u{feff}\u{ad}"), "逆");
        assert_eq!(shown("\u{e000}\u{ffff}"), "〓〓");
    }

    #[test]
    fn a_part_of_the_typeface_says_that_it_is_one() {
        let name = |text: &str| {
            let mut typeface = Typeface::open().unwrap();
            typeface.keep(text);
            typeface.kept_part().unwrap().font_name.unwrap()
        };
        let (tag, rest) = (name("控え").split_at(6).0.to_owned(), name("控え").split_at(6).1.to_owned());
        assert!(tag.bytes().all(|byte| byte.is_ascii_uppercase()), "{tag}");
        assert_eq!(rest, "+NotoSansJP-Regular");
        assert_ne!(name("控え"), name("控"));
    }

    proptest! {
        #[test]
        fn whatever_is_shown_has_a_glyph(text in "\\PC{0,40}|.{0,40}") {
            let mut typeface = Typeface::open().unwrap();
            let shown = typeface.showable(&text);
            prop_assert!(shown.chars().all(|c| typeface.glyph(c).is_some()), "{shown:?}");
            prop_assert!(!shown.chars().any(|c| c.is_control() || is_shapeless(c)), "{shown:?}");
            prop_assert_eq!(typeface.showable(&shown), shown);
        }
    }
}
