//! The sheet of backup codes: what stands on it, and the same as a PDF, one page of A4 made in
//! memory with the part of a Japanese typeface that it needs. It takes finished texts; words and
//! dates are chosen by the caller.

mod canvas;
mod font;
mod layout;
mod lines;

use printpdf::{FontId, Mm, OffsetDateTime, PdfDocument, PdfFont, PdfPage, PdfSaveOptions};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::domain::time::Timestamp;

const MM_PER_POINT: f32 = 25.4 / 72.0;
const MAKER: &str = "Hikae";
/// How many sheets are drawn at once: a few milliseconds and a few megabytes each.
const AT_ONCE: usize = 2;

static DRAWING: Semaphore = Semaphore::const_new(AT_ONCE);

/// The document could not be made; which part of it failed.
#[derive(Debug, thiserror::Error)]
#[error("the sheet: {0}")]
pub struct PdfFault(pub &'static str);

/// A label and what belongs to it.
pub struct Fact {
    pub label: &'static str,
    pub value: String,
}

/// Everything on the sheet, in words: the one source of the page, of its print-out, of the text
/// for the clipboard and of the PDF.
pub struct SheetText {
    /// Tag of the language (BCP 47).
    pub language: &'static str,
    pub service: &'static str,
    pub title: &'static str,
    /// 第n回発行
    pub issue: String,
    /// Service, office, person, account, date and time of issue, sheet id.
    pub facts: Vec<Fact>,
    /// In groups of three, in the order of their numbers.
    pub codes: Zeroizing<Vec<String>>,
    /// Before the room for the date of use.
    pub used_on: &'static str,
    /// The first one is that only the newest sheet counts.
    pub notes: Vec<&'static str>,
    pub steps_title: &'static str,
    pub steps: Vec<String>,
    pub lost_title: &'static str,
    pub lost: Vec<&'static str>,
    /// Beside the card to cut out.
    pub card_hint: &'static str,
    /// The lines at the top of the card.
    pub card: Vec<String>,
    pub issued_at: Timestamp,
}

/// Draws the document, away from the thread that answers requests, which it would hold up.
///
/// # Errors
/// [`PdfFault`]: nothing was written anywhere.
pub async fn draw(sheet: SheetText) -> Result<Zeroizing<Vec<u8>>, PdfFault> {
    let permit = DRAWING.acquire().await.map_err(|_| PdfFault("nobody draws any more"))?;
    let drawing = tokio::task::spawn_blocking(move || {
        // Held until it is drawn, even when the reader has hung up.
        let _permit = permit;
        sheet.to_pdf()
    });
    drawing.await.map_err(|_| PdfFault("the drawing ended early"))?
}

impl SheetText {
    /// The document. The same sheet gives the same bytes.
    ///
    /// # Errors
    /// [`PdfFault`]: nothing was written anywhere.
    pub fn to_pdf(&self) -> Result<Zeroizing<Vec<u8>>, PdfFault> {
        let canvas = layout::page(self)?;
        let mut document = PdfDocument::new(&format!("{} {} {}", self.service, self.title, self.issue));
        let at = OffsetDateTime::from_unix_timestamp(self.issued_at.0).map_err(|_| PdfFault("the date of issue"))?;
        let info = &mut document.metadata.info;
        (info.creation_date, info.modification_date, info.metadata_date) = (at, at, at);
        MAKER.clone_into(&mut info.producer);
        MAKER.clone_into(&mut info.creator);
        // Under a name of our own, for the library would draw one.
        let font = FontId("F1".to_owned());
        document.resources.fonts.map.insert(font.clone(), PdfFont::new(canvas.typeface.kept_part()?));
        let page = PdfPage::new(Mm(canvas::WIDTH), Mm(canvas::HEIGHT), canvas.operations(&font));
        // The typeface is cut already.
        let options = PdfSaveOptions { subset_fonts: false, image_optimization: None, ..PdfSaveOptions::default() };
        let mut file = document.with_pages(vec![page]).to_lopdf_document(&options, &mut Vec::new());
        self.finish(&mut file).map_err(|_| PdfFault("the catalogue"))?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(64 * 1024));
        file.save_to(&mut *bytes).map_err(|_| PdfFault("the file"))?;
        Ok(bytes)
    }

    /// What the library does not set: the language for screen readers, the title in the window's
    /// frame; and what it sets without need.
    fn finish(&self, file: &mut lopdf::Document) -> lopdf::Result<()> {
        let catalog = file.catalog_mut()?;
        catalog.set("Lang", lopdf::Object::string_literal(self.language));
        catalog.set("ViewerPreferences", lopdf::dictionary! { "DisplayDocTitle" => true });
        let info = file.trailer.get(b"Info")?.as_reference()?;
        let info = file.get_object_mut(info)?.as_dict_mut()?;
        for unused in [&b"Author"[..], b"Subject", b"Keywords", b"Identifier", b"GTS_PDFXVersion", b"Trapped"] {
            info.remove(unused);
        }
        // Drawn at random by the library.
        file.trailer.remove(b"ID");
        file.compress();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn sheet() -> SheetText {
        let fact = |label, value: &str| Fact { label, value: value.to_owned() };
        SheetText {
            language: "ja",
            service: "Hikae",
            title: "バックアップコード",
            issue: "第3回発行".to_owned(),
            facts: vec![fact("アカウント", "𠮷田 花子"), fact("シートID", "K7QM-2FXP")],
            codes: Zeroizing::new((0..10).map(|n| format!("12{n} 456 789")).collect()),
            used_on: "使用日",
            notes: vec!["有効なのは、最新のシートだけです。"],
            steps_title: "認証アプリを使えないとき",
            steps: vec!["開きます。".to_owned(), "入力します。".to_owned()],
            lost_title: "このシートをなくしたとき",
            lost: vec!["再発行してください。"],
            card_hint: "切り取ってください。",
            card: vec!["Hikae".to_owned(), "hanako@example.jp".to_owned()],
            issued_at: Timestamp(1_795_338_240),
        }
    }

    #[test]
    fn the_same_sheet_gives_the_same_small_document() {
        let bytes = sheet().to_pdf().unwrap();
        assert!(bytes.starts_with(b"%PDF-") && bytes.len() < 60_000, "{} bytes", bytes.len());
        assert_eq!(*sheet().to_pdf().unwrap(), *bytes);
    }

    #[test]
    fn another_code_gives_another_document() {
        let mut other = sheet();
        other.codes[9] = "000 000 000".to_owned();
        assert_ne!(*other.to_pdf().unwrap(), *sheet().to_pdf().unwrap());
    }

    #[tokio::test]
    async fn more_are_drawn_than_at_once() {
        let drawn = futures_util::future::join_all((0..AT_ONCE * 3).map(|_| draw(sheet()))).await;
        assert!(drawn.into_iter().all(|bytes| bytes.is_ok()));
    }

    #[test]
    fn a_date_beyond_all_calendars_is_a_fault_and_no_panic() {
        assert!(SheetText { issued_at: Timestamp(i64::MAX), ..sheet() }.to_pdf().is_err());
    }
}
