//! Inviting people, through the pages.

use hikae::domain::office::Role;
use hikae::domain::plan::Plan;

use super::app::TestApp;
use super::browser::Browser;
use super::members::{Member, PASSWORD};
use super::page::Page;

/// Where the links of invitations lead.
pub const LINK: &str = "/invitations/";

/// The password that invited people choose.
pub const CHOSEN: &str = "朝の散歩は川べりの道で";

/// An administrator at the page of invitations.
pub struct Inviter {
    pub member: Member,
    pub browser: Browser,
    pub path: String,
}

impl TestApp {
    /// An administrator of a new office, signed in.
    pub async fn inviter(&self) -> Inviter {
        let office = self.office(Plan::CorporateStarter).await;
        let member = self.person_of(office, Role::Admin).await;
        self.inviter_for(member).await
    }

    /// An administrator, signed in.
    pub async fn inviter_for(&self, member: Member) -> Inviter {
        let browser = self.browser();
        browser.sign_in(&member).await.expect(303);
        let path = format!("/offices/{}/invitations", member.office);
        Inviter { member, browser, path }
    }

    /// The path of the newest invitation's link to an address.
    pub async fn invitation_to(&self, email: &str) -> String {
        self.mailbox.newest(email, "招待").await.path(LINK)
    }

    /// Everything that invitations change, as text: for «nothing has changed».
    pub fn invitation_state(&self) -> Vec<String> {
        let mut lines = self.database.lines(
            "SELECT email || ' ' || role || ' ' || CAST(expires_at AS TEXT) || ' ' || COALESCE(ending, 'open') AS line \
             FROM invitations ORDER BY id",
        );
        lines.extend(self.database.lines("SELECT email AS line FROM users ORDER BY id"));
        lines.extend(self.database.lines(
            "SELECT CAST(user_id AS TEXT) || ' ' || CAST(office_id AS TEXT) || ' ' || role AS line \
             FROM memberships ORDER BY user_id, office_id",
        ));
        lines.extend(self.database.lines("SELECT CAST(COUNT(*) AS TEXT) AS line FROM outbox"));
        lines
    }
}

impl Inviter {
    /// Opens the page of invitations.
    pub async fn page(&self) -> Page {
        self.browser.get(&self.path).await.expect(200)
    }

    /// Invites as a general member.
    pub async fn invite(&self, emails: &str) -> Page {
        self.page().await.form(&self.path).fill("emails", emails).submit(&self.browser).await
    }

    /// Invites as an administrator, with a password.
    pub async fn invite_admin(&self, emails: &str, password: &str) -> Page {
        let form = self.page().await.form(&self.path).fill("emails", emails).fill("password", password);
        form.forge("role", "admin").submit(&self.browser).await
    }

    /// Invites an address and opens the mail: the path of its link.
    pub async fn link(&self, app: &TestApp, email: &str) -> String {
        self.invite(email).await.expect_redirect(&self.path);
        app.invitation_to(email).await
    }

    /// Presses a button of the first invitation in the list.
    pub async fn press(&self, button: &str) -> Page {
        self.page().await.form(button).submit(&self.browser).await
    }
}

impl Browser {
    /// Follows an invitation as a new person.
    pub async fn accept(&self, path: &str, name: &str, password: &str) -> Page {
        let page = self.get(path).await.expect(200);
        page.form(path).fill("name", name).fill("new_password", password).submit(self).await
    }

    /// Signs in with the usual password, coming from a link.
    pub async fn sign_in_from(&self, page: &Page, email: &str) -> Page {
        let sign_in = page.attributes("main a.button", "href").concat();
        let page = self.get(&sign_in).await.expect(200);
        page.form("ログイン").fill("email", email).fill("password", PASSWORD).submit(self).await
    }
}
