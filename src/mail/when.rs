//! Points in time as people read them: in their zone, with the zone named.

use jiff::tz::TimeZone;
use jiff::{Timestamp as Instant, Zoned};

use crate::domain::language::Language;
use crate::domain::time::Timestamp;

/// `at` in the zone of that IANA name; in UTC when the zone is unknown.
pub fn written(at: Timestamp, time_zone: &str, language: Language) -> String {
    let zone = TimeZone::get(time_zone).unwrap_or(TimeZone::UTC);
    let moment = Instant::from_second(at.0).unwrap_or(Instant::UNIX_EPOCH).to_zoned(zone);
    match language {
        Language::Ja => format!("{}（{}）", moment.strftime("%Y年%-m月%-d日 %H:%M"), japanese_zone(&moment)),
        Language::En => format!("{} {}", moment.strftime("%-d %b %Y, %H:%M"), abbreviation(&moment)),
    }
}

fn japanese_zone(moment: &Zoned) -> String {
    match moment.time_zone().iana_name() {
        Some("Asia/Tokyo" | "Japan") => "日本時間".to_owned(),
        Some("UTC" | "Etc/UTC") | None => "協定世界時".to_owned(),
        Some(name) => format!("{name}、UTC{}", moment.strftime("%:z")),
    }
}

/// The zone's abbreviation; many zones have none but their offset.
fn abbreviation(moment: &Zoned) -> String {
    let short = moment.strftime("%Z").to_string();
    if short.starts_with(['+', '-']) { format!("UTC{}", moment.strftime("%:z")) } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-22T09:04:00Z
    const AT: Timestamp = Timestamp(1_795_338_240);

    #[test]
    fn a_time_names_its_zone() {
        let written = |zone, language| written(AT, zone, language);
        assert_eq!(written("Asia/Tokyo", Language::Ja), "2026年11月22日 18:04（日本時間）");
        assert_eq!(written("Asia/Tokyo", Language::En), "22 Nov 2026, 18:04 JST");
        assert_eq!(written("Europe/Berlin", Language::Ja), "2026年11月22日 10:04（Europe/Berlin、UTC+01:00）");
        assert_eq!(written("America/Sao_Paulo", Language::En), "22 Nov 2026, 06:04 UTC-03:00");
        assert_eq!(written("nowhere", Language::Ja), "2026年11月22日 09:04（協定世界時）");
        assert_eq!(written("nowhere", Language::En), "22 Nov 2026, 09:04 UTC");
    }

    #[test]
    fn a_time_out_of_range_does_not_fail() {
        assert!(super::written(Timestamp(i64::MAX), "Asia/Tokyo", Language::En).contains("1970"));
    }
}
