//! A check of a code while the same code is spent, while a new sheet is issued, and while its
//! session is ended.

use futures_util::future::join_all;

use super::{fill_the_gate, one_beside_another, recorded, under_way, waits_at_the_gate};
use crate::support::app::TestApp;
use crate::support::members::PASSWORD;
use crate::two_factor::check::check_form;

const CHECKED: &str = "backup_codes.checked";

#[tokio::test]
async fn a_check_beside_the_sign_in_with_the_same_code_takes_nothing_from_it() {
    let app = TestApp::with().hashes(2, 64).start().await;
    for check_comes_first in [true, false] {
        let person = app.protected_member().await;
        let stage = app.password_proven(&person.member).await;
        let sign_in = stage.get("/login/recovery").await.expect(200).form("/login/recovery/backup-code");
        let sign_in = under_way(sign_in.fill("backup_code", &person.codes[0]), &stage, 1);
        let check = check_form(&person.browser, PASSWORD, &person.codes[0]).await;
        let check = under_way(check, &person.browser, 2);
        let (check, sign_in) = if check_comes_first {
            one_beside_another(&app, check, sign_in).await
        } else {
            let (sign_in, check) = one_beside_another(&app, sign_in, check).await;
            (check, sign_in)
        };
        sign_in.expect_redirect("/account/two-factor");
        let tells = if check_comes_first { "未使用のコードです" } else { "使用済み" };
        assert!(check.text().contains(tells), "the check came first: {check_comes_first}: {}", check.text());
        let page = person.browser.get("/account/two-factor").await.expect(200);
        assert_eq!(page.all(".mark--used .mark__number"), ["1"]);
    }
}

#[tokio::test]
async fn a_check_beside_a_reissue_speaks_of_the_sheet_that_counts_then() {
    for check_comes_first in [true, false] {
        let app = TestApp::with().hashes(2, 64).start().await;
        let person = app.protected_member().await;
        let form = person.browser.get("/account/two-factor/backup-codes/reissue").await.expect(200).form("再発行");
        let form = form.fill("code", &app.fresh_code(&person.authenticator));
        let check = under_way(check_form(&person.browser, PASSWORD, &person.codes[0]).await, &person.browser, 2);
        let reissue = under_way(form, &person.browser, 0);
        let (check, reissue) = if check_comes_first {
            one_beside_another(&app, check, reissue).await
        } else {
            let (reissue, check) = one_beside_another(&app, reissue, check).await;
            (check, reissue)
        };
        assert_eq!(reissue.codes().len(), 10, "{}", reissue.text());
        match check.status {
            200 => assert!(check.text().contains("第1回"), "{}", check.text()),
            422 => assert!(check.text().contains("以前のシート"), "{}", check.text()),
            other => panic!("{other}: {}", check.text()),
        }
        app.turn(hikae::domain::time::Seconds::hours(2));
        app.password_proven(&person.member).await.enter_backup_code(&reissue.codes()[0]).await.expect(303);
    }
}

#[tokio::test]
async fn a_check_whose_session_is_ended_while_it_hashes_says_nothing() {
    let app = TestApp::with().hashes(1, 64).start().await;
    let person = app.protected_member().await;
    let elsewhere = app.signed_in(&person).await;
    let end_others = elsewhere.get("/account/sessions").await.expect(200).form("/account/sessions/end-others");
    let check = check_form(&person.browser, PASSWORD, &person.codes[0]).await;
    let busy = fill_the_gate(&app).await;
    let check = tokio::spawn(under_way(check, &person.browser, 0).request);
    waits_at_the_gate(&app, 2).await;
    end_others.submit(&elsewhere).await.expect(303);
    busy.await.expect("a hash");
    let page = check.await.expect("an answer");
    assert_eq!(page.status, 303, "{}", page.text());
    assert!(page.location().expect("a place").starts_with("/login"), "{:?}", page.location());
    assert_eq!(recorded(&app, &person.member, CHECKED, "done"), 0);
}

#[tokio::test]
async fn a_burst_of_checks_cannot_exceed_the_budget() {
    let app = TestApp::with().hashes(2, 64).start().await;
    let person = app.protected_member().await;
    // Each hand has a session of its own, for a check renews it.
    let mut hands = Vec::new();
    for n in 1..=8 {
        let browser = app.signed_in(&person).await;
        let form = check_form(&browser, PASSWORD, &format!("{n:09}")).await;
        hands.push((browser, form));
    }
    let pages = join_all(hands.iter().map(|(browser, form)| form.submit(browser))).await;
    let looked_at = pages.iter().filter(|page| page.status == 422).count();
    assert!((1..=5).contains(&looked_at), "{:?}", super::statuses(&pages));
    assert!(pages.iter().all(|page| matches!(page.status, 422 | 429 | 503)));
    let sql = format!("SELECT CAST(failures AS TEXT) AS line FROM attempts WHERE user_id = {}", person.member.id);
    assert_eq!(app.database.lines(&sql), [looked_at.to_string()]);
}
