//! The journeys: what is made ready, and the one request that is measured.

use anyhow::Result;

use crate::floor::Floor;
use crate::people::{self, PASSWORD};
use crate::visitor::{Visitor, security_code};

/// A journey whose cost is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Journey {
    SignInPage,
    PasswordRight,
    PasswordWrong,
    AddressUnknown,
    SecurityCodeRight,
    SecurityCodeWrong,
    BackupCodeRight,
    BackupCodeWrong,
    BackupCodeWrongNoneLive,
    Reissue,
    TwoFactorTab,
    MemberList(&'static str),
}

use Journey::{
    AddressUnknown, BackupCodeRight, BackupCodeWrong, BackupCodeWrongNoneLive, MemberList, PasswordRight,
    PasswordWrong, Reissue, SecurityCodeRight, SecurityCodeWrong, SignInPage, TwoFactorTab,
};

/// All of them, in the order of the table.
pub const ALL: [Journey; 18] = [
    SignInPage,
    PasswordRight,
    PasswordWrong,
    AddressUnknown,
    SecurityCodeRight,
    SecurityCodeWrong,
    BackupCodeRight,
    BackupCodeWrong,
    BackupCodeWrongNoneLive,
    Reissue,
    TwoFactorTab,
    MemberList(""),
    MemberList("?page=200"),
    MemberList("?sort=codes&page=100"),
    MemberList("?sort=email"),
    MemberList("?q=%E5%90%8D%E7%B0%BF+77"),
    MemberList("?filter=low&sort=-last"),
    MemberList("?sort=name&page=100"),
];

impl Journey {
    /// Its name in the table.
    pub fn name(self) -> String {
        match self {
            SignInPage => "sign-in page".to_owned(),
            PasswordRight => "password, right".to_owned(),
            PasswordWrong => "password, wrong".to_owned(),
            AddressUnknown => "unknown address".to_owned(),
            SecurityCodeRight => "security code, right".to_owned(),
            SecurityCodeWrong => "security code, wrong".to_owned(),
            BackupCodeRight => "backup code, right".to_owned(),
            BackupCodeWrong => "backup code, wrong, 10 live".to_owned(),
            BackupCodeWrongNoneLive => "backup code, wrong, 0 live".to_owned(),
            Reissue => "reissue".to_owned(),
            TwoFactorTab => "two-factor tab".to_owned(),
            MemberList(query) => format!("members{query}"),
        }
    }

    /// How many slow hashes it makes.
    pub const fn hashes(self) -> u32 {
        match self {
            PasswordRight
            | PasswordWrong
            | AddressUnknown
            | BackupCodeRight
            | BackupCodeWrong
            | BackupCodeWrongNoneLive => 1,
            Reissue => 10,
            SignInPage | SecurityCodeRight | SecurityCodeWrong | TwoFactorTab | MemberList(_) => 0,
        }
    }

    /// Whether a mail tells of it.
    pub const fn is_mailed(self) -> bool {
        matches!(self, BackupCodeRight | Reissue)
    }

    /// How many of them at once, on a machine with so many cores.
    pub const fn hashes_at_once(self, cores: u32) -> u32 {
        match self {
            Reissue => cores,
            _ => 1,
        }
    }

    /// How often it is made in one round.
    pub const fn times(self) -> usize {
        match self {
            SignInPage | TwoFactorTab => 100,
            MemberList(_) => 20,
            Reissue => 3,
            _ => 10,
        }
    }
}

/// Who makes the journeys. Nobody makes a journey twice whose code would be spent or counted.
pub struct Cast {
    port: u16,
    members: usize,
    office: String,
    with_codes: usize,
    without_codes: usize,
    owner: Visitor,
    administrator: Visitor,
}

impl Cast {
    pub async fn new(port: u16, members: usize, office: String) -> Result<Self> {
        let owner = Visitor::signed_in(port, &people::with_codes(0)).await?;
        let administrator = Visitor::signed_in(port, &people::member(0)).await?;
        Ok(Self { port, members, office, with_codes: 0, without_codes: 0, owner, administrator })
    }

    fn next_with_codes(&mut self) -> String {
        self.with_codes += 1;
        people::with_codes(self.with_codes)
    }

    /// Makes ready what one round of a journey needs.
    pub async fn ready(&mut self, journey: Journey) -> Result<Vec<Visitor>> {
        let (port, mut visitors) = (self.port, Vec::new());
        for _ in 0..journey.times() {
            visitors.push(match journey {
                SignInPage | TwoFactorTab | MemberList(_) => break,
                PasswordRight | PasswordWrong | AddressUnknown => Visitor::at_the_door(port).await?,
                SecurityCodeRight | SecurityCodeWrong => {
                    Visitor::half_in(port, &self.next_with_codes(), "/login/code").await?
                }
                BackupCodeRight | BackupCodeWrong => {
                    Visitor::half_in(port, &self.next_with_codes(), "/login/recovery").await?
                }
                BackupCodeWrongNoneLive => {
                    self.without_codes += 1;
                    Visitor::half_in(port, &people::without_codes(self.without_codes), "/login/recovery").await?
                }
                Reissue => {
                    let mut visitor = Visitor::signed_in(port, &self.next_with_codes()).await?;
                    visitor.get("/account/two-factor/backup-codes/reissue").await?;
                    visitor
                }
            });
        }
        if journey == SignInPage {
            visitors.push(Visitor::new(port).await?);
        }
        Ok(visitors)
    }

    /// Makes the journey as often as a round has it; with `emptied`, each request after a hash of another
    /// process, which goes through more memory than the caches hold.
    pub async fn go(
        &mut self,
        journey: Journey,
        visitors: &mut [Visitor],
        mut emptied: Option<&mut Floor>,
    ) -> Result<()> {
        match journey {
            SignInPage => {
                let Some(visitor) = visitors.first_mut() else { return Ok(()) };
                for _ in 0..journey.times() {
                    visitor.forget();
                    visitor.get("/login").await?;
                }
            }
            TwoFactorTab => {
                for _ in 0..journey.times() {
                    self.owner.get("/account/two-factor").await?;
                }
            }
            MemberList(query) => {
                let path = format!("/offices/{}/members{query}", self.office);
                for _ in 0..journey.times() {
                    self.administrator.get(&path).await?;
                }
            }
            _ => {
                for (index, visitor) in visitors.iter_mut().enumerate() {
                    if let Some(floor) = &mut emptied {
                        floor.hash(1, 1)?;
                    }
                    self.step(journey, visitor, index).await?;
                }
            }
        }
        Ok(())
    }

    async fn step(&self, journey: Journey, visitor: &mut Visitor, index: usize) -> Result<()> {
        let known = people::member(index * 2 % self.members.max(1));
        let nobody = format!("nobody{index}@example.jp");
        let (now, code) = (security_code(0), people::code(index % 10 + 1));
        let backup_code = "/login/recovery/backup-code";
        let (path, fields, expected): (_, &[(&str, &str)], _) = match journey {
            PasswordRight => ("/login", &[("email", &known), ("password", PASSWORD)], 303),
            PasswordWrong => ("/login", &[("email", &known), ("password", "紙の控えは金庫の外")], 422),
            AddressUnknown => ("/login", &[("email", &nobody), ("password", PASSWORD)], 422),
            SecurityCodeRight => ("/login/code", &[("code", &now)], 303),
            SecurityCodeWrong => ("/login/code", &[("code", "000000")], 422),
            BackupCodeRight => (backup_code, &[("backup_code", &code)], 303),
            BackupCodeWrong | BackupCodeWrongNoneLive => (backup_code, &[("backup_code", "000 000 000")], 422),
            Reissue => ("/account/two-factor/backup-codes/reissue", &[("code", &now)], 200),
            SignInPage | TwoFactorTab | MemberList(_) => return Ok(()),
        };
        visitor.post(path, fields, expected).await.map(drop)
    }
}
