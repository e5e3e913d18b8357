//! Chrome, Edge and other browsers on Chromium.

use super::evidence::Evidence;
use super::{Claim, Family, not_logged};
use crate::x509::PublicKeyAlgorithm;

/// Longest validity of a certificate by a public CA, in days, since 2020-09-01
/// (`HasTooLongValidity` in Chromium's `net/cert/cert_verify_proc.cc`).
const MAX_DAYS: i64 = 398;

pub(super) const FAMILY: Family = Family {
    name: "Chrome and Edge",
    source: "Chromium: net/cert/cert_verify_proc_builtin.cc",
    enforces: &[],
    ignores: &[],
    refuses,
    missing,
};

fn refuses(evidence: &Evidence<'_, '_>) -> Option<Claim> {
    if evidence.leaf_key(&PublicKeyAlgorithm::Ed25519) {
        return Some(Claim::no(
            "It does not offer Ed25519 for certificates.",
            "golang/go#47681",
        ));
    }
    if evidence.leaf_curve("P-521") {
        return Some(Claim::no(
            "It does not offer the curve P-521.",
            "BoringSSL: commit e9fc3e547e557492316932b62881c3386973ceb2",
        ));
    }
    let not_logged = not_logged(evidence, "Chrome Certificate Transparency Policy");
    if not_logged.is_some() {
        return not_logged;
    }
    (evidence.is_public() && evidence.days() > MAX_DAYS).then(|| {
        Claim::no(
            format!("It refuses more than {MAX_DAYS} days of validity by a public CA."),
            "Chromium: net/cert/cert_verify_proc.cc, HasTooLongValidity",
        )
    })
}

fn missing(evidence: &Evidence<'_, '_>) -> Claim {
    const SOURCE: &str = "Chromium: net/cert/internal/cert_issuer_source_aia.h";
    match evidence.fetch_from() {
        Some(uri) => Claim::unknown(
            format!(
                "It fetches the missing certificate from {uri} and accepts when that leads to a \
                 trusted root."
            ),
            SOURCE,
        ),
        None => Claim::no(
            "It fetches missing certificates, but this one does not say where its issuer is.",
            SOURCE,
        ),
    }
}
