//! People, and what they do: one helper for each act, all through the pages.

use std::sync::atomic::{AtomicU32, Ordering};

use hikae::domain::email::EmailAddress;
use hikae::domain::ids::{OfficeId, UserId};
use hikae::domain::office::{Name, Role};
use hikae::domain::password::Password;
use hikae::domain::plan::Plan;
use hikae::domain::time::Seconds;
use hikae::service::operator::{self, AddUser, Assign, NewUser};

use super::app::TestApp;
use super::authenticator::Authenticator;
use super::browser::Browser;
use super::page::Page;

/// The password of every member of these tests, until one is changed.
pub const PASSWORD: &str = "紙の控えは金庫の中です";

/// A person with an account.
#[derive(Clone)]
pub struct Member {
    pub id: UserId,
    pub email: String,
    pub password: String,
    pub office: OfficeId,
}

/// A person with two-factor authentication, signed in with one browser.
pub struct Protected {
    pub member: Member,
    pub authenticator: Authenticator,
    /// The ten codes of the sheet; none when the plan issues none.
    pub codes: Vec<String>,
    pub browser: Browser,
}

impl TestApp {
    /// The operator adds an office.
    pub async fn office(&self, plan: Plan) -> OfficeId {
        let name = Name::parse(&format!("控え商事 {plan}")).expect("a name");
        operator::add_office(&self.services, name, plan).await.expect("the office is added")
    }

    /// The operator adds a member to an office.
    pub async fn member_of(&self, office: OfficeId) -> Member {
        self.person_of(office, Role::General).await
    }

    /// The operator adds a person to an office, with a role.
    pub async fn person_of(&self, office: OfficeId, role: Role) -> Member {
        self.named_person(office, role, "控 花子").await
    }

    /// The same with a name of one's own, for those who are spoken of.
    pub async fn named_person(&self, office: OfficeId, role: Role, name: &str) -> Member {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let email = format!("hanako{}@example.jp", NEXT.fetch_add(1, Ordering::Relaxed));
        let new = NewUser {
            email: EmailAddress::parse(&email).expect("an address"),
            name: Name::parse(name).expect("a name"),
            office,
            role,
            password: Password::typed(PASSWORD),
        };
        match operator::add_user(&self.services, new).await.expect("the member is added") {
            AddUser::Added(id) => Member { id, email, password: PASSWORD.to_owned(), office },
            AddUser::EmailTaken => panic!("{email} is taken"),
        }
    }

    /// The operator puts a person into another office, too.
    pub async fn assign(&self, member: &Member, office: OfficeId, role: Role) {
        let email = EmailAddress::parse(&member.email).expect("an address");
        let assigned = operator::assign(&self.services, email, office, role).await.expect("the member is assigned");
        assert_eq!(assigned, Assign::Joined);
    }

    /// A member of an office whose plan issues codes, without two-factor authentication.
    pub async fn member(&self) -> Member {
        self.member_of(self.office(Plan::CorporateStarter).await).await
    }

    /// A member with two-factor authentication and ten codes, signed in.
    pub async fn protected_member(&self) -> Protected {
        let member = self.member().await;
        self.protect(member).await
    }

    /// Switches two-factor authentication on for a member; with a new time step, for the last one
    /// may have been used before.
    pub async fn protect(&self, member: Member) -> Protected {
        self.turn(Seconds(30));
        let browser = self.browser();
        browser.sign_in(&member).await.expect_redirect("/account");
        let authenticator = browser.start_set_up(&member.password).await;
        let page = browser.confirm_set_up(&authenticator.code_at(self.now())).await.expect(200);
        let codes = page.codes();
        Protected { member, authenticator, codes, browser }
    }

    /// A browser in which the member has proven the password, and nothing more.
    pub async fn password_proven(&self, member: &Member) -> Browser {
        let browser = self.browser();
        browser.sign_in(member).await.expect_redirect("/login/code");
        browser
    }

    /// A security code that was never used: of the next time step.
    pub fn fresh_code(&self, authenticator: &Authenticator) -> String {
        self.turn(Seconds(30));
        authenticator.code_at(self.now())
    }

    /// A new browser, signed in with password and security code.
    pub async fn signed_in(&self, person: &Protected) -> Browser {
        let browser = self.password_proven(&person.member).await;
        let code = self.fresh_code(&person.authenticator);
        browser.enter_security_code(&code).await.expect(303);
        browser
    }
}

impl Browser {
    /// Enters address and password on the sign-in page.
    pub async fn sign_in(&self, member: &Member) -> Page {
        self.sign_in_with(&member.email, &member.password).await
    }

    pub async fn sign_in_with(&self, email: &str, password: &str) -> Page {
        let page = self.get("/login").await.expect(200);
        page.form("ログイン").fill("email", email).fill("password", password).submit(self).await
    }

    /// Enters a security code on the second page of a sign-in.
    pub async fn enter_security_code(&self, code: &str) -> Page {
        let page = self.get("/login/code").await.expect(200);
        page.form("認証").fill("code", code).submit(self).await
    }

    /// Enters a backup code on the recovery page.
    pub async fn enter_backup_code(&self, code: &str) -> Page {
        let page = self.get("/login/recovery").await.expect(200);
        page.form("/login/recovery/backup-code").fill("backup_code", code).submit(self).await
    }

    /// Presses 「二要素認証を設定する」 and types the key into an authenticator.
    pub async fn start_set_up(&self, password: &str) -> Authenticator {
        let page = self.get("/account/two-factor").await.expect(200);
        let form = page.form("/account/two-factor/setup").fill("password", password);
        form.submit(self).await.expect_redirect("/account/two-factor/setup");
        let page = self.get("/account/two-factor/setup").await.expect(200);
        Authenticator::from_text(&page.all(".key-text").concat())
    }

    /// Enters the first code of the new authenticator.
    pub async fn confirm_set_up(&self, code: &str) -> Page {
        let page = self.get("/account/two-factor/setup").await.expect(200);
        page.form("/account/two-factor/setup/confirm").fill("code", code).submit(self).await
    }

    /// Asks for ten new codes.
    pub async fn reissue(&self, code: &str) -> Page {
        let page = self.get("/account/two-factor/backup-codes/reissue").await.expect(200);
        page.form("再発行").fill("code", code).submit(self).await
    }

    /// Presses 「二要素認証解除メールを送信」.
    pub async fn request_release(&self) -> Page {
        let page = self.get("/account/two-factor").await.expect(200);
        page.form("二要素認証解除メールを送信").submit(self).await
    }

    /// Opens a release link and enters the password there.
    pub async fn release(&self, path: &str, password: &str) -> Page {
        let page = self.get(path).await.expect(200);
        page.form(path).fill("password", password).submit(self).await
    }

    /// Presses 「ログアウト」.
    pub async fn sign_out(&self) -> Page {
        let page = self.get("/account").await.expect(200);
        page.form("ログアウト").submit(self).await
    }

    /// Whether this browser is signed in.
    pub async fn is_signed_in(&self) -> bool {
        self.get("/account").await.status == 200
    }

    /// What the two-factor tab says of its state, for «nothing has changed».
    pub async fn two_factor_state(&self) -> String {
        self.get("/account/two-factor").await.expect(200).all("main section").join("\n")
    }
}
