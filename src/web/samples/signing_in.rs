//! Signing in, and choosing a new password.

use super::*;
use crate::web::login::{CodePage, RecoveryPage};

fn recovery_page(page: Page, standing: Standing, errors: Errors, request_errors: Errors) -> RecoveryPage {
    let contact = Some("情報管理課<内線 1234>".to_owned());
    let email = "hanako@example.jp".to_owned();
    RecoveryPage { page, email, until: LATER, is_extendable: true, standing, contact, errors, request_errors }
}

pub(super) fn pages(samples: &mut Samples, language: Language) {
    let (page, address) = (|| visitor(language), || "hanako@example.jp".to_owned());
    let login = |page, errors| LoginPage { page, email: address(), next: "/account/email".to_owned(), errors };
    add(samples, "login", login(page(), Errors::none()));
    add(samples, "login-wrong", login(page(), Errors::of_form("email", page().words.login.wrong)));
    let code = |refusal: Option<CodeRefusal>| {
        let page = halfway(language);
        let errors = refusal.map_or_else(Errors::none, |refusal| Entry::SIGN_IN.refused(&page, NOW, refusal).errors);
        CodePage {
            page,
            email: address(),
            next: String::new(),
            until: LATER,
            is_extendable: refusal != Some(CodeRefusal::Replayed),
            errors,
        }
    };
    let recovery = |refusal: Option<CodeRefusal>| {
        let page = halfway(language);
        let errors = refusal.map_or_else(Errors::none, |refusal| Entry::RECOVERY.refused(&page, NOW, refusal).errors);
        recovery_page(page, Standing::CanAsk, errors, Errors::none())
    };
    add(samples, "login-code", code(None));
    add(samples, "login-recovery", recovery(None));
    for (name, refusal) in [
        ("wrong", CodeRefusal::Wrong),
        ("replayed", CodeRefusal::Replayed),
        ("wait", CodeRefusal::Wait(LATER)),
        ("stopped", CodeRefusal::Stopped),
        ("empty", CodeRefusal::Unreadable(CodeProblem::Empty)),
        ("wrong-length", CodeRefusal::Unreadable(CodeProblem::WrongLength)),
        ("other-kind", CodeRefusal::Unreadable(CodeProblem::OtherKind)),
    ] {
        add(samples, format!("login-code-{name}"), code(Some(refusal)));
        add(samples, format!("login-recovery-{name}"), recovery(Some(refusal)));
    }
    let standings = [("asked", Standing::Open { until: LATER }), ("nobody-to-ask", Standing::NobodyToAsk)];
    for (name, standing) in standings {
        add(
            samples,
            format!("login-recovery-{name}"),
            recovery_page(halfway(language), standing, Errors::none(), Errors::none()),
        );
    }
    let too_many = Refused::mail_wait(&page(), "release-request", NOW, LATER).errors;
    add(
        samples,
        "login-recovery-asked-often",
        recovery_page(halfway(language), Standing::CanAsk, Errors::none(), too_many),
    );
    add(samples, "password-reset", reset::RequestPage { page: page(), email: String::new(), errors: Errors::none() });
    add(samples, "password-reset-sent", reset::SentPage { page: page() });
    let weak = Errors::of("new_password", page().words.common.password_too_common);
    add(samples, "password-reset-choose", reset::ChoosePage { page: page(), email: email(), errors: weak });
    add(samples, "password-reset-dead", reset::DeadPage { page: page() });
}
