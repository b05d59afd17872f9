//! Words of the requests to the administrators (解除依頼, 方法B).

use super::words;
use crate::domain::language::Language;
use crate::domain::two_factor::release_request::RequestState;

words! {
    /// `/offices/…/release-requests…` and `/release-request-cancel/…`.
    ReleaseRequests
    {
        list_title = "解除依頼", "Requests to turn off two-factor";
        list_lede = "認証アプリもバックアップコードも利用できないメンバーから届いた、二要素認証の解除依頼です。", "From members who can use neither their authenticator app nor a backup code.";
        list_empty = "解除依頼はありません。", "There are no requests.";
        look = "解除依頼を確認する", "See the requests";
        open = "開く", "Open";
        title = "二要素認証の解除依頼", "Request to turn off two-factor";
        who = "依頼の内容", "The request";
        member = "メンバー", "Member";
        requested_at = "依頼日時", "Requested";
        expires_at = "有効期限", "Open until";
        ends = "期限・終了日時", "Until / ended";
        ended_at = "終了日時", "Ended";
        state = "状態", "Status";
        decided_by = "対応した管理者", "Decided by";
        note_kept = "記録", "Note";
        state_open = "対応待ち", "Open";
        state_approved = "承認済み", "Approved";
        state_declined = "却下", "Declined";
        state_cancelled = "取り消し", "Cancelled";
        state_expired = "期限切れ", "Expired";
        state_closed = "終了", "Closed";
        own_title = "ご自身の依頼です", "This is your own request";
        own_text = "ご自身の解除依頼は、承認も却下もできません。ほかの管理者にご連絡ください。", "You cannot decide about your own request. Please contact another administrator.";
        after_reset_title = "本人確認に、特にご注意ください", "Take special care to check who is asking";
        after_reset_text = "このアカウントでは、依頼の前24時間以内、または依頼のあとに、パスワードの再設定かメールアドレスの変更がありました。第三者がメールを読んでいるおそれがあります。", "The password of this account was reset or its e-mail address changed within the 24 hours before the request, or since. Someone else may be reading the e-mail.";
        approve_title = "解除する", "Turn it off";
        check_identity = "解除する前に、電話や対面など、メール以外の方法で、必ずご本人であることを確認してください。", "First make sure that it is really them, in another way than by e-mail: by telephone, or in person.";
        approve_effects = "解除すると、このメンバーの認証アプリとバックアップコードは使えなくなり、すべての端末からログアウトします。パスワードは変わりません。", "The member's authenticator and backup codes stop working, and they are signed out on all devices. The password stays the same.";
        note = "本人確認の方法", "How you checked";
        note_hint = "例：社員名簿の内線番号に電話し、声で確認した。入力した内容は、履歴に記録されます。", "For example: called the extension in the staff list and knew the voice. This is kept in the activity.";
        note_empty = "本人確認の方法を入力してください。", "Enter how you made sure that it is them.";
        note_too_long = "1,000文字以内で入力してください。", "Use at most 1,000 characters.";
        own_code = "あなたのセキュリティコード(6桁)", "Your own security code (6 digits)";
        own_code_hint = "メンバーのコードではなく、あなたの認証アプリに表示されている6桁の数字です。", "The 6 digits in your own authenticator app, not the member's.";
        approve_submit = "二要素認証を解除", "Turn off two-factor authentication";
        no_second_factor_title = "解除するには、あなたの二要素認証が必要です", "You need two-factor authentication yourself";
        no_second_factor_text = "ほかの方の二要素認証を解除できるのは、二要素認証を設定している管理者だけです。", "Only an administrator who uses two-factor authentication can turn off someone else's.";
        decline_title = "却下する", "Decline";
        decline_text = "ご本人であることを確認できない場合や、ご本人に心当たりがない場合は、却下してください。二要素認証は有効なままです。", "Decline if you cannot reach the person, or if they know nothing about it. Two-factor authentication stays on.";
        decline_note = "理由（任意）", "Reason (optional)";
        decline_note_hint = "管理者だけが見られます。メンバーには送信しません。", "Only administrators see it. It is not sent to the member.";
        decline_submit = "却下", "Decline";
        nothing_changed = "今回の操作では、何も変更していません。", "What you just did has changed nothing.";
        over_cancelled = "この依頼は、本人がすでに取り消しています。", "The member has already cancelled this request.";
        over_expired = "この依頼は、有効期限が切れています。", "This request has expired.";
        over_closed = "この依頼は、すでに終了しています。", "This request has already been closed.";
        back_to_list = "解除依頼の一覧に戻る", "Back to requests";
        cancel_title = "解除依頼の取り消し", "Cancel the request";
        cancel_text = "管理者への解除依頼を取り消します。二要素認証は有効なままです。", "The request to the administrators is cancelled. Two-factor authentication stays on.";
        cancel_submit = "解除依頼を取り消す", "Cancel the request";
        cancelled_title = "解除依頼を取り消しました", "The request has been cancelled";
        cancelled_text = "二要素認証は有効なままです。依頼に心当たりがない場合は、パスワードが第三者に知られています。すぐにパスワードを再設定してください。", "Two-factor authentication stays on. If the request was not yours, someone else knows your password: reset it now.";
        reset_password = "パスワードを再設定する", "Reset your password";
        dead_title = "このリンクは使えません", "This link no longer works";
        dead_text = "解除依頼はすでに終了しているか、別の依頼に置き換わっています。", "The request has already ended, or was replaced by another one.";
        to_sign_in = "ログイン画面へ", "Go to sign-in";
    }
    {
        until(until: &str) =
            format!("{until} まで有効"),
            format!("Open until {until}");
        open_of(name: &str) =
            format!("{name}さんの解除依頼を開く"),
            format!("Open the request of {name}");
        over_approved(name: &str) =
            format!("この依頼は、{name}さんがすでに承認しています。"),
            format!("{name} has already approved this request.");
        over_declined(name: &str) =
            format!("この依頼は、{name}さんがすでに却下しています。"),
            format!("{name} has already declined this request.");
        cancel_lede(email: &str) =
            format!("{email} の二要素認証の解除依頼を取り消します。"),
            format!("This cancels the request to turn off two-factor authentication for {email}.");
        waiting(count: usize) =
            format!("対応待ちの解除依頼が{count}件あります"),
            if count == 1 { "1 request is waiting for an administrator".to_owned() } else { format!("{count} requests are waiting for an administrator") };
    }
}

impl ReleaseRequests {
    /// Where a request stands.
    pub const fn state_name(&self, state: &RequestState) -> &'static str {
        match state {
            RequestState::Open => self.state_open,
            RequestState::Approved => self.state_approved,
            RequestState::Declined => self.state_declined,
            RequestState::Cancelled => self.state_cancelled,
            RequestState::Expired => self.state_expired,
            RequestState::Closed => self.state_closed,
        }
    }

    /// That a request has ended already, and by whom.
    pub fn over(&self, state: RequestState, decided_by: Option<&str>) -> String {
        let name = decided_by.unwrap_or(match self.language {
            Language::Ja => "ほかの管理者",
            Language::En => "Another administrator",
        });
        match state {
            RequestState::Approved => self.over_approved(name),
            RequestState::Declined => self.over_declined(name),
            RequestState::Cancelled => self.over_cancelled.to_owned(),
            RequestState::Expired => self.over_expired.to_owned(),
            RequestState::Open | RequestState::Closed => self.over_closed.to_owned(),
        }
    }
}
