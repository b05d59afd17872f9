//! The activity of an office as a file that spreadsheets open: UTF-8 with a mark that says so,
//! lines as RFC 4180 wants them, and no cell that runs as a formula (SC-69).

use actix_web::web::Bytes;
use csv::{Terminator, Writer, WriterBuilder};
use futures_util::Stream;
use futures_util::stream::try_unfold;
use jiff::tz::TimeZone;

use super::who::Who;
use crate::domain::spreadsheet;
use crate::fault::Fault;
use crate::i18n::{self, Words};
use crate::service::office_activity::{Export, OfficeEntry};

/// Without it, Excel takes a file for one in the encoding of its country.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// How the reader of the file writes.
pub(super) struct Style {
    pub words: &'static Words,
    pub zone: TimeZone,
}

/// The file, portion by portion. A fault ends it in the middle: the browser tells that the
/// download is broken.
pub(super) fn file(export: Export, style: Style) -> impl Stream<Item = Result<Bytes, Fault>> {
    try_unfold((export, style, true), async |(mut export, style, first)| {
        let written = if first {
            head(&style)
        } else {
            let portion = export.next_portion().await;
            match portion {
                Ok(portion) if portion.is_empty() => return Ok(None),
                Ok(portion) => lines(&style, &portion),
                Err(fault) => Err(fault),
            }
        };
        match written {
            Ok(bytes) => Ok(Some((Bytes::from(bytes), (export, style, false)))),
            Err(fault) => {
                tracing::error!(%fault, "a download ended in a fault");
                Err(fault)
            }
        }
    })
}

fn head(style: &Style) -> Result<Vec<u8>, Fault> {
    let (w, activity) = (&style.words.office_activity, &style.words.activity);
    let at = w.at_in(style.zone.iana_name().unwrap_or("UTC"));
    let names = [
        at.as_str(),
        w.actor,
        w.actor_email,
        w.subject,
        w.subject_email,
        w.kind,
        activity.what,
        activity.outcome,
        w.detail,
        activity.address,
        activity.device,
    ];
    let mut writer = writer(BYTE_ORDER_MARK.as_bytes().to_vec());
    write(&mut writer, &names)?;
    finish(writer)
}

fn lines(style: &Style, entries: &[OfficeEntry]) -> Result<Vec<u8>, Fault> {
    let words = style.words;
    let mut writer = writer(Vec::with_capacity(entries.len() * 160));
    for entry in entries {
        let (actor, concerned) = (Who::actor(words, entry), Who::concerned(words, entry));
        let fact = words.office_fact(entry.action, entry.outcome, &entry.detail).unwrap_or_default();
        let at = i18n::plain_date_time(&style.zone, entry.at);
        let cells = [
            at.as_str(),
            actor.name,
            actor.email.unwrap_or_default(),
            concerned.map_or("", |who| who.name),
            concerned.and_then(|who| who.email).unwrap_or_default(),
            words.office_activity.kind_name(entry.action.kind()),
            words.activity.action(entry.action),
            words.activity.ended(entry.outcome),
            &fact,
            &entry.address,
            i18n::device(words.language, &entry.device),
        ];
        write(&mut writer, &cells)?;
    }
    finish(writer)
}

fn writer(start: Vec<u8>) -> Writer<Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::CRLF).from_writer(start)
}

fn write(writer: &mut Writer<Vec<u8>>, cells: &[&str]) -> Result<(), Fault> {
    let cells = cells.iter().map(|text| spreadsheet::cell(text).into_owned());
    writer.write_record(cells).map_err(|error| Fault::Other(format!("a line of a file: {error}")))
}

fn finish(writer: Writer<Vec<u8>>) -> Result<Vec<u8>, Fault> {
    writer.into_inner().map_err(|error| Fault::Other(format!("a file: {error}")))
}
