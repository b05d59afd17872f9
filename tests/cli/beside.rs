//! The program run beside a portal that serves, on its database and its key file.

use std::process::{Command, Stdio};

use hikae::clock::Clock;
use hikae::domain::time::Seconds;

use crate::portal::Run;
use crate::support::app::TestApp;
use crate::watchdog::Watchdog;

/// A portal whose clock is behind the system's, which the program beside it goes by: what a test
/// does first has happened before.
pub async fn portal() -> TestApp {
    let app = TestApp::start().await;
    catch_up(&app);
    app.turn(Seconds::minutes(-30));
    app
}

/// Turns the portal's clock to the system's, so that the mails of the program are due.
pub fn catch_up(app: &TestApp) {
    app.turn(Seconds(Clock::System.now().0 - app.now().0));
}

/// Runs a command to its end while the portal serves.
pub async fn run(app: &TestApp, arguments: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hikae"));
    command.args(arguments).current_dir(app.data.path()).env_clear().env("HIKAE_DATA_DIR", app.data.path());
    command.envs(app.database.url().map(|url| ("DATABASE_URL", url)));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let ended = move || {
        let child = command.spawn().unwrap();
        let _watchdog = Watchdog::of(&child);
        Run::from(child.wait_with_output().unwrap())
    };
    tokio::task::spawn_blocking(ended).await.unwrap()
}
