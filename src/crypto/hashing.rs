//! Slow hashing, all of it behind one gate: so many at once, so many waiting, and beyond that an
//! honest «busy» (SC-27). One hash needs 19 MiB and some 20 ms of one core; without the gate a
//! flood of sign-ins would take the memory and the machine.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::gate_counts::GateCounts;
pub use super::hash_cost::{BadCost, HashCost};
use super::hash_memory::HashMemory;
use super::password_hash::{self, Checked, PasswordHash};
use crate::domain::ids::{GenerationId, UserId};
use crate::domain::password::Password;
use crate::domain::two_factor::CODE_SALT_BYTES;
use crate::domain::two_factor::backup_code::{BackupCode, BackupCodeTag};
use crate::fault::Fault;
use crate::threads::Threads;

/// When whoever found the queue full may come back.
const BUSY_FOR: Duration = Duration::from_secs(2);

/// What all codes of a set-up are hashed with: one slow hash serves every sheet of the set-up.
#[derive(Clone, PartialEq, Eq)]
pub struct CodeBasis {
    pub salt: [u8; CODE_SALT_BYTES],
    pub key_id: String,
    pub cost: HashCost,
}

/// The slow hash of one code as typed, from which the tag of every row is a fast step away.
pub struct CodeKey(Zeroizing<[u8; 32]>);

impl CodeKey {
    /// The tag this code would have in that place.
    pub fn tag(&self, salt: &[u8], user: UserId, generation: GenerationId, number: u8) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice()).expect("HMAC takes a key of any length");
        mac.update(salt);
        mac.update(&user.as_i64().to_be_bytes());
        mac.update(&generation.as_i64().to_be_bytes());
        mac.update(&[number]);
        mac.finalize().into_bytes().into()
    }

    /// Whether the code is the one of that place, in constant time (SC-11).
    pub fn matches(&self, tag: &BackupCodeTag, user: UserId, generation: GenerationId, number: u8) -> bool {
        self.tag(&tag.salt, user, generation, number).ct_eq(&tag.tag).into()
    }
}

impl fmt::Debug for CodeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeKey(…)")
    }
}

/// Who waits for a hash.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Asker {
    /// Whoever has proven nothing yet: at the sign-in.
    Stranger,
    /// Whoever has proven a password, or holds a link or a session. These have as many places of their own:
    /// strangers who fill theirs do not stop an act half-way whose code is spent, nor the other way round.
    Known,
}

/// The one place where slow hashes are made.
pub struct HashGate {
    cost: HashCost,
    queue: usize,
    strangers: AtomicUsize,
    known: AtomicUsize,
    made: Arc<AtomicU64>,
    counts: GateCounts,
    threads: Threads<HashMemory>,
}

/// Counts one waiting caller for as long as it lives.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl HashGate {
    /// A gate for `width` hashes at once and `queue` waiting.
    pub fn new(width: usize, queue: usize, cost: HashCost) -> Self {
        let (width, keep, unwiped) = (width.max(1), cost.memory_kib() as usize, Arc::default());
        Self {
            cost,
            queue,
            strangers: AtomicUsize::new(0),
            known: AtomicUsize::new(0),
            made: Arc::default(),
            counts: GateCounts::default(),
            threads: Threads::new("hash", width, move || HashMemory::new(keep, Arc::clone(&unwiped))),
        }
    }

    /// The cost of new hashes.
    pub const fn cost(&self) -> HashCost {
        self.cost
    }

    /// How many hashes are made at once.
    pub const fn width(&self) -> usize {
        self.threads.width()
    }

    /// How many callers wait or are at work.
    pub fn load(&self) -> usize {
        self.strangers.load(Ordering::SeqCst) + self.known.load(Ordering::SeqCst)
    }

    /// How many may wait: of strangers, and of all others.
    pub const fn queue(&self) -> usize {
        self.queue
    }

    /// How many hashes are being made.
    pub fn in_use(&self) -> usize {
        self.threads.in_use()
    }

    /// Counts and times since the start.
    pub const fn counts(&self) -> &GateCounts {
        &self.counts
    }

    /// How many hashes have been made since the start.
    pub fn made(&self) -> u64 {
        self.made.load(Ordering::SeqCst)
    }

    /// Refuses a stranger while the queue is full, before anything is spent on an act that would be refused
    /// at the gate: in a flood, what is spent on the surplus is taken from the hashes.
    ///
    /// # Errors
    /// [`Fault::Busy`] beyond the queue.
    pub fn expect_room(&self) -> Result<(), Fault> {
        self.room_after(self.strangers.load(Ordering::SeqCst))
    }

    fn room_after(&self, before: usize) -> Result<(), Fault> {
        if before < self.width() + self.queue {
            return Ok(());
        }
        self.counts.refuse(self.width(), self.queue);
        Err(Fault::Busy { retry_after: BUSY_FOR })
    }

    /// Checks a password against a stored hash, or against nobody's in the same time (SC-51).
    ///
    /// # Errors
    /// [`Fault::Busy`] beyond the queue; [`Fault::Corrupt`] when the stored hash makes no sense.
    pub async fn check_password(
        &self,
        password: Password,
        hash: Option<PasswordHash>,
        asker: Asker,
    ) -> Result<Checked, Fault> {
        let cost = self.cost;
        self.run(asker, move |memory| match hash {
            Some(hash) => hash.check(password.as_bytes(), cost, memory),
            None => PasswordHash::make(password.as_bytes(), [0; 16], cost, memory).map(|_| Checked::Wrong),
        })
        .await
    }

    /// Hashes a new password.
    ///
    /// # Errors
    /// [`Fault::Busy`] beyond the queue.
    pub async fn hash_password(&self, password: Password, salt: [u8; 16]) -> Result<PasswordHash, Fault> {
        let cost = self.cost;
        self.run(Asker::Known, move |memory| PasswordHash::make(password.as_bytes(), salt, cost, memory)).await
    }

    /// The slow part of checking or making a backup code.
    ///
    /// # Errors
    /// [`Fault::Busy`] beyond the queue.
    pub async fn code_key(
        &self,
        code: &BackupCode,
        basis: &CodeBasis,
        pepper: Zeroizing<[u8; 32]>,
    ) -> Result<CodeKey, Fault> {
        let digits = Zeroizing::new(code.digits());
        let (salt, cost) = (basis.salt, basis.cost);
        self.run(Asker::Known, move |memory| {
            let mut key = Zeroizing::new([0; 32]);
            let params = cost.params(key.len())?;
            password_hash::run(params, Some(pepper.as_slice()), digits.as_bytes(), &salt, key.as_mut_slice(), memory)?;
            Ok(CodeKey(key))
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        asker: Asker,
        work: impl FnOnce(&mut HashMemory) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let waiting = match asker {
            Asker::Stranger => &self.strangers,
            Asker::Known => &self.known,
        };
        let before = waiting.fetch_add(1, Ordering::SeqCst);
        let _waiting = Waiting(waiting);
        self.room_after(before)?;
        let queued = Instant::now();
        let permit = self.threads.permit().await?;
        self.counts.wait.observe(queued.elapsed().as_secs_f64());
        let (made, seconds) = (self.made.clone(), self.counts.work.clone());
        // The permit is held until the hash is done, even when the caller has hung up: the gate stays
        // as narrow as it says.
        let hash = move |memory: &mut HashMemory| {
            let began = Instant::now();
            let result = work(memory);
            seconds.observe(began.elapsed().as_secs_f64());
            made.fetch_add(1, Ordering::SeqCst);
            result
        };
        self.threads.run(permit, hash).await
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;

    fn gate(width: usize, queue: usize) -> HashGate {
        HashGate::new(width, queue, HashCost::default())
    }

    fn basis(salt: u8) -> CodeBasis {
        CodeBasis { salt: [salt; 16], key_id: "k".into(), cost: HashCost::default() }
    }

    #[tokio::test]
    async fn a_password_is_checked_and_its_hash_renewed_when_the_cost_rises() {
        let hash = gate(1, 4).hash_password(Password::typed("紙の控え"), [7; 16]).await.unwrap();
        let check = async |gate: &HashGate, typed: &str| {
            gate.check_password(Password::typed(typed), Some(hash.clone()), Asker::Stranger).await.unwrap()
        };
        assert_eq!(check(&gate(1, 4), "紙の控え").await, Checked::Right);
        assert_eq!(check(&gate(1, 4), "紙の控").await, Checked::Wrong);
        let dearer = HashGate::new(1, 4, HashCost::new(19_456, 3).unwrap());
        assert_eq!(check(&dearer, "紙の控え").await, Checked::RightButOutdated);
    }

    #[tokio::test]
    async fn hashes_from_elsewhere_are_checked() {
        let bcrypt = PasswordHash::parse(&bcrypt::hash("imported word", 4).unwrap()).unwrap();
        for (typed, found) in [("imported word", Checked::RightButOutdated), ("another word", Checked::Wrong)] {
            let gate = gate(1, 4);
            let checked = gate.check_password(Password::typed(typed), Some(bcrypt.clone()), Asker::Stranger);
            assert_eq!(checked.await.unwrap(), found);
        }
        for bad in [
            "",
            "plain",
            "$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
            "$2b$31$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzabcde",
        ] {
            assert!(PasswordHash::parse(bad).is_err(), "{bad}");
        }
    }

    #[tokio::test]
    async fn a_code_is_worth_nothing_with_another_salt_key_or_place() {
        let gate = gate(2, 8);
        let code = BackupCode::from_digits("012345678").unwrap();
        let (user, generation) = (UserId::from_i64(1), GenerationId::from_i64(2));
        let key = async |salt: u8, pepper: u8| {
            gate.code_key(&code, &basis(salt), Zeroizing::new([pepper; 32])).await.unwrap()
        };
        let right = key(1, 1).await;
        let tag = BackupCodeTag { salt: [9; 16], tag: right.tag(&[9; 16], user, generation, 3) };
        assert!(right.matches(&tag, user, generation, 3));
        assert!(!key(2, 1).await.matches(&tag, user, generation, 3));
        assert!(!key(1, 2).await.matches(&tag, user, generation, 3));
        assert!(!right.matches(&tag, UserId::from_i64(9), generation, 3));
        assert!(!right.matches(&tag, user, GenerationId::from_i64(9), 3));
        assert!(!right.matches(&tag, user, generation, 4));
    }

    #[tokio::test]
    async fn beyond_the_queue_the_gate_says_busy_and_opens_again() {
        for asker in [Asker::Stranger, Asker::Known] {
            let gate = Arc::new(gate(1, 1));
            let hands: Vec<_> = (0..8)
                .map(|_| {
                    let gate = gate.clone();
                    tokio::spawn(async move { gate.check_password(Password::typed("some words"), None, asker).await })
                })
                .collect();
            let mut busy = 0;
            for hand in hands {
                match hand.await.unwrap() {
                    Err(Fault::Busy { .. }) => busy += 1,
                    other => assert!(other.is_ok()),
                }
            }
            assert_eq!(busy, 6);
            assert_eq!(gate.load(), 0);
        }
        let gate = gate(1, 1);
        assert!(gate.expect_room().is_ok());
        gate.strangers.store(2, Ordering::SeqCst);
        assert!(matches!(gate.expect_room(), Err(Fault::Busy { .. })));
        assert!(gate.hash_password(Password::typed("some words"), [1; 16]).await.is_ok());
        gate.strangers.store(0, Ordering::SeqCst);
        gate.known.store(2, Ordering::SeqCst);
        assert!(gate.expect_room().is_ok(), "whoever is known takes no stranger's place");
        assert!(gate.check_password(Password::typed("some words"), None, Asker::Stranger).await.is_ok());
    }

    /// How many blocks the memory of the gate's last thread has, all of them wiped.
    async fn wiped(gate: &HashGate) -> Option<usize> {
        let unwiped = gate.run(Asker::Known, |memory| Ok(memory.unwiped())).await.unwrap();
        let began = Instant::now();
        while unwiped.load(Ordering::SeqCst) > 0 {
            assert!(began.elapsed().as_secs() < 10, "memory is not wiped");
            tokio::task::yield_now().await;
        }
        gate.run(Asker::Known, |memory| Ok(memory.wiped())).await.unwrap()
    }

    #[tokio::test]
    async fn nothing_of_a_hash_stays_in_memory() {
        let gate = gate(2, 8);
        let code = BackupCode::from_digits("012345678").unwrap();
        gate.hash_password(Password::typed("紙の控え"), [7; 16]).await.unwrap();
        gate.code_key(&code, &basis(5), Zeroizing::new([9; 32])).await.unwrap();
        assert_eq!(wiped(&gate).await, Some(19_456));
    }

    #[tokio::test]
    async fn a_hash_that_panics_leaves_nothing_behind_and_the_gate_open() {
        let gate = gate(1, 4);
        let ended = gate.run::<()>(Asker::Known, |memory| {
            memory.blocks(8)[3].as_mut()[5] = 7;
            panic!("a fault in the middle of a hash");
        });
        assert!(matches!(ended.await, Err(Fault::TaskEnded)));
        assert_eq!(wiped(&gate).await, Some(8));
        assert!(gate.hash_password(Password::typed("some words"), [1; 16]).await.is_ok());
    }

    /// The key was made with the reference implementation in C. Another one would void every
    /// sheet that is out there.
    #[tokio::test]
    async fn codes_are_hashed_as_the_reference_implementation_hashes_them() {
        let code = BackupCode::from_digits("012345678").unwrap();
        let key = gate(1, 4).code_key(&code, &basis(5), Zeroizing::new([9; 32])).await.unwrap();
        let reference = "8dd95ef3ec6583fe7b3a5b74c9260cfc5b542b4cb925f77f44c929c9235aaf34";
        assert_eq!(HEXLOWER.encode(key.0.as_slice()), reference);
    }

    #[test]
    fn a_weak_cost_is_refused() {
        assert!(HashCost::new(19_455, 2).is_err());
        assert!(HashCost::new(19_456, 1).is_err());
        assert!(HashCost::new(65_536, 3).is_ok());
    }

    #[test]
    fn a_sheet_s_cost_may_be_of_another_day_but_not_beyond_reason() {
        assert_eq!(HashCost::stored(8, 1).unwrap().memory_kib(), 8);
        for (memory_kib, passes) in [(7, 1), (8, 0), (262_145, 2), (19_456, 17)] {
            assert!(HashCost::stored(memory_kib, passes).is_err(), "{memory_kib}, {passes}");
            assert!(HashCost::new(memory_kib, passes).is_err(), "{memory_kib}, {passes}");
        }
    }
}
