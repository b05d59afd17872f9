//! One mail of every kind, for tests and for the gallery.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};

use super::content::kind_of;
use crate::domain::language::Language;
use crate::domain::message::{Circumstances, Mail, Message, Occasion, ReleasedBy, RequestEnd};
use crate::domain::office::Role;
use crate::domain::time::Timestamp;

/// 2026-11-22T09:04:00Z
pub const NOW: Timestamp = Timestamp(1_795_338_240);

const ENDS: [RequestEnd; 6] = [
    RequestEnd::Declined,
    RequestEnd::Cancelled,
    RequestEnd::Expired,
    RequestEnd::Closed,
    RequestEnd::PasswordChanged,
    RequestEnd::LeftOffice,
];

pub fn circumstances(device: &str) -> Circumstances {
    Circumstances { at: NOW, address: IpAddr::V4(Ipv4Addr::new(203, 0, 113, 5)), device: device.to_owned() }
}

/// A mail of this message to 山田 花子.
pub fn mail(language: Language, message: Message) -> Mail {
    Mail {
        to: "hanako@example.jp".to_owned(),
        to_name: "山田 花子".to_owned(),
        language,
        time_zone: "Asia/Tokyo".to_owned(),
        message,
    }
}

/// Every message under a name of its own.
pub fn named() -> Vec<(String, Message)> {
    let mut seen: HashMap<String, u32> = HashMap::new();
    let named = messages().into_iter().map(|(message, _)| {
        let kind = kind_of(&message).replace('_', "-");
        let times = seen.entry(kind.clone()).or_insert(0);
        *times += 1;
        (if *times == 1 { kind } else { format!("{kind}-{times}") }, message)
    });
    named.collect()
}

/// Every message in every variant of its words, with the paths that its links have, main first.
pub fn messages() -> Vec<(Message, Vec<&'static str>)> {
    let by = || circumstances("Chrome (Windows)");
    let valid_until = Timestamp(NOW.0 + 1800);
    let sheet_id = || "K7QM-2FXP".to_owned();
    let issued = |reissued| Message::BackupCodesIssued { by: by(), number: 2, sheet_id: sheet_id(), reissued };
    let low = |left| Message::BackupCodesLow { left, sheet_number: 2, sheet_id: sheet_id() };
    let failures = |valid_sheet| Message::SecondFactorFailures { by: by(), failures: 5, valid_sheet };
    let two_factor = "/account/two-factor";
    let (keep, few_left) = ("/help/backup-codes#keep", "/help/backup-codes#few-left");
    let new_email = || "hanako.new@example.jp".to_owned();
    let (name, office) = (|| "佐藤 太郎".to_owned(), || "みどり会計".to_owned());
    let required = |occasion| Message::TwoFactorRequired { office: office(), from: valid_until, occasion };
    let decided = |administrator, from| Message::RequirementDecided {
        by: by(),
        administrator,
        office: office(),
        office_path: "/offices/7/two-factor".to_owned(),
        from,
    };
    let released = |released_by| Message::Released { by: by(), released_by };
    let received = |recently_reset| Message::ReleaseRequestReceived {
        by: by(),
        office: office(),
        member_name: name(),
        member_email: "taro@example.jp".to_owned(),
        request_path: "/offices/1/release-requests/2".to_owned(),
        valid_until,
        recently_reset,
    };
    let members = "/offices/7/members";
    let by_hand = || Some("佐藤 一郎".to_owned());
    let role = |role, by| {
        let members_path = members.to_owned();
        Message::RoleChanged { at: NOW, office: office(), members_path, role, by }
    };
    let administrators = |joined| Message::AdministratorsChanged {
        at: NOW,
        office: office(),
        members_path: members.to_owned(),
        member_name: name(),
        member_email: "taro@example.jp".to_owned(),
        joined,
        by: by_hand(),
    };
    let mut messages = vec![
        (Message::TwoFactorEnabled { by: by() }, vec![two_factor, "/password-reset"]),
        (issued(false), vec![two_factor, "/password-reset", keep]),
        (issued(true), vec![two_factor, "/password-reset", keep]),
        (
            Message::BackupCodeUsed { by: by(), number: 3, left: 7, sheet_number: 2, sheet_id: sheet_id() },
            vec![two_factor, "/account/password", "/help/backup-codes"],
        ),
        (low(3), vec!["/account/two-factor/backup-codes/reissue", few_left]),
        (low(0), vec!["/account/two-factor/backup-codes/reissue", few_left]),
        (
            Message::ReleaseRequested {
                by: by(),
                release_path: "/two-factor-release/TOKEN-R".to_owned(),
                cancel_path: "/two-factor-release-cancel/TOKEN-C".to_owned(),
                valid_until,
                required_by: vec![office()],
            },
            vec!["/two-factor-release/TOKEN-R", "/two-factor-release-cancel/TOKEN-C"],
        ),
        (Message::ReleaseCancelled { by: by() }, vec!["/account/password"]),
        (released(ReleasedBy::Member), vec![two_factor]),
        (released(ReleasedBy::Operator), vec![two_factor]),
        (released(ReleasedBy::Administrator { name: name(), office: office() }), vec![two_factor]),
        (
            Message::ReleaseRequestOpened {
                by: by(),
                offices: vec![office()],
                cancel_path: "/release-request-cancel/TOKEN-Q".to_owned(),
                valid_until,
            },
            vec!["/release-request-cancel/TOKEN-Q"],
        ),
        (received(false), vec!["/offices/1/release-requests/2"]),
        (received(true), vec!["/offices/1/release-requests/2"]),
        (
            Message::PasswordReset { by: by(), reset_path: "/password-reset/TOKEN-P".to_owned(), valid_until },
            vec!["/password-reset/TOKEN-P"],
        ),
        (Message::PasswordChanged { by: by(), by_reset: false }, vec!["/password-reset"]),
        (Message::PasswordChanged { by: by(), by_reset: true }, vec!["/password-reset"]),
        (
            Message::EmailChangeRequested {
                by: by(),
                confirm_path: "/email-confirmation/TOKEN-E".to_owned(),
                valid_until,
            },
            vec!["/email-confirmation/TOKEN-E"],
        ),
        (Message::EmailChangeAnnounced { by: by(), new_email: new_email() }, vec!["/account/password"]),
        (Message::EmailAlreadyInUse { by: by() }, vec![]),
        (Message::EmailChanged { by: by(), old_email: "hanako@example.jp".to_owned(), new_email: new_email() }, vec![]),
        (Message::CodesVoided { by: by() }, vec!["/account/two-factor/backup-codes/reissue"]),
        (role(Role::Admin, by_hand()), vec![members]),
        (role(Role::General, None), vec![]),
        (Message::MemberRemoved { at: NOW, office: office(), by: by_hand() }, vec![]),
        (administrators(true), vec![members]),
        (administrators(false), vec![members]),
        (required(Occasion::Announced), vec![two_factor]),
        (required(Occasion::Moved), vec![two_factor]),
        (required(Occasion::Reminder), vec![two_factor]),
        (Message::RequirementLifted { office: office() }, vec![two_factor]),
        (decided(Some("佐藤 次郎".to_owned()), Some(valid_until)), vec!["/offices/7/two-factor"]),
        (decided(None, None), vec!["/offices/7/two-factor"]),
        (failures(None), vec!["/password-reset", "/help/backup-codes#not-me"]),
        (
            Message::ReleaseRequestApproved {
                at: NOW,
                office: office(),
                member_name: name(),
                member_email: "taro@example.jp".to_owned(),
                decided_by: "鈴木 一郎".to_owned(),
            },
            vec![],
        ),
    ];
    for end in ENDS {
        messages.push((Message::ReleaseRequestEnded { at: NOW, offices: vec![office()], end }, vec![]));
        let decided_by = (end == RequestEnd::Declined).then(name);
        let (member_name, member_email) = (name(), "taro@example.jp".to_owned());
        let settled =
            Message::ReleaseRequestSettled { at: NOW, office: office(), member_name, member_email, end, decided_by };
        messages.push((settled, vec![]));
    }
    let invited = Message::Invited {
        office: office(),
        inviter: "控 太郎".to_owned(),
        invitation_path: "/invitations/TOKEN-I".to_owned(),
        valid_until: Timestamp(NOW.0 + 7 * 86_400),
    };
    messages.push((invited, vec!["/invitations/TOKEN-I"]));
    messages.push((failures(Some((2, sheet_id()))), vec!["/password-reset", "/help/backup-codes#which"]));
    messages
}
