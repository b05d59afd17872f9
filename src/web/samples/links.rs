//! Pages behind the links of 方法A.

use super::*;

pub(super) fn pages(samples: &mut Samples, language: Language) {
    let (page, errors) = (|| visitor(language), Errors::of("password", visitor(language).words.common.password_wrong));
    add(samples, "two-factor-release", release::ReleasePage { page: page(), link: link(), errors });
    add(samples, "two-factor-release-cancel", release::CancelPage { page: page(), link: link() });
    add(samples, "two-factor-release-cancelled", release::CancelledPage { page: page() });
    add(samples, "two-factor-release-dead", release::DeadPage { page: page() });
    add(samples, "two-factor-release-other", release::OtherPage { page: member(language) });
}
