//! Puts what is read into the bundle: each thing once, with every place it was found at.

use keyway_report::{Finding as Found, Place, escape};
use sha2::{Digest as _, Sha256};

use super::bundle::{
    Block, BlockKind, Bundle, HeldCertificate, HeldCrl, HeldKey, HeldOcspResponse, HeldRequest,
    InputFacts, Source,
};
use super::limits::{MAX_CERTIFICATES, MAX_CRLS, MAX_KEYS, MAX_OCSP_RESPONSES, MAX_REQUESTS};
use super::options::{Input, ReadError, ReadOptions};
use crate::container::pbe::Allowance;
use crate::key::PrivateKey;
use crate::report::hex;
use crate::rules::{Kind, pem};
use crate::x509::{Certificate, OcspResponse, Request, RevocationList};

pub(super) struct Collector<'a> {
    pub(super) bundle: Bundle,
    pub(super) options: &'a ReadOptions<'a>,
    /// What opening keys and containers may still cost.
    pub(super) allowance: Allowance,
}

impl<'a> Collector<'a> {
    pub(super) fn new(options: &'a ReadOptions<'a>, allowance: Allowance) -> Self {
        Self {
            bundle: Bundle::default(),
            options,
            allowance,
        }
    }

    /// Starts an input; everything that follows belongs to it.
    pub(super) fn start(&mut self, input: &Input<'_>) {
        self.bundle.inputs.push(InputFacts {
            name: input.name.to_owned(),
            size: input.bytes.len(),
            what: String::new(),
            blocks: Vec::new(),
        });
    }

    /// Says what the input is as a whole.
    pub(super) fn describe(&mut self, what: impl Into<String>) {
        if let Some(input) = self.bundle.inputs.last_mut() {
            input.what = what.into();
        }
    }

    /// Adds a block to the current input; its index.
    pub(super) fn block(&mut self, label: &str, place: &Place, within: Option<usize>) -> usize {
        let Some(input) = self.bundle.inputs.last_mut() else {
            return 0;
        };
        input.blocks.push(Block {
            label: escape::text(label),
            kind: BlockKind::Unknown,
            readable: false,
            sha256: None,
            spki_sha256: None,
            line: place.lines.start,
            bytes: [place.bytes.start, place.bytes.end],
            within,
            fault: None,
        });
        input.blocks.len() - 1
    }

    /// The block, to fill in what it turned out to be.
    pub(super) fn at(&mut self, block: usize) -> Option<&mut Block> {
        self.bundle.inputs.last_mut()?.blocks.get_mut(block)
    }

    /// Notes a finding at a place of the current input.
    pub(super) fn note(&mut self, place: &Place, kind: impl Into<Kind>) {
        let source = self.source(0, place);
        let at = self.bundle.locus(&source);
        self.bundle.findings.push(Found {
            kind: kind.into(),
            at,
        });
    }

    pub(super) fn source(&self, block: usize, place: &Place) -> Source {
        let input = self.bundle.inputs.len().saturating_sub(1);
        Source {
            input,
            block,
            place: place.clone(),
        }
    }

    /// Marks a block as read.
    pub(super) fn readable(&mut self, block: usize, kind: BlockKind, der: Option<&[u8]>) {
        if let Some(block) = self.at(block) {
            block.kind = kind;
            block.readable = true;
            block.sha256 = der.map(|der| hex(&Sha256::digest(der)));
        }
    }

    /// Marks a block as recognised and not read, and says why.
    pub(super) fn unreadable(&mut self, block: usize, kind: BlockKind, fault: String) {
        if let Some(block) = self.at(block) {
            block.kind = kind;
            block.fault = Some(fault);
        }
    }

    pub(super) fn certificate(
        &mut self,
        block: usize,
        kind: BlockKind,
        certificate: Certificate,
        place: &Place,
    ) -> Result<(), ReadError> {
        self.readable(block, kind, None);
        if let Some(facts) = self.at(block) {
            facts.sha256 = Some(hex(certificate.sha256()));
            facts.spki_sha256 = Some(hex(certificate.spki_sha256()));
        }
        let source = self.source(block, place);
        let known = self
            .bundle
            .certificates
            .iter_mut()
            .find(|held| held.certificate.sha256() == certificate.sha256());
        if let Some(held) = known {
            held.sources.push(source);
            return Ok(());
        }
        self.limit(
            self.bundle.certificates.len(),
            MAX_CERTIFICATES,
            "certificates",
        )?;
        self.bundle.certificates.push(HeldCertificate {
            certificate,
            sources: vec![source],
        });
        Ok(())
    }

    pub(super) fn key(
        &mut self,
        block: usize,
        kind: BlockKind,
        key: PrivateKey,
        place: &Place,
    ) -> Result<(), ReadError> {
        let spki_sha256: [u8; 32] = Sha256::digest(&key.spki).into();
        self.readable(block, kind, None);
        if let Some(facts) = self.at(block) {
            facts.spki_sha256 = Some(hex(&spki_sha256));
        }
        let source = self.source(block, place);
        let known = self
            .bundle
            .keys
            .iter()
            .position(|held| held.spki_sha256 == spki_sha256);
        if let Some(known) = known {
            self.duplicate("private key", known, place);
            self.bundle.keys[known].sources.push(source);
            return Ok(());
        }
        self.limit(self.bundle.keys.len(), MAX_KEYS, "private keys")?;
        self.bundle.keys.push(HeldKey {
            key,
            spki_sha256,
            sources: vec![source],
        });
        Ok(())
    }

    pub(super) fn request(
        &mut self,
        block: usize,
        der: &[u8],
        request: Request,
        place: &Place,
    ) -> Result<(), ReadError> {
        self.readable(block, BlockKind::Request, Some(der));
        if let Some(facts) = self.at(block) {
            facts.spki_sha256 = Some(hex(&request.spki_sha256));
        }
        let source = self.source(block, place);
        let mut known = self.bundle.requests.iter_mut();
        if let Some(held) = known.find(|held| held.request.sha256 == request.sha256) {
            held.sources.push(source);
            return Ok(());
        }
        self.limit(self.bundle.requests.len(), MAX_REQUESTS, "signing requests")?;
        self.bundle.requests.push(HeldRequest {
            request,
            sources: vec![source],
        });
        Ok(())
    }

    pub(super) fn crl(
        &mut self,
        block: usize,
        der: &[u8],
        list: RevocationList,
        place: &Place,
    ) -> Result<(), ReadError> {
        self.readable(block, BlockKind::Crl, Some(der));
        let source = self.source(block, place);
        if let Some(held) = self.bundle.crls.iter_mut().find(|held| held.der == der) {
            held.sources.push(source);
            return Ok(());
        }
        self.limit(self.bundle.crls.len(), MAX_CRLS, "revocation lists")?;
        self.bundle.crls.push(HeldCrl {
            der: der.to_vec(),
            list,
            sources: vec![source],
        });
        Ok(())
    }

    pub(super) fn ocsp_response(
        &mut self,
        block: usize,
        der: &[u8],
        response: OcspResponse,
        place: &Place,
    ) -> Result<(), ReadError> {
        self.readable(block, BlockKind::OcspResponse, Some(der));
        let source = self.source(block, place);
        let mut known = self.bundle.ocsp_responses.iter_mut();
        if let Some(held) = known.find(|held| held.response.sha256 == response.sha256) {
            held.sources.push(source);
            return Ok(());
        }
        let count = self.bundle.ocsp_responses.len();
        self.limit(count, MAX_OCSP_RESPONSES, "OCSP responses")?;
        self.bundle.ocsp_responses.push(HeldOcspResponse {
            der: der.to_vec(),
            response,
            sources: vec![source],
        });
        Ok(())
    }

    /// A key that is there and could not be opened.
    pub(super) fn locked_key(&mut self, block: usize, place: &Place) {
        let source = self.source(block, place);
        self.bundle.locked_keys.push(source);
    }

    /// Notes a key that stands twice in one input; twice in a heap of files is no fault.
    fn duplicate(&mut self, what: &'static str, known: usize, place: &Place) {
        let here = self.bundle.inputs.len().saturating_sub(1);
        let first = self.bundle.keys[known]
            .sources
            .iter()
            .find(|at| at.input == here);
        if let Some(first) = first {
            let at = self.bundle.locus(first);
            let first = format!("line {}", at.line.unwrap_or(1));
            self.note(place, pem::duplicate_block::DuplicateBlock { what, first });
        }
    }

    fn limit(&self, have: usize, limit: usize, what: &'static str) -> Result<(), ReadError> {
        if have < limit {
            return Ok(());
        }
        let input = self
            .bundle
            .inputs
            .last()
            .map_or_else(String::new, |i| i.name.clone());
        Err(ReadError::Limit { input, what, limit })
    }
}
