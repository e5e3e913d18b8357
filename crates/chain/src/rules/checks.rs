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
pub(crate) static CERTIFICATE: &[CertificateCheck] =
    &[time::expired::check, policy::missing_ski::check];

/// Checks of a path.
pub(crate) static PATH: &[PathCheck] = &[];

/// Checks of the whole.
pub(crate) static WHOLE: &[WholeCheck] = &[
    key::mismatch::check,
    chain::leaf_not_first::check,
    chain::verifier_disagrees::check,
    name::mismatch::check,
];
