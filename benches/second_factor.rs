//! What a sign-in costs beside its floor, one Argon2id hash, in the same run: password check,
//! backup-code check with none and with ten live codes, security-code check, issuing ten codes.
//!
//! `cargo bench --bench second_factor`; `DATABASE_URL=postgres://…` measures on PostgreSQL (an
//! empty database), otherwise a SQLite file in the temp folder is used.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use criterion::{Criterion, criterion_group, criterion_main};
use hikae::clock::Clock;
use hikae::crypto::hashing::{CodeBasis, HashCost, HashGate};
use hikae::crypto::keys::Purpose;
use hikae::crypto::password_hash::PasswordHash;
use hikae::domain::client::Client;
use hikae::domain::email::EmailAddress;
use hikae::domain::ids::UserId;
use hikae::domain::office::{Name, Role};
use hikae::domain::password::Password;
use hikae::domain::plan::Plan;
use hikae::domain::time::{Seconds, Timestamp};
use hikae::domain::two_factor::backup_code::BackupCode;
use hikae::domain::two_factor::sheet::IssuedSheet;
use hikae::domain::two_factor::totp::TotpKey;
use hikae::random::Randomness;
use hikae::service::access::{Identity, PasswordProven, SignedIn, identify};
use hikae::service::first_start::Inhabited;
use hikae::service::import_users::{ImportedUser, import_users};
use hikae::service::operator::add_office;
use hikae::service::pass_second_factor::{PassSecondFactor, pass_second_factor};
use hikae::service::recover_with_backup_code::{Recovery, recover_with_backup_code};
use hikae::service::reissue_backup_codes::{Reissue, reissue};
use hikae::service::sign_in::{Credentials, SignIn, sign_in};
use hikae::service::{Services, SessionLimits, open_keys};
use hikae::store::{DatabaseUrl, Db, attempts};
use tokio::runtime::Runtime;

const PASSWORD: &str = "紙の控えは金庫の中";
/// RFC 6238's own key.
const KEY: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const WITH_CODES: &str = "ten@example.jp";
const WITHOUT_CODES: &str = "none@example.jp";

struct World {
    services: Services,
    client: Client,
    _folder: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temp folder");
        let url = match std::env::var("DATABASE_URL") {
            Ok(url) => DatabaseUrl::Postgres(url),
            Err(_) => DatabaseUrl::Sqlite(folder.path().join("bench.db")),
        };
        let db = Db::open(&url, 8).await.expect("a database");
        db.migrate().await.expect("an empty database");
        let clock = Clock::manual(Timestamp(1_800_000_000));
        let mut random = Randomness::System;
        let keys = open_keys::open_keys(&db, &folder.path().join("key"), &mut random, clock.now()).await.expect("keys");
        let width = std::thread::available_parallelism().map_or(2, usize::from);
        let gate = Arc::new(HashGate::new(width, 64, HashCost::default()));
        let services = Services {
            db,
            clock,
            random,
            keys: Arc::new(keys),
            gate,
            sessions: SessionLimits::default(),
            inhabited: Inhabited::default(),
        };
        let client = Client { address: "192.0.2.1".parse().expect("an address"), device: "Bench".to_owned() };
        let world = Self { services, client, _folder: folder };
        world.people().await;
        world
    }

    async fn people(&self) {
        let office = add_office(&self.services, Name::parse("控").expect("a name"), Plan::CorporateStandard).await;
        let office = office.expect("an office");
        let hash = self.services.gate.hash_password(Password::typed(PASSWORD), [7; 16]).await.expect("a hash");
        let person = |email: &str| ImportedUser {
            email: EmailAddress::parse(email).expect("an address"),
            name: Name::parse("控 花子").expect("a name"),
            office,
            role: Role::General,
            password_hash: PasswordHash::parse(hash.as_str()).expect("a hash"),
            totp_key: Some(TotpKey::from_base32(KEY).expect("a key")),
        };
        let people = vec![person(WITH_CODES), person(WITHOUT_CODES)];
        import_users(&self.services, people, |_| {}).await.expect("a database").expect("an empty one");
    }

    fn code(&self) -> String {
        TotpKey::from_base32(KEY).expect("a key").code_at(self.services.clock.now())
    }

    async fn password_step(&self, email: &str, password: &str) -> SignIn {
        let credentials = Credentials { email: email.to_owned(), password: Password::typed(password) };
        sign_in(&self.services, credentials, None, &self.client).await.expect("no fault")
    }

    async fn proven(&self, email: &str) -> PasswordProven {
        let SignIn::SecondFactorNeeded(session) = self.password_step(email, PASSWORD).await else { panic!("no stage") };
        match identify(&self.services, &session).await.expect("no fault") {
            Identity::PasswordProven(proof) => proof,
            _ => panic!("no proof"),
        }
    }

    async fn signed_in(&self, email: &str) -> SignedIn {
        self.services.clock.turn(Seconds(30));
        let passed = pass_second_factor(&self.services, &self.proven(email).await, &self.code(), &self.client).await;
        let PassSecondFactor::Passed(session) = passed.expect("no fault") else { panic!("not passed") };
        match identify(&self.services, &session).await.expect("no fault") {
            Identity::SignedIn(me) => me,
            _ => panic!("not signed in"),
        }
    }

    async fn reissued(&self, me: &SignedIn) -> IssuedSheet {
        let Reissue::Issued(sheet, _) =
            reissue(&self.services, me, &self.code(), &self.client).await.expect("no fault")
        else {
            panic!("not issued")
        };
        sheet
    }

    async fn forgive(&self, user: UserId) {
        self.services.db.write(move |tx| attempts::clear(tx, user)).await.expect("no fault");
    }
}

/// Measures `act` alone, with `prepare` before each round.
async fn rounds<P, T>(n: u64, mut prepare: impl AsyncFnMut() -> P, mut act: impl AsyncFnMut(P) -> T) -> Duration {
    let mut total = Duration::ZERO;
    for _ in 0..n {
        let prepared = prepare().await;
        let start = Instant::now();
        black_box(act(prepared).await);
        total += start.elapsed();
    }
    total
}

fn floor(c: &mut Criterion) {
    let params = Params::new(19_456, 2, 1, Some(32)).expect("parameters");
    let mut memory = vec![Block::new(); params.block_count()];
    let engine = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    c.bench_function("floor: one Argon2id hash", |b| {
        b.iter(|| {
            let mut out = [0; 32];
            engine
                .hash_password_into_with_memory(PASSWORD.as_bytes(), &[7; 16], &mut out, &mut memory)
                .expect("a hash");
            black_box(out)
        });
    });
}

fn acts(c: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let world = runtime.block_on(World::new());
    let world = &world;
    // Far enough for every limit to have forgotten the round before.
    let later = async || world.services.clock.turn(Seconds::hours(2));

    for (name, email) in [("a wrong password", WITH_CODES), ("an unknown address", "nobody@example.jp")] {
        c.bench_function(&format!("password step, {name}"), |b| {
            b.iter_custom(|n| {
                runtime.block_on(rounds(n, later, async |()| world.password_step(email, "another word").await))
            });
        });
    }
    c.bench_function("password step, right", |b| {
        b.iter_custom(|n| {
            runtime.block_on(rounds(n, later, async |()| world.password_step(WITH_CODES, PASSWORD).await))
        });
    });

    let me = runtime.block_on(world.signed_in(WITH_CODES));
    c.bench_function("issuing ten codes", |b| {
        b.iter_custom(|n| {
            let next = async || world.services.clock.turn(Seconds(30));
            runtime.block_on(rounds(n, next, async |()| world.reissued(&me).await))
        });
    });

    // The floor of a backup-code step under the same conditions: the same wait before it, the same
    // way through the gate, and nothing else.
    let basis = CodeBasis {
        salt: [7; 16],
        key_id: world.services.keys.active_id().to_owned(),
        cost: world.services.gate.cost(),
    };
    let pepper = world.services.keys.derive(&basis.key_id, Purpose::BackupCodes).expect("a key");
    let code = BackupCode::from_digits("000000000").expect("a code");
    c.bench_function("floor of a backup-code step: its hash alone", |b| {
        b.iter_custom(|n| {
            let ready = async || {
                let proof = world.proven(WITH_CODES).await;
                world.forgive(proof.user()).await;
            };
            runtime.block_on(rounds(n, ready, async |()| {
                world.services.gate.code_key(&code, &basis, pepper.clone()).await
            }))
        });
    });

    for (name, email) in [("none", WITHOUT_CODES), ("ten", WITH_CODES)] {
        c.bench_function(&format!("backup-code step, wrong, {name} live"), |b| {
            b.iter_custom(|n| {
                let ready = async || {
                    let proof = world.proven(email).await;
                    world.forgive(proof.user()).await;
                    proof
                };
                runtime.block_on(rounds(n, ready, async |proof| {
                    recover_with_backup_code(&world.services, &proof, "000 000 000", &world.client).await
                }))
            });
        });
    }
    c.bench_function("backup-code step, right", |b| {
        b.iter_custom(|n| {
            let ready = async || {
                world.services.clock.turn(Seconds(30));
                let sheet = world.reissued(&me).await;
                (world.proven(WITH_CODES).await, sheet.codes[0].digits())
            };
            runtime.block_on(rounds(n, ready, async |(proof, code)| {
                let recovered = recover_with_backup_code(&world.services, &proof, &code, &world.client).await;
                assert!(matches!(recovered, Ok(Recovery::Recovered { .. })));
            }))
        });
    });

    for (name, right) in [("right", true), ("wrong", false)] {
        c.bench_function(&format!("security-code step, {name}"), |b| {
            b.iter_custom(|n| {
                let ready = async || {
                    world.services.clock.turn(Seconds(30));
                    let proof = world.proven(WITH_CODES).await;
                    world.forgive(proof.user()).await;
                    (proof, if right { world.code() } else { "000000".to_owned() })
                };
                runtime.block_on(rounds(n, ready, async |(proof, code)| {
                    pass_second_factor(&world.services, &proof, &code, &world.client).await
                }))
            });
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(30).measurement_time(Duration::from_secs(5)).warm_up_time(Duration::from_secs(1)).without_plots();
    targets = floor, acts
}
criterion_main!(benches);
