//! The black-box tests over HTTP, laid out as src/web: the URL of a feature names its file.

#[path = "../support/mod.rs"]
mod support;

mod account;
mod gallery;
mod guard;
mod help;
mod interleavings;
mod invitations;
mod login;
mod mails;
mod nodes;
mod offices;
mod pages;
mod password_reset;
mod races;
mod records;
mod setup;
mod two_factor;
