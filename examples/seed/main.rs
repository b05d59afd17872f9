//! Fills an empty database with people to measure or to try things out with.
//!
//! `cargo run --release --example seed -- 1000000`, with the settings of `hikae serve` in the
//! environment (`HIKAE_DATA_DIR`, `DATABASE_URL`): `member0@example.jp` administers the first
//! office. Everybody's password, authenticator and codes stand in `people.rs`.

mod people;

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::{Context, Result};
use hikae::app::{Schema, open_services};
use hikae::clock::Clock;
use hikae::random::Randomness;
use hikae::settings::{Layer, Settings};
use people::Numbers;

#[tokio::main]
async fn main() -> Result<()> {
    let members = std::env::args().nth(1).and_then(|number| number.parse().ok());
    let members: usize = members.context("say how many people there are to be")?;
    let variables: BTreeMap<String, String> = std::env::vars().collect();
    let settings = Settings::load(Layer::default(), None, &variables)?;
    let services = open_services(&settings, Schema::Migrate, Clock::System, Randomness::System).await?;
    let began = Instant::now();
    let numbers = Numbers { members, with_codes: 0, without_codes: 0 };
    let office = people::seed(&services, numbers).await?;
    eprintln!(
        "{members} people in {:.1} s, the first {} of them in office {office}",
        began.elapsed().as_secs_f64(),
        members.min(people::OFFICE)
    );
    eprintln!(
        "password {}, authenticator {}, codes {} to {}",
        people::PASSWORD,
        people::KEY,
        people::code(1),
        people::code(10)
    );
    for (address, who) in [(people::member(0), "administrator"), (people::member(1), "no authenticator")] {
        eprintln!("{address}: {who}");
    }
    Ok(())
}
