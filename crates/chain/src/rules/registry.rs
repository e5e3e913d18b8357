use keyway_report::{Kind as _, Rule};
use serde_json::Value;

use super::{Aspect, Evidence, chain, key, name, pem, policy, time};
use crate::check::Profile;
use crate::read::Source;

/// A rule as the registry holds it.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The rule.
    pub rule: &'static Rule,
    /// The verdict it decides.
    pub aspect: Aspect,
    /// The profiles in which it is looked for.
    pub profiles: &'static [Profile],
}

macro_rules! kinds {
    ($( $area:ident :: $module:ident :: $name:ident ),* $(,)?) => {
        /// What was found: one variant a rule, carrying its evidence.
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum Kind {
            $(
                #[doc = concat!("See [`", stringify!($area), "::", stringify!($module), "`].")]
                $name($area::$module::$name),
            )*
        }

        $(
            impl From<$area::$module::$name> for Kind {
                fn from(evidence: $area::$module::$name) -> Self {
                    Self::$name(evidence)
                }
            }
        )*

        impl keyway_report::Kind for Kind {
            fn rule(&self) -> &'static Rule {
                self.entry().rule
            }
            fn message(&self) -> String {
                match self { $( Self::$name(evidence) => evidence.message(), )* }
            }
            fn fix(&self) -> String {
                match self { $( Self::$name(evidence) => evidence.fix(), )* }
            }
            fn evidence(&self) -> Value {
                keyway_report::facts(match self { $( Self::$name(evidence) => serde_json::to_value(evidence), )* })
            }
        }

        impl Kind {
            /// The registry's entry of the rule.
            pub fn entry(&self) -> &'static Entry {
                match self {
                    $( Self::$name(_) => {
                        static ENTRY: Entry = Entry {
                            rule: &<$area::$module::$name as Evidence>::RULE,
                            aspect: <$area::$module::$name as Evidence>::ASPECT,
                            profiles: <$area::$module::$name as Evidence>::PROFILES,
                        };
                        &ENTRY
                    } )*
                }
            }

            /// The verdict it decides.
            pub fn aspect(&self) -> Aspect {
                self.entry().aspect
            }

            /// Where it was seen, when that is not a certificate.
            pub(crate) fn source(&self) -> Option<&Source> {
                match self { $( Self::$name(evidence) => evidence.source(), )* }
            }

            /// The field of the certificate or file it is about.
            pub fn field(&self) -> Option<&'static str> {
                match self { $( Self::$name(evidence) => evidence.field(), )* }
            }
        }

        /// Every rule, in the order of the documentation: by area, then as a reader meets them.
        pub fn all() -> &'static [Entry] {
            static ALL: &[Entry] = &[ $( Entry {
                rule: &<$area::$module::$name as Evidence>::RULE,
                aspect: <$area::$module::$name as Evidence>::ASPECT,
                profiles: <$area::$module::$name as Evidence>::PROFILES,
            }, )* ];
            ALL
        }
    };
}

kinds! {
    pem::missing_end::MissingEnd,
    pem::missing_begin::MissingBegin,
    pem::no_boundaries::NoBoundaries,
    pem::malformed_boundary::MalformedBoundary,
    pem::mismatched_labels::MismatchedLabels,
    pem::bad_base64::BadBase64,
    pem::glued_boundary::GluedBoundary,
    pem::indented::Indented,
    pem::bom::Bom,
    pem::utf16::Utf16,
    pem::lone_cr::LoneCr,
    pem::escaped::Escaped,
    pem::text_between::TextBetween,
    pem::unknown_label::UnknownLabel,
    pem::wrong_label::WrongLabel,
    pem::unread_layout::UnreadLayout,
    pem::unusual_layout::UnusualLayout,
    pem::trailing_bytes::TrailingBytes,
    pem::legacy_encryption::LegacyEncryption,
    pem::retired_cipher::RetiredCipher,
    pem::encrypted_key::EncryptedKey,
    pem::wrong_password::WrongPassword,
    pem::unreadable::Unreadable,
    pem::key_among_certificates::KeyAmongCertificates,
    pem::der_not_pem::DerNotPem,
    pem::pkcs7_given::Pkcs7Given,
    pem::pkcs12_given::Pkcs12Given,
    pem::csr_given::CsrGiven,
    pem::public_key_given::PublicKeyGiven,
    pem::openssh_key::OpensshKey,
    pem::trusted_certificate::TrustedCertificate,
    pem::not_a_certificate::NotACertificate,
    pem::no_certificate::NoCertificate,
    pem::empty::Empty,
    pem::duplicate_block::DuplicateBlock,
    pem::truncated::Truncated,
    pem::strict_reader_differs::StrictReaderDiffers,
    key::mismatch::KeyMismatch,
    key::missing::KeyMissing,
    key::several::KeySeveral,
    key::another_first::AnotherFirst,
    key::locked_first::LockedFirst,
    key::weak::KeyWeak,
    key::unsupported::KeyUnsupported,
    key::wrong_curve_encoding::WrongCurveEncoding,
    chain::leaf_not_first::LeafNotFirst,
    chain::out_of_order::OutOfOrder,
    chain::missing_intermediate::MissingIntermediate,
    chain::duplicate::Duplicate,
    chain::split_files::SplitFiles,
    chain::stranger::Stranger,
    chain::twin_first::TwinFirst,
    chain::second_leaf::SecondLeaf,
    chain::root_included::RootIncluded,
    chain::self_signed_leaf::SelfSignedLeaf,
    chain::ca_as_leaf::CaAsLeaf,
    chain::unknown_root::UnknownRoot,
    chain::no_path::NoPath,
    chain::path_length::PathLength,
    chain::not_a_ca::NotACa,
    chain::missing_key_cert_sign::MissingKeyCertSign,
    chain::name_constraints::NameConstraints,
    chain::malformed_name_constraints::MalformedNameConstraints,
    chain::bad_signature::BadSignature,
    chain::aki_mismatch::AkiMismatch,
    chain::issuer_name_differs::IssuerNameDiffers,
    chain::expired_cross_sign::ExpiredCrossSign,
    chain::revoked::Revoked,
    chain::crl_out_of_date::CrlOutOfDate,
    chain::crl_passed_over::CrlPassedOver,
    chain::crl_unusable::CrlUnusable,
    chain::crl_incomplete::CrlIncomplete,
    chain::crl_unrelated::CrlUnrelated,
    chain::ocsp_revoked::OcspRevoked,
    chain::ocsp_unusable::OcspUnusable,
    chain::limit_reached::LimitReached,
    chain::beyond_verifier::BeyondVerifier,
    chain::verifier_disagrees::VerifierDisagrees,
    time::expired::Expired,
    time::not_yet_valid::NotYetValid,
    time::inverted::InvertedValidity,
    time::malformed::MalformedTime,
    time::wrong_form::WrongTimeForm,
    time::expires_soon::ExpiresSoon,
    time::too_long::TooLong,
    time::too_long_public::TooLongPublic,
    time::intermediate_expires_first::IntermediateExpiresFirst,
    name::mismatch::NameMismatch,
    name::wildcard_too_deep::WildcardReach,
    name::no_san::NoSan,
    name::common_name_only::CommonNameOnly,
    name::cn_not_in_san::CnNotInSan,
    name::cn_above_san::CnAboveSan,
    name::wildcard_public_suffix::WildcardPublicSuffix,
    name::ip_as_dns::IpAsDns,
    name::malformed::MalformedName,
    name::internal_name::InternalName,
    name::idn::InternationalName,
    name::underscore::UnderscoreName,
    name::reserved_label::ReservedLabel,
    name::other_kinds::OtherKinds,
    policy::no_server_auth::NoServerAuth,
    policy::missing_eku::MissingEku,
    policy::any_purpose::AnyPurpose,
    policy::root_purposes::RootPurposes,
    policy::client_auth_reliance::ClientAuthReliance,
    policy::foreign_purposes::ForeignPurposes,
    policy::weak_signature::WeakSignature,
    policy::unsupported_signature::UnsupportedSignature,
    policy::algorithm_parameters::AlgorithmParameters,
    policy::weak_key::CertificateKeyWeak,
    policy::modulus_length::ModulusLength,
    policy::odd_exponent::OddExponent,
    policy::small_exponent::SmallExponent,
    policy::weak_curve::WeakCurve,
    policy::explicit_curve::ExplicitCurve,
    policy::key_algorithm::KeyAlgorithm,
    policy::unreadable_key::UnreadableKey,
    policy::serial::SerialNumber,
    policy::short_serial::ShortSerial,
    policy::version::CertificateVersion,
    policy::not_der::NotDer,
    policy::unknown_critical::UnknownCritical,
    policy::precertificate::Precertificate,
    policy::duplicate_extension::DuplicateExtension,
    policy::unreadable_extension::UnreadableExtension,
    policy::repeated_policy::RepeatedPolicy,
    policy::any_policy_mapped::AnyPolicyMapped,
    policy::signature_algorithms_differ::SignatureAlgorithmsDiffer,
    policy::unique_ids::UniqueIds,
    policy::empty_issuer::EmptyIssuer,
    policy::empty_ca_subject::EmptyCaSubject,
    policy::missing_ski::MissingSki,
    policy::missing_aki::MissingAki,
    policy::aki_without_key_id::AkiWithoutKeyId,
    policy::aki_issuer_and_serial::AkiIssuerAndSerial,
    policy::root_key_ids_differ::RootKeyIdsDiffer,
    policy::wrongly_critical::WronglyCritical,
    policy::not_critical::NotCritical,
    policy::critical_eku::CriticalEku,
    policy::critical_san::CriticalSan,
    policy::san_not_critical::SanNotCritical,
    policy::missing_basic_constraints::MissingBasicConstraints,
    policy::missing_key_usage::MissingKeyUsage,
    policy::root_without_key_usage::RootWithoutKeyUsage,
    policy::key_usage_without_ca::KeyUsageWithoutCa,
    policy::key_usage_mismatch::KeyUsageMismatch,
    policy::empty_key_usage::EmptyKeyUsage,
    policy::no_digital_signature::NoDigitalSignature,
    policy::netscape_cert_type::NetscapeCertType,
    policy::path_length_without_ca::PathLengthWithoutCa,
    policy::leaf_name_constraints::LeafNameConstraints,
    policy::name_constraints_not_critical::NameConstraintsNotCritical,
    policy::must_staple::MustStaple,
    policy::no_sct::NoSct,
    policy::no_reserved_policy::NoReservedPolicy,
    policy::development::Development,
}

/// The rule with this code.
pub fn find(code: &str) -> Option<&'static Entry> {
    all().iter().find(|entry| entry.rule.code == code)
}

impl Kind {
    /// Whether it is of severity error.
    pub fn is_error(&self) -> bool {
        self.rule().severity == keyway_report::Severity::Error
    }
}
