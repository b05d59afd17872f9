//! Words of the messages that follow an act, shown once on the next page.

use super::words;

words! {
    /// One title (and sometimes a text) per act.
    Notices
    {
        password_reset = "パスワードを変更しました。新しいパスワードでログインしてください。", "Your password has changed. Sign in with the new one.";
        password_changed = "パスワードを変更しました。ほかの端末からはログアウトしました。", "Your password has changed. Other devices have been signed out.";
        email_change_sent = "確認メールを送信しました", "Confirmation e-mail sent";
        email_change_sent_text = "新しいメールアドレスに届いたリンクを開いて、変更を確定してください。リンクの有効期間は24時間です。", "Open the link sent to the new address to complete the change. It works for 24 hours.";
        profile_saved = "プロフィールを保存しました。", "Your profile has been saved.";
        set_up_cancelled = "設定を中止しました。", "The set-up was cancelled.";
        set_up_gone = "設定の有効期限が切れたか、中止されています。もう一度始めてください。", "The set-up has timed out or was cancelled. Please start again.";
        release_sent = "二要素認証解除メールを送信しました", "E-mail sent";
        release_sent_text = "届いたメールのリンクを開き、パスワードを入力すると、二要素認証を解除できます。リンクの有効期間は30分です。", "To turn off two-factor authentication, open the link in the e-mail and enter your password. The link works for 30 minutes.";
        released = "二要素認証を解除しました", "Two-factor authentication is now off";
        released_text = "パスワードでログインしてください。続けて、設定し直す画面に進みます。", "Sign in with your password. You can then set it up again straight away.";
        not_on = "二要素認証は有効ではありません。", "Two-factor authentication is off.";
        no_sheet = "有効なシートがありません", "You have no valid sheet";
        no_sheet_text = "保管チェックは、バックアップコードが発行されているときに利用できます。", "A sheet can be checked once backup codes have been issued.";
        session_ended = "端末からログアウトしました。", "The device has been signed out.";
        stage_over = "ログイン手続きの有効期限が切れました。もう一度ログインしてください。", "This sign-in has timed out. Please sign in again.";
        sign_in_over = "ログインの有効期間が終わりました", "You have been signed out";
        sign_in_over_text = "しばらく操作がなかったか、別の画面や端末からログアウトされました。もう一度ログインしてください。", "There was no activity for a while, or you were signed out elsewhere. Please sign in again.";
        sign_in_over_unsent = "送信した内容は反映されていません。ログインすると、元の画面に戻ります。お手数ですが、もう一度入力してください。", "What you sent was not saved, and nothing was changed. Sign in to return to the page, and enter it again.";
        overlapped = "この送信は受け付けられませんでした", "This submission was not accepted";
        overlapped_text = "ほぼ同時に行われた別の操作（同じ内容の送信を含みます）が、先に反映されています。現在の状態を確認し、必要であればもう一度操作してください。", "Something else you did at nearly the same time, perhaps the same submission, came first. See how things stand now, and try again if you still need to.";
        time_extended = "時間を延長しました。", "You have more time now.";
        time_at_its_end = "これ以上は延長できません。表示されている時刻までに完了してください。", "The time cannot be extended any further. Please finish before the time shown.";
        request_sent = "解除依頼メールを送信しました", "The administrators have been asked";
        request_sent_text = "管理者がご本人であることを確認し、承認すると、メールでお知らせします。", "We will e-mail you once one of them has made sure that it is you and approves.";
        request_already_open = "すでに解除を依頼しています。管理者の承認をお待ちください。", "The administrators have already been asked. Please wait for one of them to approve.";
        request_approved = "二要素認証を解除しました", "Two-factor authentication is off for this member";
        request_approved_text = "メンバーとほかの管理者にメールでお知らせしました。お早めに設定し直すよう、ご案内ください。", "The member and the other administrators have been told by e-mail. Please ask the member to set it up again soon.";
        request_declined = "解除依頼を却下しました", "The request was declined";
        request_declined_text = "メンバーとほかの管理者にメールでお知らせしました。", "The member and the other administrators have been told by e-mail.";
        role_changed = "権限を変更しました。本人にメールでお知らせしました。", "The role has been changed. The member has been told by e-mail.";
        role_unchanged = "すでにこの権限になっています。変更はありません。", "The member already has this role. Nothing was changed.";
        own_role_changed = "あなたの権限を一般に変更しました。", "You are no longer an administrator of the office.";
        member_removed = "メンバーを事業所から外しました。本人にメールでお知らせしました。", "The member has been removed from the office and told by e-mail.";
        office_left = "事業所から抜けました。", "You have left the office.";
        invitation_resent = "招待メールを再送しました", "The invitation was sent again";
        invitation_resent_text = "以前のメールのリンクは使えなくなりました。", "The link in the earlier e-mail no longer works.";
        invitation_revoked = "招待を取り消しました。メールのリンクは使えなくなりました。", "The invitation was revoked. Its link no longer works.";
        invitation_ended = "この招待は、すでに承諾されているか、取り消されています。", "This invitation has already been accepted or revoked.";
        invited_is_member = "この方は、すでにメンバーです。招待は終了しました。", "This person is already a member. The invitation has ended.";
        inviter_gone = "この招待は再送できません", "This invitation cannot be sent again";
        inviter_gone_text = "招待した方が管理者ではなくなっています。取り消して、もう一度招待してください。", "The person who sent it is no longer an administrator. Revoke it and invite again.";
        account_created = "アカウントを作成しました。ログインしてください。", "Your account is ready. Please sign in.";
        account_created_text = "ログインしたら、二要素認証を設定することをおすすめします。", "We recommend setting up two-factor authentication after you sign in.";
        office_joined = "事業所に参加しました。", "You have joined the office.";
        already_member = "すでにこの事業所のメンバーです。", "You are already a member of this office.";
        first_start_done = "初期設定が完了しました。ログインしてください。", "Set-up is complete. Please sign in.";
        first_start_done_text = "ログインしたら、まず二要素認証を設定してください。管理者のアカウントは、特に狙われやすいためです。", "After you sign in, set up two-factor authentication first: accounts of administrators are attacked most.";
    }
    {
        invited(sent: usize) =
            format!("招待メールを{sent}件送信しました"),
            if sent == 1 { "1 invitation was sent".to_owned() } else { format!("{sent} invitations were sent") };
        invited_members(count: usize) =
            format!("{count}件は、すでにメンバーのため送信していません。"),
            if count == 1 { "1 person is already a member and was skipped.".to_owned() } else { format!("{count} people are already members and were skipped.") };
        invited_before(count: usize) =
            format!("{count}件は、すでに招待しているため送信していません。"),
            if count == 1 { "1 person is already invited and was skipped.".to_owned() } else { format!("{count} people are already invited and were skipped.") };
        others_ended(count: usize) =
            if count == 0 { "ほかにログイン中の端末はありませんでした。".to_owned() } else { format!("ほかの端末{count}台からログアウトしました。") },
            match count { 0 => "No other device was signed in.".to_owned(), 1 => "1 other device has been signed out.".to_owned(), n => format!("{n} other devices have been signed out.") };
    }
}
