//! A flood of sign-ins, ten times as many as can be hashed, and who else is served meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::sync::Mutex;
use tokio::time::{interval, sleep};

use crate::http::{Connection, get};
use crate::people;
use crate::process::Spent;
use crate::visitor::{Visitor, next_client};

/// Capacity and flood take turns, for what neighbours on the machine take changes within seconds.
const ROUNDS: usize = 6;
/// How long each takes.
const LASTS: Duration = Duration::from_secs(5);
/// What is not counted at the begin of each, while the queue fills.
const SETTLES: Duration = Duration::from_secs(2);
/// How many sign in at once to find the capacity.
const AT_ONCE: usize = 16;
const TIMES_CAPACITY: f64 = 10.0;
/// How often each watcher looks.
const WATCHES_EVERY: Duration = Duration::from_millis(40);

/// What one round found.
pub struct Round {
    /// Sign-ins a second that are answered when nobody asks for more.
    pub capacity: f64,
    /// How many a second were asked for in the flood, and how many of them signed in.
    pub asked: f64,
    pub signed_in: f64,
    /// What this program took of the cores that it shares with the server, without the flood and in it.
    pub asking: [f64; 2],
}

/// What all floods found.
pub struct Flood {
    pub rounds: Vec<Round>,
    pub told_busy: usize,
    pub lacking_retry_after: usize,
    /// Answers that were neither.
    pub others: usize,
    /// The slowest and the 99th percentile of those told, in milliseconds.
    pub busy_p99: f64,
    pub busy_max: f64,
    /// 99th percentile of the sign-ins that were taken.
    pub signed_in_p99: f64,
    /// 99th percentile of what others got meanwhile: each page by its name.
    pub others_p99: Vec<(&'static str, f64)>,
}

/// The value below which that part of them lies.
fn percentile(values: &mut [f64], part: f64) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let index = (values.len() as f64 * part).ceil() as usize;
    values.get(index.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

/// One answer of the flood: its status, whether it says when to come back, and how long it took.
struct Told {
    status: u16,
    retry_after: bool,
    took: f64,
}

/// Finds the capacity and makes a flood, in turn.
///
/// # Errors
/// The server could not be asked at all.
pub async fn flood(port: u16, people: usize) -> Result<Flood> {
    let door = Arc::new(Visitor::at_the_door(port).await?);
    let next = Arc::new(AtomicUsize::new(0));
    let request = move || door.sign_in_request(&people::with_codes(next.fetch_add(1, Ordering::Relaxed) % people));
    let member = Visitor::signed_in(port, &people::with_codes(people)).await?;
    let watched = [
        ("/healthz", get("/healthz", "", &next_client())),
        ("/account", member.page_request("/account")),
        ("/account/two-factor", member.page_request("/account/two-factor")),
    ];
    // They watch while capacity is measured, too, so that what they take themselves is taken from both.
    let (floods, over) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let watchers = watched.map(|(page, text)| (page, tokio::spawn(watch(port, text, floods.clone(), over.clone()))));
    let (mut rounds, mut told) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (capacity, asking_for_all) = capacity(port, request.clone()).await?;
        floods.store(true, Ordering::Relaxed);
        let (new, asking) = wave(port, request.clone(), capacity * TIMES_CAPACITY).await?;
        floods.store(false, Ordering::Relaxed);
        let signed_in = new.iter().filter(|told| told.status == 303).count();
        let [asked, signed_in] = [new.len(), signed_in].map(|count| count as f64 / LASTS.as_secs_f64());
        rounds.push(Round { capacity, asked, signed_in, asking: [asking_for_all, asking] });
        told.extend(new);
    }
    over.store(true, Ordering::Relaxed);
    let mut others_p99 = Vec::new();
    for (page, watcher) in watchers {
        others_p99.push((page, percentile(&mut watcher.await??, 0.99)));
    }
    let took = |status: u16| told.iter().filter(|told| told.status == status).map(|told| told.took).collect::<Vec<_>>();
    let (mut busy, mut signed_in) = (took(503), took(303));
    Ok(Flood {
        rounds,
        told_busy: busy.len(),
        lacking_retry_after: told.iter().filter(|told| told.status == 503 && !told.retry_after).count(),
        others: told.len() - busy.len() - signed_in.len(),
        busy_max: busy.iter().copied().fold(f64::NAN, f64::max),
        busy_p99: percentile(&mut busy, 0.99),
        signed_in_p99: percentile(&mut signed_in, 0.99),
        others_p99,
    })
}

/// Asks for so many sign-ins a second, and says what each was told, and what asking took of the cores.
async fn wave(port: u16, request: impl Fn() -> String, rate: f64) -> Result<(Vec<Told>, f64)> {
    let idle: Arc<Mutex<Vec<Connection>>> = Arc::default();
    let told: Arc<Mutex<Vec<Told>>> = Arc::default();
    let (began, mut asked, spent) = (Instant::now(), 0_usize, Spent::now());
    let mut hands = Vec::new();
    let mut tick = interval(Duration::from_millis(5));
    while began.elapsed() < SETTLES + LASTS {
        tick.tick().await;
        let due = (began.elapsed().as_secs_f64() * rate) as usize;
        for _ in asked..due {
            let counts = began.elapsed() >= SETTLES;
            hands.push(tokio::spawn(ask(port, request(), idle.clone(), counts.then(|| told.clone()))));
        }
        asked = asked.max(due);
    }
    let asking = spent.share_until_now(began.elapsed());
    for hand in hands {
        hand.await??;
    }
    Ok((Arc::into_inner(told).context("a hand is still out")?.into_inner(), asking))
}

/// Sign-ins a second, when as many as are useful come at once; and the share of the cores that asking took.
async fn capacity(port: u16, request: impl Fn() -> String + Clone + Send + 'static) -> Result<(f64, f64)> {
    let done = Arc::new(AtomicUsize::new(0));
    let over = Arc::new(AtomicBool::new(false));
    let mut hands = Vec::new();
    for _ in 0..AT_ONCE {
        let (request, done, over) = (request.clone(), done.clone(), over.clone());
        hands.push(tokio::spawn(async move {
            let mut connection = Connection::open(port).await?;
            while !over.load(Ordering::Relaxed) {
                if connection.send(&request()).await?.status == 303 {
                    done.fetch_add(1, Ordering::Relaxed);
                }
            }
            anyhow::Ok(())
        }));
    }
    sleep(SETTLES).await;
    let (before, began, spent) = (done.load(Ordering::Relaxed), Instant::now(), Spent::now());
    sleep(LASTS).await;
    let capacity = (done.load(Ordering::Relaxed) - before) as f64 / began.elapsed().as_secs_f64();
    let asking = spent.share_until_now(began.elapsed());
    over.store(true, Ordering::Relaxed);
    for hand in hands {
        hand.await??;
    }
    Ok((capacity, asking))
}

async fn ask(
    port: u16,
    request: String,
    idle: Arc<Mutex<Vec<Connection>>>,
    told: Option<Arc<Mutex<Vec<Told>>>>,
) -> Result<()> {
    let began = Instant::now();
    let free = idle.lock().await.pop();
    let mut connection = match free {
        Some(connection) => connection,
        None => Connection::open(port).await?,
    };
    let answer = connection.send(&request).await?;
    let took = began.elapsed().as_secs_f64() * 1e3;
    idle.lock().await.push(connection);
    if let Some(told) = told {
        let retry_after = answer.header("retry-after").is_some();
        told.lock().await.push(Told { status: answer.status, retry_after, took });
    }
    Ok(())
}

/// How long one page takes, again and again while it floods, in milliseconds.
async fn watch(port: u16, request: String, floods: Arc<AtomicBool>, over: Arc<AtomicBool>) -> Result<Vec<f64>> {
    let mut connection = Connection::open(port).await?;
    let mut took = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let began = Instant::now();
        let answer = connection.send(&request).await?;
        anyhow::ensure!(answer.status == 200, "{}", answer.status);
        if floods.load(Ordering::Relaxed) {
            took.push(began.elapsed().as_secs_f64() * 1e3);
        }
        sleep(WATCHES_EVERY).await;
    }
    Ok(took)
}
