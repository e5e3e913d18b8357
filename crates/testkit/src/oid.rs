//! Object identifiers, as dotted text.

/// Subject key identifier (RFC 5280 4.2.1.2).
pub const SUBJECT_KEY_ID: &str = "2.5.29.14";
/// Key usage (RFC 5280 4.2.1.3).
pub const KEY_USAGE: &str = "2.5.29.15";
/// Subject alternative name (RFC 5280 4.2.1.6).
pub const SUBJECT_ALT_NAME: &str = "2.5.29.17";
/// Issuer alternative name (RFC 5280 4.2.1.7).
pub const ISSUER_ALT_NAME: &str = "2.5.29.18";
/// Basic constraints (RFC 5280 4.2.1.9).
pub const BASIC_CONSTRAINTS: &str = "2.5.29.19";
/// CRL number (RFC 5280 5.2.3).
pub const CRL_NUMBER: &str = "2.5.29.20";
/// Reason code of a CRL entry (RFC 5280 5.3.1).
pub const CRL_REASON: &str = "2.5.29.21";
/// Delta CRL indicator (RFC 5280 5.2.4).
pub const DELTA_CRL: &str = "2.5.29.27";
/// Issuing distribution point (RFC 5280 5.2.5).
pub const ISSUING_DISTRIBUTION_POINT: &str = "2.5.29.28";
/// Name constraints (RFC 5280 4.2.1.10).
pub const NAME_CONSTRAINTS: &str = "2.5.29.30";
/// CRL distribution points (RFC 5280 4.2.1.13).
pub const CRL_DISTRIBUTION_POINTS: &str = "2.5.29.31";
/// Certificate policies (RFC 5280 4.2.1.4).
pub const CERTIFICATE_POLICIES: &str = "2.5.29.32";
/// Policy mappings (RFC 5280 4.2.1.5).
pub const POLICY_MAPPINGS: &str = "2.5.29.33";
/// Authority key identifier (RFC 5280 4.2.1.1).
pub const AUTHORITY_KEY_ID: &str = "2.5.29.35";
/// Policy constraints (RFC 5280 4.2.1.11).
pub const POLICY_CONSTRAINTS: &str = "2.5.29.36";
/// Extended key usage (RFC 5280 4.2.1.12).
pub const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
/// Inhibit anyPolicy (RFC 5280 4.2.1.14).
pub const INHIBIT_ANY_POLICY: &str = "2.5.29.54";
/// Authority information access (RFC 5280 4.2.2.1).
pub const AUTHORITY_INFO_ACCESS: &str = "1.3.6.1.5.5.7.1.1";
/// Subject information access (RFC 5280 4.2.2.2).
pub const SUBJECT_INFO_ACCESS: &str = "1.3.6.1.5.5.7.1.11";
/// TLS feature, of which "must staple" is one (RFC 7633).
pub const TLS_FEATURE: &str = "1.3.6.1.5.5.7.1.24";
/// Embedded signed certificate timestamps (RFC 6962 3.3).
pub const SCT_LIST: &str = "1.3.6.1.4.1.11129.2.4.2";
/// The poison of a precertificate (RFC 6962 3.1).
pub const CT_POISON: &str = "1.3.6.1.4.1.11129.2.4.3";

/// Extended key usage: TLS server.
pub const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";
/// Extended key usage: TLS client.
pub const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";
/// Extended key usage: code signing.
pub const CODE_SIGNING: &str = "1.3.6.1.5.5.7.3.3";
/// Extended key usage: e-mail.
pub const EMAIL_PROTECTION: &str = "1.3.6.1.5.5.7.3.4";
/// Extended key usage: time stamping.
pub const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";
/// Extended key usage: signing of OCSP answers.
pub const OCSP_SIGNING: &str = "1.3.6.1.5.5.7.3.9";
/// Extended key usage: any.
pub const ANY_EXTENDED_KEY_USAGE: &str = "2.5.29.37.0";

/// Access method: where the issuer's certificate is.
pub const CA_ISSUERS: &str = "1.3.6.1.5.5.7.48.2";
/// Hash: SHA-1.
pub const SHA1: &str = "1.3.14.3.2.26";
/// Type of an OCSP response: basic (RFC 6960, section 4.2.1).
pub const OCSP_BASIC: &str = "1.3.6.1.5.5.7.48.1.1";
/// Access method: OCSP responder.
pub const OCSP: &str = "1.3.6.1.5.5.7.48.1";
/// Any policy.
pub const ANY_POLICY: &str = "2.5.29.32.0";
/// CA/B Forum: domain validated.
pub const DOMAIN_VALIDATED: &str = "2.23.140.1.2.1";
/// CA/B Forum: organization validated.
pub const ORGANIZATION_VALIDATED: &str = "2.23.140.1.2.2";

/// Common name.
pub const COMMON_NAME: &str = "2.5.4.3";
/// Serial number of a device or body (not of a certificate).
pub const SERIAL_NUMBER: &str = "2.5.4.5";
/// Country.
pub const COUNTRY: &str = "2.5.4.6";
/// Locality.
pub const LOCALITY: &str = "2.5.4.7";
/// State or province.
pub const STATE: &str = "2.5.4.8";
/// Organization.
pub const ORGANIZATION: &str = "2.5.4.10";
/// Organizational unit, which the Baseline Requirements no longer allow.
pub const ORGANIZATIONAL_UNIT: &str = "2.5.4.11";
/// Netscape's certificate type.
pub const NETSCAPE_CERT_TYPE: &str = "2.16.840.1.113730.1.1";
/// E-mail address in a name.
pub const EMAIL_ADDRESS: &str = "1.2.840.113549.1.9.1";
/// Domain component.
pub const DOMAIN_COMPONENT: &str = "0.9.2342.19200300.100.1.25";

/// RSA keys.
pub const RSA: &str = "1.2.840.113549.1.1.1";
/// RSA keys for PSS only.
pub const RSA_PSS: &str = "1.2.840.113549.1.1.10";
/// Elliptic-curve keys.
pub const EC: &str = "1.2.840.10045.2.1";
/// DSA keys.
pub const DSA: &str = "1.2.840.10040.4.1";
/// Ed25519 keys and signatures.
pub const ED25519: &str = "1.3.101.112";
/// Ed448 keys and signatures.
pub const ED448: &str = "1.3.101.113";
/// Curve P-256.
pub const P256: &str = "1.2.840.10045.3.1.7";
/// Curve P-384.
pub const P384: &str = "1.3.132.0.34";
/// Curve P-521.
pub const P521: &str = "1.3.132.0.35";
/// Curve secp256k1, which is not for TLS certificates.
pub const SECP256K1: &str = "1.3.132.0.10";
/// Curve P-192, too weak.
pub const P192: &str = "1.2.840.10045.3.1.1";
/// The attribute of a request that carries extensions (RFC 2985 5.4.2).
pub const EXTENSION_REQUEST: &str = "1.2.840.113549.1.9.14";
