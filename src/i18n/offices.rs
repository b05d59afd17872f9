//! Words of 事業所管理 that its pages share.

use super::words;

words! {
    /// What the pages of an office have in common.
    Offices
    {
        office = "事業所", "Office";
        tabs = "事業所管理のメニュー", "Office menu";
        tab_members = "メンバー", "Members";
        tab_invitations = "招待", "Invitations";
        tab_release_requests = "解除依頼", "Requests";
        tab_two_factor = "二要素認証の必須化", "Two-factor requirement";
        tab_activity = "履歴", "Activity";
    }
}
