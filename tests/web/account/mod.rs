//! The member's own pages.

mod activity;
mod email;
mod password;
mod profile;
mod sessions;
