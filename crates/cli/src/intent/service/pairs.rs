//! The certificates and keys that a service names, held against each other.

use std::path::{Path, PathBuf};

use keyway_chain::{Input, ReadOptions, check, read};
use keyway_config::Service;
use keyway_config::model::Material;
use keyway_report::{Verdict, escape};
use zeroize::Zeroizing;

use super::ServiceFile;
use super::certificates::regular;
use crate::arguments::{JudgeArguments, TrustArguments};
use crate::failure::Failure;
use crate::intent::Standard;
use crate::intent::files::{Refused, read_file};
use crate::intent::heap::holds;

/// A certificate and the key that is not its own, as they are called.
pub(crate) struct Unpaired {
    pub(crate) certificate: String,
    pub(crate) key: String,
}

/// What was seen of the files that a service names.
#[derive(Default)]
pub(crate) struct Looked {
    /// The pairs that are none.
    pub(crate) unpaired: Vec<Unpaired>,
    /// Files that are not there, or cannot be read.
    pub(crate) missing: Vec<PathBuf>,
}

/// What a file holds, in a few words.
pub(super) fn said(there: &str) -> String {
    if there.is_empty() {
        "nothing that is known".to_owned()
    } else {
        escape::text(there)
    }
}

/// A file that is named for a key, and holds none; `there` is what it holds.
pub(super) fn no_key(name: &str, there: &str) -> Failure {
    Failure::Unfit {
        path: name.into(),
        why: format!("no private key is in it; it holds {}", said(there)),
    }
}

/// Looks at certificates and keys. A file that is not there is an error where it is needed.
pub(crate) fn look(
    file: &ServiceFile,
    service: &Service,
    needs_files: bool,
) -> Result<Looked, Failure> {
    let tls = &service.tls;
    let first = tls.certificate.iter().zip(&tls.key);
    let own = tls.certificates.iter();
    let own = own.map(|own| (&own.certificate, &own.key));
    let mut looked = Looked::default();
    for (certificate, key) in first.chain(own) {
        let pair = [(certificate, "tls.certificate"), (key, "tls.key")];
        let mut loaded = Vec::new();
        for (material, field) in pair {
            if let Material::Path(path) = material {
                regular(&file.beside(path))?;
            }
            match load(file, material, field) {
                Ok(given) => loaded.push(given),
                Err((path, _)) if !needs_files => looked.missing.push(path),
                Err((path, refused)) => return Err(refused.at(&path)),
            }
        }
        if let [certificate, key] = loaded.as_slice()
            && !is_pair(certificate, key)?
        {
            looked.unpaired.push(Unpaired {
                certificate: certificate.0.clone(),
                key: key.0.clone(),
            });
        }
    }
    Ok(looked)
}

/// What a file is called, and its bytes.
pub(super) type Named = (String, Zeroizing<Vec<u8>>);

fn load(file: &ServiceFile, material: &Material, field: &str) -> Result<Named, (PathBuf, Refused)> {
    match material {
        Material::Pem(text) => Ok((field.to_owned(), Zeroizing::new(text.as_bytes().to_vec()))),
        Material::Path(path) => {
            let path = file.beside(path);
            match read_file(&path) {
                Ok(given) => Ok((given.name, given.bytes)),
                Err(refused) => Err((path, refused)),
            }
        }
    }
}

/// Whether a key may belong to a certificate: one that is locked may.
fn is_pair(certificate: &Named, key: &Named) -> Result<bool, Failure> {
    let mut given = vec![certificate];
    if key.0 != certificate.0 {
        given.push(key);
    }
    let inputs: Vec<Input<'_>> = given
        .iter()
        .map(|(name, bytes)| Input { name, bytes })
        .collect();
    let bundle = read(&inputs, &ReadOptions { passwords: &[] })?;
    if bundle.keys.is_empty() && bundle.locked_keys.is_empty() {
        let there = bundle.inputs.last().map(holds).unwrap_or_default();
        return Err(no_key(&key.0, &there));
    }
    if bundle.certificates.is_empty() {
        let there = bundle.inputs.first().map(holds).unwrap_or_default();
        return Err(Failure::Unfit {
            path: (&certificate.0).into(),
            why: format!("no certificate is in it; it holds {}", said(&there)),
        });
    }
    let trust = TrustArguments {
        roots: vec!["none".into()],
        profile: crate::arguments::Profile::default(),
        at: None,
    };
    let standard = Standard::resolve(&JudgeArguments::server(Vec::new(), &trust))?;
    let report = check(&bundle, &standard.options());
    Ok(report.verdicts.pairs != Verdict::No)
}

/// Whether a key is encrypted, so that it wants a password. One that cannot be read may be.
pub(crate) fn needs_password(key: &Path) -> bool {
    let given = regular(key).ok().and_then(|()| read_file(key).ok());
    let bundle = given.and_then(|given| {
        let (name, bytes) = (&given.name, &given.bytes);
        read(&[Input { name, bytes }], &ReadOptions { passwords: &[] }).ok()
    });
    bundle.is_none_or(|bundle| bundle.keys.is_empty())
}
