//! Words of the frame around every page, and of every form.

use super::words;

words! {
    /// The frame, forms in general, and what several areas share.
    Common
    {
        skip_to_content = "本文へ移動", "Skip to content";
        dashboard = "ダッシュボード", "Dashboard";
        user_settings = "ユーザー管理", "Your account";
        office_settings = "事業所管理", "Your office";
        menu = "メインメニュー", "Main menu";
        sign_out = "ログアウト", "Sign out";
        language_switch = "表示言語", "Language";
        no_office = "所属する事業所はありません", "No office";
        role_admin = "管理者", "Administrator";
        role_general = "一般", "Member";
        footer = "Hikae（控え）：二要素認証とバックアップコード", "Hikae: two-factor authentication and backup codes";
        tabs = "ユーザー管理のメニュー", "Account menu";
        tab_profile = "プロフィール", "Profile";
        tab_email = "メールアドレス", "E-mail address";
        tab_password = "パスワード", "Password";
        tab_two_factor = "二要素認証設定", "Two-factor authentication";
        tab_sessions = "ログイン中の端末", "Signed-in devices";
        tab_activity = "履歴", "Activity";
        email = "メールアドレス", "E-mail address";
        password = "パスワード", "Password";
        current_password = "現在のパスワード", "Current password";
        your_password = "あなたのパスワード", "Your password";
        new_password = "新しいパスワード", "New password";
        new_password_hint = "8文字以上で入力してください。長い文も使えます。", "At least 8 characters. A long phrase works well.";
        security_code = "セキュリティコード(6桁)", "Security code (6 digits)";
        security_code_hint = "認証アプリに表示されている6桁の数字を入力してください。", "Enter the 6 digits shown in your authenticator app.";
        backup_code = "バックアップコード(9桁)", "Backup code (9 digits)";
        backup_code_hint = "シートに書かれている9桁の数字です。空白やハイフンが入っていてもかまいません。", "The 9 digits on your sheet. Spaces and hyphens are fine.";
        extend = "時間を延長する", "Give me more time";
        save = "保存", "Save";
        cancel = "キャンセル", "Cancel";
        list_comma = "、", ", ";
        colon = "：", ": ";
        error_title = "エラー：", "Error: ";
        error_summary = "入力内容を確認してください", "Please check what you entered";
        email_missing = "メールアドレスを入力してください。", "Enter your e-mail address.";
        email_invalid = "メールアドレスの形式が正しくありません。", "This is not a valid e-mail address.";
        password_missing = "パスワードを入力してください。", "Enter your password.";
        password_wrong = "パスワードが正しくありません。", "The password is not correct.";
        new_password_missing = "新しいパスワードを入力してください。", "Enter a new password.";
        password_too_short = "パスワードは8文字以上にしてください。", "The password must have at least 8 characters.";
        password_too_long = "パスワードが長すぎます。", "The password is too long.";
        password_too_common = "推測されやすいパスワードです。別のパスワードにしてください。", "This password is easy to guess. Choose a different one.";
    }
    {
        wait(span: &str, until: &str) =
            format!("入力の誤りや操作の回数が多いため、しばらく受け付けられません。約{span}後（{until}以降）にもう一度お試しください。"),
            format!("There were too many attempts. Please try again in about {span} (after {until}).");
        mail_wait(span: &str, until: &str) =
            format!("短い時間に何通もお送りしたため、いまはメールを送れません。約{span}後（{until}以降）にもう一度お試しください。"),
            format!("Several e-mails have been sent already, so no more can be sent for now. Please try again in about {span} (after {until}).");
        stage_until(until: &str) =
            format!("このログイン手続きは {until} まで有効です。過ぎた場合は、パスワードの入力からやり直してください。"),
            format!("This sign-in stays open until {until}. After that, start again with your password.");
    }
}
