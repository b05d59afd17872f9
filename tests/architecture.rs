//! The house's rules, checked on its sources: which layer may use which, what the domain may not
//! know, how long a file may be, and what stands in no finished source.

use std::fs;
use std::path::{Path, PathBuf};

/// Which layer may use which others of ours. Time, randomness, threads, and faults are everybody's.
const ARROWS: [(&str, &[&str]); 8] = [
    ("domain", &[]),
    ("crypto", &["domain"]),
    ("pdf", &["domain"]),
    ("i18n", &["domain"]),
    ("store", &["domain", "crypto"]),
    ("mail", &["store", "domain", "i18n", "crypto"]),
    ("service", &["store", "domain", "crypto"]),
    ("web", &["service", "domain", "i18n", "pdf"]),
];
const EVERYBODYS: [&str; 4] = ["clock", "fault", "random", "threads"];
/// These see everything.
const TOP: [&str; 6] = ["app", "cli", "lib", "main", "settings", "logging"];

/// Single doors past the arrows, each with its reason.
const EXCEPTIONS: [(&str, &str); 2] = [
    // The browser's cookie is the framework's to read and write, which is no act of a member.
    ("web/session_store.rs", "crypto"),
    // The demo hands its mailbox's routes through the settings.
    ("settings/mod.rs", "actix_web"),
];

const LONGEST: usize = 400;

struct Source {
    path: PathBuf,
    /// The file or folder right below src.
    layer: String,
    text: String,
}

impl Source {
    /// The text without its unit tests, which may use anything.
    fn product(&self) -> &str {
        self.text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default()
    }

    fn is_test(&self) -> bool {
        let name = self.path.file_stem().unwrap_or_default().to_string_lossy();
        name.ends_with("tests")
    }

    /// The gallery's pages with sample data.
    fn is_sample(&self) -> bool {
        self.path.starts_with("web/samples")
    }

    fn may_exceptionally_use(&self, what: &str) -> bool {
        EXCEPTIONS.contains(&(self.path.to_str().unwrap_or_default(), what))
    }

    /// The lines that are code, with their numbers.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.product().lines().enumerate().map(|(index, line)| (index + 1, line));
        lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    assert!(files.len() > 20, "the sources are not where they were");
    files
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a source file");
            let path = path.strip_prefix(&root).expect("below src").to_owned();
            let first = path.components().next().expect("a name").as_os_str().to_string_lossy();
            Source { layer: first.trim_end_matches(".rs").to_owned(), path, text }
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            collect(&entry, files);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            files.push(entry);
        }
    }
}

/// The layers that a line of code names: `crate::store::…`, `crate::{store::…, clock::…}`.
fn layers_in(code: &str) -> Vec<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            found.extend(names_of_group(group));
        } else {
            found.push(rest.split(|c| !is_name(c)).next().unwrap_or_default().to_owned());
        }
    }
    found
}

/// The first name of each part of `a::b, c::{d, e}, f}`.
fn names_of_group(group: &str) -> Vec<String> {
    let (mut names, mut name, mut depth, mut first) = (Vec::new(), String::new(), 0, true);
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => first = true,
            ':' if depth == 0 && !name.is_empty() => {
                names.push(std::mem::take(&mut name));
                first = false;
            }
            c if depth == 0 && first && !c.is_whitespace() => name.push(c),
            _ => {}
        }
        if c == ',' && depth == 0 && !name.is_empty() {
            names.push(std::mem::take(&mut name));
        }
    }
    names.extend((!name.is_empty()).then_some(name));
    names.retain(|name| name != ":");
    names
}

fn report(rule: &str, broken: &[String]) {
    assert!(broken.is_empty(), "{rule}:\n  {}", broken.join("\n  "));
}

#[test]
fn layers_use_only_what_stands_below_them() {
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| !source.is_test() && !TOP.contains(&source.layer.as_str())) {
        if EVERYBODYS.contains(&source.layer.as_str()) {
            continue;
        }
        let Some((_, allowed)) = ARROWS.iter().find(|(layer, _)| *layer == source.layer) else {
            broken.push(format!("{}: no layer of the house", source.path.display()));
            continue;
        };
        let code: String = source.code().map(|(_, line)| format!("{line}\n")).collect();
        for used in layers_in(&code) {
            let fine = used == source.layer
                || allowed.contains(&used.as_str())
                || EVERYBODYS.contains(&used.as_str()) && source.layer != "domain"
                || source.may_exceptionally_use(&used)
                || used.is_empty();
            if !fine {
                broken.push(format!("{}: uses crate::{used}", source.path.display()));
            }
        }
    }
    report("forbidden arrows", &broken);
}

#[test]
fn the_domain_knows_neither_database_nor_http_nor_the_time() {
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| source.layer == "domain") {
        for (number, line) in source.code() {
            for forbidden in
                ["diesel", "actix", "tokio", "async fn", "now(", "rand::rng", "SystemTime", "std::fs", "std::env"]
            {
                if line.contains(forbidden) {
                    broken.push(format!("{}:{number}: {forbidden}", source.path.display()));
                }
            }
        }
    }
    report("the domain is pure", &broken);
}

#[test]
fn sql_stays_in_the_store_and_http_in_the_web() {
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| !source.is_test()) {
        for (number, line) in source.code() {
            let layer = source.layer.as_str();
            let sql = line.contains("diesel::") && !matches!(layer, "store" | "fault");
            let http = line.contains("actix_web::")
                && !matches!(layer, "web" | "app" | "cli" | "main")
                && !source.may_exceptionally_use("actix_web");
            if sql || http {
                broken.push(format!("{}:{number}: {}", source.path.display(), line.trim()));
            }
        }
    }
    report("a layer does the work of another", &broken);
}

#[test]
fn no_file_has_two_jobs_and_every_file_says_its_own() {
    let mut broken = Vec::new();
    for source in sources() {
        let lines = source.text.lines().count();
        if lines > LONGEST {
            broken.push(format!("{}: {lines} lines", source.path.display()));
        }
        if !source.text.starts_with("//!") {
            broken.push(format!("{}: does not say what it is for", source.path.display()));
        }
    }
    report("files", &broken);
}

/// A seeded generator gives everybody the same secrets: it is for tests alone (SC-01).
#[test]
fn secrets_are_drawn_from_the_operating_system() {
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| !source.is_test() && source.layer != "random") {
        for (number, line) in source.code() {
            if line.contains("seeded(") || line.contains("seed_from_u64") {
                broken.push(format!("{}:{number}: {}", source.path.display(), line.trim()));
            }
        }
    }
    report("weak randomness", &broken);
}

#[test]
fn nothing_unfinished_and_no_silenced_lint_is_left() {
    let mut broken = Vec::new();
    for source in sources() {
        for (number, line) in source.text.lines().enumerate() {
            for forbidden in ["#[allow", "#![allow", "todo!", "unimplemented!", "dbg!", "TODO", "FIXME", "XXX"] {
                if line.contains(forbidden) {
                    broken.push(format!("{}:{}: {forbidden}", source.path.display(), number + 1));
                }
            }
        }
        for (number, line) in source.code().filter(|_| !source.is_test()) {
            if line.contains(".unwrap()") {
                broken.push(format!("{}:{number}: unwrap", source.path.display()));
            }
        }
    }
    report("unfinished", &broken);
}

#[test]
fn handlers_hold_no_words_of_their_own() {
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| source.layer == "web" && !source.is_test() && !source.is_sample()) {
        for (number, line) in source.code() {
            let code = line.split(" //").next().unwrap_or_default();
            if code
                .chars()
                .any(|c| matches!(c, '\u{3000}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}'))
            {
                broken.push(format!("{}:{number}: {}", source.path.display(), code.trim()));
            }
        }
    }
    report("words outside of i18n", &broken);
}

#[test]
fn the_names_in_a_use_are_found() {
    assert_eq!(layers_in("use crate::store::Db;"), ["store"]);
    assert_eq!(layers_in("let x = crate::clock::Clock::System;"), ["clock"]);
    assert_eq!(layers_in("use crate::{clock::Clock, store::{Db, users}, fault};"), ["clock", "store", "fault"]);
    assert_eq!(layers_in("use crate::{\n    domain::{a, b::c},\n    web,\n};"), ["domain", "web"]);
}

/// `path::name` in every document: the file, and the test in it.
fn named_tests(text: &str) -> Vec<(&str, &str)> {
    text.split('`').skip(1).step_by(2).filter_map(|code| code.split_once(".rs::")).collect()
}

#[test]
fn every_test_that_the_documents_name_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("docs/security.md")).expect("docs/security.md");
    let mut broken = Vec::new();
    for (path, name) in named_tests(&text) {
        let source = fs::read_to_string(root.join(format!("{path}.rs"))).unwrap_or_default();
        let is_test = source.split_once(&format!("fn {name}(")).is_some_and(|(before, _)| {
            // The attribute stands in the lines above, whichever runtime it names.
            let is_test = |line: &str| line.trim_end().ends_with("test]") || line.starts_with("#[tokio::test(");
            before.lines().rev().take(3).any(is_test)
        });
        if !is_test {
            broken.push(format!("{path}.rs::{name}"));
        }
    }
    let ruled = |line: &&str| line.starts_with("| SC-");
    for line in text.lines().filter(ruled).filter(|line| named_tests(line).is_empty()) {
        broken.push(format!("no test: {line}"));
    }
    report("docs/security.md names what is not there", &broken);
    assert!(text.lines().filter(ruled).count() > 50, "the table of rules is not where it was");
}

/// The places where something typed or sent is compared with a secret (SC-11).
#[test]
fn secrets_are_compared_in_constant_time() {
    for (path, comparison) in [
        ("crypto/hashing.rs", "self.tag(&tag.salt, user, generation, number).ct_eq(&tag.tag)"),
        ("crypto/password_hash.rs", "tag.ct_eq(&parts.tag)"),
        ("service/print_sheet.rs", "expected.ct_eq(&given)"),
        ("web/csrf.rs", "token.as_bytes().ct_eq(expected.as_bytes())"),
    ] {
        let source = sources().into_iter().find(|source| source.path == Path::new(path)).expect(path);
        assert!(source.product().contains(comparison), "src/{path} compares a secret in another way");
    }
}

/// What a page brings along besides itself.
#[test]
fn style_and_script_stay_light() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("static");
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    let counted = entries.filter(|entry| entry.path().extension().is_some_and(|kind| kind == "css" || kind == "js"));
    let sizes: Vec<(PathBuf, u64)> =
        counted.map(|entry| (entry.path(), entry.metadata().expect("a file").len())).collect();
    let bytes: u64 = sizes.iter().map(|(_, bytes)| bytes).sum();
    assert!(sizes.len() > 2 && bytes < 40_000, "{bytes} bytes: {sizes:?}");
}
