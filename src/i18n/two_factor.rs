//! Words of the two-factor tab, the set-up, and of refused codes.

use super::words;

words! {
    /// `/account/two-factor` and its set-up.
    TwoFactor
    {
        title = "二要素認証設定", "Two-factor authentication";
        heading = "二要素認証", "Two-factor authentication";
        state = "状態", "Status";
        on = "有効", "On";
        off = "無効", "Off";
        enabled_at = "設定日時", "Set up";
        off_lede = "二要素認証を設定すると、ログインのたびにパスワードと認証アプリのセキュリティコードを確認します。", "With two-factor authentication, every sign-in asks for your password and for a security code from your authenticator app.";
        set_up = "二要素認証を設定する", "Set up two-factor authentication";
        set_up_password_hint = "設定を始めるために、現在のパスワードを入力してください。", "To begin, enter your current password.";
        with_codes = "設定が完了すると、スマートフォンを使えないときのためのバックアップコードを10個発行します。", "When the set-up is complete, you receive ten backup codes for when you cannot use your phone.";
        sheet_heading = "バックアップコード", "Backup codes";
        sheet_number = "シート", "Sheet";
        sheet_id = "シートID", "Sheet ID";
        issued_at = "発行日時", "Issued";
        left = "残り", "Left";
        valid_lede = "使えるのは、次のシートだけです。お手元のシートのシートIDと見比べてください。", "Only this sheet is valid. Compare its ID with the one printed on your paper.";
        valid_others = "シートIDが違うシートのコードは使えません。破棄してください。", "A sheet with a different ID no longer works. Please destroy it.";
        check_link = "保管チェック：お手元のシートを確認する", "Check the sheet you have";
        used_heading = "使用状況", "Usage";
        unused = "未使用", "Unused";
        low_title = "バックアップコードの残りが少なくなっています", "You are running low on backup codes";
        low_text = "新しいシートを発行してください。これまでのシートは無効になります。", "Issue a new sheet. The current one will stop working.";
        none_left_text = "バックアップコードをすべて使いました。新しいシートを発行してください。", "All backup codes have been used. Issue a new sheet.";
        unissued = "未発行", "Not issued";
        unissued_text = "バックアップコードがまだ発行されていません。スマートフォンをなくしてもログインできるように、発行してください。", "You have no backup codes yet. Issue them so that a lost phone does not lock you out.";
        reissue_link = "バックアップコードを再発行", "Reissue backup codes";
        plans_title = "バックアップコードの対象プラン", "Plans with backup codes";
        plans_text = "バックアップコードは、次のいずれかのプランをご利用の事業所に所属する方に発行されます。現在は対象の事業所に所属していないため、発行できません。二要素認証は利用できます。", "Backup codes are issued to members of an office on one of these plans. None of your offices is on one now, so no codes can be issued. Two-factor authentication itself is available to you.";
        plans_old_codes = "すでに発行されたバックアップコードは、引き続きログインに使えます。", "Codes issued earlier keep working for sign-in.";
        plans_corporate = "法人・新プラン", "Corporate (current plans)";
        plans_corporate_legacy = "法人・旧プラン", "Corporate (former plans)";
        plans_personal = "個人", "Personal";
        change_heading = "認証アプリを変更する", "Change the authenticator app";
        change_text = "機種変更などで、別のスマートフォンの認証アプリに移すときに使います。新しい設定が完了するまで、いまの認証アプリを使えます。完了すると新しいバックアップコードが発行され、これまでのシートは無効になります。", "For moving to a new phone. Your current app keeps working until the new one is confirmed. Then new backup codes are issued, and earlier sheets stop working.";
        change_text_without = "機種変更などで、別のスマートフォンの認証アプリに移すときに使います。新しい設定が完了するまで、いまの認証アプリを使えます。完了すると、これまでのシートは無効になります。", "For moving to a new phone. Your current app keeps working until the new one is confirmed. Then earlier sheets stop working.";
        change_code_hint = "いま使っている認証アプリのセキュリティコードを入力してください。", "Enter a security code from your current app.";
        change_submit = "認証アプリを変更する", "Change the app";
        release_heading = "二要素認証の解除", "Turn off two-factor authentication";
        release_text = "認証アプリを使えなくなったときは、解除してから設定し直してください。登録しているメールアドレスに、解除用のリンクをお送りします。解除すると、発行済みのバックアップコードはすべて無効になります。", "If you can no longer use your authenticator app, turn off two-factor authentication and set it up again. We will send a link to your e-mail address. Once it is off, none of your backup codes work any more.";
        release_submit = "二要素認証解除メールを送信", "Send the link by e-mail";
        setup_title = "二要素認証の設定", "Two-factor set-up";
        steps = "設定の手順", "Steps";
        step_app = "認証アプリに登録", "Add to your app";
        step_confirm = "コードを確認", "Confirm a code";
        step_codes = "バックアップコードを保管", "Keep the backup codes";
        scan_heading = "1. 認証アプリに登録", "1. Add to your authenticator app";
        scan_text = "スマートフォンの認証アプリでQRコードを読み取ってください。", "Scan this QR code with the authenticator app on your phone.";
        qr_label = "認証アプリに登録するためのQRコード", "QR code for your authenticator app";
        key_heading = "QRコードを読み取れない場合", "If you cannot scan the QR code";
        key_text = "次のキーを認証アプリに入力してください（種類：時間ベース、6桁、30秒）。", "Enter this key in your app (time-based, 6 digits, 30 seconds).";
        key_label = "セットアップキー", "Setup key";
        copy_key = "キーをコピー", "Copy the key";
        copied = "コピーしました", "Copied";
        copy_failed = "コピーできませんでした。キーを手で入力してください。", "Could not copy. Please type the key.";
        confirm_heading = "2. コードを確認", "2. Confirm a code";
        confirm_text = "登録すると、認証アプリに6桁のセキュリティコードが表示されます。そのコードを入力してください。", "Your app now shows a 6-digit security code. Enter it here.";
        confirm_submit = "確認して設定する", "Confirm and turn on";
        setup_replaces = "設定が完了するまで、これまでの認証アプリを使えます。", "Your current app keeps working until the set-up is complete.";
        cancel_setup = "設定を中止する", "Cancel the set-up";
        done_title = "二要素認証の設定が完了しました", "Two-factor authentication is on";
        done_text = "次回のログインから、認証アプリのセキュリティコードが必要です。", "From the next sign-in on, you need a security code from your app.";
        open_tab = "二要素認証設定を開く", "Open two-factor settings";
        code_empty_security = "セキュリティコードを入力してください。", "Enter the security code.";
        code_empty_backup = "バックアップコードを入力してください。", "Enter a backup code.";
        code_shape_security = "セキュリティコードは6桁の数字です。", "A security code has 6 digits.";
        code_shape_backup = "バックアップコードは9桁の数字です。", "A backup code has 9 digits.";
        code_is_backup = "9桁のバックアップコードのようです。ここでは認証アプリの6桁のセキュリティコードを入力してください。", "This looks like a 9-digit backup code. Enter the 6-digit security code from your authenticator app here.";
        code_is_backup_link = "バックアップコードでログインする", "Sign in with a backup code";
        code_is_security = "6桁のセキュリティコードのようです。ここでは9桁のバックアップコードを入力してください。", "This looks like a 6-digit security code. Enter a 9-digit backup code here.";
        code_is_security_link = "セキュリティコードの入力画面へ", "Enter a security code";
        code_wrong = "セキュリティコードが正しくありません。認証アプリに表示されている最新のコードを入力してください。", "The security code is not correct. Enter the code your app shows now.";
        code_replayed = "このセキュリティコードはすでに使用されています。次のコードが表示されるまで（最長30秒）お待ちください。", "This security code has already been used. Wait for the next one (up to 30 seconds).";
        code_stopped = "誤ったコードの入力が続いたため、コードの受け付けを停止しています。二要素認証の解除が必要です。事業所の管理者またはHikaeの運用担当者にご連絡ください。", "There were too many wrong codes in a row, so codes are no longer accepted. Two-factor authentication has to be turned off. Please contact an administrator of your office or the operator of Hikae.";
    }
    {
        sheet(number: u32) = format!("第{number}回発行"), format!("No. {number}");
        left_of(left: u8) = format!("10個中{left}個"), format!("{left} of 10");
        mark_used(at: &str, device: &str) = format!("使用済み（{at}、{device}）"), format!("Used: {at} ({device})");
        release_blocked(until: &str) =
            format!("安全のため、パスワードの再設定またはメールアドレスの変更から24時間は、メールで解除できません。{until} 以降にお手続きください。"),
            format!("For your safety, two-factor authentication cannot be turned off by e-mail for 24 hours after a password reset or a change of e-mail address. Try again after {until}.");
        setup_until(until: &str) =
            format!("{until} までに完了してください。"),
            format!("Please finish before {until}.");
    }
}
