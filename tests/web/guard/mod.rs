//! What every request meets: form tokens, headers, cookies, error pages, proxies, health.

mod cookies;
mod csrf;
mod errors;
mod headers;
mod health;
mod input;
mod metrics;
mod proxies;
