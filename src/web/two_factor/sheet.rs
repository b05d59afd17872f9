//! The sheet as a PDF, from the page that shows the codes.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::Bytes;
use askama::Template;
use serde::Deserialize;

use super::sheet_text::{Holder, sheet_text};
use crate::domain::time::Timestamp;
use crate::domain::two_factor::sheet::{IssuedSheet, SheetId};
use crate::fault::Fault;
use crate::i18n::Words;
use crate::pdf;
use crate::service::access::SignedIn;
use crate::service::print_sheet::{PrintSheet, print_sheet};
use crate::web::answer::{self, Answer};
use crate::web::form::Form;
use crate::web::guard::Visit;
use crate::web::page::Page;

/// What the page with the codes carries, all of it out of sight.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct SheetForm {
    sheet: String,
    number: String,
    issued_at: String,
    codes: String,
    seal: String,
}

impl SheetForm {
    fn sheet(&self) -> Option<IssuedSheet> {
        Some(IssuedSheet {
            number: self.number.parse().ok()?,
            id: SheetId::parse(&self.sheet)?,
            issued_at: Timestamp(self.issued_at.parse().ok()?),
            codes: IssuedSheet::codes_of(&self.codes)?,
        })
    }
}

/// Why there is no PDF, in words.
#[derive(Template)]
#[template(path = "pages/two_factor/no_sheet.html")]
pub(crate) struct NoSheetPage {
    pub page: Page,
    pub title: &'static str,
    pub text: &'static str,
}

impl NoSheetPage {
    /// A newer sheet counts.
    pub(crate) fn not_newest(page: Page) -> Self {
        let words = &page.words.backup_codes;
        Self { title: words.not_newest_title, text: words.not_newest_text, page }
    }

    /// The page that sent this is not ours, or not of this sign-in.
    pub(crate) fn not_ours(page: Page) -> Self {
        let words = &page.words.backup_codes;
        Self { title: words.not_ours_title, text: words.not_ours_text, page }
    }
}

/// `POST /account/two-factor/backup-codes/sheet`
pub(super) async fn download(visit: Visit, me: SignedIn, form: Form<SheetForm>) -> Answer {
    let printed = match form.sheet() {
        Some(sheet) => print_sheet(visit.services(), &me, sheet, &form.seal).await?,
        None => PrintSheet::NotOurs,
    };
    match printed {
        PrintSheet::Print(sheet) => attachment(&visit, &me, &sheet).await,
        PrintSheet::NotNewest => {
            answer::with_status(&NoSheetPage::not_newest(Page::of(&visit)), StatusCode::CONFLICT, None)
        }
        PrintSheet::NotOurs => answer::unprocessable(&NoSheetPage::not_ours(Page::of(&visit))),
    }
}

async fn attachment(visit: &Visit, me: &SignedIn, sheet: &IssuedSheet) -> Answer {
    let (words, zone) = (Words::of(visit.reader.language), &visit.reader.zone);
    let text = sheet_text(words, zone, &Holder::of(visit, me), sheet);
    let file = pdf::draw(text).await.map_err(|fault| Fault::Other(fault.to_string()))?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/pdf"))
        .insert_header((CONTENT_DISPOSITION, disposition(words, sheet)))
        // Wiped once it is sent.
        .body(Bytes::from_owner(file)))
}

/// A name in ASCII, and one in the reader's language for browsers that can read it (RFC 6266,
/// RFC 8187). The sheet's id is no secret; its codes are no part of the name.
fn disposition(words: &Words, sheet: &IssuedSheet) -> String {
    let name = words.backup_codes.file_name(sheet.number, sheet.id.as_str());
    let encoded: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
    format!("attachment; filename=\"hikae-backup-codes-{}.pdf\"; filename*=UTF-8''{encoded}", sheet.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;
    use crate::domain::two_factor::backup_code::BackupCode;
    use crate::random::Randomness;

    #[test]
    fn the_file_s_name_fits_a_header_in_both_languages() {
        let codes = BackupCode::draw_sheet(&mut Randomness::seeded(1));
        let id = SheetId::from_stored("K7QM-2FXP".to_owned());
        let sheet = IssuedSheet { number: 3, id, issued_at: Timestamp(0), codes };
        for language in [Language::Ja, Language::En] {
            let header = disposition(Words::of(language), &sheet);
            // `attr-char` and the frame around it: no space, star or quote inside the encoded name.
            let (_, encoded) = header.split_once("filename*=UTF-8''").unwrap();
            assert!(encoded.bytes().all(|b| b.is_ascii_alphanumeric() || b"%-._".contains(&b)), "{header}");
            assert!(encoded.ends_with(".pdf") && header.contains("\"hikae-backup-codes-K7QM-2FXP.pdf\""), "{header}");
        }
    }
}
