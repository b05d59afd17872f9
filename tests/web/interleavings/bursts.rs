//! Many tries at once do not get past a limit.

use futures_util::future::join_all;

use super::{count, from, recorded, sessions, sign_in_form, statuses};
use crate::support::app::TestApp;
use crate::support::members::PASSWORD;
use crate::support::page::Page;

const ADDRESS: &str = "203.0.113.66";

#[tokio::test]
async fn of_a_burst_of_wrong_passwords_no_more_than_the_limit_are_judged() {
    let app = TestApp::with().trusted_proxy("127.0.0.0/8").hashes(4, 64).start().await;
    let member = app.member().await;
    let mut hands = Vec::new();
    for guess in 0..24 {
        let browser = from(&app, ADDRESS);
        let form = sign_in_form(&browser, &member.email, &format!("当てずっぽう{guess}")).await;
        hands.push((browser, form));
    }
    let pages: Vec<Page> = join_all(hands.iter().map(|(browser, form)| form.submit(browser))).await;
    let judged = count(&pages, 422);
    assert!((1..=10).contains(&judged), "{:?}", statuses(&pages));
    assert_eq!(judged + count(&pages, 429), pages.len(), "{:?}", statuses(&pages));
    // A guess beyond the limit learns nothing, not even that it was right.
    from(&app, ADDRESS).sign_in(&member).await.expect(429);
    assert!(sessions(&app, &member).is_empty());
    assert_eq!(recorded(&app, &member, "sign_in.password", "refused"), judged);
    assert_eq!(recorded(&app, &member, "sign_in.password", "throttled"), 1, "one row a window");
}

#[tokio::test]
async fn a_right_guess_in_a_burst_beyond_the_limit_signs_nobody_in() {
    let app = TestApp::with().trusted_proxy("127.0.0.0/8").hashes(4, 64).start().await;
    let member = app.member().await;
    for guess in 0..9 {
        from(&app, ADDRESS).sign_in_with(&member.email, &format!("当てずっぽう{guess}")).await.expect(422);
    }
    // All three are hashed before one of them is counted; no more, for each holds a connection then,
    // of which a small machine has four.
    let mut hands = Vec::new();
    for hand in 0..3 {
        let browser = from(&app, ADDRESS);
        let typed = if hand == 2 { PASSWORD.to_owned() } else { format!("まだ当てずっぽう{hand}") };
        let form = sign_in_form(&browser, &member.email, &typed).await;
        hands.push((browser, form));
    }
    let hold = app.database.hold();
    let made = app.services.gate.made();
    let mut requests = Vec::new();
    for (hand, (browser, form)) in (1_u64..).zip(hands) {
        requests.push(tokio::spawn(async move { form.submit(&browser).await }));
        crate::support::eventually("the hash is made", async || {
            (app.services.gate.made() >= made + hand).then_some(())
        })
        .await;
    }
    drop(hold);
    let pages: Vec<Page> = join_all(requests).await.into_iter().map(|page| page.expect("an answer")).collect();
    let judged = count(&pages, 422) + count(&pages, 303);
    assert!(judged <= 1, "the limit left one: {:?}", statuses(&pages));
}

#[tokio::test]
async fn of_a_burst_of_requests_no_more_than_five_mails_are_sent() {
    let app = TestApp::start().await;
    let person = app.protected_member().await;
    let page = person.browser.get("/account/two-factor").await.expect(200);
    let form = page.form("二要素認証解除メールを送信");
    let pages: Vec<Page> = join_all((0..12).map(|_| form.submit(&person.browser))).await;
    assert_eq!(count(&pages, 429), 7, "{:?}", statuses(&pages));
    let mails = app.mailbox.to(&person.member.email).await;
    let asked_for = mails.iter().filter(|mail| mail.links().iter().any(|link| link.contains("/two-factor-release/")));
    assert_eq!(asked_for.count(), 5);
}
