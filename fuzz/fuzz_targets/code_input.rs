//! What is typed as a code: read as exactly one kind, whatever stands between the digits, and the
//! same again from its own digits.
#![no_main]

use hikae::domain::two_factor::code_input::{CodeProblem, MAX_BYTES, backup_code, security_code};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|typed: &str| {
    let (security, backup) = (security_code(typed), backup_code(typed));
    match (&security, &backup) {
        (Ok(code), Err(problem)) => {
            assert_eq!(*problem, CodeProblem::OtherKind);
            assert!(code.reveal().len() == 6 && code.reveal().bytes().all(|byte| byte.is_ascii_digit()));
            assert_eq!(security_code(code.reveal()).expect("its own digits").reveal(), code.reveal());
        }
        (Err(problem), Ok(code)) => {
            assert_eq!(*problem, CodeProblem::OtherKind);
            let digits = code.digits();
            assert!(digits.len() == 9 && digits.bytes().all(|byte| byte.is_ascii_digit()));
            for spelling in [&digits, &code.grouped(), &format!(" {digits}\u{3000}")] {
                assert!(backup_code(spelling).expect("its own digits") == *code);
            }
        }
        (Err(one), Err(other)) => assert_eq!(one, other),
        (Ok(_), Ok(_)) => panic!("one input is two codes"),
    }
    if security.is_ok() || backup.is_ok() {
        assert!(typed.len() <= MAX_BYTES * 4);
        assert!(!typed.chars().any(|c| c.is_ascii_alphabetic() || c == '\0'), "letters were dropped");
    }
});
