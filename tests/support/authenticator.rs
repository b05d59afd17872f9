//! An authenticator that is not ours: security codes by `oathtool`, QR codes read by `zbarimg`.

use std::process::Command;

use hikae::domain::time::Timestamp;
use scraper::{Html, Selector};

/// A phone's authenticator app holding one key.
#[derive(Clone)]
pub struct Authenticator {
    /// Base32 without spaces.
    pub key: String,
}

impl Authenticator {
    /// An app into which the key was typed as the page shows it.
    pub fn from_text(text: &str) -> Self {
        let key: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(key.len() >= 26 && key.chars().all(|c| matches!(c, 'A'..='Z' | '2'..='7')), "no base32 key: {text:?}");
        Self { key }
    }

    /// The six digits the app shows at a moment.
    pub fn code_at(&self, moment: Timestamp) -> String {
        let output = Command::new("oathtool")
            .args(["--totp", "-b", &self.key, "-N", &format!("@{}", moment.0)])
            .output()
            .expect("oathtool runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("digits").trim().to_owned()
    }

    /// Six digits that are not this app's at the moment, nor a step or two around it.
    pub fn wrong_code_at(&self, moment: Timestamp) -> String {
        let right: Vec<String> = (-2..=2).map(|step| self.code_at(Timestamp(moment.0 + step * 30))).collect();
        (0..)
            .map(|n| format!("{:06}", 111_111 + n))
            .find(|code| !right.contains(code))
            .expect("five codes are not all codes")
    }
}

/// Reads the QR code that a page draws as inline SVG: its squares are painted into a picture for
/// `zbarimg`.
///
/// # Panics
/// When the page has no such picture, or nothing can be read from it.
pub fn scan_svg(html: &str) -> String {
    let document = Html::parse_document(html);
    let path = Selector::parse("svg.qr path:not([fill='#fff'])").expect("a selector");
    let squares: Vec<Square> =
        document.select(&path).filter_map(|path| path.attr("d")).flat_map(squares_of_path).collect();
    assert!(!squares.is_empty(), "no QR code on the page");
    scan_image(&paint(&squares), ".pgm")
}

/// Reads the QR code of a picture file.
///
/// # Panics
/// When `zbarimg` reads nothing from it.
pub fn scan_image(image: &[u8], extension: &str) -> String {
    let file = tempfile::Builder::new().suffix(extension).tempfile().expect("a temporary file");
    std::fs::write(file.path(), image).expect("the picture is written");
    let output = Command::new("zbarimg").args(["--quiet", "--raw"]).arg(file.path()).output().expect("zbarimg runs");
    assert!(output.status.success(), "zbarimg reads no code: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}

/// Left, top, right and bottom edge.
type Square = (f64, f64, f64, f64);

/// The bounding boxes of a path's closed parts, which for a QR code are its dark squares.
fn squares_of_path(d: &str) -> Vec<Square> {
    let spaced: String =
        d.chars().flat_map(|c| if c.is_ascii_alphabetic() { vec![' ', c, ' '] } else { vec![c] }).collect();
    let spaced = spaced.replace('-', " -").replace(',', " ");
    let mut words = spaced.split_whitespace().peekable();
    let (mut x, mut y, mut command) = (0.0, 0.0, 'M');
    let mut squares = Vec::new();
    let mut current: Option<Square> = None;
    while let Some(word) = words.peek() {
        if let Some(letter) = word.chars().next().filter(char::is_ascii_alphabetic) {
            command = letter;
            words.next();
            if matches!(command, 'M' | 'm' | 'z' | 'Z') {
                squares.extend(current.take());
            }
            continue;
        }
        let mut number = || words.next().and_then(|word| word.parse::<f64>().ok()).expect("a number in the path");
        match command {
            'M' | 'L' => (x, y) = (number(), number()),
            'm' | 'l' => (x, y) = (x + number(), y + number()),
            'H' => x = number(),
            'h' => x += number(),
            'V' => y = number(),
            'v' => y += number(),
            other => panic!("{other} in the path of a QR code"),
        }
        let (left, top, right, bottom) = current.unwrap_or((x, y, x, y));
        current = Some((left.min(x), top.min(y), right.max(x), bottom.max(y)));
    }
    squares.extend(current);
    squares
}

/// A grey picture (PGM) with eight dots for each unit and a white margin.
fn paint(squares: &[Square]) -> Vec<u8> {
    const SCALE: f64 = 8.0;
    const MARGIN: f64 = 8.0;
    let dot = |unit: f64| ((unit + MARGIN) * SCALE).round() as usize;
    let size = dot(squares.iter().map(|square| square.2.max(square.3)).fold(0.0, f64::max) + MARGIN);
    let mut dots = vec![255_u8; size * size];
    for (left, top, right, bottom) in squares {
        for row in dot(*top)..dot(*bottom) {
            dots[row * size + dot(*left)..row * size + dot(*right)].fill(0);
        }
    }
    let mut picture = format!("P5 {size} {size} 255\n").into_bytes();
    picture.extend(dots);
    picture
}
