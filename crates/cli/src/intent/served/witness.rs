//! Who takes every certificate that a server sends, and remembers it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, SignatureScheme};

/// What a client can verify: servers with certificates of several kinds choose by it (RFC 8446, section 4.4.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signatures {
    All,
    /// Those of RSA keys alone.
    Rsa,
    /// All but those.
    NotRsa,
}

impl Signatures {
    fn has(self, scheme: SignatureScheme) -> bool {
        let is_rsa = matches!(
            scheme,
            SignatureScheme::RSA_PKCS1_SHA256
                | SignatureScheme::RSA_PKCS1_SHA384
                | SignatureScheme::RSA_PKCS1_SHA512
                | SignatureScheme::RSA_PSS_SHA256
                | SignatureScheme::RSA_PSS_SHA384
                | SignatureScheme::RSA_PSS_SHA512
        );
        match self {
            Self::All => true,
            Self::Rsa => is_rsa,
            Self::NotRsa => !is_rsa,
        }
    }
}

/// Takes every certificate: it is looked at, not trusted. That the server has the key is checked.
#[derive(Debug)]
pub(super) struct Witness {
    pub(super) provider: Arc<CryptoProvider>,
    /// What it says that it can verify.
    signatures: Signatures,
    /// What came.
    chain: Mutex<Vec<Vec<u8>>>,
    /// Whether the server has shown that it has the key.
    proven: AtomicBool,
    /// The OCSP response that came with the certificate, empty where none did (RFC 6066, section 8).
    stapled: Mutex<Vec<u8>>,
}

impl Witness {
    pub(super) fn new() -> Self {
        Self::verifying(Signatures::All)
    }

    pub(super) fn verifying(signatures: Signatures) -> Self {
        Self {
            signatures,
            provider: Arc::new(aws_lc_rs::default_provider()),
            chain: Mutex::default(),
            proven: AtomicBool::new(false),
            stapled: Mutex::default(),
        }
    }

    /// The certificates that came, in their order.
    pub(super) fn chain(&self) -> Vec<Vec<u8>> {
        let chain = self.chain.lock();
        chain.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the server has shown that it has the key of the first.
    pub(super) fn is_proven(&self) -> bool {
        self.proven.load(Ordering::Relaxed)
    }

    /// The OCSP response that it stapled, if any.
    pub(super) fn stapled(&self) -> Option<Vec<u8>> {
        let stapled = self.stapled.lock();
        let stapled = stapled.unwrap_or_else(PoisonError::into_inner);
        (!stapled.is_empty()).then(|| stapled.clone())
    }

    fn proven(
        &self,
        held: Result<HandshakeSignatureValid, rustls::Error>,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.proven.store(held.is_ok(), Ordering::Relaxed);
        held
    }
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        first: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        response: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let mut stapled = self.stapled.lock().unwrap_or_else(PoisonError::into_inner);
        *stapled = response.to_vec();
        drop(stapled);
        let sent = std::iter::once(first).chain(others);
        let sent = sent.map(|certificate| certificate.to_vec()).collect();
        let mut chain = self.chain.lock().unwrap_or_else(PoisonError::into_inner);
        *chain = sent;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        self.proven(verify_tls12_signature(
            message,
            certificate,
            signed,
            algorithms,
        ))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        self.proven(verify_tls13_signature(
            message,
            certificate,
            signed,
            algorithms,
        ))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let algorithms = &self.provider.signature_verification_algorithms;
        let mut schemes = algorithms.supported_schemes();
        schemes.retain(|scheme| self.signatures.has(*scheme));
        schemes
    }
}
