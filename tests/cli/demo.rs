//! `hikae demo`: the world it prints is there.

use std::thread::sleep;
use std::time::Duration;

use crate::portal::{Portal, Serving};

/// The path of the newest mail, once the first ones have been written.
fn first_mail(serving: &Serving) -> String {
    for _ in 0..100 {
        let (status, page) = serving.get("/demo/mailbox");
        assert_eq!(status, 200);
        if let Some((_, after)) = page.split_once("href=\"/demo/mailbox/") {
            return format!("/demo/mailbox/{}", after.split('"').next().unwrap());
        }
        sleep(Duration::from_millis(100));
    }
    panic!("no mail came");
}

#[test]
fn the_demo_has_a_world_and_a_mailbox_and_leaves_nothing() {
    let portal = Portal::empty();
    let temporary = portal.path("tmp");
    std::fs::create_dir(&temporary).unwrap();
    let portal = portal.set("LANG", "ja_JP.UTF-8").set("TMPDIR", temporary.to_str().unwrap());
    let serving = portal.serve(&["demo", "--listen", "127.0.0.1:0"], "Ctrl-C");
    for part in ["佐藤 花子", "未発行", "あおぞら同好会", "oathtool --totp -b", "/demo/mailbox", "パスワード", "▀"]
    {
        assert!(serving.text.contains(part), "{part} is not in: {}", serving.text);
    }
    let number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let two_codes = |line: &&str| line.split_whitespace().count() == 8 && line.split_whitespace().all(number);
    assert_eq!(serving.text.lines().filter(two_codes).count(), 20, "four sheets: {}", serving.text);
    assert_eq!(serving.get("/login").0, 200);
    let mail = first_mail(&serving);
    let (status, page) = serving.get(&mail);
    assert_eq!(status, 200);
    assert!(page.contains("@hikae.example") && page.contains("<a href=\"http://127.0.0.1:"), "{page}");
    for path in ["/demo/mailbox/..%2Fhikae.key", "/demo/mailbox/../hikae.key", "/demo/mailbox/nothing.eml"] {
        assert_eq!(serving.get(path).0, 404, "{path}");
    }
    assert!(serving.text.contains("/gallery\n"), "{}", serving.text);
    let (status, index) = serving.get("/gallery");
    assert_eq!(status, 200);
    for (path, shown) in [
        ("/gallery/en/two-factor-on", "Two-factor authentication"),
        ("/gallery/ja/mail/backup-codes-low", "バックアップコード"),
    ] {
        assert!(index.contains(&path.replace("/en/", "/ja/")), "{path} is not in: {index}");
        let (status, page) = serving.get(path);
        assert_eq!(status, 200, "{path}");
        assert!(page.contains(shown), "{path}: {page}");
    }
    for path in ["/gallery/fr", "/gallery/ja/nothing", "/gallery/ja/mail/nothing", "/gallery/ja/mail/nothing.html"] {
        assert_eq!(serving.get(path).0, 404, "{path}");
    }
    assert_eq!(serving.stop(), 0);
    assert_eq!(std::fs::read_dir(temporary).unwrap().count(), 0);
}

#[test]
fn a_kept_world_is_there_again() {
    let portal = Portal::empty();
    portal.serve(&["demo", "--keep", "--listen", "127.0.0.1:0"], "Ctrl-C").stop();
    assert!(portal.path("demo-data/hikae.sqlite").exists());
    let again = portal.serve(&["demo", "--keep", "--listen", "127.0.0.1:0"], "Ctrl-C");
    assert!(again.text.contains("kept from before"), "{}", again.text);
    assert!(!again.text.contains("oathtool"));
}

#[test]
fn the_demo_stays_on_this_machine() {
    Portal::empty().run(&["demo", "--listen", "0.0.0.0:0"]).refused(&["this machine"]);
    let portal = Portal::empty();
    portal.write("letter.txt", "dear");
    portal.run(&["demo", "--data", ".", "--listen", "127.0.0.1:0"]).refused(&["not made by a demo"]);
    assert!(portal.path("letter.txt").exists());
}
