//! Connects to every address of a service, all at once.

use std::time::Duration;

use keyway_chain::x509::Certificate;
use keyway_dns::digest;
use keyway_dns::rules::Kind;
use keyway_dns::rules::address_without_service::AddressWithoutService;
use keyway_dns::rules::other_certificate::OtherCertificate;
use keyway_dns::zone::Finding;
use keyway_report::Locus;

use crate::formats::outside::{Outside, ServedAt, ServedCertificate, Serves};
use crate::intent::{Place, Served, Unserved, served_at};
use crate::voice;

/// Where to connect to, and what for.
pub(super) struct Expected<'j> {
    /// The host to ask for, and its address.
    pub(super) place: Place,
    /// SHA-256 of the certificates that should be there.
    pub(super) certificates: Vec<&'j str>,
}

/// Connects to each, and says what is served there.
pub(super) fn connect(expected: Vec<Expected<'_>>, timeout: Duration, outside: &mut Outside) {
    let pairs = expected
        .into_iter()
        .map(|expected| (expected.place, expected.certificates));
    let (places, certificates): (Vec<Place>, Vec<Vec<&str>>) = pairs.unzip();
    let seen = served_at(&places, timeout, &|| {});
    for ((place, certificates), seen) in places.iter().zip(certificates).zip(seen) {
        let (at, kind) = tell(place, &certificates, seen);
        outside.served.push(at);
        outside.dns_findings.extend(kind.map(|kind| Finding {
            kind,
            at: Locus::default(),
        }));
    }
}

fn tell(
    place: &Place,
    certificates: &[&str],
    seen: Result<Served, Unserved>,
) -> (ServedAt, Option<Kind>) {
    let (host, address) = (place.host.clone(), place.address.to_string());
    let mut at = ServedAt {
        host: host.clone(),
        address: Some(address.clone()),
        standing: Serves::Unknown,
        certificate: None,
        why: None,
        codes: Vec::new(),
    };
    let kind: Option<Kind> = match seen {
        Ok(served) => {
            let certificate = certificate(&served);
            at.standing = match certificates {
                [] => Serves::Seen,
                ours if ours.contains(&certificate.sha256.as_str()) => Serves::Same,
                _ => Serves::Other,
            };
            let other = certificates.first();
            let other = other.filter(|_| at.standing == Serves::Other);
            let kind = other.map(|ours| OtherCertificate {
                name: host,
                address,
                served: certificate.sha256.clone(),
                on_disk: (*ours).to_owned(),
            });
            at.certificate = Some(certificate);
            kind.map(Into::into)
        }
        Err(unserved) => {
            at.standing = match unserved {
                Unserved::NoWay(_) => Serves::Unknown,
                Unserved::Nobody(_) => Serves::Nothing,
                Unserved::Silent(_) | Unserved::NoTls(_) | Unserved::Refused(_) => Serves::NoTls,
            };
            let why = voice::served::unserved(&unserved);
            at.why = Some(why.clone());
            let is_theirs = at.standing != Serves::Unknown;
            is_theirs.then(|| {
                let name = host;
                AddressWithoutService { name, address, why }.into()
            })
        }
    };
    at.codes.extend(kind.iter().map(|kind| code(kind)));
    (at, kind)
}

fn code(kind: &Kind) -> &'static str {
    use keyway_report::Kind as _;
    kind.rule().code
}

fn certificate(served: &Served) -> ServedCertificate {
    let read = Certificate::read(&served.der).ok();
    ServedCertificate {
        sha256: digest::show(&served.sha256),
        subject: read.as_ref().map(|read| read.subject.text().to_owned()),
        not_after: read.map(|read| read.not_after),
    }
}
