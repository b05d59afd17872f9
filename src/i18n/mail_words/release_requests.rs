//! The words of the mails about requests to the administrators (方法B).

use super::{RequestTellings, Telling};

const fn short(subject: &'static str, lead: &'static [&'static str], unexpected: &'static [&'static str]) -> Telling {
    Telling { subject, lead, link: "", next: &[], unexpected, unexpected_link: "" }
}

pub const OPENED_JA: Telling = Telling {
    subject: "【Hikae】管理者に解除依頼を送信しました",
    lead: &[
        "二要素認証の解除依頼を、事業所の管理者に送信しました。管理者がご本人であることを確認し、承認すると、二要素認証が解除されます。",
        "管理者から確認の連絡がある場合があります。お急ぎのときは、管理者に直接ご連絡ください。",
    ],
    link: "",
    next: &["認証アプリやバックアップコードでログインできた場合、この依頼は自動的に終了します。"],
    unexpected: &[
        "パスワードが、第三者に知られています。すぐに次のリンクから依頼を取り消し、パスワードを変更してください。パスワードを変更した場合も、この依頼は終了します。",
    ],
    unexpected_link: "解除依頼を取り消す",
};

pub const OPENED_EN: Telling = Telling {
    subject: "[Hikae] Your request was sent to the administrators",
    lead: &[
        "The administrators of your office have been asked to turn off two-factor authentication on your account. Once one of them has made sure that it is you and approves, it will be turned off.",
        "An administrator may contact you to check. If it is urgent, contact an administrator directly.",
    ],
    link: "",
    next: &["If you manage to sign in with your authenticator app or a backup code, the request closes by itself."],
    unexpected: &[
        "Someone else knows your password. Cancel the request with this link now, and change your password. Changing your password closes the request, too.",
    ],
    unexpected_link: "Cancel the request",
};

pub const RECEIVED_JA: Telling = Telling {
    subject: "【Hikae】解除依頼が届いています",
    lead: &[
        "次のメンバーから、二要素認証の解除依頼が届いています。認証アプリもバックアップコードも利用できず、ログインできない状態です。",
        "解除する前に、電話や対面など、メール以外の方法で、必ずご本人であることをご確認ください。",
    ],
    link: "解除依頼を確認する",
    next: &[
        "依頼の内容を確認し、承認または却下を選んでください。承認には、あなたの認証アプリのセキュリティコードが必要です。",
        "有効期限までに対応がない場合、この依頼は期限切れになります。",
    ],
    unexpected: &["ご本人であることを確認できない場合や、ご本人に心当たりがない場合は、却下してください。"],
    unexpected_link: "",
};

pub const RECEIVED_EN: Telling = Telling {
    subject: "[Hikae] A member asks you to turn off two-factor",
    lead: &[
        "This member asks you to turn off two-factor authentication. They can use neither their authenticator app nor a backup code, and cannot sign in.",
        "Before you do, make sure that it is really them, in another way than by e-mail: by telephone, or in person.",
    ],
    link: "See the request",
    next: &[
        "Read the request, then approve or decline it. To approve, you need a security code from your own authenticator app.",
        "If nobody answers in time, the request expires.",
    ],
    unexpected: &["If you cannot reach the person, or they know nothing about it, decline the request."],
    unexpected_link: "",
};

/// The password was reset, or the address changed, shortly before: the mailbox itself is in doubt.
pub const RECEIVED_AFTER_RESET_JA: Telling = Telling {
    subject: "【Hikae】解除依頼が届いています（本人確認にご注意ください）",
    lead: &[
        "次のメンバーから解除依頼が届いていますが、このアカウントでは、依頼の前24時間以内に、パスワードの再設定またはメールアドレスの変更がありました。第三者がメールを読んでいるおそれがあります。",
        "解除する前に、電話や対面など、メール以外の方法で、必ずご本人であることをご確認ください。",
    ],
    ..RECEIVED_JA
};

pub const RECEIVED_AFTER_RESET_EN: Telling = Telling {
    subject: "[Hikae] A member asks you to turn off two-factor: take care",
    lead: &[
        "This member asks you to turn off two-factor authentication, but within 24 hours before that, the password of the account was reset or its e-mail address changed. Someone else may be reading the mailbox.",
        "Before you do anything, make sure that it is really them, in another way than by e-mail: by telephone, or in person.",
    ],
    ..RECEIVED_EN
};

pub const ENDED_JA: RequestTellings = RequestTellings {
    declined: short(
        "【Hikae】解除依頼が却下されました",
        &[
            "二要素認証の解除依頼が、管理者により却下されました。二要素認証は、これまでどおり有効です。",
            "ご本人であることを確認できなかった可能性があります。事業所の管理者に直接ご連絡のうえ、あらためて依頼してください。",
        ],
        &["パスワードが、第三者に知られたおそれがあります。すぐにパスワードを再設定してください。"],
    ),
    cancelled: short(
        "【Hikae】解除依頼を取り消しました",
        &["二要素認証の解除依頼を取り消しました。二要素認証は、これまでどおり有効です。"],
        &["パスワードが、第三者に知られています。すぐにパスワードを再設定してください。"],
    ),
    expired: short(
        "【Hikae】解除依頼の期限が切れました",
        &[
            "二要素認証の解除依頼は、期限までに対応がなかったため、終了しました。二要素認証は、これまでどおり有効です。",
            "引き続きログインできない場合は、事業所の管理者に直接ご連絡のうえ、あらためて依頼してください。",
        ],
        &["パスワードが、第三者に知られたおそれがあります。すぐにパスワードを再設定してください。"],
    ),
    closed: short(
        "【Hikae】解除依頼は不要になりました",
        &["二要素認証でのログイン、または二要素認証の解除ができたため、管理者への解除依頼を終了しました。"],
        &["パスワードが、第三者に知られたおそれがあります。すぐにパスワードを変更してください。"],
    ),
    password_changed: short(
        "【Hikae】パスワードの変更により、解除依頼を終了しました",
        &[
            "パスワードが変更されたため、変更前に送信された二要素認証の解除依頼を終了しました。二要素認証は、これまでどおり有効です。",
            "引き続きログインできない場合は、新しいパスワードを入力して、あらためて依頼してください。",
        ],
        &["第三者がパスワードを変更したおそれがあります。すぐに事業所の管理者にご連絡ください。"],
    ),
    left_office: short(
        "【Hikae】事業所を離れたため、解除依頼を終了しました",
        &["依頼先の事業所のメンバーではなくなったため、二要素認証の解除依頼を終了しました。"],
        &["事業所の管理者にご確認ください。"],
    ),
};

pub const ENDED_EN: RequestTellings = RequestTellings {
    declined: short(
        "[Hikae] Your request was declined",
        &[
            "An administrator declined your request to turn off two-factor authentication. It stays on.",
            "They may not have been able to make sure that it was you. Contact an administrator of your office directly, then ask again.",
        ],
        &["Someone else may know your password. Reset your password now."],
    ),
    cancelled: short(
        "[Hikae] Your request was cancelled",
        &["The request to turn off two-factor authentication was cancelled. It stays on."],
        &["Someone else knows your password. Reset your password now."],
    ),
    expired: short(
        "[Hikae] Your request expired",
        &[
            "Nobody answered your request to turn off two-factor authentication in time, so it has ended. Two-factor authentication stays on.",
            "If you still cannot sign in, contact an administrator of your office directly, then ask again.",
        ],
        &["Someone else may know your password. Reset your password now."],
    ),
    closed: short(
        "[Hikae] Your request is no longer needed",
        &[
            "You signed in with two factors, or two-factor authentication was turned off in another way, so the request to the administrators was closed.",
        ],
        &["Someone else may know your password. Change your password now."],
    ),
    password_changed: short(
        "[Hikae] Your request was closed: new password",
        &[
            "The password was changed, so the earlier request to turn off two-factor authentication was closed. Two-factor authentication stays on.",
            "If you still cannot sign in, enter your new password and ask again.",
        ],
        &["Someone else may have changed your password. Tell an administrator of your office now."],
    ),
    left_office: short(
        "[Hikae] Your request was closed: you left the office",
        &[
            "You no longer belong to the office that was asked, so the request to turn off two-factor authentication was closed.",
        ],
        &["Ask an administrator of the office."],
    ),
};

pub const SETTLED_JA: RequestTellings = RequestTellings {
    declined: short(
        "【Hikae】メンバーの解除依頼が却下されました",
        &["次のメンバーからの解除依頼が却下されました。ほかの管理者の対応は不要です。"],
        &[],
    ),
    cancelled: short(
        "【Hikae】メンバーが解除依頼を取り消しました",
        &["次のメンバーからの解除依頼は、ご本人が取り消しました。対応は不要です。"],
        &[],
    ),
    expired: short(
        "【Hikae】メンバーの解除依頼の期限が切れました",
        &[
            "次のメンバーからの解除依頼は、期限までに対応がなかったため、終了しました。",
            "メンバーがまだログインできない可能性があります。ご本人に状況をご確認ください。",
        ],
        &[],
    ),
    closed: short(
        "【Hikae】メンバーの解除依頼は不要になりました",
        &["次のメンバーはログインできるようになったため、解除依頼を終了しました。対応は不要です。"],
        &[],
    ),
    password_changed: short(
        "【Hikae】パスワードの変更により、メンバーの解除依頼を終了しました",
        &["次のメンバーのパスワードが変更されたため、解除依頼を終了しました。対応は不要です。"],
        &[],
    ),
    left_office: short(
        "【Hikae】メンバーではなくなった方の解除依頼を終了しました",
        &["次の方は事業所のメンバーではなくなったため、解除依頼を終了しました。対応は不要です。"],
        &[],
    ),
};

pub const SETTLED_EN: RequestTellings = RequestTellings {
    declined: short(
        "[Hikae] A member's request was declined",
        &["The request of this member was declined. There is nothing left for you to do."],
        &[],
    ),
    cancelled: short(
        "[Hikae] A member's request was cancelled",
        &["This member cancelled their request. There is nothing for you to do."],
        &[],
    ),
    expired: short(
        "[Hikae] A member's request expired",
        &[
            "Nobody answered the request of this member in time, so it has ended.",
            "They may still be unable to sign in. Please check with them.",
        ],
        &[],
    ),
    closed: short(
        "[Hikae] A member's request is no longer needed",
        &["This member can sign in again, so the request was closed. There is nothing for you to do."],
        &[],
    ),
    password_changed: short(
        "[Hikae] A member's request was closed: new password",
        &["This member's password was changed, so the request was closed. There is nothing for you to do."],
        &[],
    ),
    left_office: short(
        "[Hikae] A member's request was closed: they left",
        &["This person no longer belongs to your office, so the request was closed. There is nothing for you to do."],
        &[],
    ),
};

/// To the other administrators.
pub const APPROVED_JA: Telling = short(
    "【Hikae】メンバーの解除依頼が承認されました",
    &["次のメンバーからの解除依頼が承認され、二要素認証が解除されました。ほかの管理者の対応は不要です。"],
    &["すぐに、対応した管理者とメンバーご本人にご確認ください。"],
);

/// To the other administrators.
pub const APPROVED_EN: Telling = short(
    "[Hikae] A member's request was approved",
    &[
        "The request of this member was approved, and their two-factor authentication is off. There is nothing left for you to do.",
    ],
    &["Check with the administrator who approved it and with the member now."],
);
