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

/// The beginning of something: the day alone where it begins at midnight, else with the time.
pub fn beginning(language: Language, zone: &TimeZone, at: Timestamp) -> String {
    let midnight = written(zone, at, "%H:%M:%S") == "00:00:00";
    if midnight { date(language, zone, at) } else { date_time(language, zone, at) }
}

/// How many midnights lie between two moments.
pub fn days_between(zone: &TimeZone, from: Timestamp, to: Timestamp) -> i64 {
    let day = |at: Timestamp| {
        let moment = jiff::Timestamp::from_second(at.0).unwrap_or(jiff::Timestamp::MAX);
        moment.to_zoned(zone.clone()).date()
    };
    day(from).until(day(to)).map_or(0, |span| i64::from(span.get_days()))
}

/// A number of people or things: `10,000` in both languages.
pub fn grouped(count: impl Into<i64>) -> String {
    let digits = count.into().to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
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
    fn a_beginning_at_midnight_is_a_day_and_days_are_counted_by_midnights() {
        let (tokyo, berlin) = (zone("Asia/Tokyo"), zone("Europe/Berlin"));
        let first_of_december = Timestamp(1_796_050_800);
        assert_eq!(beginning(Language::Ja, &tokyo, first_of_december), "2026年12月1日");
        assert_eq!(beginning(Language::Ja, &berlin, first_of_december), "2026年11月30日 16:00");
        assert_eq!(days_between(&tokyo, Timestamp(1_795_338_240), first_of_december), 9);
        assert_eq!(days_between(&tokyo, Timestamp(first_of_december.0 - 1), first_of_december), 1);
        assert_eq!(days_between(&berlin, Timestamp(first_of_december.0 - 1), first_of_december), 0);
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
