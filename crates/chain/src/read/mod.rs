//! Reading: any number of inputs, any mix, in any order, into one [`Bundle`].

mod bundle;
mod options;

use keyway_report::Place;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use crate::x509::Certificate;

pub use options::{Input, ReadError, ReadOptions};

pub use bundle::{Block, BlockKind, Bundle, HeldCertificate, HeldCrl, HeldKey, InputFacts, Source};

/// Reads inputs.
pub fn read(inputs: &[Input<'_>], _options: &ReadOptions<'_>) -> Result<Bundle, ReadError> {
    let mut bundle = Bundle::default();
    for (index, input) in inputs.iter().enumerate() {
        bundle.inputs.push(InputFacts {
            name: input.name.to_owned(),
            size: input.bytes.len(),
            what: String::new(),
            blocks: vec![],
        });
        for der in CertificateDer::pem_slice_iter(input.bytes).flatten() {
            let source = Source {
                input: index,
                block: 0,
                place: Place {
                    bytes: bundle.certificates.len()..bundle.certificates.len() + 1,
                    lines: 1..2,
                },
            };
            if let Ok(certificate) = Certificate::read(&der) {
                if bundle
                    .certificates
                    .iter()
                    .any(|h: &HeldCertificate| h.certificate.sha256() == certificate.sha256())
                {
                    continue;
                }
                bundle.certificates.push(HeldCertificate {
                    certificate,
                    sources: vec![source],
                });
            }
        }
    }
    Ok(bundle)
}
