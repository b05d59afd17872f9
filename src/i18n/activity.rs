//! Words of the activity tab: what was done or tried, and how it ended.

use super::words;
use crate::domain::audit::{Action, Outcome};
use crate::domain::language::Language;

words! {
    /// `/account/activity`.
    Activity
    {
        title = "履歴", "Activity";
        lede = "このアカウントで行われた操作と、試みられた操作の記録です。心当たりのない操作があれば、パスワードを変更してください。", "What was done and tried with this account. If you do not recognise something, change your password.";
        empty = "履歴はまだありません。", "Nothing has happened yet.";
        at = "日時", "When";
        what = "操作", "What";
        outcome = "結果", "Outcome";
        device = "端末", "Device";
        address = "IPアドレス", "IP address";
        by_operator = "運用担当者による操作", "By the operator";
        before_sign_in = "ログイン完了前の操作", "Before sign-in was complete";
        older = "さらに前の履歴", "Older";
        newest = "最新の履歴に戻る", "Back to the newest";
        pages = "履歴のページ", "Pages of the activity";
        done = "成功", "Done";
        refused = "拒否", "Refused";
        throttled = "回数制限により拒否", "Refused: too many tries";
    }
}

impl Activity {
    /// What was done or tried.
    pub fn action(&self, action: Action) -> &'static str {
        let (ja, en) = match action {
            Action::PasswordStep => ("パスワードの入力", "Password entered"),
            Action::SecurityCodeStep => ("セキュリティコードによる認証", "Security code entered"),
            Action::BackupCodeStep => ("バックアップコードによる認証", "Backup code entered"),
            Action::SignOut => ("ログアウト", "Signed out"),
            Action::SessionsEnded => ("端末のログアウト", "Devices signed out"),
            Action::SetUpStarted => ("二要素認証の設定を開始", "Two-factor set-up started"),
            Action::SetUpConfirmed => ("二要素認証を設定", "Two-factor authentication set up"),
            Action::SetUpCancelled => ("二要素認証の設定を中止", "Two-factor set-up cancelled"),
            Action::CodesIssued => ("バックアップコードを発行", "Backup codes issued"),
            Action::CodesReissued => ("バックアップコードを再発行", "Backup codes reissued"),
            Action::ReleaseRequested => ("二要素認証解除メールを送信", "Release link requested"),
            Action::ReleaseCancelled => ("二要素認証の解除を取り消し", "Release cancelled"),
            Action::Released => ("二要素認証を解除", "Two-factor authentication released"),
            Action::PasswordResetRequested => ("パスワード再設定メールを送信", "Password reset requested"),
            Action::PasswordReset => ("パスワードを再設定", "Password reset"),
            Action::PasswordChanged => ("パスワードを変更", "Password changed"),
            Action::EmailChangeRequested => ("メールアドレスの変更を申請", "Address change requested"),
            Action::EmailChanged => ("メールアドレスを変更", "Address changed"),
            Action::ProfileChanged => ("プロフィールを変更", "Profile changed"),
            Action::OfficeAdded => ("事業所を追加", "Office added"),
            Action::PlanChanged => ("プランを変更", "Plan changed"),
            Action::UserAdded => ("アカウントを作成", "Account created"),
            Action::UserImported => ("アカウントを取り込み", "Account imported"),
        };
        match self.language {
            Language::Ja => ja,
            Language::En => en,
        }
    }

    /// How it ended.
    pub const fn ended(&self, outcome: Outcome) -> &'static str {
        match outcome {
            Outcome::Done => self.done,
            Outcome::Refused => self.refused,
            Outcome::Throttled => self.throttled,
        }
    }
}
