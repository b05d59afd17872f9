//! The QR code of a set-up as inline SVG: one path, attributes only, so that no image with the
//! key in it is ever fetched or stored.

use std::fmt::Write;

use qrcodegen::{QrCode, QrCodeEcc};

use crate::fault::Fault;

/// Light modules around the code (ISO/IEC 18004).
const QUIET: i32 = 4;

/// Side length in modules, and the dark modules as the `d` of one SVG path.
pub struct Drawing {
    pub size: i32,
    pub path: String,
}

/// Draws a text.
///
/// # Errors
/// A fault when the text is too long for a QR code.
pub fn draw(text: &str) -> Result<Drawing, Fault> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|_| Fault::Corrupt("too long for a QR code"))?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let start = x;
            while x < code.size() && code.get_module(x, y) {
                x += 1;
            }
            if x > start {
                // A run of dark modules as one flat rectangle.
                write!(path, "M{} {}h{}v1h-{}z", start + QUIET, y + QUIET, x - start, x - start)
                    .map_err(|_| Fault::Corrupt("a path that cannot be written"))?;
            }
            x += 1;
        }
    }
    Ok(Drawing { size: code.size() + 2 * QUIET, path })
}
