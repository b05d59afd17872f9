//! What a slow hash costs, within what is safe and what is sane.

use argon2::Params;

use crate::fault::Fault;

/// What one hash costs, with one lane. New hashes are made with no less than m = 19456 KiB, t = 2 (SC-04).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HashCost {
    memory_kib: u32,
    passes: u32,
}

/// The cost is below what OWASP's password storage guidance asks for, or out of all proportion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Argon2id needs at least 19456 KiB and 2 passes, and at most 262144 KiB and 16 passes")]
pub struct BadCost;

/// The most that a hash may cost, whoever made it: what may be set can be checked again, and neither an
/// import nor a row that was bent can ask for all memory there is.
const MAX_MEMORY_KIB: u32 = 256 * 1024;
const MAX_PASSES: u32 = 16;

impl Default for HashCost {
    fn default() -> Self {
        Self { memory_kib: 19_456, passes: 2 }
    }
}

impl HashCost {
    /// A cost of `memory_kib` KiB and `passes` passes.
    ///
    /// # Errors
    /// [`BadCost`] below the minimum or beyond reason.
    pub fn new(memory_kib: u32, passes: u32) -> Result<Self, BadCost> {
        let minimum = Self::default();
        if memory_kib < minimum.memory_kib || passes < minimum.passes {
            return Err(BadCost);
        }
        Self::stored(memory_kib, passes)
    }

    /// The cost that a hash was made with, as it stands beside it. There is no minimum: a sheet outlives
    /// the day on which the minimum is raised.
    ///
    /// # Errors
    /// [`BadCost`] beyond reason, or below what Argon2 can do (RFC 9106, 3.1).
    pub fn stored(memory_kib: u32, passes: u32) -> Result<Self, BadCost> {
        let fits = (Params::MIN_M_COST..=MAX_MEMORY_KIB).contains(&memory_kib)
            && (Params::MIN_T_COST..=MAX_PASSES).contains(&passes);
        if fits { Ok(Self { memory_kib, passes }) } else { Err(BadCost) }
    }

    pub const fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    pub const fn passes(self) -> u32 {
        self.passes
    }

    pub(super) fn params(self, output: usize) -> Result<Params, Fault> {
        Params::new(self.memory_kib, self.passes, 1, Some(output)).map_err(|_| Fault::Crypto("hash parameters"))
    }
}
