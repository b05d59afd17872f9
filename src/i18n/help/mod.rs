//! Words of the help. Buttons and headings of other pages are quoted from the words of those
//! pages, so that the help never names what is not there.

mod backup_codes;
mod two_factor;

pub use backup_codes::BackupCodesHelp;
pub use two_factor::TwoFactorHelp;

use super::{Words, words};

words! {
    /// `/help`, and what its pages share.
    Help
    {
        link = "ヘルプ", "Help";
        new_tab = "（新しいタブで開きます）", " (opens in a new tab)";
        title = "ヘルプ", "Help";
        lede = "知りたい内容を選んでください。ログインしていなくてもお読みいただけます。", "Choose what you would like to know. You can read all of this without signing in.";
        contents = "目次", "Contents";
        in_trouble = "困ったとき", "If something is wrong";
        to_know = "知っておきたいこと", "Good to know";
        to_contents = "目次に戻る", "Back to the contents";
        ask = "相談先", "Whom to ask";
        ask_administrator = "まず、所属する事業所の管理者にご相談ください。", "First, ask an administrator of your office.";
        ask_contact = "管理者に相談できないときは、次の連絡先へお問い合わせください。", "If no administrator can help, contact:";
        ask_operator = "管理者に相談できないときは、Hikaeの運用担当者へお問い合わせください。", "If no administrator can help, contact the operator of Hikae.";
        ask_never = "お問い合わせのときも、パスワードやコードは伝えないでください。", "Even then, never tell anyone your password or a code.";
    }
    {
        // Where the two-factor tab is.
        open_tab(w: &Words) =
            format!("ログインして「{}」の「{}」を開きます。", w.common.user_settings, w.common.tab_two_factor),
            format!("Sign in and open “{}” under “{}”.", w.common.tab_two_factor, w.common.user_settings);
    }
}
