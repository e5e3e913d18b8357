//! Certificates by name, for hosts and askers that may be anything.

use std::net::IpAddr;

use keyway_report::Timestamp;
use keyway_termination::store::Asked;
use keyway_termination::{CertificateStore, Entry, EntryError};
use rustls::SignatureScheme;

use crate::pairs::PAIRS;

/// Certificates in a store, and hosts of each.
const MOST: usize = 12;

/// What clients verify: both kinds of keys, one of them, none.
const SCHEMES: [&[SignatureScheme]; 4] = [
    &[
        SignatureScheme::ECDSA_NISTP256_SHA256,
        SignatureScheme::RSA_PSS_SHA256,
    ],
    &[SignatureScheme::ECDSA_NISTP256_SHA256],
    &[SignatureScheme::RSA_PSS_SHA256],
    &[SignatureScheme::ED25519],
];

/// A certificate as the model has it: whether its key is an RSA key, its number, and its hosts.
struct Held {
    is_rsa: bool,
    number: u8,
    hosts: Vec<String>,
}

/// A line that begins with `?` asks for the name behind it, one that begins with `!` puts what was read since the
/// last into the store; any other is a certificate: `r` for RSA, and its hosts, between spaces. Who asks gets what a
/// model says that looks at every host in turn, before and after the store is swapped, and a host that is refused
/// is none.
pub fn resolver(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut stores = [false, true].map(|has_default| {
        let store = CertificateStore::new(&[]);
        if has_default {
            store.with_default()
        } else {
            store
        }
    });
    let mut number = 0_u8;
    let (mut next, mut next_held): (Vec<Entry>, Vec<Held>) = (Vec::new(), Vec::new());
    let mut held: Vec<Held> = Vec::new();
    for line in text.lines() {
        if let Some(asked) = line.strip_prefix('?') {
            for (store, has_default) in stores.iter_mut().zip([false, true]) {
                asks(store, has_default, &held, asked);
            }
        } else if line.starts_with('!') {
            stores.iter().for_each(|store| store.swap(&next));
            next.clear();
            held = std::mem::take(&mut next_held);
        } else if next.len() < MOST {
            let mut words = line.split(' ');
            let is_rsa = words.next() == Some("r");
            let hosts: Vec<&str> = words.take(MOST).collect();
            match Entry::new(hosts.iter().copied(), &PAIRS[usize::from(is_rsa)]) {
                Ok(entry) => {
                    next.push(entry.with_ocsp(vec![number], None));
                    next_held.push(Held {
                        is_rsa,
                        number,
                        hosts: hosts.into_iter().map(plain).collect(),
                    });
                    number = number.wrapping_add(1);
                }
                Err(EntryError::NoHost) => assert!(hosts.is_empty()),
                Err(EntryError::NotAHost(host)) => {
                    assert!(hosts.contains(&host.as_str()), "{host:?} was not given");
                    assert!(host.parse::<IpAddr>().is_err() && !keyway_config::is_host(&host));
                }
                Err(other) => panic!("{other}"),
            }
        }
    }
}

/// A host as it is compared: an address or a name, in one way of writing.
fn plain(host: &str) -> String {
    let bare = host.trim_matches(['[', ']']);
    match bare.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().to_string(),
        Err(_) => {
            let host = keyway_config::ascii_host(host.trim_end_matches('.'));
            host.to_ascii_lowercase()
        }
    }
}

fn asks(store: &CertificateStore, has_default: bool, held: &[Held], asked: &str) {
    let address = asked.parse::<IpAddr>().ok();
    let question = || address.map_or(Asked::Name(asked), Asked::Address);
    // Who signs at less cost first.
    let mut order: Vec<&Held> = held.iter().collect();
    order.sort_by_key(|held| held.is_rsa);
    let of = |host: &str| -> Vec<&Held> {
        let times = |held: &&Held| held.hosts.iter().filter(|known| *known == host).count();
        let held = order.iter().copied();
        held.flat_map(|held| std::iter::repeat_n(held, times(&held)))
            .collect()
    };
    let mut found = match address {
        Some(address) => of(&address.to_canonical().to_string()),
        None => named(&of, asked),
    };
    if found.is_empty() && has_default {
        let first = held.first().and_then(|held| held.hosts.first());
        found = first.map_or(Vec::new(), |host| of(host));
    }
    assert_eq!(store.holds(question()), !found.is_empty(), "{asked:?}");
    for schemes in SCHEMES {
        let fits = |held: &&&Held| {
            schemes.contains(&if held.is_rsa {
                SignatureScheme::RSA_PSS_SHA256
            } else {
                SignatureScheme::ECDSA_NISTP256_SHA256
            })
        };
        let expected = found.iter().find(fits).or(found.first());
        let picked = store.pick(question(), schemes, Timestamp::from_seconds(0));
        let number = picked.and_then(|key| key.ocsp.clone());
        assert_eq!(number, expected.map(|held| vec![held.number]), "{asked:?}");
    }
}

/// By its own name, or else by a wildcard for its first label (RFC 9525, section 6.3). An address is no name.
fn named<'h>(of: &impl Fn(&str) -> Vec<&'h Held>, asked: &str) -> Vec<&'h Held> {
    let asked = asked.to_ascii_lowercase();
    let is_wildcard = asked.starts_with("*.");
    let own = if is_wildcard { Vec::new() } else { of(&asked) };
    match asked.split_once('.') {
        Some((label, base)) if own.is_empty() && !label.is_empty() => of(&format!("*.{base}")),
        _ => own,
    }
}
