//! Bodies of forms, through the extractor of the pages: read as they were written, and nothing
//! unknown or doubled passes.
#![no_main]

use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::test::TestRequest;
use actix_web::{FromRequest, HttpMessage};
use hikae::web::form::{Fields, Form, parse};
use libfuzzer_sys::fuzz_target;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct SignIn {
    email: String,
    password: String,
    next: String,
}

fuzz_target!(|body: &[u8]| {
    let Some(fields) = parse(body) else { return };
    assert!(fields.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() <= body.len());
    let written = form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
    assert_eq!(parse(written.as_bytes()).expect("what was written can be read"), fields);

    let request = TestRequest::default().to_http_request();
    request.extensions_mut().insert(Rc::new(Fields(fields.clone())));
    let read = Form::<SignIn>::from_request(&request, &mut Payload::None).into_inner();
    let values =
        |wanted: &str| fields.iter().filter(|(name, _)| name == wanted).map(|(_, value)| value).collect::<Vec<_>>();
    let known = ["email", "password", "next"];
    let strict = fields.iter().all(|(name, _)| known.contains(&name.as_str()))
        && known.iter().all(|name| values(name).len() <= 1);
    match read {
        Ok(form) => {
            assert!(strict, "an unknown or doubled field passed");
            for (name, value) in [("email", &form.email), ("password", &form.password), ("next", &form.next)] {
                assert_eq!(values(name).first().map_or("", |value| value.as_str()), value);
            }
        }
        Err(_) => assert!(!strict, "a form of ours was refused"),
    }
});
