//! Words of the sheet with the ten codes, and of its reissue.

use super::words;

words! {
    /// The page that shows codes once, and the form before it.
    BackupCodes
    {
        reissue_title = "バックアップコードの再発行", "Reissue backup codes";
        reissue_lede = "新しいバックアップコードを10個発行します。これまでのシートは、未使用のコードも含めてすべて無効になります。", "Ten new backup codes will be issued. Earlier sheets stop working, including their unused codes.";
        reissue_first = "バックアップコードを10個発行します。", "You will receive ten backup codes.";
        reissue_ready = "コードは一度だけ表示されます。印刷または書き写す準備をしてから進んでください。", "The codes are shown only once. Have a printer, or pen and paper, ready.";
        reissue_submit = "再発行", "Reissue";
        no_plan_title = "バックアップコードを発行できません", "Backup codes cannot be issued";
        back_to_tab = "二要素認証設定に戻る", "Back to two-factor settings";
        reissued_title = "再発行が完了しました", "Your backup codes have been reissued";
        once_title = "このコードが表示されるのは、今回だけです", "These codes are shown only once";
        once_text = "印刷するか書き写して、スマートフォンとは別の安全な場所に保管してください。", "Print them or write them down, and keep them in a safe place, away from your phone.";
        sheet_title = "バックアップコード", "Backup codes";
        service = "サービス", "Service";
        account = "アカウント", "Account";
        offices = "事業所", "Offices";
        issued_at = "発行日", "Issued on";
        sheet_id = "シートID", "Sheet ID";
        codes_label = "10個のバックアップコード", "The ten backup codes";
        each_once = "1つのコードでログインできるのは1回だけです。使ったコードには印を付けてください。", "Each code signs in once. Tick off the codes you have used.";
        earlier_void = "以前に発行されたシートは、すべて無効です。", "All earlier sheets are no longer valid.";
        keep_safe = "パスワードと一緒に保管したり、人に見せたりしないでください。", "Do not keep it with your password, and do not show it to anyone.";
        how_to_use = "使い方：ログイン画面でパスワードを入力したあと、「認証できない方はこちら」に進んで入力します。", "How to use: sign in with your password, follow “Can't verify? Get help here” and enter a code.";
        copy = "コピー", "Copy";
        copied = "コピーしました", "Copied";
        copy_failed = "コピーできませんでした。印刷するか、書き写してください。", "Could not copy. Please print the codes or write them down.";
        print = "印刷", "Print";
        kept = "保管しました", "I have put the codes in a safe place";
        close = "閉じる", "Close";
        leave_warning = "バックアップコードは、この画面を離れると二度と表示されません。", "The backup codes will never be shown again once you leave this page.";
    }
    {
        issue_heading(number: u32) = format!("第{number}回発行"), format!("Sheet no. {number}");
    }
}
