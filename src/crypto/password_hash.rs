//! Stored password hashes: Argon2id in PHC form, or bcrypt from an import until the next sign-in.

use std::fmt;

use argon2::{Algorithm, Argon2, Params, Version};
use data_encoding::BASE64_NOPAD;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::hash_memory::HashMemory;
use super::hashing::HashCost;
use crate::fault::Fault;

const TAG_BYTES: usize = 32;
/// With the bounds of [`HashCost`], what a hash from elsewhere may cost: no import stalls sign-ins.
const MAX_LANES: u32 = 8;
const MAX_BCRYPT_COST: u32 = 14;

/// A stored hash of a known form.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

/// The text is no hash that Hikae can check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a usable password hash: Argon2id in PHC form or bcrypt is needed")]
pub struct UnknownHash;

/// What a check of a password found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Checked {
    Wrong,
    Right,
    /// Right, and the hash is to be made again at the current cost (SC-04).
    RightButOutdated,
}

struct Argon2Parts {
    params: Params,
    salt: Vec<u8>,
    tag: Vec<u8>,
}

impl PasswordHash {
    /// Reads a hash from outside and checks that it can be used.
    ///
    /// # Errors
    /// [`UnknownHash`] for any other form, or a cost out of bounds.
    pub fn parse(text: &str) -> Result<Self, UnknownHash> {
        let hash = Self(text.to_owned());
        if hash.is_bcrypt() {
            let cost = text.parse::<bcrypt::HashParts>().map_err(|_| UnknownHash)?.get_cost();
            return if cost <= MAX_BCRYPT_COST { Ok(hash) } else { Err(UnknownHash) };
        }
        let params = hash.argon2_parts().ok_or(UnknownHash)?.params;
        let fits = HashCost::stored(params.m_cost(), params.t_cost()).is_ok() && params.p_cost() <= MAX_LANES;
        if fits { Ok(hash) } else { Err(UnknownHash) }
    }

    /// A hash read back from the database.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The hash as the database holds it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn is_bcrypt(&self) -> bool {
        ["$2a$", "$2b$", "$2x$", "$2y$"].iter().any(|prefix| self.0.starts_with(prefix))
    }

    fn argon2_parts(&self) -> Option<Argon2Parts> {
        let parsed = argon2::PasswordHash::new(&self.0).ok()?;
        if parsed.algorithm != argon2::ARGON2ID_IDENT || parsed.version.is_some_and(|version| version != 0x13) {
            return None;
        }
        let params = Params::try_from(&parsed).ok()?;
        let (salt, tag) = (parsed.salt?.as_ref().to_vec(), parsed.hash?.as_bytes().to_vec());
        (tag.len() >= 16 && salt.len() >= 8).then_some(Argon2Parts { params, salt, tag })
    }

    /// Hashes `password` anew. Costs one hash.
    pub(super) fn make(
        password: &[u8],
        salt: [u8; 16],
        cost: HashCost,
        memory: &mut HashMemory,
    ) -> Result<Self, Fault> {
        let mut tag = [0; TAG_BYTES];
        run(cost.params(TAG_BYTES)?, None, password, &salt, &mut tag, memory)?;
        Ok(Self(format!(
            "$argon2id$v=19$m={},t={},p=1${}${}",
            cost.memory_kib(),
            cost.passes(),
            BASE64_NOPAD.encode(&salt),
            BASE64_NOPAD.encode(&tag)
        )))
    }

    /// Checks a password. Costs one hash of the stored kind, which has bounds: a row that was bent to
    /// ask for all memory there is must not take the process with it.
    pub(super) fn check(&self, password: &[u8], cost: HashCost, memory: &mut HashMemory) -> Result<Checked, Fault> {
        Self::parse(&self.0).map_err(|_| Fault::Corrupt("a password hash"))?;
        if self.is_bcrypt() {
            let right = !password.is_empty()
                && bcrypt::verify(password, &self.0).map_err(|_| Fault::Corrupt("a bcrypt hash"))?;
            return Ok(if right { Checked::RightButOutdated } else { Checked::Wrong });
        }
        let parts = self.argon2_parts().ok_or(Fault::Corrupt("a password hash"))?;
        let current = parts.params.m_cost() >= cost.memory_kib() && parts.params.t_cost() >= cost.passes();
        let mut tag = Zeroizing::new(vec![0; parts.tag.len()]);
        run(parts.params, None, password, &parts.salt, &mut tag, memory)?;
        let right = bool::from(tag.ct_eq(&parts.tag)) && !password.is_empty();
        Ok(match (right, current) {
            (false, _) => Checked::Wrong,
            (true, true) => Checked::Right,
            (true, false) => Checked::RightButOutdated,
        })
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// One Argon2id run.
pub(super) fn run(
    params: Params,
    secret: Option<&[u8]>,
    input: &[u8],
    salt: &[u8],
    out: &mut [u8],
    memory: &mut HashMemory,
) -> Result<(), Fault> {
    let blocks = params.block_count();
    let engine = match secret {
        Some(secret) => Argon2::new_with_secret(secret, Algorithm::Argon2id, Version::V0x13, params)
            .map_err(|_| Fault::Crypto("hash key"))?,
        None => Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
    };
    let result = engine.hash_password_into_with_memory(input, salt, out, memory.blocks(blocks));
    result.map_err(|_| Fault::Crypto("hashing"))
}

#[cfg(test)]
mod tests {
    use argon2::{AssociatedData, ParamsBuilder};
    use data_encoding::HEXLOWER;

    use super::super::hash_cost::BadCost;
    use super::*;

    #[test]
    fn the_vector_of_rfc_9106_holds() {
        let mut params = ParamsBuilder::new();
        params.m_cost(32).t_cost(3).p_cost(4).output_len(32).data(AssociatedData::new(&[4; 12]).unwrap());
        let mut tag = [0; 32];
        run(params.build().unwrap(), Some(&[3; 8]), &[1; 32], &[2; 16], &mut tag, &mut HashMemory::left_behind(32))
            .unwrap();
        assert_eq!(HEXLOWER.encode(&tag), "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
    }

    /// The hashes were made with the reference implementation in C. An engine that made others
    /// would lock everybody out.
    #[test]
    fn passwords_are_hashed_as_the_reference_implementation_hashes_them() {
        // Memory that still holds another hash changes nothing.
        let memory = &mut HashMemory::left_behind(19_456);
        let made = PasswordHash::make("紙の控え".as_bytes(), [7; 16], HashCost::default(), memory).unwrap();
        assert_eq!(
            made.as_str(),
            "$argon2id$v=19$m=19456,t=2,p=1$BwcHBwcHBwcHBwcHBwcHBw$EOm67BgS9D3PkX8syofQAkPsrOjNWHHNuaXP2gKKNrw"
        );
        let four_lanes =
            "$argon2id$v=19$m=4096,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$GI2cHQQaOHTtGx9KP4m2d9r6CjKnXrzgeZrrBhJsH20";
        let imported = PasswordHash::parse(four_lanes).unwrap();
        let checked = imported.check(b"imported word", HashCost::default(), memory).unwrap();
        assert_eq!(checked, Checked::RightButOutdated);
    }

    #[test]
    fn what_may_be_set_can_be_checked_again() {
        let tag = "$BwcHBwcHBwcHBwcHBwcHBw$EOm67BgS9D3PkX8syofQAkPsrOjNWHHNuaXP2gKKNrw";
        for (memory_kib, passes) in [(19_456, 2), (19_456, 16), (262_144, 2), (262_144, 16)] {
            HashCost::new(memory_kib, passes).unwrap();
            PasswordHash::parse(&format!("$argon2id$v=19$m={memory_kib},t={passes},p=1{tag}")).unwrap();
        }
        for (memory_kib, passes) in [(19_456, 17), (262_145, 2)] {
            assert_eq!(HashCost::new(memory_kib, passes), Err(BadCost));
            assert!(PasswordHash::parse(&format!("$argon2id$v=19$m={memory_kib},t={passes},p=1{tag}")).is_err());
        }
    }

    #[test]
    fn a_stored_hash_that_asks_for_everything_is_a_fault_and_is_not_made() {
        for bent in [
            "$argon2id$v=19$m=4294967295,t=2,p=1$BwcHBwcHBwcHBwcHBwcHBw$EOm67BgS9D3PkX8syofQAkPsrOjNWHHNuaXP2gKKNrw",
            "$argon2id$v=19$m=19456,t=4294967295,p=1$BwcHBwcHBwcHBwcHBwcHBw$EOm67BgS9D3PkX8syofQAkPsrOjNWHHNuaXP2gKKNrw",
            "$2b$31$abcdefghijklmnopqrstuuXr3K8UyJOv9dVhsoUe3Aqc0bfsLBGVG",
            "",
        ] {
            let checked = PasswordHash::from_stored(bent.to_owned()).check(
                b"word",
                HashCost::default(),
                &mut HashMemory::left_behind(32),
            );
            assert!(matches!(checked, Err(Fault::Corrupt(_))), "{bent}");
        }
    }
}
