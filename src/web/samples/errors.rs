//! Error pages.

use super::*;

pub(super) fn pages(samples: &mut Samples, language: Language) {
    for code in [400, 403, 404, 405, 408, 413, 415, 500, 503] {
        let status = StatusCode::from_u16(code).expect("a status");
        add(samples, format!("error-{code}"), ErrorPage::new(Page::bare(Words::of(language)), status, None));
    }
    let expired = Problem::FormExpired { back: "/login".to_owned() };
    add(samples, "error-form-expired", ErrorPage::new(visitor(language), StatusCode::FORBIDDEN, Some(&expired)));
    add(
        samples,
        "error-cross-site",
        ErrorPage::new(member(language), StatusCode::FORBIDDEN, Some(&Problem::CrossSite)),
    );
}
