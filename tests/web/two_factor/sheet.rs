//! The sheet as a PDF: what stands on it, and how it looks.

use hikae::domain::office::{Name, Role};
use hikae::domain::plan::Plan;
use hikae::service::operator;

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::members::Protected;
use crate::support::page::Page;
use crate::support::pdf::{A4, Pdf};

pub const SHEET: &str = "/account/two-factor/backup-codes/sheet";
const BUTTON: &str = "PDFをダウンロード";

/// The page with ten new codes.
pub async fn codes_page(app: &TestApp, person: &Protected) -> Page {
    person.browser.reissue(&app.fresh_code(&person.authenticator)).await.expect(200)
}

/// The page with the codes of somebody with this name, in an office with this name.
async fn page_of(app: &TestApp, name: &str, office: &str) -> (Protected, Page) {
    let office = Name::parse(office).expect("a name");
    let office = operator::add_office(&app.services, office, Plan::CorporateStarter).await.expect("an office");
    let person = app.protect(app.named_person(office, Role::General, name).await).await;
    let page = codes_page(app, &person).await;
    (person, page)
}

pub async fn download(browser: &Browser, page: &Page) -> Pdf {
    Pdf::of(&page.form(SHEET).submit(browser).await.expect(200).bytes)
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Everything that must stand on every sheet, whatever the names.
fn assert_whole(pdf: &Pdf, page: &Page) {
    assert_eq!(pdf.pages(), 1);
    let text = pdf.text();
    for (index, code) in page.all(".codes__code").iter().enumerate() {
        let numbered = format!("{} {code}", index + 1);
        let places = text.lines().filter(|line| line.starts_with(&numbered)).count();
        assert_eq!(places, 2, "{numbered}: once on the sheet, once on the card: {text}");
    }
    let words = pdf.words();
    for word in &words {
        let inside = word.left > 45.0 && word.right < A4.0 - 45.0 && word.top > 30.0 && word.bottom < A4.1 - 25.0;
        assert!(inside, "{word:?} is cut off");
    }
    // No text is printed over another one.
    for (index, word) in words.iter().enumerate() {
        for other in &words[index + 1..] {
            let apart = word.right <= other.left + 0.5
                || other.right <= word.left + 0.5
                || middle(word.top, word.bottom) > other.bottom
                || middle(word.top, word.bottom) < other.top;
            assert!(apart, "{} and {}: {word:?}, {other:?}", word.text, other.text);
        }
    }
    let margins = pdf.margins();
    assert!(margins.iter().all(|margin| *margin >= 12.0), "{margins:?}");
}

fn middle(top: f32, bottom: f32) -> f32 {
    f32::midpoint(top, bottom)
}

#[tokio::test]
async fn the_sheet_says_everything_that_the_worst_day_asks() {
    let app = TestApp::with().base_url("https://id.example.jp").start().await;
    let (person, page) = page_of(&app, "控 花子", "株式会社ひかえ商事").await;
    assert_eq!(page.form(BUTTON).action, SHEET);
    let pdf = download(&person.browser, &page).await;
    assert_whole(&pdf, &page);
    let text = pdf.letters();
    let id = page.form(SHEET).value("sheet").expect("an id").to_owned();
    for fact in [
        "バックアップコード第2回発行",
        "Hikaehttps://id.example.jp",
        "株式会社ひかえ商事",
        "控花子",
        &person.member.email,
        "2026年11月22日12:01（日本時間）",
        &format!("シートID{id}"),
        "使用日",
        "有効なのは、最新のシートだけです。以前のシートは破棄してください。",
        "1.https://id.example.jp/loginを開き、",
        "2.「認証できない方はこちら」に進み、未使用のコードを1つ入力します。",
        "3.ログインしたら二要素認証を解除し、新しいスマートフォンで設定し直します。",
        "このシートをなくしたときは",
    ] {
        assert!(text.contains(fact), "{fact}: {text}");
    }
}

#[tokio::test]
async fn the_sheet_speaks_english() {
    let app = TestApp::start().await;
    let (mut person, _) = page_of(&app, "控 花子", "Ōmiya & Söhne").await;
    person.browser = person.browser.in_english();
    let page = person.browser.get("/account/two-factor/backup-codes/reissue").await.expect(200);
    let form = page.form("Reissue").fill("code", &app.fresh_code(&person.authenticator));
    let page = form.submit(&person.browser).await.expect(200);
    let pdf = Pdf::of(&page.form("Download PDF").submit(&person.browser).await.expect(200).bytes);
    assert_whole(&pdf, &page);
    let text = pdf.letters();
    for fact in [
        "BackupcodesSheetno.3",
        "控花子",
        "Ōmiya&Söhne",
        "22Nov2026,12:01(JapanStandardTime)",
        "Onlythenewestsheetcounts.Destroyearlierones.",
        "/loginandenteryoure-mailaddressandpassword.",
        "Ifyoulosethissheet",
    ] {
        assert!(text.contains(fact), "{fact}: {text}");
    }
    let japanese = |c: &char| matches!(c, '\u{3000}'..='\u{30ff}' | '\u{ff00}'..='\u{ffef}');
    assert_eq!(text.chars().find(japanese), None, "{text}");
}

#[tokio::test]
async fn times_are_of_the_reader_s_zone() {
    let app = TestApp::start().await;
    let (person, _) = page_of(&app, "控 花子", "控え商事").await;
    app.database.execute("UPDATE users SET time_zone = 'Europe/Berlin'");
    let page = codes_page(&app, &person).await;
    let text = download(&person.browser, &page).await.letters();
    assert!(text.contains("2026年11月22日04:01（Europe/Berlin）"), "{text}");
    assert!(page.text().contains("2026年11月22日 04:01（Europe/Berlin）"), "{}", page.text());
}

#[tokio::test]
async fn it_is_small_with_one_japanese_typeface_of_which_it_holds_a_part() {
    let app = TestApp::start().await;
    let (person, page) = page_of(&app, "𠮷田 花子", "髙﨑商店").await;
    let answer = page.form(SHEET).submit(&person.browser).await.expect(200);
    assert!(answer.bytes.len() < 60_000, "{} bytes", answer.bytes.len());
    assert_eq!(answer.header("content-type"), Some("application/pdf"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    let id = page.form(SHEET).value("sheet").expect("an id").to_owned();
    let disposition = answer.header("content-disposition").expect("an attachment");
    assert!(
        disposition.starts_with(&format!("attachment; filename=\"hikae-backup-codes-{id}.pdf\"; filename*=UTF-8''"))
    );
    assert!(page.codes().iter().all(|code| !disposition.contains(code)));

    let pdf = Pdf::of(&answer.bytes);
    let fonts = pdf.fonts();
    assert_eq!(fonts.len(), 1, "{fonts:?}");
    let (name, embedded, subset, unicode) = &fonts[0];
    assert!(name.ends_with("+NotoSansJP-Regular") && *embedded && *subset && *unicode, "{fonts:?}");
    assert!(pdf.info("Page size").is_some_and(|size| size.ends_with("(A4)")), "{:?}", pdf.info("Page size"));
    assert_eq!(pdf.info("Title").as_deref(), Some("Hikae バックアップコード 第2回発行"));
    assert_eq!(pdf.info("CreationDate").as_deref(), Some("2026-11-22T03:01:00Z"));
    assert!(String::from_utf8_lossy(&answer.bytes).contains("/Lang(ja)"), "its language");
    let again = page.form(SHEET).submit(&person.browser).await.expect(200);
    assert!(again.bytes == answer.bytes, "the same sheet gives another document");
}

#[tokio::test]
async fn codes_are_large_on_the_sheet_and_legible_on_the_card() {
    let app = TestApp::start().await;
    let (person, page) = page_of(&app, "控 花子", "控え商事").await;
    let pdf = download(&person.browser, &page).await;
    let sizes = pdf.sizes();
    for code in page.all(".codes__code") {
        let mut found: Vec<f32> =
            sizes.iter().filter(|(_, text)| letters(text) == letters(&code)).map(|(size, _)| *size).collect();
        found.sort_by(f32::total_cmp);
        assert!(found.len() == 2 && found[0] >= 8.0 && found[1] >= 12.0, "{found:?} in {sizes:?}");
    }
    assert!(sizes.iter().all(|(size, _)| *size >= 8.0), "{sizes:?}");
}

#[tokio::test]
async fn any_name_prints() {
    let app = TestApp::start().await;
    let long = "寿限無寿限無五劫の擦り切れ".repeat(8).chars().take(100).collect::<String>();
    let latin = "Wolfeschlegelsteinhausenbergerdorff ".repeat(2);
    for (name, shown) in [
        ("𠮷田 髙﨑\u{fa19}", "𠮷田髙﨑\u{fa19}"),
        ("葛\u{e0100}城\u{fe00} か\u{3099}", "葛城が"),
        ("花子👩‍👩‍👧‍👦🇯🇵👍🏽", "花子〓〓〓"),
        ("\u{202e}逆\u{2066}\u{200f}\u{feff}子", "逆子"),
        ("ሀለ <b>&amp;\\(", "〓〓<b>&amp;\\("),
        (&long, &long),
        (latin.trim(), &letters(&latin)),
    ] {
        let (person, page) = page_of(&app, name, name).await;
        let pdf = download(&person.browser, &page).await;
        assert_whole(&pdf, &page);
        let text = pdf.letters();
        assert_eq!(text.matches(shown).count(), 2, "person and office: {shown}: {text}");
    }
}

#[tokio::test]
async fn the_longest_names_address_and_list_of_offices_leave_everything_in_its_place() {
    let app = TestApp::start().await;
    let long = "髙".repeat(100);
    let (person, _) = page_of(&app, &long, &long).await;
    for _ in 0..12 {
        let office = app.office(Plan::PersonalStarter).await;
        app.assign(&person.member, office, Role::General).await;
    }
    let labels = [("m", 60), ("n", 60), ("o", 56)].map(|(letter, count)| letter.repeat(count)).join(".");
    let address = format!("{}@{labels}.example.jp", "w".repeat(64));
    assert_eq!(address.len(), 254);
    app.database.execute(&format!("UPDATE users SET email = '{address}'"));
    let page = codes_page(&app, &person).await;
    let pdf = download(&person.browser, &page).await;
    assert_whole(&pdf, &page);
    let text = pdf.letters();
    assert!(text.contains(&long) && text.contains(&address) && text.contains('…'), "{text}");
}
