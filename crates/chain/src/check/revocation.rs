//! Revocation lists as facts, and which certificate of a path each speaks about.
//!
//! rustls-webpki asks the first list that it can read and that covers a certificate; what it cannot
//! read it never sees. The rules want to know about all of them. Which of several is relied on is
//! said in `reliance`.

use std::collections::BTreeSet;

use keyway_report::{Timestamp, escape};
use webpki::BorrowedCertRevocationList;
use x509_parser::asn1_rs::FromDer;
use x509_parser::extensions::{
    DistributionPointName, GeneralName, IssuingDistributionPoint, ParsedExtension, X509Extension,
};
use x509_parser::revocation_list::CertificateRevocationList;

use super::PathView;
use crate::algorithms::{Memo, Outcome, PublicKey, Signed};
use crate::read::{Bundle, HeldCrl, Source};
use crate::x509::{Certificate, DistinguishedName, minimal, oids, revocation_reason};

/// One line of a list, kept when it names the serial number of a certificate that was given.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// In the shortest form: a number written with needless zeros is the same number.
    serial: Vec<u8>,
    /// When it was revoked.
    pub(crate) date: Timestamp,
    /// Why, in RFC 5280's word, when the list says so.
    pub(crate) reason: Option<&'static str>,
}

/// A list, without the lines that concern nobody here.
#[derive(Debug, Clone)]
pub(crate) struct List {
    /// Index into the bundle's lists.
    pub(crate) index: usize,
    /// Name of the input it came from, escaped.
    pub(crate) input: String,
    /// Where it stands.
    pub(crate) source: Option<Source>,
    /// Who issued it.
    pub(crate) issuer: DistinguishedName,
    /// When it was issued.
    pub(crate) this_update: Timestamp,
    /// When the next one is due.
    pub(crate) next_update: Option<Timestamp>,
    /// Why rustls-webpki cannot use it.
    pub(crate) refusal: Option<webpki::Error>,
    /// What it lacks of what RFC 5280 demands of every list.
    pub(crate) omissions: Vec<&'static str>,
    /// Which key its authority key identifier says that it is signed with.
    pub(crate) key_id: Option<Vec<u8>>,
    /// Whether that extension is critical.
    pub(crate) has_critical_key_id: bool,
    entries: Vec<Entry>,
    scope: Scope,
}

#[derive(Debug, Clone, Default)]
struct Scope {
    leaves_only: bool,
    issuers_only: bool,
    uris: Vec<String>,
}

/// All lists that were given.
#[derive(Debug, Default)]
pub(crate) struct Revocation {
    lists: Vec<List>,
}

/// A list and the certificate of a path that it covers.
pub(crate) struct Coverage<'a> {
    /// Position on the path.
    pub(crate) position: usize,
    /// The list.
    pub(crate) list: &'a List,
    /// Whether the key of that certificate's issuer made the list's signature.
    pub(crate) signature: Outcome,
    /// What the list says of the certificate.
    pub(crate) entry: Option<&'a Entry>,
}

impl Revocation {
    /// Reads the bundle's lists. One that x509-parser cannot read never got into the bundle.
    pub(super) fn read(bundle: &Bundle) -> Self {
        let wanted: BTreeSet<&[u8]> = bundle
            .certificates
            .iter()
            .map(|held| minimal(&held.certificate.serial))
            .collect();
        let lists = bundle
            .crls
            .iter()
            .enumerate()
            .filter_map(|(index, held)| List::read(bundle, index, held, &wanted))
            .collect();
        Self { lists }
    }

    /// The lists.
    pub(crate) fn lists(&self) -> &[List] {
        &self.lists
    }

    /// Which list covers which certificate of a path; the anchor is beyond revocation.
    pub(crate) fn coverage<'a>(&'a self, view: &PathView<'_>) -> Vec<Coverage<'a>> {
        let mut out = Vec::new();
        if self.lists.is_empty() {
            return out;
        }
        for position in 0..view.len() {
            let (Some(certificate), Some(key)) =
                (view.certificate(position), view.key(position + 1))
            else {
                continue;
            };
            for list in self
                .lists
                .iter()
                .filter(|l| l.covers(certificate, position))
            {
                out.push(Coverage {
                    position,
                    list,
                    signature: list.signed_by(view.bundle, view.memo, key),
                    entry: list.entry_of(certificate),
                });
            }
        }
        out
    }
}

impl List {
    fn read(
        bundle: &Bundle,
        index: usize,
        held: &HeldCrl,
        wanted: &BTreeSet<&[u8]>,
    ) -> Option<Self> {
        let (_, parsed) = CertificateRevocationList::from_der(&held.der).ok()?;
        let entries = parsed
            .iter_revoked_certificates()
            .filter(|entry| wanted.contains(minimal(entry.raw_serial())))
            .map(|entry| Entry {
                serial: minimal(entry.raw_serial()).to_vec(),
                date: Timestamp::from_seconds(entry.revocation_date.timestamp()),
                reason: entry
                    .reason_code()
                    .and_then(|(_, code)| revocation_reason(code.0)),
            })
            .collect();
        let input = held
            .sources
            .first()
            .and_then(|source| bundle.inputs.get(source.input))
            .map_or_else(String::new, |input| escape::text(&input.name));
        Some(Self {
            index,
            input,
            source: held.sources.first().cloned(),
            issuer: DistinguishedName::of(parsed.issuer()),
            this_update: Timestamp::from_seconds(parsed.last_update().timestamp()),
            next_update: parsed
                .next_update()
                .map(|time| Timestamp::from_seconds(time.timestamp())),
            refusal: refusal(&held.der),
            omissions: omissions(&parsed),
            key_id: key_id(&parsed),
            has_critical_key_id: find(&parsed, oids::AUTHORITY_KEY_ID)
                .is_some_and(|extension| extension.critical),
            entries,
            scope: Scope::read(&parsed),
        })
    }

    /// Whether it is in force: it has begun, and the next one is not due. rustls-webpki counts a list
    /// as over at the very second of nextUpdate.
    pub(crate) fn is_current(&self, now: Timestamp) -> bool {
        self.this_update <= now && self.next_update.is_none_or(|due| now < due)
    }

    /// Whether it is about certificates of this issuer, of this kind, with these distribution
    /// points (RFC 5280, section 6.3.3 (b)).
    fn covers(&self, certificate: &Certificate, position: usize) -> bool {
        let scope = &self.scope;
        if self.issuer.der() != certificate.issuer.der()
            || (scope.leaves_only && position > 0)
            || (scope.issuers_only && position == 0)
        {
            return false;
        }
        let points = &certificate.extensions.crl_distribution_points;
        scope.uris.is_empty()
            || points.is_empty()
            || points.iter().any(|point| scope.uris.contains(point))
    }

    /// What it says of a certificate.
    fn entry_of(&self, certificate: &Certificate) -> Option<&Entry> {
        let serial = minimal(&certificate.serial);
        self.entries.iter().find(|entry| entry.serial == serial)
    }

    /// Whether this key, as contents octets of its `SubjectPublicKeyInfo`, made its signature.
    pub(super) fn signed_by(&self, bundle: &Bundle, memo: &Memo<'_>, key: &[u8]) -> Outcome {
        let held = bundle.crls.get(self.index);
        let signed = held.and_then(|held| Signed::read(&held.der));
        match (PublicKey::read_contents(key), signed) {
            (Some(key), Some(signed)) => memo.verify_signed(key, signed),
            _ => Outcome::Invalid,
        }
    }
}

impl Scope {
    fn read(list: &CertificateRevocationList<'_>) -> Self {
        let point =
            list.extensions()
                .iter()
                .find_map(|extension| match extension.parsed_extension() {
                    ParsedExtension::IssuingDistributionPoint(point) => Some(point),
                    _ => None,
                });
        point.map_or_else(Self::default, |point| Self {
            leaves_only: point.only_contains_user_certs,
            issuers_only: point.only_contains_ca_certs,
            uris: uris(point),
        })
    }
}

fn uris(point: &IssuingDistributionPoint<'_>) -> Vec<String> {
    let Some(DistributionPointName::FullName(names)) = &point.distribution_point else {
        return Vec::new();
    };
    names
        .iter()
        .filter_map(|name| match name {
            GeneralName::URI(uri) => Some((*uri).to_owned()),
            _ => None,
        })
        .collect()
}

/// rustls-webpki's answer to the list and each of its lines.
fn refusal(der: &[u8]) -> Option<webpki::Error> {
    match BorrowedCertRevocationList::from_der(der) {
        Ok(list) => list.into_iter().find_map(Result::err),
        Err(error) => Some(error),
    }
}

fn find<'a>(list: &'a CertificateRevocationList<'_>, oid: &[u8]) -> Option<&'a X509Extension<'a>> {
    let mut extensions = list.extensions().iter();
    extensions.find(|extension| extension.oid.as_bytes() == oid)
}

/// `keyIdentifier` of the authority key identifier.
fn key_id(list: &CertificateRevocationList<'_>) -> Option<Vec<u8>> {
    match find(list, oids::AUTHORITY_KEY_ID)?.parsed_extension() {
        ParsedExtension::AuthorityKeyIdentifier(id) => {
            id.key_identifier.as_ref().map(|id| id.0.to_vec())
        }
        _ => None,
    }
}

/// What RFC 5280, sections 5.1 and 5.2, demands of every list, and this one lacks.
fn omissions(list: &CertificateRevocationList<'_>) -> Vec<&'static str> {
    let mut out = Vec::new();
    let mut demand = |holds: bool, what: &'static str| {
        if !holds {
            out.push(what);
        }
    };
    let number = find(list, oids::CRL_NUMBER);
    let key_id = find(list, oids::AUTHORITY_KEY_ID);
    let point = find(list, oids::ISSUING_DISTRIBUTION_POINT);
    let issuer = DistinguishedName::of(list.issuer());
    demand(
        list.version().is_some_and(|v| v.0 == 1),
        "version 2 (5.1.2.1)",
    );
    demand(!issuer.is_empty(), "an issuer name (5.1.2.3)");
    demand(list.next_update().is_some(), "nextUpdate (5.1.2.5)");
    demand(key_id.is_some(), "an authority key identifier (5.2.1)");
    demand(number.is_some(), "a CRL number (5.2.3)");
    demand(
        number.is_none_or(|n| !n.critical),
        "a CRL number that is not critical (5.2.3)",
    );
    demand(
        point.is_none_or(|point| point.critical),
        "a critical issuing distribution point (5.2.5)",
    );
    out
}
