//! From the outbox to the transport. A row is claimed in a write transaction, so that of several
//! nodes one sends it; it is sent outside any transaction; then it is marked. A crash in between
//! sends a mail twice, under the same `Message-ID`, but never loses one.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};
use url::Url;

use super::content::kind_of;
use super::eml::{self, Sender};
use super::letter;
use super::retry::{self, Next};
use super::transport::Transport;
use crate::clock::Clock;
use crate::crypto::keys::{KeyRing, Purpose};
use crate::domain::ids::MailId;
use crate::domain::message::Mail;
use crate::domain::time::{Seconds, Timestamp};
use crate::fault::Fault;
use crate::store::outbox::{self, Waiting};
use crate::store::{Db, Tx};

/// How often the worker looks for mails.
const PACE: Duration = Duration::from_secs(1);
/// How long a claimed row is this node's; longer than the longest conversation with a server.
const LEASE: Seconds = Seconds::minutes(5);
/// How many mails are sent at the same time.
const BATCH: i64 = 4;
/// How many batches make a round, so that a round ends under any load.
const BATCHES: usize = 100;
/// A database that stays away is mentioned once in so many rounds.
const MENTION_EVERY: u32 = 60;

/// Sends what waits in the outbox.
pub struct MailWorker {
    pub db: Db,
    pub keys: Arc<KeyRing>,
    pub clock: Clock,
    pub transport: Transport,
    /// Every link in a mail starts with it.
    pub base_url: Url,
    /// The sender, as [`Sender`] reads it.
    pub from: String,
}

impl MailWorker {
    /// Sends until `stop` turns true or its other end goes away; a batch under way is finished.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut pace = interval(PACE);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut faults: u32 = 0;
        let signal = stop.clone();
        loop {
            tokio::select! {
                biased;
                _ = stop.wait_for(|stopped| *stopped) => return,
                _ = pace.tick() => {}
            }
            match self.round(|| *signal.borrow()).await {
                Ok(_) if faults > 0 => {
                    tracing::info!(rounds = faults, "the outbox can be read again");
                    faults = 0;
                }
                Ok(_) => {}
                Err(fault) => {
                    if faults.is_multiple_of(MENTION_EVERY) {
                        tracing::error!(%fault, "the outbox cannot be worked on; trying again");
                    }
                    faults = faults.saturating_add(1);
                }
            }
        }
    }

    /// Sends everything that is due, and says how many mails left. A trouble that would meet
    /// every mail, such as a server that is away, ends the round early.
    ///
    /// # Errors
    /// When the database cannot be read or written; mails under way are sent again after a while.
    pub async fn send_due(&self) -> Result<usize, Fault> {
        self.round(|| false).await
    }

    async fn round(&self, stopped: impl Fn() -> bool) -> Result<usize, Fault> {
        let mut sent = 0;
        for _ in 0..BATCHES {
            if stopped() {
                break;
            }
            let now = self.clock.now();
            let claimed = self.db.write(move |tx| outbox::claim(tx, now, LEASE, BATCH)).await?;
            if claimed.is_empty() {
                break;
            }
            let marks = join_all(claimed.iter().map(|row| self.deliver(row))).await;
            sent += marks.iter().filter(|mark| matches!(mark.fate, Fate::Sent)).count();
            let pointless = marks.iter().any(|mark| mark.ends_round);
            self.db.write(move |tx| marks.iter().try_for_each(|mark| mark.put(tx))).await?;
            if pointless {
                break;
            }
        }
        Ok(sent)
    }

    /// Tries to send one mail, logs what came of it, and says how to mark the row. Logs hold the
    /// mail's id and kind, never an address, a token or its text (SC-10).
    async fn deliver(&self, row: &Waiting) -> Mark {
        let id = row.id;
        let mail = match self.unseal(row) {
            Ok(mail) => mail,
            Err(reason) => return self.failed(row, "unknown", Trouble { reason, permanent: false, ends_round: false }),
        };
        let kind = kind_of(&mail.message);
        match self.send(row, &mail).await {
            Ok(()) => {
                tracing::info!(mail = %id, kind, "mail sent");
                Mark { id, at: self.clock.now(), fate: Fate::Sent, ends_round: false }
            }
            Err(trouble) => self.failed(row, kind, trouble),
        }
    }

    fn unseal(&self, row: &Waiting) -> Result<Mail, String> {
        let opened = self.keys.open(Purpose::Mail, &row.id.to_string(), &row.sealed);
        let plain = opened.map_err(|fault| format!("the sealed mail cannot be opened: {fault}"))?;
        // The parser's error quotes the text, so it is not passed on.
        serde_json::from_slice(&plain).map_err(|_| "the stored mail cannot be read".to_owned())
    }

    async fn send(&self, row: &Waiting, mail: &Mail) -> Result<(), Trouble> {
        let ours = |reason: String| Trouble { reason, permanent: false, ends_round: true };
        let sender = Sender::parse(&self.from).map_err(|error| ours(error.to_string()))?;
        let letter = letter::compose(mail, &self.base_url).map_err(|error| ours(error.to_string()))?;
        let wire = eml::write(&letter, &sender, row.id, row.created_at, self.clock.now()).map_err(|error| Trouble {
            reason: error.to_string(),
            permanent: true,
            ends_round: false,
        })?;
        self.transport.send(wire).await.map_err(|error| Trouble {
            reason: error.to_string(),
            permanent: error.is_permanent(),
            ends_round: error.concerns_every_mail(),
        })
    }

    fn failed(&self, row: &Waiting, kind: &'static str, trouble: Trouble) -> Mark {
        let (id, at) = (row.id, self.clock.now());
        let next = match trouble.permanent {
            true => Next::GiveUp,
            false => retry::after_failure(row.tries, row.created_at, at),
        };
        let Trouble { reason, ends_round, .. } = trouble;
        let fate = match next {
            Next::TryAt(next_try) => {
                let pause = at.seconds_until(next_try);
                tracing::warn!(mail = %id, kind, reason, pause, "mail not sent; trying again");
                Fate::TryAt { next_try, reason }
            }
            Next::GiveUp => {
                tracing::error!(mail = %id, kind, reason, "mail given up");
                Fate::GivenUp { reason }
            }
        };
        Mark { id, at, fate, ends_round }
    }
}

/// Why a mail did not leave, without a word of its text or address.
struct Trouble {
    reason: String,
    permanent: bool,
    ends_round: bool,
}

/// What became of a claimed row.
struct Mark {
    id: MailId,
    at: Timestamp,
    fate: Fate,
    ends_round: bool,
}

enum Fate {
    Sent,
    TryAt { next_try: Timestamp, reason: String },
    GivenUp { reason: String },
}

impl Mark {
    fn put(&self, tx: &mut Tx) -> Result<(), Fault> {
        match &self.fate {
            Fate::Sent => outbox::mark_sent(tx, self.id, self.at),
            Fate::TryAt { next_try, reason } => outbox::mark_failed(tx, self.id, *next_try, reason),
            Fate::GivenUp { reason } => outbox::mark_given_up(tx, self.id, self.at, reason),
        }
    }
}

#[cfg(test)]
#[path = "worker_tests.rs"]
mod tests;
