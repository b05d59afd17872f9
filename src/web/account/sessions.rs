//! ログイン中の端末: the list, and ending one or all others at once.

use actix_web::web::Path;
use askama::Template;

use crate::domain::ids::SessionId;
use crate::service::access::SignedIn;
use crate::service::end_sessions::{self, SessionView};
use crate::web::answer::{self, Answer, see_other};
use crate::web::error::Problem;
use crate::web::form::{Form, NoFields};
use crate::web::guard::Visit;
use crate::web::notice::Notice;
use crate::web::page::Page;
use crate::web::url;

#[derive(Template)]
#[template(path = "pages/account/sessions.html")]
pub(crate) struct SessionsPage {
    pub page: Page,
    pub sessions: Vec<SessionView>,
}

impl SessionsPage {
    fn has_others(&self) -> bool {
        self.sessions.iter().any(|session| !session.current)
    }
}

/// `GET /account/sessions`
pub(super) async fn show(visit: Visit, me: SignedIn) -> Answer {
    let sessions = end_sessions::list(visit.services(), &me).await?;
    answer::page(&SessionsPage { page: Page::of(&visit), sessions })
}

/// `POST /account/sessions/{id}/end`
pub(super) async fn end_one(visit: Visit, me: SignedIn, id: Path<String>, _form: Form<NoFields>) -> Answer {
    let id: SessionId = id.parse().map_err(|_| Problem::NotFound)?;
    if !end_sessions::end_one(visit.services(), &me, id, &visit.client).await? {
        return Err(Problem::NotFound);
    }
    if id == me.session() {
        visit.session.purge();
        visit.take_notice();
        return Ok(see_other(url::LOGIN));
    }
    visit.tell(Notice::SessionEnded);
    Ok(see_other(url::SESSIONS))
}

/// `POST /account/sessions/end-others`
pub(super) async fn end_others(visit: Visit, me: SignedIn, _form: Form<NoFields>) -> Answer {
    let count = end_sessions::end_others(visit.services(), &me, &visit.client).await?;
    visit.tell(Notice::OthersEnded { count });
    Ok(see_other(url::SESSIONS))
}
