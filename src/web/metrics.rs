//! Figures for Prometheus, on an address of their own. A label holds nothing but a route's
//! pattern, a method, a status, the name of an action or the version: nothing that a visitor can
//! choose, and nothing about anybody (SC-10).

use std::collections::BTreeMap;
use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::middleware::{Next, from_fn};
use actix_web::{Error, HttpResponse, web};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use super::WebState;
use super::request_log::known_method;
use super::unread;
use crate::domain::audit::{Action, Outcome};
use crate::service::node_figures::{GateStanding, NodeFigures, node_figures};

/// Where it stands, on its own address.
pub const PATH: &str = "/metrics";

/// From what a file costs to what a full queue of hashes costs, in seconds.
const BUCKETS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5];

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct Route {
    method: &'static str,
    route: String,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct Answer {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct Recorded {
    action: String,
    outcome: String,
}

/// The requests this node has answered since its start; clones share what they count.
#[derive(Clone)]
pub struct Requests {
    answered: Family<Answer, Counter>,
    seconds: Family<Route, Histogram, fn() -> Histogram>,
}

impl Default for Requests {
    fn default() -> Self {
        Self { answered: Family::default(), seconds: Family::new_with_constructor(|| Histogram::new(BUCKETS)) }
    }
}

impl Requests {
    /// Counts a request.
    pub(super) fn count(&self, method: &'static str, route: String, status: u16, began: Instant) {
        let place = Route { method, route };
        self.seconds.get_or_create(&place).observe(began.elapsed().as_secs_f64());
        self.answered.get_or_create(&Answer { method, route: place.route, status }).inc();
    }
}

/// Counts each request with its route, its status and how long it took.
///
/// # Errors
/// Those of the service within.
pub async fn measure(
    state: web::Data<WebState>,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let (began, method) = (Instant::now(), known_method(request.method().as_str()));
    let route = request.match_pattern().unwrap_or_else(|| "none".to_owned());
    let answered = next.call(request).await;
    let status = match &answered {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    state.requests.count(method, route, status.as_u16(), began);
    answered
}

/// `GET /metrics`: the figures in the text format of OpenMetrics, which Prometheus reads.
pub async fn show(state: web::Data<WebState>) -> HttpResponse {
    let figures = node_figures(&state.services).await;
    match text(&state.requests, figures) {
        Ok(text) => HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8"))
            .insert_header((CACHE_CONTROL, "no-store"))
            .body(text),
        Err(error) => {
            tracing::error!(%error, "the figures cannot be written");
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// The routes of the address for monitoring.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::scope("").route(PATH, super::get().to(show)).wrap(from_fn(unread::hold)));
}

fn text(requests: &Requests, figures: NodeFigures) -> Result<String, std::fmt::Error> {
    let mut registry = Registry::with_prefix("hikae");
    registry.register("build", "The version that runs", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
    registry.register("http_requests", "Requests answered", requests.answered.clone());
    registry.register_with_unit("http_request_duration", "Time to answer", Unit::Seconds, requests.seconds.clone());
    gate(&mut registry, figures.gate);

    gauge(&mut registry, "database_up", "Whether the database answered just now", i64::from(figures.mails.is_some()));
    let pool = figures.pool;
    gauge(&mut registry, "database_connections_max", "Connections there may be", pool.max.into());
    gauge(&mut registry, "database_connections_open", "Connections there are", pool.open.into());
    gauge(&mut registry, "database_connections_in_use", "Connections at work", pool.in_use.into());
    registry.register("database_connections_waiting", "Who waits for a connection", pool.waits.waiting);
    let help = "Who got no connection in time";
    registry.register("database_connection_timeouts", help, pool.waits.in_vain);
    let help = "Time to get a connection";
    registry.register_with_unit("database_connection_wait", help, Unit::Seconds, pool.waits.seconds);
    let help = "Writes of visitors under way, with those that wait for their turn";
    registry.register("database_writes_under_way", help, pool.writes);

    registry.register("audit_events", "Attempts and changes recorded by this node", recorded(&figures.counts.rows));
    let mails = figures.counts.mails;
    counter(&mut registry, "mails_sent", "Mails that left from this node", mails.sent);
    counter(&mut registry, "mails_failed", "Tries that failed and are made again", mails.failed);
    counter(&mut registry, "mails_given_up", "Mails that are not tried again", mails.given_up);
    if let Some(outbox) = figures.mails {
        gauge(&mut registry, "mails_waiting", "Mails that have not left yet, of all nodes", outbox.waiting);
        gauge(&mut registry, "mails_oldest_seconds", "Age of the oldest mail that waits", outbox.oldest.0);
    }
    let mut text = String::new();
    encode(&mut text, &registry)?;
    Ok(text)
}

fn gate(registry: &mut Registry, gate: GateStanding) {
    gauge(registry, "hash_gate_width", "Slow hashes that may be made at once", count(gate.width));
    gauge(
        registry,
        "hash_gate_queue",
        "Callers who may wait: of strangers, and as many of all others",
        count(gate.queue),
    );
    gauge(registry, "hash_gate_in_use", "Slow hashes being made", count(gate.in_use));
    gauge(registry, "hash_gate_waiting", "Callers who wait", count(gate.waiting));
    registry.register("hash_gate_refusals", "Callers told to come back later", gate.counts.refused);
    registry.register_with_unit("hash_gate_wait", "Time in the queue", Unit::Seconds, gate.counts.wait);
    registry.register_with_unit("hash_duration", "Time of one slow hash", Unit::Seconds, gate.counts.work);
}

/// Every action and outcome there is, with 0 where there was none: a first failure is then a
/// change that an alert can see.
fn recorded(rows: &BTreeMap<(String, String), u64>) -> Family<Recorded, Counter> {
    let recorded = Family::<Recorded, Counter>::default();
    for action in Action::ALL {
        for outcome in Outcome::ALL {
            let (action, outcome) = (action.slug().to_owned(), outcome.slug().to_owned());
            let count = rows.get(&(action.clone(), outcome.clone())).copied().unwrap_or(0);
            recorded.get_or_create(&Recorded { action, outcome }).inc_by(count);
        }
    }
    recorded
}

fn gauge(registry: &mut Registry, name: &str, help: &str, value: i64) {
    let gauge: Gauge = Gauge::default();
    gauge.set(value);
    registry.register(name, help, gauge);
}

fn counter(registry: &mut Registry, name: &str, help: &str, value: u64) {
    let counter: Counter = Counter::default();
    counter.inc_by(value);
    registry.register(name, help, counter);
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
