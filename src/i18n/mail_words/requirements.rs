//! The words of the mails about two-factor authentication required for an office (二要素認証必須化).

use super::Telling;

pub const TWO_FACTOR_REQUIRED_JA: Telling = Telling {
    subject: "【Hikae】事業所で二要素認証が必須になります",
    lead: &[
        "所属する事業所で、次の日時から二要素認証が必須になります。それまでに、二要素認証を設定してください。",
        "開始後は、二要素認証の設定が完了するまで、この事業所の画面を利用できません。",
    ],
    link: "二要素認証を設定する",
    next: &[
        "設定には、スマートフォンの認証アプリを使います。リンクを開いてログインし、画面の案内に従ってください。数分で終わります。",
    ],
    unexpected: &[],
    unexpected_link: "",
};

pub const TWO_FACTOR_REQUIRED_MOVED_JA: Telling = Telling {
    subject: "【Hikae】二要素認証が必須になる日が変わりました",
    lead: &[
        "所属する事業所で二要素認証が必須になる日時が、次のとおり変更されました。それまでに、二要素認証を設定してください。",
        "開始後は、二要素認証の設定が完了するまで、この事業所の画面を利用できません。",
    ],
    link: "二要素認証を設定する",
    next: &[
        "設定には、スマートフォンの認証アプリを使います。リンクを開いてログインし、画面の案内に従ってください。数分で終わります。",
    ],
    unexpected: &[],
    unexpected_link: "",
};

pub const TWO_FACTOR_REQUIRED_REMINDER_JA: Telling = Telling {
    subject: "【Hikae】まもなく事業所で二要素認証が必須になります",
    lead: &[
        "二要素認証がまだ設定されていません。所属する事業所では、次の日時から二要素認証が必須になります。",
        "開始後は、二要素認証の設定が完了するまで、この事業所の画面を利用できません。お早めに設定してください。",
    ],
    link: "二要素認証を設定する",
    next: &[
        "設定には、スマートフォンの認証アプリを使います。リンクを開いてログインし、画面の案内に従ってください。数分で終わります。",
    ],
    unexpected: &[],
    unexpected_link: "",
};

pub const REQUIREMENT_LIFTED_JA: Telling = Telling {
    subject: "【Hikae】二要素認証の必須化が取りやめになりました",
    lead: &[
        "所属する事業所で、二要素認証の必須化が取りやめになりました。二要素認証を設定しなくても、この事業所を利用できます。",
        "二要素認証を設定すると、パスワードが第三者に知られても、アカウントを守れます。引き続き、設定をおすすめします。",
    ],
    link: "二要素認証を設定する",
    next: &[],
    unexpected: &[],
    unexpected_link: "",
};

pub const REQUIREMENT_DECIDED_JA: Telling = Telling {
    subject: "【Hikae】管理する事業所で二要素認証の必須化が設定されました",
    lead: &[
        "あなたが管理者を務める事業所で、二要素認証の必須化が設定または変更されました。未設定のメンバーには、別のメールでお知らせしています。",
    ],
    link: "必須化の設定を確認する",
    next: &[],
    unexpected: &["設定した管理者にご確認ください。必要に応じて、リンク先の画面で変更または取りやめができます。"],
    unexpected_link: "",
};

pub const REQUIREMENT_DECIDED_LIFTED_JA: Telling = Telling {
    subject: "【Hikae】管理する事業所で二要素認証の必須化が取りやめになりました",
    lead: &[
        "あなたが管理者を務める事業所で、二要素認証の必須化が取りやめになりました。未設定のメンバーには、別のメールでお知らせしています。",
    ],
    link: "必須化の設定を確認する",
    next: &[],
    unexpected: &["取りやめた管理者にご確認ください。必要に応じて、リンク先の画面でもう一度設定できます。"],
    unexpected_link: "",
};

pub const TWO_FACTOR_REQUIRED_EN: Telling = Telling {
    subject: "[Hikae] Two-factor authentication will be required",
    lead: &[
        "One of your offices will require two-factor authentication from the time below. Please set it up before then.",
        "From then on, you cannot use this office until you have set it up.",
    ],
    link: "Set up two-factor authentication",
    next: &[
        "You need an authenticator app on your phone. Open the link, sign in and follow the page; it takes a few minutes.",
    ],
    unexpected: &[],
    unexpected_link: "",
};

pub const TWO_FACTOR_REQUIRED_MOVED_EN: Telling = Telling {
    subject: "[Hikae] New day for two-factor authentication",
    lead: &[
        "The day from which one of your offices requires two-factor authentication has changed. Please set it up before the time below.",
        "From then on, you cannot use this office until you have set it up.",
    ],
    link: "Set up two-factor authentication",
    next: &[
        "You need an authenticator app on your phone. Open the link, sign in and follow the page; it takes a few minutes.",
    ],
    unexpected: &[],
    unexpected_link: "",
};

pub const TWO_FACTOR_REQUIRED_REMINDER_EN: Telling = Telling {
    subject: "[Hikae] Reminder: two-factor will soon be required",
    lead: &[
        "You have not set up two-factor authentication yet. One of your offices will require it from the time below.",
        "From then on, you cannot use this office until you have set it up. Please do so soon.",
    ],
    link: "Set up two-factor authentication",
    next: &[
        "You need an authenticator app on your phone. Open the link, sign in and follow the page; it takes a few minutes.",
    ],
    unexpected: &[],
    unexpected_link: "",
};

pub const REQUIREMENT_LIFTED_EN: Telling = Telling {
    subject: "[Hikae] Two-factor authentication no longer required",
    lead: &[
        "One of your offices has lifted its two-factor requirement. You can use the office without setting it up.",
        "Two-factor authentication protects your account even if someone learns your password, so we still recommend it.",
    ],
    link: "Set up two-factor authentication",
    next: &[],
    unexpected: &[],
    unexpected_link: "",
};

pub const REQUIREMENT_DECIDED_EN: Telling = Telling {
    subject: "[Hikae] Two-factor requirement set in your office",
    lead: &[
        "For an office you administer, the two-factor requirement was set or changed. Members without two-factor authentication are told in an e-mail of their own.",
    ],
    link: "Check the requirement",
    next: &[],
    unexpected: &[
        "Ask the administrator who set it. If needed, you can change or lift it on the page behind the link.",
    ],
    unexpected_link: "",
};

pub const REQUIREMENT_DECIDED_LIFTED_EN: Telling = Telling {
    subject: "[Hikae] Two-factor requirement lifted in your office",
    lead: &[
        "For an office you administer, the two-factor requirement was lifted. Members without two-factor authentication are told in an e-mail of their own.",
    ],
    link: "Check the requirement",
    next: &[],
    unexpected: &["Ask the administrator who lifted it. If needed, you can set it again on the page behind the link."],
    unexpected_link: "",
};
