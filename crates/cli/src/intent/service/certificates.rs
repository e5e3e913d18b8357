//! The certificates that a service file names, judged as its clients will.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use keyway_chain::{Input, ReadOptions, Report, check, read};
use keyway_config::Service;
use keyway_config::model::{Listed, Material, Secret};
use zeroize::Zeroizing;

use super::ServiceFile;
use crate::arguments::{JudgeArguments, TrustArguments};
use crate::failure::{Failure, Wanted};
use crate::intent::Standard;
use crate::intent::files::{MAX_FILE_BYTES, read_file};
use crate::intent::heap::holds;
use crate::intent::secrets::{first_line, from_file};

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
}

/// Reads and judges every certificate that the file names.
pub(crate) fn judge(
    file: &ServiceFile,
    service: &Service,
    trust: &TrustArguments,
) -> Result<Vec<Judged>, Failure> {
    let tls = &service.tls;
    let mut judged = Vec::new();
    if let (Some(certificate), Some(key)) = (&tls.certificate, &tls.key) {
        let password = tls.password.as_ref();
        judged.push(one(
            file,
            [certificate, key],
            password,
            &service.host,
            trust,
        )?);
    }
    for own in &tls.certificates {
        let files = [&own.certificate, &own.key];
        let password = own.password.as_ref();
        judged.push(one(file, files, password, &own.host, trust)?);
    }
    Ok(judged)
}

/// The permissions of the keys that the file names, as far as the system tells.
pub(crate) fn modes(file: &ServiceFile, service: &Service) -> Vec<(String, u32)> {
    let tls = &service.tls;
    let own = tls.certificates.iter().map(|own| &own.key);
    let paths = tls.key.iter().chain(own).filter_map(Material::path);
    paths
        .filter_map(|path| Some((path.to_owned(), mode(&file.beside(path))?)))
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

fn standard(hosts: &Listed, trust: &TrustArguments) -> Result<Standard, Failure> {
    // What is no host is told of the file, and nobody asks for it. A wildcard is asked for by a name that it
    // covers.
    let asked = hosts.iter().filter(|host| keyway_config::is_host(host));
    let asked = asked.map(|host| match host.strip_prefix("*.") {
        Some(rest) => format!("any.{rest}"),
        None => host.to_owned(),
    });
    Standard::resolve(&JudgeArguments::server(asked.collect(), trust))
}

fn one(
    file: &ServiceFile,
    [certificate, key]: [&Material; 2],
    password: Option<&Secret>,
    hosts: &Listed,
    trust: &TrustArguments,
) -> Result<Judged, Failure> {
    let standard = standard(hosts, trust)?;
    let folder = file.folder();
    let load = |material: &Material,
                field: &str|
     -> Result<(String, Zeroizing<Vec<u8>>), Failure> {
        match material {
            Material::Pem(text) => Ok((field.to_owned(), Zeroizing::new(text.as_bytes().to_vec()))),
            Material::Path(path) => {
                let path = file.beside(path);
                let given = read_file(&path).map_err(|refused| refused.at(&path))?;
                Ok((given.name, given.bytes))
            }
        }
    };
    let (name, chain) = load(certificate, "tls.certificate")?;
    let (key_name, key) = load(key, "tls.key")?;
    let password = password
        .map(|password| secret(password, &folder, "tls.password"))
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
        return Err(Failure::NotInside {
            wanted: Wanted::Key,
            path: PathBuf::from(&key_name),
            holds: bundle.inputs.last().map(holds),
        });
    }
    let report = check(&bundle, &standard.options());
    Ok(Judged {
        name,
        key: key_name,
        hosts: hosts.0.clone(),
        report,
    })
}

/// Reads a secret from where it is; `field` is the service file's.
pub(crate) fn secret(
    secret: &Secret,
    folder: &Path,
    field: &'static str,
) -> Result<Zeroizing<Vec<u8>>, Failure> {
    match secret {
        Secret::Inline(text) => Ok(Zeroizing::new(text.as_bytes().to_vec())),
        Secret::File(path) => from_file(&folder.join(path)),
        Secret::Environment(name) => {
            let value = env::var_os(name).ok_or_else(|| Failure::PasswordVariable {
                option: field,
                name: name.clone(),
            })?;
            Ok(Zeroizing::new(value.into_encoded_bytes()))
        }
        Secret::Command(words) => run(words, folder),
    }
}

fn run(words: &[String], folder: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let failed = |reason: String| Failure::PasswordCommand {
        program: words.first().cloned().unwrap_or_default(),
        reason,
    };
    let Some((program, arguments)) = words.split_first() else {
        return Err(failed("no program is named".to_owned()));
    };
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| failed(error.to_string()))?;
    let printed = Zeroizing::new(output.stdout);
    if !output.status.success() {
        return Err(failed(output.status.to_string()));
    }
    if printed.len() > MAX_FILE_BYTES {
        return Err(failed("it printed too much".to_owned()));
    }
    let line = first_line(&printed).ok_or_else(|| failed("it printed UTF-16".to_owned()))?;
    Ok(Zeroizing::new(line.to_vec()))
}
