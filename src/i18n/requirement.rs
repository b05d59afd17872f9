//! Words of 二要素認証の必須化: the administrators' page, and what members see of it.

use super::format::grouped;
use super::words;

words! {
    /// `/offices/{office}/two-factor`, the countdown, and the set-up that is required.
    Requirement
    {
        title = "二要素認証の必須化", "Two-factor requirement";
        lede = "指定した日から、この事業所のメンバー全員に、二要素認証の設定を必須にします。", "From a day you choose, every member of this office must use two-factor authentication.";
        state_heading = "現在の状態", "Status";
        state = "状態", "Status";
        state_none = "必須にしていません", "Not required";
        state_coming = "予定", "Scheduled";
        state_in_force = "必須", "Required";
        state_suspended = "停止中", "Suspended";
        from = "開始日時", "From";
        since = "開始日時", "Since";
        missing = "未設定のメンバー", "Members without it";
        missing_link = "未設定のメンバーを見る", "Show these members";
        plan_title = "現在のプランでは利用できません", "Not available on the current plan";
        suspended_title = "現在のプランは対象外のため、必須化を停止しています", "Suspended, because the plan does not include it";
        suspended_text = "対象のプランに変更すると、設定した日時のとおりに、再び必須になります。", "If the office moves to a plan that includes it, the requirement applies again from the time shown.";
        own_title = "先に、ご自身の二要素認証を設定してください", "First set up your own two-factor authentication";
        own_text = "必須化を設定・変更・取りやめできるのは、二要素認証を設定している管理者だけです。", "Only administrators who use two-factor authentication themselves can set, change or lift the requirement.";
        own_link = "二要素認証を設定する", "Set up two-factor authentication";
        require_heading = "二要素認証を必須にする", "Require two-factor authentication";
        change_heading = "開始日を変更する", "Change the day";
        effect_mail = "未設定のメンバーと、ほかの管理者に、メールでお知らせします。", "Members without two-factor authentication and the other administrators are told by e-mail.";
        effect_countdown = "開始までは、未設定のメンバーの画面に、残りの日数を表示します。", "Until then, members without it see how many days are left.";
        effect_in_force = "開始後、未設定のメンバーは、設定を完了するまで、この事業所の画面を利用できません。", "From then on, they cannot use this office until they have set it up.";
        day = "開始日", "Day";
        require_submit = "必須にする", "Require it";
        change_submit = "開始日を変更する", "Change the day";
        lift_heading = "必須化を取りやめる", "Lift the requirement";
        lift_text = "取りやめると、メンバーは二要素認証なしでもこの事業所を利用できます。設定済みの二要素認証はそのまま使えます。", "Members can then use this office without two-factor authentication. Two-factor authentication that is set up stays on.";
        lift_submit = "必須化を取りやめる", "Lift the requirement";
        day_missing = "開始日を入力してください。", "Enter the day.";
        day_unreadable = "開始日は「2026-12-01」のように年月日で入力してください。", "Enter the day as year, month, day, such as 2026-12-01.";
        day_past = "開始日には、今日以降の日を入力してください。", "Choose today or a later day.";
        day_far = "開始日には、1年以内の日を入力してください。", "Choose a day within a year.";
        required = "二要素認証の必須化を設定しました", "The two-factor requirement has been set";
        required_text = "未設定のメンバーと、ほかの管理者に、メールでお知らせしました。", "Members without two-factor authentication and the other administrators have been told by e-mail.";
        unchanged = "開始日に変更はありません。メールも送信していません。", "The day is the same as before. No e-mail was sent.";
        lifted = "二要素認証の必須化を取りやめました。", "The requirement has been lifted.";
        not_required = "二要素認証は必須になっていません。", "Two-factor authentication is not required.";
        countdown_link = "二要素認証を設定する", "Set up two-factor authentication";
        barred_title = "二要素認証の設定が必要です", "Two-factor authentication is required";
        others_heading = "ほかの事業所を利用する", "Use another office";
        switcher = "事業所を切り替える", "Switch office";
        current_office = "利用中の事業所", "Current office";
        other_offices = "ほかに所属する事業所", "Your other offices";
    }
    {
        day_hint(zone: &str) =
            format!("この日の0時（タイムゾーン：{zone}）から必須になります。今日を選ぶと、すぐに必須になります。"),
            format!("It begins at midnight at the start of this day (time zone: {zone}). If you choose today, it begins at once.");
        in_zone(zone: &str) = format!("（{zone}）"), format!(" ({zone})");
        plan_text(plan: &str, plans: &str) =
            format!("二要素認証を必須にできるのは、次のプランの事業所です：{plans}。この事業所の現在のプランは「{plan}」です。"),
            format!("An office can require two-factor authentication on one of these plans: {plans}. This office is on: {plan}.");
        missing_of(count: i64) = format!("{}人", grouped(count)), if count == 1 { "1 member".to_owned() } else { format!("{} members", grouped(count)) };
        countdown(office: &str, at: &str, days: i64) =
            match days {
                0 => format!("{office}では、本日（{at}）から二要素認証が必須になります。"),
                days => format!("{office}では、{at}から二要素認証が必須になります。あと{days}日です。"),
            },
            match days {
                0 => format!("{office} requires two-factor authentication from today, {at}."),
                1 => format!("{office} requires two-factor authentication from {at}. 1 day is left."),
                days => format!("{office} requires two-factor authentication from {at}. {days} days are left."),
            };
        barred(office: &str, since: &str) =
            format!("{office}では、{since}から二要素認証が必須です。設定が完了するまで、この事業所の画面は利用できません。"),
            format!("{office} has required two-factor authentication since {since}. You cannot use this office until you have set it up.");
        again(offices: &str) =
            format!("{offices}では二要素認証が必須です。解除した場合は、次回ログイン時に設定し直す必要があります。"),
            format!("Two-factor authentication is required by {offices}: if you turn it off, you must set it up again at your next sign-in.");
    }
}
