//! Reading codes as people type them: full-width digits from an IME, spaces, hyphens and
//! long-vowel marks between the groups.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::backup_code::{self, BackupCode};
use super::totp;

/// The longest input looked at, in bytes after NFKC (SC-18).
pub const MAX_BYTES: usize = 64;

/// Which code a form asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CodeKind {
    /// Six digits from the authenticator.
    Security,
    /// Nine digits from the sheet.
    Backup,
}

/// Why an input is no code of the kind asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CodeProblem {
    Empty,
    TooLong,
    /// Something that is no digit and no separator.
    NotDigits,
    /// Digits, but neither six nor nine.
    WrongLength,
    /// A code of the other kind: it belongs into the other form, and counts as one failure.
    OtherKind,
}

/// A security code as typed: exactly six ASCII digits. Mute in `Debug`.
pub struct TotpCode(Zeroizing<String>);

impl TotpCode {
    /// The digits, for the check and for nothing else.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for TotpCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpCode(…)")
    }
}

/// Reads a security code.
///
/// # Errors
/// [`CodeProblem`] says what is wrong with the input.
pub fn security_code(typed: &str) -> Result<TotpCode, CodeProblem> {
    let digits = digits(typed)?;
    match digits.len() {
        totp::DIGITS => Ok(TotpCode(digits)),
        backup_code::DIGITS => Err(CodeProblem::OtherKind),
        _ => Err(CodeProblem::WrongLength),
    }
}

/// Reads a backup code.
///
/// # Errors
/// [`CodeProblem`] says what is wrong with the input.
pub fn backup_code(typed: &str) -> Result<BackupCode, CodeProblem> {
    let digits = digits(typed)?;
    match digits.len() {
        backup_code::DIGITS => BackupCode::from_digits(&digits).ok_or(CodeProblem::NotDigits),
        totp::DIGITS => Err(CodeProblem::OtherKind),
        _ => Err(CodeProblem::WrongLength),
    }
}

/// The ASCII digits of an input, separators dropped.
fn digits(typed: &str) -> Result<Zeroizing<String>, CodeProblem> {
    // NFKC grows a text at most 18-fold; what is this long before it needs no normalising.
    if typed.len() > MAX_BYTES * 4 {
        return Err(CodeProblem::TooLong);
    }
    let normal: Zeroizing<String> = Zeroizing::new(typed.nfkc().collect());
    if normal.len() > MAX_BYTES {
        return Err(CodeProblem::TooLong);
    }
    let kept: Zeroizing<String> = Zeroizing::new(normal.chars().filter(|c| !is_separator(*c)).collect());
    if kept.is_empty() {
        Err(CodeProblem::Empty)
    } else if kept.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(kept)
    } else {
        Err(CodeProblem::NotDigits)
    }
}

/// White space, and every dash-like mark that stands between digits on keyboards with an IME, once NFKC has
/// made one of their widths and spacings.
const fn is_separator(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\r' | '\n' | '\u{200b}' | '\u{feff}' | '-' | '\u{ad}' | '\u{2010}'
            ..='\u{2015}'
                | '\u{2043}'
                | '\u{2212}'
                | '\u{30fc}'
                | '~'
                | '\u{301c}'
                | '\u{3030}'
                | '\u{2500}'
                | '\u{2501}'
                | '\u{2e3a}'
                | '\u{2e3b}'
                | '\u{3161}'
                | '\u{4e00}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(typed: &str) -> Result<String, CodeProblem> {
        backup_code(typed).map(|code| code.digits())
    }

    #[test]
    fn a_code_is_read_however_it_is_written() {
        for typed in [
            "012345678",
            "012 345 678",
            "012-345-678",
            "０１２３４５６７８",
            "０１２　３４５　６７８",
            "012ー345ー678",
            "０１２－３４５－６７８",
            " 012345678\r\n",
            "012–345—678",
            "012−345−678",
            "①②3",
            "012ｰ345ｰ678",
            "012〜345～678",
            "012~345〰678",
            "012\u{a0}345\u{202f}678",
            "012‑345﹣678",
        ] {
            let expected =
                if typed.starts_with('①') { Err(CodeProblem::WrongLength) } else { Ok("012345678".to_owned()) };
            assert_eq!(read(typed), expected, "{typed:?}");
        }
    }

    #[test]
    fn what_is_no_code_is_named() {
        assert_eq!(read(""), Err(CodeProblem::Empty));
        assert_eq!(read(" - ー　"), Err(CodeProblem::Empty));
        assert_eq!(read("12345678"), Err(CodeProblem::WrongLength));
        assert_eq!(read("1234567890"), Err(CodeProblem::WrongLength));
        assert_eq!(read("123456"), Err(CodeProblem::OtherKind));
        assert_eq!(security_code("123456789").unwrap_err(), CodeProblem::OtherKind);
        assert_eq!(read("+12345678"), Err(CodeProblem::NotDigits));
        assert_eq!(read("12345678\0"), Err(CodeProblem::NotDigits));
        assert_eq!(read("١٢٣٤٥٦٧٨٩"), Err(CodeProblem::NotDigits));
        assert_eq!(read("१२३४५६७८९"), Err(CodeProblem::NotDigits));
        assert_eq!(read(&"1".repeat(5_000)), Err(CodeProblem::TooLong));
        assert_eq!(read(&"ﷺ".repeat(20)), Err(CodeProblem::TooLong));
    }

    proptest! {
        #[test]
        fn any_input_is_read_or_named_and_never_panics(typed in any::<String>()) {
            for (length, digits) in [
                (9, backup_code(&typed).map(|code| code.digits())),
                (6, security_code(&typed).map(|code| code.reveal().to_owned())),
            ] {
                if let Ok(digits) = digits {
                    prop_assert_eq!(digits.len(), length);
                    prop_assert!(digits.bytes().all(|b| b.is_ascii_digit()));
                }
            }
        }

        #[test]
        fn separators_and_width_never_change_a_code(
            number in 0_u32..1_000_000_000,
            marks in proptest::collection::vec(proptest::sample::select(vec!["", " ", "　", "-", "ー", "－", "‐"]), 10),
            wide in proptest::collection::vec(any::<bool>(), 9),
        ) {
            let plain = format!("{number:09}");
            let mut typed = String::new();
            for (index, digit) in plain.chars().enumerate() {
                typed.push_str(marks[index]);
                let shown = if wide[index] { char::from_u32(digit as u32 - '0' as u32 + '０' as u32).unwrap() } else { digit };
                typed.push(shown);
            }
            typed.push_str(marks[9]);
            prop_assert_eq!(read(&typed), Ok(plain));
        }
    }
}
