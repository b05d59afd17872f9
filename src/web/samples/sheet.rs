//! The page with the codes, and the answers that there is no PDF.

use super::{Samples, add, email, issued, member};
use crate::domain::language::Language;
use crate::web::two_factor::backup_codes::CodesPage;
use crate::web::two_factor::sheet::NoSheetPage;
use crate::web::two_factor::sheet_text::Holder;

fn holder(name: &str, offices: &[&str]) -> Holder {
    let portal = "https://id.example.jp".parse().expect("an address");
    let offices = offices.iter().map(|office| (*office).to_owned()).collect();
    Holder { name: name.to_owned(), email: email().to_string(), offices, portal }
}

/// Every page of the sheet.
pub(super) fn pages(samples: &mut Samples, language: Language) {
    let page = || member(language);
    let codes = |title, holder: &Holder| CodesPage::of(page(), title, holder, issued(), "seal".to_owned());
    let words = page().words;
    add(
        samples,
        "codes-after-setup",
        codes(words.two_factor.done_title, &holder("山田 花子", &["みどり会計事務所", "さくら商店"])),
    );
    let long = "寿限無<寿限無>".repeat(12);
    add(samples, "codes-long-names", codes(words.backup_codes.reissued_title, &holder(&long, &[long.as_str(); 5])));
    add(samples, "codes-no-office", codes(words.backup_codes.reissued_title, &holder("山田 花子", &[])));
    add(samples, "sheet-not-newest", NoSheetPage::not_newest(page()));
    add(samples, "sheet-not-ours", NoSheetPage::not_ours(page()));
}
