//! A QR code in a terminal: half blocks, two modules in one letter.

use qrcodegen::{QrCode, QrCodeEcc};

/// White modules around the code; scanners need four.
const QUIET: i32 = 4;
/// Black on white, whatever the terminal's own colours: colours 16 and 231 of 256 are fixed.
const INK: &str = "\u{1b}[38;5;16;48;5;231m";
const PLAIN: &str = "\u{1b}[0m";

/// The lines of a QR code of `text`; `None` when it does not fit into one. `painted` sets the
/// colours, for a terminal.
pub fn lines(text: &str, painted: bool) -> Option<Vec<String>> {
    let code = QrCode::encode_text(text, QrCodeEcc::Low).ok()?;
    let rows = (-QUIET..code.size() + QUIET).step_by(2);
    Some(rows.map(|y| line(&code, y, painted)).collect())
}

fn line(code: &QrCode, y: i32, painted: bool) -> String {
    let letters = (-QUIET..code.size() + QUIET).map(|x| {
        // Outside the code, modules are light.
        match (code.get_module(x, y), code.get_module(x, y + 1)) {
            (true, true) => '█',
            (true, false) => '▀',
            (false, true) => '▄',
            (false, false) => ' ',
        }
    });
    let letters: String = letters.collect();
    if painted { format!("{INK}{letters}{PLAIN}") } else { letters }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_module_is_where_the_code_has_it() {
        let text = "otpauth://totp/Hikae:hanako%40hikae.example?secret=GEZDGNBVGY3TQOJQ&issuer=Hikae";
        let code = QrCode::encode_text(text, QrCodeEcc::Low).unwrap();
        let lines: Vec<Vec<char>> = lines(text, false).unwrap().iter().map(|line| line.chars().collect()).collect();
        for y in 0..code.size() {
            for x in 0..code.size() {
                let (row, column) = (usize::try_from(y + QUIET).unwrap(), usize::try_from(x + QUIET).unwrap());
                let letter = lines[row / 2][column];
                let dark = letter == '█' || letter == if row % 2 == 0 { '▀' } else { '▄' };
                assert_eq!(dark, code.get_module(x, y), "{x} {y}");
            }
        }
    }

    #[test]
    fn paint_is_for_terminals_only() {
        assert!(lines("a", true).unwrap().iter().all(|line| line.starts_with(INK) && line.ends_with(PLAIN)));
        assert!(!lines("a", false).unwrap().concat().contains('\u{1b}'));
    }
}
