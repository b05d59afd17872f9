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
        offices = "事業所", "Offices";
        name = "氏名", "Name";
        account = "アカウント", "Account";
        issued_at = "発行日時", "Issued";
        sheet_id = "シートID", "Sheet ID";
        codes_label = "10個のバックアップコード", "The ten backup codes";
        used_on = "使用日", "Used on";
        newest_only = "有効なのは、最新のシートだけです。以前のシートは破棄してください。", "Only the newest sheet counts. Destroy earlier ones.";
        each_once = "1つのコードでログインできるのは1回だけです。使ったコードには印を付けてください。", "Each code signs in once. Tick off the codes you have used.";
        keep_safe = "パスワードと一緒に保管したり、人に見せたりしないでください。", "Do not keep it with your password, and do not show it to anyone.";
        steps_title = "認証アプリを使えないときは", "If you cannot use your authenticator app";
        step_code = "「認証できない方はこちら」に進み、未使用のコードを1つ入力します。入力したコードに印を付け、使用日を書きます。", "Follow “Can't verify? Get help here” and enter one unused code. Tick it off and write down the date.";
        step_renew = "ログインしたら二要素認証を解除し、新しいスマートフォンで設定し直します。", "Once signed in, turn off two-factor authentication and set it up again on your new phone.";
        lost_title = "このシートをなくしたときは", "If you lose this sheet";
        lost_reissue = "認証アプリでログインし、二要素認証設定からバックアップコードを再発行してください。なくしたシートは無効になります。", "Sign in with your authenticator app and reissue the codes in the two-factor settings. The lost sheet stops working.";
        lost_both = "認証アプリも使えないときは、「認証できない方はこちら」から管理者に解除を依頼してください。", "If you cannot use the app either, follow “Can't verify? Get help here” and ask an administrator for help.";
        card_hint = "点線で切り取ると、財布に入るカードになります。", "Cut along the dashed line for a card that fits your wallet.";
        not_newest_title = "このシートは有効ではありません", "This sheet is no longer valid";
        not_newest_text = "新しいシートが発行されたか、二要素認証が解除されたため、PDFは作成しませんでした。有効なシートは二要素認証設定で確認できます。", "A newer sheet has been issued, or two-factor authentication has been turned off, so no PDF was made. The two-factor settings show which sheet is valid.";
        not_ours_title = "PDFを作成できませんでした", "The PDF could not be made";
        not_ours_text = "PDFを作成できるのは、コードを発行したときのログインの間だけです。コードの画面が開いたままなら、印刷またはコピーをお使いください。", "A PDF can be made only during the sign-in in which the codes were issued. If the page with the codes is still open, print or copy them there.";
        copy = "コピー", "Copy";
        copied = "コピーしました", "Copied";
        copy_failed = "コピーできませんでした。印刷するか、書き写してください。", "Could not copy. Please print the codes or write them down.";
        print = "印刷", "Print";
        download = "PDFをダウンロード", "Download PDF";
        kept = "保管しました", "I have put the codes in a safe place";
        close = "閉じる", "Close";
        leave_warning = "バックアップコードは、この画面を離れると二度と表示されません。", "The backup codes will never be shown again once you leave this page.";
    }
    {
        in_zone(at: &str, zone: &str) = match zone {
            "Asia/Tokyo" => format!("{at}（日本時間）"),
            zone => format!("{at}（{zone}）"),
        }, match zone {
            "Asia/Tokyo" => format!("{at} (Japan Standard Time)"),
            zone => format!("{at} ({zone})"),
        };
        step_sign_in(address: &str) = format!("{address} を開き、メールアドレスとパスワードを入力します。"), format!("Open {address} and enter your e-mail address and password.");
        file_name(number: u32, id: &str) = format!("Hikaeバックアップコード_第{number}回_{id}.pdf"), format!("Hikae-backup-codes-{number}-{id}.pdf");
        issue_heading(number: u32) = format!("第{number}回発行"), format!("Sheet no. {number}");
    }
}
