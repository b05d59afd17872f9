//! Clients that go on and on, each with people of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use crate::client::ANSWERS;
use crate::dice::Dice;
use crate::house::House;
use crate::journal::Journal;
use crate::people::Person;
use crate::populate::populate;

/// Clients at once.
const CLIENTS: usize = 4;

/// Waits until it is so, or for so long.
fn wait_until(longest: Duration, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() && began.elapsed() < longest {
        thread::sleep(Duration::from_millis(5));
    }
}

/// The clients of one portal.
pub struct Traffic {
    pub journal: Arc<Journal>,
    over: Arc<AtomicBool>,
    clients: Vec<JoinHandle<Vec<Person>>>,
}

impl Traffic {
    /// Brings people into an empty portal, who act once it is started.
    /// `people` is how many each client plays: a few come to their backup codes soon, many have more
    /// security codes to type.
    pub fn begin(runtime: &Runtime, house: &Arc<House>, dice: &Arc<Dice>, people: usize) -> Self {
        let each = people;
        let (journal, over) = (Arc::new(Journal::default()), Arc::new(AtomicBool::new(false)));
        let people = populate(house, CLIENTS * each);
        let client = |mine: &[(String, String)]| {
            let person = |(email, key): &(String, String)| {
                Person::new(email.clone(), key.clone(), house.clone(), journal.clone(), dice.clone())
            };
            let (mut mine, over, dice): (Vec<Person>, _, _) =
                (mine.iter().map(person).collect(), over.clone(), dice.clone());
            runtime.spawn(async move {
                while !over.load(Ordering::SeqCst) {
                    let next = usize::try_from(dice.below(each as u64)).expect("a small number");
                    mine[next].act().await;
                }
                mine
            })
        };
        let clients = people.chunks(each).map(client).collect();
        Self { journal, over, clients }
    }

    /// Waits until so many more answers have come, or for five seconds.
    pub fn wait_for(&self, answers: u64) {
        let seen = ANSWERS.load(Ordering::Relaxed);
        wait_until(Duration::from_secs(5), || ANSWERS.load(Ordering::Relaxed) >= seen + answers);
    }

    /// Whether none of them has given up.
    pub fn goes_on(&self) -> bool {
        self.clients.iter().all(|client| !client.is_finished())
    }

    /// Lets them finish what they are at, not before enough was done; everybody still has the account.
    pub fn end(self, runtime: &Runtime) -> Arc<Journal> {
        wait_until(Duration::from_secs(60), || self.journal.is_telling());
        self.over.store(true, Ordering::SeqCst);
        let everybody = runtime.block_on(join_all(self.clients)).into_iter();
        let mut everybody: Vec<Person> = everybody.flat_map(|client| client.expect("a client")).collect();
        runtime.block_on(join_all(everybody.iter_mut().take(8).map(Person::still_has_the_account)));
        self.journal
    }
}
