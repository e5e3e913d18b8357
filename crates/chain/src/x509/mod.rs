//! Certificates as owned facts: everything the rules ask about, read once by x509-parser.

mod certificate;
mod der_form;
mod distinguished_name;
mod extension;
mod extension_form;
mod general_name;
mod key_form;
mod name_constraints;
mod netscape_type;
mod ocsp_response;
mod oid;
mod public_key;
mod request;
mod revocation_list;
mod signature;
mod validity;

pub(crate) use certificate::hexadecimal_number;
pub use certificate::{Certificate, CertificateFault};
pub use der_form::DerFault;
pub(crate) use der_form::minimal;
pub use distinguished_name::DistinguishedName;
pub use extension::{
    AuthorityKeyId, BasicConstraints, ExtendedKeyUsage, Extension, Extensions, KeyUsage,
    SubjectAltName,
};
pub use general_name::GeneralName;
pub use name_constraints::NameConstraints;
pub use netscape_type::NetscapeType;
pub use ocsp_response::{
    MAX_ANSWERS, MAX_SIGNERS, OcspAnswer, OcspFault, OcspResponse, OcspStatus,
};
pub use oid::{Oid, known as oids};
pub use public_key::{PublicKey, PublicKeyAlgorithm};
pub use request::Request;
pub use revocation_list::RevocationList;
pub(crate) use revocation_list::revocation_reason;
pub use signature::{Digest, SignatureAlgorithm};
pub use validity::{TimeForm, ValidityFault};
