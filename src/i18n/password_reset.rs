//! Words of the forgotten password.

use super::words;

words! {
    /// `/password-reset` and the page behind its link.
    PasswordReset
    {
        title = "パスワードの再設定", "Reset your password";
        lede = "登録しているメールアドレスを入力してください。再設定用のリンクをお送りします。", "Enter the e-mail address of your account. We will send you a link to choose a new password.";
        submit = "再設定メールを送信", "Send the link";
        back_to_login = "ログイン画面に戻る", "Back to sign-in";
        sent_title = "メールをご確認ください", "Check your e-mail";
        sent_text = "入力されたメールアドレスが登録されている場合は、再設定用のリンクをお送りしました。リンクの有効期間は30分です。", "If there is an account with this address, a link is on its way. It works for 30 minutes.";
        sent_hint = "届かない場合は、迷惑メールフォルダーに入っていないか、入力したアドレスに誤りがないかをご確認ください。", "If nothing arrives, look in your spam folder and check the address you entered.";
        choose_title = "新しいパスワードを設定", "Choose a new password";
        choose_note = "二要素認証の設定は変わりません。次回のログインでも、これまでどおり認証が必要です。変更すると、すべての端末からログアウトします。", "Two-factor authentication stays as it is: you will be asked for it at the next sign-in as before. You will be signed out on all devices.";
        choose_submit = "パスワードを変更", "Change password";
        dead_title = "このリンクは使えません", "This link no longer works";
        dead_text = "有効期限が切れたか、すでに使用されたか、新しいリンクが発行された可能性があります。もう一度お手続きください。", "It may have expired, been used, or been replaced by a newer one. Please start again.";
        again = "もう一度手続きする", "Request a new link";
    }
    {
        choose_lede(email: &str) =
            format!("{email} のパスワードを変更します。"),
            format!("You are changing the password of {email}.");
    }
}
