//! An office with its administrators and members, and what administrators do.

use hikae::domain::office::Role;
use hikae::domain::plan::Plan;

use super::app::TestApp;
use super::browser::Browser;
use super::members::{Member, Protected};
use super::page::{Form, Page};

/// An office of two people: an administrator with two-factor authentication, signed in, and a
/// protected member.
pub struct Pair {
    pub admin: Protected,
    pub member: Protected,
}

/// An office of four: two administrators with two-factor authentication, signed in, and a
/// protected member who has asked them for help.
pub struct Asked {
    pub first: Protected,
    pub second: Protected,
    pub member: Protected,
    /// Where the member has asked.
    pub asking: Browser,
    /// The path of the request.
    pub path: String,
}

impl TestApp {
    /// Two administrators, 鈴木 一郎 and 佐藤 二郎, whom a member has asked.
    pub async fn asked(&self) -> Asked {
        let office = self.office(Plan::CorporateStarter).await;
        let first = self.protect(self.named_person(office, Role::Admin, "鈴木 一郎").await).await;
        let second = self.protect(self.named_person(office, Role::Admin, "佐藤 二郎").await).await;
        let member = self.protect(self.member_of(office).await).await;
        let asking = self.ask_administrators(&member.member).await;
        let path = self.request_path(&first.member).await;
        Asked { first, second, member, asking, path }
    }

    /// An administrator of an office, with two-factor authentication, signed in.
    pub async fn protected_admin(&self, office: hikae::domain::ids::OfficeId) -> Protected {
        let admin = self.person_of(office, Role::Admin).await;
        self.protect(admin).await
    }

    /// An administrator and a member of one office, both protected.
    pub async fn pair(&self) -> Pair {
        let office = self.office(Plan::CorporateStarter).await;
        let admin = self.protected_admin(office).await;
        let member = self.member_of(office).await;
        Pair { admin, member: self.protect(member).await }
    }

    /// The member proves the password, goes to the recovery page and presses
    /// 「解除依頼メールを送信」.
    pub async fn ask_administrators(&self, member: &Member) -> Browser {
        let browser = self.password_proven(member).await;
        browser.ask_administrators().await.expect_redirect("/login/recovery");
        browser
    }

    /// The path of the request in the newest 解除依頼メール to this administrator.
    pub async fn request_path(&self, admin: &Member) -> String {
        self.mailbox.newest(&admin.email, "解除依頼が届いています").await.path("/offices/")
    }
}

impl Browser {
    /// Presses 「解除依頼メールを送信」 on the recovery page.
    pub async fn ask_administrators(&self) -> Page {
        let page = self.get("/login/recovery").await.expect(200);
        page.form("解除依頼メールを送信").submit(self).await
    }

    /// Opens a request, notes how the person was checked, and approves with a code.
    pub async fn approve(&self, path: &str, note: &str, code: &str) -> Page {
        self.approval(path).await.fill("note", note).fill("code", code).submit(self).await
    }

    /// The form that approves, as it stands on the request's page.
    pub async fn approval(&self, path: &str) -> Form {
        let page = self.get(path).await.expect(200);
        page.form(&format!("{path}/approve"))
    }

    /// Opens a request and declines it.
    pub async fn decline(&self, path: &str) -> Page {
        let page = self.get(path).await.expect(200);
        page.form("却下").submit(self).await
    }
}
