//! Words of the help on backup codes.

use super::{Words, words};
use crate::domain::two_factor::backup_code::LOW;

words! {
    /// `/help/backup-codes`
    BackupCodesHelp
    {
        title = "バックアップコードのヘルプ", "Help with backup codes";
        lede = "スマートフォンが手元になくても、シートのコードでログインできます。あてはまる項目を選んでください。", "Without your phone, the codes on your sheet still sign you in. Choose what fits your situation.";

        sign_in = "シートのコードでログインする", "Sign in with a code from the sheet";
        sign_in_tick = "ログインできたら、画面に表示された番号に、シートで印を付けます。そのコードはもう使えません。", "Once you are in, the page shows the number of the code. Tick it off on your sheet: it no longer works.";
        sign_in_then = "認証アプリを今後も使えない場合は、そのまま二要素認証の解除と再設定に進んでください。", "If your authenticator app is gone for good, go on: turn off two-factor authentication and set it up again.";

        lost_phone = "スマートフォンをなくした・壊した・買い替えた", "Your phone is lost, broken or replaced";
        lost_phone_calm = "だれかがスマートフォンを手に入れても、パスワードがなければログインできません。落ち着いて、次の順に進めてください。", "Whoever has your phone cannot sign in without your password. Take these steps one by one.";
        lost_phone_1 = "シートのコードでログインします。", "Sign in with a code from your sheet.";
        lost_phone_stolen = "盗まれた可能性がある場合は、パスワードも変更してください。", "If the phone may have been stolen, change your password too.";
        lost_phone_still = "買い替えで、前のスマートフォンをまだ使える場合は、解除する必要はありません。", "If you have a new phone and the old one still works, there is no need to turn anything off.";
        lost_phone_still_link = "前のスマートフォンがあるときの移し方", "Move to a new phone while the old one works";
        lost_phone_mail = "パスワードの再設定やメールアドレスの変更から24時間は、安全のため、メールで解除できません。お急ぎの場合や、メールを受け取れない場合は、管理者に解除を依頼してください。", "For 24 hours after a password reset or a change of e-mail address, two-factor authentication cannot be turned off by e-mail. If you cannot wait, or cannot receive e-mail, ask an administrator.";

        lost_sheet = "シートをなくした・人に見られた", "Your sheet is lost, or someone has seen it";
        lost_sheet_calm = "シートだけでは、だれもログインできません。それでも、気づいたらすぐに再発行してください。", "The sheet alone lets nobody in. Still, reissue your codes as soon as you notice.";
        lost_sheet_void = "これまでのシートのコードは、その場ですべて無効になります。", "All codes of earlier sheets stop working at once.";
        lost_sheet_password = "パスワードも知られた可能性がある場合は、パスワードも変更してください。", "If your password may be known too, change it as well.";

        few_left = "コードの残りが少ない", "Few codes are left";
        few_left_how = "再発行には、認証アプリのセキュリティコードが必要です。認証アプリを使えるうちに再発行してください。", "Reissuing needs a security code from your authenticator app, so do it while you can use the app.";

        all_used = "コードを使い切った", "All codes are used";
        all_used_app = "認証アプリを使える場合は、いつもどおりログインして、再発行してください。", "If you can use your authenticator app, sign in as usual and reissue your codes.";
        all_used_no_app = "認証アプリも使えない場合は、管理者に解除を依頼してください。", "If you cannot use the app either, ask an administrator.";

        refused = "コードを入力してもログインできない", "A code is not accepted";
        refused_lede = "安全のため、画面には原因を表示しません。次の順に確かめてください。", "For safety, the page does not say which cause it was. Check these in turn:";
        refused_typo = "打ち間違い：", "Mistyped: ";
        refused_typo_text = "9桁の数字です。シートと1桁ずつ見比べて、もう一度入力してください。", "a code has 9 digits. Compare it with the sheet digit by digit and try again.";
        refused_used = "使用済み：", "Used: ";
        refused_used_text = "印のない、別の番号のコードを入力してください。", "try another number without a tick.";
        refused_old = "以前のシート：", "Old sheet: ";
        refused_old_text = "再発行すると、以前のシートはすべて無効になります。ほかにシートがないか探してください。「第○回」の数字が大きいほうが、新しいシートです。", "after a reissue, no earlier sheet works. See if you have another one: the one with the higher number is newer.";
        refused_other = "別のシート：", "Another sheet: ";
        refused_other_text = "「サービス」がHikae、「アカウント」があなたのメールアドレスになっているか、確かめてください。", "check that it names Hikae and your e-mail address.";
        refused_wait = "入力の回数が多い：", "Too many tries: ";
        refused_wait_text = "誤りが続くと、しばらくの間、正しいコードも受け付けません。画面に表示された時刻を過ぎてから、もう一度入力してください。待っても、コードは減りません。", "after several wrong codes, even right ones are not accepted for a while. Wait until the time shown on the page. Unused codes are not lost.";
        refused_stopped = "それでも誤りが続くと、コードの受け付けが止まります。そのときは、管理者に二要素認証の解除を依頼してください。", "If wrong codes go on, codes are no longer accepted at all. Then ask an administrator to turn two-factor authentication off.";

        lost_both = "スマートフォンもシートも使えない", "You have neither phone nor sheet";
        lost_both_calm = "管理者に依頼して、二要素認証を解除してもらえます。", "An administrator can turn two-factor authentication off for you.";
        lost_both_call = "管理者に、電話や対面などで直接連絡します。管理者は、ご本人であることを確認してから承認します。", "Call an administrator or see them in person. They make sure that it is you before they approve.";
        lost_both_again = "承認されると、メールが届きます。パスワードだけでログインし、二要素認証を設定し直します。", "When they have approved, you receive an e-mail. Sign in with your password alone, and set up two-factor authentication again.";
        lost_both_limit = "依頼は72時間有効です。取り消すときは、届いたメールのリンクを開いてください。", "A request is open for 72 hours. To cancel it, open the link in the e-mail you received.";

        only_admin = "管理者が自分しかいない", "You are the only administrator";
        only_admin_text = "ほかに管理者がいない場合、Hikaeの画面からは解除を依頼できません。Hikaeの運用担当者に直接連絡してください。ご本人であることを確認したうえで、二要素認証を解除します。", "If there is no other administrator, the request cannot be made in Hikae. Contact the operator of Hikae directly. They will make sure that it is you, and turn two-factor authentication off.";
        only_admin_two = "ふだんから、管理者を2人以上にしておくと安心です。", "It is safer for an office to have two administrators or more.";

        not_me = "心当たりのないメールが届いた", "An unexpected e-mail from Hikae";
        not_me_mails = "次のメールに心当たりがないときは、パスワードが第三者に知られているおそれがあります。", "If you receive one of these and it was not you, someone else may know your password:";
        not_me_do = "すぐに、次のことを行ってください。", "Do this right away:";
        not_me_tell = "事業所の管理者に知らせます。", "Tell an administrator of your office.";
        not_me_address = "メールが本物か不安なときは、メールのリンクを使わず、いつものアドレスからHikaeを開いてください。", "If you are not sure that an e-mail is genuine, do not use its links. Open Hikae at its usual address.";

        what = "バックアップコードとは", "What backup codes are";
        what_text = "認証アプリを使えないときに、セキュリティコードの代わりに入力する9桁の数字です。", "Numbers of 9 digits that you enter in place of a security code when you cannot use your authenticator app.";
        what_ten = "1回の発行で10個。1枚のシートに、1番から10番まで並んでいます。", "Ten are issued at a time, numbered 1 to 10 on one sheet.";
        what_once = "1つのコードでログインできるのは1回だけです。残りのコードは、そのまま使えます。", "Each code signs in once. The others keep working.";
        what_password = "コードだけではログインできません。必ずパスワードと組み合わせて使います。", "A code alone does not sign in: your password is always needed too.";
        what_newest = "新しいシートを発行すると、以前のシートは、未使用のコードも含めてすべて無効になります。", "Once a new sheet is issued, no earlier one works, not even its unused codes.";

        keep = "シートの保管のしかた", "How to keep the sheet";
        keep_paper = "紙で保管してください。スマートフォンの写真やメモに入れると、スマートフォンと一緒に失うおそれがあります。", "Keep it on paper. A photo or note on your phone is lost together with the phone.";
        keep_apart = "スマートフォンやパスワードのメモとは、別の場所に保管してください。鍵のかかる引き出しや金庫が安心です。", "Keep it away from your phone and from any note of your password, such as in a locked drawer or a safe.";
        keep_one = "残すのは、最新のシート1枚だけにしてください。以前のシートは、細かく切って破棄してください。", "Keep only the newest sheet. Shred earlier ones.";
        keep_tick = "使ったコードには、シートに印を付けてください。", "Tick off each code you have used.";
        keep_secret = "だれにも見せないでください。管理者や運用担当者が、コードをお尋ねすることはありません。", "Show it to nobody. No administrator or operator will ever ask for a code.";

        which = "最新のシートの見分け方", "Which sheet is the newest";
        which_destroy = "違っていれば、そのシートは無効です。破棄してください。", "If they differ, that sheet no longer works. Destroy it.";
        which_none = "同じシートが見つからないときは、再発行してください。", "If you cannot find the sheet, reissue your codes.";
    }
    {
        sign_in_1(w: &Words) =
            format!("「{}」の画面で、メールアドレスとパスワードを入力します。", w.login.title),
            format!("On the page “{}”, enter your e-mail address and password.", w.login.title);
        sign_in_2(w: &Words) =
            format!("セキュリティコードを尋ねる画面で、「{}」を選びます。", w.login.cannot_verify),
            format!("Where a security code is asked for, choose “{}”.", w.login.cannot_verify);
        sign_in_3(w: &Words) =
            format!("シートから未使用のコードを1つ選び、「{}」に入力して、「{}」を押します。空白やハイフンは、あってもなくてもかまいません。", w.common.backup_code, w.login.code_submit),
            format!("Pick an unused code from the sheet, enter it in “{}” and press “{}”. Spaces and hyphens make no difference.", w.common.backup_code, w.login.code_submit);
        release_send(w: &Words) =
            format!("続けて表示される「{}」の画面で、「{}」を押します。", w.two_factor.title, w.two_factor.release_submit),
            format!("On the page “{}” that opens, press “{}”.", w.two_factor.title, w.two_factor.release_submit);
        release_link(w: &Words) =
            format!("30分以内に、届いたメールのリンクを開き、パスワードを入力して、「{}」を押します。", w.release.submit),
            format!("Within 30 minutes, open the link in the e-mail you receive, enter your password and press “{}”.", w.release.submit);
        set_up_again(w: &Words) =
            format!("パスワードだけでログインし、新しいスマートフォンで「{}」に進みます。新しいシートも発行されます。", w.two_factor.set_up),
            format!("Sign in with your password alone, and choose “{}” with your new phone at hand. You receive a new sheet, too.", w.two_factor.set_up);
        reissue_choose(w: &Words) =
            format!("「{}」を選びます。", w.two_factor.reissue_link),
            format!("Choose “{}”.", w.two_factor.reissue_link);
        reissue_code(w: &Words) =
            format!("認証アプリのセキュリティコードを入力し、「{}」を押します。", w.backup_codes.reissue_submit),
            format!("Enter a security code from your authenticator app and press “{}”.", w.backup_codes.reissue_submit);
        few_left_text() =
            format!("残りが{LOW}個になると、画面とメールでお知らせします。なくなる前に再発行してください。"),
            format!("When {LOW} are left, pages and an e-mail tell you. Reissue your codes before they are gone.");
        ask_1(w: &Words) =
            format!("「{}」の画面で、メールアドレスとパスワードを入力し、「{}」を選びます。パスワードもわからないときは、先に「{}」から再設定してください。", w.login.title, w.login.cannot_verify, w.login.forgot),
            format!("On the page “{}”, enter your e-mail address and password, and choose “{}”. If you do not know your password either, reset it first with “{}”.", w.login.title, w.login.cannot_verify, w.login.forgot);
        ask_2(w: &Words) =
            format!("「{}」の「{}」を押します。所属する事業所の管理者全員に、依頼のメールが届きます。", w.login.lost_codes, w.login.release_request),
            format!("Under “{}”, press “{}”. Every administrator of your office receives it.", w.login.lost_codes, w.login.release_request);
        not_me_password(w: &Words) =
            format!("パスワードを変更します。ログインできないときは、「{}」から再設定します。", w.login.forgot),
            format!("Change your password. If you cannot sign in, reset it with “{}”.", w.login.forgot);
        not_me_sessions(w: &Words) =
            format!("「{}」で、見覚えのない端末からログアウトします。", w.common.tab_sessions),
            format!("Under “{}”, sign out every device you do not recognise.", w.common.tab_sessions);
        not_me_reissue(w: &Words) =
            format!("「{}」で新しいシートを発行し、以前のシートを破棄します。", w.two_factor.reissue_link),
            format!("Use “{}” to get a new sheet, and destroy the old one.", w.two_factor.reissue_link);
        which_number(w: &Words) =
            format!("シートには、「{}」のような発行の回と、「{}」が印刷されています。", w.backup_codes.issue_heading(3), w.backup_codes.sheet_id),
            format!("Every sheet shows its number, such as “{}”, and its “{}”.", w.backup_codes.issue_heading(3), w.backup_codes.sheet_id);
        which_compare(w: &Words) =
            format!("「{}」の欄の発行の回と{}を、シートと見比べます。同じであれば、そのシートが最新です。", w.two_factor.sheet_heading, w.two_factor.sheet_id),
            format!("Compare the number and the {} under “{}” with your sheet. If they are the same, you have the newest sheet.", w.two_factor.sheet_id, w.two_factor.sheet_heading);
        which_check(w: &Words) =
            format!("「{}」では、シートのコードを1つ入力して、有効なシートの未使用のコードかどうかを確かめられます。確かめても、コードは使用済みになりません。", w.code_check.title),
            format!("“{}” tells you whether a code is an unused one of the valid sheet. Checking does not use it up.", w.code_check.title);
        not_issued(w: &Words) =
            format!("「{}」と表示される", w.two_factor.unissued),
            format!("The page says “{}”", w.two_factor.unissued);
        not_issued_text(w: &Words) =
            format!("二要素認証は有効でも、シートがまだ発行されていません。「{}」から、最初の10個を発行してください。", w.two_factor.reissue_link),
            format!("Two-factor authentication is on, but you have no sheet yet. Get your first ten codes with “{}”.", w.two_factor.reissue_link);
        not_issued_plan(w: &Words) =
            format!("「{}」が表示されない場合は、所属する事業所のプランが対象外です。管理者に確認してください。", w.two_factor.reissue_link),
            format!("If “{}” is not there, the plan of your office does not include backup codes. Ask an administrator.", w.two_factor.reissue_link);
    }
}
