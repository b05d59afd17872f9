//! A session that is ended while an act of it is on its way: the act does nothing.

use hikae::domain::time::Seconds;

use super::{
    change_form, fill_the_gate, one_beside_another, recorded, reset_form, sessions, under_way, waits_at_the_gate,
};
use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::members::{Member, PASSWORD};
use crate::support::page::{Form, Page};

/// An act of the session that is going to be ended: its form, and who may end it from elsewhere.
struct Setting {
    member: Member,
    mine: Browser,
    form: Form,
    elsewhere: Browser,
}

async fn one_place() -> TestApp {
    TestApp::with().hashes(1, 64).start().await
}

async fn about_to_confirm(app: &TestApp) -> Setting {
    let member = app.member().await;
    let (mine, elsewhere) = (app.browser(), app.browser());
    mine.sign_in(&member).await.expect_redirect("/account");
    elsewhere.sign_in(&member).await.expect_redirect("/account");
    let authenticator = mine.start_set_up(PASSWORD).await;
    let form = mine.get("/account/two-factor/setup").await.expect(200).form("/account/two-factor/setup/confirm");
    let form = form.fill("code", &authenticator.code_at(app.now()));
    Setting { member, mine, form, elsewhere }
}

async fn about_to_reissue(app: &TestApp) -> Setting {
    let person = app.protected_member().await;
    let elsewhere = app.signed_in(&person).await;
    let form = person.browser.get("/account/two-factor/backup-codes/reissue").await.expect(200).form("再発行");
    let form = form.fill("code", &app.fresh_code(&person.authenticator));
    Setting { member: person.member, mine: person.browser, form, elsewhere }
}

async fn about_to_change_the_password(app: &TestApp) -> Setting {
    let member = app.member().await;
    let (mine, elsewhere) = (app.browser(), app.browser());
    mine.sign_in(&member).await.expect_redirect("/account");
    elsewhere.sign_in(&member).await.expect_redirect("/account");
    let form = change_form(&mine, &member).await;
    Setting { member, mine, form, elsewhere }
}

/// Ends all other sessions while the act waits for its hash; the answer of the act.
async fn end_while_it_hashes(app: &TestApp, setting: &Setting) -> Page {
    let page = setting.elsewhere.get("/account/sessions").await.expect(200);
    let end_others = page.form("/account/sessions/end-others");
    let busy = fill_the_gate(app).await;
    let act = tokio::spawn(under_way(setting.form.clone(), &setting.mine, 0).request);
    waits_at_the_gate(app, 2).await;
    end_others.submit(&setting.elsewhere).await.expect(303);
    busy.await.expect("a hash");
    act.await.expect("an answer")
}

#[tokio::test]
async fn a_set_up_is_not_confirmed_by_a_session_that_has_been_ended_meanwhile() {
    let app = one_place().await;
    let setting = about_to_confirm(&app).await;
    let page = end_while_it_hashes(&app, &setting).await;
    let page = page.expect_redirect("/login?next=%2Faccount%2Ftwo-factor%2Fsetup");
    assert!(page.codes().is_empty());
    assert!(setting.mine.follow(page).await.notice().contains("反映されていません"));
    assert!(!setting.mine.is_signed_in().await);
    app.browser().sign_in(&setting.member).await.expect_redirect("/account");
    assert_eq!(app.database.lines("SELECT sheet_id AS line FROM generations").len(), 0);
}

#[tokio::test]
async fn codes_are_not_reissued_by_a_session_that_has_been_ended_meanwhile() {
    let app = one_place().await;
    let setting = about_to_reissue(&app).await;
    let state = setting.elsewhere.two_factor_state().await;
    let page = end_while_it_hashes(&app, &setting).await;
    let page = page.expect_redirect("/login?next=%2Faccount%2Ftwo-factor%2Fbackup-codes%2Freissue");
    assert!(page.codes().is_empty());
    assert_eq!(setting.elsewhere.two_factor_state().await, state);
    assert!(setting.elsewhere.is_signed_in().await, "the ended session has ended the living one");
}

#[tokio::test]
async fn codes_are_not_reissued_beside_a_sign_out_that_came_first() {
    let app = one_place().await;
    let setting = about_to_reissue(&app).await;
    let state = setting.elsewhere.two_factor_state().await;
    let leaving = setting.mine.clone();
    let sign_out = under_way(leaving.get("/account").await.expect(200).form("/logout"), &leaving, 0);
    let (signed_out, page) = one_beside_another(&app, sign_out, under_way(setting.form, &setting.mine, 0)).await;
    signed_out.expect(303);
    assert_eq!(page.status, 303, "{}", page.text());
    assert!(page.location().is_some_and(|to| to.starts_with("/login")), "{:?}", page.location());
    assert!(page.codes().is_empty());
    assert_eq!(setting.elsewhere.two_factor_state().await, state);
    assert!(setting.elsewhere.is_signed_in().await, "the ended session has ended the living one");
}

/// The other way round the sign-out is late: it speaks of the key that the second step has replaced.
#[tokio::test]
async fn a_sign_out_of_before_the_second_step_does_not_end_what_that_began() {
    let app = one_place().await;
    let person = app.protected_member().await;
    person.browser.sign_out().await.expect(303);
    let stage = app.password_proven(&person.member).await;
    let page = stage.get("/login/recovery").await.expect(200);
    let code = page.form("/login/recovery/backup-code").fill("backup_code", &person.codes[0]);
    let (code, leave) = (under_way(code, &stage, 1), under_way(page.form("/logout"), &stage, 0));
    let before = recorded(&app, &person.member, "sign_out", "done");
    let (code, left) = one_beside_another(&app, code, leave).await;
    code.expect_redirect("/account/two-factor");
    left.expect(303);
    assert_eq!(sessions(&app, &person.member), ["complete"]);
    assert_eq!(recorded(&app, &person.member, "sign_out", "done"), before);
}

#[tokio::test]
async fn a_backup_code_whose_stage_ends_while_it_is_hashed_stays_unused() {
    let app = one_place().await;
    let person = app.protected_member().await;
    let state = person.browser.two_factor_state().await;
    let stage = app.password_proven(&person.member).await;
    let page = stage.get("/login/recovery").await.expect(200);
    let form = page.form("/login/recovery/backup-code").fill("backup_code", &person.codes[0]);
    let before = recorded(&app, &person.member, "sign_in.backup_code", "done");
    let busy = fill_the_gate(&app).await;
    let act = tokio::spawn(under_way(form, &stage, 0).request);
    waits_at_the_gate(&app, 2).await;
    app.turn(Seconds::minutes(10));
    busy.await.expect("a hash");
    let page = act.await.expect("an answer");
    assert_eq!(page.status, 303, "{}", page.text());
    assert!(page.location().is_some_and(|to| to.starts_with("/login")), "{:?}", page.location());
    assert!(!stage.is_signed_in().await);
    assert_eq!(sessions(&app, &person.member).iter().filter(|stage| *stage == "complete").count(), 1);
    assert_eq!(person.browser.two_factor_state().await, state);
    assert_eq!(recorded(&app, &person.member, "sign_in.backup_code", "done"), before);
}

#[tokio::test]
async fn the_password_is_not_changed_by_a_session_that_has_been_ended_meanwhile() {
    let app = one_place().await;
    let setting = about_to_change_the_password(&app).await;
    end_while_it_hashes(&app, &setting).await.expect_redirect("/login?next=%2Faccount%2Fpassword");
    assert!(setting.elsewhere.is_signed_in().await, "the ended session has ended the living one");
    app.browser().sign_in(&setting.member).await.expect_redirect("/account");
}

#[tokio::test]
async fn acts_of_all_kinds_do_nothing_when_the_owner_resets_the_password_meanwhile() {
    let app = one_place().await;
    let settings =
        [about_to_confirm(&app).await, about_to_reissue(&app).await, about_to_change_the_password(&app).await];
    for setting in settings {
        let sql = format!("SELECT sheet_id AS line FROM generations WHERE user_id = {}", setting.member.id);
        let sheets = app.database.lines(&sql);
        let owner = app.browser();
        let reset = under_way(reset_form(&app, &owner, &setting.member.email).await, &owner, 1);
        let hashes = if setting.form.action == "/account/password" { 2 } else { 0 };
        let act = under_way(setting.form.clone(), &setting.mine, hashes);
        let (reset, act) = one_beside_another(&app, reset, act).await;
        reset.expect(303);
        assert_eq!(act.status, 303, "{}: {}", act.path, act.text());
        assert!(act.location().is_some_and(|to| to.starts_with("/login")), "{}", act.path);
        assert!(sessions(&app, &setting.member).is_empty(), "{}", act.path);
        assert_eq!(app.database.lines(&sql), sheets, "{}", act.path);
        app.browser().sign_in_with(&setting.member.email, super::NEW).await.expect(303);
    }
}
