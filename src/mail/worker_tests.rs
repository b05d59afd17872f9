//! The worker over a real outbox: rows in SQLite, mails as files or to a server that is away.

use std::path::Path;

use mail_parser::MessageParser;
use tempfile::TempDir;

use super::*;
use crate::domain::language::Language;
use crate::domain::sealed::Sealed;
use crate::mail::samples::{NOW, mail, messages};
use crate::mail::smtp::Patience;
use crate::random::Randomness;
use crate::store::DatabaseUrl;

struct World {
    folder: TempDir,
    worker: MailWorker,
    random: Randomness,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut random = Randomness::seeded(1);
        let db = Db::open(&DatabaseUrl::Sqlite(folder.path().join("hikae.db")), 2).await.unwrap();
        db.migrate().await.unwrap();
        let worker = MailWorker {
            db,
            keys: Arc::new(KeyRing::generate(&mut random, NOW)),
            clock: Clock::manual(NOW),
            transport: Transport::outbox(folder.path().join("outbox")).unwrap(),
            base_url: Url::parse("https://portal.example.jp").unwrap(),
            from: "Hikae <no-reply@example.jp>".to_owned(),
        };
        Self { folder, worker, random }
    }

    /// Puts a mail into the outbox as the acts do.
    async fn put(&mut self, mail: &Mail) -> MailId {
        let id = MailId::random(&mut self.random);
        let plain = serde_json::to_vec(mail).unwrap();
        let sealed = self.worker.keys.seal(Purpose::Mail, &id.to_string(), &plain, &mut self.random).unwrap();
        self.insert(id, sealed).await;
        id
    }

    async fn insert(&self, id: MailId, sealed: Sealed) {
        let now = self.worker.clock.now();
        self.worker.db.write(move |tx| outbox::insert(tx, id, &sealed, now)).await.unwrap();
    }

    async fn waiting(&self) -> i64 {
        self.worker.db.read(outbox::standing).await.unwrap().waiting
    }

    /// Subjects of the mails that left, sorted.
    fn left(&self) -> Vec<String> {
        subjects(&self.folder.path().join("outbox"))
    }

    /// Mails go to a port on which nobody listens.
    fn cut_off(&mut self) {
        self.worker.transport = Transport::smtp("smtp://127.0.0.1:1").unwrap();
    }

    fn reconnect(&mut self) {
        self.worker.transport = Transport::outbox(self.folder.path().join("outbox")).unwrap();
    }
}

fn subjects(folder: &Path) -> Vec<String> {
    let read = |path: std::path::PathBuf| {
        let bytes = std::fs::read(path).unwrap();
        MessageParser::default().parse(&bytes).unwrap().subject().unwrap().to_owned()
    };
    let mut subjects: Vec<String> = std::fs::read_dir(folder).unwrap().map(|file| read(file.unwrap().path())).collect();
    subjects.sort();
    subjects
}

fn any_mail() -> Mail {
    mail(Language::Ja, messages().swap_remove(6).0)
}

#[tokio::test]
async fn every_message_leaves_once() {
    let mut world = World::new().await;
    let all = messages();
    for (message, _) in &all {
        world.put(&mail(Language::En, message.clone())).await;
    }
    assert_eq!(world.worker.send_due().await.unwrap(), all.len());
    assert_eq!(world.worker.send_due().await.unwrap(), 0);
    assert_eq!((world.left().len(), world.waiting().await), (all.len(), 0));
}

#[tokio::test]
async fn two_workers_never_send_the_same_mail() {
    let mut world = World::new().await;
    for _ in 0..20 {
        world.put(&any_mail()).await;
    }
    let MailWorker { db, keys, clock, base_url, from, .. } = &world.worker;
    let other = MailWorker {
        db: db.clone(),
        keys: keys.clone(),
        clock: clock.clone(),
        transport: Transport::outbox(world.folder.path().join("other")).unwrap(),
        base_url: base_url.clone(),
        from: from.clone(),
    };
    let (one, two) = tokio::join!(world.worker.send_due(), other.send_due());
    assert_eq!(one.unwrap() + two.unwrap(), 20);
    assert_eq!(world.left().len() + subjects(&world.folder.path().join("other")).len(), 20);
}

#[tokio::test]
async fn a_mail_waits_for_the_server_and_leaves_when_it_is_back() {
    let mut world = World::new().await;
    world.put(&any_mail()).await;
    world.cut_off();
    for pause in [1, 2, 5] {
        assert_eq!(world.worker.send_due().await.unwrap(), 0);
        world.worker.clock.turn(Seconds::minutes(pause));
    }
    world.reconnect();
    assert_eq!(world.worker.send_due().await.unwrap(), 1);
    assert_eq!((world.left(), world.waiting().await), (vec!["【Hikae】二要素認証の解除".to_owned()], 0));
}

#[tokio::test]
async fn a_failed_mail_is_not_tried_before_its_pause_is_over() {
    let mut world = World::new().await;
    world.put(&any_mail()).await;
    world.cut_off();
    world.worker.send_due().await.unwrap();
    world.reconnect();
    world.worker.clock.turn(Seconds(59));
    assert_eq!(world.worker.send_due().await.unwrap(), 0);
    world.worker.clock.turn(Seconds(1));
    assert_eq!(world.worker.send_due().await.unwrap(), 1);
}

#[tokio::test]
async fn a_mail_is_given_up_after_three_days() {
    let mut world = World::new().await;
    world.put(&any_mail()).await;
    world.cut_off();
    world.worker.clock.turn(Seconds::hours(71));
    world.worker.send_due().await.unwrap();
    assert_eq!(world.waiting().await, 1);
    world.worker.clock.turn(Seconds::hours(1));
    world.worker.send_due().await.unwrap();
    assert_eq!(world.waiting().await, 0);
}

#[tokio::test]
async fn a_mail_whose_worker_died_is_sent_by_the_next() {
    let mut world = World::new().await;
    world.put(&any_mail()).await;
    let now = world.worker.clock.now();
    let claimed = world.worker.db.write(move |tx| outbox::claim(tx, now, LEASE, 1)).await.unwrap();
    assert_eq!(claimed.len(), 1);
    assert_eq!(world.worker.send_due().await.unwrap(), 0);
    world.worker.clock.turn(LEASE);
    assert_eq!(world.worker.send_due().await.unwrap(), 1);
}

#[test]
fn a_claim_outlasts_the_longest_conversation() {
    let Patience { step, content, goodbye } = Patience::default();
    // From the connection to DATA it has six steps, then the mail itself.
    let longest = step * 6 + content + goodbye;
    assert!(u64::try_from(LEASE.0).is_ok_and(|lease| lease > longest.as_secs()), "{longest:?}");
}

#[tokio::test]
async fn a_row_that_does_not_open_harms_no_other() {
    let mut world = World::new().await;
    let broken = Sealed { key_id: "nobody".to_owned(), ciphertext: vec![7; 64] };
    for _ in 0..BATCH + 1 {
        let id = MailId::random(&mut world.random);
        world.insert(id, broken.clone()).await;
    }
    let mut nowhere = any_mail();
    nowhere.to = "no address".to_owned();
    world.put(&nowhere).await;
    world.put(&any_mail()).await;
    assert_eq!(world.worker.send_due().await.unwrap(), 1);
    // The one to nowhere is given up; the sealed ones wait, for their key may come back.
    assert_eq!((world.left().len(), world.waiting().await), (1, BATCH + 1));
}

#[tokio::test]
async fn the_worker_stops_when_told_and_when_nobody_can_tell_it_any_more() {
    for drops in [true, false] {
        let mut world = World::new().await;
        world.put(&any_mail()).await;
        let outbox = world.folder.path().join("outbox");
        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn(world.worker.run(stopped));
        while subjects_or_none(&outbox).is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        if drops {
            drop(stop);
        } else {
            stop.send(true).unwrap();
        }
        tokio::time::timeout(Duration::from_secs(5), running).await.unwrap().unwrap();
    }
}

fn subjects_or_none(folder: &Path) -> Vec<std::ffi::OsString> {
    let names = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name());
    names.filter(|name| name.to_string_lossy().ends_with(".eml") && !name.to_string_lossy().starts_with('.')).collect()
}

#[tokio::test]
async fn the_worker_outlives_a_database_without_tables() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new().await;
    let empty = DatabaseUrl::Sqlite(folder.path().join("empty.db"));
    world.worker.db = Db::open(&empty, 2).await.unwrap();
    let db = world.worker.db.clone();
    assert!(world.worker.send_due().await.is_err());

    let outbox = world.folder.path().join("outbox");
    let (keys, mut random) = (world.worker.keys.clone(), world.random.clone());
    let (stop, stopped) = watch::channel(false);
    let running = tokio::spawn(world.worker.run(stopped));
    tokio::time::sleep(Duration::from_millis(100)).await;
    db.migrate().await.unwrap();
    let id = MailId::random(&mut random);
    let plain = serde_json::to_vec(&any_mail()).unwrap();
    let sealed = keys.seal(Purpose::Mail, &id.to_string(), &plain, &mut random).unwrap();
    db.write(move |tx| outbox::insert(tx, id, &sealed, NOW)).await.unwrap();
    let arrived = async {
        while subjects_or_none(&outbox).is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), arrived).await.unwrap();
    stop.send(true).unwrap();
    running.await.unwrap();
}

#[derive(Clone, Default)]
struct Log(Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn logs_name_the_mail_and_its_kind_and_no_person() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
    // For all threads: of a place in the code that another test comes to first, a subscriber of this
    // thread alone might never hear.
    tracing::subscriber::set_global_default(subscriber).unwrap();

    let mut world = World::new().await;
    let id = world.put(&any_mail()).await;
    world.cut_off();
    world.worker.send_due().await.unwrap();
    world.worker.clock.turn(Seconds::minutes(1));
    world.reconnect();
    world.worker.send_due().await.unwrap();
    let mut nowhere = any_mail();
    nowhere.to = "hanako@".to_owned();
    world.put(&nowhere).await;
    world.worker.send_due().await.unwrap();

    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for expected in [&id.to_string(), "release_requested", "mail sent", "trying again", "given up"] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    for secret in ["hanako", "TOKEN", "山田"] {
        assert!(!text.contains(secret), "{secret}\n{text}");
    }
}
