//! The certificates that a service file names, judged as its clients will.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use keyway_chain::read::{BlockKind, HeldOcspResponse, Source};
use keyway_chain::x509::OcspAnswer;
use keyway_chain::{
    Bundle, CertificateFacts, Input, Kind, NotServable, ReadOptions, Report, Servable, check, read,
};
use keyway_config::Service;
use keyway_config::model::{Listed, Material, Secret};
use keyway_report::Timestamp;
use zeroize::Zeroizing;

use super::hosts::asked;
use super::kinds::unserved;
use super::pairs::no_key;
use super::{ServiceFile, program};
use crate::arguments::{JudgeArguments, TrustArguments};
use crate::failure::{Failure, RoleFault};
use crate::intent::Standard;
use crate::intent::files::{read_file, shown};
use crate::intent::heap::holds;
use crate::intent::secrets::from_file;

/// One certificate of a service, and what a check of it says.
pub(crate) struct Judged {
    /// The file, or `tls.certificate` where the text stands in the service file.
    pub(crate) name: String,
    /// The key's file, or `tls.key`.
    pub(crate) key: String,
    /// The hosts that get it; where there are none, those that it names.
    pub(crate) hosts: Vec<String>,
    /// The report.
    pub(crate) report: Report,
    /// Whether it is the service's own (`tls.certificate`): who asks for a host of no other gets it.
    pub(crate) is_default: bool,
    /// The field that names the password of the key, where one does.
    pub(crate) password: Option<String>,
    /// Whether the key is encrypted, and nothing opened it.
    pub(crate) is_locked: bool,
    /// Whether the key stayed closed, as no program was run for its password.
    pub(crate) closed: bool,
    /// The OCSP response that the file names for it, if any.
    pub(crate) staple: Option<Staple>,
    /// Certificates in the same files that have their keys there, too, and are not served.
    pub(crate) unserved: Vec<CertificateFacts>,
    /// What a server sends and signs with, where nothing speaks against it.
    pub(crate) servable: Result<Servable, NotServable>,
}

/// An OCSP response that a service file names for a certificate.
pub(crate) struct Staple {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// The response in DER, or why clients could make nothing of it.
    pub(crate) response: Result<Vec<u8>, String>,
    /// When it is over.
    pub(crate) until: Option<Timestamp>,
}

/// Whether programs that print a password are run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Programs {
    Run,
    Leave,
}

/// Reads and judges every certificate that the file names.
pub(crate) fn judge(
    file: &ServiceFile,
    service: &Service,
    trust: &TrustArguments,
) -> Result<Vec<Judged>, Failure> {
    all(file, service, trust, Programs::Run)
}

/// The same without running anything: a key whose password a program prints stays closed.
pub(crate) fn judge_at_rest(
    file: &ServiceFile,
    service: &Service,
    trust: &TrustArguments,
) -> Result<Vec<Judged>, Failure> {
    all(file, service, trust, Programs::Leave)
}

fn all(
    file: &ServiceFile,
    service: &Service,
    trust: &TrustArguments,
    programs: Programs,
) -> Result<Vec<Judged>, Failure> {
    let tls = &service.tls;
    let first = tls
        .certificate
        .as_ref()
        .zip(tls.key.as_ref())
        .map(|(certificate, key)| Pair {
            certificate,
            key,
            password: tls.password.as_ref(),
            ocsp: tls.ocsp.as_deref(),
            hosts: &service.host,
            table: "tls".to_owned(),
            is_default: true,
        });
    let own = tls.certificates.iter().enumerate();
    let own = own.map(|(index, own)| Pair {
        certificate: &own.certificate,
        key: &own.key,
        password: own.password.as_ref(),
        ocsp: own.ocsp.as_deref(),
        hosts: &own.host,
        table: format!("tls.certificates[{index}]"),
        is_default: false,
    });
    first
        .into_iter()
        .chain(own)
        .map(|pair| one(file, &pair, trust, programs))
        .collect()
}

/// The permissions of the files with keys and passwords that the file names, and of the file itself, as far as
/// the system tells.
pub(crate) fn modes(file: &ServiceFile, service: &Service) -> Vec<(String, u32)> {
    let named = service.secret_files().into_iter();
    let keys = named.map(|(_, path)| (path.to_owned(), file.beside(path)));
    let itself = (file.path != Path::new("-")).then(|| (shown(&file.path), file.path.clone()));
    keys.chain(itself)
        .filter_map(|(named, path)| Some((named, mode(&path)?)))
        .collect()
}

#[cfg(unix)]
fn mode(path: &Path) -> Option<u32> {
    use std::os::unix::fs::MetadataExt as _;
    path.metadata().ok().map(|metadata| metadata.mode())
}

#[cfg(not(unix))]
fn mode(_: &Path) -> Option<u32> {
    None
}

fn standard(
    file: &ServiceFile,
    hosts: &Listed,
    trust: &TrustArguments,
) -> Result<Standard, Failure> {
    let asked = asked(hosts).map_err(|why| Failure::Unfit {
        path: file.path.clone(),
        why,
    })?;
    Standard::resolve(&JudgeArguments::server(asked, trust))
}

/// One certificate of a service file, with its key.
struct Pair<'p> {
    certificate: &'p Material,
    key: &'p Material,
    password: Option<&'p Secret>,
    ocsp: Option<&'p str>,
    hosts: &'p Listed,
    /// The table of the file that it stands in.
    table: String,
    is_default: bool,
}

fn one(
    file: &ServiceFile,
    pair: &Pair<'_>,
    trust: &TrustArguments,
    programs: Programs,
) -> Result<Judged, Failure> {
    let standard = standard(file, pair.hosts, trust)?;
    let (name, chain) = load(file, pair.certificate, "tls.certificate")?;
    let (key_name, key) = load(file, pair.key, "tls.key")?;
    let is_left =
        |secret: &&Secret| programs == Programs::Leave && matches!(secret, Secret::Command(_));
    let left = pair.password.filter(is_left);
    let password = pair.password.filter(|secret| !is_left(secret));
    let password = password
        .map(|password| secret(password, &file.folder(), "tls.password"))
        .transpose()?;
    let passwords: Vec<&[u8]> = password.iter().map(|bytes| bytes.as_slice()).collect();
    let mut inputs = vec![Input {
        name: &name,
        bytes: &chain,
    }];
    if key_name != name {
        inputs.push(Input {
            name: &key_name,
            bytes: &key,
        });
    }
    let options = ReadOptions {
        passwords: &passwords,
    };
    let bundle = read(&inputs, &options)?;
    if bundle.keys.is_empty() && bundle.locked_keys.is_empty() {
        let there = bundle.inputs.last().map(holds).unwrap_or_default();
        return Err(no_key(&key_name, &there));
    }
    let mut report = check(&bundle, &standard.options());
    if let Some(fault) = misplaced(&bundle, &report) {
        return Err(Failure::Roles {
            fault,
            certificate: PathBuf::from(name),
            key: PathBuf::from(key_name),
        });
    }
    let is_locked = !bundle.locked_keys.is_empty();
    let mut servable = report.servable(&bundle);
    let mut staple = None;
    if let Some(path) = pair.ocsp {
        let path = file.beside(path);
        regular(&path)?;
        let given = read_file(&path).map_err(|refused| refused.at(&path))?;
        let mut with_it = inputs;
        with_it.push(given.input());
        let bundle = read(&with_it, &options)?;
        let with_it = check(&bundle, &standard.options());
        let found = stapled(path, &bundle, &with_it)?;
        // What says nothing is left out; what says that the certificate is revoked counts.
        if found.response.is_ok() {
            servable = with_it.servable(&bundle);
            report = with_it;
        }
        staple = Some(found);
    }
    Ok(Judged {
        name,
        key: key_name,
        hosts: pair.hosts.0.clone(),
        unserved: unserved(&report),
        report,
        is_default: pair.is_default,
        password: pair.password.map(|_| format!("{}.password", pair.table)),
        is_locked,
        closed: left.is_some() && is_locked,
        staple,
        servable,
    })
}

/// The OCSP response in the last of the inputs.
fn stapled(path: PathBuf, bundle: &Bundle, report: &Report) -> Result<Staple, Failure> {
    let last = bundle.inputs.len().saturating_sub(1);
    let mut held = bundle.ocsp_responses.iter();
    let is_there = |held: &&HeldOcspResponse| held.sources.iter().any(|at| at.input == last);
    let Some(held) = held.find(is_there) else {
        let input = bundle.inputs.last();
        let fault =
            input.and_then(|input| input.blocks.iter().find_map(|block| block.fault.as_deref()));
        let why = match (fault, input.map(holds)) {
            (Some(fault), _) => fault.to_owned(),
            (None, Some(holds)) if holds == BlockKind::OcspResponse.words() => {
                "it is no whole OCSP response: it was cut, or is still being written".to_owned()
            }
            (None, Some(holds)) => format!("it holds {holds}, and no OCSP response"),
            (None, None) => "it holds no OCSP response".to_owned(),
        };
        return Err(Failure::Unfit { path, why });
    };
    let name = bundle.inputs.last().map(|input| input.name.as_str());
    let leaf = report
        .certificates
        .first()
        .map(|leaf| leaf.serial.trim_start_matches('0'));
    let mut told = report
        .ocsp_responses
        .iter()
        .filter(|told| Some(told.input.as_str()) == name);
    let is_about_leaf = told.any(|told| {
        let mut answers = told.answers.iter();
        answers.any(|answer| Some(answer.serial.trim_start_matches('0')) == leaf)
    });
    let another = (!is_about_leaf).then(|| "it speaks of other certificates".to_owned());
    let unusable = report
        .findings
        .iter()
        .find_map(|finding| match &finding.kind {
            Kind::OcspUnusable(evidence) => Some(evidence.reason.clone()),
            _ => None,
        });
    let ends = held.response.answers.iter().map(OcspAnswer::until);
    Ok(Staple {
        path,
        until: ends.min(),
        response: match unusable.or(another) {
            Some(why) => Err(why),
            None => Ok(held.der.clone()),
        },
    })
}

pub(super) fn load(
    file: &ServiceFile,
    material: &Material,
    field: &str,
) -> Result<(String, Zeroizing<Vec<u8>>), Failure> {
    match material {
        Material::Pem(text) => Ok((field.to_owned(), Zeroizing::new(text.as_bytes().to_vec()))),
        Material::Path(path) => {
            let path = file.beside(path);
            regular(&path)?;
            let given = read_file(&path).map_err(|refused| refused.at(&path))?;
            Ok((given.name, given.bytes))
        }
    }
}

/// Refuses what is no file: whoever opens a pipe waits for its other end, and nobody finds there again what
/// was read once.
pub(crate) fn regular(path: &Path) -> Result<(), Failure> {
    let is_special = |facts: fs::Metadata| !facts.is_file() && !facts.is_dir();
    if path == Path::new("-") || path.metadata().is_ok_and(is_special) {
        return Err(Failure::SpecialNamed(path.to_path_buf()));
    }
    Ok(())
}

/// What is in the wrong one of the two files. Together they may be a pair, and a server still finds nothing: it
/// looks for the certificate in the one, and for the key in the other.
fn misplaced(bundle: &Bundle, report: &Report) -> Option<RoleFault> {
    const CERTIFICATE: usize = 0;
    const KEY: usize = 1;
    if bundle.inputs.len() <= KEY {
        return None;
    }
    let is_in = |sources: &[Source], input: usize| sources.iter().any(|at| at.input == input);
    let mut leaves = report.certificates.first().into_iter().flat_map(|leaf| {
        bundle.certificates.iter().filter(move |held| {
            let blocks = held.sources.iter().filter_map(|at| {
                let input = bundle.inputs.get(at.input)?;
                input.blocks.get(at.block)?.sha256.as_deref()
            });
            blocks.into_iter().any(|sha256| sha256 == leaf.sha256)
        })
    });
    let leaf = leaves.next()?;
    if !is_in(&leaf.sources, CERTIFICATE) {
        let keys = bundle.keys.iter().flat_map(|key| &key.sources);
        let is_swapped = keys
            .chain(&bundle.locked_keys)
            .any(|at| at.input == CERTIFICATE)
            && !bundle
                .certificates
                .iter()
                .any(|held| is_in(&held.sources, CERTIFICATE));
        return Some(if is_swapped {
            RoleFault::Swapped
        } else {
            RoleFault::Certificate
        });
    }
    let mut ours = bundle
        .keys
        .iter()
        .filter(|key| key.belongs_to(&leaf.certificate))
        .peekable();
    ours.peek()?;
    (!ours.any(|key| is_in(&key.sources, KEY))).then_some(RoleFault::Key)
}

/// Reads a secret from where it is; `field` is the service file's.
pub(crate) fn secret(
    secret: &Secret,
    folder: &Path,
    field: &'static str,
) -> Result<Zeroizing<Vec<u8>>, Failure> {
    match secret {
        Secret::Inline(text) => Ok(Zeroizing::new(text.as_bytes().to_vec())),
        Secret::File(path) => {
            let path = folder.join(path);
            regular(&path)?;
            from_file(&path)
        }
        Secret::Environment(name) => {
            let value = env::var_os(name).ok_or_else(|| Failure::PasswordVariable {
                option: field,
                name: name.clone(),
            })?;
            Ok(Zeroizing::new(value.into_encoded_bytes()))
        }
        Secret::Command(words) => program::password(words, folder),
    }
}
