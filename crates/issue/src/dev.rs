//! A CA for development.
//!
//! Who installs a CA trusts whoever has its key. This one can do little harm: its certificate says that it vouches
//! for names that nobody can own and for addresses that are not routed, and for what its owner permitted beside them
//! (RFC 5280, section 4.2.1.10); clients hold it to that.

mod permitted;

use keyway_chain::name::Host;
use keyway_chain::x509::{Certificate as Read, GeneralName};
use keyway_chain::{
    Anchors, CheckOptions, Input, Profile, ReadOptions, Servable, algorithms, check, read,
};
use keyway_report::{DAY, Timestamp, Verdict};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, NameConstraints, PKCS_ECDSA_P256_SHA256, SanType,
    SerialNumber,
};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::identifier::Identifier;
use crate::pairs::Pair;

/// `organizationName` of the CA's certificate. Checks know by it that a chain is for development.
pub const ORGANIZATION: &str = "Keyway development CA";

/// How long the CA's certificate is valid: as long as a machine lives.
pub const CA_DAYS: i64 = 5 * 365;

/// How long a certificate by it is valid, unless somebody asks for less.
pub const LEAF_DAYS: i64 = 90;

/// Most days of a certificate: what Apple's systems accept of an own CA (support.apple.com/103769).
pub const MAX_LEAF_DAYS: i64 = 825;

/// Clocks of those who connect may go a little behind.
const EARLIER: i64 = 3600;

/// Most names of one certificate, as Let's Encrypt has it.
pub const MAX_IDENTIFIERS: usize = 100;

/// Octets of a serial number: 128 random bits (CA/B Forum Baseline Requirements, section 7.1 asks for 64).
const SERIAL: usize = 16;

/// Why nothing was made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DevError {
    /// Nothing was asked for.
    #[error("a certificate needs at least one name or address")]
    Nothing,
    /// More than [`MAX_IDENTIFIERS`].
    #[error("{0} names are more than the {MAX_IDENTIFIERS} that one certificate may have")]
    TooMany(usize),
    /// The days are none, or more than [`MAX_LEAF_DAYS`].
    #[error("{0} days: a certificate is valid from 1 to {MAX_LEAF_DAYS} days")]
    Days(i64),
    /// A wildcard right below a top-level name, which clients take from nobody.
    #[error(
        "{0}: clients take no wildcard that stands right below a top-level name; put a name between, as in *.app.test"
    )]
    Broad(Identifier),
    /// The CA may not vouch for it.
    #[error("the development CA may not vouch for {0}: it was not made for that name")]
    NotPermitted(Identifier),
    /// The CA would vouch for everybody's names.
    #[error(
        "{0}: strangers have their names below it (the Public Suffix List), and whoever had this CA's key could take the place of any of them"
    )]
    Everybodys(Identifier),
    /// The CA's certificate is over, or will be before the new one is.
    #[error("the development CA ends on {0}")]
    Over(String),
    /// The files are no CA's.
    #[error("these files are no development CA: {0}")]
    Unreadable(String),
    /// The system gives no random numbers.
    #[error("the system gives no random numbers")]
    NoRandom,
    /// What was made is not what it should be: a bug.
    #[error("what was made does not pass its own check: {0}")]
    Faulty(String),
    /// rcgen could not make it.
    #[error(transparent)]
    Made(#[from] rcgen::Error),
}

/// A CA for development.
pub struct DevCa {
    certificate: Read,
    pem: String,
    key: KeyPair,
}

impl std::fmt::Debug for DevCa {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DevCa")
            .field("certificate", &self.pem)
            .field("key", &"[redacted]")
            .finish()
    }
}

impl DevCa {
    /// Makes one. `owner` says whose it is, for those who find it in a trust store: a user at a machine, say.
    /// `permitted` are names that it may vouch for besides those that nobody owns, with all below them.
    ///
    /// # Errors
    /// [`DevError::Everybodys`] where one of them is a public suffix or above one; else only where the system gives no random numbers,
    /// or `owner` cannot stand in a name.
    pub fn make(owner: &str, permitted: &[Identifier], now: Timestamp) -> Result<Self, DevError> {
        if let Some(other) = permitted.iter().find(|it| permitted::is_everybodys(it)) {
            return Err(DevError::Everybodys(other.clone()));
        }
        let mut params = params(now, CA_DAYS)?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let mut name = DistinguishedName::new();
        name.push(DnType::OrganizationName, ORGANIZATION);
        let title = format!("{owner} {}", now.date());
        // X.520's upper bound of a common name.
        let title: String = title.chars().take(64).collect();
        name.push(DnType::CommonName, title);
        params.distinguished_name = name;
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees: permitted::subtrees(permitted),
            excluded_subtrees: Vec::new(),
        });
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let made = params.self_signed(&key)?;
        Self::of(made.der(), made.pem(), key)
    }

    /// Reads one back.
    ///
    /// # Errors
    /// [`DevError::Unreadable`] where the files are something else, or do not belong together.
    pub fn read(certificate: &str, key: &str) -> Result<Self, DevError> {
        let unreadable = |why: &str| DevError::Unreadable(why.to_owned());
        let key =
            KeyPair::from_pem(key).map_err(|error| DevError::Unreadable(error.to_string()))?;
        let input = Input {
            name: "the CA's certificate",
            bytes: certificate.as_bytes(),
        };
        let bundle = read(&[input], &ReadOptions::default());
        let bundle = bundle.map_err(|error| DevError::Unreadable(error.to_string()))?;
        let [held] = bundle.certificates.as_slice() else {
            return Err(unreadable("one certificate is expected"));
        };
        if !held.certificate.is_ca() {
            return Err(unreadable("the certificate is no CA's"));
        }
        let is_ours = {
            use rcgen::PublicKeyData as _;
            held.certificate.spki() == key.subject_public_key_info()
        };
        if !is_ours {
            return Err(unreadable("the key is another's"));
        }
        Self::of(&held.certificate.der().clone(), certificate.to_owned(), key)
    }

    fn of(
        der: &rustls_pki_types::CertificateDer<'_>,
        pem: String,
        key: KeyPair,
    ) -> Result<Self, DevError> {
        let certificate = Read::read(der);
        let certificate = certificate.map_err(|error| DevError::Faulty(error.to_string()))?;
        Ok(Self {
            certificate,
            pem,
            key,
        })
    }

    /// Its certificate.
    pub fn certificate(&self) -> &Read {
        &self.certificate
    }

    /// Its certificate in PEM: what is installed where people trust it.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// Its private key in PEM (PKCS#8).
    pub fn key_pem(&self) -> Zeroizing<String> {
        Zeroizing::new(self.key.serialize_pem())
    }

    /// What it may vouch for: names with all below them, and addresses with their masks.
    pub fn permitted(&self) -> &[GeneralName] {
        let constraints = self.certificate.extensions.name_constraints.as_ref();
        let permitted = constraints.and_then(|constraints| constraints.permitted.as_deref());
        permitted.unwrap_or_default()
    }

    /// Of that, what its owner permitted.
    pub fn permitted_by_owner(&self) -> Vec<Identifier> {
        permitted::own(self.permitted())
    }

    /// Whether it may vouch for something.
    pub fn permits(&self, identifier: &Identifier) -> bool {
        self.permitted()
            .iter()
            .any(|subtree| match (subtree, identifier) {
                (GeneralName::Dns(base), Identifier::Dns(name)) => {
                    let name = name.trim_start_matches("*.").as_bytes();
                    let above = name.len().checked_sub(base.len());
                    name.ends_with(base)
                        && above.is_some_and(|at| at == 0 || name.get(at - 1) == Some(&b'.'))
                }
                (GeneralName::Ip(bytes), Identifier::Ip(address)) => {
                    permitted::covers(bytes, *address)
                }
                _ => false,
            })
    }

    /// Makes a certificate with a new key, for so many days, no longer than the CA itself is valid.
    ///
    /// # Errors
    /// [`DevError`] says what cannot be vouched for, and why.
    pub fn issue(
        &self,
        identifiers: &[Identifier],
        days: i64,
        now: Timestamp,
    ) -> Result<Pair, DevError> {
        let first = identifiers.first().ok_or(DevError::Nothing)?;
        if identifiers.len() > MAX_IDENTIFIERS {
            return Err(DevError::TooMany(identifiers.len()));
        }
        if !(1..=MAX_LEAF_DAYS).contains(&days) {
            return Err(DevError::Days(days));
        }
        if let Some(other) = identifiers.iter().find(|it| !self.permits(it)) {
            let other = other.clone();
            // No other CA may either.
            return Err(if permitted::is_everybodys(&other) {
                DevError::Everybodys(other)
            } else {
                DevError::NotPermitted(other)
            });
        }
        let is_broad = |it: &&Identifier| {
            let name = it.to_string();
            name.strip_prefix("*.")
                .is_some_and(|rest| !rest.contains('.'))
        };
        if let Some(broad) = identifiers.iter().find(is_broad) {
            return Err(DevError::Broad(broad.clone()));
        }
        if self.certificate.not_after < now.plus(days * DAY) {
            return Err(DevError::Over(self.certificate.not_after.date()));
        }
        let mut params = params(now, days)?;
        let mut name = DistinguishedName::new();
        name.push(DnType::OrganizationName, "Keyway development certificate");
        // X.520's upper bound of a common name; the names that count are the alternative ones.
        let title = first.to_string();
        if title.len() <= 64 {
            name.push(DnType::CommonName, title);
        }
        params.distinguished_name = name;
        params.subject_alt_names = identifiers
            .iter()
            .map(alternative)
            .collect::<Result<_, _>>()?;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let issuer = Issuer::from_ca_cert_der(self.certificate.der(), &self.key)?;
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let made = params.signed_by(&key, &issuer)?;
        let pair = Pair {
            chain: made.pem(),
            key: Zeroizing::new(key.serialize_pem()),
        };
        self.vouch(&pair, identifiers, now)?;
        Ok(pair)
    }

    /// What was made, as those see it who trust the CA.
    ///
    /// # Errors
    /// [`DevError::Faulty`] where they would refuse it.
    fn vouch(
        &self,
        pair: &Pair,
        identifiers: &[Identifier],
        now: Timestamp,
    ) -> Result<Servable, DevError> {
        let faulty = |why: String| DevError::Faulty(why);
        let inputs = pair.inputs();
        let bundle = read(&inputs, &ReadOptions::default());
        let bundle = bundle.map_err(|error| faulty(error.to_string()))?;
        let mut anchors = Anchors::none();
        let added = anchors.add(self.certificate.clone());
        added.map_err(|error| faulty(error.to_string()))?;
        let hosts = identifiers.iter().map(|it| Host::parse(&it.sample()));
        let hosts: Result<Vec<Host>, _> = hosts.collect();
        let hosts = hosts.map_err(|error| faulty(error.to_string()))?;
        let options = CheckOptions {
            hosts: &hosts,
            profile: Profile::Private,
            ..CheckOptions::new(now, &anchors, algorithms::aws_lc_rs())
        };
        let report = check(&bundle, &options);
        if report.verdicts.accepted != Verdict::Yes {
            let found = report.findings.iter().map(keyway_report::Finding::code);
            return Err(faulty(found.collect::<Vec<_>>().join(", ")));
        }
        report
            .servable(&bundle)
            .map_err(|error| faulty(error.to_string()))
    }
}

/// What all of our certificates have.
fn params(now: Timestamp, days: i64) -> Result<CertificateParams, DevError> {
    let mut params = CertificateParams::default();
    let begin = now.plus(-EARLIER);
    let moment = |at: Timestamp| {
        OffsetDateTime::from_unix_timestamp(at.seconds())
            .map_err(|error| DevError::Faulty(error.to_string()))
    };
    params.not_before = moment(begin)?;
    // The last second counts (RFC 5280, section 4.1.2.5).
    params.not_after = moment(now.plus(days * DAY - 1))?;
    let mut serial = [0; SERIAL];
    aws_lc_rs::rand::fill(&mut serial).map_err(|_| DevError::NoRandom)?;
    // Positive, and never shorter.
    serial[0] = serial[0] & 0x7f | 0x40;
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    Ok(params)
}

fn alternative(identifier: &Identifier) -> Result<SanType, DevError> {
    Ok(match identifier {
        Identifier::Dns(name) => SanType::DnsName(name.as_str().try_into()?),
        Identifier::Ip(address) => SanType::IpAddress(*address),
    })
}
