//! What stands on a sheet, in the reader's words and time: for the page with the codes, its
//! print-out, the clipboard and the PDF alike.

use jiff::tz::TimeZone;
use zeroize::Zeroizing;

use crate::domain::two_factor::backup_code::BackupCode;
use crate::domain::two_factor::sheet::IssuedSheet;
use crate::i18n::{self, Words};
use crate::pdf::{Fact, SheetText};
use crate::service::access::SignedIn;
use crate::web::guard::Visit;
use crate::web::url;

const SERVICE: &str = "Hikae";

/// Whose sheet it is, and where its codes serve.
pub(crate) struct Holder {
    pub name: String,
    pub email: String,
    pub offices: Vec<String>,
    /// The address of this portal, as the operator set it.
    pub portal: ::url::Url,
}

impl Holder {
    pub(super) fn of(visit: &Visit, me: &SignedIn) -> Self {
        Self {
            name: me.name().to_owned(),
            email: me.email().to_string(),
            offices: me.offices().iter().map(|member| member.office_name.clone()).collect(),
            portal: visit.state.base_url.clone(),
        }
    }
}

/// The sheet in words.
pub(crate) fn sheet_text(words: &Words, zone: &TimeZone, holder: &Holder, sheet: &IssuedSheet) -> SheetText {
    let (w, common) = (&words.backup_codes, &words.common);
    let portal = holder.portal.as_str().trim_end_matches('/');
    let at = i18n::date_time(words.language, zone, sheet.issued_at);
    let id = sheet.id.to_string();
    let fact = |label, value| Fact { label, value };
    let mut facts = vec![fact(w.service, format!("{SERVICE} {portal}"))];
    if !holder.offices.is_empty() {
        facts.push(fact(w.offices, holder.offices.join(common.list_comma)));
    }
    facts.extend([
        fact(w.name, holder.name.clone()),
        fact(w.account, holder.email.clone()),
        fact(w.issued_at, w.in_zone(&at, zone.iana_name().unwrap_or("UTC"))),
        fact(w.sheet_id, id.clone()),
    ]);
    SheetText {
        language: words.language.tag(),
        service: SERVICE,
        title: w.sheet_title,
        issue: w.issue_heading(sheet.number),
        facts,
        codes: Zeroizing::new(sheet.codes.iter().map(BackupCode::grouped).collect()),
        used_on: w.used_on,
        notes: vec![w.newest_only, w.each_once, w.keep_safe],
        steps_title: w.steps_title,
        steps: vec![w.step_sign_in(&format!("{portal}{}", url::LOGIN)), w.step_code.into(), w.step_renew.into()],
        lost_title: w.lost_title,
        lost: vec![w.lost_reissue, w.lost_both],
        card_hint: w.card_hint,
        card: vec![
            format!("{SERVICE} {} {}", w.sheet_title, w.issue_heading(sheet.number)),
            holder.email.clone(),
            format!("{} {id}  {}", w.sheet_id, i18n::date(words.language, zone, sheet.issued_at)),
        ],
        issued_at: sheet.issued_at,
    }
}

/// The sheet as plain text, for the clipboard.
pub(crate) fn copy_text(words: &Words, sheet: &SheetText) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(2_048));
    let mut line = |parts: &[&str]| {
        parts.iter().for_each(|part| text.push_str(part));
        text.push('\n');
    };
    line(&[sheet.title, " ", &sheet.issue]);
    for fact in &sheet.facts {
        line(&[fact.label, words.common.colon, &fact.value]);
    }
    line(&[]);
    for (index, code) in sheet.codes.iter().enumerate() {
        line(&[&format!("{:>2}. ", index + 1), code]);
    }
    line(&[]);
    for note in &sheet.notes {
        line(&[note]);
    }
    text
}
