//! One node of an application, in this process.

use std::sync::mpsc;
use std::thread::JoinHandle;

use hikae::app::Application;
use hikae::clock::Clock;
use hikae::random::Randomness;
use hikae::service::Services;
use hikae::settings::Settings;
use url::Url;

use super::browser::Browser;

/// A node that serves. It stops when it is dropped.
pub struct Node {
    pub services: Services,
    pub port: u16,
    /// Where Prometheus asks, when that was wished for.
    pub metrics_port: Option<u16>,
    pub base_url: Url,
    stop: Option<Box<dyn FnOnce() + Send>>,
    server: Option<JoinHandle<()>>,
}

impl Node {
    /// Starts a node, on a system and a thread of its own, as it does outside of tests.
    pub async fn start(settings: Settings, clock: Clock, random: Randomness) -> Self {
        let (tell, told) = mpsc::channel();
        let server = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let application = match Application::build(settings, clock, random).await {
                    Ok(application) => application,
                    Err(error) => return tell.send(Err(format!("{error:#}"))).expect("the test waits"),
                };
                let system = actix_web::rt::System::current();
                let handle = application.handle();
                let stop = move || {
                    system.arbiter().spawn(async move { handle.stop(false).await });
                };
                let running = (
                    application.port(),
                    application.metrics_port(),
                    application.base_url().clone(),
                    application.services().clone(),
                    Box::new(stop) as Box<dyn FnOnce() + Send>,
                );
                tell.send(Ok(running)).expect("the test waits");
                application.run().await.expect("the server runs");
            });
        });
        let (port, metrics_port, base_url, services, stop) = tokio::task::spawn_blocking(move || told.recv())
            .await
            .expect("no panic")
            .expect("it started")
            .expect("built");
        Self { services, port, metrics_port, base_url, stop: Some(stop), server: Some(server) }
    }

    /// A new browser that talks to this node alone.
    pub fn browser(&self) -> Browser {
        Browser::new(self.port, &self.base_url)
    }

    /// The same browser, sent to this node by the next request.
    pub fn taking_over(&self, browser: &Browser) -> Browser {
        let here = self.browser();
        here.plant_cookies(browser.cookies());
        here
    }

    /// Lets it begin to stop; dropping it waits for the end.
    pub fn ask_to_stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop();
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.ask_to_stop();
        if let Some(server) = self.server.take() {
            let ended = server.join();
            if !std::thread::panicking() {
                ended.expect("the node ends without a panic");
            }
        }
    }
}
