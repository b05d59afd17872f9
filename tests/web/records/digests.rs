//! Of link tokens and session keys not even a piece stands in the database.

use crate::support::app::TestApp;
use crate::support::cookie::session_key;
use crate::support::secrets::{Secret, assert_none, read_folder};

/// Base64 letters of 256 bits, without padding.
const LETTERS: usize = 43;

/// The beginning and the end of a text, each long enough to be no accident.
fn pieces(name: &str, text: &str) -> [Secret; 2] {
    [Secret::text(name, &text[..16]), Secret::text(name, &text[text.len() - 16..])]
}

#[tokio::test]
async fn no_piece_of_a_link_or_of_a_session_key_is_stored() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let browser = app.browser();
    browser.sign_in(&member).await.expect(303);
    let visitor = app.browser();
    let form = visitor.get("/password-reset").await.expect(200).form("/password-reset");
    form.fill("email", &member.email).submit(&visitor).await.expect(200);
    let path = app.mailbox.newest(&member.email, "パスワード").await.path("/password-reset/");
    let token = path.rsplit('/').next().expect("a token").to_owned();
    assert_eq!(token.len(), LETTERS);
    let key = session_key(&browser);
    assert_eq!(key.len(), LETTERS);

    let mut places = Vec::new();
    read_folder(app.data.path(), &mut places);
    places.retain(|(path, _)| !path.contains("/outbox/"));
    places.extend(app.database.dump());
    let secrets: Vec<Secret> = pieces("link", &token).into_iter().chain(pieces("session key", &key)).collect();
    assert_none(&secrets, &places);
}
