//! The help.

use super::*;
use crate::web::help::{BackupCodesPage, IndexPage, TwoFactorPage};

pub(super) fn pages(samples: &mut Samples, language: Language) {
    let contact = || Some("情報管理課<内線 1234>".to_owned());
    add(samples, "help", IndexPage { page: visitor(language) });
    add(samples, "help-backup-codes", BackupCodesPage { page: visitor(language), contact: contact() });
    add(samples, "help-backup-codes-member", BackupCodesPage { page: member(language), contact: None });
    add(samples, "help-two-factor", TwoFactorPage { page: halfway(language), contact: contact() });
    add(samples, "help-two-factor-member", TwoFactorPage { page: member(language), contact: None });
}
