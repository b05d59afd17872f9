//! A plain TCP balancer without stickiness: each connection goes to the next node in turn, and a
//! node that refuses is passed over. It lives on a thread of its own, so that tests with and
//! without a runtime can use it.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

/// A balancer on a port of its own; it ends, with its connections, when it is dropped.
pub struct Balancer {
    pub port: u16,
    places: Arc<Mutex<Places>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Places {
    ports: Vec<u16>,
    /// Connections that the node at each place has taken.
    taken: Vec<usize>,
    next: usize,
}

impl Balancer {
    /// A balancer that has no nodes yet.
    pub fn start() -> Self {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        listener.set_nonblocking(true).expect("a socket");
        let places: Arc<Mutex<Places>> = Arc::default();
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn({
            let places = places.clone();
            move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                runtime.block_on(async move {
                    let listener = TcpListener::from_std(listener).expect("a listener");
                    tokio::select! {
                        () = balance(listener, places) => {}
                        _ = stopped => {}
                    }
                });
            }
        });
        Self { port, places, stop: Some(stop), thread: Some(thread) }
    }

    /// The node at a place listens here: a new one, or one that was started anew on another port.
    pub fn set(&self, place: usize, port: u16) {
        let mut places = lock(&self.places);
        if place == places.ports.len() {
            places.ports.push(port);
            places.taken.push(0);
        }
        places.ports[place] = port;
    }

    /// How many connections the node at each place has taken so far.
    pub fn taken(&self) -> Vec<usize> {
        lock(&self.places).taken.clone()
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            if !std::thread::panicking() {
                ended.expect("the balancer ends without a panic");
            }
        }
    }
}

async fn balance(listener: TcpListener, places: Arc<Mutex<Places>>) {
    while let Ok((mut client, _)) = listener.accept().await {
        let places = places.clone();
        tokio::spawn(async move {
            // Without a node that takes it, the connection is closed.
            if let Some(mut node) = connect(&places).await {
                // Whoever goes away first ends both sides; the client learns it from its own.
                let _ = copy_bidirectional(&mut client, &mut node).await;
            }
        });
    }
}

/// A connection to the next node that takes one.
async fn connect(places: &Mutex<Places>) -> Option<TcpStream> {
    let nodes = lock(places).ports.len();
    for _ in 0..nodes {
        let (place, port) = {
            let mut places = lock(places);
            let place = places.next % nodes;
            places.next += 1;
            (place, places.ports[place])
        };
        if let Ok(node) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await {
            lock(places).taken[place] += 1;
            return Some(node);
        }
    }
    None
}

fn lock(places: &Mutex<Places>) -> MutexGuard<'_, Places> {
    places.lock().unwrap_or_else(PoisonError::into_inner)
}
