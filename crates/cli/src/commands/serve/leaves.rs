//! The certificates that are served.

use keyway_chain::x509::PublicKeyAlgorithm;
use keyway_termination::metrics::Lifetime;
use keyway_termination::{Entry, SiteError};

use crate::failure::{Failure, ServeFault};
use crate::intent::Signatures;
use crate::intent::service::Judged;

/// A certificate that is served.
pub(super) struct Leaf {
    /// Who gets it.
    pub(super) hosts: Vec<String>,
    pub(super) sha256: String,
    /// What a client can verify to whom this one is shown, where another has a key of another kind.
    pub(super) signatures: Signatures,
    /// The OCSP response that the file names for it, empty where clients could make nothing of it.
    pub(super) staple: Option<Vec<u8>>,
}

pub(super) fn leaf(judged: &Judged) -> Option<Leaf> {
    let leaf = judged.report.certificates.first()?;
    let staple = judged.staple.as_ref();
    Some(Leaf {
        hosts: judged.shown_to(),
        sha256: leaf.sha256.clone(),
        signatures: match leaf.key.algorithm {
            PublicKeyAlgorithm::Rsa | PublicKeyAlgorithm::RsaPss => Signatures::Rsa,
            _ => Signatures::NotRsa,
        },
        staple: staple.map(|staple| staple.response.clone().unwrap_or_default()),
    })
}

pub(super) fn lifetime(judged: &Judged) -> Option<Lifetime> {
    let leaf = judged.report.certificates.first()?;
    let name = judged.hosts.first().or(leaf.dns_names.first());
    Some(Lifetime {
        name: name.unwrap_or(&judged.name).clone(),
        serial: leaf.serial.clone(),
        not_before: leaf.not_before.seconds(),
        not_after: leaf.not_after.seconds(),
    })
}

pub(super) fn entry(judged: &Judged) -> Result<Entry, Failure> {
    let Ok(servable) = &judged.servable else {
        // Looked at before.
        return Err(SiteError::NoCertificate.into());
    };
    let hosts = judged.shown_to();
    let hosts = hosts.iter().map(String::as_str);
    let entry = Entry::new(hosts, servable).map_err(|source| {
        let certificate = judged.name.clone();
        Failure::from(ServeFault::Entry {
            certificate,
            source,
        })
    })?;
    let staple = judged.staple.as_ref();
    let usable = staple.and_then(|staple| Some((staple.response.as_ref().ok()?, staple.until)));
    Ok(match usable {
        Some((response, until)) => entry.with_ocsp(response.clone(), until),
        None => entry,
    })
}
