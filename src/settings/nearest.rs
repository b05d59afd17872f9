//! Finds the key somebody probably meant.

/// The candidate with the fewest edits from `name`; the first one when several are as near.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> &'a str {
    // DATABASE_URL has no prefix: compared without it, HIKAE_DATABASE_URL is the same word.
    let bare = |text: &str| text.strip_prefix("HIKAE_").unwrap_or(text).to_owned();
    let wanted = bare(name);
    candidates.min_by_key(|candidate| edits(&wanted, &bare(candidate))).unwrap_or("")
}

/// How many letters must be added, taken away or changed to make `a` into `b` (Levenshtein).
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let change = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_with_the_fewest_edits_is_found() {
        let known = ["HIKAE_LISTEN", "HIKAE_LOG", "DATABASE_URL"];
        assert_eq!(nearest("HIKAE_LISTN", known.into_iter()), "HIKAE_LISTEN");
        assert_eq!(nearest("HIKAE_LOGS", known.into_iter()), "HIKAE_LOG");
        assert_eq!(nearest("HIKAE_DATABASE_URL", known.into_iter()), "DATABASE_URL");
        assert_eq!(edits("kitten", "sitting"), 3);
    }
}
