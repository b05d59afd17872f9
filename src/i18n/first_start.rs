//! Words of the first start.

use super::words;

words! {
    /// `/setup`.
    FirstStart
    {
        title = "Hikaeの初期設定", "Set up Hikae";
        lede = "最初の事業所と、その管理者を登録します。", "Add the first office and its administrator.";
        token = "初期設定トークン", "Set-up token";
        token_hint = "Hikaeを起動した画面（標準出力）に表示されています。再起動すると、新しいトークンが表示されます。", "Hikae printed it to standard output when it was started. A restart prints a new one.";
        token_missing = "初期設定トークンを入力してください。", "Enter the set-up token.";
        token_wrong = "初期設定トークンが正しくありません。表示された文字列を、そのまま貼り付けてください。", "The set-up token is not correct. Paste it exactly as it was printed.";
        office_part = "事業所", "Office";
        office_name = "事業所名", "Name of the office";
        office_name_empty = "事業所名を入力してください。", "Enter the name of the office.";
        office_name_too_long = "事業所名は100文字以内で入力してください。", "The name of the office can have at most 100 characters.";
        office_name_control = "事業所名に使えない文字が含まれています。", "The name of the office contains characters that cannot be used.";
        plan = "プラン", "Plan";
        plan_hint = "「契約なし」では、バックアップコードを発行できません。プランは、あとから変更できます。", "Backup codes come with every plan but “No contract”. The plan can be changed later.";
        plan_choose = "選択してください", "Choose a plan";
        plan_missing = "プランを選んでください。", "Choose a plan.";
        plan_other = "その他", "Other";
        admin_part = "管理者", "Administrator";
        name = "氏名", "Name";
        submit = "登録して始める", "Finish set-up";
        after = "登録が済んだら、ここで設定したパスワードでログインしてください。この画面は、もう表示されなくなります。", "Then sign in with this password. This page will not be shown again.";
    }
}
