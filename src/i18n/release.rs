//! Words of the pages behind the release mail (方法A).

use super::words;

words! {
    /// `/two-factor-release/…` and `/two-factor-release-cancel/…`.
    Release
    {
        title = "二要素認証の解除", "Release two-factor authentication";
        effects = "解除すると、次のようになります。", "What a release does:";
        effect_codes = "発行済みのバックアップコードは、すべて無効になります。", "All backup codes become void.";
        effect_sessions = "ログイン中の端末は、すべてログアウトされます。", "All devices are signed out.";
        effect_password = "次回からはパスワードだけでログインできます。解除後は、できるだけ早く設定し直してください。", "You will sign in with your password alone. Set it up anew as soon as you can.";
        password_hint = "ご本人確認のため、現在のパスワードを入力してください。", "Enter your password to show that it is you.";
        submit = "二要素認証を解除する", "Release";
        dead_title = "このリンクは使えません", "This link no longer works";
        dead_text = "有効期限が切れているか、すでに使用されたか、取り消されたか、新しいリンクが発行されています。解除が必要な場合は、もう一度お手続きください。", "It has expired, has been used or cancelled, or a newer one was sent. If you still need a release, please start again.";
        cancel_title = "解除の取り消し", "Cancel the release";
        cancel_text = "送信済みの解除用リンクを使えなくします。二要素認証は有効なままです。", "The release link that was sent will stop working. Two-factor authentication stays on.";
        cancel_submit = "解除を取り消す", "Cancel the release";
        cancelled_title = "解除を取り消しました", "The release has been cancelled";
        cancelled_text = "解除用のリンクは使えなくなりました。二要素認証は有効なままです。心当たりのない解除だった場合は、パスワードを変更してください。", "The link no longer works, and two-factor authentication stays on. If you did not ask for the release, change your password.";
        other_title = "別のアカウントのリンクです", "This link belongs to another account";
        other_text = "いまログインしているアカウントとは別のアカウントのためのリンクです。続けるには、ログアウトしてからリンクを開き直してください。", "It is for another account than the one signed in here. To go on, sign out and open the link again.";
        to_account = "アカウントを開く", "Open your account";
    }
    {
        lede(email: &str, until: &str) =
            format!("{email} の二要素認証を解除します。このリンクは {until} まで有効です。"),
            format!("This releases two-factor authentication of {email}. The link works until {until}.");
        cancel_lede(email: &str) =
            format!("{email} の二要素認証の解除を取り消します。"),
            format!("This cancels the release of two-factor authentication of {email}.");
    }
}
