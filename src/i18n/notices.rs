//! Words of the messages that follow an act, shown once on the next page.

use super::words;

words! {
    /// One title (and sometimes a text) per act.
    Notices
    {
        recovered_next = "認証アプリを使えない場合は、お早めに二要素認証を解除し、設定し直してください。", "If you cannot use your authenticator app, turn off two-factor authentication soon and set it up again.";
        recovered_last = "これが最後のコードでした。認証アプリも使えないと、次回はログインできません。", "This was the last code. Without your authenticator app, you will not be able to sign in next time.";
        password_reset = "パスワードを変更しました。新しいパスワードでログインしてください。", "Your password has changed. Sign in with the new one.";
        password_changed = "パスワードを変更しました。ほかの端末からはログアウトしました。", "Your password has changed. Other devices have been signed out.";
        email_change_sent = "確認メールを送信しました", "Confirmation e-mail sent";
        email_change_sent_text = "新しいメールアドレスに届いたリンクを開いて、変更を確定してください。リンクの有効期間は24時間です。", "Open the link sent to the new address to complete the change. It works for 24 hours.";
        profile_saved = "プロフィールを保存しました。", "Your profile has been saved.";
        set_up_cancelled = "設定を中止しました。", "The set-up was cancelled.";
        set_up_gone = "設定の有効期限が切れたか、中止されています。もう一度始めてください。", "The set-up has timed out or was cancelled. Please start again.";
        release_sent = "二要素認証解除メールを送信しました", "E-mail sent";
        release_sent_text = "届いたメールのリンクを開き、パスワードを入力すると、二要素認証を解除できます。リンクの有効期間は30分です。", "To turn off two-factor authentication, open the link in the e-mail and enter your password. The link works for 30 minutes.";
        released = "二要素認証を解除しました", "Two-factor authentication is now off";
        released_text = "パスワードでログインし、お早めに設定し直してください。", "Sign in with your password and set it up again soon.";
        not_on = "二要素認証は有効ではありません。", "Two-factor authentication is off.";
        session_ended = "端末からログアウトしました。", "The device has been signed out.";
        stage_over = "ログイン手続きの有効期限が切れました。もう一度ログインしてください。", "This sign-in has timed out. Please sign in again.";
        request_sent = "解除依頼メールを送信しました", "The administrators have been asked";
        request_sent_text = "管理者がご本人であることを確認し、承認すると、メールでお知らせします。", "We will e-mail you once one of them has made sure that it is you and approves.";
        request_already_open = "すでに解除を依頼しています。管理者の承認をお待ちください。", "The administrators have already been asked. Please wait for one of them to approve.";
        request_approved = "二要素認証を解除しました", "Two-factor authentication is off for this member";
        request_approved_text = "メンバーとほかの管理者にメールでお知らせしました。お早めに設定し直すよう、ご案内ください。", "The member and the other administrators have been told by e-mail. Please ask the member to set it up again soon.";
        request_declined = "解除依頼を却下しました", "The request was declined";
        request_declined_text = "メンバーとほかの管理者にメールでお知らせしました。", "The member and the other administrators have been told by e-mail.";
        role_changed = "権限を変更しました。本人にメールでお知らせしました。", "The role has been changed. The member is told by e-mail.";
        role_unchanged = "この権限に設定済みです。変更はありません。", "The member has this role already. Nothing was changed.";
        own_role_changed = "あなたの権限を一般に変更しました。", "You are no longer an administrator of the office.";
        member_removed = "メンバーを事業所から外しました。本人にメールでお知らせしました。", "The member has been removed. The person is told by e-mail.";
        office_left = "事業所から抜けました。", "You have left the office.";
    }
    {
        recovered(number: u8) =
            format!("バックアップコード{number}番でログインしました"),
            format!("You signed in with backup code no. {number}");
        recovered_tick(number: u8) =
            format!("シートの{number}番に印を付けてください。このコードはもう使えません。"),
            format!("Tick off no. {number} on your sheet. This code no longer works.");
        recovered_left(left: u8) =
            format!("残りは{left}個です。"),
            if left == 1 { "1 code is left.".to_owned() } else { format!("{left} codes are left.") };
        others_ended(count: usize) =
            if count == 0 { "ほかにログイン中の端末はありませんでした。".to_owned() } else { format!("ほかの端末{count}台からログアウトしました。") },
            match count { 0 => "No other device was signed in.".to_owned(), 1 => "1 other device has been signed out.".to_owned(), n => format!("{n} other devices have been signed out.") };
    }
}
