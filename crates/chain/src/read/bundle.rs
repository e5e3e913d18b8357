use keyway_report::{Locus, Place, Verdict};
use serde::Serialize;

use crate::key::PrivateKey;
use crate::rules::Finding;
use crate::x509::{Certificate, OcspResponse, Request, RevocationList};

/// What a block turned out to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum BlockKind {
    /// An X.509 certificate.
    Certificate,
    /// A certificate with OpenSSL's trust settings behind it.
    TrustedCertificate,
    /// A private key in any form.
    PrivateKey,
    /// A private key that a password protects.
    EncryptedPrivateKey,
    /// A public key.
    PublicKey,
    /// A certificate signing request.
    Request,
    /// A certificate revocation list.
    Crl,
    /// An OCSP response.
    OcspResponse,
    /// PKCS#7 / CMS.
    Pkcs7,
    /// PKCS#12 / PFX.
    Pkcs12,
    /// Key exchange or curve parameters, which a server may hold but nothing here needs.
    Parameters,
    /// Something else that was recognised; the block's `label` or the input's `what` names it.
    Other,
    /// Not recognised.
    Unknown,
}

impl BlockKind {
    /// What messages call it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Certificate | Self::TrustedCertificate => "a certificate",
            Self::PrivateKey => "a private key",
            Self::EncryptedPrivateKey => "an encrypted private key",
            Self::PublicKey => "a public key",
            Self::Request => "a signing request",
            Self::Crl => "a revocation list",
            Self::OcspResponse => "an OCSP response",
            Self::Pkcs7 => "a PKCS#7 bundle",
            Self::Pkcs12 => "a PKCS#12 file",
            Self::Parameters => "key parameters",
            Self::Other => "something else",
            Self::Unknown => "something unknown",
        }
    }
}

/// One block of an input: a PEM block, a whole DER file, or an item inside a container.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Block {
    /// The PEM label as it stands, escaped; empty for DER and for items inside a container.
    pub label: String,
    /// What it holds.
    pub kind: BlockKind,
    /// Whether it could be read as that.
    pub readable: bool,
    /// SHA-256 of the DER, hexadecimal; absent when there is none, and for private keys, whose
    /// digest would let a guess be checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// SHA-256 of the public key that belongs to it (certificates, keys, requests).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spki_sha256: Option<String>,
    /// First line, from 1.
    pub line: u32,
    /// First byte and the byte after the last one.
    pub bytes: [usize; 2],
    /// Index of the container block in the same input that this one came out of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<usize>,
    /// Why it could not be read, in plain words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

impl Block {
    /// Whether it should have been a certificate, and cannot be read as one.
    pub fn is_unread_certificate(&self) -> bool {
        self.kind == BlockKind::Certificate && !self.readable
    }
}

/// One input, and what it held.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InputFacts {
    /// Its name as it was given.
    pub name: String,
    /// Its length in bytes.
    pub size: usize,
    /// What it is as a whole, in a few words.
    pub what: String,
    /// Its blocks, in order.
    pub blocks: Vec<Block>,
}

/// Where something was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Index into [`Bundle::inputs`].
    pub input: usize,
    /// Index into [`InputFacts::blocks`].
    pub block: usize,
    /// Place in the input.
    pub place: Place,
}

/// A certificate, and every place it was found at.
#[derive(Debug, Clone)]
pub struct HeldCertificate {
    /// The certificate.
    pub certificate: Certificate,
    /// Places, at least one; more when it was given more than once.
    pub sources: Vec<Source>,
}

impl HeldCertificate {
    /// Where the two stand in a file that has this one before the other. The order of files says nothing.
    pub(crate) fn stands_before<'a>(&'a self, other: &'a Self) -> Option<(&'a Source, &'a Source)> {
        self.sources.iter().find_map(|first| {
            let in_file = |source: &&Source| source.input == first.input;
            let later = other.sources.iter().find(in_file)?;
            (first.block < later.block).then_some((first, later))
        })
    }
}

/// A private key, and every place it was found at.
#[derive(Debug)]
pub struct HeldKey {
    /// The key.
    pub key: PrivateKey,
    /// SHA-256 of its public key.
    pub spki_sha256: [u8; 32],
    /// Places, at least one.
    pub sources: Vec<Source>,
}

impl HeldKey {
    /// Whether the key belongs to a certificate for sure.
    pub fn belongs_to(&self, certificate: &Certificate) -> bool {
        self.pairing(certificate) == Verdict::Yes
    }

    /// Whether the key belongs to a certificate; unknown where their curves cannot be compared.
    pub fn pairing(&self, certificate: &Certificate) -> Verdict {
        if self.spki_sha256 == *certificate.spki_sha256() {
            return Verdict::Yes;
        }
        self.key.pairing(certificate.spki())
    }
}

/// A certificate revocation list.
#[derive(Debug, Clone)]
pub struct HeldCrl {
    /// DER.
    pub der: Vec<u8>,
    /// What it says of itself.
    pub list: RevocationList,
    /// Places, at least one.
    pub sources: Vec<Source>,
}

/// An OCSP response.
#[derive(Debug, Clone)]
pub struct HeldOcspResponse {
    /// DER.
    pub der: Vec<u8>,
    /// What it says.
    pub response: OcspResponse,
    /// Places, at least one.
    pub sources: Vec<Source>,
}

/// A certificate signing request.
#[derive(Debug, Clone)]
pub struct HeldRequest {
    /// The request.
    pub request: Request,
    /// Places, at least one.
    pub sources: Vec<Source>,
}

/// Everything that was read from the inputs, and everything that was noticed on the way.
#[derive(Debug, Default)]
pub struct Bundle {
    /// The inputs, in the order they were given.
    pub inputs: Vec<InputFacts>,
    /// Different certificates, in order of first appearance.
    pub certificates: Vec<HeldCertificate>,
    /// Different private keys, in order of first appearance.
    pub keys: Vec<HeldKey>,
    /// Revocation lists.
    pub crls: Vec<HeldCrl>,
    /// OCSP responses.
    pub ocsp_responses: Vec<HeldOcspResponse>,
    /// Signing requests.
    pub requests: Vec<HeldRequest>,
    /// Keys that are there and could not be opened: a password is missing or wrong, or the
    /// algorithm is not supported.
    pub locked_keys: Vec<Source>,
    /// What was noticed while reading.
    pub findings: Vec<Finding>,
}

impl Bundle {
    /// Whether one of the keys belongs to a certificate; unknown without a key.
    pub fn pairing(&self, certificate: &Certificate) -> Verdict {
        let mut answer = Verdict::No;
        for key in &self.keys {
            match key.pairing(certificate) {
                Verdict::Yes => return Verdict::Yes,
                Verdict::Unknown => answer = Verdict::Unknown,
                Verdict::No => {}
            }
        }
        if self.keys.is_empty() {
            Verdict::Unknown
        } else {
            answer
        }
    }

    /// Whether something should have been a certificate, and is none that can be read.
    pub fn has_unread_certificate(&self) -> bool {
        let mut blocks = self.inputs.iter().flat_map(|input| &input.blocks);
        blocks.any(Block::is_unread_certificate)
    }

    /// Whether it came out of a container, in which order means nothing: PKCS#7 holds a set of
    /// certificates (RFC 5652, section 10.2.3), and what reads PKCS#12 looks for the key's certificate.
    pub fn is_contained(&self, source: &Source) -> bool {
        let input = self.inputs.get(source.input);
        let block = input.and_then(|input| input.blocks.get(source.block));
        block.is_some_and(|block| block.within.is_some())
    }

    /// The place of a source, as a finding shows it.
    pub fn locus(&self, source: &Source) -> Locus {
        let name = self
            .inputs
            .get(source.input)
            .map_or("", |input| input.name.as_str());
        Locus::within(name, &source.place)
    }
}
