//! Words of the help on two-factor authentication.

use super::{Words, words};

words! {
    /// `/help/two-factor`
    TwoFactorHelp
    {
        title = "二要素認証のヘルプ", "Help with two-factor authentication";
        lede = "認証アプリの設定と、困ったときの手順です。", "How to set up your authenticator app, and what to do when something is wrong.";

        wrong_code = "セキュリティコードが正しくないと表示される", "The security code is not accepted";
        wrong_code_clock = "スマートフォンの日付と時刻を「自動設定」にしてください。時計がずれていると、正しいコードが表示されません。", "Set date and time on your phone to automatic. If its clock is wrong, the codes are wrong.";
        wrong_code_new = "コードは30秒ごとに変わります。表示されている最新のコードを入力してください。", "Codes change every 30 seconds. Enter the one shown now.";
        wrong_code_once = "一度使ったコードは使えません。次のコードが表示されるまでお待ちください。", "A code works once. Wait for the next one.";
        wrong_code_entry = "認証アプリに登録がいくつもある場合は、Hikaeと、あなたのメールアドレスが表示されているものを選んでください。設定し直したときは、新しいほうです。", "If your app lists several accounts, choose the one with Hikae and your e-mail address. If you set it up again, it is the newer one.";
        wrong_code_wait = "誤りが続くと、しばらくの間、正しいコードも受け付けません。画面に表示された時刻を過ぎてから、もう一度入力してください。", "After several wrong codes, even right ones are not accepted for a while. Wait until the time shown on the page.";

        no_app = "スマートフォンをなくした・壊した", "Your phone is lost or broken";
        no_app_text = "バックアップコードでログインできます。", "You can sign in with a backup code.";
        no_app_link = "スマートフォンをなくしたときの手順を見る", "See what to do about a lost phone";

        new_phone = "新しいスマートフォンに移す", "Move to a new phone";
        new_phone_text = "前のスマートフォンの認証アプリを、まだ使えるときの手順です。", "While the app on your old phone still works:";
        new_phone_scan = "新しいスマートフォンの認証アプリで、表示されたQRコードを読み取ります。", "Scan the QR code with the app on your new phone.";
        new_phone_until = "設定が完了するまでは、前の認証アプリを使えます。完了すると新しいシートが発行され、これまでのシートは無効になります。", "Until then, the app on your old phone keeps working. Afterwards you receive a new sheet, and earlier sheets stop working.";
        new_phone_old = "完了したら、前のスマートフォンの認証アプリからHikaeの登録を削除してください。", "Then remove Hikae from the app on your old phone.";

        no_camera = "QRコードを読み取れない", "You cannot scan the QR code";
        no_camera_same = "設定の画面と認証アプリが同じスマートフォンにある場合は、キーをコピーして、認証アプリに貼り付けられます。", "If the page and your app are on the same phone, copy the key and paste it into the app.";

        asked = "コードを教えてほしいと言われた", "Someone asks you for a code";
        asked_never = "だれにも教えないでください。Hikaeの運用担当者も、事業所の管理者も、コードやパスワードをお尋ねすることはありません。", "Tell it to nobody. Neither the operator of Hikae nor an administrator of your office ever asks for a code or a password.";
        asked_only = "コードを入力するのは、いつものアドレスで開いたHikaeの画面だけです。", "Enter codes only on the pages of Hikae, opened at its usual address.";
        asked_report = "電話・メール・チャットなどで聞かれたら、答えずに、事業所の管理者に知らせてください。", "If you are asked by telephone, e-mail or chat, do not answer, and tell an administrator of your office.";
        asked_told = "教えてしまったときは、すぐに次のことを行ってください。", "If you have told someone, do this right away:";

        what = "二要素認証とは", "What two-factor authentication is";
        what_text = "ログインのとき、パスワードに加えて、スマートフォンの認証アプリに表示される6桁のセキュリティコードを入力する仕組みです。パスワードが第三者に知られても、アカウントを守れます。", "When you sign in, you enter a 6-digit security code from an app on your phone as well as your password. Even if someone learns your password, your account stays protected.";

        apps = "使える認証アプリ", "Which apps you can use";
        apps_text = "時間ベースのワンタイムパスワード（TOTP）に対応した認証アプリであれば、どれでも使えます。たとえば、次のようなものがあります。", "Any authenticator app for time-based one-time passwords (TOTP) works. For example:";
        app_google = "Google Authenticator（Google 認証システム）", "Google Authenticator";
        app_microsoft = "Microsoft Authenticator", "Microsoft Authenticator";
        app_apple = "iPhoneの「パスワード」アプリ（iOS 18以降）", "the Passwords app of iPhones (iOS 18 or newer)";
        apps_office = "事業所で決められたアプリがある場合は、それを使ってください。アプリは、公式のストアから入手してください。", "If your office names an app, use that one. Get apps from the official store only.";

        set_up = "設定の手順", "How to set it up";
        set_up_app = "スマートフォンに認証アプリを入れます。", "Install an authenticator app on your phone.";
        set_up_scan = "認証アプリで、表示されたQRコードを読み取ります。", "Scan the QR code with the app.";
        set_up_time = "画面に表示された時刻までに完了してください。中止しても、何も変わりません。", "Finish before the time shown on the page. If you cancel, nothing changes.";

        required = "事業所で必須と言われた", "Your office requires it";
        required_text = "管理者が二要素認証を必須にすると、期日をメールと画面でお知らせします。期日までに設定してください。", "When an administrator requires two-factor authentication, e-mails and pages tell you from when. Set it up before that day.";
        required_after = "期日を過ぎても設定していないと、設定が完了するまで、その事業所の画面を開けません。期日を過ぎてからでも、ログインして設定できます。", "After that, the pages of the office stay closed until you have set it up. You can still sign in and do so.";
        required_release = "解除した場合も、設定し直す必要があります。", "If you turn it off, you have to set it up again.";

        turn_off = "二要素認証をやめる", "Turn it off";
        turn_off_effects = "解除すると、バックアップコードはすべて無効になり、すべての端末からログアウトします。その後は、パスワードだけでログインできる状態になります。", "Once it is off, none of your backup codes work, and you are signed out on every device. Your password alone then signs you in.";
        turn_off_advice = "アカウントを守るため、有効なままにしておくことをおすすめします。", "We recommend leaving it on to protect your account.";
    }
    {
        change_enter(w: &Words) =
            format!("「{}」で、パスワードと、いまの認証アプリのセキュリティコードを入力し、「{}」を押します。", w.two_factor.change_heading, w.two_factor.change_submit),
            format!("Under “{}”, enter your password and a security code from your current app, and press “{}”.", w.two_factor.change_heading, w.two_factor.change_submit);
        confirm(w: &Words) =
            format!("認証アプリに表示された6桁のコードを入力し、「{}」を押します。", w.two_factor.confirm_submit),
            format!("Enter the 6-digit code that the app shows, and press “{}”.", w.two_factor.confirm_submit);
        key(w: &Words) =
            format!("設定の画面の「{}」に、{}があります。認証アプリで手入力を選び、そのキーを入力してください。種類は「時間ベース」です。", w.two_factor.key_heading, w.two_factor.key_label),
            format!("The set-up page shows a {} under “{}”. Choose to enter a key by hand in your app, and type it there. The type is “time-based”.", w.two_factor.key_label.to_lowercase(), w.two_factor.key_heading);
        start(w: &Words) =
            format!("パスワードを入力し、「{}」を押します。", w.two_factor.set_up),
            format!("Enter your password and press “{}”.", w.two_factor.set_up);
        turn_off_send(w: &Words) =
            format!("「{}」を押します。", w.two_factor.release_submit),
            format!("Press “{}”.", w.two_factor.release_submit);
        keep_codes(w: &Words) =
            format!("表示された10個のバックアップコードを、「{}」か「{}」で紙に印刷するか、書き写します。「{}」にチェックを入れ、「{}」を押します。コードが表示されるのは、このときだけです。", w.backup_codes.print, w.backup_codes.download, w.backup_codes.kept, w.backup_codes.close),
            format!("Put the ten backup codes on paper with “{}” or “{}”, or write them down. Tick “{}” and press “{}”. The codes are shown only this once.", w.backup_codes.print, w.backup_codes.download, w.backup_codes.kept, w.backup_codes.close);
    }
}
