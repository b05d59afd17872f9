//! The member list of an office: what is searched for, kept, in which order, and which page.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

/// Members on one page.
const PAGE_SIZE: u32 = 50;

/// The longest search looked at, in characters.
const MAX_SEARCH_CHARS: usize = 100;

/// A text as it is compared in a search: full and half width, upper and lower case alike.
pub fn fold(text: &str) -> String {
    let folded: String = text.nfkc().collect::<String>().to_lowercase();
    folded.chars().filter(|c| !c.is_control()).collect()
}

/// Which members are listed.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Keep {
    #[default]
    All,
    /// Those without two-factor authentication.
    Off,
    /// Those with two-factor authentication and few codes left, or none.
    Low,
    /// Those whose request to the administrators is open.
    Request,
}

impl Keep {
    /// Every choice, for the form.
    pub const ALL: [Keep; 4] = [Keep::All, Keep::Off, Keep::Low, Keep::Request];

    /// The name in the address.
    pub const fn slug(self) -> &'static str {
        match self {
            Keep::All => "all",
            Keep::Off => "off",
            Keep::Low => "low",
            Keep::Request => "request",
        }
    }

    fn from_slug(slug: &str) -> Option<Self> {
        Keep::ALL.into_iter().find(|keep| keep.slug() == slug)
    }
}

/// What the list is sorted by.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Column {
    #[default]
    Name,
    Email,
    Role,
    Codes,
    LastSignIn,
}

impl Column {
    const ALL: [Column; 5] = [Column::Name, Column::Email, Column::Role, Column::Codes, Column::LastSignIn];

    const fn slug(self) -> &'static str {
        match self {
            Column::Name => "name",
            Column::Email => "email",
            Column::Role => "role",
            Column::Codes => "codes",
            Column::LastSignIn => "last",
        }
    }
}

/// The order of the list.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Sort {
    pub column: Column,
    pub descending: bool,
}

impl Sort {
    /// Every order, for the form.
    pub fn all() -> impl Iterator<Item = Sort> {
        Column::ALL.into_iter().flat_map(|column| [false, true].map(|descending| Sort { column, descending }))
    }

    /// The name in the address: the column, with a minus before it when it descends.
    pub fn slug(self) -> String {
        format!("{}{}", if self.descending { "-" } else { "" }, self.column.slug())
    }

    fn from_slug(slug: &str) -> Option<Self> {
        Sort::all().find(|sort| sort.slug() == slug)
    }
}

/// What is asked of the list. What makes no sense reads as the usual.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct MemberQuery {
    /// As typed, without surrounding space.
    pub search: String,
    pub keep: Keep,
    pub sort: Sort,
    /// The first page is 1; 0 counts as it.
    pub page: u32,
}

impl MemberQuery {
    /// Reads the four parameters of the address.
    pub fn read(search: &str, filter: &str, sort: &str, page: &str) -> Self {
        let search: String = search.chars().filter(|c| !c.is_control()).collect();
        Self {
            search: search.trim().chars().take(MAX_SEARCH_CHARS).collect(),
            keep: Keep::from_slug(filter).unwrap_or_default(),
            sort: Sort::from_slug(sort).unwrap_or_default(),
            page: page_number(page),
        }
    }

    /// Whether something is searched for or kept, so that members may be missing from the list.
    pub fn is_narrowed(&self) -> bool {
        !self.search.is_empty() || self.keep != Keep::All
    }
}

/// A number too large to count to is beyond the last page, like any other that is too large.
fn page_number(text: &str) -> u32 {
    let too_large = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().unwrap_or(if too_large { u32::MAX } else { 1 }).max(1)
}

/// How many pages so many members fill; an empty list is one page.
pub fn pages(total: u32) -> u32 {
    total.div_ceil(PAGE_SIZE).max(1)
}

/// Where in the list, counted from 0, a page begins and ends.
pub fn on_page(page: u32, total: u32) -> Range<u32> {
    let start = page.saturating_sub(1).saturating_mul(PAGE_SIZE).min(total);
    start..start.saturating_add(PAGE_SIZE).min(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_read_alike_however_it_is_typed() {
        for typed in ["HANAKO", "ｈａｎａｋｏ", "Hanako"] {
            assert_eq!(fold(typed), "hanako");
        }
        assert_eq!(fold("ﾋｶｴ"), "ヒカエ");
        assert_eq!(fold("a\u{0}\nb"), "ab");
    }

    #[test]
    fn what_makes_no_sense_reads_as_the_usual() {
        let usual = MemberQuery { page: 1, ..MemberQuery::default() };
        for (filter, sort, page) in [("", "", ""), ("x", "--name", "-1"), ("OFF", "name,email", "1e3"), ("", "-", "0")]
        {
            assert_eq!(MemberQuery::read(" \u{0} ", filter, sort, page), usual);
        }
        assert_eq!(MemberQuery::read(&"控".repeat(500), "", "", "").search.chars().count(), 100);
        assert_eq!(MemberQuery::read("", "", "", "99999999999").page, u32::MAX);
    }

    #[test]
    fn every_choice_is_read_back_from_its_name() {
        for keep in Keep::ALL {
            assert_eq!(MemberQuery::read("", keep.slug(), "", "").keep, keep);
        }
        for sort in Sort::all() {
            assert_eq!(MemberQuery::read("", "", &sort.slug(), "").sort, sort);
        }
    }

    #[test]
    fn fifty_fill_a_page() {
        assert_eq!([0, 1, 50, 51, 10_000].map(pages), [1, 1, 1, 2, 200]);
        assert_eq!(
            [(1, 0), (1, 49), (2, 51), (2, 50)].map(|(page, total)| on_page(page, total)),
            [0..0, 0..49, 50..51, 50..50]
        );
        assert!(on_page(u32::MAX, 70).is_empty());
    }
}
