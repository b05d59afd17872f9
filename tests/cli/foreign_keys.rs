//! A key file that belongs to another portal, with a command that would end by itself.

use crate::portal::Portal;

#[test]
fn no_command_works_with_the_key_file_of_another_portal() {
    let (portal, _) = Portal::with_office("ひかえ", "none");
    let (other, _) = Portal::with_office("ほか", "none");
    let foreign = other.path("data/hikae.key");
    portal.run(&["user", "list", "--key-file", foreign.to_str().unwrap()]).refused(&["key"]);
    portal.run(&["office", "list", "--key-file", foreign.to_str().unwrap()]).refused(&["key"]);
    portal.run(&["user", "list"]).done();
}
