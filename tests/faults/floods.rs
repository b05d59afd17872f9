//! Clients that drip, that never end, and that guess, against the running program: the others are
//! served meanwhile, memory stays bounded, and whoever is attacked gets in (SC-22, SC-27, SC-28).

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream;
use hikae::clock::Clock;
use hikae::domain::time::Timestamp;

use crate::house::{House, Node};
use crate::people::PASSWORD;
use crate::populate::populate;
use crate::support::authenticator::Authenticator;
use crate::support::browser::Browser;
use crate::support::eventually;
use crate::turns;

fn setting(name: &str, otherwise: u32) -> u32 {
    std::env::var(name).map_or(otherwise, |value| value.parse().expect(name))
}

/// The most memory the program has ever held, in KiB.
fn memory(node: &Node) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", node.pid())).expect("its status");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its memory");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// Opens the sign-in page `times` times; the slowest answer.
async fn slowest_page(house: &House, times: usize) -> Duration {
    let mut slowest = Duration::ZERO;
    for _ in 0..times {
        let began = Instant::now();
        house.browser().get("/login").await.expect(200);
        slowest = slowest.max(began.elapsed());
    }
    slowest
}

/// Connections that send one byte of a request after the other, until told to stop.
struct Drips {
    over: Arc<AtomicBool>,
    open: Arc<AtomicUsize>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Drips {
    fn begin(port: u16, count: u32) -> Self {
        let (over, open) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let thread = std::thread::spawn({
            let (over, open) = (over.clone(), open.clone());
            move || {
                let mut drips: Vec<TcpStream> =
                    (0..count).filter_map(|_| TcpStream::connect(("127.0.0.1", port)).ok()).collect();
                let head = b"GET /login HTTP/1.1\r\nHost: localhost\r\nX-Slow: ".iter().chain(std::iter::repeat(&b'a'));
                for byte in head {
                    drips.retain_mut(|drip| drip.write_all(&[*byte]).is_ok());
                    open.store(drips.len(), Ordering::SeqCst);
                    if over.load(Ordering::SeqCst) {
                        break;
                    }
                    std::thread::sleep(Duration::from_millis(200));
                }
            }
        });
        Self { over, open, thread: Some(thread) }
    }

    fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }
}

impl Drop for Drips {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        let _ = self.thread.take().map(std::thread::JoinHandle::join);
    }
}

/// Sends a beginning and then the same piece again and again, up to `bytes`; what came back.
fn pour(port: u16, beginning: &str, piece: &[u8], bytes: usize) -> (String, usize) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
    stream.set_write_timeout(Some(Duration::from_secs(20))).expect("a limit");
    stream.write_all(beginning.as_bytes()).expect("the beginning is sent");
    let mut sent = 0;
    while sent < bytes && stream.write_all(piece).is_ok() {
        sent += piece.len();
    }
    let mut answer = vec![0; 4_096];
    let read = stream.read(&mut answer).unwrap_or_default();
    (String::from_utf8_lossy(&answer[..read]).lines().next().unwrap_or_default().to_owned(), sent)
}

#[tokio::test(flavor = "multi_thread")]
async fn drips_and_endless_heads_and_bodies_take_nothing_from_the_others() {
    // They never come as far as the database.
    if turns::is_on_postgres() {
        return;
    }
    let _turn = turns::beside_others().await;
    let house = House::empty().await;
    populate(&house, 1);
    let node = house.start();
    slowest_page(&house, 5).await;
    let idle = memory(&node);

    let wanted = setting("HIKAE_TEST_DRIPS", 300);
    let drips = Drips::begin(house.port, wanted);
    eventually("they drip", async || (drips.open() > 0).then_some(())).await;
    let (open, dripping) = (drips.open(), memory(&node));
    let beside_drips = slowest_page(&house, 20).await;
    assert!(beside_drips < Duration::from_secs(2), "{beside_drips:?} beside {open} drips");
    assert!(dripping < idle + 20 * 1_024 + u64::from(wanted) * 16, "{idle} KiB, then {dripping} KiB");

    let port = house.port;
    let body = "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    let body = format!("{body}Content-Length: 104857600\r\n\r\n");
    let pouring = tokio::task::spawn_blocking(move || {
        let greedy = pour(port, &body, &[b'a'; 64 * 1_024], 100 * 1_024 * 1_024);
        let endless =
            pour(port, "GET /login HTTP/1.1\r\n", b"X-Endless: aaaaaaaaaaaaaaaaaaaaaaaa\r\n", 16 * 1_024 * 1_024);
        (greedy, endless)
    });
    let beside_pouring = slowest_page(&house, 20).await;
    let (greedy, endless) = pouring.await.expect("both were poured");
    let poured = memory(&node);
    assert!(beside_pouring < Duration::from_secs(2), "{beside_pouring:?}");
    assert!(greedy.0.contains("413") || greedy.1 < 32 * 1_024 * 1_024, "{greedy:?}");
    assert!(endless.1 < 8 * 1_024 * 1_024 && !endless.0.contains("200"), "{endless:?}");
    assert!(poured < idle + 30 * 1_024 + u64::from(wanted) * 16, "{idle} KiB, then {poured} KiB");
    // A head has ten seconds.
    eventually("the drips are sent away", async || (drips.open() < open / 10).then_some(())).await;
    eprintln!(
        "{open} drips: slowest page {beside_drips:?}, {idle} → {dripping} KiB; body of 100 MB: {greedy:?}; \
         endless head: {endless:?}; slowest page {beside_pouring:?}, {poured} KiB"
    );
}

/// The browser of a stranger somewhere in the world.
fn stranger(browser: &Browser, number: u32) -> Browser {
    // A network for each, out of 10/8.
    let address = Ipv4Addr::from(0x0a00_0001 + (number % 0xffff) * 256);
    browser.clone().with_header("x-forwarded-for", &address.to_string())
}

/// Guesses passwords from as many networks; how often each status came.
async fn guess(house: &House, emails: &[String], guesses: u32) -> BTreeMap<u16, u32> {
    let visitor = house.browser();
    let form = visitor.get("/login").await.expect(200).form("ログイン");
    let tries = stream::iter(0..guesses).map(|number| {
        let email = &emails[number as usize % emails.len()];
        let form = form.clone().fill("email", email).fill("password", &format!("当て推量の合言葉 {number}"));
        let browser = stranger(&visitor, number);
        async move { form.submit(&browser).await.status }
    });
    let mut seen = BTreeMap::new();
    let mut tries = tries.buffer_unordered(8);
    while let Some(status) = tries.next().await {
        *seen.entry(status).or_default() += 1;
    }
    seen
}

/// Signs in with a code of a time step after `step`, and says which.
async fn gets_in(house: &House, email: &str, authenticator: &Authenticator, step: i64) -> i64 {
    let step = (step + 1).max(Clock::System.now().0 / 30);
    let home = house.browser().with_header("x-forwarded-for", "198.51.100.7");
    home.sign_in_with(email, PASSWORD).await.expect_redirect("/login/code");
    home.enter_security_code(&authenticator.code_at(Timestamp(step * 30))).await.expect_redirect("/account");
    step
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_from_everywhere_are_stopped_and_the_owner_gets_in_from_home() {
    // The limits are tried on both databases by tests/web/login; here it is the process that counts.
    if turns::is_on_postgres() && std::env::var_os("HIKAE_TEST_GUESSES").is_none() {
        return;
    }
    let _turn = turns::beside_others().await;
    let house = House::empty().await.set("HIKAE_TRUSTED_PROXIES", "127.0.0.1");
    let people = populate(&house, 12);
    let (email, key) = people[0].clone();
    let authenticator = Authenticator { key };
    let _node = house.start();
    let step = gets_in(&house, &email, &authenticator, 0).await;

    // One account: a hundred an hour are looked at, from wherever they come.
    let guesses = setting("HIKAE_TEST_GUESSES", 130);
    let began = Instant::now();
    let on_one = guess(&house, std::slice::from_ref(&email), guesses).await;
    let took = began.elapsed();
    let looked_at = on_one.get(&422).copied().unwrap_or_default();
    assert!((100..=108).contains(&looked_at), "{on_one:?}");
    assert_eq!(on_one.keys().copied().filter(|status| !matches!(status, 422 | 429 | 503)).count(), 0, "{on_one:?}");
    gets_in(&house, &email, &authenticator, step).await;

    // Many accounts, one try each from a network of its own: each is a try of its own.
    let others: Vec<String> = people[1..].iter().map(|(email, _)| email.clone()).collect();
    let on_many = guess(&house, &others, if guesses > 130 { guesses } else { 22 }).await;
    let most = u32::try_from(others.len()).expect("few") * 108;
    assert!(on_many.get(&422).copied().unwrap_or_default() <= most, "{on_many:?}");
    if guesses <= 130 {
        assert!(!on_many.contains_key(&429), "guesses at one account count against another: {on_many:?}");
    }

    // With the password and without the phone: five codes are looked at, and the owner hears of it.
    let victim = &people[1].0;
    let mut codes = BTreeMap::new();
    for number in 0..8 {
        let browser = stranger(&house.browser(), 60_000 + number);
        // Where strangers have used up the account's guesses, nobody unknown gets that far.
        if browser.sign_in_with(victim, PASSWORD).await.status == 303 {
            *codes.entry(browser.enter_backup_code("000000001").await.status).or_insert(0) += 1;
        }
    }
    assert!(codes.get(&422).copied().unwrap_or_default() <= 5, "{codes:?}");
    let failures = house.database.lines(&format!(
        "SELECT CAST(a.failures AS TEXT) AS line FROM attempts a JOIN users u ON u.id = a.user_id WHERE u.email = '{victim}'"
    ));
    let mails = house.database.lines("SELECT CAST(COUNT(*) AS TEXT) AS line FROM outbox").concat();
    if guesses <= 130 {
        assert_eq!((codes[&422], failures.concat().as_str(), mails.as_str()), (5, "5", "1"), "told once");
    }
    eprintln!(
        "{guesses} guesses at one account in {took:?}: {on_one:?}; at {} accounts: {on_many:?}; codes with the \
         password: {codes:?}; mails: {mails}",
        others.len()
    );
}
