//! Judges what a server sends, as `keyway check` judges a file in which the same certificates stand.

use base64ct::{Base64, Encoding as _};
use keyway_chain::x509::Certificate;
use keyway_chain::{Report, check};

use crate::arguments::{InputArguments, PasswordArguments};
use crate::failure::Failure;
use crate::intent::{Heap, Standard, fingerprint};
use crate::voice;

/// RFC 7468, section 2: generators wrap lines at exactly 64 characters.
const LINE: usize = 64;

/// By what it is judged.
pub(super) struct Judge<'j> {
    pub(super) standard: &'j Standard,
    /// Of which the revocation lists count here as well.
    pub(super) input: &'j InputArguments,
}

impl Judge<'_> {
    /// Judges what was sent. Clients hold the first for the server's, whatever comes behind it (RFC 8446, section
    /// 4.4.2): where another would be taken for it, what is no CA's is left out, and named.
    pub(super) fn report(
        &self,
        name: &str,
        chain: &[Vec<u8>],
        stapled: Option<&[u8]>,
        is_proven: bool,
    ) -> Result<Report, Failure> {
        let all: Vec<&Vec<u8>> = chain.iter().collect();
        let (first, others) = all.split_at(all.len().min(1));
        let cas = others.iter().copied().filter(|der| is_ca(der));
        let with_cas: Vec<&Vec<u8>> = first.iter().copied().chain(cas).collect();
        for part in [&all, &with_cas] {
            let report = self.judge(name, part, stapled, is_proven)?;
            if is_about(&report, first) {
                return Ok(without(report, name, all.len() - part.len()));
            }
        }
        let report = self.judge(name, first, stapled, is_proven)?;
        Ok(without(report, name, others.len()))
    }

    fn judge(
        &self,
        name: &str,
        chain: &[&Vec<u8>],
        stapled: Option<&[u8]>,
        is_proven: bool,
    ) -> Result<Report, Failure> {
        let lists = InputArguments {
            files: Vec::new(),
            key: Vec::new(),
            crl: self.input.crl.clone(),
            password: PasswordArguments {
                password_file: Vec::new(),
                password_env: Vec::new(),
            },
        };
        let certificates = chain.iter().map(|der| pem("CERTIFICATE", der));
        let text: String = certificates
            .chain(stapled.map(|der| pem("OCSP RESPONSE", der)))
            .collect();
        let bundle = Heap::gather(&lists)?.with(name, &text).bundle()?;
        let mut options = self.standard.options();
        options.key_is_proven = is_proven;
        Ok(check(&bundle, &options))
    }
}

fn is_ca(der: &[u8]) -> bool {
    Certificate::read(der).is_ok_and(|certificate| certificate.is_ca())
}

fn is_about(report: &Report, first: &[&Vec<u8>]) -> bool {
    let leaf = voice::leaf(report).map(|leaf| leaf.sha256.as_str());
    leaf == first.first().map(|der| fingerprint(der)).as_deref()
}

/// The report without places that nobody could look up: what was sent has no lines.
fn without(mut report: Report, name: &str, left_out: usize) -> Report {
    let here = report.findings.iter_mut().map(|finding| &mut finding.at);
    for at in here.filter(|at| at.input.as_deref() == Some(name)) {
        (at.line, at.bytes) = (None, None);
    }
    if left_out > 0 {
        let text = voice::connection::left_out(left_out);
        report.not_checked.push(text);
    }
    report
}

/// RFC 7468, section 5.1.
fn pem(label: &str, der: &[u8]) -> String {
    let base64 = Base64::encode_string(der);
    let mut text = format!("-----BEGIN {label}-----\n");
    for (at, character) in base64.chars().enumerate() {
        if at > 0 && at % LINE == 0 {
            text.push('\n');
        }
        text.push(character);
    }
    format!("{text}\n-----END {label}-----\n")
}
