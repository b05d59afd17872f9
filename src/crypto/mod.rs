//! Cryptography: keys outside the database, sealing, and slow hashing behind one gate.

pub mod gate_counts;
mod hash_cost;
mod hash_memory;
pub mod hashing;
mod key_file;
pub mod keys;
pub mod password_hash;
pub mod sealing;
