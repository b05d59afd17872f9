//! What strangers and colleagues use up does not lock the owner out.

use futures_util::future::join_all;

use super::{ask_for_reset, behind_a_proxy, count, from, statuses};
use crate::support::app::TestApp;
use crate::support::members::Member;
use crate::support::page::Page;

const HOME: &str = "198.51.100.7";

/// Wrong passwords from one network, one after the other; `email` says for whom.
async fn guess(app: &TestApp, network: &str, guesses: usize, email: impl Fn(usize) -> String) -> Vec<Page> {
    let browser = from(app, network);
    let mut pages = Vec::new();
    for guess in 0..guesses {
        pages.push(browser.sign_in_with(&email(guess), &format!("当てずっぽう{guess}")).await);
    }
    pages
}

#[tokio::test]
async fn wrong_passwords_from_twelve_networks_do_not_lock_the_owner_out_at_home() {
    let app = behind_a_proxy().await;
    let member = app.member().await;
    from(&app, HOME).sign_in(&member).await.expect_redirect("/account");
    let networks: Vec<String> = (1..=12).map(|n| format!("203.0.113.{n}")).collect();
    let guessed = networks.iter().map(|network| guess(&app, network, 10, |_| member.email.clone()));
    let pages = join_all(guessed).await.concat();
    assert_eq!((count(&pages, 422), count(&pages, 429)), (100, 20), "{:?}", statuses(&pages));
    from(&app, "203.0.113.99").sign_in(&member).await.expect(429);
    from(&app, HOME).sign_in(&member).await.expect_redirect("/account");
}

#[tokio::test]
async fn wrong_passwords_of_colleagues_do_not_lock_the_owner_out_of_their_network() {
    let app = behind_a_proxy().await;
    let (member, colleague) = (app.member().await, app.member().await);
    from(&app, HOME).sign_in(&member).await.expect_redirect("/account");
    let guessed = (0..11).map(|n| guess(&app, HOME, 10, move |_| format!("nobody{n}@example.jp")));
    let pages = join_all(guessed).await.concat();
    assert_eq!((count(&pages, 422), count(&pages, 429)), (100, 10), "{:?}", statuses(&pages));
    from(&app, HOME).sign_in(&colleague).await.expect(429);
    from(&app, HOME).sign_in(&member).await.expect_redirect("/account");
}

/// How many mails with a link of this kind an address has.
async fn mails_with(app: &TestApp, member: &Member, link: &str) -> usize {
    let mails = app.mailbox.to(&member.email).await;
    mails.iter().filter(|mail| mail.links().iter().any(|found| found.contains(link))).count()
}

#[tokio::test]
async fn reset_mails_asked_for_by_strangers_do_not_use_up_the_owners_release_mails() {
    let app = behind_a_proxy().await;
    let person = app.protected_member().await;
    for n in 1..=30 {
        ask_for_reset(&from(&app, &format!("203.0.113.{n}")), &person.member.email).await;
    }
    assert_eq!(mails_with(&app, &person.member, "/password-reset/").await, 10, "a mailbox is not flooded");
    person.browser.request_release().await.expect(303);
    assert_eq!(mails_with(&app, &person.member, "/two-factor-release/").await, 1);
}

#[tokio::test]
async fn reset_mails_asked_for_from_one_network_leave_some_for_another() {
    let app = behind_a_proxy().await;
    let member = app.member().await;
    let stranger = from(&app, "203.0.113.66");
    for _ in 0..5 {
        ask_for_reset(&stranger, &member.email).await.expect(200);
    }
    ask_for_reset(&stranger, &member.email).await.expect(429);
    ask_for_reset(&from(&app, HOME), &member.email).await.expect(200);
    assert_eq!(mails_with(&app, &member, "/password-reset/").await, 6);
}

#[tokio::test]
async fn reset_mails_refused_to_one_network_do_not_use_up_those_of_another() {
    let app = behind_a_proxy().await;
    let member = app.member().await;
    let stranger = from(&app, "203.0.113.66");
    for _ in 0..20 {
        ask_for_reset(&stranger, &member.email).await;
    }
    assert_eq!(mails_with(&app, &member, "/password-reset/").await, 5);
    ask_for_reset(&from(&app, HOME), &member.email).await.expect(200);
    assert_eq!(mails_with(&app, &member, "/password-reset/").await, 6);
}

#[tokio::test]
async fn tries_refused_unseen_in_one_network_do_not_close_the_account_to_all_others() {
    let app = behind_a_proxy().await;
    let member = app.member().await;
    let pages = guess(&app, "203.0.113.66", 105, |_| member.email.clone()).await;
    assert_eq!(count(&pages, 422), 10, "{:?}", statuses(&pages));
    from(&app, HOME).sign_in(&member).await.expect_redirect("/account");
}
