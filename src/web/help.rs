//! The help: for members in trouble, and therefore open to everybody, signed in or not.

use actix_web::web::{ServiceConfig, resource};
use askama::Template;

use super::answer::{self, Answer};
use super::guard::Visit;
use super::page::Page;
use super::{get, url};
use crate::i18n::mail_words::MailWords;

/// `/help…`
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(url::HELP).route(get().to(index)))
        .service(resource(url::HELP_BACKUP_CODES).route(get().to(backup_codes)))
        .service(resource(url::HELP_TWO_FACTOR).route(get().to(two_factor)));
}

#[derive(Template)]
#[template(path = "pages/help/index.html")]
pub(super) struct IndexPage {
    pub page: Page,
}

#[derive(Template)]
#[template(path = "pages/help/backup_codes.html")]
pub(super) struct BackupCodesPage {
    pub page: Page,
    /// Whom to ask when no administrator can help.
    pub contact: Option<String>,
}

impl BackupCodesPage {
    /// Subjects of the mails that may be the first sign of a stranger.
    fn warnings(&self) -> [&'static str; 3] {
        let mails = MailWords::of(self.page.language);
        [&mails.backup_code_used, &mails.second_factor_failures, &mails.earlier_sheet_used].map(|mail| mail.subject)
    }
}

#[derive(Template)]
#[template(path = "pages/help/two_factor.html")]
pub(super) struct TwoFactorPage {
    pub page: Page,
    pub contact: Option<String>,
}

/// `GET /help`
async fn index(visit: Visit) -> Answer {
    answer::page(&IndexPage { page: Page::of(&visit) })
}

/// `GET /help/backup-codes`
async fn backup_codes(visit: Visit) -> Answer {
    answer::page(&BackupCodesPage { page: Page::of(&visit), contact: visit.state.contact.clone() })
}

/// `GET /help/two-factor`
async fn two_factor(visit: Visit) -> Answer {
    answer::page(&TwoFactorPage { page: Page::of(&visit), contact: visit.state.contact.clone() })
}
