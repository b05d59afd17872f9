//! Pages behind the links of 方法A.

use super::*;

pub(super) fn pages(samples: &mut Samples, language: Language) {
    let (page, errors) = (|| visitor(language), Errors::of("password", visitor(language).words.common.password_wrong));
    add(samples, "release", release::ReleasePage { page: page(), link: link(), errors });
    add(samples, "release-cancel", release::CancelPage { page: page(), link: link() });
    add(samples, "release-cancelled", release::CancelledPage { page: page() });
    add(samples, "release-dead", release::DeadPage { page: page() });
    add(samples, "release-other", release::OtherPage { page: member(language) });
}
