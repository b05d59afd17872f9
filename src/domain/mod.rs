//! The rules of Hikae: pure values and functions. No HTTP, no SQL, no async, and no clock or
//! random source of its own: time and randomness come in as arguments.

pub mod attempts;
pub mod audit;
pub mod audit_kind;
pub mod client;
pub mod email;
pub mod ids;
pub mod invitation;
pub mod language;
pub mod link;
pub mod member_list;
pub mod message;
pub mod office;
pub mod password;
pub mod plan;
pub mod rate;
pub mod sealed;
pub mod spreadsheet;
pub mod time;
pub mod token;
pub mod two_factor;
