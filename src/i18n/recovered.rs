//! Words for whoever has signed in with a backup code: what to do now.

use super::words;

words! {
    /// The card on the two-factor tab, and the dashboard's way to it.
    Recovered
    {
        low_text = "認証アプリを使えないままコードがなくなると、ログインできなくなります。次の手順で設定し直してください。", "Once no code is left, you cannot sign in without your authenticator app. Go on below and set it up again.";
        last_title = "残っているコードはありません", "No code is left";
        last_text = "このままログアウトすると、認証アプリなしではログインできません。", "If you sign out now, you cannot sign in again without your authenticator app.";
        last_now = "認証アプリを使えないときは、ログアウトする前に、次の手続きを済ませてください。", "If you cannot use the app, go on below before you sign out.";
        lost_heading = "スマートフォンの紛失・故障・機種変更のとき", "Is your phone lost, broken or replaced?";
        lost_text = "二要素認証を一度解除して、新しいスマートフォンで設定し直します。3つの手順で完了します。", "Turn off two-factor authentication and set it up again on your new phone. It takes three steps.";
        steps = "設定し直す手順", "Steps to set it up again";
        step_mail = "解除メールを送信", "Send the e-mail";
        step_link = "リンクを開き、パスワードを入力", "Open the link and enter your password";
        step_set_up = "ログインして設定し直す", "Sign in and set it up again";
        sent_title = "解除メールを送信しました", "The e-mail has been sent";
        again = "届かないときは、もう一度送信できます。以前のメールのリンクは使えなくなります。", "If it does not arrive, you can send it again. The link in the earlier e-mail then stops working.";
        blocked_codes = "それまでは、残りのバックアップコードでログインできます。", "Until then, you can sign in with your remaining backup codes.";
        blocked_none = "お急ぎのときは、ログインの途中の「認証できない方はこちら」から、事業所の管理者に解除を依頼できます。", "If it is urgent, sign in with your password and choose “Can't verify? Get help here” to ask an administrator of your office.";
        at_home = "スマートフォンが手元にないだけのときは、これ以上の手続きは不要です。次回は、認証アプリでログインしてください。", "If you only do not have your phone with you, there is nothing more to do. Next time, sign in with your authenticator app.";
        dashboard_text = "スマートフォンの紛失・故障・機種変更のときは、二要素認証を解除して設定し直してください。", "If your phone is lost, broken or replaced, turn off two-factor authentication and set it up again.";
        dashboard_link = "手続きを続ける", "Go on";
    }
    {
        title(number: u8) =
            format!("バックアップコード{number}番でログインしました"),
            format!("You signed in with backup code no. {number}");
        tick(number: u8) =
            format!("シートの{number}番に印を付けてください"),
            format!("Tick off no. {number} on your sheet");
        tick_text(sheet: &str) =
            format!("{sheet}のシートです。このコードはもう使えません。"),
            format!("It is on {sheet}. This code no longer works.");
        left(left: u8) =
            format!("残りは{left}個です"),
            if left == 1 { "1 code is left".to_owned() } else { format!("{left} codes are left") };
        left_text(left: u8) =
            format!("残りは{left}個です。"),
            format!("{left} codes are left.");
        sent_text(email: &str, until: &str) =
            format!("{email} に届いたメールのリンクを、{until} までに開いてください。"),
            format!("Open the link in the e-mail to {email} before {until}.");
    }
}
