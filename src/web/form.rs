//! Forms: read strictly (SC-70), into structs of texts. A missing field counts as empty, so that
//! the page can say what is missing; an unknown or doubled one is no form of ours.

use std::future::{Ready, ready};
use std::ops::Deref;
use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde::de::value::{Error, MapDeserializer};

use super::error::Problem;

/// The fields of the request's body without the form token; put there by the check of forms.
pub struct Fields(pub Vec<(String, String)>);

/// A form read into `T`. Structs give it `#[serde(default, deny_unknown_fields)]`.
pub struct Form<T>(pub T);

impl<T> Deref for Form<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let fields = req.extensions().get::<Rc<Fields>>().cloned();
        ready(fields.ok_or(Problem::BadRequest).and_then(|fields| read(&fields).map(Form)))
    }
}

/// A form with nothing in it but its token.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct NoFields {}

fn read<T: DeserializeOwned>(fields: &Fields) -> Result<T, Problem> {
    let pairs = fields.0.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    T::deserialize(MapDeserializer::<_, Error>::new(pairs)).map_err(|_| Problem::BadRequest)
}

/// Splits a body into its fields. Unlike common parsers it replaces nothing: what is not UTF-8 is
/// refused.
pub fn parse(body: &[u8]) -> Option<Vec<(String, String)>> {
    let pairs = body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let cut = pair.iter().position(|byte| *byte == b'=');
            let (name, value) = cut.map_or((pair, &[][..]), |cut| (&pair[..cut], &pair[cut + 1..]));
            Some((decode(name)?, decode(value)?))
        })
        .collect()
}

fn decode(text: &[u8]) -> Option<String> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, tail)) = rest.split_first() {
        let (byte, next) = match (first, tail) {
            (b'+', _) => (b' ', tail),
            (b'%', [high, low, after @ ..]) => (hex(*high)? * 16 + hex(*low)?, after),
            (b'%', _) => return None,
            (plain, _) => (*plain, tail),
        };
        decoded.push(byte);
        rest = next;
    }
    String::from_utf8(decoded).ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize, Default, Debug, PartialEq)]
    #[serde(default, deny_unknown_fields)]
    struct Example {
        email: String,
        password: String,
    }

    fn example(body: &str) -> Option<Example> {
        read(&Fields(parse(body.as_bytes())?)).ok()
    }

    #[test]
    fn a_form_is_read_and_a_missing_field_is_empty() {
        let form = example("email=a%40example.jp&password=%E6%8E%A7+%E3%81%88").unwrap();
        assert_eq!(form, Example { email: "a@example.jp".into(), password: "控 え".into() });
        assert_eq!(example("email=x").unwrap().password, "");
        assert_eq!(example(""), Some(Example::default()));
    }

    #[test]
    fn unknown_doubled_and_broken_fields_are_refused() {
        assert_eq!(example("email=a&admin=1"), None);
        assert_eq!(example("email=a&email=b"), None);
        assert_eq!(example("email=%FF%FE"), None);
        assert_eq!(example("email=%zz"), None);
        assert_eq!(example("email=%4"), None);
        assert_eq!(parse(b"email=\xff"), None);
    }
}
