use x509_parser::asn1_rs::{Any, Class, FromDer, Header, Length, Tag, ToDer};
use x509_parser::extensions as parsed;

use super::general_name::GeneralName;

/// `nameConstraints` (RFC 5280, section 4.2.1.10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameConstraints {
    /// `permittedSubtrees`; `None` when absent.
    pub permitted: Option<Vec<GeneralName>>,
    /// `excludedSubtrees`; `None` when absent.
    pub excluded: Option<Vec<GeneralName>>,
    /// Whether a subtree has a `minimum` or `maximum`, which the profile forbids.
    pub has_bounds: bool,
    /// The critical flag.
    pub critical: bool,
}

impl NameConstraints {
    pub(super) fn new(
        constraints: &parsed::NameConstraints<'_>,
        der: &[u8],
        critical: bool,
    ) -> Self {
        let subtrees = |list: &Option<Vec<parsed::GeneralSubtree<'_>>>| {
            list.as_ref()
                .map(|list| list.iter().map(|s| GeneralName::read(&s.base)).collect())
        };
        Self {
            permitted: subtrees(&constraints.permitted_subtrees),
            excluded: subtrees(&constraints.excluded_subtrees),
            has_bounds: has_bounds(der),
            critical,
        }
    }

    /// Reads constraints from their contents octets, as trust anchors hold them.
    pub(crate) fn from_contents(contents: &[u8]) -> Option<Self> {
        let length = Length::Definite(contents.len());
        let header = Header::new(Class::Universal, true, Tag::Sequence, length);
        let mut der = header.to_der_vec().ok()?;
        der.extend_from_slice(contents);
        let (_, constraints) = parsed::NameConstraints::from_der(&der).ok()?;
        Some(Self::new(&constraints, &der, true))
    }
}

/// Whether more than its base stands in any subtree: x509-parser reads no further.
fn has_bounds(constraints: &[u8]) -> bool {
    let Ok((_, whole)) = Any::from_der(constraints) else {
        return false;
    };
    let lists = members(whole.data);
    let mut subtrees = lists.flat_map(|list| members(list.data));
    subtrees.any(|subtree| members(subtree.data).count() > 1)
}

/// The values that follow each other in the contents of a constructed one.
fn members(mut contents: &[u8]) -> impl Iterator<Item = Any<'_>> {
    std::iter::from_fn(move || {
        let (rest, value) = Any::from_der(contents).ok()?;
        contents = rest;
        Some(value)
    })
}
