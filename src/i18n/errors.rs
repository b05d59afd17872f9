//! Words of the error pages.

use super::words;

words! {
    /// One title and one text per kind of error.
    Errors
    {
        bad_request = "送信された内容を処理できません", "This could not be processed";
        bad_request_text = "送信された内容の形式が正しくありません。前の画面に戻って、もう一度お試しください。", "What was sent is not in the right format. Go back and try again.";
        forbidden = "この操作は行えません", "This is not allowed";
        forbidden_text = "この操作を行う権限がありません。必要な場合は、事業所の管理者にご連絡ください。", "You do not have permission to do this. If you need it, please contact an administrator of your office.";
        form_expired = "フォームの有効期限が切れました", "This form has expired";
        form_expired_text = "時間が経過したか、別の画面でログインの状態が変わったため、操作は行われていません。画面を開き直して、もう一度お試しください。", "Time has passed, or you signed in or out in another window. Nothing was done. Open the page again and retry.";
        form_expired_back = "画面を開き直す", "Open the page again";
        cross_site = "ほかのサイトからの送信は受け付けられません", "Requests from other sites are refused";
        cross_site_text = "この操作は、Hikaeの画面から行ってください。", "Please do this from a page of Hikae.";
        not_found = "ページが見つかりません", "Page not found";
        not_found_text = "アドレスが間違っているか、ページがなくなっています。", "The address is wrong, or the page is gone.";
        method = "このページは直接開けません", "This page cannot be opened directly";
        method_text = "画面のリンクやボタンからお進みください。", "Please use the links and buttons on the pages.";
        too_large = "送信された内容が大きすぎます", "What was sent is too large";
        too_large_text = "内容を短くして、もう一度お試しください。", "Make it shorter and try again.";
        media_type = "この形式では受け付けられません", "This format is not accepted";
        media_type_text = "Hikaeの画面のフォームから送信してください。", "Please use the form on the page.";
        busy = "ただいま混み合っています", "Hikae is busy";
        busy_text = "操作は行われていません。少し時間をおいて、もう一度お試しください。", "Nothing was done. Please try again in a moment.";
        unavailable = "一時的に利用できません", "Hikae is temporarily unavailable";
        unavailable_text = "しばらくしてから、もう一度お試しください。", "Please try again in a little while.";
        internal = "エラーが発生しました", "Something went wrong";
        internal_text = "問題は記録されました。しばらくしてから、もう一度お試しください。", "The problem has been recorded. Please try again later.";
        other = "この操作を処理できません", "This could not be processed";
        other_text = "前の画面に戻って、もう一度お試しください。", "Go back and try again.";
        home = "トップページへ", "Go to the start page";
    }
    {
        status(code: u16) = format!("エラー {code}"), format!("Error {code}");
    }
}
