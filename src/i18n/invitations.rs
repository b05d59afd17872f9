//! Words of invitations: for administrators, and behind the link.

use super::words;

words! {
    /// `/offices/{office}/invitations` and `/invitations/{token}`.
    Invitations
    {
        title = "メンバーの招待", "Invitations";
        new_title = "招待メールを送信", "Send invitations";
        emails = "メールアドレス", "E-mail addresses";
        emails_hint = "複数の場合は、改行、カンマ、空白などで区切ってください。一度に200件まで送信できます。", "Separate several addresses with line breaks, commas or spaces. Up to 200 at once.";
        emails_missing = "招待する方のメールアドレスを入力してください。", "Enter the e-mail addresses of the people to invite.";
        emails_too_many = "一度に招待できるのは200件までです。何回かに分けて送信してください。", "You can invite up to 200 people at once. Please send the invitations in several steps.";
        role = "権限", "Role";
        role_missing = "権限を選んでください。", "Choose a role.";
        role_general_hint = "事業所に参加します。管理の操作はできません。", "Joins the office, without administering it.";
        role_admin_hint = "メンバーの招待や権限の変更、二要素認証の解除依頼への対応など、事業所の管理ができます。", "Administers the office: invites members, changes roles, answers requests to turn off two-factor authentication.";
        password_hint = "管理者として招待する場合のみ、入力してください。", "Needed only to invite administrators.";
        password_missing = "管理者として招待するには、ご自身のパスワードを入力してください。", "Enter your own password to invite administrators.";
        submit = "招待メールを送信", "Send invitations";
        pending_title = "参加待ちの招待", "Pending invitations";
        pending_empty = "参加待ちの招待はありません。", "There are no pending invitations.";
        invited_by = "招待した管理者", "Invited by";
        sent_at = "送信日時", "Sent";
        expires_at = "有効期限", "Works until";
        state = "状態", "Status";
        state_open = "参加待ち", "Pending";
        state_expired = "期限切れ", "Expired";
        state_inviter_gone = "無効", "No longer valid";
        inviter_gone_hint = "招待した方が管理者ではなくなったため、この招待は使えません。取り消して、もう一度招待してください。", "The person who sent it is no longer an administrator. Revoke it and invite again.";
        actions = "操作", "Action";
        resend = "再送", "Send again";
        revoke = "取り消し", "Revoke";
        pages = "招待のページ", "Pages of invitations";
        newer = "前へ", "Previous";
        older = "次へ", "Next";
        link_title = "事業所への招待", "Invitation to an office";
        office = "事業所", "Office";
        name_hint = "ほかのメンバーにも表示されます。", "Other members will see it.";
        accept_new = "アカウントを作成して参加", "Create account and join";
        after_new = "作成後に、設定したパスワードでログインします。", "You will then sign in with this password.";
        sign_in_text = "このメールアドレスのアカウントでログインして、参加してください。", "Sign in with the account of this e-mail address to join.";
        sign_in = "ログインして参加", "Sign in to join";
        accept = "参加する", "Join";
        other_title = "別のメールアドレスへの招待です", "This invitation is for another address";
        dead_title = "この招待は使えません", "This invitation no longer works";
        dead_text = "有効期限が切れたか、すでに使用されたか、取り消されたか、新しい招待メールが送信された可能性があります。", "It may have expired, been used or revoked, or been replaced by a newer one.";
        dead_next = "最新の招待メールのリンクを開くか、招待した管理者に再送を依頼してください。すでに参加している方は、そのままログインしてください。", "Open the link in the newest e-mail, or ask the administrator who invited you to send the invitation again. If you have already joined, just sign in.";
        to_sign_in = "ログイン画面へ", "Go to sign-in";
    }
    {
        unreadable(list: &str) =
            format!("メールアドレスの形式が正しくありません：{list}。招待メールはまだ送信していません。"),
            format!("These are not valid e-mail addresses: {list}. No invitations have been sent.");
        and_more(list: &str, more: usize) =
            format!("{list} ほか{more}件"),
            format!("{list} and {more} more");
        already_members(list: &str) =
            format!("すでにメンバーです：{list}"),
            format!("Already members: {list}");
        already_invited(list: &str) =
            format!("すでに招待しています：{list}"),
            format!("Already invited: {list}");
        mail_wait_for(email: &str, wait: &str) =
            format!("{email}：{wait}"),
            format!("{email}: {wait}");
        resend_to(email: &str) = format!("{email} への招待を再送"), format!("Send again: the invitation to {email}");
        revoke_for(email: &str) = format!("{email} への招待を取り消し"), format!("Revoke the invitation to {email}");
        lede(office: &str) =
            format!("「{office}」のメンバーとして招待されています。"),
            format!("You have been invited to become a member of “{office}”.");
        other_text(invited: &str, signed_in: &str) =
            format!("この招待は {invited} に送られたものです。現在は {signed_in} でログインしています。参加するには、ログアウトしてから、招待メールのリンクを開き直してください。"),
            format!("This invitation was sent to {invited}, and you are signed in as {signed_in}. To join, sign out and open the link in the e-mail again.");
    }
}
