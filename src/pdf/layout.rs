//! Where everything stands on the page: the head with its facts, the ten codes, what to know and
//! to do, and at the foot a card for the wallet.

use super::canvas::{Canvas, Frame, HEIGHT, Ink, Style, WIDTH};
use super::{PdfFault, SheetText};

const MARGIN: f32 = 18.0;
const RIGHT: f32 = WIDTH - MARGIN;
const FULL: f32 = RIGHT - MARGIN;
/// Room for the labels of the facts.
const LABELS: f32 = 32.0;
/// The facts may grow to this height; longer ones are set smaller.
const FACTS_HEIGHT: f32 = 62.0;
/// An address of 254 letters in the smallest of the sizes below.
const FACT_LINES: usize = 4;
const FACT_SIZES: [f32; 3] = [10.5, 9.5, 8.5];
/// Of a code; less where the facts are many.
const ROW: f32 = 14.4;
const LOW_ROW: f32 = 12.2;
const ROWS: usize = 5;
/// As it fits into a wallet (ISO/IEC 7810 ID-1).
const CARD: (f32, f32) = (85.6, 54.0);
const CARD_TOP: f32 = HEIGHT - 14.0 - CARD.1;
const CARD_ROW: f32 = 5.6;

/// The page with everything on it.
pub fn page(sheet: &SheetText) -> Result<Canvas, PdfFault> {
    let mut canvas = Canvas::new()?;
    let below = head(sheet, &mut canvas);
    let below = codes(sheet, &mut canvas, below + 3.0);
    let below = notes(sheet, &mut canvas, below + 4.0);
    steps(sheet, &mut canvas, below + 3.0);
    card(sheet, &mut canvas);
    lost(sheet, &mut canvas);
    Ok(canvas)
}

fn head(sheet: &SheetText, canvas: &mut Canvas) -> f32 {
    canvas.text(MARGIN, 15.0, &format!("{}　{}", sheet.title, sheet.issue), Style::bold(18.0));
    canvas.text_to(RIGHT, 17.2, sheet.service, Style::heading(13.0));
    canvas.line((MARGIN, 26.5), (RIGHT, 26.5), 1.2, Ink::Blue);
    let size = FACT_SIZES.into_iter().find(|size| facts_height(sheet, canvas, *size) <= FACTS_HEIGHT);
    let style = Style::plain(size.unwrap_or(FACT_SIZES[2]));
    let mut y = 29.5;
    for fact in &sheet.facts {
        // On the baseline of the value.
        canvas.text(MARGIN, y + (style.size - 8.5) * 0.4, fact.label, Style::muted(8.5));
        y = canvas.paragraph(fact_frame(y), &fact.value, style);
    }
    y
}

fn fact_frame(y: f32) -> Frame {
    Frame { x: MARGIN + LABELS, y, width: FULL - LABELS, lines: FACT_LINES }
}

fn facts_height(sheet: &SheetText, canvas: &mut Canvas, size: f32) -> f32 {
    let frame = fact_frame(0.0);
    let lines = sheet.facts.iter().map(|fact| canvas.broken(&fact.value, frame.width, frame.lines, size).len());
    to_f32(lines.sum()) * Style::plain(size).leading()
}

/// Two columns, each code with a box to tick and room for the date of use.
fn codes(sheet: &SheetText, canvas: &mut Canvas, top: f32) -> f32 {
    let column = FULL / 2.0;
    let row = if top < 70.0 { ROW } else { LOW_ROW };
    for (index, code) in sheet.codes.iter().enumerate() {
        let x = MARGIN + if index < ROWS { 0.0 } else { column + 2.0 };
        let y = top + row * to_f32(index % ROWS);
        canvas.outline((x + 0.3, y + 3.2), (4.8, 4.8), Ink::Black, false);
        canvas.text_to(x + 13.0, y + 3.6, &(index + 1).to_string(), Style::muted(11.0));
        canvas.text(x + 15.5, y + 1.6, code, Style::bold(17.0).spaced());
        canvas.text(x + 54.5, y + 4.4, sheet.used_on, Style::muted(8.0));
        canvas.line((x + 66.0, y + 8.6), (x + column - 2.5, y + 8.6), 0.5, Ink::Grey);
    }
    top + row * to_f32(ROWS)
}

fn notes(sheet: &SheetText, canvas: &mut Canvas, top: f32) -> f32 {
    let mut y = top;
    for (index, note) in sheet.notes.iter().enumerate() {
        let style = if index == 0 { Style::bold(11.0) } else { Style::plain(10.0) };
        y = canvas.paragraph(Frame { x: MARGIN, y, width: FULL, lines: 3 }, note, style);
    }
    y
}

fn steps(sheet: &SheetText, canvas: &mut Canvas, top: f32) {
    canvas.text(MARGIN, top, sheet.steps_title, Style::heading(11.0));
    let mut y = top + Style::heading(11.0).leading() + 0.6;
    for (index, step) in sheet.steps.iter().enumerate() {
        canvas.text(MARGIN, y, &format!("{}.", index + 1), Style::plain(10.0));
        y = canvas.paragraph(Frame { x: MARGIN + 5.5, y, width: FULL - 5.5, lines: 4 }, step, Style::plain(10.0));
    }
}

fn card(sheet: &SheetText, canvas: &mut Canvas) {
    canvas.outline((MARGIN, CARD_TOP), CARD, Ink::Grey, true);
    let mut y = CARD_TOP + 2.4;
    for (index, line) in sheet.card.iter().enumerate() {
        let style = if index == 0 { Style::bold(9.0) } else { Style::plain(8.0) };
        y = canvas.paragraph(Frame { x: MARGIN + 4.0, y, width: CARD.0 - 8.0, lines: 2 }, line, style);
    }
    for (index, code) in sheet.codes.iter().enumerate() {
        let x = MARGIN + 4.0 + if index < ROWS { 0.0 } else { CARD.0 / 2.0 };
        let y = CARD_TOP + CARD.1 - 2.0 - CARD_ROW * to_f32(ROWS - index % ROWS);
        canvas.outline((x, y + 1.2), (2.6, 2.6), Ink::Black, false);
        canvas.text_to(x + 8.4, y + 0.9, &(index + 1).to_string(), Style::muted(8.0));
        canvas.text(x + 10.2, y, code, Style::plain(10.5).spaced());
    }
}

/// Beside the card.
fn lost(sheet: &SheetText, canvas: &mut Canvas) {
    let x = MARGIN + CARD.0 + 7.0;
    let frame = |y| Frame { x, y, width: RIGHT - x, lines: 6 };
    let mut y = canvas.paragraph(frame(CARD_TOP), sheet.lost_title, Style::heading(11.0)) + 0.6;
    for line in &sheet.lost {
        y = canvas.paragraph(frame(y), line, Style::plain(10.0)) + 1.2;
    }
    let hint = Style::muted(8.0);
    let lines = canvas.broken(sheet.card_hint, RIGHT - x, 3, hint.size).len();
    canvas.paragraph(frame(CARD_TOP + CARD.1 - to_f32(lines) * hint.leading()), sheet.card_hint, hint);
}

/// Small counts only.
fn to_f32(count: usize) -> f32 {
    u8::try_from(count).map_or(f32::from(u8::MAX), f32::from)
}
