//! Keys of session tickets that several servers share (RFC 5077, section 5.5; RFC 8446, section 4.6.1).

use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use aws_lc_rs::digest::{Context, SHA256};
use keyway_config::model::ClientMode;
use rustls::server::ProducesTickets;
use rustls::time_provider::TimeProvider;

use crate::protocol::ClientCas;

/// How long a ticket is good, in seconds: as long as those of the keys that a server makes for itself.
const LIFETIME: u32 = 12 * 60 * 60;

/// Bytes of a key's name, which tells it from others.
const NAME: usize = 16;

/// Bytes of the key itself, for AES-256.
const KEY: usize = 32;

/// Bytes of what makes two encryptions differ.
const NONCE: usize = 12;

/// Why keys cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TicketKeyError {
    /// Not as long as one is.
    #[error(
        "{0} bytes are no ticket key: 48 or 80 random bytes are (`openssl rand 48 > ticket.key`)"
    )]
    Length(usize),
    /// Nobody made it up at random.
    #[error("all bytes are the same: a ticket key is random (`openssl rand 48 > ticket.key`)")]
    NotRandom,
    /// There is none.
    #[error("there is no ticket key")]
    None,
}

struct Key {
    name: [u8; NAME],
    key: RandomizedNonceKey,
}

/// Keys that are given: the first is written with, all are read with. Whoever gives them changes them; a key that is
/// never changed opens what it ever encrypted to whoever finds it.
struct Shared {
    keys: Vec<Key>,
    /// Whom a server lets in who has these keys: a ticket of one that lets in others is none here.
    terms: Vec<u8>,
    clock: Arc<dyn TimeProvider>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

/// What writes and reads tickets by these keys. Each is 48 bytes, a name of 16 and a key of 32; of 80, as nginx has
/// them, the last 32 are the key. Whoever comes with a ticket is not asked for a certificate again: so a ticket is
/// good only where clients are judged by the same CAs and lists.
///
/// # Errors
/// [`TicketKeyError`]: no key, or one that is none.
pub fn shared(
    keys: &[impl AsRef<[u8]>],
    mode: ClientMode,
    clients: &ClientCas,
    clock: &Arc<dyn TimeProvider>,
) -> Result<Arc<dyn ProducesTickets>, TicketKeyError> {
    if keys.is_empty() {
        return Err(TicketKeyError::None);
    }
    let keys: Result<Vec<Key>, TicketKeyError> =
        keys.iter().map(|key| read(key.as_ref())).collect();
    Ok(Arc::new(Shared {
        keys: keys?,
        terms: terms(mode, clients),
        clock: Arc::clone(clock),
    }))
}

fn terms(mode: ClientMode, clients: &ClientCas) -> Vec<u8> {
    let roots = clients.roots.iter().map(AsRef::<[u8]>::as_ref);
    let lists = clients.revoked.iter().map(AsRef::<[u8]>::as_ref);
    let mut all = Context::new(&SHA256);
    all.update(&[mode as u8]);
    for (kind, der) in roots.map(|der| (0, der)).chain(lists.map(|der| (1, der))) {
        all.update(&[kind]);
        all.update(&der.len().to_be_bytes());
        all.update(der);
    }
    all.finish().as_ref().to_vec()
}

impl Shared {
    /// What is encrypted with a ticket, and not in it.
    fn beside(&self, name: &[u8; NAME]) -> Aad<Vec<u8>> {
        Aad::from([name.as_slice(), &self.terms].concat())
    }
}

fn read(bytes: &[u8]) -> Result<Key, TicketKeyError> {
    let wrong = TicketKeyError::Length(bytes.len());
    if !matches!(bytes.len(), 48 | 80) {
        return Err(wrong);
    }
    if bytes.iter().all(|byte| *byte == bytes[0]) {
        return Err(TicketKeyError::NotRandom);
    }
    let name = bytes.first_chunk::<NAME>().ok_or(wrong)?;
    let key = bytes.last_chunk::<KEY>().ok_or(wrong)?;
    let key = RandomizedNonceKey::new(&AES_256_GCM, key).map_err(|_| wrong)?;
    Ok(Key { name: *name, key })
}

impl ProducesTickets for Shared {
    fn enabled(&self) -> bool {
        true
    }

    fn lifetime(&self) -> u32 {
        LIFETIME
    }

    fn encrypt(&self, plain: &[u8]) -> Option<Vec<u8>> {
        let Key { name, key } = self.keys.first()?;
        let now = self.clock.current_time()?.as_secs();
        let mut sealed = [&now.to_be_bytes(), plain].concat();
        let nonce = key
            .seal_in_place_append_tag(self.beside(name), &mut sealed)
            .ok()?;
        Some([name.as_slice(), nonce.as_ref(), &sealed].concat())
    }

    fn decrypt(&self, ticket: &[u8]) -> Option<Vec<u8>> {
        let (name, rest) = ticket.split_first_chunk::<NAME>()?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE>()?;
        let mut named = self.keys.iter().filter(|key| key.name == *name);
        named.find_map(|Key { key, .. }| {
            let mut opened = sealed.to_vec();
            let nonce = Nonce::from(nonce);
            let plain = key.open_in_place(nonce, self.beside(name), &mut opened);
            let (made, plain) = plain.ok()?.split_first_chunk()?;
            // Whoever made it may be a little ahead.
            let now = self.clock.current_time()?.as_secs();
            let age = now.saturating_sub(u64::from_be_bytes(*made));
            (age < u64::from(LIFETIME)).then(|| plain.to_vec())
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rustls::pki_types::UnixTime;

    use super::*;

    fn shared(keys: &[Vec<u8>]) -> Result<Arc<dyn ProducesTickets>, TicketKeyError> {
        super::shared(keys, ClientMode::None, &ClientCas::default(), &at(0))
    }

    #[derive(Debug)]
    struct Moment(u64);

    impl TimeProvider for Moment {
        fn current_time(&self) -> Option<UnixTime> {
            Some(UnixTime::since_unix_epoch(Duration::from_secs(self.0)))
        }
    }

    fn at(seconds: u64) -> Arc<dyn TimeProvider> {
        Arc::new(Moment(seconds))
    }

    #[test]
    fn a_ticket_ends() {
        let of = |seconds| {
            let clients = ClientCas::default();
            super::shared(&[key(1, 48)], ClientMode::None, &clients, &at(seconds)).unwrap()
        };
        let ticket = of(1000).encrypt(b"session").unwrap();
        let end = 1000 + u64::from(LIFETIME);
        assert!(of(end - 1).decrypt(&ticket).is_some());
        assert!(of(end).decrypt(&ticket).is_none());
    }

    #[test]
    fn a_ticket_is_good_only_where_clients_are_judged_alike() {
        let of = |mode, roots: &[&'static [u8]]| {
            let clients = ClientCas {
                roots: roots.iter().map(|&der| der.into()).collect(),
                revoked: Vec::new(),
            };
            super::shared(&[key(1, 48)], mode, &clients, &at(0)).unwrap()
        };
        let ticket = of(ClientMode::Required, &[b"a"])
            .encrypt(b"session")
            .unwrap();
        let reads = |mode, roots: &[&'static [u8]]| of(mode, roots).decrypt(&ticket).is_some();
        assert!(reads(ClientMode::Required, &[b"a"]));
        assert!(!reads(ClientMode::Optional, &[b"a"]));
        assert!(!reads(ClientMode::Required, &[b"b"]));
        assert!(!reads(ClientMode::Required, &[b"a", b"b"]));
    }

    fn key(number: u8, length: u8) -> Vec<u8> {
        (0..length).map(|byte| byte ^ number).collect()
    }

    #[test]
    fn servers_with_one_key_read_each_other_s_tickets() {
        for length in [48, 80] {
            let (one, other) = (
                shared(&[key(1, length)]).unwrap(),
                shared(&[key(1, length)]).unwrap(),
            );
            let ticket = one.encrypt(b"secrets of a session").unwrap();
            assert_eq!(other.decrypt(&ticket).unwrap(), b"secrets of a session");
            assert_ne!(ticket, one.encrypt(b"secrets of a session").unwrap());
        }
    }

    #[test]
    fn a_key_that_was_replaced_is_read_with_and_not_written_with() {
        let before = shared(&[key(1, 48)]).unwrap();
        let ticket = before.encrypt(b"session").unwrap();
        let after = shared(&[key(2, 48), key(1, 48)]).unwrap();
        assert_eq!(after.decrypt(&ticket).unwrap(), b"session");
        assert_eq!(before.decrypt(&after.encrypt(b"session").unwrap()), None);
    }

    #[test]
    fn a_ticket_that_was_changed_or_cut_is_none() {
        let tickets = shared(&[key(1, 48)]).unwrap();
        let ticket = tickets.encrypt(b"session").unwrap();
        for place in 0..ticket.len() {
            let mut changed = ticket.clone();
            changed[place] ^= 1;
            assert_eq!(tickets.decrypt(&changed), None);
            assert_eq!(tickets.decrypt(&ticket[..place]), None);
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let refused = |bytes: Vec<u8>| shared(&[bytes]).unwrap_err();
        assert_eq!(refused(vec![]), TicketKeyError::Length(0));
        assert_eq!(refused(key(1, 64)), TicketKeyError::Length(64));
        assert_eq!(refused(vec![0; 48]), TicketKeyError::NotRandom);
        assert_eq!(shared(&[]).unwrap_err(), TicketKeyError::None);
    }
}
