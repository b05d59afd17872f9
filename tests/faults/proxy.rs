//! A wire between the program and its database that can be cut, held up and slowed down.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What the wire does with what comes along.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    Open,
    /// Each piece arrives this much later.
    Slow(Duration),
    /// Nothing arrives any more; nobody is told.
    Silent,
    /// Every connection is cut, and new ones are cut at once.
    Cut,
}

struct Inner {
    state: State,
    ends: Vec<TcpStream>,
}

/// The wire.
#[derive(Clone)]
pub struct Wire {
    pub port: u16,
    inner: Arc<Mutex<Inner>>,
}

impl Wire {
    /// A wire to a port of this machine.
    pub fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let own = listener.local_addr().expect("an address").port();
        let wire = Self { port: own, inner: Arc::new(Mutex::new(Inner { state: State::Open, ends: Vec::new() })) };
        std::thread::spawn({
            let wire = wire.clone();
            move || {
                for near in listener.incoming().flatten() {
                    wire.connect(near, port);
                }
            }
        });
        wire
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on the wire is like this.
    pub fn becomes(&self, state: State) {
        let mut inner = self.inner();
        inner.state = state;
        if state == State::Cut {
            for end in inner.ends.drain(..) {
                let _ = end.shutdown(Shutdown::Both);
            }
        }
    }

    fn connect(&self, near: TcpStream, port: u16) {
        if self.inner().state == State::Cut {
            return;
        }
        let Ok(far) = TcpStream::connect(("127.0.0.1", port)) else { return };
        for (from, to) in [(&near, &far), (&far, &near)] {
            let (from, to) = (from.try_clone().expect("a clone"), to.try_clone().expect("a clone"));
            self.inner().ends.push(from.try_clone().expect("a clone"));
            let wire = self.clone();
            std::thread::spawn(move || wire.carry(from, to));
        }
    }

    fn carry(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut piece = [0; 16 * 1024];
        while let Ok(read @ 1..) = from.read(&mut piece) {
            loop {
                let state = self.inner().state;
                match state {
                    State::Open => break,
                    State::Slow(delay) => {
                        std::thread::sleep(delay);
                        break;
                    }
                    State::Silent => std::thread::sleep(Duration::from_millis(10)),
                    State::Cut => return,
                }
            }
            if to.write_all(&piece[..read]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
    }
}
