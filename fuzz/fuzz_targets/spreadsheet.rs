//! Cells of the activity list as CSV: no cell begins like a formula, no text is lost, and what a
//! file says is read back.
#![no_main]

use hikae::domain::spreadsheet::cell;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let made = cell(text);
    assert!(*made == *text || made.strip_prefix('\'') == Some(text), "{made:?}");
    let first = made.trim_start_matches(|c: char| c.is_whitespace() || c == '"' || c == '\u{feff}').chars().next();
    assert!(!first.is_some_and(|c| "=+-@＝＋－＠\u{2212}".contains(c)), "{made:?}");
    assert!(!made.starts_with(['\t', '\r', '\n']));

    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([&*made, "next"]).expect("written");
    let bytes = writer.into_inner().expect("written");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
    let record = reader.records().next().expect("a record").expect("UTF-8");
    assert_eq!(record.iter().collect::<Vec<_>>(), [&*made, "next"]);
});
