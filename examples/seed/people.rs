//! People to measure with: whole accounts with real hashes, made in bulk. All of them share one
//! password, one authenticator and the digits of one sheet, so that twelve slow hashes are enough
//! for a million.

use std::collections::HashSet;
use std::fmt::{self, Write as _};

use data_encoding::HEXLOWER;
use diesel::connection::SimpleConnection;
use hikae::crypto::hashing::{CodeBasis, CodeKey};
use hikae::crypto::keys::Purpose;
use hikae::crypto::password_hash::PasswordHash;
use hikae::domain::ids::{GenerationId, OfficeId, SetUpId, UserId};
use hikae::domain::member_list::fold;
use hikae::domain::office::{Name, Role};
use hikae::domain::password::Password;
use hikae::domain::plan::Plan;
use hikae::domain::two_factor::backup_code::{BackupCode, PER_SHEET};
use hikae::domain::two_factor::sheet::SheetId;
use hikae::domain::two_factor::totp::TotpKey;
use hikae::fault::Fault;
use hikae::service::Services;
use hikae::service::operator::add_office;
use hikae::store::{AnyConnection, Tx, first_start};

pub const PASSWORD: &str = "紙の控えは金庫の中";
/// The authenticator of everybody who has one: RFC 6238's own key.
pub const KEY: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
/// People in one office, its one administrator included; the first has those beside the crowd as well.
pub const OFFICE: usize = 10_000;
/// Rows in one statement.
const ROWS: usize = 250;

/// The digits of a code of everybody's sheet, from 1 to 10.
pub fn code(number: usize) -> String {
    format!("{:09}", number * 11_111_111)
}

/// The address of a person of the crowd. Every tenth thousand administers the office.
pub fn member(index: usize) -> String {
    format!("member{index}@example.jp")
}

/// The address of somebody with a sheet of ten codes whom nobody has used yet.
pub fn with_codes(index: usize) -> String {
    format!("codes{index}@example.jp")
}

/// The address of somebody with an authenticator and no sheet.
pub fn without_codes(index: usize) -> String {
    format!("none{index}@example.jp")
}

/// How many of each kind there are to be.
#[derive(Clone, Copy)]
pub struct Numbers {
    /// Offices full of them: half with an authenticator and ten codes, half with a password alone.
    pub members: usize,
    pub with_codes: usize,
    pub without_codes: usize,
}

/// A person to be added.
struct Person {
    email: String,
    name: String,
    office: OfficeId,
    role: Role,
    second_factor: SecondFactor,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum SecondFactor {
    Off,
    /// An authenticator alone.
    On,
    WithSheet,
}

/// What everybody shares.
struct Shared {
    hash: PasswordHash,
    key: TotpKey,
    basis: CodeBasis,
    codes: Vec<CodeKey>,
}

impl Shared {
    async fn make(services: &Services) -> Result<Self, Fault> {
        let mut random = services.random.clone();
        let hash = services.gate.hash_password(Password::typed(PASSWORD), random.bytes()).await?;
        let basis = CodeBasis { salt: random.bytes(), key_id: services.keys.active_id(), cost: services.gate.cost() };
        let pepper = services.keys.derive(&basis.key_id, Purpose::BackupCodes)?;
        let mut codes = Vec::new();
        for number in 1..=PER_SHEET {
            let code = BackupCode::from_digits(&code(number)).expect("a code");
            codes.push(services.gate.code_key(&code, &basis, pepper.clone()).await?);
        }
        Ok(Self { hash, key: TotpKey::from_base32(KEY).expect("a key"), basis, codes })
    }
}

/// Fills an empty database, past the import and its trail: many rows in one statement, which on
/// PostgreSQL is a hundred times as quick. Gives the first office, in which the first member is
/// administrator.
///
/// # Errors
/// [`Fault`] of the database.
pub async fn seed(services: &Services, numbers: Numbers) -> Result<OfficeId, Fault> {
    let mut offices = Vec::new();
    for number in 1..=numbers.members.div_ceil(OFFICE) {
        offices.push(office(services, &format!("事業所 {number}")).await?);
    }
    let first = match offices.first() {
        Some(first) => *first,
        None => office(services, "計測").await?,
    };
    let members = (0..numbers.members).map(move |index| Person {
        email: member(index),
        name: format!("名簿 {}", index * 7_919 % OFFICE),
        office: offices[index / OFFICE],
        role: if index % OFFICE == 0 { Role::Admin } else { Role::General },
        second_factor: if index % 2 == 0 { SecondFactor::WithSheet } else { SecondFactor::Off },
    });
    let other = move |email, second_factor| Person {
        email,
        name: "控 花子".to_owned(),
        office: first,
        role: Role::General,
        second_factor,
    };
    let with_codes = (0..numbers.with_codes).map(move |index| other(with_codes(index), SecondFactor::WithSheet));
    let without = (0..numbers.without_codes).map(move |index| other(without_codes(index), SecondFactor::On));
    let mut people = members.chain(with_codes).chain(without);

    let (with, shared) = (services.clone(), Shared::make(services).await?);
    services
        .db
        .write(move |tx| {
            if let AnyConnection::Sqlite(_) = **tx {
                // Keys are random: with little memory every row would fetch pages from the file again.
                tx.batch_execute("PRAGMA cache_size = -1000000")?;
            }
            let mut sheet_ids = HashSet::new();
            loop {
                let part: Vec<Person> = people.by_ref().take(ROWS).collect();
                if part.is_empty() {
                    break;
                }
                insert(tx, &with, &shared, &part, &mut sheet_ids)?;
            }
            first_start::close(tx)
        })
        .await?;
    Ok(first)
}

async fn office(services: &Services, name: &str) -> Result<OfficeId, Fault> {
    add_office(services, Name::parse(name).expect("a name"), Plan::CorporateStandard).await
}

/// `sheet_ids` are those in use: among half a million random ones some are the same now and then.
fn insert(
    tx: &mut Tx,
    services: &Services,
    shared: &Shared,
    people: &[Person],
    sheet_ids: &mut HashSet<String>,
) -> Result<(), Fault> {
    let (mut random, now, cost) = (services.random.clone(), services.clock.now().0, shared.basis.cost);
    let is_sqlite = matches!(**tx, AnyConnection::Sqlite(_));
    let bytes = |bytes: &[u8]| {
        let hex = HEXLOWER.encode(bytes);
        if is_sqlite { format!("X'{hex}'") } else { format!("'\\x{hex}'") }
    };
    let mut users = Rows::new("users (id, email, name, time_zone, password_hash, password_changed_at, created_at)");
    let mut attempts = Rows::new("attempts (user_id, turn, failures)");
    let mut memberships = Rows::new(
        "memberships (user_id, office_id, role, created_at, name_key, email, two_factor, codes_left, last_sign_in_at)",
    );
    let mut on = Rows::new("two_factors (user_id, set_up_id, key_id, sealed_key, code_salt, enabled_at)");
    let mut sheets =
        Rows::new("generations (id, user_id, set_up_id, number, sheet_id, key_id, memory_kib, passes, issued_at)");
    let mut tags = Rows::new("backup_codes (generation_id, number, salt, tag)");
    for Person { email, name, office, role, second_factor } in people {
        let (user, hash) = (UserId::random(&mut random), shared.hash.as_str());
        users.add(format_args!("{user}, '{email}', '{name}', 'Asia/Tokyo', '{hash}', {now}, {now}"));
        attempts.add(format_args!("{user}, 0, 0"));
        let (role, has_one, left) = match second_factor {
            SecondFactor::Off => (role.slug(), 0, -1),
            SecondFactor::On => (role.slug(), 1, -1),
            SecondFactor::WithSheet => (role.slug(), 1, 10),
        };
        let name_key = fold(name);
        memberships
            .add(format_args!("{user}, {office}, '{role}', {now}, '{name_key}', '{email}', {has_one}, {left}, 0"));
        if *second_factor == SecondFactor::Off {
            continue;
        }
        let set_up = SetUpId::random(&mut random);
        let context = format!("user {user} set-up {set_up}");
        let sealed = services.keys.seal(Purpose::TotpKey, &context, shared.key.reveal(), &mut random)?;
        let (key, salt, key_id) = (bytes(&sealed.ciphertext), bytes(&shared.basis.salt), &shared.basis.key_id);
        on.add(format_args!("{user}, {set_up}, '{key_id}', {key}, {salt}, {now}"));
        if *second_factor == SecondFactor::On {
            continue;
        }
        let (sheet, mut sheet_id) = (GenerationId::random(&mut random), SheetId::random(&mut random));
        while !sheet_ids.insert(sheet_id.as_str().to_owned()) {
            sheet_id = SheetId::random(&mut random);
        }
        let (sheet_id, memory, passes) = (sheet_id.as_str(), cost.memory_kib(), cost.passes());
        sheets.add(format_args!("{sheet}, {user}, {set_up}, 1, '{sheet_id}', '{key_id}', {memory}, {passes}, {now}"));
        for (number, code) in (1..).zip(&shared.codes) {
            let salt: [u8; 16] = random.bytes();
            let tag = code.tag(&salt, user, sheet, number);
            tags.add(format_args!("{sheet}, {number}, {}, {}", bytes(&salt), bytes(&tag)));
        }
    }
    for rows in [users, attempts, memberships, on, sheets, tags] {
        if rows.any {
            tx.batch_execute(&rows.statement)?;
        }
    }
    Ok(())
}

/// One statement for many rows.
struct Rows {
    statement: String,
    any: bool,
}

impl Rows {
    fn new(table: &str) -> Self {
        Self { statement: format!("INSERT INTO {table} VALUES "), any: false }
    }

    fn add(&mut self, row: fmt::Arguments) {
        let comma = if self.any { "," } else { "" };
        write!(self.statement, "{comma}({row})").expect("a text takes text");
        self.any = true;
    }
}
