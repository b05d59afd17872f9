//! `hikae user import`: takes people over from another system, all of a file or none.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde::Serialize;

use super::import_line::{Line, MAX_LINE_BYTES};
use crate::cli::output;
use crate::cli::progress::bar;
use crate::cli::store::{Store, WhenNew};
use crate::domain::ids::OfficeId;
use crate::service::Services;
use crate::service::operator::{FindOffice, ImportedUser, find_office, import_users};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Fields of a line: email, name, office (id or name), role (admin or general), password_hash
/// (PHC string of Argon2id, or bcrypt) and, optionally, totp_secret (base32).
#[derive(Args)]
pub struct Import {
    /// File of JSON lines
    file: PathBuf,
    /// Answer as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: Store,
}

#[derive(Serialize)]
struct Answer {
    imported: usize,
}

/// The file read and checked: people, and the line each stands on.
#[derive(Default)]
struct People {
    users: Vec<ImportedUser>,
    lines: Vec<usize>,
}

impl Import {
    /// Checks every line before the first is taken; they are taken in one transaction.
    ///
    /// # Errors
    /// The first line that cannot be taken, with its number.
    pub async fn run(self, variables: &BTreeMap<String, String>) -> Result<()> {
        let file = File::open(&self.file).with_context(|| format!("cannot read {}", self.file.display()))?;
        let services = self.store.open(variables, WhenNew::Refuse).await?;
        let People { users, lines } = read(&services, file).await?;
        let writing = bar(u64::try_from(users.len())?, "taking  {bar:30} {pos}/{len} {eta}");
        let progress = writing.clone();
        let imported = import_users(&services, users, move |done| progress.set_position(done as u64)).await?;
        writing.finish_and_clear();
        match imported {
            Err(index) => {
                let line = lines.get(index).copied().unwrap_or_default();
                bail!("line {line}: email: this address has an account already; nothing of the file was taken")
            }
            Ok(imported) if self.json => output::json(&Answer { imported }),
            Ok(imported) => {
                output::line(&format!("imported {imported} people"));
                Ok(())
            }
        }
    }
}

async fn read(services: &Services, file: File) -> Result<People> {
    let reading = bar(file.metadata().map_or(0, |data| data.len()), "reading {bar:30} {bytes}/{total_bytes} {eta}");
    let mut input = BufReader::with_capacity(1 << 16, file);
    let (mut people, mut offices, mut seen) = (People::default(), HashMap::new(), HashMap::new());
    let mut bytes = Vec::new();
    for number in 1_usize.. {
        bytes.clear();
        // One byte more than allowed is enough to know that a line is too long.
        let taken = input.by_ref().take(MAX_LINE_BYTES as u64 + 1).read_until(b'\n', &mut bytes)?;
        if taken == 0 {
            break;
        }
        reading.inc(taken as u64);
        let refused = |reason: &str| format!("line {number}: {reason}; nothing of the file was taken");
        if taken > MAX_LINE_BYTES {
            bail!(refused("longer than 16 KiB"));
        }
        let line = if number == 1 { bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes) } else { &bytes[..] };
        if line.trim_ascii().is_empty() {
            continue;
        }
        let Line { email, name, office, role, password_hash, totp_key } =
            Line::parse(line).map_err(|reason| anyhow::Error::msg(refused(&reason)))?;
        if let Some(first) = seen.insert(email.clone(), number) {
            bail!(refused(&format!("email: the same address as in line {first}")));
        }
        let office = match offices.get(&office) {
            Some(id) => *id,
            None => {
                let id = find(services, &office).await?.map_err(|reason| anyhow::Error::msg(refused(reason)))?;
                offices.insert(office, id);
                id
            }
        };
        people.users.push(ImportedUser { email, name, office, role, password_hash, totp_key });
        people.lines.push(number);
    }
    reading.finish_and_clear();
    Ok(people)
}

async fn find(services: &Services, which: &str) -> Result<Result<OfficeId, &'static str>> {
    Ok(match find_office(services, which).await? {
        FindOffice::Found(office) => Ok(office.id),
        FindOffice::None => Err("office: no office has this id or name"),
        FindOffice::Several => Err("office: several offices have this name; give the id"),
    })
}
