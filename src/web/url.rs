//! The paths of the application, and which of them a reader may be sent to.

use url::Url;

use crate::domain::ids::OfficeId;

pub const HOME: &str = "/";
pub const HEALTHZ: &str = "/healthz";
pub const READYZ: &str = "/readyz";
pub const LANGUAGE: &str = "/language";
pub const LOGIN: &str = "/login";
pub const LOGIN_CODE: &str = "/login/code";
pub const LOGIN_EXTEND: &str = "/login/extend";
pub const RECOVERY: &str = "/login/recovery";
pub const RECOVERY_BACKUP_CODE: &str = "/login/recovery/backup-code";
pub const RECOVERY_RELEASE_REQUEST: &str = "/login/recovery/release-request";
pub const LOGOUT: &str = "/logout";
pub const PASSWORD_RESET: &str = "/password-reset";
pub const PASSWORD_RESET_LINK: &str = "/password-reset/{token}";
pub const EMAIL_CONFIRMATION_LINK: &str = "/email-confirmation/{token}";
pub const RELEASE_LINK: &str = "/two-factor-release/{token}";
pub const RELEASE_CANCEL_LINK: &str = "/two-factor-release-cancel/{token}";
pub const ACCOUNT: &str = "/account";
pub const PROFILE: &str = "/account/profile";
pub const EMAIL: &str = "/account/email";
pub const PASSWORD: &str = "/account/password";
pub const SESSIONS: &str = "/account/sessions";
pub const END_SESSION: &str = "/account/sessions/{id}/end";
pub const END_OTHERS: &str = "/account/sessions/end-others";
pub const ACTIVITY: &str = "/account/activity";
pub const TWO_FACTOR: &str = "/account/two-factor";
pub const SET_UP: &str = "/account/two-factor/setup";
pub const SET_UP_CONFIRM: &str = "/account/two-factor/setup/confirm";
pub const SET_UP_EXTEND: &str = "/account/two-factor/setup/extend";
pub const SET_UP_CANCEL: &str = "/account/two-factor/setup/cancel";
pub const REISSUE: &str = "/account/two-factor/backup-codes/reissue";
pub const SHEET: &str = "/account/two-factor/backup-codes/sheet";
pub const CHECK: &str = "/account/two-factor/backup-codes/check";
pub const RELEASE: &str = "/account/two-factor/release";
pub const RELEASE_REQUEST_CANCEL_LINK: &str = "/release-request-cancel/{token}";
pub const INVITATION_LINK: &str = "/invitations/{token}";
pub const FIRST_START: &str = "/setup";
pub const HELP: &str = "/help";
pub const HELP_BACKUP_CODES: &str = "/help/backup-codes";
pub const HELP_TWO_FACTOR: &str = "/help/two-factor";
pub const CURRENT_OFFICE: &str = "/account/office";
pub const OFFICE: &str = "/offices/{office}";
pub const MEMBERS: &str = "/offices/{office}/members";
pub const MEMBER: &str = "/offices/{office}/members/{member}";
pub const MEMBER_ROLE: &str = "/offices/{office}/members/{member}/role";
pub const MEMBER_REMOVE: &str = "/offices/{office}/members/{member}/remove";
pub const INVITATIONS: &str = "/offices/{office}/invitations";
pub const INVITATION_RESEND: &str = "/offices/{office}/invitations/{invitation}/resend";
pub const INVITATION_REVOKE: &str = "/offices/{office}/invitations/{invitation}/revoke";
pub const RELEASE_REQUESTS: &str = "/offices/{office}/release-requests";
pub const RELEASE_REQUEST: &str = "/offices/{office}/release-requests/{request}";
pub const RELEASE_REQUEST_APPROVE: &str = "/offices/{office}/release-requests/{request}/approve";
pub const RELEASE_REQUEST_DECLINE: &str = "/offices/{office}/release-requests/{request}/decline";
pub const OFFICE_TWO_FACTOR: &str = "/offices/{office}/two-factor";
pub const OFFICE_TWO_FACTOR_LIFT: &str = "/offices/{office}/two-factor/lift";
pub const OFFICE_ACTIVITY: &str = "/offices/{office}/activity";
pub const OFFICE_ACTIVITY_CSV: &str = "/offices/{office}/activity.csv";

/// The path of a page of an office.
pub fn of(page: &str, office: OfficeId) -> String {
    page.replace("{office}", &office.to_string())
}

/// The office in a path below `/offices/`, and what follows it.
pub fn office_in(path: &str) -> Option<(OfficeId, &str)> {
    let rest = path.strip_prefix("/offices/")?;
    let (id, page) = rest.split_once('/').unwrap_or((rest, ""));
    Some((id.parse().ok()?, page))
}

/// The page on which the form of a path is shown: where a reader goes back to when the form has
/// expired, or stays when the language is switched on a page that answered a form.
pub fn shown_at(path: &str) -> &str {
    match path {
        SET_UP_CONFIRM | SET_UP_EXTEND => SET_UP,
        LOGIN_EXTEND => LOGIN_CODE,
        SET_UP_CANCEL | RELEASE | SHEET => TWO_FACTOR,
        RECOVERY_BACKUP_CODE | RECOVERY_RELEASE_REQUEST => RECOVERY,
        LOGOUT | LANGUAGE => HOME,
        CURRENT_OFFICE => ACCOUNT,
        _ if path.starts_with("/account/sessions/") => SESSIONS,
        _ if path.starts_with("/offices/") => of_office(path),
        _ => local(path).unwrap_or(HOME),
    }
}

/// The page of an office that shows the form of a path: the form's path without its last word.
fn of_office(path: &str) -> &str {
    let forms = [
        ("/approve", 0),
        ("/decline", 0),
        ("/role", 0),
        ("/remove", 0),
        ("/lift", 0),
        ("/resend", 1),
        ("/revoke", 1),
        (".csv", 0),
    ];
    let page = forms.iter().find_map(|(end, further)| {
        let page = path.strip_suffix(end)?;
        if *further == 0 { Some(page) } else { page.rsplit_once('/').map(|(list, _)| list) }
    });
    local(page.unwrap_or(path)).unwrap_or(HOME)
}

/// A path that stays on this site, or nothing (SC-67): it begins with one slash, holds no
/// backslash, no control character and no encoded form of them, and resolves to our own origin.
pub fn local(path: &str) -> Option<&str> {
    let mut bytes = path.bytes();
    let tricky = |text: &str| {
        text.contains("//") || text.contains('\\') || text.chars().any(|c| c.is_control() || c.is_whitespace())
    };
    if bytes.next() != Some(b'/') || path.len() > 2_000 || tricky(path) {
        return None;
    }
    let lower = path.to_ascii_lowercase();
    let (before_query, _) = lower.split_once(['?', '#']).unwrap_or((lower.as_str(), ""));
    let encoded = ["%2f", "%5c", "%0", "%1", "%7f", "%25", "%20"];
    if encoded.iter().any(|trick| before_query.contains(trick)) {
        return None;
    }
    let base = Url::parse("http://hikae.invalid/").ok()?;
    let target = base.join(path).ok()?;
    (target.origin() == base.origin() && !target.path().starts_with("//")).then_some(path)
}

/// `path?next=…`, or the path alone when there is nowhere to go on to.
pub fn with_next(path: &str, next: Option<&str>) -> String {
    match next.and_then(local) {
        Some(next) => {
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
            format!("{path}?{query}")
        }
        None => path.to_owned(),
    }
}

/// One parameter of a query; what cannot be read counts as absent.
pub fn query_value(query: &str, name: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_followed() {
        for path in ["/", "/account", "/account/activity?before=12", "/account/two-factor#codes"] {
            assert_eq!(local(path), Some(path));
        }
        for path in [
            "",
            "account",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "/%2fevil.example",
            "/%2F%2Fevil.example",
            "/%5cevil.example",
            "/%252fevil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "/ /evil.example",
            "/a//evil.example",
            "/.//evil.example",
            "/%09/evil.example",
            " /account",
        ] {
            assert_eq!(local(path), None, "{path:?}");
        }
    }

    #[test]
    fn next_is_carried_only_when_it_is_local() {
        assert_eq!(with_next("/login", Some("/account/email?a=b")), "/login?next=%2Faccount%2Femail%3Fa%3Db");
        assert_eq!(with_next("/login", Some("//evil.example")), "/login");
        assert_eq!(with_next("/login", None), "/login");
    }

    #[test]
    fn a_path_names_its_office() {
        let seven = OfficeId::from_i64(7);
        assert_eq!(office_in("/offices/7/members/3"), Some((seven, "members/3")));
        assert_eq!(office_in("/offices/7"), Some((seven, "")));
        assert_eq!(office_in("/offices/x/members"), None);
        assert_eq!(office_in("/account"), None);
    }

    #[test]
    fn an_expired_form_leads_back_to_the_page_that_shows_it() {
        assert_eq!(shown_at("/account/two-factor/setup/confirm"), "/account/two-factor/setup");
        assert_eq!(shown_at("/account/sessions/12/end"), "/account/sessions");
        assert_eq!(shown_at("/login"), "/login");
        assert_eq!(shown_at("/offices/7/release-requests/9/approve"), "/offices/7/release-requests/9");
        assert_eq!(shown_at("/offices/7/members/3/role"), "/offices/7/members/3");
        assert_eq!(shown_at("/offices/7/invitations/5/resend"), "/offices/7/invitations");
        assert_eq!(shown_at("/offices/7/activity.csv"), "/offices/7/activity");
        assert_eq!(shown_at("/offices/7/members"), "/offices/7/members");
        assert_eq!(shown_at("/offices/7/two-factor/lift"), "/offices/7/two-factor");
        assert_eq!(shown_at("/account/office"), "/account");
        assert_eq!(shown_at("//evil.example"), "/");
    }
}
