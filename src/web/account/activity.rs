//! 履歴: what was done and tried with the account.

use std::borrow::Cow;

use askama::Template;

use crate::domain::audit::Outcome;
use crate::service::access::SignedIn;
use crate::service::activity::{self, ActivityEntry, By};
use crate::web::answer::{self, Answer};
use crate::web::guard::Visit;
use crate::web::page::Page;
use crate::web::url;

#[derive(Template)]
#[template(path = "pages/account/activity.html")]
pub(crate) struct ActivityPage {
    pub page: Page,
    pub entries: Vec<ActivityEntry>,
    /// Where the next, older page begins, if there is one.
    pub older: Option<i64>,
    pub is_first: bool,
}

impl ActivityPage {
    fn badge(&self, entry: &ActivityEntry) -> &'static str {
        match entry.outcome {
            Outcome::Done => "badge--on",
            Outcome::Refused | Outcome::Throttled => "badge--warning",
        }
    }

    /// Who did it, where it was not the signed-in member.
    fn by_whom(&self, entry: &ActivityEntry) -> Option<Cow<'static, str>> {
        let words = &self.page.words.activity;
        match &entry.by {
            By::Me => None,
            By::Unproven => Some(words.before_sign_in.into()),
            By::Administrator(office) => Some(words.by_administrator(office).into()),
            By::Operator => Some(words.by_operator.into()),
            By::Automatic => Some(words.automatic.into()),
        }
    }
}

/// `GET /account/activity?before=`
pub(super) async fn show(visit: Visit, me: SignedIn) -> Answer {
    let before = url::query_value(&visit.query, "before").and_then(|seq| seq.parse().ok());
    let (entries, more) = activity::activity(visit.services(), &me, before).await?;
    let older = entries.last().filter(|_| more).map(|entry| entry.seq);
    answer::page(&ActivityPage { page: Page::of(&visit), entries, older, is_first: before.is_none() })
}
