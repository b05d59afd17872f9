//! Words of signing in: password, security code, recovery.

use super::words;

words! {
    /// `/login` and what lies below it.
    Login
    {
        title = "ログイン", "Sign in";
        submit = "ログイン", "Sign in";
        forgot = "パスワードをお忘れの方", "Forgot your password?";
        wrong = "メールアドレスまたはパスワードが正しくありません。", "The e-mail address or the password is not correct.";
        code_title = "セキュリティコードを入力", "Enter your security code";
        code_lede = "認証アプリを開き、表示されている6桁のセキュリティコードを入力してください。", "Open your authenticator app and enter the 6-digit security code it shows.";
        code_submit = "認証", "Verify";
        cannot_verify = "認証できない方はこちら", "Can't verify? Get help here";
        other_account = "別のアカウントでログインする", "Sign in with another account";
        recovery_title = "二要素認証でログインできない場合", "If you cannot sign in with two-factor authentication";
        recovery_lede = "状況に合う方法を選んでください。", "Choose what fits your situation.";
        lost_app = "モバイル端末の機種変更・紛失・故障などにより、認証アプリを利用できない", "I cannot use my authenticator app (new, lost or broken phone)";
        lost_app_text = "お手元のシートから、未使用のバックアップコードを1つ入力してください。ログイン後に二要素認証を解除し、設定し直してください。", "Enter an unused backup code from your sheet. After signing in, turn off two-factor authentication and set it up again.";
        lost_codes = "バックアップコードも利用できない", "I cannot use a backup code either";
        lost_codes_text = "所属する事業所の管理者に、二要素認証の解除を依頼します。管理者がご本人であることを確認し、承認すると、パスワードだけでログインできるようになります。", "This asks the administrators of your office to turn off your two-factor authentication. Once one of them has made sure that it is you and approves, your password alone will sign you in.";
        release_request = "解除依頼メールを送信", "Send the request by e-mail";
        nobody_title = "解除を依頼できる管理者がいません", "There is no administrator to ask";
        nobody_text = "あなたのほかに、事業所の管理者がいません。Hikaeの運用担当者に直接連絡し、二要素認証の解除を依頼してください。その際、ご本人であることを確認します。", "Your office has no other administrator. Please contact the operator of Hikae directly and ask them to turn off your two-factor authentication. They will need to make sure that it is you.";
        contact = "連絡先", "Contact";
        asked_title = "管理者に解除を依頼しています", "The administrators have been asked";
        asked_cancel = "お送りしたメールのリンクから、依頼を取り消せます。", "You can cancel the request with the link in the e-mail we sent you.";
        back_to_code = "セキュリティコードの入力に戻る", "Back to the security code";
        backup_wrong = "このバックアップコードではログインできませんでした。", "This backup code did not work.";
        causes = "シートを確認し、未使用のコードを入力してください。考えられる原因は次のとおりです。", "Check your sheet and enter an unused code. Possible causes:";
        cause_typo = "コードの誤り（数字の打ち間違いなど）", "The code is wrong (mistyped digits)";
        cause_used = "すでに使用済みのコード", "The code has already been used";
        cause_void = "再発行前のシートのコード", "The code is from a sheet that was replaced by a newer one";
    }
    {
        asked_text(until: &str) =
            format!("管理者が承認すると、メールでお知らせします。この依頼は {until} まで有効です。お急ぎのときは、管理者に直接ご連絡ください。"),
            format!("We will e-mail you when an administrator approves. The request is open until {until}. If it is urgent, contact an administrator directly.");
    }
}
