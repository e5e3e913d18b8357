//! Rule by rule: which families refuse for what it finds, whatever profile the check was asked for.
//!
//! The columns are those of [`super::FAMILIES`]; `n` refuses, `y` accepts all the same, `?` is not
//! known, `~` depends on what the row says. Of a rule the first row counts whose second word is empty
//! or is one of the two that [`super::facet`] has for the finding: where it is, and what kind it is.
//!
//! All columns but Safari's were measured: chains that a server sent were put to curl 7.88 and OpenSSL
//! 3.0, Python 3.11 as 3.13 sets it up, Go 1.27, JDK 17 and 25, GnuTLS 3.7, Chromium 156 and Firefox 153.
//! `tests/tests/clients` asks those again that are quick to install. A few cells are x509-limbo's, which
//! was put to Go, OpenSSL and GnuTLS. Safari's column is Apple's published source.

use super::stance::{Row, depends, row};

const ANCHOR: &str = "who verifies: curl, and Python since 3.13, end at any trusted certificate \
    (X509_V_FLAG_PARTIAL_CHAIN); other programs on OpenSSL look for a self-signed one above it";
const STAPLE: &str = "whether the server staples an answer of OCSP; without one it refuses";
const COMPARES: &str = "who compares names: curl does it itself, and OpenSSL's X509_check_host and \
    X509_check_ip do it otherwise";
const BOUND: &str =
    "whether the name constraints above it allow its common name, which is not judged here";
const CURL: &str = "curl, which refuses a leaf whose issuer has no name; OpenSSL itself does not";
const JDK: &str = "its version: JDK 17 accepts, 25 refuses";
const SHA1: &str =
    "who issued it: it refuses SHA-1 below the roots that come with it, not below others";
const POLICY: &str =
    "whether the path has the policies that a CA demands, which is not judged here";
const SIGNED: &str = "a signature that is not verified here with so short a key";

/// The table. Rules of severity error that decide `chains`, `named`, `timely` or `fit` are all in it, or
/// in [`ELSEWHERE`].
#[rustfmt::skip]
pub(super) static ROWS: &[Row] = &[
    // C Chrome, S Safari, F Firefox, O curl and OpenSSL, P Python, G Go, J Java, N GnuTLS
    //                                                              C S F  O P G  J N
    row("chain.aki-mismatch", "certificate",                       "y ? y  n n y  y y"),
    row("chain.aki-mismatch", "below root",                        "y n y  n n y  n n"),
    row("chain.aki-mismatch", "",                                  "y n y  n n y  y n"),
    depends("chain.bad-signature", "short key",                    "~ n ~  n n ~  ~ ~", SIGNED),
    row("chain.bad-signature", "",                                 "n n n  n n n  n n"),
    row("chain.ca-as-leaf", "no key usage",                        "y ? n  y n y  y y"),
    row("chain.ca-as-leaf", "",                                    "y ? n  y y y  y y"),
    row("chain.issuer-name-differs", "root in other letters",      "n ? n  y y n  y n"),
    row("chain.issuer-name-differs", "other letters",              "y ? n  y y n  y n"),
    row("chain.issuer-name-differs", "",                           "n n n  n n n  n n"),
    row("chain.malformed-name-constraints", "dot",                 "y ? y  y y y  y y"),
    row("chain.malformed-name-constraints", "distance",            "n ? n  y y y  y y"),
    row("chain.malformed-name-constraints", "no subtree",          "? ? ?  y y n  ? y"),
    row("chain.malformed-name-constraints", "",                    "? ? ?  ? ? ?  ? ?"),
    depends("chain.missing-intermediate", "itself trusted",        "n ? y  ~ y y  y y", ANCHOR),
    row("chain.missing-key-cert-sign", "empty",                    "n n n  n n y  n n"),
    row("chain.missing-key-cert-sign", "",                         "n n n  n n n  n n"),
    row("chain.name-constraints", "of the root",                   "n ? n  n n n  y n"),
    row("chain.name-constraints", "some of a wildcard",            "n ? n  y y n  y y"),
    row("chain.name-constraints", "address of the other family",   "n ? n  n n n  n y"),
    row("chain.name-constraints", "locator",                       "n ? n  n n n  n y"),
    row("chain.name-constraints", "directory",                     "n ? n  n n n  n y"),
    row("chain.name-constraints", "not comparable",                "? ? ?  n n n  ? y"),
    row("chain.name-constraints", "of an intermediate",            "? ? ?  n n n  ? y"),
    row("chain.name-constraints", "",                              "n n n  n n n  n n"),
    row("chain.no-path", "",                                       "n n n  n n n  n n"),
    row("chain.not-a-ca", "",                                      "n n n  n n n  n n"),
    row("chain.path-length", "limit of this check",                "y y y  y y y  y y"),
    row("chain.path-length", "limit of rustls",                    "? ? ?  y y y  y y"),
    row("chain.path-length", "root",                               "n n n  n n n  y n"),
    row("chain.path-length", "",                                   "n n n  n n n  n n"),
    row("chain.self-signed-leaf", "",                              "n n n  n n n  n n"),
    row("chain.twin-first", "",                                    "y ? y  n n y  y n"),
    depends("chain.unknown-root", "itself trusted",                "n ? y  ~ y y  y y", ANCHOR),
    row("chain.unknown-root", "",                                  "n n n  n n n  n n"),

    row("name.cn-not-in-san", "",                                  "y y y  y y y  y y"),
    depends("name.malformed", "address",                           "n ? y  y y n  ~ y", JDK),
    row("name.malformed", "not ASCII",                             "n ? y  y y n  y y"),
    row("name.malformed", "empty",                                 "y ? y  y y y  y n"),
    row("name.malformed", "",                                      "y ? y  y y y  y y"),
    row("name.mismatch", "common name",                            "n n n  y y n  y y"),
    depends("name.mismatch", "common name, constrained",       "n n n  ~ ~ n  ~ ~", BOUND),
    depends("name.mismatch", "common name beside an address",      "n n n  ~ y n  y n", COMPARES),
    row("name.mismatch", "common name beside a locator",           "n n n  y y n  y n"),
    depends("name.mismatch", "address in the form of IPv6",        "n n n  n n n  ~ n", JDK),
    depends("name.mismatch", "address as common name",             "n n n  ~ n n  n n", COMPARES),
    depends("name.mismatch", "dot at its end",                     "y ? n  ~ n n  n n", COMPARES),
    depends("name.mismatch", "wildcard within a label",            "n ? n  ~ n n  y n", COMPARES),
    depends("name.mismatch", "wildcard further on",                "n ? n  n n n  ~ n", JDK),
    row("name.mismatch", "broad wildcard",                         "n ? n  n n y  y n"),
    row("name.mismatch", "",                                       "n n n  n n n  n n"),
    row("name.no-san", "",                                         "n n n  y y n  y y"),
    row("name.underscore", "",                                     "y ? y  y y y  y y"),
    row("name.wildcard-public-suffix", "asked",                    "n ? y  y y y  y y"),
    row("name.wildcard-public-suffix", "",                         "y ? y  y y y  y y"),
    row("name.wildcard-too-deep", "",                              "n n n  n n n  n n"),

    row("policy.aki-issuer-and-serial", "",                        "y y y  y y y  y y"),
    depends("policy.aki-without-key-id", "root",                   "y y y  ~ y y  y y", ANCHOR),
    row("policy.aki-without-key-id", "",                           "y y y  y ? y  y y"),
    row("policy.algorithm-parameters", "key",                      "n ? n  y y n  y y"),
    row("policy.algorithm-parameters", "absent",                   "n ? y  y y y  y y"),
    row("policy.algorithm-parameters", "",                         "y ? y  y y y  y y"),
    row("policy.any-policy-mapped", "",                            "n ? y  y y n  n y"),
    row("policy.any-purpose", "",                                  "y y y  y y y  y y"),
    row("policy.critical-eku", "",                                 "y y y  y y y  y y"),
    row("policy.critical-san", "",                                 "y y y  y y y  y y"),
    row("policy.duplicate-extension", "",                          "n ? n  n n n  n n"),
    row("policy.empty-ca-subject", "root",                         "? n ?  ? n y  ? n"),
    row("policy.empty-ca-subject", "",                             "y n n  y n y  n y"),
    depends("policy.empty-issuer", "leaf",                         "y n n  ~ n y  n y", CURL),
    row("policy.empty-issuer", "",                                 "y n n  y n y  n y"),
    row("policy.empty-key-usage", "",                              "n ? n  n n y  n y"),
    row("policy.explicit-curve", "",                               "n ? n  n n n  n n"),
    row("policy.key-algorithm", "Ed25519",                         "n ? n  y y y  y y"),
    row("policy.key-algorithm", "Ed448",                           "n ? n  y y n  y y"),
    row("policy.key-algorithm", "",                                "? ? ?  ? ? ?  ? ?"),
    row("policy.key-usage-without-ca", "",                         "y y y  y n y  y y"),
    row("policy.leaf-name-constraints", "",                        "y y y  y y y  y y"),
    depends("policy.missing-aki", "root",                          "y y y  ~ y y  y y", ANCHOR),
    row("policy.missing-aki", "version 1",                         "y y y  y y y  y y"),
    row("policy.missing-aki", "",                                  "y y y  y n y  y y"),
    row("policy.missing-basic-constraints", "nsCertType",          "y ? ?  y n n  n y"),
    row("policy.missing-basic-constraints", "no key usage",        "y ? n  n n n  n y"),
    row("policy.missing-basic-constraints", "",                    "y ? n  y n n  n y"),
    row("policy.missing-eku", "",                                  "y y y  y y y  y y"),
    row("policy.missing-key-usage", "",                            "y y y  y n y  y y"),
    row("policy.missing-ski", "",                                  "y y y  y n y  y y"),
    row("policy.modulus-length", "",                               "y ? y  y y y  y y"),
    depends("policy.must-staple", "",                              "y ? ~  y y y  y ~", STAPLE),
    row("policy.netscape-cert-type", "",                           "y ? y  n n y  n y"),
    row("policy.no-digital-signature", "for nothing in TLS",       "n ? n  n n y  n n"),
    row("policy.no-digital-signature", "",                         "n ? y  y y y  n n"),
    row("policy.no-server-auth", "none",                           "n n n  n n y  n y"),
    row("policy.no-server-auth", "any in the leaf",                "y n n  n n y  y y"),
    row("policy.no-server-auth", "any",                            "y ? n  n n y  y n"),
    row("policy.no-server-auth", "leaf",                           "n n n  n n n  n n"),
    row("policy.no-server-auth", "",                               "n ? n  n n n  y n"),
    row("policy.not-critical", "basicConstraints",                 "y y y  y n y  y y"),
    row("policy.not-critical", "inhibitAnyPolicy",                 "y ? y  y y y  y y"),
    row("policy.not-critical", "policies held",                    "y ? y  y y y  y y"),
    row("policy.not-critical", "policies missed",                  "n ? y  y y n  n y"),
    depends("policy.not-critical", "policies",                     "~ ? y  y y ~  ~ y", POLICY),
    row("policy.not-critical", "",                                 "? ? ?  ? ? ?  ? ?"),
    row("policy.not-der", "serial",                                "y ? n  n n n  y y"),
    row("policy.not-der", "boolean",                               "n ? n  y y n  y y"),
    row("policy.not-der", "critical",                              "n ? y  y y y  y y"),
    row("policy.not-der", "",                                      "y ? y  y y y  y y"),
    row("policy.odd-exponent", "",                                 "? ? ?  ? ? ?  ? ?"),
    row("policy.path-length-without-ca", "",                       "y y y  y n y  y y"),
    row("policy.precertificate", "",                               "n n n  n n n  n n"),
    row("policy.repeated-policy", "",                              "n ? y  y y n  y y"),
    depends("policy.root-key-ids-differ", "",                      "y y y  ~ y y  y y", ANCHOR),
    row("policy.root-purposes", "others",                          "n ? n  n n n  y y"),
    row("policy.root-purposes", "",                                "y y y  y y y  y y"),
    row("policy.root-without-key-usage", "",                       "y y y  y n y  y y"),
    row("policy.san-not-critical", "",                             "n n y  y n y  n y"),
    row("policy.serial", "negative",                               "y ? y  y y n  y y"),
    row("policy.serial", "without any octet",                      "y ? n  n n n  n y"),
    row("policy.serial", "",                                       "y ? y  y y y  y y"),
    row("policy.signature-algorithms-differ", "",                  "n ? n  n n n  n n"),
    row("policy.unique-ids", "",                                   "y ? y  y y y  y y"),
    row("policy.unknown-critical", "nsCertType",                   "n ? y  y y n  n n"),
    row("policy.unknown-critical", "certificatePolicies",          "y y y  y y y  y y"),
    row("policy.unknown-critical", "inhibitAnyPolicy",             "y ? y  y y y  y y"),
    row("policy.unknown-critical", "policyMappings",               "y ? n  y y y  y n"),
    depends("policy.unknown-critical", "policyMappings and demands", "~ ? n  y y ~  ~ n", POLICY),
    row("policy.unknown-critical", "policies held",                "y ? y  y y y  y n"),
    row("policy.unknown-critical", "policies missed",              "n ? y  y y n  n n"),
    depends("policy.unknown-critical", "policies",                 "~ ? y  y y ~  ~ n", POLICY),
    row("policy.unknown-critical", "places of the issuer",         "n ? y  n n n  n y"),
    row("policy.unknown-critical", "of the standard",              "n ? n  n n n  n y"),
    row("policy.unknown-critical", "root",                         "n ? n  n n n  y n"),
    row("policy.unknown-critical", "",                             "n n n  n n n  n n"),
    row("policy.unreadable-extension", "",                         "? ? ?  ? ? ?  ? ?"),
    row("policy.unreadable-key", "",                               "n n n  n n n  n n"),
    row("policy.unsupported-signature", "Ed448",                   "n ? n  y y n  y y"),
    depends("policy.unsupported-signature", "sha224",              "n ? n  y y n  ~ y", JDK),
    depends("policy.unsupported-signature", "ecdsa-with-SHA224",   "n ? n  y y n  ~ y", JDK),
    row("policy.unsupported-signature", "",                        "? ? ?  ? ? ?  ? ?"),
    row("policy.version", "2",                                     "n ? y  y n n  n n"),
    row("policy.version", "root",                                  "y ? y  y n y  y y"),
    row("policy.version", "",                                      "? ? ?  y y ?  y y"),
    row("policy.weak-curve", "P-224",                              "n ? n  y y y  n y"),
    row("policy.weak-curve", "P-192",                              "n ? n  n n n  n y"),
    row("policy.weak-curve", "secp256k1",                          "n ? n  y y n  n n"),
    row("policy.weak-curve", "brainpool",                          "n ? n  y y n  n n"),
    row("policy.weak-curve", "",                                   "? ? ?  ? ? ?  ? ?"),
    row("policy.weak-key", "1024",                                 "y n y  n n y  y y"),
    row("policy.weak-key", "",                                     "? n ?  n n ?  ? ?"),
    depends("policy.weak-signature", "SHA-1",                      "n n n  n n n  ~ n", SHA1),
    row("policy.weak-signature", "SHA-1, own CA",                  "n n n  n n n  y n"),
    row("policy.weak-signature", "",                               "n n n  n n n  n n"),
    row("policy.wrongly-critical", "cRLDistributionPoints",        "n ? n  y y y  n y"),
    row("policy.wrongly-critical", "authorityInfoAccess",          "n ? y  n n n  n y"),
    row("policy.wrongly-critical", "",                             "n ? n  n n n  n y"),

    row("time.expired", "root",                                    "n ? n  n n n  y n"),
    row("time.expired", "",                                        "n n n  n n n  n n"),
    row("time.inverted", "",                                       "n n n  n n n  n n"),
    row("time.malformed", "fraction",                              "n ? n  n n n  y n"),
    row("time.malformed", "zone",                                  "n ? n  n n y  y n"),
    row("time.malformed", "",                                      "n ? n  n n y  y y"),
    row("time.not-yet-valid", "root",                              "n ? n  n n n  y n"),
    row("time.not-yet-valid", "",                                  "n n n  n n n  n n"),
    row("time.too-long-public", "",                                "y y y  y y y  y y"),
    row("time.wrong-form", "",                                     "y ? y  y y y  y y"),
];

/// Codes that need no row: what a family makes of them is found out in another way, or they say nothing
/// of what anybody else thinks.
pub(super) const ELSEWHERE: &[&str] = &[
    "chain.beyond-verifier",
    "chain.crl-incomplete",
    "chain.crl-out-of-date",
    "chain.crl-unusable",
    "chain.missing-intermediate",
    "chain.ocsp-revoked",
    "chain.ocsp-unusable",
    "chain.revoked",
    "chain.verifier-disagrees",
];

/// The row that a finding belongs to; none where the rule's findings matter to nobody.
pub(super) fn find(code: &str, place: &str, facet: &str) -> Option<&'static Row> {
    ROWS.iter()
        .find(|row| row.code == code && (row.of.is_empty() || row.of == facet || row.of == place))
}
