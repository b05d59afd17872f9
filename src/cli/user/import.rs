//! `hikae user import`: takes people over from another system, all of a file or none.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, bail};
use clap::Args;
use serde::Serialize;

use super::import_file::{ImportFile, Seen, refused};
use super::import_line::Line;
use crate::cli::output;
use crate::cli::progress::bar;
use crate::cli::store::{Store, WhenNew};
use crate::domain::email::EmailAddress;
use crate::domain::ids::OfficeId;
use crate::service::Services;
use crate::service::import_users::{ImportRefused, ImportedUser, import_stream, taken_addresses};
use crate::service::operator::{FindOffice, find_office};

const TAKEN: &str = "email: this address has an account already";
/// Lines whose addresses are looked for in one query.
const ASKED_AT_ONCE: usize = 500;

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

/// What the first reading finds out for the second.
struct Checked {
    people: u64,
    offices: HashMap<String, OfficeId>,
}

impl Import {
    /// Checks every line before the first is taken; then reads them again, and takes them in one
    /// transaction.
    ///
    /// # Errors
    /// The first line that cannot be taken, with its number.
    pub async fn run(self, variables: &BTreeMap<String, String>) -> Result<()> {
        let file = File::open(&self.file).with_context(|| format!("cannot read {}", self.file.display()))?;
        let length = file.metadata().map_or(0, |data| data.len());
        let services = self.store.open(variables, WhenNew::Refuse).await?;
        let mut file = ImportFile::new(file);
        let checked = check(&services, &mut file, length).await?;
        file.rewind()?;
        let writing = bar(checked.people, "taking  {bar:30} {pos}/{len} {eta}");
        let progress = writing.clone();
        let number = Arc::new(AtomicUsize::new(0));
        let people = people(file, checked.offices, number.clone());
        let imported = import_stream(&services, people, move |done| progress.set_position(done as u64)).await?;
        writing.finish_and_clear();
        match imported {
            Err(ImportRefused::Taken(_)) => {
                bail!(refused(number.load(Ordering::SeqCst), TAKEN))
            }
            Err(ImportRefused::Source(error)) => Err(error),
            Ok(imported) if self.json => output::json(&Answer { imported }),
            Ok(imported) => {
                output::line(&format!("imported {imported} people"));
                Ok(())
            }
        }
    }
}

/// Reads every line, and keeps nothing of it but the office's id and a trace of the address.
async fn check(services: &Services, file: &mut ImportFile, length: u64) -> Result<Checked> {
    let reading = bar(length, "reading {bar:30} {bytes}/{total_bytes} {eta}");
    let (mut people, mut offices, mut seen, mut asked) = (0_u64, HashMap::new(), Seen::default(), Vec::new());
    while let Some((number, line)) = file.next_line()? {
        if let Some(first) = seen.earlier(&line.email, number) {
            bail!(refused(number, &format!("email: the same address as in line {first}")));
        }
        if let Entry::Vacant(new) = offices.entry(line.office) {
            let id = find(services, new.key()).await?.map_err(|reason| refused(number, reason))?;
            new.insert(id);
        }
        people += 1;
        asked.push((number, line.email));
        if asked.len() == ASKED_AT_ONCE {
            none_taken(services, std::mem::take(&mut asked)).await?;
            reading.set_position(file.position()?);
        }
    }
    none_taken(services, asked).await?;
    reading.finish_and_clear();
    Ok(Checked { people, offices })
}

/// Refuses the first of the lines whose address has an account already.
async fn none_taken(services: &Services, lines: Vec<(usize, EmailAddress)>) -> Result<()> {
    let emails = lines.iter().map(|(_, email)| email.clone()).collect();
    let taken = taken_addresses(services, emails).await?;
    match lines.iter().find(|(_, email)| taken.contains(email)) {
        Some((number, _)) => Err(refused(*number, TAKEN)),
        None => Ok(()),
    }
}

/// The people of the second reading; `at` holds the number of the line that was read last. A file
/// that was changed between the readings is checked as well as before.
fn people(
    mut file: ImportFile,
    offices: HashMap<String, OfficeId>,
    at: Arc<AtomicUsize>,
) -> impl Iterator<Item = Result<ImportedUser>> + Send {
    let user = move |number: usize, line: Line| {
        at.store(number, Ordering::SeqCst);
        let Line { email, name, office, role, password_hash, totp_key } = line;
        let office = *offices.get(&office).ok_or_else(|| refused(number, "the file has changed"))?;
        Ok(ImportedUser { email, name, office, role, password_hash, totp_key })
    };
    std::iter::from_fn(move || Some(file.next_line().transpose()?.and_then(|(number, line)| user(number, line))))
}

async fn find(services: &Services, which: &str) -> Result<Result<OfficeId, &'static str>> {
    Ok(match find_office(services, which).await? {
        FindOffice::Found(office) => Ok(office.id),
        FindOffice::None => Err("office: no office has this id or name"),
        FindOffice::Several => Err("office: several offices have this name; give the id"),
    })
}
