use std::collections::BTreeSet;

use x509_parser::extensions::{
    self as parsed, DistributionPointName, ParsedExtension, X509Extension,
};

use super::DistinguishedName;
use super::extension_form::is_readable;
use super::general_name::GeneralName;
use super::name_constraints::NameConstraints;
use super::netscape_type::NetscapeType;
use super::oid::{Oid, known};

/// One extension as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// Identifier.
    pub oid: Oid,
    /// The critical flag.
    pub critical: bool,
    /// Contents of the `extnValue` octet string.
    pub value: Vec<u8>,
    /// Whether the value could be read (always true for extensions that nobody here knows).
    pub readable: bool,
}

/// `basicConstraints` (RFC 5280, section 4.2.1.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BasicConstraints {
    /// `cA`.
    pub ca: bool,
    /// `pathLenConstraint`: intermediates that may follow, self-issued ones not counted.
    pub path_len: Option<u32>,
    /// The critical flag.
    pub critical: bool,
}

/// `keyUsage` (RFC 5280, section 4.2.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyUsage {
    flags: u16,
    /// The critical flag.
    pub critical: bool,
}

impl KeyUsage {
    /// digitalSignature.
    pub const fn digital_signature(self) -> bool {
        self.flags & 1 != 0
    }
    /// keyEncipherment.
    pub const fn key_encipherment(self) -> bool {
        self.flags >> 2 & 1 != 0
    }
    /// dataEncipherment.
    pub const fn data_encipherment(self) -> bool {
        self.flags >> 3 & 1 != 0
    }
    /// keyAgreement.
    pub const fn key_agreement(self) -> bool {
        self.flags >> 4 & 1 != 0
    }
    /// keyCertSign.
    pub const fn key_cert_sign(self) -> bool {
        self.flags >> 5 & 1 != 0
    }
    /// cRLSign.
    pub const fn crl_sign(self) -> bool {
        self.flags >> 6 & 1 != 0
    }
    /// No bit set at all.
    pub const fn is_empty(self) -> bool {
        self.flags == 0
    }
}

/// `extKeyUsage` (RFC 5280, section 4.2.1.12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtendedKeyUsage {
    /// Purposes.
    pub purposes: Vec<Oid>,
    /// The critical flag.
    pub critical: bool,
}

impl ExtendedKeyUsage {
    /// Whether the purpose with these contents octets is listed.
    pub fn has(&self, purpose: &[u8]) -> bool {
        self.purposes.iter().any(|oid| oid.is(purpose))
    }
}

/// `subjectAltName` (RFC 5280, section 4.2.1.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectAltName {
    /// Names in the order of the certificate.
    pub names: Vec<GeneralName>,
    /// The critical flag.
    pub critical: bool,
}

/// `authorityKeyIdentifier` (RFC 5280, section 4.2.1.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorityKeyId {
    /// `keyIdentifier`.
    pub key_id: Option<Vec<u8>>,
    /// Whether `authorityCertIssuer` is present.
    pub has_issuer: bool,
    /// The first directory name of `authorityCertIssuer`: who issued the issuer's certificate.
    pub issuer: Option<DistinguishedName>,
    /// Whether `authorityCertSerialNumber` is present.
    pub has_serial: bool,
    /// `authorityCertSerialNumber`, as contents octets: the number of the issuer's certificate.
    pub serial: Option<Vec<u8>>,
    /// The critical flag.
    pub critical: bool,
}

/// The extensions of a certificate: all of them raw, those that rules ask about also typed.
///
/// Of an extension that appears twice the first is the typed one; `all` shows both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extensions {
    /// Every extension, in the order of the certificate.
    pub all: Vec<Extension>,
    /// Identifiers that stand there more than once, each once, sorted.
    pub repeated: BTreeSet<Oid>,
    /// basicConstraints.
    pub basic_constraints: Option<BasicConstraints>,
    /// keyUsage.
    pub key_usage: Option<KeyUsage>,
    /// extKeyUsage.
    pub extended_key_usage: Option<ExtendedKeyUsage>,
    /// netscape-cert-type.
    pub netscape_type: Option<NetscapeType>,
    /// subjectAltName.
    pub subject_alt_name: Option<SubjectAltName>,
    /// subjectKeyIdentifier.
    pub subject_key_id: Option<Vec<u8>>,
    /// authorityKeyIdentifier.
    pub authority_key_id: Option<AuthorityKeyId>,
    /// nameConstraints.
    pub name_constraints: Option<NameConstraints>,
    /// URIs of `caIssuers` in authorityInfoAccess, untrusted.
    pub ca_issuers: Vec<String>,
    /// URIs of `ocsp` in authorityInfoAccess, untrusted.
    pub ocsp: Vec<String>,
    /// URIs in cRLDistributionPoints, untrusted.
    pub crl_distribution_points: Vec<String>,
    /// Policy identifiers of certificatePolicies.
    pub policies: Vec<Oid>,
    /// Whether policyMappings maps to or from anyPolicy (RFC 5280, section 4.2.1.5).
    pub maps_any_policy: bool,
    /// `requireExplicitPolicy` of policyConstraints: certificates after which a policy is demanded.
    pub explicit_policy: Option<u32>,
    /// `skipCerts` of inhibitAnyPolicy: certificates after which anyPolicy counts for nothing.
    pub inhibit_any_policy: Option<u32>,
    /// Number of logs of which a timestamp is embedded (RFC 6962, section 3.3); `None` without the
    /// extension.
    pub scts: Option<usize>,
    /// Whether the TLS feature `status_request` is required (OCSP must-staple, RFC 7633).
    pub must_staple: bool,
}

impl Extensions {
    pub(super) fn read(extensions: &[X509Extension<'_>]) -> Self {
        let mut out = Self::default();
        let mut seen = BTreeSet::new();
        for extension in extensions {
            let seen_before = !seen.insert(extension.oid.as_bytes());
            out.all.push(Extension {
                oid: Oid::from_der_contents(extension.oid.as_bytes()),
                critical: extension.critical,
                value: extension.value.to_vec(),
                readable: is_readable(extension),
            });
            if seen_before {
                let oid = Oid::from_der_contents(extension.oid.as_bytes());
                out.repeated.insert(oid);
            } else {
                out.read_one(extension);
            }
        }
        out
    }

    /// The extension with these contents octets, if there is one.
    pub fn find(&self, oid: &[u8]) -> Option<&Extension> {
        self.all.iter().find(|extension| extension.oid.is(oid))
    }

    fn read_one(&mut self, extension: &X509Extension<'_>) {
        let critical = extension.critical;
        match extension.parsed_extension() {
            ParsedExtension::BasicConstraints(bc) => {
                self.basic_constraints = Some(BasicConstraints {
                    ca: bc.ca,
                    path_len: bc.path_len_constraint,
                    critical,
                });
            }
            ParsedExtension::KeyUsage(usage) => {
                self.key_usage = Some(KeyUsage {
                    flags: usage.flags,
                    critical,
                });
            }
            ParsedExtension::ExtendedKeyUsage(usage) => {
                self.extended_key_usage = Some(ExtendedKeyUsage {
                    purposes: purposes(usage),
                    critical,
                });
            }
            ParsedExtension::SubjectAlternativeName(san) => {
                self.subject_alt_name = Some(SubjectAltName {
                    names: general_names(&san.general_names),
                    critical,
                });
            }
            ParsedExtension::SubjectKeyIdentifier(id) => {
                self.subject_key_id = Some(id.0.to_vec());
            }
            ParsedExtension::AuthorityKeyIdentifier(id) => {
                self.authority_key_id = Some(AuthorityKeyId {
                    key_id: id.key_identifier.as_ref().map(|id| id.0.to_vec()),
                    has_issuer: id.authority_cert_issuer.is_some(),
                    issuer: id.authority_cert_issuer.iter().flatten().find_map(|name| {
                        match GeneralName::read(name) {
                            GeneralName::Directory(name) => Some(name),
                            _ => None,
                        }
                    }),
                    has_serial: id.authority_cert_serial.is_some(),
                    serial: id.authority_cert_serial.map(<[u8]>::to_vec),
                    critical,
                });
            }
            ParsedExtension::NameConstraints(constraints) => {
                self.name_constraints =
                    Some(NameConstraints::new(constraints, extension.value, critical));
            }
            ParsedExtension::AuthorityInfoAccess(access) => self.read_access(access),
            ParsedExtension::CRLDistributionPoints(points) => self.read_crl_points(points),
            ParsedExtension::CertificatePolicies(policies) => {
                self.policies = policies
                    .iter()
                    .map(|policy| Oid::from_der_contents(policy.policy_id.as_bytes()))
                    .collect();
            }
            ParsedExtension::PolicyMappings(mappings) => {
                let is_any = |oid: &[u8]| oid == known::ANY_POLICY;
                self.maps_any_policy = mappings.mappings.iter().any(|mapping| {
                    is_any(mapping.issuer_domain_policy.as_bytes())
                        || is_any(mapping.subject_domain_policy.as_bytes())
                });
            }
            ParsedExtension::PolicyConstraints(constraints) => {
                self.explicit_policy = constraints.require_explicit_policy;
            }
            ParsedExtension::InhibitAnyPolicy(inhibit) => {
                self.inhibit_any_policy = Some(inhibit.skip_certs);
            }
            ParsedExtension::SCT(list) => {
                let logs: BTreeSet<&[u8; 32]> = list.iter().map(|sct| sct.id.key_id).collect();
                self.scts = Some(logs.len());
            }
            _ if extension.oid.as_bytes() == known::TLS_FEATURE => {
                self.must_staple = requires_status_request(extension.value);
            }
            _ if extension.oid.as_bytes() == known::NETSCAPE_CERT_TYPE => {
                self.netscape_type = NetscapeType::read(extension.value);
            }
            _ => {}
        }
    }

    fn read_access(&mut self, access: &parsed::AuthorityInfoAccess<'_>) {
        for description in access.iter() {
            let parsed::GeneralName::URI(uri) = description.access_location else {
                continue;
            };
            match description.access_method.as_bytes() {
                known::AD_CA_ISSUERS => self.ca_issuers.push(uri.to_owned()),
                known::AD_OCSP => self.ocsp.push(uri.to_owned()),
                _ => {}
            }
        }
    }

    fn read_crl_points(&mut self, points: &parsed::CRLDistributionPoints<'_>) {
        for point in points.iter() {
            let Some(DistributionPointName::FullName(names)) = &point.distribution_point else {
                continue;
            };
            for name in names {
                if let parsed::GeneralName::URI(uri) = name {
                    self.crl_distribution_points.push((*uri).to_owned());
                }
            }
        }
    }
}

fn general_names(names: &[parsed::GeneralName<'_>]) -> Vec<GeneralName> {
    names.iter().map(GeneralName::read).collect()
}

/// x509-parser sorts the known purposes into flags; the list is put together again.
fn purposes(usage: &parsed::ExtendedKeyUsage<'_>) -> Vec<Oid> {
    const KP: [u8; 7] = [0x2b, 6, 1, 5, 5, 7, 3];
    let flags = [
        (usage.server_auth, 1),
        (usage.client_auth, 2),
        (usage.code_signing, 3),
        (usage.email_protection, 4),
        (usage.time_stamping, 8),
        (usage.ocsp_signing, 9),
    ];
    let mut out = Vec::new();
    if usage.any {
        out.push(Oid::from_der_contents(known::ANY_EXTENDED_KEY_USAGE));
    }
    for (_, last) in flags.iter().filter(|(set, _)| *set) {
        let mut oid = KP.to_vec();
        oid.push(*last);
        out.push(Oid::from_der_contents(&oid));
    }
    out.extend(
        usage
            .other
            .iter()
            .map(|oid| Oid::from_der_contents(oid.as_bytes())),
    );
    out
}

/// Whether a TLS feature list (SEQUENCE OF INTEGER) holds status_request(5).
fn requires_status_request(value: &[u8]) -> bool {
    value
        .windows(3)
        .any(|integer| integer == [0x02, 0x01, 0x05])
}
