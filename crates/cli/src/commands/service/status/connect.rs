//! Connects to every address of a service, all at once, and judges what is sent there.

use std::time::Duration;

use keyway_chain::x509::Certificate;
use keyway_config::Service;
use keyway_config::model::ProtocolVersion;
use keyway_dns::verify::{At, Expected as Rules, Version, at_address};
use keyway_dns::zone::Finding;
use keyway_report::{Timestamp, Verdict};

use super::clients::Clients;
use super::outside::Look;
use crate::failure::Failure;
use crate::formats::outside::{Outside, ServedAt, ServedCertificate, Serves};
use crate::formats::status::oldest;
use crate::intent::service::Leaf;
use crate::intent::{Place, Served, Unserved, fingerprint, served_at};
use crate::voice;

/// Where to connect to, and what for.
pub(super) struct Expected {
    /// The host, as the file has it.
    pub(super) host: String,
    /// The name to ask for, and its address.
    pub(super) place: Place,
    /// The certificates that should be there.
    pub(super) certificates: Vec<Leaf>,
    /// Whether DNS leads there.
    pub(super) is_led: bool,
}

/// Connects to each, and says what is served there.
pub(super) fn connect(
    expected: Vec<Expected>,
    look: &Look<'_>,
    outside: &mut Outside,
) -> Result<(), Failure> {
    let (mut places, mut wanted) = (Vec::new(), Vec::new());
    for Expected {
        host,
        place,
        certificates,
        is_led,
    } in expected
    {
        places.push(place);
        wanted.push((host, certificates, is_led));
    }
    let timeout = Duration::from_secs(look.arguments.timeout);
    let seen = served_at(&places, timeout, &|| {});
    let mut teller = Teller {
        // Nothing that came is nothing to judge: roots that are not there are not missed.
        clients: if seen.iter().any(has_certificate) {
            Some(Clients::new(look.trust)?)
        } else {
            None
        },
        oldest: spoken(look.service),
        is_disabled: look.is_disabled(),
        now: look.now,
    };
    for ((place, (host, certificates, is_led)), seen) in places.iter().zip(wanted).zip(seen) {
        let (mut at, findings) = teller.tell(place, &host, &certificates, &seen);
        at.is_led = is_led;
        outside.served.push(at);
        outside.dns_findings.extend(findings);
    }
    Ok(())
}

/// The oldest version that the service allows, of those that were offered.
fn spoken(service: &Service) -> Version {
    if oldest(service) >= ProtocolVersion::Tls13 {
        Version::Tls13
    } else {
        Version::Tls12
    }
}

fn has_certificate(seen: &Result<Served, Unserved>) -> bool {
    match seen {
        Ok(_) => true,
        Err(unserved) => !unserved.chain().is_empty(),
    }
}

struct Teller {
    clients: Option<Clients>,
    oldest: Version,
    is_disabled: bool,
    now: Timestamp,
}

impl Teller {
    fn tell(
        &mut self,
        place: &Place,
        host: &str,
        ours: &[Leaf],
        seen: &Result<Served, Unserved>,
    ) -> (ServedAt, Vec<Finding>) {
        let mut at = ServedAt {
            host: host.to_owned(),
            address: Some(place.address.to_string()),
            is_led: true,
            standing: Serves::Unknown,
            version: None,
            certificate: None,
            why: seen.as_ref().err().map(voice::served::unserved),
            codes: Vec::new(),
        };
        let (chain, told) = match seen {
            Ok(served) => (served.chain.as_slice(), Some(Ok(served.shown()))),
            Err(unserved) => (unserved.chain(), unserved.told().map(Err)),
        };
        (at.certificate, at.codes) = self.certificate(place, chain, ours);
        at.standing = match seen {
            Ok(served) => {
                at.version = Some(served.version.text());
                let is_same = |leaf: &Leaf| leaf.sha256 == served.sha256;
                match ours {
                    [] => Serves::Seen,
                    ours if ours.iter().any(is_same) => Serves::Same,
                    _ => Serves::Other,
                }
            }
            Err(Unserved::NoWay(_)) => Serves::Unknown,
            Err(Unserved::Nobody(_)) => Serves::Nothing,
            Err(_) => Serves::NoTls,
        };
        let findings = told.map_or_else(Vec::new, |served| {
            let rules = Rules {
                certificates: ours.iter().map(|leaf| leaf.sha256.clone()).collect(),
                oldest: self.oldest,
            };
            let address = place.address;
            at_address(host, &At { address, served }, &rules)
        });
        // Where TLS is disabled nothing has to be there, and what is there is told as it is.
        if self.is_disabled {
            at.codes.clear();
            return (at, Vec::new());
        }
        let rules = findings.iter().map(Finding::code);
        at.codes.splice(0..0, rules);
        (at, findings)
    }

    /// The first of what was sent, and the rules by which clients refuse it.
    fn certificate(
        &mut self,
        place: &Place,
        chain: &[Vec<u8>],
        ours: &[Leaf],
    ) -> (Option<ServedCertificate>, Vec<&'static str>) {
        let Some(first) = chain.first() else {
            return (None, Vec::new());
        };
        let clients = self.clients.as_mut();
        let (accepted, codes) = clients.map_or((Verdict::Unknown, Vec::new()), |clients| {
            clients.say(&place.host, chain)
        });
        let read = Certificate::read(first).ok();
        let read = read.as_ref();
        let newest = ours.iter().map(|leaf| leaf.not_before).max();
        let certificate = ServedCertificate {
            sha256: fingerprint(first),
            subject: read.map(|read| read.subject.text().to_owned()),
            not_before: read.map(|read| read.not_before),
            not_after: read.map(|read| read.not_after),
            sent: chain.len(),
            accepted,
            is_expired: read.is_some_and(|read| read.not_after < self.now),
            is_older: read
                .is_some_and(|read| newest.is_some_and(|newest| read.not_before < newest)),
        };
        (Some(certificate), codes)
    }
}
