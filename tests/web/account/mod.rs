//! The member's own pages.

mod activity;
mod email;
mod ended;
mod links;
mod offices;
mod password;
mod profile;
mod proofs;
mod session_limits;
mod sessions;
