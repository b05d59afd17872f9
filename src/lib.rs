//! Hikae (控え): a self-hosted account portal with two-factor authentication and backup codes on
//! paper. The map of the house:

pub mod app; // everything put together
pub mod cli; // the operator's commands
pub mod clock; // what time it is, handed in
pub mod crypto; // keys, sealing, slow hashing
pub mod domain; // the rules: pure values and functions
pub mod fault; // what can go wrong that is nobody's refusal
pub mod i18n; // the words of pages and mails, in Japanese and English
pub mod logging; // log lines that nothing can forge
pub mod mail; // what people are told, and how it reaches them
pub mod pdf; // the sheet of codes, in words and as a document
pub mod random; // where randomness comes from, handed in
pub mod service; // the acts: one file per act
pub mod settings; // file, environment, flags; what is not understood refuses
pub mod store; // every SQL statement, and the two doors to the database
pub mod threads; // who does what blocks: whoever did it last
pub mod web; // HTTP: parse, one act, render
