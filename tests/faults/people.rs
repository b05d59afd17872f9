//! People who use the portal while it is being killed. Each keeps an own account, knows what it was
//! told, and notices when it was told wrong.

mod sign_in;

use std::sync::Arc;
use std::time::Duration;

use hikae::clock::Clock;
use hikae::domain::time::Timestamp;

use self::sign_in::Begun;
use crate::client::{Lost, fill, get, submit};
use crate::dice::Dice;
use crate::house::House;
use crate::journal::{Journal, Place};
use crate::mails;
use crate::support::authenticator::Authenticator;
use crate::support::browser::Browser;
use crate::support::page::Page;

/// The first password of everybody.
pub const PASSWORD: &str = "紙の控えは金庫の中です";
const REISSUE: &str = "/account/two-factor/backup-codes/reissue";

/// What a person knows of a code on the own sheet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Code {
    Fresh,
    Lost,
    Accepted,
}

struct Sheet {
    number: u32,
    codes: Vec<(String, Code)>,
    /// The answer to a reissue was lost, which may have voided this one.
    perhaps_void: bool,
}

/// One of them.
pub struct Person {
    pub email: String,
    house: Arc<House>,
    journal: Arc<Journal>,
    dice: Arc<Dice>,
    /// The likeliest last; more than one after an answer was lost.
    passwords: Vec<String>,
    keys: Vec<Authenticator>,
    /// The newest step whose code was typed.
    step: i64,
    sheet: Option<Sheet>,
    /// Signed in with a second factor.
    browser: Option<Browser>,
    /// Wrong codes since the last right one.
    wrong: u32,
}

impl Person {
    pub fn new(email: String, key: String, house: Arc<House>, journal: Arc<Journal>, dice: Arc<Dice>) -> Self {
        let (passwords, keys) = (vec![PASSWORD.to_owned()], vec![Authenticator { key }]);
        Self { email, house, journal, dice, passwords, keys, step: 0, sheet: None, browser: None, wrong: 0 }
    }

    /// Does one thing.
    pub async fn act(&mut self) {
        let throw = if self.sheet.is_none() { 70 } else { self.dice.below(100) };
        let done = match throw {
            0..40 => self.use_a_backup_code().await,
            40..60 => self.use_a_security_code().await,
            60..70 => self.mistype().await,
            70..86 => self.reissue().await,
            86..94 => self.change_password().await,
            _ => self.release().await,
        };
        if done == Err(Lost) {
            self.journal.count("answers lost");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn now() -> Timestamp {
        Clock::System.now()
    }

    /// A security code that was never typed, if there is one now.
    fn fresh_code(&mut self) -> Option<(String, i64)> {
        let now = Self::now().0 / 30;
        let step = (self.step + 1).max(now);
        if step > now + 1 {
            return None;
        }
        self.step = step;
        Some((self.keys.last()?.code_at(Timestamp(step * 30)), step))
    }

    fn accepted(&mut self, step: i64) {
        self.journal.step_accepted(&self.email, step);
        self.wrong = 0;
    }

    async fn use_a_security_code(&mut self) -> Result<(), Lost> {
        if self.step > Self::now().0 / 30 {
            return Ok(());
        }
        let Some(browser) = self.password_proven().await? else { return Ok(()) };
        let Some((code, step)) = self.fresh_code() else { return Ok(()) };
        let page = fill(&browser, "/login/code", "認証", &[("code", &code)]).await?;
        match page.status {
            303 => {
                self.expect_not_asked_for_the_password_again(&page);
                self.accepted(step);
                self.keys = self.keys.pop().into_iter().collect();
                self.signed_in(browser).await
            }
            422 if self.keys.len() > 1 => {
                self.keys.rotate_right(1);
                self.wrong += 1;
                Ok(())
            }
            429 | 503 => Ok(()),
            status => panic!("a fresh security code of {} got {status}: {}", self.email, page.text()),
        }
    }

    async fn use_a_backup_code(&mut self) -> Result<(), Lost> {
        let again = self.dice.once_in(5);
        let fits = |code: Code| if again { code != Code::Fresh } else { code == Code::Fresh };
        let found = self.sheet.as_ref().and_then(|sheet| {
            let place = sheet.codes.iter().position(|(_, code)| fits(*code))?;
            Some((sheet.number, place, sheet.codes[place].clone(), sheet.perhaps_void))
        });
        let Some((number, place, (text, known), perhaps_void)) = found else {
            return if again { Ok(()) } else { self.use_a_security_code().await };
        };
        let Some(first) = self.password_proven().await? else { return Ok(()) };
        let on_sheet: Place = (self.email.clone(), number, place + 1);
        // Now and then the same code from two browsers at once.
        let second = if self.dice.once_in(4) { self.password_proven().await? } else { None };
        let answers = match second {
            None => vec![(first.clone(), self.enter(&first, &text).await)],
            Some(second) => {
                self.journal.count("codes typed by two at once");
                let (a, b) = tokio::join!(self.enter(&first, &text), self.enter(&second, &text));
                vec![(first, a), (second, b)]
            }
        };
        let lost = answers.iter().filter(|(_, answer)| answer.is_err()).count();
        for _ in 0..lost {
            self.journal.code_lost(&on_sheet);
        }
        let mut opened = None;
        for (browser, answer) in &answers {
            match answer {
                Ok(page) if page.status == 303 && page.location().as_deref() == Some("/account/two-factor") => {
                    assert!(known != Code::Accepted, "{on_sheet:?} was accepted once more");
                    self.journal.code_accepted(&on_sheet);
                    opened = Some(browser.clone());
                }
                Ok(page) => assert!(matches!(page.status, 303 | 422 | 429 | 503), "{} {}", page.status, page.text()),
                Err(Lost) => {}
            }
        }
        let refused = answers.iter().any(|(_, answer)| answer.as_ref().is_ok_and(|page| page.status == 422));
        assert!(
            opened.is_some() || lost > 0 || !refused || known != Code::Fresh || perhaps_void,
            "an unused code of the sheet that counts was refused: {on_sheet:?}"
        );
        self.wrong += u32::from(refused);
        if let Some(sheet) = self.sheet.as_mut().filter(|sheet| sheet.number == number) {
            match (&opened, lost) {
                (Some(_), _) => sheet.codes[place].1 = Code::Accepted,
                (None, 1..) => sheet.codes[place].1 = Code::Lost,
                (None, 0) if refused && perhaps_void => self.sheet = None,
                (None, 0) => {}
            }
        }
        let Some(browser) = opened else { return if lost > 0 { Err(Lost) } else { Ok(()) } };
        self.wrong = 0;
        // The other one's password step has ended this session's twin, not this session.
        self.signed_in(browser).await
    }

    async fn enter(&self, browser: &Browser, code: &str) -> Result<Page, Lost> {
        fill(browser, "/login/recovery", "/login/recovery/backup-code", &[("backup_code", code)]).await
    }

    async fn mistype(&mut self) -> Result<(), Lost> {
        if self.wrong >= 2 {
            return self.use_a_security_code().await;
        }
        let Some(browser) = self.password_proven().await? else { return Ok(()) };
        self.wrong += 1;
        let page = self.enter(&browser, "000000000").await?;
        self.expect_not_asked_for_the_password_again(&page);
        assert!(matches!(page.status, 422 | 429 | 503), "{} {}", page.status, page.text());
        self.journal.count("wrong codes");
        Ok(())
    }

    /// A browser that is signed in with a second factor.
    async fn browser(&mut self) -> Result<Option<Browser>, Lost> {
        if self.browser.is_none() {
            Box::pin(self.use_a_backup_code()).await?;
        }
        Ok(self.browser.clone())
    }

    async fn reissue(&mut self) -> Result<(), Lost> {
        let Some(browser) = self.browser().await? else { return Ok(()) };
        let Some((code, step)) = self.fresh_code() else { return Ok(()) };
        let answer = fill(&browser, REISSUE, "再発行", &[("code", &code)]).await;
        self.expect_sheet(answer, step)
    }

    /// What a page with a new sheet teaches.
    fn expect_sheet(&mut self, answer: Result<Page, Lost>, step: i64) -> Result<(), Lost> {
        let Ok(page) = answer else {
            if let Some(sheet) = &mut self.sheet {
                sheet.perhaps_void = true;
            }
            return Err(Lost);
        };
        if page.codes().len() != 10 {
            assert!(matches!(page.status, 303 | 403 | 422 | 429 | 503), "{} {}", page.status, page.text());
            if page.status == 303 || page.status == 403 {
                self.browser = None;
            }
            return Ok(());
        }
        self.accepted(step);
        let hidden = |name: &str| page.attributes(&format!("input[name={name}]"), "value").concat();
        let number = hidden("number").parse().expect("the number of the sheet");
        self.journal.sheet_shown(&self.email, number, &hidden("sheet"));
        let codes = page.codes().into_iter().map(|code| (code, Code::Fresh)).collect();
        self.sheet = Some(Sheet { number, codes, perhaps_void: false });
        Ok(())
    }

    async fn change_password(&mut self) -> Result<(), Lost> {
        let Some(browser) = self.browser().await? else { return Ok(()) };
        if self.passwords.len() > 1 {
            return Ok(());
        }
        let new = format!("別の長い合言葉を選ぶ{}", self.dice.below(1_000_000));
        let old = self.passwords[0].clone();
        let fields = [("current_password", old.as_str()), ("new_password", new.as_str())];
        let Ok(page) = fill(&browser, "/account/password", "/account/password", &fields).await else {
            self.passwords.push(new);
            return Err(Lost);
        };
        match (page.status, page.location().as_deref()) {
            (303, Some("/account/password")) => {
                self.passwords = vec![new];
                self.journal.count("passwords changed");
            }
            (303 | 403, _) => self.browser = None,
            (429 | 503, _) => {}
            _ => panic!("a change of password got {}: {}", page.status, page.text()),
        }
        Ok(())
    }

    /// 方法A, and setting up anew.
    async fn release(&mut self) -> Result<(), Lost> {
        let Some(browser) = self.browser().await? else { return Ok(()) };
        let page = fill(&browser, "/account/two-factor", "二要素認証解除メールを送信", &[]).await?;
        if page.status != 303 || page.location().as_deref() != Some("/account/two-factor") {
            self.browser = None;
            return Ok(());
        }
        self.journal.count("releases asked for");
        for _ in 0..30 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let Some(path) = mails::release_link(&self.house, &self.email) else { continue };
            let browser = self.house.browser();
            let password = self.passwords.last().expect("a password").clone();
            let page = get(&browser, &path).await?;
            if page.status != 200 || !page.has_form(&path) {
                continue;
            }
            let page = submit(&browser, &page.form(&path).fill("password", &password)).await?;
            if page.status == 303 {
                self.journal.count("releases");
                (self.sheet, self.browser) = (None, None);
                if let Begun::NoSecondFactor(browser) = self.begin().await? {
                    return self.set_up(browser).await;
                }
                panic!("{} was released, and is still asked for a second factor", self.email);
            }
            return Ok(());
        }
        Ok(())
    }

    async fn set_up(&mut self, browser: Browser) -> Result<(), Lost> {
        (self.sheet, self.browser) = (None, None);
        let password = self.passwords.last().expect("a password").clone();
        let fields = [("password", password.as_str())];
        let page = fill(&browser, "/account/two-factor", "/account/two-factor/setup", &fields).await?;
        if page.location().as_deref() != Some("/account/two-factor/setup") {
            return Ok(());
        }
        let page = get(&browser, "/account/two-factor/setup").await?;
        if page.status != 200 {
            return Ok(());
        }
        self.keys.push(Authenticator::from_text(&page.all(".key-text").concat()));
        let Some((code, step)) = self.fresh_code() else { return Ok(()) };
        let form = page.form("/account/two-factor/setup/confirm").fill("code", &code);
        let answer = submit(&browser, &form).await;
        self.expect_sheet(answer, step)?;
        if self.sheet.is_some() {
            self.keys = self.keys.pop().into_iter().collect();
            self.browser = Some(browser);
            self.journal.count("set up anew");
        }
        Ok(())
    }

    /// At the end: the account opens with what its owner was told.
    pub async fn still_has_the_account(&mut self) {
        match self.begin().await {
            Ok(Begun::SecondFactorNext(_) | Begun::NoSecondFactor(_) | Begun::NotNow) => {}
            Err(Lost) => panic!("nobody kills any more, and {} gets no answer", self.email),
        }
    }
}
