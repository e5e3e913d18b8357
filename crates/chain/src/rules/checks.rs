//! Which check functions there are, and what each is given.

use super::{Kind, chain, key, name, policy, time};
use crate::check::{Context, PathView, Subject};

/// Looks at one certificate in its role.
pub(crate) type CertificateCheck = fn(&Subject<'_>, &mut Vec<Kind>);

/// Looks at a path from leaf to anchor; the index says which certificate of the path it is about.
pub(crate) type PathCheck = fn(&PathView<'_>, &mut Vec<(usize, Kind)>);

/// Looks at the whole: the bundle, the chosen leaf and path, the verifier's outcome.
/// The index, if any, is that of a certificate in the report.
pub(crate) type WholeCheck = fn(&Context<'_>, &mut Vec<(Option<usize>, Kind)>);

/// Checks of one certificate.
pub(crate) static CERTIFICATE: &[CertificateCheck] = &[
    chain::ca_as_leaf::check,
    chain::malformed_name_constraints::check,
    time::expired::check,
    time::not_yet_valid::check,
    time::inverted::check,
    time::malformed::check,
    time::wrong_form::check,
    time::expires_soon::check,
    time::too_long::check,
    name::no_san::check,
    name::common_name_only::check,
    name::cn_not_in_san::check,
    name::cn_above_san::check,
    name::wildcard_public_suffix::check,
    name::ip_as_dns::check,
    name::malformed::check,
    name::internal_name::check,
    name::idn::check,
    name::underscore::check,
    name::reserved_label::check,
    name::other_kinds::check,
    policy::no_server_auth::check,
    policy::missing_eku::check,
    policy::any_purpose::check,
    policy::root_purposes::check,
    policy::client_auth_reliance::check,
    policy::foreign_purposes::check,
    policy::weak_signature::check,
    policy::unsupported_signature::check,
    policy::algorithm_parameters::check,
    policy::weak_key::check,
    policy::modulus_length::check,
    policy::odd_exponent::check,
    policy::small_exponent::check,
    policy::weak_curve::check,
    policy::explicit_curve::check,
    policy::key_algorithm::check,
    policy::unreadable_key::check,
    policy::serial::check,
    policy::short_serial::check,
    policy::version::check,
    policy::unknown_critical::check,
    policy::precertificate::check,
    policy::duplicate_extension::check,
    policy::unreadable_extension::check,
    policy::signature_algorithms_differ::check,
    policy::unique_ids::check,
    policy::empty_issuer::check,
    policy::empty_ca_subject::check,
    policy::missing_ski::check,
    policy::missing_aki::check,
    policy::aki_without_key_id::check,
    policy::aki_issuer_and_serial::check,
    policy::root_key_ids_differ::check,
    policy::wrongly_critical::check,
    policy::not_critical::check,
    policy::critical_eku::check,
    policy::critical_san::check,
    policy::san_not_critical::check,
    policy::missing_basic_constraints::check,
    policy::missing_key_usage::check,
    policy::key_usage_without_ca::check,
    policy::key_usage_mismatch::check,
    policy::empty_key_usage::check,
    policy::no_digital_signature::check,
    policy::path_length_without_ca::check,
    policy::leaf_name_constraints::check,
    policy::name_constraints_not_critical::check,
    policy::must_staple::check,
    policy::no_sct::check,
    policy::no_reserved_policy::check,
];

/// Checks of a path.
pub(crate) static PATH: &[PathCheck] = &[
    chain::not_a_ca::check,
    chain::missing_key_cert_sign::check,
    chain::path_length::check,
    chain::name_constraints::check,
    chain::bad_signature::check,
    chain::aki_mismatch::check,
    chain::revoked::check,
    chain::crl_out_of_date::check,
    chain::crl_passed_over::check,
    chain::crl_unusable::check,
    chain::crl_incomplete::check,
    time::intermediate_expires_first::check,
    time::too_long_public::check,
];

/// Checks of the whole.
pub(crate) static WHOLE: &[WholeCheck] = &[
    key::mismatch::check,
    key::missing::check,
    key::several::check,
    key::weak::check,
    key::unsupported::check,
    key::wrong_curve_encoding::check,
    chain::leaf_not_first::check,
    chain::out_of_order::check,
    chain::missing_intermediate::check,
    chain::duplicate::check,
    chain::stranger::check,
    chain::root_included::check,
    chain::self_signed_leaf::check,
    chain::unknown_root::check,
    chain::no_path::check,
    chain::issuer_name_differs::check,
    chain::expired_cross_sign::check,
    chain::crl_unrelated::check,
    chain::limit_reached::check,
    chain::beyond_verifier::check,
    chain::verifier_disagrees::check,
    name::mismatch::check,
    name::wildcard_too_deep::check,
];
