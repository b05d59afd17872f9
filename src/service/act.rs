//! What an act carries into its transaction: keys, randomness, who and when; and the three things
//! almost every act does there: record, tell by mail, make a link.

use std::sync::Arc;

use super::access::PasswordProven;
use super::operator::DEFAULT_TIME_ZONE;
use super::{Services, extend_sign_in};
use crate::crypto::keys::{KeyRing, Purpose};
use crate::domain::audit::Event;
use crate::domain::client::Client;
use crate::domain::email::EmailAddress;
use crate::domain::ids::{MailId, SessionId, SetUpId, UserId};
use crate::domain::language::Language;
use crate::domain::link::{LinkPurpose, LinkToken};
use crate::domain::message::{Circumstances, Mail, Message};
use crate::domain::sealed::Sealed;
use crate::domain::time::{Seconds, Timestamp};
use crate::domain::token::SessionKey;
use crate::domain::two_factor::totp::TotpKey;
use crate::fault::Fault;
use crate::random::Randomness;
use crate::store::audit::{self, Row};
use crate::store::sessions::{self, Session, Stage};
use crate::store::users::User;
use crate::store::{Tx, links, outbox};

#[derive(Clone)]
pub(super) struct Act {
    pub keys: Arc<KeyRing>,
    pub random: Randomness,
    pub client: Client,
    pub now: Timestamp,
    total: Seconds,
}

impl Act {
    pub fn begin(services: &Services, client: &Client) -> Self {
        Self {
            keys: services.keys.clone(),
            random: services.random.clone(),
            client: client.clone(),
            now: services.clock.now(),
            total: services.sessions.total,
        }
    }

    /// When, from where and with what this act is done.
    pub fn circumstances(&self) -> Circumstances {
        Circumstances::of(&self.client, self.now)
    }

    /// Adds an event to the audit trail. It takes the end of the chain until the transaction
    /// ends, so it comes last.
    pub fn record(&self, tx: &mut Tx, event: Event) -> Result<(), Fault> {
        let (seq, previous) = audit::next(tx)?;
        let row = self.row(seq, &previous, event)?;
        audit::append(tx, &row)
    }

    /// Adds many events to the audit trail, which is quicker than one by one.
    pub fn record_all(&self, tx: &mut Tx, events: impl Iterator<Item = Event>) -> Result<(), Fault> {
        let (next, mut last) = audit::next(tx)?;
        let mut end = next - 1;
        for (seq, event) in (next..).zip(events) {
            let row = self.row(seq, &last, event)?;
            audit::add(tx, &row)?;
            last = row.hash;
            end = seq;
        }
        audit::end(tx, end, &last)
    }

    fn row(&self, seq: i64, previous: &[u8], event: Event) -> Result<Row, Fault> {
        let mut row = Row {
            seq,
            at: self.now.0,
            action: event.action.slug().to_owned(),
            outcome: event.outcome.slug().to_owned(),
            actor_id: event.actor.map(UserId::as_i64),
            subject_id: event.subject.map(UserId::as_i64),
            office_id: event.office.map(|office| office.as_i64()),
            address: self.client.address.to_string(),
            device: self.client.device.clone(),
            detail: event.detail,
            key_id: self.keys.active_id(),
            hash: Vec::new(),
        };
        row.hash = chain_hash(&self.keys, previous, &row)?.to_vec();
        Ok(row)
    }

    /// Puts a mail to the user into the outbox.
    pub fn mail(&mut self, tx: &mut Tx, user: &User, message: Message) -> Result<(), Fault> {
        self.mail_to(tx, user, &user.email, message)
    }

    /// Puts a mail to the user at another address into the outbox.
    pub fn mail_to(&mut self, tx: &mut Tx, user: &User, to: &EmailAddress, message: Message) -> Result<(), Fault> {
        let mail = Mail {
            to: to.as_str().to_owned(),
            to_name: user.name.clone(),
            language: user.language.unwrap_or_default(),
            time_zone: user.time_zone.clone(),
            message,
        };
        self.post(tx, &mail)
    }

    /// Puts a mail into the outbox to an address that has no account.
    pub fn mail_to_stranger(&mut self, tx: &mut Tx, to: &EmailAddress, message: Message) -> Result<(), Fault> {
        let mail = Mail {
            to: to.as_str().to_owned(),
            to_name: String::new(),
            language: Language::default(),
            time_zone: DEFAULT_TIME_ZONE.to_owned(),
            message,
        };
        self.post(tx, &mail)
    }

    fn post(&mut self, tx: &mut Tx, mail: &Mail) -> Result<(), Fault> {
        let text = serde_json::to_vec(mail).map_err(|_| Fault::Other("a mail cannot be written".to_owned()))?;
        let id = MailId::random(&mut self.random);
        let sealed = self.keys.seal(Purpose::Mail, &id.to_string(), &text, &mut self.random)?;
        outbox::insert(tx, id, &sealed, self.now)
    }

    /// Makes a link that lives as long as its purpose says. Earlier ones must have been ended.
    pub fn link(
        &mut self,
        tx: &mut Tx,
        purpose: LinkPurpose,
        user: UserId,
        sent_to: &EmailAddress,
        set_up: Option<SetUpId>,
    ) -> Result<LinkToken, Fault> {
        let token = LinkToken::random(&mut self.random);
        let link = links::Link { user, sent_to: sent_to.clone(), set_up, expires_at: self.now + purpose.lifetime() };
        links::insert(tx, token.digest(), purpose, &link, self.now)?;
        Ok(token)
    }

    /// Begins a session at this stage, and says what its browser proves it with.
    pub fn begin_session(&mut self, tx: &mut Tx, user: UserId, stage: Stage) -> Result<SessionKey, Fault> {
        let id = SessionId::random(&mut self.random);
        let session = self.session(id, user, stage);
        let key = SessionKey::random(&mut self.random);
        sessions::insert(tx, &session, key.digest())?;
        Ok(key)
    }

    /// Makes a complete session of the stage in which the password was proven. It gets another key, and the
    /// one it had opens nothing any more (SC-30). None when the stage is over: only one act gets through it.
    pub fn complete_session(&mut self, tx: &mut Tx, proof: &PasswordProven) -> Result<Option<SessionKey>, Fault> {
        let session = self.session(proof.session(), proof.user(), Stage::Complete);
        let key = SessionKey::random(&mut self.random);
        Ok(sessions::complete(tx, &session, key.digest(), self.now)?.then_some(key))
    }

    fn session(&self, id: SessionId, user: UserId, stage: Stage) -> Session {
        let lasts = match stage {
            Stage::PasswordProven => extend_sign_in::STAGE,
            Stage::Complete => self.total,
        };
        Session {
            id,
            user,
            stage,
            created_at: self.now,
            last_seen_at: self.now,
            expires_at: self.now + lasts,
            address: self.client.address.to_string(),
            device: self.client.device.clone(),
            office: None,
        }
    }

    /// Gives a session a new key after a fresh proof; the old one is dead from here on (SC-30).
    pub fn renew_session(&mut self, tx: &mut Tx, session: SessionId) -> Result<SessionKey, Fault> {
        let key = SessionKey::random(&mut self.random);
        sessions::renew_key(tx, session, key.digest())?;
        Ok(key)
    }

    /// Seals an authenticator's key for its owner and set-up (SC-08).
    pub fn seal_key(&mut self, user: UserId, set_up: SetUpId, key: &TotpKey) -> Result<Sealed, Fault> {
        self.keys.seal(Purpose::TotpKey, &key_context(user, set_up), key.reveal(), &mut self.random)
    }

    /// Opens an authenticator's key.
    pub fn open_key(&self, user: UserId, set_up: SetUpId, sealed: &Sealed) -> Result<TotpKey, Fault> {
        open_key(&self.keys, user, set_up, sealed)
    }
}

/// Opens an authenticator's key; a row that was swapped or bent is a fault.
pub(super) fn open_key(keys: &KeyRing, user: UserId, set_up: SetUpId, sealed: &Sealed) -> Result<TotpKey, Fault> {
    let bytes = keys.open(Purpose::TotpKey, &key_context(user, set_up), sealed)?;
    TotpKey::from_bytes(bytes.to_vec()).map_err(|_| Fault::Corrupt("an authenticator key"))
}

pub(super) fn key_context(user: UserId, set_up: SetUpId) -> String {
    format!("user {user} set-up {set_up}")
}

/// The hash of a row of the audit trail: a keyed hash over the one before it and everything in
/// the row, so that only the holder of the key file can make a chain that verifies (SC-71).
pub(super) fn chain_hash(keys: &KeyRing, previous: &[u8], row: &Row) -> Result<[u8; 32], Fault> {
    let id = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
    let (actor, subject, office) = (id(row.actor_id), id(row.subject_id), id(row.office_id));
    let parts: [&[u8]; 11] = [
        previous,
        &row.seq.to_be_bytes(),
        &row.at.to_be_bytes(),
        row.action.as_bytes(),
        row.outcome.as_bytes(),
        actor.as_bytes(),
        subject.as_bytes(),
        office.as_bytes(),
        row.address.as_bytes(),
        row.device.as_bytes(),
        row.detail.as_bytes(),
    ];
    keys.mac(&row.key_id, Purpose::Audit, &parts)
}

/// The keyed hash of the anchor, where the kept part of the audit trail begins.
pub(super) fn anchor_mac(keys: &KeyRing, key_id: &str, seq: i64, hash: &[u8]) -> Result<[u8; 32], Fault> {
    keys.mac(key_id, Purpose::AuditAnchor, &[&seq.to_be_bytes(), hash])
}
