//! Words of the activity tab: what was done or tried, and how it ended.

use super::words;
use crate::domain::audit::{Action, Outcome};
use crate::domain::language::Language;

words! {
    /// `/account/activity`.
    Activity
    {
        title = "履歴", "Activity";
        lede = "このアカウントでの操作の記録です。失敗した操作も表示します。心当たりのない操作があれば、パスワードを変更してください。", "What was done with this account, including failed attempts. If you do not recognise something, change your password.";
        empty = "履歴はまだありません。", "There is no activity yet.";
        at = "日時", "When";
        what = "操作", "What";
        outcome = "結果", "Outcome";
        device = "端末", "Device";
        address = "IPアドレス", "IP address";
        by_operator = "運用担当者による操作", "By the operator";
        before_sign_in = "ログイン前の操作", "Before sign-in";
        automatic = "自動処理", "Automatic";
        older = "さらに前の履歴", "Older";
        newest = "最新の履歴に戻る", "Back to the newest";
        pages = "履歴のページ", "Pages of the activity";
        done = "成功", "Done";
        refused = "失敗", "Failed";
        throttled = "失敗（回数の上限）", "Failed: too many attempts";
        checked_used = "使用済みのコード", "An already used code";
        checked_earlier = "以前のシートのコード", "A code of an earlier sheet";
        checked_wrong = "シートにないコード", "A code of no known sheet";
        checked_password = "パスワードの誤り", "A wrong password";
    }
    {
        by_administrator(office: &str) =
            format!("管理者による操作（{office}）"),
            format!("By an administrator of {office}");
        code_used(number: u8, sheet: u32, left: u8) =
            format!("第{sheet}回の{number}番のコード、残り{left}個"),
            format!("Code no. {number} of sheet no. {sheet}, {left} left");
        code_unused(number: u8, sheet: u32) =
            format!("第{sheet}回の{number}番のコード、未使用"),
            format!("Code no. {number} of sheet no. {sheet}, unused");
        sheet_issued(number: u32, id: &str) =
            format!("第{number}回（シートID {id}）"),
            format!("Sheet no. {number} (sheet ID {id})");
        required_from(year: u32, month: u32, day: u32) =
            format!("{year}年{month}月{day}日から"),
            format!("from {day} {} {year}", month_en(month));
    }
}

/// The short name of a month, as dates in English have it.
fn month_en(month: u32) -> &'static str {
    const NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    usize::try_from(month).ok().and_then(|month| NAMES.get(month.checked_sub(1)?)).copied().unwrap_or_default()
}

impl Activity {
    /// What was done or tried.
    pub fn action(&self, action: Action) -> &'static str {
        let (ja, en) = match action {
            Action::PasswordStep => ("パスワードの入力", "Password entered"),
            Action::SecurityCodeStep => ("セキュリティコードによる認証", "Security code entered"),
            Action::BackupCodeStep => ("バックアップコードによる認証", "Backup code entered"),
            Action::SignOut => ("ログアウト", "Signed out"),
            Action::SessionsEnded => ("端末からのログアウト", "Devices signed out"),
            Action::SetUpStarted => ("二要素認証の設定を開始", "Two-factor set-up started"),
            Action::SetUpConfirmed => ("二要素認証を設定", "Two-factor authentication set up"),
            Action::SetUpCancelled => ("二要素認証の設定を中止", "Two-factor set-up cancelled"),
            Action::CodesIssued => ("バックアップコードを発行", "Backup codes issued"),
            Action::CodesReissued => ("バックアップコードを再発行", "Backup codes reissued"),
            Action::CodesVoided => ("バックアップコードを無効化", "Backup codes made invalid"),
            Action::BackupCodeChecked => ("バックアップコードの保管チェック", "Backup code checked"),
            Action::ReleaseRequested => ("二要素認証解除メールを送信", "Link to turn off two-factor requested"),
            Action::ReleaseCancelled => {
                ("二要素認証の解除手続きを取り消し", "Request to turn off two-factor cancelled")
            }
            Action::FailuresForgotten => ("コードの入力制限を解除", "Waiting for wrong codes ended"),
            Action::Released => ("二要素認証を解除", "Two-factor authentication turned off"),
            Action::PasswordResetRequested => ("パスワード再設定メールを送信", "Password reset requested"),
            Action::PasswordReset => ("パスワードを再設定", "Password reset"),
            Action::PasswordChanged => ("パスワードを変更", "Password changed"),
            Action::EmailChangeRequested => ("メールアドレスの変更手続きを開始", "Change of e-mail address requested"),
            Action::EmailChanged => ("メールアドレスを変更", "E-mail address changed"),
            Action::ProfileChanged => ("プロフィールを変更", "Profile changed"),
            Action::OfficeAdded => ("事業所を追加", "Office added"),
            Action::PlanChanged => ("プランを変更", "Plan changed"),
            Action::UserAdded => ("アカウントを作成", "Account created"),
            Action::UserImported => ("アカウントを取り込み", "Account imported"),
            Action::ReleaseRequestOpened => ("解除依頼メールを送信", "Administrators asked to turn off two-factor"),
            Action::ReleaseRequestApproved => ("解除依頼を承認", "Request to administrators approved"),
            Action::ReleaseRequestDeclined => ("解除依頼を却下", "Request to administrators declined"),
            Action::ReleaseRequestCancelled => ("解除依頼を取り消し", "Request to administrators cancelled"),
            Action::ReleaseRequestExpired => ("解除依頼の期限切れ", "Request to administrators expired"),
            Action::ReleaseRequestClosed => ("解除依頼を終了", "Request to administrators closed"),
            Action::MemberJoined => ("事業所に参加", "Joined an office"),
            Action::KeyAdded => ("暗号鍵を追加", "Encryption key added"),
            Action::AuditPruned => ("古い監査記録を削除", "Old audit entries deleted"),
            Action::KeysRotated => ("暗号鍵を更新", "Encryption keys rotated"),
            Action::MemberRoleChanged => ("事業所での権限を変更", "Role in an office changed"),
            Action::MemberRemoved => ("事業所への所属を終了", "Membership in an office ended"),
            Action::ActivityExported => ("事業所の履歴をダウンロード", "Office activity downloaded"),
            Action::MemberInvited => ("メンバーを招待", "Invitation sent"),
            Action::InvitationResent => ("招待メールを再送", "Invitation sent again"),
            Action::InvitationRevoked => ("招待を取り消し", "Invitation revoked"),
            Action::InvitationAccepted => ("招待を承諾", "Invitation accepted"),
            Action::FirstStart => ("初期設定", "First set-up"),
            Action::TwoFactorRequired => ("二要素認証を必須に設定", "Two-factor authentication required"),
            Action::RequirementLifted => ("二要素認証の必須化を取りやめ", "Two-factor requirement lifted"),
            Action::RequirementReminded => {
                ("二要素認証の必須化を再度お知らせ", "Reminder of the two-factor requirement sent")
            }
        };
        match self.language {
            Language::Ja => ja,
            Language::En => en,
        }
    }

    /// What the detail of an entry says to its owner; nothing for details written for the
    /// operator alone.
    pub fn fact(&self, action: Action, detail: &str) -> Option<String> {
        match action {
            Action::BackupCodeStep => {
                let (number, rest) = detail.strip_prefix("code ")?.split_once(" of sheet ")?;
                let (sheet, left) = rest.strip_suffix(" left")?.split_once(", ")?;
                Some(self.code_used(number.parse().ok()?, sheet.parse().ok()?, left.parse().ok()?))
            }
            Action::CodesIssued | Action::CodesReissued => {
                let (number, id) = detail.strip_prefix("sheet ")?.split_once(' ')?;
                let plain = id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
                Some(self.sheet_issued(number.parse().ok()?, Some(id).filter(|_| plain)?))
            }
            Action::BackupCodeChecked => match detail {
                "an already used backup code" | "the same backup code again" => Some(self.checked_used.to_owned()),
                "a backup code of an earlier sheet" => Some(self.checked_earlier.to_owned()),
                "a wrong backup code" => Some(self.checked_wrong.to_owned()),
                "a wrong password" => Some(self.checked_password.to_owned()),
                _ => {
                    let unused = detail.strip_prefix("code ")?.strip_suffix(", unused")?;
                    let (number, sheet) = unused.split_once(" of sheet ")?;
                    Some(self.code_unused(number.parse().ok()?, sheet.parse().ok()?))
                }
            },
            Action::TwoFactorRequired => {
                let day = detail.strip_prefix("from ")?;
                let mut parts = day.split('-').map(str::parse::<u32>);
                let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
                Some(self.required_from(year, month, day))
            }
            _ => None,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_of_codes_and_sheets_are_told_and_nothing_else() {
        let used = "code 4 of sheet 1, 9 left";
        let told = |action, detail| (Activity::JA.fact(action, detail), Activity::EN.fact(action, detail));
        let both = |ja: &str, en: &str| (Some(ja.to_owned()), Some(en.to_owned()));
        assert_eq!(
            told(Action::BackupCodeStep, used),
            both("第1回の4番のコード、残り9個", "Code no. 4 of sheet no. 1, 9 left")
        );
        for action in [Action::CodesIssued, Action::CodesReissued] {
            assert_eq!(
                told(action, "sheet 2 SR8B-TCP3"),
                both("第2回（シートID SR8B-TCP3）", "Sheet no. 2 (sheet ID SR8B-TCP3)")
            );
        }
        assert_eq!(
            told(Action::BackupCodeChecked, "code 4 of sheet 2, unused"),
            both("第2回の4番のコード、未使用", "Code no. 4 of sheet no. 2, unused")
        );
        assert_eq!(
            told(Action::BackupCodeChecked, "a backup code of an earlier sheet"),
            both("以前のシートのコード", "A code of an earlier sheet")
        );
        assert_eq!(told(Action::TwoFactorRequired, "from 2026-12-01"), both("2026年12月1日から", "from 1 Dec 2026"));
        for (action, detail) in [
            (Action::BackupCodeStep, ""),
            (Action::BackupCodeStep, "a wrong backup code"),
            (Action::BackupCodeStep, "code x of sheet 1, 9 left"),
            (Action::CodesIssued, "sheet 2"),
            (Action::CodesIssued, "sheet 2 <b>"),
            (Action::SecurityCodeStep, used),
            (Action::BackupCodeChecked, "code 4 of sheet 2"),
            (Action::BackupCodeChecked, "a security code in place of a backup code"),
            (Action::TwoFactorRequired, "the plan knows no requirement"),
            (Action::TwoFactorRequired, "from here"),
        ] {
            assert_eq!(told(action, detail), (None, None), "{detail}");
        }
    }
}
