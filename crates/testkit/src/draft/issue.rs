//! The drafts to begin with: root, intermediate, server certificate.

use super::{Draft, Entry, Faults, Issuer};
use crate::{DAY, Extension, GeneralName, Key, KeyKind, KeyUsage, NOW, Name, oid};

/// 2020-01-01 and the last second of 2039.
const ROOT_LIFE: (i64, i64) = (1_577_836_800, 2_208_988_799);
/// 2024-01-01 and the last second of 2033.
const INTERMEDIATE_LIFE: (i64, i64) = (1_704_067_200, 2_019_686_399);
/// Six weeks before [`NOW`]: 2026-10-12.
const LEAF_START: i64 = NOW - 42 * DAY;
/// What most public CAs issue by now.
const LEAF_DAYS: i64 = 90;

impl Draft {
    /// A self-signed certificate of a CA, valid from 2020 to 2039.
    pub fn root(name: &str) -> Self {
        let mut draft = Self::new(Name::authority(name), name, None, ROOT_LIFE);
        draft.extensions = vec![
            Entry::Given(Extension::basic_constraints(true, None)),
            Entry::Given(Extension::key_usage(&[
                KeyUsage::KeyCertSign,
                KeyUsage::CrlSign,
            ])),
            Entry::SubjectKeyId,
        ];
        draft
    }

    /// A subordinate CA for TLS servers, valid from 2024 to 2033.
    pub(crate) fn intermediate(name: &str, issuer: Issuer) -> Self {
        let mut draft = Self::new(Name::authority(name), name, Some(issuer), INTERMEDIATE_LIFE);
        draft.extensions = vec![
            Entry::Given(Extension::basic_constraints(true, None)),
            Entry::Given(Extension::key_usage(&[
                KeyUsage::KeyCertSign,
                KeyUsage::CrlSign,
            ])),
            Entry::Given(Extension::extended_key_usage(&[oid::SERVER_AUTH])),
            Entry::SubjectKeyId,
            Entry::AuthorityKeyId,
        ];
        draft.with_places()
    }

    /// A server certificate for that host, valid for 90 days from 2026-10-12.
    pub(crate) fn leaf(host: &str, issuer: Option<Issuer>) -> Self {
        let life = (LEAF_START, LEAF_START + LEAF_DAYS * DAY - 1);
        let mut draft = Self::new(Name::common(host), host, issuer, life);
        draft.extensions = vec![
            Entry::Given(Extension::key_usage(&[KeyUsage::DigitalSignature])),
            Entry::Given(Extension::extended_key_usage(&[oid::SERVER_AUTH])),
            Entry::Given(Extension::basic_constraints(false, None)),
            Entry::SubjectKeyId,
            Entry::AuthorityKeyId,
            Entry::Given(Extension::subject_alt_name(&[GeneralName::dns(host)])),
        ];
        draft
            .with_places()
            .extension(Extension::sct_list(2, LEAF_START))
    }

    /// What a self-signed server certificate is like: no CA, nobody to ask.
    pub fn self_signed(host: &str) -> Self {
        Self::leaf(host, None)
            .without(oid::AUTHORITY_KEY_ID)
            .without(oid::AUTHORITY_INFO_ACCESS)
            .without(oid::CRL_DISTRIBUTION_POINTS)
            .without(oid::CERTIFICATE_POLICIES)
            .without(oid::SCT_LIST)
    }

    fn new(subject: Name, label: &str, issuer: Option<Issuer>, life: (i64, i64)) -> Self {
        Self {
            subject,
            key: Key::new(KeyKind::P256, label),
            issuer,
            issuer_name: None,
            serial: None,
            not_before: life.0,
            not_after: life.1,
            algorithm: None,
            extensions: Vec::new(),
            faults: Faults::default(),
        }
    }

    /// Where the issuer's certificate and list lie, and the policy: what the Baseline
    /// Requirements ask of whatever a CA signs (7.1.2.7.6).
    fn with_places(self) -> Self {
        self.extension(Extension::certificate_policies(&[oid::DOMAIN_VALIDATED]))
            .extension(Extension::authority_info_access(&[(
                oid::CA_ISSUERS,
                "http://ca.example/issuer.cer",
            )]))
            .extension(Extension::crl_distribution_points(&[
                "http://ca.example/list.crl",
            ]))
    }
}
