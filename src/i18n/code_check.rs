//! Words of 保管チェック.

use super::words;

words! {
    /// `/account/two-factor/backup-codes/check`.
    CodeCheck
    {
        title = "保管チェック", "Check your sheet";
        lede = "お手元のシートが有効かどうかを確認します。シートのコードを1つ入力してください。確認しても、コードは使用済みになりません。", "Find out whether the sheet you have is the valid one. Enter one of its codes: checking does not use it up.";
        valid_sheet = "有効なシート", "Valid sheet";
        compare = "まず、シートに印刷されているシートIDを見比べてください。違っていれば、以前のシートです。", "First compare the sheet ID printed on your sheet. If it differs, your sheet is an earlier one.";
        password_hint = "ご本人確認のため、現在のパスワードを入力してください。", "To make sure that it is you, enter your current password.";
        counted = "有効なシートの未使用のコードではなかったときは、ログインのときと同じように、失敗として数えます。", "Anything but an unused code of the valid sheet is recorded as a failed attempt, as it is when signing in.";
        submit = "確認する", "Check";
        back = "二要素認証設定に戻る", "Back to two-factor settings";
        another = "別のコードを確認する", "Check another code";
        unused_title = "有効なシートの、未使用のコードです", "This is the valid sheet, and the code is unused";
        unused_text = "このコードは、これからもログインに使えます。シートは、スマートフォンとは別の安全な場所に保管してください。", "The code still works for sign-in. Keep the sheet in a safe place, away from your phone.";
        used_title = "有効なシートですが、このコードは使用済みです", "This is the valid sheet, but the code has been used";
        used_unknown = "心当たりがない場合は、パスワードを変更し、バックアップコードを再発行してください。", "If you do not recognise this, change your password and reissue your backup codes.";
        earlier_title = "以前のシートのコードです", "This code is from an earlier sheet";
        earlier_text = "以前のシートのコードは、すべて無効です。このシートは破棄してください。", "Codes from earlier sheets no longer work. Please destroy this sheet.";
        earlier_missing = "有効なシートが見つからないときは、バックアップコードを再発行してください。", "If you cannot find the valid sheet, reissue your backup codes.";
        unknown_title = "有効なシートに、このコードはありません", "This code is not on the valid sheet";
        unknown_causes = "考えられる原因は次のとおりです。", "Possible causes:";
        cause_typo = "コードの誤り（数字の打ち間違いなど）", "The code is wrong (mistyped digits)";
        cause_old = "二要素認証を設定し直す前など、古いシートのコード", "The code is from an old sheet, such as one from before your last two-factor set-up";
        cause_other = "ほかのアカウントのシートのコード", "The code is from the sheet of another account";
    }
    {
        sheet(number: u32, id: &str) =
            format!("第{number}回発行（シートID {id}）"),
            format!("sheet no. {number} (sheet ID {id})");
        unused(sheet: &str, number: u8, left: u8) =
            format!("{sheet}の{number}番のコードです。残りは10個中{left}個です。"),
            format!("It is code no. {number} of {sheet}. {left} of 10 are left.");
        used(number: u8, at: &str, device: &str) =
            format!("シートの{number}番のコードは、{at} に使われました（{device}）。{number}番に印を付け、ほかの番号のコードをお使いください。"),
            format!("Code no. {number} on the sheet was used: {at} ({device}). Tick it off and use another one.");
        valid_is(sheet: &str, issued_at: &str) =
            format!("有効なのは、{sheet}のシートです（発行日時：{issued_at}）。"),
            format!("The valid one is {sheet}, issued {issued_at}.");
    }
}
