//! Certificates: their order, their copies, which were left out, and what they were taken out of.

use std::collections::{BTreeMap, BTreeSet};

use super::{change, list};
use crate::fix::Form;
use crate::fix::plan::{Change, Plan};
use crate::read::{Block, BlockKind};
use crate::report::{RoleFact, hex};

impl Plan<'_> {
    pub(super) fn order(&self, out: &mut Vec<Change>) {
        let mut moved = BTreeSet::new();
        for input in 0..self.bundle.inputs.len() {
            let stood = self.stood_in(input);
            let Some(&leaf) = self.written.first() else {
                return;
            };
            if let Some(before @ 1..) = stood.iter().position(|&index| index == leaf) {
                let at = self.certificate(leaf).sources.iter();
                let at = at.filter(|source| source.input == input).take(1);
                let what = format!(
                    "put the server's certificate {} first: it stood at {}, behind {before} other{}",
                    self.name(leaf),
                    self.places(at),
                    if before == 1 { "" } else { "s" }
                );
                let why = "a server shows the first as its own";
                out.push(change(what, why, Some("chain.leaf-not-first")));
            }
            let positions = stood.iter().filter(|&&index| index != leaf);
            let positions: Vec<usize> = positions
                .filter_map(|index| self.written.iter().position(|written| written == index))
                .collect();
            if !positions.is_sorted() {
                moved.extend(positions);
            }
        }
        if !moved.is_empty() {
            let names = list(moved.into_iter().map(|at| self.name(self.written[at])));
            let what = format!("put the others in the order of issue: {names}");
            let why = "each has to certify the one before it";
            out.push(change(what, why, Some("chain.out-of-order")));
        }
        self.joined(out);
    }

    /// The certificates of one input, each once, in the order in which they stand there; those of a
    /// container have none.
    fn stood_in(&self, input: usize) -> Vec<usize> {
        let held = self.bundle.certificates.iter().enumerate();
        let mut found: Vec<(usize, usize)> = held
            .filter_map(|(index, held)| {
                let here = held
                    .sources
                    .iter()
                    .filter(|source| source.input == input && !self.bundle.is_contained(source));
                here.map(|source| source.block)
                    .min()
                    .map(|block| (block, index))
            })
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, index)| index).collect()
    }

    /// Certificates of several files, which are now in one.
    fn joined(&self, out: &mut Vec<Change>) {
        let mut names = Vec::new();
        for &index in self.written {
            let source = self.certificate(index).sources.first();
            let input = source.and_then(|source| self.bundle.locus(source).input);
            names.extend(input.filter(|input| !names.contains(input)));
        }
        if names.len() > 1 {
            let what = format!(
                "put the certificates of {} files into one: {}",
                names.len(),
                list(names.iter().map(|name| keyway_report::escape::text(name)))
            );
            let why = "a server sends what is in one file";
            out.push(change(what, why, None));
        }
    }

    pub(super) fn copies(&self, out: &mut Vec<Change>) {
        for &index in self.written {
            let sources = &self.certificate(index).sources;
            if sources.len() > 1 {
                let what = format!(
                    "wrote {} once: it stood at {}",
                    self.name(index),
                    self.places(sources)
                );
                let why = "a copy makes every handshake larger, and some clients refuse it";
                out.push(change(what, why, Some("chain.duplicate")));
            }
        }
    }

    pub(super) fn certificates_left_out(&self, out: &mut Vec<Change>) {
        let mut by_reason: BTreeMap<&'static str, (Vec<usize>, &'static str)> = BTreeMap::new();
        for index in (0..self.bundle.certificates.len()).filter(|i| !self.written.contains(i)) {
            let (code, why) = self.reason(index);
            by_reason
                .entry(code)
                .or_insert((Vec::new(), why))
                .0
                .push(index);
        }
        for (code, (indices, why)) in by_reason {
            let named = indices.iter().map(|&index| {
                let sources = &self.certificate(index).sources;
                format!("{} ({})", self.name(index), self.places(sources))
            });
            out.push(change(format!("left out {}", list(named)), why, Some(code)));
        }
    }

    /// Why a certificate was left out.
    fn reason(&self, index: usize) -> (&'static str, &'static str) {
        let certificate = &self.certificate(index).certificate;
        let issued = |&written: &usize| {
            let below = &self.certificate(written).certificate;
            below.issuer.der() == certificate.subject.der()
        };
        let report = &self.report.findings;
        let has = |code| {
            report.iter().any(|finding| {
                let at = finding
                    .at
                    .certificate
                    .and_then(|at| self.report.certificates.get(at));
                finding.code() == code
                    && at.is_some_and(|at| at.sha256 == hex(certificate.sha256()))
            })
        };
        // Of two self-signed ones for a server each looks like the other's root.
        if has("chain.second-leaf") {
            let why = "it is another one for the same name, and a server shows one";
            return ("chain.second-leaf", why);
        }
        if certificate.is_self_issued() && self.written.iter().any(issued) {
            return ("chain.root-included", "clients hold their own root");
        }
        if has("chain.twin-first") {
            let why = "the chain does not hold with it, and some clients look at no other";
            return ("chain.twin-first", why);
        }
        let key = hex(certificate.spki_sha256());
        let on_path = self.report.certificates.iter();
        let mut on_path = on_path.filter(|facts| facts.role != RoleFact::Stranger);
        if certificate.not_after < self.report.at && on_path.any(|facts| facts.spki_sha256 == key) {
            let why = "it has expired, and the chain holds without it";
            return ("chain.expired-cross-sign", why);
        }
        (
            "chain.stranger",
            "it is on no path from the server's certificate",
        )
    }

    pub(super) fn containers(&self, out: &mut Vec<Change>) {
        let mut opened: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for source in self.taken_from() {
            let blocks = &self.bundle.inputs[source.input].blocks;
            if let Some(container) = blocks.get(source.block).and_then(|block| block.within) {
                *opened.entry((source.input, container)).or_default() += 1;
            }
        }
        for ((input, container), _) in opened {
            let input = &self.bundle.inputs[input];
            let Some(block) = input.blocks.get(container) else {
                continue;
            };
            let (what, why, code) = match block.kind {
                BlockKind::Pkcs7 if self.form != Form::Pkcs7 => (
                    "took the certificates out of the PKCS#7 bundle",
                    "no TLS server loads PKCS#7",
                    "pem.pkcs7-given",
                ),
                BlockKind::Pkcs12 if self.form != Form::Pkcs12 => (
                    "took what belongs together out of the PKCS#12 file",
                    "most servers want PEM",
                    "pem.pkcs12-given",
                ),
                _ => continue,
            };
            let what = format!("{what} ({})", block_place(&input.name, block));
            out.push(change(what, why, Some(code)));
        }
    }

    /// Everything that is neither a certificate nor a private key.
    pub(super) fn rest_left_out(&self, out: &mut Vec<Change>) {
        let mut by_what: BTreeMap<(&'static str, &'static str), Vec<String>> = BTreeMap::new();
        for input in &self.bundle.inputs {
            if input.blocks.is_empty() {
                let place = keyway_report::escape::text(&input.name);
                by_what
                    .entry(("what is nothing of the kind", "no server reads it"))
                    .or_default()
                    .push(place);
            }
            for block in &input.blocks {
                let Some(why) = left_out(block) else { continue };
                by_what
                    .entry(why)
                    .or_default()
                    .push(block_place(&input.name, block));
            }
        }
        for ((what, why), places) in by_what {
            out.push(change(
                format!("left out {what} ({})", list(places)),
                why,
                None,
            ));
        }
    }
}

fn block_place(input: &str, block: &Block) -> String {
    format!("{}:{}", keyway_report::escape::text(input), block.line)
}

/// What a block is that no file for a server holds, and why.
fn left_out(block: &Block) -> Option<(&'static str, &'static str)> {
    match block.kind {
        BlockKind::Request => Some(("the signing request", "it is for the CA")),
        BlockKind::Crl => Some(("the revocation list", "it is for checking")),
        BlockKind::PublicKey => Some(("the public key", "the certificate holds it")),
        BlockKind::Parameters => Some((
            "the parameters",
            "they are no part of a chain; servers today choose their own",
        )),
        BlockKind::Pkcs12 | BlockKind::EncryptedPrivateKey if !block.readable => Some((
            "what is encrypted",
            "without its password nobody can look into it",
        )),
        BlockKind::PrivateKey if !block.readable => {
            Some(("what should be a private key", "it could not be read"))
        }
        _ if !block.readable => Some(("what could not be read", "nobody can say what it is")),
        _ => None,
    }
}
