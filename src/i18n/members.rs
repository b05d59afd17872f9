//! Words of the members of an office.

use super::words;
use crate::domain::language::Language;
use crate::domain::member_list::{Column, Keep, Sort};

words! {
    /// `/offices/{office}/members` and the page of one member.
    Members
    {
        title = "メンバー", "Members";
        summary = "表示するメンバー", "Members to show";
        search = "氏名またはメールアドレス", "Name or e-mail address";
        search_submit = "検索", "Search";
        sort = "並べ替え", "Sort by";
        reset = "すべてのメンバーを表示", "Show all members";
        nobody = "条件に合うメンバーはいません。", "No member matches.";
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

        back = "メンバーの一覧へ", "Back to members";
        facts = "登録内容", "Details";
        joined = "参加日", "Joined";
        last_administrator = "この事業所の管理者はひとりだけです", "This is the only administrator";
        last_administrator_text = "権限を変更したり事業所から外したりするには、先にほかのメンバーを管理者にしてください。", "Make another member an administrator first; then this role can be changed or the member removed.";
        role_title = "権限の変更", "Change role";
        role_text = "管理者は、メンバーの招待や権限の変更、二要素認証の解除依頼への対応ができます。変更すると、本人とほかの管理者にメールでお知らせします。", "Administrators invite members, change roles, and answer requests to turn off two-factor authentication. The member and the administrators are told by e-mail.";
        role_text_own = "一般にすると、あなたはこの事業所を管理できなくなります。元に戻せるのは、ほかの管理者だけです。", "As a plain member you can no longer manage this office. Only another administrator can change it back.";
        role_unknown = "権限を選んでください。", "Choose a role.";
        role_submit = "権限を変更", "Change role";
        remove_title = "事業所から外す", "Remove from the office";
        remove_text = "この人は、すぐにすべての端末からログアウトし、この事業所を利用できなくなります。アカウントと、ほかの事業所への所属は残ります。本人にメールでお知らせします。", "This person is signed out on every device at once and loses access to this office. The account and memberships in other offices stay. The person is told by e-mail.";
        remove_submit = "事業所から外す", "Remove from the office";
        leave_title = "この事業所から抜ける", "Leave this office";
        leave_text = "あなたはこの事業所を利用できなくなり、ほかの端末からはログアウトします。アカウントと、ほかの事業所への所属は残ります。もう一度参加するには、管理者の招待が必要です。", "You lose access to this office and are signed out on your other devices. Your account and your other offices stay. To come back, you need an invitation.";
        leave_submit = "事業所から抜ける", "Leave this office";
        your_password = "あなたのパスワード", "Your password";
    }
    {
        count_all(n: u32) = format!("全員 {n}人"), format!("All: {n}");
        count_off(n: u32) = format!("二要素認証が無効 {n}人"), format!("Two-factor off: {n}");
        count_low(n: u32) = format!("コードが残り少ない {n}人"), format!("Few or no codes: {n}");
        count_request(n: u32) = format!("解除依頼あり {n}人"), format!("Request open: {n}");
        shown(from: u32, to: u32, total: u32) =
            format!("{total}人中 {from}～{to}人目"),
            format!("{from} to {to} of {total}");
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
