//! What the kit calls good is good to an independent verifier, in every family of keys.

use std::time::Duration;

use keyway_testkit::{Certificate, Chain, Digest, HOST, KeyKind, NOW};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage, anchor_from_trusted_cert};

/// The verdict of rustls-webpki on the chain, at [`NOW`], for [`HOST`].
fn verify(leaf: &Certificate, between: &[&Certificate], root: &Certificate) -> Result<(), String> {
    let anchor_der = CertificateDer::from(root.der());
    let anchors = [anchor_from_trusted_cert(&anchor_der).map_err(|error| error.to_string())?];
    let between: Vec<_> = between
        .iter()
        .map(|one| CertificateDer::from(one.der()))
        .collect();
    let leaf_der = CertificateDer::from(leaf.der());
    let leaf = EndEntityCert::try_from(&leaf_der).map_err(|error| error.to_string())?;
    let now = UnixTime::since_unix_epoch(Duration::from_secs(NOW.unsigned_abs()));
    let usage = KeyUsage::server_auth();
    leaf.verify_for_usage(
        ALL_VERIFICATION_ALGS,
        &anchors,
        &between,
        now,
        usage,
        None,
        None,
    )
    .map_err(|error| format!("{error:?}"))?;
    let host = ServerName::try_from(HOST).map_err(|error| error.to_string())?;
    leaf.verify_is_valid_for_subject_name(&host)
        .map_err(|error| format!("{error:?}"))
}

fn verdict(chain: &Chain) -> Result<(), String> {
    verify(&chain.leaf, &[&chain.issuing, &chain.policy], &chain.root)
}

#[test]
fn the_good_chain_verifies() {
    assert_eq!(verdict(&Chain::good()), Ok(()));
    assert_eq!(verdict(&Chain::rsa()), Ok(()));
}

#[test]
fn every_kind_of_key_signs_and_is_signed() {
    for kind in [
        KeyKind::P256,
        KeyKind::P384,
        KeyKind::P521,
        KeyKind::Ed25519,
        KeyKind::Rsa2048,
        KeyKind::Rsa3072,
        KeyKind::Rsa4096,
    ] {
        let root = Certificate::root("Root of one kind").key(kind).build();
        let leaf = root.issue(HOST).key(kind).build();
        assert_eq!(verify(&leaf, &[], &root), Ok(()), "{kind:?}");
    }
}

#[test]
fn pss_signatures_verify_with_each_digest() {
    let root = Certificate::root("Root of PSS")
        .key(KeyKind::Rsa2048)
        .build();
    for digest in [Digest::Sha256, Digest::Sha384, Digest::Sha512] {
        let leaf = root.issue(HOST).digest(digest).pss().build();
        assert_eq!(verify(&leaf, &[], &root), Ok(()), "{digest:?}");
    }
}

#[test]
fn the_same_program_makes_the_same_bytes() {
    let (one, two) = (Chain::good(), Chain::good());
    assert_eq!(one.fullchain_pem(), two.fullchain_pem());
    assert_eq!(one.key_pem(), two.key_pem());
}

#[test]
fn a_cross_signed_root_leads_to_the_other_anchor() {
    let chain = Chain::good();
    let other = Certificate::root("Older Root")
        .key(KeyKind::Rsa2048)
        .build();
    let cross = other.cross_sign(&chain.root).build();
    assert_eq!(
        verify(
            &chain.leaf,
            &[&chain.issuing, &chain.policy, &cross],
            &other
        ),
        Ok(())
    );
}

#[test]
fn one_fault_is_the_fault_that_is_found() {
    let expired = Chain::with_leaf(|leaf| leaf.not_after(NOW - 1));
    assert!(verdict(&expired).is_err_and(|error| error.starts_with("CertExpired")));
    let broken = Chain::with_issuing(keyway_testkit::Draft::broken_signature);
    let error = verdict(&broken).expect_err("a broken signature");
    assert!(error.contains("InvalidSignatureForPublicKey"), "{error}");
}
