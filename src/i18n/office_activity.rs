//! Words of an office's activity, on its page and in its file.

use super::{Words, words};
use crate::domain::audit::{Action, Outcome};
use crate::domain::audit_kind::ActionKind;
use crate::domain::office::Role;
use crate::domain::plan::Plan;

words! {
    /// `/offices/{office}/activity`.
    OfficeActivity
    {
        title = "事業所の履歴", "Office activity";
        lede = "この事業所のメンバーの操作と、事業所についての操作の記録です。失敗した操作も表示します。", "What members of this office did and what was done with the office, including failed attempts.";
        lede_scope = "メンバーでなかった期間の操作は含まれません。", "What people did before they joined or after they left is not included.";
        filter = "絞り込み", "Filter";
        person = "氏名・メールアドレス", "Name or e-mail address";
        person_hint = "一部だけでも検索できます。現在メンバーではない人は、氏名で検索してください。", "A part is enough. Search for former members by name.";
        person_bad = "検索する文字は254文字以内で入力してください。改行などの制御文字は使えません。", "Use at most 254 characters, without line breaks or other control characters.";
        member_unknown = "指定された人は、この事業所の履歴にありません。条件をクリアして、もう一度お試しください。", "This person does not appear in the activity of this office. Clear the filter and try again.";
        kind = "種類", "Kind";
        kind_all = "すべて", "All";
        kind_unknown = "種類を一覧から選んでください。", "Choose a kind from the list.";
        from = "開始日", "From";
        to = "終了日", "To";
        date_bad = "日付は「2026-11-22」のように年月日で入力してください。", "Enter the date as year, month, day, such as 2026-11-22.";
        dates_reversed = "終了日には、開始日以降の日を入力してください。", "Choose an end that is not before the start.";
        submit = "絞り込む", "Filter";
        clear = "条件をクリア", "Clear the filter";
        download = "CSVをダウンロード", "Download CSV";
        download_hint = "絞り込んだ範囲のすべての履歴を保存します。ダウンロードしたことも記録されます。", "Saves everything that matches the filter. The download itself is recorded.";
        empty = "履歴はまだありません。", "There is no activity yet.";
        empty_filtered = "条件に合う履歴はありません。条件を変えてお試しください。", "Nothing matches the filter. Try other conditions.";
        actor = "操作した人", "By";
        actor_email = "操作した人のメールアドレス", "By (e-mail address)";
        subject = "対象者", "Concerning";
        subject_email = "対象者のメールアドレス", "Concerning (e-mail address)";
        source = "接続元", "From where";
        detail = "詳細", "Details";
        themselves = "本人", "Themselves";
        unproven = "ログイン前", "Before sign-in";
        operator = "運用担当者", "The operator";
        automatic = "自動処理", "Automatic";
        elsewhere = "ほかの事業所の管理者", "An administrator of another office";
        not_a_member = "現在はメンバーではありません", "Not a member today";
        gone = "削除されたアカウント", "Deleted account";
        sign_in = "ログイン", "Sign-in";
        two_factor = "二要素認証", "Two-factor authentication";
        backup_codes = "バックアップコード", "Backup codes";
        requests = "解除依頼", "Requests to administrators";
        members = "メンバーと招待", "Members and invitations";
        account = "アカウント", "Accounts";
        office = "事業所の設定", "Office settings";
    }
    {
        only_of(name: &str) = format!("{name}さんの履歴だけを表示しています。"), format!("Showing only the activity of {name}.");
        invited(email: &str, role: &str) = format!("{email}（{role}）"), format!("{email} ({role})");
        at_in(zone: &str) = format!("日時（{zone}）"), format!("When ({zone})");
    }
}

impl OfficeActivity {
    /// The name of a kind.
    pub const fn kind_name(&self, kind: ActionKind) -> &'static str {
        match kind {
            ActionKind::SignIn => self.sign_in,
            ActionKind::TwoFactor => self.two_factor,
            ActionKind::BackupCodes => self.backup_codes,
            ActionKind::Requests => self.requests,
            ActionKind::Members => self.members,
            ActionKind::Account => self.account,
            ActionKind::Office => self.office,
        }
    }
}

impl Words {
    fn role(&self, slug: &str) -> Option<&'static str> {
        match slug.parse().ok()? {
            Role::Admin => Some(self.common.role_admin),
            Role::General => Some(self.common.role_general),
        }
    }

    /// What the detail of an entry says to the administrators of the office; nothing for details
    /// written for the operator alone.
    pub fn office_fact(&self, action: Action, outcome: Outcome, detail: &str) -> Option<String> {
        match action {
            // How identity was checked, or why not released: written for the administrators.
            Action::ReleaseRequestApproved | Action::ReleaseRequestDeclined if outcome == Outcome::Done => {
                Some(detail.to_owned()).filter(|note| !note.is_empty())
            }
            Action::MemberJoined | Action::MemberRemoved => self.role(detail).map(str::to_owned),
            Action::MemberRoleChanged => match detail.split_once(" to ") {
                Some((from, to)) => Some(format!("{} → {}", self.role(from)?, self.role(to)?)),
                None => self.role(detail).map(str::to_owned),
            },
            Action::MemberInvited | Action::InvitationResent | Action::InvitationRevoked => {
                let (role, email) = detail.split_once(' ')?;
                Some(self.office_activity.invited(email, self.role(role)?))
            }
            Action::OfficeAdded | Action::PlanChanged => {
                let plan: Plan = detail.strip_prefix("plan ")?.parse().ok()?;
                Some(self.plan_in_group(plan))
            }
            _ => self.activity.fact(action, detail),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;

    #[test]
    fn administrators_read_roles_plans_and_sheets_and_no_notes_of_the_operator() {
        let told = |action, detail| Words::of(Language::Ja).office_fact(action, Outcome::Done, detail);
        for action in [Action::MemberJoined, Action::MemberRoleChanged, Action::MemberRemoved] {
            assert_eq!(told(action, "admin").as_deref(), Some("管理者"));
        }
        assert_eq!(told(Action::MemberRoleChanged, "general to admin").as_deref(), Some("一般 → 管理者"));
        for action in [Action::MemberInvited, Action::InvitationResent, Action::InvitationRevoked] {
            assert_eq!(told(action, "admin ume@example.jp").as_deref(), Some("ume@example.jp（管理者）"));
            assert_eq!(told(action, "a wrong password"), None);
        }
        assert_eq!(told(Action::PlanChanged, "plan legacy-basic").as_deref(), Some("ベーシック（法人・旧プラン）"));
        assert_eq!(told(Action::CodesIssued, "sheet 2 SR8B-TCP3").as_deref(), Some("第2回（シートID SR8B-TCP3）"));
        let note = "電話で本人と話した";
        for action in [Action::ReleaseRequestApproved, Action::ReleaseRequestDeclined] {
            assert_eq!(told(action, note).as_deref(), Some(note));
            assert_eq!(Words::of(Language::Ja).office_fact(action, Outcome::Refused, "a wrong security code"), None);
        }
        for (action, detail) in [
            (Action::ReleaseRequestDeclined, ""),
            (Action::Released, "operator"),
            (Action::MemberJoined, "owner"),
            (Action::PlanChanged, "plan x"),
            (Action::CodesVoided, "operator; sheet 1 SR8B-TCP3"),
            (Action::PasswordStep, "a wrong password"),
        ] {
            assert_eq!(told(action, detail), None, "{detail}");
        }
    }
}
