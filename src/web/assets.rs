//! Style, script and pictures: inside the binary, with a hash of the content in the URL, so that
//! browsers may keep them for ever.

use std::sync::LazyLock;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::answer::Answer;
use super::error::Problem;
use super::get;

struct Asset {
    name: &'static str,
    content_type: &'static str,
    bytes: &'static [u8],
    hash: String,
    url: String,
}

macro_rules! assets {
    ($($name:literal: $content_type:literal,)*) => {
        static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| vec![
            $(Asset::new($name, $content_type, include_bytes!(concat!("../../static/", $name))),)*
        ]);
    };
}

assets! {
    "app.css": "text/css; charset=utf-8",
    "print.css": "text/css; charset=utf-8",
    "app.js": "text/javascript; charset=utf-8",
    "favicon.svg": "image/svg+xml",
    "wordmark.svg": "image/svg+xml",
}

impl Asset {
    fn new(name: &'static str, content_type: &'static str, bytes: &'static [u8]) -> Self {
        let hash = HEXLOWER.encode(&Sha256::digest(bytes)[..8]);
        Self { name, content_type, bytes, url: format!("/assets/{hash}/{name}"), hash }
    }
}

/// The URL of an asset; templates ask for names that exist.
pub fn url(name: &str) -> &'static str {
    ASSETS.iter().find(|asset| asset.name == name).map_or("", |asset| &asset.url)
}

/// `/assets/{hash}/{name}`
pub fn routes(config: &mut web::ServiceConfig) {
    config.route("/{hash}/{name}", get().to(serve));
}

async fn serve(path: web::Path<(String, String)>) -> Answer {
    let (hash, name) = path.into_inner();
    let asset = ASSETS.iter().find(|asset| asset.name == name && asset.hash == hash).ok_or(Problem::NotFound)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, asset.content_type))
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(asset.bytes))
}
