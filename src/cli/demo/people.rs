//! The people of the demo, and their offices.

use crate::domain::office::Role;
use crate::domain::plan::Plan;

/// Everybody's password in the demo.
pub const PASSWORD: &str = "haru-no-umi-42-hinemosu";

/// An office of the demo.
pub struct DemoOffice {
    pub name: &'static str,
    pub plan: Plan,
}

/// What is true of a person when the demo starts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Story {
    /// Two-factor authentication is off.
    PasswordOnly,
    /// It was set up here, and codes were issued where the plan does so.
    SetUp,
    /// It was set up here; phone and sheet are lost, and the administrators have been asked.
    Asking,
    /// It was taken over from an older system, with a key and without codes.
    Imported,
}

/// A person of the demo.
pub struct Person {
    pub email: &'static str,
    pub name: &'static str,
    /// Index into [`OFFICES`].
    pub office: usize,
    pub role: Role,
    pub story: Story,
    /// What to try, in Japanese and in English.
    pub to_try: (&'static str, &'static str),
}

pub const OFFICES: &[DemoOffice] = &[
    DemoOffice { name: "株式会社ひかえ商事", plan: Plan::CorporateEnterprise },
    DemoOffice { name: "むかし工業有限会社", plan: Plan::LegacyBasic },
    DemoOffice { name: "さくらデザイン", plan: Plan::PersonalPremium },
    DemoOffice { name: "あおぞら同好会", plan: Plan::None },
];

pub const PEOPLE: &[Person] = &[
    Person {
        email: "hanako@hikae.example",
        name: "佐藤 花子",
        office: 0,
        role: Role::Admin,
        story: Story::SetUp,
        to_try: (
            "管理者。事業所管理で、メンバー・招待・解除依頼・必須化・履歴を見る",
            "administrator: look at members, invitations, requests, the requirement and the activity of the office",
        ),
    },
    Person {
        email: "jiro@hikae.example",
        name: "中村 次郎",
        office: 0,
        role: Role::Admin,
        story: Story::SetUp,
        to_try: (
            "もう一人の管理者。花子さんと同時に、同じ解除依頼を開いてみる。さくらデザインのメンバーでもあり、右上で事業所を切り替える",
            "the other administrator: open the same request at once with hanako; also a member of さくらデザイン, to switch to at the top right",
        ),
    },
    Person {
        email: "yui@hikae.example",
        name: "小林 結衣",
        office: 0,
        role: Role::General,
        story: Story::Asking,
        to_try: (
            "スマートフォンもシートもなくし、管理者に解除を依頼済み。承認されると、パスワードでログインして設定し直せる",
            "lost phone and sheet, and has asked the administrators: once one approves, the password signs in again",
        ),
    },
    Person {
        email: "ichiro@hikae.example",
        name: "鈴木 一郎",
        office: 0,
        role: Role::General,
        story: Story::PasswordOnly,
        to_try: (
            "必須化の日までに二要素認証を設定し、10個のバックアップコードを受け取る",
            "set two-factor authentication up before the office requires it, and receive ten backup codes",
        ),
    },
    Person {
        email: "misaki@hikae.example",
        name: "高橋 美咲",
        office: 0,
        role: Role::General,
        story: Story::SetUp,
        to_try: (
            "スマートフォンをなくしたつもりで、バックアップコードでログインし、メールで解除する",
            "lose the phone: sign in with a backup code, then turn two-factor off by e-mail",
        ),
    },
    Person {
        email: "ken@hikae.example",
        name: "田中 健",
        office: 1,
        role: Role::General,
        story: Story::Imported,
        to_try: (
            "旧システムから移行、コードは未発行。再発行で最初の10個を受け取る",
            "imported without codes (未発行): reissue gives the first ten",
        ),
    },
    Person {
        email: "sakura@hikae.example",
        name: "山田 さくら",
        office: 2,
        role: Role::Admin,
        story: Story::SetUp,
        to_try: (
            "ひとりだけの管理者。運用担当者が hikae user release で解除する",
            "alone in the office: the operator turns two-factor off with `hikae user release`",
        ),
    },
    Person {
        email: "naoki@hikae.example",
        name: "伊藤 直樹",
        office: 3,
        role: Role::General,
        story: Story::PasswordOnly,
        to_try: (
            "契約なしの事業所。二要素認証は設定できるが、コードは発行されない",
            "no contract: two-factor can be set up, but no codes are issued",
        ),
    },
];

/// The address that has an open invitation to the first office.
pub const INVITED: &str = "kaito@hikae.example";

/// How many further members the first office has, so that its list has pages.
pub const CROWD: usize = 120;

const FAMILY_NAMES: [&str; 12] =
    ["井上", "木村", "林", "斎藤", "清水", "山口", "森", "池田", "橋本", "阿部", "石川", "前田"];
const GIVEN_NAMES: [&str; 10] = ["陽菜", "蓮", "葵", "大翔", "凛", "悠真", "紬", "湊", "芽依", "樹"];

/// Address and name of one of the crowd.
pub fn of_the_crowd(index: usize) -> (String, String) {
    let family = FAMILY_NAMES[index % FAMILY_NAMES.len()];
    let given = GIVEN_NAMES[index / FAMILY_NAMES.len() % GIVEN_NAMES.len()];
    (format!("member{:03}@hikae.example", index + 1), format!("{family} {given}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::email::EmailAddress;
    use crate::domain::office::Name;
    use crate::domain::password::Password;

    #[test]
    fn everybody_can_be_added_with_the_password() {
        for person in PEOPLE {
            assert!(Password::chosen(PASSWORD, &[person.email, person.name]).is_ok(), "{}", person.email);
            assert_eq!(EmailAddress::parse(person.email).unwrap().as_str(), person.email);
            assert!(Name::parse(person.name).is_ok());
            assert!(Name::parse(OFFICES[person.office].name).is_ok());
        }
    }
}
