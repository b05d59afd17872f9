//! Dates, times and spans as people of a language write them, in the reader's time zone; always
//! 24 hours.

use jiff::tz::TimeZone;

use crate::domain::language::Language;
use crate::domain::time::Timestamp;

/// The time zone of an IANA name; an unknown name reads as Tokyo, the default of an account.
pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).or_else(|_| TimeZone::get("Asia/Tokyo")).unwrap_or(TimeZone::UTC)
}

/// `2026年11月22日 18:04` or `22 Nov 2026, 18:04`.
pub fn date_time(language: Language, zone: &TimeZone, at: Timestamp) -> String {
    let pattern = match language {
        Language::Ja => "%Y年%-m月%-d日 %H:%M",
        Language::En => "%-d %b %Y, %H:%M",
    };
    written(zone, at, pattern)
}

/// `2026年11月22日` or `22 Nov 2026`.
pub fn date(language: Language, zone: &TimeZone, at: Timestamp) -> String {
    let pattern = match language {
        Language::Ja => "%Y年%-m月%-d日",
        Language::En => "%-d %b %Y",
    };
    written(zone, at, pattern)
}

/// `2026-11-22 18:04:00`, which spreadsheets read as a time and sort.
pub fn plain_date_time(zone: &TimeZone, at: Timestamp) -> String {
    written(zone, at, "%Y-%m-%d %H:%M:%S")
}

/// `2026-11-22`, for names of files.
pub fn plain_date(zone: &TimeZone, at: Timestamp) -> String {
    written(zone, at, "%Y-%m-%d")
}

fn written(zone: &TimeZone, at: Timestamp, pattern: &str) -> String {
    let at = jiff::Timestamp::from_second(at.0).unwrap_or(if at.0 < 0 {
        jiff::Timestamp::MIN
    } else {
        jiff::Timestamp::MAX
    });
    at.to_zoned(zone.clone()).strftime(pattern).to_string()
}

/// A span to wait, rounded up so that it is never too short: `45秒`, `5分`, `1時間12分`.
pub fn duration(language: Language, seconds: i64) -> String {
    let seconds = seconds.max(1);
    if seconds < 60 {
        return match language {
            Language::Ja => format!("{seconds}秒"),
            Language::En => counted(seconds, "second"),
        };
    }
    let minutes = (seconds + 59) / 60;
    let (hours, rest) = (minutes / 60, minutes % 60);
    match (language, hours, rest) {
        (Language::Ja, 0, _) => format!("{rest}分"),
        (Language::Ja, _, 0) => format!("{hours}時間"),
        (Language::Ja, _, _) => format!("{hours}時間{rest}分"),
        (Language::En, 0, _) => counted(rest, "minute"),
        (Language::En, _, 0) => counted(hours, "hour"),
        (Language::En, _, _) => format!("{} {}", counted(hours, "hour"), counted(rest, "minute")),
    }
}

fn counted(n: i64, unit: &str) -> String {
    if n == 1 { format!("1 {unit}") } else { format!("{n} {unit}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_the_readers_language_and_zone() {
        let at = Timestamp(1_795_338_240);
        assert_eq!(date_time(Language::Ja, &zone("Asia/Tokyo"), at), "2026年11月22日 18:04");
        assert_eq!(date_time(Language::En, &zone("Asia/Tokyo"), at), "22 Nov 2026, 18:04");
        assert_eq!(date_time(Language::En, &zone("Europe/Berlin"), at), "22 Nov 2026, 10:04");
        assert_eq!(date(Language::Ja, &zone("no such zone"), at), "2026年11月22日");
        assert!(!date_time(Language::Ja, &zone("UTC"), Timestamp(i64::MAX)).is_empty());
    }

    #[test]
    fn a_wait_is_never_said_too_short() {
        let said = |seconds| (duration(Language::Ja, seconds), duration(Language::En, seconds));
        assert_eq!(said(0), ("1秒".to_owned(), "1 second".to_owned()));
        assert_eq!(said(59), ("59秒".to_owned(), "59 seconds".to_owned()));
        assert_eq!(said(61), ("2分".to_owned(), "2 minutes".to_owned()));
        assert_eq!(said(3600), ("1時間".to_owned(), "1 hour".to_owned()));
        assert_eq!(said(72 * 60), ("1時間12分".to_owned(), "1 hour 12 minutes".to_owned()));
    }
}
