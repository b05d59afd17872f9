//! The two-factor tab: set-up, sheets, release, plans.

pub mod check;
mod extension;
mod legacy;
mod plans;
mod recovered;
mod reissue;
mod release;
mod release_link;
mod set_up;
mod sheet;
mod sheet_seal;
mod traces;
