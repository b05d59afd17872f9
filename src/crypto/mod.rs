//! Cryptography: keys outside the database, sealing, and slow hashing behind one gate.

pub mod hashing;
pub mod keys;
pub mod password_hash;
pub mod sealing;
