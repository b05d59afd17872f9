//! Every notice, on a page that may carry it.

use super::*;

pub(super) fn pages(samples: &mut Samples, language: Language) {
    for notice in Notice::ALL {
        let name = format!("notice-{}", slug(notice));
        let before_sign_in = matches!(
            notice,
            Notice::PasswordReset
                | Notice::Released
                | Notice::StageOver
                | Notice::SignInOver
                | Notice::SignInOverUnsent
                | Notice::AccountCreated
                | Notice::FirstStartDone
        );
        if before_sign_in {
            let page = with_notice(visitor(language), *notice);
            let (email, next) = (String::new(), String::new());
            add(samples, name, LoginPage { page, email, next, errors: Errors::none() });
        } else {
            let page = with_notice(at(member(language), url::ACCOUNT), *notice);
            let overview = overview(true, Some(sheet(&[2])), true);
            let (next, waiting) = (NextStep::Nothing, Vec::new());
            add(samples, name, DashboardPage { page, name: "山田 花子".to_owned(), overview, next, waiting });
        }
    }
}
