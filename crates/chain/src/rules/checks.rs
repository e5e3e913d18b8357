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
    chain::not_a_ca::check,
    chain::missing_key_cert_sign::check,
    chain::malformed_name_constraints::check,
    time::expired::check,
    policy::missing_ski::check,
];

/// Checks of a path.
pub(crate) static PATH: &[PathCheck] = &[
    chain::path_length::check,
    chain::name_constraints::check,
    chain::bad_signature::check,
    chain::revoked::check,
    chain::crl_out_of_date::check,
    chain::crl_unusable::check,
    chain::crl_incomplete::check,
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
    chain::expired_cross_sign::check,
    chain::crl_unrelated::check,
    chain::limit_reached::check,
    chain::beyond_verifier::check,
    chain::verifier_disagrees::check,
    name::mismatch::check,
];
