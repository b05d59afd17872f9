//! Words of the members of an office.

use super::format::grouped;
use super::words;
use crate::domain::language::Language;
use crate::domain::member_list::{Column, Keep, Sort};

words! {
    /// `/offices/{office}/members` and the page of one member.
    Members
    {
        title = "メンバー", "Members";
        summary = "表示するメンバー", "Members to show";
        search = "氏名・メールアドレス", "Name or e-mail address";
        search_submit = "検索", "Search";
        sort = "並べ替え", "Sort by";
        reset = "すべてのメンバーを表示", "Show all members";
        nobody = "条件に合うメンバーはいません。", "No members match.";
        name = "氏名", "Name";
        email = "メールアドレス", "E-mail address";
        role = "権限", "Role";
        two_factor = "二要素認証", "Two-factor";
        codes = "残りのコード", "Codes left";
        last_sign_in = "最終ログイン", "Last sign-in";
        never = "なし", "Never";
        on = "有効", "On";
        off = "無効", "Off";
        not_issued = "未発行", "Not issued";
        you = "あなた", "You";
        request = "解除依頼あり", "Request open";
        pages = "メンバーのページ", "Pages of members";
        first_page = "最初", "First";
        previous_page = "前へ", "Previous";
        next_page = "次へ", "Next";
        last_page = "最後", "Last";

        back = "メンバーの一覧に戻る", "Back to members";
        facts = "登録内容", "Details";
        joined = "参加日", "Joined";
        last_administrator = "この事業所の管理者は、あなただけです", "You are the only administrator of this office";
        last_administrator_text = "ご自身の権限の変更や、事業所から抜ける操作は、先にほかのメンバーを管理者にすると行えます。", "Make another member an administrator first. Then you can change your own role or leave the office.";
        role_title = "権限の変更", "Change role";
        role_text = "管理者は、メンバーの招待や権限の変更、二要素認証の解除依頼への対応ができます。変更すると、本人とほかの管理者にメールでお知らせします。", "Administrators invite members, change roles, and answer requests to turn off two-factor authentication. The member and the other administrators will be told by e-mail.";
        role_text_own = "「一般」に変更すると、この事業所の管理はできなくなります。元に戻せるのは、ほかの管理者だけです。", "As “Member” you can no longer administer this office. Only another administrator can change it back.";
        role_unknown = "権限を選んでください。", "Choose a role.";
        role_submit = "権限を変更", "Change role";
        remove_title = "事業所から外す", "Remove from the office";
        remove_text = "このメンバーは、すぐにすべての端末からログアウトし、この事業所を利用できなくなります。アカウントと、ほかの事業所への所属は残ります。本人にメールでお知らせします。", "This member is signed out on every device at once and can no longer use this office. Their account and their other offices stay. They will be told by e-mail.";
        remove_submit = "事業所から外す", "Remove from the office";
        leave_title = "この事業所から抜ける", "Leave this office";
        leave_text = "この事業所を利用できなくなり、ほかの端末からはログアウトします。アカウントと、ほかの事業所への所属は残ります。もう一度参加するには、管理者の招待が必要です。", "You can no longer use this office, and you are signed out on your other devices. Your account and your other offices stay. To come back, you need an invitation.";
        leave_submit = "事業所から抜ける", "Leave this office";
    }
    {
        count_all(n: u32) = format!("全員 {}人", grouped(n)), format!("All: {}", grouped(n));
        count_off(n: u32) = format!("二要素認証が無効 {}人", grouped(n)), format!("Two-factor off: {}", grouped(n));
        count_low(n: u32) = format!("コードの残りが少ない {}人", grouped(n)), format!("Few or no codes: {}", grouped(n));
        count_request(n: u32) = format!("解除依頼あり {}人", grouped(n)), format!("Request open: {}", grouped(n));
        shown(from: u32, to: u32, total: u32) =
            format!("{}人中 {}～{}人目", grouped(total), grouped(from), grouped(to)),
            format!("{} to {} of {}", grouped(from), grouped(to), grouped(total));
        page_of(page: u32, pages: u32) = format!("{page} / {pages} ページ"), format!("Page {page} of {pages}");
        page_title(page: u32) = format!("メンバー（{page}ページ）"), format!("Members, page {page}");
    }
}

impl Members {
    /// How many members a choice keeps.
    pub fn count(&self, keep: Keep, n: u32) -> String {
        match keep {
            Keep::All => self.count_all(n),
            Keep::Off => self.count_off(n),
            Keep::Low => self.count_low(n),
            Keep::Request => self.count_request(n),
        }
    }

    /// An order of the list.
    pub const fn order(&self, sort: Sort) -> &'static str {
        let (ja, en) = match (sort.column, sort.descending) {
            (Column::Name, false) => ("氏名（昇順）", "Name, A to Z"),
            (Column::Name, true) => ("氏名（降順）", "Name, Z to A"),
            (Column::Email, false) => ("メールアドレス（昇順）", "E-mail address, A to Z"),
            (Column::Email, true) => ("メールアドレス（降順）", "E-mail address, Z to A"),
            (Column::Role, false) => ("権限（管理者から）", "Role, administrators first"),
            (Column::Role, true) => ("権限（一般から）", "Role, members first"),
            (Column::Codes, false) => ("残りのコード（少ない順）", "Codes left, fewest first"),
            (Column::Codes, true) => ("残りのコード（多い順）", "Codes left, most first"),
            (Column::LastSignIn, false) => ("最終ログイン（古い順）", "Last sign-in, oldest first"),
            (Column::LastSignIn, true) => ("最終ログイン（新しい順）", "Last sign-in, newest first"),
        };
        match self.language {
            Language::Ja => ja,
            Language::En => en,
        }
    }
}
