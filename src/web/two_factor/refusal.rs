//! A refused code in words, the same wherever a code is entered.

use actix_web::http::StatusCode;

use crate::domain::time::Timestamp;
use crate::domain::two_factor::code_input::{CodeKind, CodeProblem};
use crate::service::second_factor::CodeRefusal;
use crate::web::errors_in_form::{Errors, FieldError};
use crate::web::page::Page;
use crate::web::url;

/// A form that was refused: with which status, what to say, and when to come back.
pub struct Refused {
    pub status: StatusCode,
    pub retry_after: Option<i64>,
    pub errors: Errors,
}

impl Refused {
    /// 422: something was wrong with a field.
    pub fn unprocessable(errors: impl Into<Errors>) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, retry_after: None, errors: errors.into() }
    }

    /// 429: too many tries, until then (SC-23).
    pub fn wait(page: &Page, field: &'static str, now: Timestamp, until: Timestamp) -> Self {
        Self::later(now, until, Errors::of_form(field, page.wait(now, until)))
    }

    /// 429: too many mails, until then.
    pub fn mail_wait(page: &Page, field: &'static str, now: Timestamp, until: Timestamp) -> Self {
        Self::later(now, until, Errors::of_form(field, page.mail_wait(now, until)))
    }

    fn later(now: Timestamp, until: Timestamp, errors: Errors) -> Self {
        Self { status: StatusCode::TOO_MANY_REQUESTS, retry_after: Some(now.seconds_until(until).max(1)), errors }
    }
}

/// Where a code was entered: which field, which kind, and where the other kind belongs.
pub struct Entry {
    pub field: &'static str,
    pub kind: CodeKind,
    /// Whether the person is signing in, and could go to the other form.
    pub signing_in: bool,
}

impl Entry {
    /// A security code in a form of the account.
    pub const ACCOUNT: Entry = Entry { field: "code", kind: CodeKind::Security, signing_in: false };
    /// A security code while signing in.
    pub const SIGN_IN: Entry = Entry { field: "code", kind: CodeKind::Security, signing_in: true };
    /// A backup code while signing in.
    pub const RECOVERY: Entry = Entry { field: "backup_code", kind: CodeKind::Backup, signing_in: true };
    /// A backup code that a signed-in member checks.
    pub const CHECK: Entry = Entry { field: "backup_code", kind: CodeKind::Backup, signing_in: false };

    /// The refusal in words.
    pub fn refused(&self, page: &Page, now: Timestamp, refusal: CodeRefusal) -> Refused {
        let words = &page.words.two_factor;
        match refusal {
            CodeRefusal::Unreadable(problem) => Refused::unprocessable(self.unreadable(page, problem)),
            CodeRefusal::Wrong => Refused::unprocessable(self.wrong(page)),
            CodeRefusal::Replayed => Refused::unprocessable(self.error(words.code_replayed)),
            CodeRefusal::Wait(until) => Refused::wait(page, self.field, now, until),
            CodeRefusal::Stopped => Refused {
                status: StatusCode::TOO_MANY_REQUESTS,
                retry_after: None,
                errors: Errors::of_form(self.field, words.code_stopped),
            },
        }
    }

    /// What is wrong with an input that is no code of the kind asked for.
    pub fn unreadable(&self, page: &Page, problem: CodeProblem) -> FieldError {
        let words = &page.words.two_factor;
        match (problem, self.kind) {
            (CodeProblem::Empty, CodeKind::Security) => self.error(words.code_empty_security),
            (CodeProblem::Empty, CodeKind::Backup) => self.error(words.code_empty_backup),
            (CodeProblem::OtherKind, CodeKind::Security) => FieldError {
                link: self.signing_in.then_some((url::RECOVERY, words.code_is_backup_link)),
                ..self.error(words.code_is_backup)
            },
            (CodeProblem::OtherKind, CodeKind::Backup) => FieldError {
                link: self.signing_in.then_some((url::LOGIN_CODE, words.code_is_security_link)),
                ..self.error(words.code_is_security)
            },
            (CodeProblem::TooLong | CodeProblem::NotDigits | CodeProblem::WrongLength, CodeKind::Security) => {
                self.error(words.code_shape_security)
            }
            (CodeProblem::TooLong | CodeProblem::NotDigits | CodeProblem::WrongLength, CodeKind::Backup) => {
                self.error(words.code_shape_backup)
            }
        }
    }

    /// Names the possible causes of a wrong backup code, never which it was.
    fn wrong(&self, page: &Page) -> FieldError {
        match self.kind {
            CodeKind::Security => self.error(page.words.two_factor.code_wrong),
            CodeKind::Backup => {
                let words = &page.words.login;
                FieldError {
                    causes: vec![words.cause_typo, words.cause_used, words.cause_void],
                    ..self.error(words.backup_wrong)
                }
            }
        }
    }

    fn error(&self, text: &str) -> FieldError {
        FieldError::new(self.field, text)
    }
}
