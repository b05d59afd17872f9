//! The words of the mails about a person's place in an office.

use super::Telling;

/// The words in one language.
pub struct MemberMails {
    pub role: &'static str,
    pub role_admin: &'static str,
    pub role_general: &'static str,
    pub done_by: &'static str,
    pub operator: &'static str,
    pub made_administrator: Telling,
    pub made_general: Telling,
    pub member_removed: Telling,
    pub administrator_added: Telling,
    pub administrator_lost: Telling,
}

impl MemberMails {
    /// Japanese.
    pub const JA: Self = Self {
        role: "新しい権限",
        role_admin: "管理者",
        role_general: "一般",
        done_by: "操作した人",
        operator: "Hikaeの運用担当者",
        made_administrator: Telling {
            subject: "【Hikae】事業所の管理者になりました",
            lead: &[
                "あなたは事業所の管理者になりました。メンバーの招待や権限の変更、二要素認証の解除依頼への対応ができます。",
                "ログイン手続きの途中だった場合は、パスワードの入力からやり直してください。",
            ],
            link: "メンバーを開く",
            next: &["二要素認証をまだ設定していない場合は、お早めに設定してください。"],
            unexpected: &["ほかの管理者にご確認ください。"],
            unexpected_link: "",
        },
        made_general: Telling {
            subject: "【Hikae】事業所での権限が変わりました",
            lead: &[
                "事業所でのあなたの権限が、管理者から一般に変わりました。事業所管理の画面は、もう利用できません。",
                "ログイン手続きの途中だった場合は、パスワードの入力からやり直してください。",
            ],
            link: "",
            next: &[],
            unexpected: &["事業所の管理者に、直接ご確認ください。"],
            unexpected_link: "",
        },
        member_removed: Telling {
            subject: "【Hikae】事業所のメンバーから外れました",
            lead: &[
                "あなたは事業所のメンバーから外れました。この事業所の画面は、もう利用できません。",
                "アカウントと、ほかの事業所への所属は残ります。これまでと同じメールアドレスとパスワードでログインできます。",
            ],
            link: "",
            next: &[],
            unexpected: &["事業所の管理者に、直接ご確認ください。"],
            unexpected_link: "",
        },
        administrator_added: Telling {
            subject: "【Hikae】事業所の管理者が増えました",
            lead: &["次のメンバーが、事業所の管理者になりました。"],
            link: "メンバーを確認する",
            next: &[],
            unexpected: &[
                "すぐに「メンバー」の画面でこのメンバーの権限を「一般」に戻し、操作した人に直接ご確認ください。",
            ],
            unexpected_link: "",
        },
        administrator_lost: Telling {
            subject: "【Hikae】事業所の管理者が減りました",
            lead: &["次の方が、事業所の管理者ではなくなりました。"],
            link: "メンバーを確認する",
            next: &[],
            unexpected: &["操作した人に、直接ご確認ください。メンバーであれば、「メンバー」の画面で管理者に戻せます。"],
            unexpected_link: "",
        },
    };

    /// English.
    pub const EN: Self = Self {
        role: "New role",
        role_admin: "Administrator",
        role_general: "Member",
        done_by: "Done by",
        operator: "The operator of Hikae",
        made_administrator: Telling {
            subject: "[Hikae] You are now an administrator of an office",
            lead: &[
                "You have been made an administrator of this office. You can invite members, change their roles, and answer requests to turn off two-factor authentication.",
                "If you were in the middle of signing in, please start again with your password.",
            ],
            link: "Open members",
            next: &["If you have not set up two-factor authentication yet, please do so soon."],
            unexpected: &["Ask another administrator of the office."],
            unexpected_link: "",
        },
        made_general: Telling {
            subject: "[Hikae] Your role in an office has changed",
            lead: &[
                "You are no longer an administrator of this office, but remain a member. The office's administration pages are closed to you now.",
                "If you were in the middle of signing in, please start again with your password.",
            ],
            link: "",
            next: &[],
            unexpected: &["Ask an administrator of the office directly."],
            unexpected_link: "",
        },
        member_removed: Telling {
            subject: "[Hikae] You are no longer a member of an office",
            lead: &[
                "You have been removed from this office, and its pages are closed to you now.",
                "Your account and your other offices stay as they are. You can still sign in with the same e-mail address and password.",
            ],
            link: "",
            next: &[],
            unexpected: &["Ask an administrator of the office directly."],
            unexpected_link: "",
        },
        administrator_added: Telling {
            subject: "[Hikae] Your office has a new administrator",
            lead: &["This member is now an administrator of the office."],
            link: "Check the members",
            next: &[],
            unexpected: &[
                "Act now: on the members page, change this person's role back to \"Member\", and ask whoever did it directly.",
            ],
            unexpected_link: "",
        },
        administrator_lost: Telling {
            subject: "[Hikae] Your office has one administrator fewer",
            lead: &["This person is no longer an administrator of the office."],
            link: "Check the members",
            next: &[],
            unexpected: &[
                "Ask whoever did it directly. If they are still a member, you can make them an administrator again on the members page.",
            ],
            unexpected_link: "",
        },
    };
}
