//! A page of A4 in millimetres from its upper left corner, on which text, lines and boxes are put.

use printpdf::{
    Color, FontId, Greyscale, Line, LineDashPattern, LinePoint, Mm, Op, PdfFontHandle, Point, Pt, Rgb, TextItem,
    TextRenderingMode,
};
use zeroize::Zeroizing;

use super::font::Typeface;
use super::lines::pieces;
use super::{MM_PER_POINT, PdfFault};

pub const WIDTH: f32 = 210.0;
pub const HEIGHT: f32 = 297.0;

/// How dark a text or line is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    Black,
    Grey,
    Blue,
}

impl Ink {
    fn color(self) -> Color {
        match self {
            Ink::Black => Color::Greyscale(Greyscale::new(0.0, None)),
            Ink::Grey => Color::Greyscale(Greyscale::new(0.32, None)),
            Ink::Blue => Color::Rgb(Rgb::new(0.0, 0.28, 0.58, None)),
        }
    }
}

/// How a text looks: size in points, ink, whether it is bold, and how much wider than usual its
/// spaces are, in thousandths of its size.
#[derive(Clone, Copy)]
pub struct Style {
    pub size: f32,
    pub ink: Ink,
    pub bold: bool,
    pub gap: f32,
}

impl Style {
    pub const fn plain(size: f32) -> Self {
        Self { size, ink: Ink::Black, bold: false, gap: 0.0 }
    }

    pub const fn muted(size: f32) -> Self {
        Self { size, ink: Ink::Grey, bold: false, gap: 0.0 }
    }

    pub const fn bold(size: f32) -> Self {
        Self { size, ink: Ink::Black, bold: true, gap: 0.0 }
    }

    pub const fn heading(size: f32) -> Self {
        Self { size, ink: Ink::Blue, bold: true, gap: 0.0 }
    }

    /// With groups that the eye tells apart; any wider, and readers of text see two spaces.
    pub const fn spaced(self) -> Self {
        Self { gap: 90.0, ..self }
    }

    /// From one line to the next, in millimetres.
    pub const fn leading(self) -> f32 {
        self.size * MM_PER_POINT * 1.45
    }
}

/// Where a paragraph stands: its upper left corner, how wide it may be, and how many lines.
#[derive(Clone, Copy)]
pub struct Frame {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub lines: usize,
}

struct Run {
    x: f32,
    baseline: f32,
    text: Zeroizing<String>,
    style: Style,
}

struct Stroke {
    points: Vec<(f32, f32)>,
    closed: bool,
    width: f32,
    ink: Ink,
    dashed: bool,
}

pub struct Canvas {
    pub typeface: Typeface,
    runs: Vec<Run>,
    strokes: Vec<Stroke>,
}

impl Canvas {
    /// An empty page.
    ///
    /// # Errors
    /// The typeface cannot be read.
    pub fn new() -> Result<Self, PdfFault> {
        Ok(Self { typeface: Typeface::open()?, runs: Vec::new(), strokes: Vec::new() })
    }

    /// Puts one line of text; `y` is the top of the line.
    pub fn text(&mut self, x: f32, y: f32, text: &str, style: Style) {
        let text = Zeroizing::new(self.typeface.showable(text));
        self.typeface.keep(&text);
        // The typeface's capitals and kanji stand 0.88 em above the baseline.
        let baseline = y + style.size * MM_PER_POINT * 1.12;
        self.runs.push(Run { x, baseline, text, style });
    }

    /// Puts a line that ends at `right`.
    pub fn text_to(&mut self, right: f32, y: f32, text: &str, style: Style) {
        let shown = self.typeface.showable(text);
        let width = self.typeface.width(&shown, style.size);
        self.text(right - width, y, text, style);
    }

    /// Puts a text of several lines; says where it ended.
    pub fn paragraph(&mut self, frame: Frame, text: &str, style: Style) -> f32 {
        let mut below = frame.y;
        for line in self.broken(text, frame.width, frame.lines, style.size) {
            self.text(frame.x, below, &line, style);
            below += style.leading();
        }
        below
    }

    /// The lines of a text. Latin words stay whole where they fit; what is longer than a line is
    /// broken anywhere; what is longer than `lines` ends in an ellipsis.
    pub fn broken(&mut self, text: &str, width: f32, lines: usize, size: f32) -> Vec<String> {
        let shown = self.typeface.showable(text);
        let mut broken: Vec<String> = Vec::new();
        let (mut line, mut used) = (String::new(), 0.0);
        for piece in pieces(&shown) {
            let inked = self.typeface.width(piece.trim_end(), size);
            if used + inked <= width {
                used += self.typeface.width(&piece, size);
                line.push_str(&piece);
            } else if inked <= width {
                broken.push(std::mem::take(&mut line));
                line.push_str(piece.trim_start());
                used = self.typeface.width(&line, size);
            } else {
                for c in piece.chars() {
                    let advance = self.typeface.width(c.encode_utf8(&mut [0; 4]), size);
                    if used + advance > width && !line.is_empty() {
                        broken.push(std::mem::take(&mut line));
                        used = 0.0;
                    }
                    line.push(c);
                    used += advance;
                }
            }
        }
        if !line.trim().is_empty() {
            broken.push(line);
        }
        if broken.len() > lines {
            broken.truncate(lines);
            if let Some(last) = broken.last_mut() {
                while !last.is_empty() && self.typeface.width(&format!("{last}…"), size) > width {
                    last.pop();
                }
                last.push('…');
            }
        }
        broken
    }

    /// A straight line.
    pub fn line(&mut self, from: (f32, f32), to: (f32, f32), width: f32, ink: Ink) {
        self.strokes.push(Stroke { points: vec![from, to], closed: false, width, ink, dashed: false });
    }

    /// The outline of a box.
    pub fn outline(&mut self, corner: (f32, f32), size: (f32, f32), ink: Ink, dashed: bool) {
        let ((x, y), (width, height)) = (corner, size);
        let points = vec![(x, y), (x + width, y), (x + width, y + height), (x, y + height)];
        self.strokes.push(Stroke { points, closed: true, width: 0.6, ink, dashed });
    }

    /// The page's operations, with the typeface registered as `font`.
    pub fn operations(self, font: &FontId) -> Vec<Op> {
        let mut ops = Vec::new();
        for stroke in self.strokes {
            let dash = if stroke.dashed { LineDashPattern::new(0.0, &[3.0, 2.5]) } else { LineDashPattern::default() };
            let points = stroke.points.into_iter().map(|(x, y)| LinePoint { p: at(x, y), bezier: false }).collect();
            ops.push(Op::SetOutlineColor { col: stroke.ink.color() });
            ops.push(Op::SetOutlineThickness { pt: Pt(stroke.width) });
            ops.push(Op::SetLineDashPattern { dash });
            ops.push(Op::DrawLine { line: Line { points, is_closed: stroke.closed } });
        }
        ops.push(Op::SetLineDashPattern { dash: LineDashPattern::default() });
        for run in self.runs {
            let Style { size, ink, bold, gap } = run.style;
            let mode = if bold { TextRenderingMode::FillStroke } else { TextRenderingMode::Fill };
            ops.push(Op::StartTextSection);
            ops.push(Op::SetTextCursor { pos: at(run.x, run.baseline) });
            ops.push(Op::SetFont { font: PdfFontHandle::External(font.clone()), size: Pt(size) });
            ops.push(Op::SetFillColor { col: ink.color() });
            // There is one weight of the typeface; bold is the same shape with an outline.
            ops.push(Op::SetOutlineColor { col: ink.color() });
            ops.push(Op::SetOutlineThickness { pt: Pt(size * 0.03) });
            ops.push(Op::SetTextRenderingMode { mode });
            ops.push(Op::ShowText { items: items(&run.text, gap) });
            ops.push(Op::EndTextSection);
        }
        ops
    }
}

/// A text with its spaces widened. They stay spaces, so that what is searched for is found.
fn items(text: &str, gap: f32) -> Vec<TextItem> {
    if gap == 0.0 {
        return vec![TextItem::Text(text.to_owned())];
    }
    let parts = text.split_inclusive(' ').flat_map(|part| [TextItem::Offset(-gap), TextItem::Text(part.to_owned())]);
    parts.skip(1).collect()
}

fn at(x: f32, y: f32) -> Point {
    Point::new(Mm(x), Mm(HEIGHT - y))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_where_japanese_lines_may() {
        let mut canvas = Canvas::new().unwrap();
        let size = 10.0;
        let em = size * MM_PER_POINT;
        let lines = canvas.broken("控えは、金庫の中。", em * 3.2, 9, size);
        assert!(lines.iter().all(|line| !line.starts_with(['、', '。'])), "{lines:?}");
        assert_eq!(lines.concat(), "控えは、金庫の中。");
    }

    #[test]
    fn long_words_are_broken_and_long_texts_end_in_an_ellipsis() {
        let mut canvas = Canvas::new().unwrap();
        let address = format!("{}@example.jp", "a".repeat(200));
        let lines = canvas.broken(&address, 40.0, 99, 10.0);
        assert!(lines.len() > 5 && lines.concat() == address, "{lines:?}");
        for line in &lines {
            assert!(canvas.typeface.width(line, 10.0) <= 40.0, "{line}");
        }
        let cut = canvas.broken(&address, 40.0, 2, 10.0);
        assert!(cut.len() == 2 && cut[1].ends_with('…') && canvas.typeface.width(&cut[1], 10.0) <= 40.0, "{cut:?}");
    }
}
