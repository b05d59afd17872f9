//! Where randomness comes from: the operating system (SC-01), or a seeded generator that is
//! handed in where a run must be the same every time.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use rand::rngs::{StdRng, SysRng};
use rand::{Rng, SeedableRng, TryCryptoRng, TryRng};

/// A source of random bytes for secrets.
#[derive(Clone, Debug)]
pub enum Randomness {
    System,
    /// For reproducible runs only: never for real secrets.
    Seeded(Arc<Mutex<StdRng>>),
}

impl Randomness {
    /// A source that gives the same bytes every time.
    pub fn seeded(seed: u64) -> Self {
        Randomness::Seeded(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill_bytes(&mut bytes);
        bytes
    }
}

impl TryRng for Randomness {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(self.bytes()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(self.bytes()))
    }

    /// # Panics
    /// When the operating system gives no random bytes: there is nothing safe left to do, and
    /// the request ends with an error page.
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        match self {
            Randomness::System => SysRng.try_fill_bytes(bytes).expect("the operating system gives random bytes"),
            Randomness::Seeded(generator) => {
                generator.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes);
            }
        }
        Ok(())
    }
}

impl TryCryptoRng for Randomness {}
