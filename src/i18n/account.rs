//! Words of the account: dashboard, profile, address, password, devices.

use super::words;

words! {
    /// `/account` and its tabs, but for two-factor authentication and activity.
    Account
    {
        dashboard_two_factor = "二要素認証", "Two-factor authentication";
        on = "有効", "On";
        off = "無効", "Off";
        codes = "バックアップコード", "Backup codes";
        not_issued = "未発行", "Not issued";
        codes_need_plan = "対象プランの事業所に所属していません", "None of your offices is on a plan with backup codes";
        offices = "所属する事業所", "Your offices";
        office = "事業所", "Office";
        plan = "プラン", "Plan";
        role = "権限", "Role";
        next_off = "二要素認証を設定すると、パスワードが第三者に知られても、アカウントを守れます。", "Two-factor authentication protects your account even if someone learns your password.";
        next_off_link = "二要素認証を設定する", "Set up two-factor authentication";
        next_unissued = "バックアップコードがまだ発行されていません。スマートフォンをなくしてもログインできるように、発行してください。", "You have no backup codes yet. Issue them so that a lost phone does not lock you out.";
        next_unissued_link = "バックアップコードを発行する", "Issue backup codes";
        next_low = "バックアップコードの残りが少なくなっています。新しいシートを発行してください。", "You are running low on backup codes. Issue a new sheet.";
        next_low_link = "バックアップコードを再発行する", "Reissue backup codes";
        next_fine = "準備は整っています。シートは、スマートフォンとは別の安全な場所に保管してください。", "Everything is ready. Keep your sheet in a safe place, away from your phone.";
        next_fine_without = "二要素認証でアカウントが守られています。", "Two-factor authentication protects your account.";
        settings_link = "二要素認証設定を開く", "Open two-factor settings";
        profile_title = "プロフィール", "Profile";
        name = "氏名", "Name";
        name_empty = "氏名を入力してください。", "Enter your name.";
        name_too_long = "氏名は100文字以内で入力してください。", "The name can have at most 100 characters.";
        name_control = "氏名に使えない文字が含まれています。", "The name contains characters that cannot be used.";
        profile_language = "言語", "Language";
        language_hint = "画面とメールの表示に使います。", "Used for pages and e-mails.";
        language_unknown = "言語を選んでください。", "Choose a language.";
        time_zone = "タイムゾーン", "Time zone";
        time_zone_hint = "日時の表示に使います。", "Used for dates and times.";
        time_zone_unknown = "タイムゾーンを一覧から選んでください。", "Choose a time zone from the list.";
        email_title = "メールアドレス", "E-mail address";
        email_current = "現在のメールアドレス", "Current e-mail address";
        email_new = "新しいメールアドレス", "New e-mail address";
        email_lede = "新しいメールアドレスに確認用のリンクをお送りします。リンクを開いて確定するまで、変更されません。", "We will send a link to the new address. Nothing changes until you open it and confirm.";
        email_submit = "確認メールを送信", "Send confirmation e-mail";
        email_unchanged = "現在と同じメールアドレスです。", "This is already your e-mail address.";
        confirm_title = "メールアドレスの変更を確認", "Confirm your new e-mail address";
        confirm_submit = "変更を確定", "Confirm the change";
        confirm_dead_title = "このリンクは使えません", "This link no longer works";
        confirm_dead_text = "有効期限が切れたか、すでに使用されたか、新しいリンクが発行された可能性があります。変更が必要な場合は、もう一度お手続きください。", "It may have expired, been used, or been replaced by a newer one. If you still want the change, please start again.";
        confirm_taken = "このメールアドレスは使用できません。別のアドレスで、もう一度お手続きください。", "This address cannot be used. Please start again with another one.";
        confirm_done_title = "メールアドレスを変更しました", "Your e-mail address has changed";
        confirm_open_account = "メールアドレスの画面を開く", "Open e-mail address settings";
        password_title = "パスワード", "Password";
        password_lede = "変更すると、ほかの端末からはログアウトします。", "Changing it signs you out on your other devices.";
        password_submit = "パスワードを変更", "Change password";
        sessions_title = "ログイン中の端末", "Signed-in devices";
        sessions_lede = "見覚えのない端末があれば、その端末からログアウトし、パスワードを変更してください。", "If you do not recognise a device, sign it out and change your password.";
        device = "端末", "Device";
        address = "IPアドレス", "IP address";
        signed_in_at = "ログイン日時", "Signed in";
        last_seen_at = "最終利用日時", "Last used";
        this_device = "この端末", "This device";
        end_session = "ログアウト", "Sign out";
        end_others = "ほかのすべての端末からログアウト", "Sign out all other devices";
        only_this_device = "ログイン中の端末は、この端末だけです。", "No other device is signed in.";
        actions = "操作", "Action";
    }
    {
        greeting(name: &str) = format!("{name}さん"), format!("Hello {name}");
        codes_left(left: u8) = format!("残り{left}個（10個中）"), format!("{left} of 10 left");
        enabled_since(date: &str) = format!("{date}から"), format!("since {date}");
        confirm_lede(email: &str) =
            format!("ログインに使うメールアドレスを {email} に変更します。"),
            format!("The address you sign in with will be {email}.");
        confirm_done(email: &str) =
            format!("次回から {email} でログインしてください。"),
            format!("From now on, sign in with {email}.");
        end_session_of(device: &str) = format!("{device} からログアウト"), format!("Sign out {device}");
    }
}
