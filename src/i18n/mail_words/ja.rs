//! The words of the mails in Japanese.

use super::members::MemberMails;
use super::{FactWords, MailWords, Telling, release_requests, requirements};

/// Japanese.
pub const JA: MailWords = MailWords {
    greeting: |name| format!("{name} 様"),
    greeting_without_name: "Hikaeをご利用の方へ",
    colon: "：",
    link_mark: "▼ ",
    section_mark: "■ ",
    link_hint: "ボタンを押せない場合は、次のURLをブラウザーで開いてください。",
    unexpected_heading: "心当たりがない場合",
    help_link: "ヘルプを見る",
    footer: &[
        "Hikaeが、メールや電話でパスワードやコードをお尋ねすることはありません。",
        "このメールは自動で送信しています。ご返信いただいてもお答えできません。",
    ],
    facts: FactWords {
        time: "日時",
        device: "端末",
        address: "IPアドレス",
        valid_until: "有効期限",
        code: "使用したコード",
        code_value: |number| format!("{number}番"),
        left: "未使用のコード",
        left_value: |left| format!("残り{left}個"),
        sheet: "シート",
        valid_sheet: "有効なシート",
        sheet_value: |number, id| format!("第{number}回（シートID {id}）"),
        failures: "誤った入力",
        failures_value: |failures| format!("{failures}回"),
        list_comma: "、",
        required_again_by: "再設定が必要な事業所",
        required_from: "必須になる日時",
        operator: "Hikaeの運用担当者",
        old_email: "変更前のメールアドレス",
        new_email: "新しいメールアドレス",
        office: "事業所",
        member: "メンバー",
        administrator: "管理者",
        decided_by: "対応した管理者",
        person_value: |name, email| format!("{name}（{email}）"),
        invited_by: "招待した管理者",
    },

    two_factor_enabled: Telling {
        subject: "【Hikae】二要素認証を設定しました",
        lead: &[
            "二要素認証の設定が完了しました。次回のログインから、パスワードに加えて、認証アプリに表示されるセキュリティコードの入力が必要です。",
            "認証アプリを設定し直した場合、以前の認証アプリのセキュリティコードは使えません。",
        ],
        link: "二要素認証設定を開く",
        next: &[],
        unexpected: &[
            "第三者があなたのアカウントを操作したおそれがあります。すぐに次のリンクからパスワードを再設定し、事業所の管理者にご連絡ください。",
        ],
        unexpected_link: "パスワードを再設定する",
    },
    backup_codes_issued: Telling {
        subject: "【Hikae】バックアップコードを発行しました",
        lead: &[
            "バックアップコードを10個発行しました。認証アプリを利用できないときに、1個につき1回、ログインに使えます。",
            "コードは発行時の画面にのみ表示され、このメールには記載していません。印刷したシートは、安全な場所に保管してください。",
        ],
        link: "発行状況を確認する",
        next: &[],
        unexpected: &[
            "第三者があなたのアカウントを操作したおそれがあります。すぐに次のリンクからパスワードを再設定し、事業所の管理者にご連絡ください。",
        ],
        unexpected_link: "パスワードを再設定する",
    },
    backup_codes_reissued: Telling {
        subject: "【Hikae】バックアップコードを再発行しました",
        lead: &[
            "バックアップコードを10個、新しく発行しました。以前のコードは、未使用のものも含めてすべて無効になりました。以前のシートは破棄してください。",
            "新しいコードは再発行時の画面にのみ表示され、このメールには記載していません。",
        ],
        link: "発行状況を確認する",
        next: &[],
        unexpected: &[
            "第三者があなたのアカウントを操作したおそれがあります。すぐに次のリンクからパスワードを再設定し、事業所の管理者にご連絡ください。",
        ],
        unexpected_link: "パスワードを再設定する",
    },
    backup_code_used: Telling {
        subject: "【Hikae】バックアップコードを使ったログインがありました",
        lead: &["バックアップコードを使ったログインがありました。使用したコードは、もう使えません。"],
        link: "二要素認証設定を開く",
        next: &[
            "認証アプリを利用できなくなった場合は、お早めに二要素認証を解除し、新しいスマートフォンで設定し直してください。",
        ],
        unexpected: &[
            "パスワードとバックアップコードが、第三者に知られたおそれがあります。すぐにパスワードを変更し、「ログイン中の端末」で見覚えのない端末からログアウトしてください。",
            "そのうえで、バックアップコードを再発行し、事業所の管理者にご連絡ください。",
        ],
        unexpected_link: "パスワードを変更する",
    },
    backup_codes_low: Telling {
        subject: "",
        lead: &[
            "再発行には、認証アプリのセキュリティコードが必要です。再発行すると、現在のシートのコードはすべて無効になります。",
        ],
        link: "バックアップコードを再発行する",
        next: &[
            "認証アプリを利用できない場合は、二要素認証を解除してから設定し直すと、新しいバックアップコードを発行できます。",
        ],
        unexpected: &[
            "第三者がバックアップコードを使ったおそれがあります。すぐにパスワードを変更し、バックアップコードを再発行してください。",
        ],
        unexpected_link: "",
    },
    backup_codes_low_subject: |left| match left {
        0 => "【Hikae】バックアップコードの残りがありません".to_owned(),
        left => format!("【Hikae】バックアップコードの残りが{left}個になりました"),
    },
    backup_codes_low_lead: |left| match left {
        0 => "未使用のバックアップコードがなくなりました。お早めに再発行してください。".to_owned(),
        left => format!("バックアップコードの残りが{left}個になりました。なくなる前に再発行してください。"),
    },
    codes_voided: Telling {
        subject: "【Hikae】バックアップコードが無効になりました",
        lead: &[
            "Hikaeの運用担当者が、安全のため、発行済みのバックアップコードをすべて無効にしました。お手元のシートのコードは、未使用のものも含めて使えません。シートは破棄してください。",
            "認証アプリのセキュリティコードによるログインは、これまでどおりご利用いただけます。",
        ],
        link: "バックアップコードを再発行する",
        next: &[
            "再発行には、認証アプリのセキュリティコードが必要です。再発行したシートは、安全な場所に保管してください。",
            "認証アプリを利用できない場合は、事業所の管理者にご連絡ください。",
        ],
        unexpected: &[
            "運用担当者が行った操作です。あなたのアカウントが不正に操作されたものではありません。ご不明な点は、事業所の管理者にお問い合わせください。",
        ],
        unexpected_link: "",
    },
    release_requested: Telling {
        subject: "【Hikae】二要素認証の解除",
        lead: &[
            "二要素認証を解除する手続きを受け付けました。解除するには、有効期限までに次のリンクを開き、パスワードを入力してください。",
        ],
        link: "二要素認証を解除する",
        next: &[
            "リンクは1回だけ使えます。もう一度お手続きいただくと、このリンクは無効になります。",
            "解除すると、バックアップコードはすべて無効になり、すべての端末からログアウトします。",
        ],
        unexpected: &[
            "解除のリンクは開かず、次のリンクから手続きを取り消してください。そのうえで、パスワードを変更してください。",
        ],
        unexpected_link: "解除の手続きを取り消す",
    },
    release_cancelled: Telling {
        subject: "【Hikae】二要素認証を解除する手続きを取り消しました",
        lead: &[
            "二要素認証を解除する手続きを取り消しました。お送りした解除のリンクは、もう使えません。",
            "二要素認証は、これまでどおり有効です。",
        ],
        link: "",
        next: &[],
        unexpected: &[
            "第三者がログインしているおそれがあります。すぐにパスワードを変更し、「ログイン中の端末」で見覚えのない端末からログアウトしてください。",
        ],
        unexpected_link: "パスワードを変更する",
    },
    released: Telling {
        subject: "【Hikae】二要素認証を解除しました",
        lead: &[
            "お手続きのとおり、二要素認証を解除しました。バックアップコードはすべて無効になり、すべての端末からログアウトしました。",
            "現在は、パスワードだけでログインできる状態です。お早めに二要素認証を設定し直してください。",
        ],
        link: "二要素認証を設定する",
        next: &[],
        unexpected: &[
            "第三者にパスワードを知られ、メールも読まれているおそれがあります。すぐにHikaeとメールの両方のパスワードを変更し、事業所の管理者にご連絡ください。",
        ],
        unexpected_link: "",
    },
    released_by_operator: Telling {
        subject: "【Hikae】運用担当者が二要素認証を解除しました",
        lead: &[
            "Hikaeの運用担当者が、あなたの二要素認証を解除しました。バックアップコードはすべて無効になり、すべての端末からログアウトしました。",
            "現在は、パスワードだけでログインできる状態です。新しいスマートフォンで二要素認証を設定し直してください。",
        ],
        link: "二要素認証を設定する",
        next: &[],
        unexpected: &["すぐに事業所の管理者にご連絡ください。"],
        unexpected_link: "",
    },
    released_by_administrator: Telling {
        subject: "【Hikae】管理者が二要素認証を解除しました",
        lead: &[
            "解除依頼を受けて、事業所の管理者が、あなたの二要素認証を解除しました。バックアップコードはすべて無効になり、すべての端末からログアウトしました。",
            "現在は、パスワードだけでログインできる状態です。新しいスマートフォンで二要素認証を設定し直してください。",
        ],
        link: "二要素認証を設定する",
        next: &[],
        unexpected: &[
            "パスワードが、第三者に知られたおそれがあります。すぐにパスワードを変更し、事業所の管理者にご連絡ください。",
        ],
        unexpected_link: "",
    },
    release_request_opened: release_requests::OPENED_JA,
    release_request_received: release_requests::RECEIVED_JA,
    release_request_received_after_reset: release_requests::RECEIVED_AFTER_RESET_JA,
    release_request_ended: release_requests::ENDED_JA,
    release_request_approved: release_requests::APPROVED_JA,
    release_request_settled: release_requests::SETTLED_JA,
    password_reset: Telling {
        subject: "【Hikae】パスワードの再設定",
        lead: &[
            "パスワードを再設定する手続きを受け付けました。有効期限までに次のリンクを開き、新しいパスワードを設定してください。",
        ],
        link: "パスワードを再設定する",
        next: &[
            "リンクは1回だけ使えます。もう一度お手続きいただくと、このリンクは無効になります。",
            "二要素認証を設定している場合は、再設定のあとも、ログインには認証が必要です。",
        ],
        unexpected: &["このメールは破棄してください。新しいパスワードを設定しないかぎり、パスワードは変わりません。"],
        unexpected_link: "",
    },
    password_changed: Telling {
        subject: "【Hikae】パスワードを変更しました",
        lead: &["パスワードを変更しました。変更に使った端末を除き、すべての端末からログアウトしました。"],
        link: "",
        next: &[],
        unexpected: &[
            "第三者がパスワードを変更したおそれがあります。すぐに次のリンクからパスワードを再設定し、事業所の管理者にご連絡ください。",
        ],
        unexpected_link: "パスワードを再設定する",
    },
    password_changed_by_reset: Telling {
        subject: "【Hikae】パスワードを再設定しました",
        lead: &[
            "パスワードを再設定しました。すべての端末からログアウトしましたので、新しいパスワードでログインしてください。",
            "二要素認証の設定は変わりません。安全のため、再設定から24時間は、メールによる二要素認証の解除を受け付けません。",
        ],
        link: "",
        next: &[],
        unexpected: &[
            "第三者がメールを読んでいるおそれがあります。すぐにメールのパスワードを変更してから、次のリンクでHikaeのパスワードを再設定し、事業所の管理者にご連絡ください。",
        ],
        unexpected_link: "パスワードを再設定する",
    },
    email_change_requested: Telling {
        subject: "【Hikae】新しいメールアドレスの確認",
        lead: &[
            "Hikaeに登録するメールアドレスを、このアドレスに変更する手続きを受け付けました。有効期限までに次のリンクを開き、変更を確定してください。",
        ],
        link: "メールアドレスの変更を確定する",
        next: &["確定するまでは、これまでのメールアドレスでログインしてください。"],
        unexpected: &[
            "ほかの方が、アドレスを間違えて入力した可能性があります。リンクは開かず、このメールを破棄してください。",
        ],
        unexpected_link: "",
    },
    email_change_announced: Telling {
        subject: "【Hikae】メールアドレスを変更する手続きがありました",
        lead: &[
            "メールアドレスを変更する手続きがありました。新しいメールアドレスで変更を確定すると、切り替わります。それまでは、このアドレスでログインできます。",
        ],
        link: "",
        next: &[],
        unexpected: &[
            "すぐに次のリンクからパスワードを変更してください。パスワードを変更すると、この手続きは無効になります。",
            "あわせて、「ログイン中の端末」で見覚えのない端末からログアウトしてください。",
        ],
        unexpected_link: "パスワードを変更する",
    },
    email_already_in_use: Telling {
        subject: "【Hikae】このメールアドレスは登録済みです",
        lead: &[
            "別のアカウントのメールアドレスを、このアドレスに変更する手続きがありました。このアドレスはすでに登録されているため、変更できません。",
        ],
        link: "",
        next: &["ご自身でお手続きされた場合は、別のメールアドレスで、もう一度お手続きください。"],
        unexpected: &[
            "ほかの方が、アドレスを間違えて入力した可能性があります。あなたのアカウントに変更はなく、お手続きは不要です。",
        ],
        unexpected_link: "",
    },
    email_changed: Telling {
        subject: "【Hikae】メールアドレスを変更しました",
        lead: &[
            "メールアドレスを変更しました。次回からは、新しいメールアドレスでログインしてください。",
            "二要素認証の設定は変わりません。安全のため、変更から24時間は、メールによる二要素認証の解除を受け付けません。",
        ],
        link: "",
        next: &[],
        unexpected: &[
            "第三者があなたのアカウントを操作したおそれがあります。すぐに事業所の管理者にご連絡ください。新しいメールアドレスでログインできる場合は、パスワードも変更してください。",
        ],
        unexpected_link: "",
    },
    second_factor_failures: Telling {
        subject: "【Hikae】二要素認証で誤った入力が続いています",
        lead: &[
            "パスワードが正しく入力されたあと、二要素認証で誤ったコードの入力が続いています。誤ったコードでは、ログインできません。",
        ],
        link: "",
        next: &[
            "ご自身の操作であれば、認証アプリを入れたスマートフォンの日時が正しいかをご確認ください。認証アプリを利用できないときは、バックアップコードでログインできます。",
        ],
        unexpected: &[
            "パスワードが、第三者に知られたおそれがあります。すぐに次のリンクからパスワードを再設定してください。二要素認証の設定は、そのままで問題ありません。",
        ],
        unexpected_link: "パスワードを再設定する",
    },
    earlier_sheet_used: Telling {
        subject: "【Hikae】無効なバックアップコードが入力されました",
        lead: &[
            "パスワードが正しく入力されたあと、以前のシートのバックアップコードが入力されました。以前のシートのコードはすべて無効のため、ログインできません。",
        ],
        link: "",
        next: &["ご自身の操作であれば、上記の有効なシートのコードを入力してください。以前のシートは破棄してください。"],
        unexpected: &[
            "パスワードと以前のシートが、第三者に知られたおそれがあります。すぐに次のリンクからパスワードを再設定し、有効なシートがお手元にあるかをご確認ください。",
        ],
        unexpected_link: "パスワードを再設定する",
    },
    members: MemberMails::JA,
    invited_greeting: "Hikaeからのお知らせです。",
    invited: Telling {
        subject: "【Hikae】事業所への招待が届いています",
        lead: &[
            "次の事業所の管理者から、メンバーとしての招待が届いています。参加するには、有効期限までに次のリンクを開いてください。",
            "はじめての方は、リンク先で氏名とパスワードを設定してください。すでにアカウントをお持ちの方は、ログインして参加してください。",
        ],
        link: "招待を確認する",
        next: &[
            "このリンクは、ご本人専用です。ほかの方に転送しないでください。",
            "招待メールが再送された場合、使えるのは最新のメールのリンクだけです。",
        ],
        unexpected: &[
            "お手続きは不要です。リンク先で手続きをしないかぎり、アカウントは作成されず、事業所に参加することもありません。",
        ],
        unexpected_link: "",
    },
    two_factor_required: requirements::TWO_FACTOR_REQUIRED_JA,
    two_factor_required_moved: requirements::TWO_FACTOR_REQUIRED_MOVED_JA,
    two_factor_required_reminder: requirements::TWO_FACTOR_REQUIRED_REMINDER_JA,
    requirement_lifted: requirements::REQUIREMENT_LIFTED_JA,
    requirement_decided: requirements::REQUIREMENT_DECIDED_JA,
    requirement_decided_lifted: requirements::REQUIREMENT_DECIDED_LIFTED_JA,
};
