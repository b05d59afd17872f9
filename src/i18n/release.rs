//! Words of the pages behind the release mail (方法A).

use super::words;

words! {
    /// `/two-factor-release/…` and `/two-factor-release-cancel/…`.
    Release
    {
        title = "二要素認証の解除", "Turn off two-factor authentication";
        effects = "解除すると、次のようになります。", "When it is turned off:";
        effect_codes = "発行済みのバックアップコードは、すべて無効になります。", "All your backup codes stop working.";
        effect_sessions = "すべての端末からログアウトします。", "You are signed out on all devices.";
        effect_password = "次回からはパスワードだけでログインできます。解除後は、お早めに設定し直してください。", "Your password alone will sign you in. Set up two-factor authentication again soon.";
        password_hint = "ご本人確認のため、現在のパスワードを入力してください。", "Enter your password to show that it is you.";
        submit = "二要素認証を解除する", "Turn off";
        dead_title = "このリンクは使えません", "This link no longer works";
        dead_text = "有効期限が切れたか、すでに使用されたか、取り消されたか、新しいリンクが発行された可能性があります。解除が必要な場合は、もう一度お手続きください。", "It may have expired, been used or cancelled, or been replaced by a newer one. If you still want to turn off two-factor authentication, please start again.";
        cancel_title = "解除手続きの取り消し", "Cancel the request";
        cancel_text = "送信済みの解除用リンクを使えなくします。二要素認証は有効なままです。", "The link that was sent will stop working. Two-factor authentication stays on.";
        cancel_submit = "解除の手続きを取り消す", "Cancel the request";
        cancelled_title = "解除の手続きを取り消しました", "The request has been cancelled";
        cancelled_text = "解除用のリンクは使えなくなりました。二要素認証は有効なままです。手続きに心当たりがない場合は、パスワードを変更してください。", "The link no longer works, and two-factor authentication stays on. If you did not make the request, change your password.";
        other_title = "別のアカウントのリンクです", "This link belongs to another account";
        other_text = "いまログインしているアカウントとは別のアカウントに送られたリンクです。続けるには、ログアウトしてからリンクを開き直してください。", "It was sent to a different account from the one signed in here. To continue, sign out and open the link again.";
        to_account = "アカウントを開く", "Open your account";
    }
    {
        lede(email: &str, until: &str) =
            format!("{email} の二要素認証を解除します。このリンクは {until} まで有効です。"),
            format!("This turns off two-factor authentication for {email}. The link works until {until}.");
        cancel_lede(email: &str) =
            format!("{email} の二要素認証を解除する手続きを取り消します。"),
            format!("This cancels the request to turn off two-factor authentication for {email}.");
    }
}
