//! What the demo prints: who is there, how they sign in, and what to try.

use std::fmt;

use url::Url;

use super::folder::Folder;
use super::people::{OFFICES, PASSWORD, PEOPLE, Person, Story};
use super::qr;
use super::world::Player;
use crate::cli::output::columns;
use crate::domain::language::Language;
use crate::domain::office::Role;
use crate::domain::two_factor::sheet::IssuedSheet;

/// Everything that is printed once the world stands.
pub struct Poster<'a> {
    pub language: Language,
    pub base_url: &'a Url,
    pub folder: &'a Folder,
    /// `None`: the world was kept from an earlier time, so its keys and codes are not known here.
    pub cast: Option<&'a [Player]>,
    pub painted: bool,
}

impl Poster<'_> {
    fn say<'t>(&self, ja: &'t str, en: &'t str) -> &'t str {
        match self.language {
            Language::Ja => ja,
            Language::En => en,
        }
    }

    /// A person's authenticator and codes.
    fn player(&self, f: &mut fmt::Formatter<'_>, player: &Player) -> fmt::Result {
        let Some(authenticator) = &player.authenticator else { return Ok(()) };
        let key = authenticator.key.as_text();
        writeln!(f, "── {} <{}>", player.person.name, player.person.email)?;
        writeln!(f, "   {}: {key}", self.say("認証アプリのキー", "authenticator key"))?;
        let hint = self.say("いまのセキュリティコード", "security code now");
        writeln!(f, "   {hint}: oathtool --totp -b {}", key.replace(' ', ""))?;
        for line in qr::lines(&authenticator.otpauth_url, self.painted).unwrap_or_default() {
            writeln!(f, "   {line}")?;
        }
        match &player.sheet {
            Some(sheet) => self.sheet(f, sheet)?,
            None => writeln!(f, "   {}", self.say("バックアップコード: 未発行", "backup codes: not issued (未発行)"))?,
        }
        writeln!(f)
    }

    fn sheet(&self, f: &mut fmt::Formatter<'_>, sheet: &IssuedSheet) -> fmt::Result {
        writeln!(f, "   {} ({}):", self.say("バックアップコード", "backup codes"), sheet.id)?;
        let (left, right) = sheet.codes.split_at(sheet.codes.len() / 2);
        for (index, (a, b)) in left.iter().zip(right).enumerate() {
            let (first, second) = (index + 1, index + 1 + left.len());
            writeln!(f, "   {first:>4}  {}    {second:>4}  {}", a.grouped(), b.grouped())?;
        }
        Ok(())
    }

    fn row(&self, person: &Person) -> Vec<String> {
        let role = match person.role {
            Role::Admin => self.say("管理者", "admin"),
            Role::General => self.say("一般", "general"),
        };
        let two_factor = match person.story {
            Story::PasswordOnly => self.say("オフ", "off"),
            Story::SetUp => self.say("オン", "on"),
            Story::Asking => self.say("オン(依頼中)", "on, asking"),
            Story::Imported => self.say("オン(未発行)", "on, no codes"),
        };
        let office = OFFICES.get(person.office).map_or("", |office| office.name);
        vec![person.email.to_owned(), two_factor.to_owned(), role.to_owned(), office.to_owned()]
    }
}

impl fmt::Display for Poster<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f)?;
        for player in self.cast.unwrap_or_default() {
            self.player(f, player)?;
        }
        let headings = match self.language {
            Language::Ja => ["メールアドレス", "二要素認証", "役割", "事業所"],
            Language::En => ["EMAIL", "TWO-FACTOR", "ROLE", "OFFICE"],
        };
        let rows: Vec<Vec<String>> = PEOPLE.iter().map(|person| self.row(person)).collect();
        for (index, line) in columns(&headings, &rows).iter().enumerate() {
            writeln!(f, "{line}")?;
            if let Some(person) = index.checked_sub(1).and_then(|index| PEOPLE.get(index)) {
                writeln!(f, "    {}", self.say(person.to_try.0, person.to_try.1))?;
            }
        }
        writeln!(f)?;
        if self.cast.is_none() {
            let kept = self.say(
                "前回の続きです。認証アプリのキーとコードは最初の起動時にだけ表示されました",
                "kept from before: authenticator keys and codes were shown at the first start only",
            );
            writeln!(f, "{kept}")?;
        }
        let facts = [
            (self.say("パスワード(全員)", "password (everybody)"), PASSWORD.to_owned()),
            (self.say("ポータル", "portal"), self.base_url.to_string()),
            (self.say("メールボックス", "mailbox"), format!("{}demo/mailbox", self.base_url)),
            (self.say("ギャラリー", "gallery"), format!("{}gallery", self.base_url)),
            (self.say("データ", "data"), self.data()),
            (self.say("終了", "stop"), "Ctrl-C".to_owned()),
        ];
        let facts: Vec<Vec<String>> = facts.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect();
        for line in columns(&["", ""], &facts).iter().skip(1) {
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}

impl Poster<'_> {
    fn data(&self) -> String {
        let path = self.folder.path().display();
        if self.folder.is_temporary() {
            format!("{path} ({})", self.say("終了時に消えます。残すには --keep", "gone at the end; --keep keeps it"))
        } else {
            path.to_string()
        }
    }
}
