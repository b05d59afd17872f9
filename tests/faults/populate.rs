//! An office full of people, as an operator brings them over.

use data_encoding::BASE32_NOPAD;
use hikae::random::Randomness;

use crate::house::House;
use crate::people::PASSWORD;

/// An office with people who have an authenticator and no codes yet: addresses and keys.
pub fn populate(house: &House, people: usize) -> Vec<(String, String)> {
    let office = house.run(&["office", "add", "--name", "控え商事", "--plan", "corporate-standard", "--json"], "");
    let office: serde_json::Value =
        serde_json::Deserializer::from_str(&office).into_iter().next().expect(&office).expect(&office);
    let office = office["id"].as_str().expect("an id").to_owned();
    let arguments = ["user", "add", "--email", "first@example.jp", "--name", "控 一郎", "--office", &office, "--role"];
    house.run(&[&arguments[..], &["admin"]].concat(), &format!("{PASSWORD}\n"));
    let hash = house.database.lines("SELECT password_hash AS line FROM users").concat();
    let mut random = Randomness::System;
    let people: Vec<(String, String)> =
        (0..people).map(|n| (format!("person{n}@example.jp"), BASE32_NOPAD.encode(&random.bytes::<20>()))).collect();
    let lines: Vec<String> = people
        .iter()
        .map(|(email, key)| {
            serde_json::json!({
                "email": email, "name": "控 花子", "office": office, "role": "general",
                "password_hash": hash, "totp_secret": key,
            })
            .to_string()
        })
        .collect();
    if people.is_empty() {
        return people;
    }
    std::fs::write(house.path("people.jsonl"), lines.join("\n")).expect("the file is written");
    house.run(&["user", "import", "people.jsonl"], "");
    people
}
