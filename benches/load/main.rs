//! What Hikae costs: its release binary, started as an operator starts it, on a database of its own
//! filled with people, asked over HTTP; its CPU time read from outside, beside one Argon2id hash
//! in the same minute. docs/performance.md has the figures.
//!
//! `cargo bench --bench load -- [sqlite|postgres] [--people 10,1000000] [--rounds 12] [--only TEXT] [--cold] [part …]`;
//! parts: `journeys`, `memory`, `start`, `flood`; all of them unless some are named. `--only` leaves out
//! journeys without that text in their name; `--cold` empties the caches before each step of a sign-in or reissue.
//! `LOAD_PROGRAM` measures another binary than the one just built.

mod flood;
mod floor;
mod http;
mod journeys;
#[path = "../../examples/seed/people.rs"]
mod people;
#[path = "../../tests/support/postgres.rs"]
mod postgres;
mod process;
mod server;
mod visitor;

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use floor::Floor;
use journeys::{ALL, Cast, Journey};
use people::Numbers;
use process::{Spent, memory};
use server::{Database, Place, Server};

/// Idle, for the reading of memory.
const IDLE: Duration = Duration::from_secs(3);
const STARTS: usize = 9;
/// Bare hashes before and after each journey of a round.
const HASHES: u32 = 8;

struct Wanted {
    database: Database,
    people: Vec<usize>,
    rounds: usize,
    /// What the names of the wanted journeys have in them.
    only: String,
    /// Whether each request finds the caches emptied by a hash, as the work around a hash does.
    cold: bool,
    parts: Vec<String>,
}

impl Wanted {
    fn read(arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut wanted = Self {
            database: Database::Sqlite,
            people: vec![10_000],
            rounds: 12,
            only: String::new(),
            cold: false,
            parts: Vec::new(),
        };
        let mut arguments = arguments.filter(|argument| argument != "--bench");
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "sqlite" => wanted.database = Database::Sqlite,
                "postgres" => wanted.database = Database::Postgres,
                "--people" => {
                    let list = arguments.next().context("how many?")?;
                    wanted.people = list.split(',').map(str::parse).collect::<Result<_, _>>()?;
                }
                "--only" => wanted.only = arguments.next().context("which?")?,
                "--cold" => wanted.cold = true,
                "--rounds" => wanted.rounds = arguments.next().context("how many?")?.parse()?,
                "journeys" | "memory" | "start" | "flood" => wanted.parts.push(argument),
                _ => bail!("not understood: {argument}"),
            }
        }
        Ok(wanted)
    }

    fn wants(&self, part: &str) -> bool {
        self.parts.is_empty() || self.parts.iter().any(|wanted| wanted == part)
    }
}

/// What one journey cost, each figure once a round.
#[derive(Default)]
struct Cost {
    hikae: Vec<f64>,
    postgres: Vec<f64>,
    wall: Vec<f64>,
    /// Beside the hash of the same round.
    hashes: Vec<f64>,
    beyond: Vec<f64>,
    /// On all threads but those that hash.
    beside_hashing: Vec<f64>,
    /// What sending its mail takes afterwards.
    mailing: Vec<f64>,
}

/// The mean, and how far off it may well be: the standard error.
fn mean(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, (squares / (count - 1.0) / count).sqrt())
}

fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    if std::env::args().any(|argument| argument == floor::ARGUMENT) {
        return floor::work();
    }
    let wanted = Wanted::read(std::env::args().skip(1))?;
    if wanted.wants("start") {
        let place = Place::make(wanted.database, "nobody", None).await?;
        println!("start with nobody: {}", starts(&place).await?);
    }
    let mut smallest: Option<Vec<f64>> = None;
    for &members in &wanted.people {
        let journeys = 45 * (wanted.rounds + 1);
        let numbers = Numbers { members, with_codes: journeys, without_codes: journeys };
        let place = Place::make(wanted.database, &format!("people_{members}"), Some(numbers)).await?;
        println!("\n## {members} people\n");
        if wanted.wants("start") {
            println!("start: {}", starts(&place).await?);
        }
        if wanted.wants("journeys") || wanted.wants("memory") {
            let costs = journeys_and_memory(&wanted, &place, members).await?;
            table(&costs, smallest.as_deref());
            smallest.get_or_insert_with(|| costs.iter().map(|(_, cost)| median(&cost.hashes)).collect());
        }
        if wanted.wants("flood") {
            let server = place.serve().await?;
            tell(&flood::flood(server.port, journeys - 1).await?);
            tell_memory("after the flood", &server);
            server.stop()?;
        }
    }
    Ok(())
}

async fn starts(place: &Place) -> Result<String> {
    let mut times = Vec::new();
    place.serve().await?.stop()?; // the first one migrates, and brings the files into memory
    for _ in 0..STARTS {
        let server = place.serve().await?;
        times.push(server.first_answer.as_secs_f64() * 1e3);
        server.stop()?;
    }
    let slowest = times.iter().copied().fold(0.0, f64::max);
    Ok(format!("{:.1} ms to the first answer (median of {STARTS}, slowest {slowest:.1} ms)", median(&times)))
}

fn tell_memory(when: &str, server: &Server) {
    let memory = memory(server.process());
    println!(
        "memory {when}: {:.1} MB, of which {:.1} MB its own; at most {:.1} MB",
        memory.now, memory.own, memory.peak
    );
}

async fn journeys_and_memory(wanted: &Wanted, place: &Place, members: usize) -> Result<Vec<(Journey, Cost)>> {
    let server = place.serve().await?;
    tokio::time::sleep(IDLE).await;
    tell_memory("idle, after the first answer", &server);
    let office = place.office.context("an office")?.to_string();
    let mut cast = Cast::new(server.port, members, office).await?;
    let mut floor = Floor::start()?;
    let chosen = ALL.into_iter().filter(|journey| journey.name().contains(&wanted.only));
    let mut costs: Vec<(Journey, Cost)> = chosen.map(|journey| (journey, Cost::default())).collect();
    let mut hashes = Vec::new();
    let cores = u32::try_from(std::thread::available_parallelism()?.get())?;
    for round in 0..=wanted.rounds {
        for (journey, cost) in &mut costs {
            let journey = *journey;
            let mut visitors = cast.ready(journey).await?;
            // Hashes in a row beside journeys in a row, before and after: a machine that is slow for a
            // second is slow for both.
            let at_once = journey.hashes_at_once(cores);
            let hash = floor.hash(HASHES, at_once)?;
            let (hikae, backends) = ([server.process()], server.backends());
            if journey.is_mailed() {
                Spent::next_turn(server.process())?;
            }
            let (before, in_postgres, began) = (Spent::at_rest(&hikae), Spent::at_rest(&backends), Instant::now());
            cast.go(journey, &mut visitors, wanted.cold.then_some(&mut floor)).await?;
            let wall = began.elapsed().as_secs_f64() * 1e3;
            let after = Spent::at_rest(&hikae);
            let (spent, beside_hashing) = (after.since(&before), after.beside_hashing_since(&before));
            let in_postgres = Spent::at_rest(&backends).since(&in_postgres);
            let hash = f64::midpoint(hash, floor.hash(HASHES, at_once)?);
            let mailing = if journey.is_mailed() {
                Spent::next_turn(server.process())?;
                Spent::at_rest(&hikae).since(&after)
            } else {
                0.0
            };
            if round == 0 {
                continue; // connections are opened, statements prepared
            }
            let times = journey.times() as f64;
            if at_once == 1 {
                hashes.push(hash);
            }
            cost.hikae.push(spent / times);
            cost.postgres.push(in_postgres / times);
            cost.wall.push(wall / times);
            cost.hashes.push(spent / times / hash);
            cost.beyond.push(spent / times - f64::from(journey.hashes()) * hash);
            cost.beside_hashing.push(beside_hashing / times);
            cost.mailing.push(mailing / times);
        }
    }
    tell_memory("after the journeys", &server);
    println!("one Argon2id hash: {:.2} ms\n", median(&hashes));
    server.stop()?;
    Ok(costs)
}

fn table(costs: &[(Journey, Cost)], smallest: Option<&[f64]>) {
    println!(
        "| journey | CPU ms | in hashes | beyond its hashes, ms | the same, mean and error | beside the threads that \
         hash, ms | its mail afterwards, ms | PostgreSQL's CPU ms | wall ms | growth |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for (index, (journey, cost)) in costs.iter().enumerate() {
        let growth = smallest.map(|small| format!("{:.2}", median(&cost.hashes) / small[index])).unwrap_or_default();
        let (mean, error) = mean(&cost.beyond);
        let mailing = if journey.is_mailed() { format!("{:.2}", median(&cost.mailing)) } else { String::new() };
        println!(
            "| {} | {:.3} | {:.3} | {:.2} | {mean:.2} ± {error:.2} | {:.3} | {mailing} | {:.3} | {:.2} | {growth} |",
            journey.name(),
            median(&cost.hikae),
            median(&cost.hashes),
            median(&cost.beyond),
            median(&cost.beside_hashing),
            median(&cost.postgres),
            median(&cost.wall)
        );
    }
    println!();
}

fn tell(flood: &flood::Flood) {
    let each = |figure: &dyn Fn(&flood::Round) -> f64| {
        let values: Vec<f64> = flood.rounds.iter().map(figure).collect();
        let all: Vec<String> = values.iter().map(|value| format!("{value:.1}")).collect();
        (median(&values), all.join(", "))
    };
    let (capacity, capacities) = each(&|round| round.capacity);
    println!("capacity: {capacity:.1} sign-ins a second ({capacities})");
    let (signed_in, all) = each(&|round| round.signed_in);
    println!("flood: {:.0} a second asked for, {signed_in:.1} signed in ({all})", each(&|round| round.asked).0);
    let (quotient, all) = each(&|round| round.signed_in / round.capacity * 100.0);
    println!("that is, of the capacity: {quotient:.1} % ({all})");
    let left = |round: &flood::Round| round.capacity * (1.0 - round.asking[1] + round.asking[0]);
    let (quotient, all) = each(&|round| round.signed_in / left(round) * 100.0);
    println!("and without what asking takes of the cores: {quotient:.1} % ({all})");
    println!(
        "told 503: {}, without Retry-After {}, p99 {:.0} ms, slowest {:.0} ms; other answers: {}",
        flood.told_busy, flood.lacking_retry_after, flood.busy_p99, flood.busy_max, flood.others
    );
    println!("signed in within {:.0} ms (p99)", flood.signed_in_p99);
    let (before, meanwhile) = (each(&|round| round.asking[0] * 100.0).0, each(&|round| round.asking[1] * 100.0).0);
    println!("asking took {before:.1} % of the cores before, {meanwhile:.1} % in the flood");
    for (page, p99) in &flood.others_p99 {
        println!("{page} meanwhile: p99 {p99:.1} ms");
    }
}
