//! ECDSA on the NIST curves (FIPS 186-5; certificates: RFC 5480, RFC 5758).
//!
//! The signature is the DER `ECDSA-Sig-Value` of RFC 3279 section 2.2.3. A high `s` is accepted,
//! as every X.509 verifier does.

use rustls_pki_types::InvalidSignature;
use sha2::Digest;

/// First octets of the point encodings that RFC 5480 section 2.2 allows: compressed (two) and
/// uncompressed. It says that the key MUST be rejected if it begins with anything else, which
/// the hybrid and compact forms of SEC 1 do.
const POINT_FORMS: [u8; 3] = [0x02, 0x03, 0x04];

macro_rules! curve {
    ($name:ident, $doc:literal) => {
        #[doc = $doc]
        pub(super) fn $name<D: Digest>(
            public_key: &[u8],
            message: &[u8],
            signature: &[u8],
        ) -> Result<(), InvalidSignature> {
            use $name::ecdsa::signature::hazmat::PrehashVerifier;
            use $name::ecdsa::{DerSignature, Signature, VerifyingKey};

            if !public_key
                .first()
                .is_some_and(|form| POINT_FORMS.contains(form))
            {
                return Err(InvalidSignature);
            }
            let key = VerifyingKey::from_sec1_bytes(public_key).map_err(|_| InvalidSignature)?;
            let der = DerSignature::from_bytes(signature).map_err(|_| InvalidSignature)?;
            let signature = Signature::try_from(der).map_err(|_| InvalidSignature)?;
            key.verify_prehash(&D::digest(message), &signature)
                .map_err(|_| InvalidSignature)
        }
    };
}

curve!(p256, "ECDSA on P-256 (secp256r1).");
curve!(p384, "ECDSA on P-384 (secp384r1).");
curve!(p521, "ECDSA on P-521 (secp521r1).");
