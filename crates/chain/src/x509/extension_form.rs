//! Whether an extension has the form that its standard demands, where x509-parser is laxer.

use x509_parser::asn1_rs::{Any, Class, FromDer};
use x509_parser::extensions::{ParsedExtension, X509Extension};

/// Last tag of a `GeneralName` (RFC 5280, section 4.2.1.6): registeredID.
const LAST_GENERAL_NAME: u32 = 8;

/// Whether an extension was understood as a whole: x509-parser does not mind bytes that follow, lists
/// without an entry, and names of a kind that does not exist.
pub(super) fn is_readable(extension: &X509Extension<'_>) -> bool {
    use ParsedExtension as P;
    let parsed = extension.parsed_extension();
    match parsed {
        P::ParseError { .. } => return false,
        P::UnsupportedExtension { .. } => return true,
        _ => {}
    }
    let Ok((rest, value)) = Any::from_der(extension.value) else {
        return false;
    };
    let has_form = match parsed {
        P::SubjectAlternativeName(_) => !value.data.is_empty() && are_names(value.data),
        // SEQUENCE SIZE (1..MAX), and an identifier that identifies something.
        P::CertificatePolicies(_)
        | P::PolicyMappings(_)
        | P::CRLDistributionPoints(_)
        | P::AuthorityInfoAccess(_)
        | P::SubjectInfoAccess(_)
        | P::SubjectKeyIdentifier(_) => !value.data.is_empty(),
        _ => true,
    };
    has_form && rest.is_empty()
}

/// Whether all entries of a list are `GeneralName`s by their tags; their contents are for the rules
/// about names.
fn are_names(mut list: &[u8]) -> bool {
    while !list.is_empty() {
        let Ok((rest, name)) = Any::from_der(list) else {
            return false;
        };
        if name.class() != Class::ContextSpecific || name.tag().0 > LAST_GENERAL_NAME {
            return false;
        }
        list = rest;
    }
    true
}
