//! The question of a check, put to rustls-webpki without our code between.

use std::time::Duration;

use keyway_chain::check::Node;
use keyway_chain::{Bundle, Purpose, Report, algorithms};
use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{
    BorrowedCertRevocationList, CertRevocationList, EndEntityCert, Error, ExpirationPolicy,
    KeyUsage, RevocationCheckDepth, RevocationOptionsBuilder, UnknownStatusPolicy, VerifiedPath,
};

use crate::material::ROOT;

/// What is asked beside the bundle.
pub(crate) struct Question {
    pub(crate) mozilla: bool,
    pub(crate) purpose: Purpose,
    /// The name asked for.
    pub(crate) host: Option<&'static str>,
    pub(crate) now: i64,
    /// Intermediates that are not self-issued.
    pub(crate) max_intermediates: Option<u8>,
}

/// Lists whose every order is tried: of two that cover a certificate webpki believes the first, and
/// which one that should be is for us to say. With more, revocation is not asked about.
const MOST_LISTS: usize = 4;

/// Panics where rustls-webpki does not accept what a report says is accepted.
pub(crate) fn accepts(bundle: &Bundle, report: &Report, question: &Question) {
    let Some(Node::Held(leaf)) = report.path().nodes.first() else {
        panic!("accepted without a leaf");
    };
    let der =
        |index: usize| CertificateDer::from(bundle.certificates[index].certificate.der().as_ref());
    let others: Vec<CertificateDer<'_>> = (0..bundle.certificates.len())
        .filter(|index| index != leaf)
        .map(der)
        .collect();
    let leaf = der(*leaf);
    let leaf = EndEntityCert::try_from(&leaf).expect("accepted, so webpki opens it");
    let lists: Vec<CertRevocationList<'_>> = bundle
        .crls
        .iter()
        .filter_map(|crl| BorrowedCertRevocationList::from_der(&crl.der).ok())
        .map(Into::into)
        .collect();
    let verified: Vec<Result<(), Error>> = orders(&lists)
        .iter()
        .map(|order| verify(&leaf, &others, order, question))
        .collect();
    assert!(verified.contains(&Ok(())), "webpki refuses: {verified:?}");
    if let Some(host) = question.host {
        let host = rustls_pki_types::ServerName::try_from(host).expect("a DNS name");
        let named = leaf.verify_is_valid_for_subject_name(&host);
        assert!(named.is_ok(), "webpki refuses: {named:?}");
    }
}

fn verify(
    leaf: &EndEntityCert<'_>,
    others: &[CertificateDer<'_>],
    lists: &[&CertRevocationList<'_>],
    question: &Question,
) -> Result<(), Error> {
    let root = CertificateDer::from(ROOT);
    let mut anchors: Vec<TrustAnchor<'_>> =
        vec![webpki::anchor_from_trusted_cert(&root).expect("the test root")];
    if question.mozilla {
        anchors.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    let usage = match question.purpose {
        Purpose::Server => KeyUsage::server_auth(),
        Purpose::Client => KeyUsage::client_auth(),
    };
    let revocation = RevocationOptionsBuilder::new(lists).ok().map(|builder| {
        builder
            .with_depth(RevocationCheckDepth::Chain)
            .with_status_policy(UnknownStatusPolicy::Allow)
            .with_expiration_policy(ExpirationPolicy::Enforce)
            .build()
    });
    let seconds = u64::try_from(question.now).expect("after 1970");
    let is_short = |path: &VerifiedPath<'_>| {
        let counted = path
            .intermediate_certificates()
            .filter(|certificate| certificate.subject() != certificate.issuer())
            .count();
        match question.max_intermediates {
            Some(most) if counted > usize::from(most) => Err(Error::UnknownIssuer),
            _ => Ok(()),
        }
    };
    leaf.verify_for_usage(
        algorithms::rustcrypto(),
        &anchors,
        others,
        UnixTime::since_unix_epoch(Duration::from_secs(seconds)),
        usage,
        revocation,
        Some(&is_short),
    )
    .map(drop)
}

/// Every order of the lists.
fn orders<'a, T>(lists: &'a [T]) -> Vec<Vec<&'a T>> {
    let mut orders = vec![Vec::new()];
    if lists.len() > MOST_LISTS {
        return orders;
    }
    for list in lists {
        orders = orders
            .iter()
            .flat_map(|order: &Vec<&'a T>| {
                (0..=order.len()).map(move |at| {
                    let mut longer = order.clone();
                    longer.insert(at, list);
                    longer
                })
            })
            .collect();
    }
    orders
}
