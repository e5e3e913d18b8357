//! The functions behind the JavaScript ones: total, and the same natively as in a browser.

use keyway_chain::fix::Change;
use keyway_chain::{
    Anchors, Bundle, CheckOptions, Facts, FixOptions, Form, Input, ReadOptions, Report, algorithms,
    name::{Host, HostError},
    read::MAX_KDF_ROUNDS,
};
use serde::Serialize;

mod reader;

use crate::file::File;
use crate::options::{FixForm, FixSettings, Options, Password, Roots};
use crate::problem::Problem;
pub use reader::Reader;

/// Reads and judges files as one heap.
///
/// # Errors
/// [`Problem`] when the options make no sense or the files pass a limit.
pub fn check(files: &[File], options: &Options) -> Result<Report, Problem> {
    Reader::default().check(files, options)
}

/// Judges every file by itself, as `keyway scan` does. One that passes a limit does not stop the rest.
pub fn check_each(files: &[File], options: &Options) -> Vec<Result<Report, Problem>> {
    files
        .iter()
        .map(|file| check(std::slice::from_ref(file), options))
        .collect()
}

/// What the files hold, without judging it.
///
/// # Errors
/// [`Problem`] when the files pass a limit.
pub fn inspect(files: &[File], passwords: &[Password]) -> Result<Facts, Problem> {
    let bundle = gather(files, passwords, MAX_KDF_ROUNDS)?;
    Ok(Facts::from(keyway_chain::unjudged(&bundle)))
}

/// One repaired file.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Written {
    /// Its name.
    pub name: String,
    /// Its contents.
    #[cfg_attr(feature = "schema", schemars(with = "crate::file::Bytes"))]
    pub bytes: Octets,
    /// Whether it holds a private key, and only its owner may read it.
    pub private: bool,
}

/// Bytes on their way out; overwritten when dropped.
#[derive(Debug)]
pub struct Octets(zeroize::Zeroizing<Vec<u8>>);

impl Octets {
    /// The bytes.
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }
}

impl Serialize for Octets {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

/// What a repair comes to.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Repaired {
    /// The files to save.
    pub files: Vec<Written>,
    /// What was changed, and why.
    pub changes: Vec<Change>,
    /// What could not be repaired.
    pub unrepaired: Vec<String>,
}

/// Makes the files that a server wants.
///
/// # Errors
/// [`Problem`] as for a check, when there is no certificate, or a PKCS#12 file lacks its password or
/// its random bytes.
pub fn fix(files: &[File], options: &Options, settings: &FixSettings) -> Result<Repaired, Problem> {
    Reader::default().fix(files, options, settings)
}

fn mend(bundle: &Bundle, options: &Options, settings: &FixSettings) -> Result<Repaired, Problem> {
    let report = judge(bundle, options)?;
    let pkcs12 = match settings.form {
        FixForm::P12 => Some(pkcs12(settings)?),
        _ => None,
    };
    let form = match settings.form {
        FixForm::Pem => Form::Pem,
        FixForm::P12 => Form::Pkcs12,
        FixForm::P7b => Form::Pkcs7,
        FixForm::Der => Form::Der,
    };
    let how = FixOptions {
        form,
        keep_root: settings.keep_root,
        pkcs12,
    };
    let repair = keyway_chain::fix(bundle, &report, &how).map_err(Problem::Fix)?;
    let files = repair.files.into_iter().map(|file| Written {
        name: file.name,
        bytes: Octets(file.bytes),
        private: file.private,
    });
    Ok(Repaired {
        files: files.collect(),
        changes: repair.changes,
        unrepaired: repair.unrepaired,
    })
}

fn gather(files: &[File], passwords: &[Password], rounds: u64) -> Result<Bundle, Problem> {
    let passwords: Vec<&[u8]> = passwords
        .iter()
        .map(|password| password.0.0.as_slice())
        .collect();
    let inputs: Vec<Input<'_>> = files
        .iter()
        .map(|file| Input {
            name: &file.name,
            bytes: &file.bytes.0,
        })
        .collect();
    let options = ReadOptions {
        passwords: &passwords,
    };
    keyway_chain::read_within(&inputs, &options, rounds).map_err(Problem::Read)
}

fn judge(bundle: &Bundle, options: &Options) -> Result<Report, Problem> {
    let now = options.now.read().map_err(|_| Problem::Now)?;
    let hosts: Vec<Host> = options
        .hosts
        .iter()
        .map(|host| asked(host))
        .collect::<Result<_, _>>()?;
    let anchors = anchors(options)?;
    let mut how = CheckOptions::new(now, &anchors, algorithms::rustcrypto());
    how.hosts = &hosts;
    how.purpose = options.purpose;
    how.profile = options.profile;
    how.max_intermediates = options.max_intermediates;
    if options.warn_at_percent.is_some_and(|percent| percent > 100) {
        let what = "options.warn_at_percent: more than 100 percent".to_owned();
        return Err(Problem::Arguments(what));
    }
    how.warn_at_percent = options.warn_at_percent.unwrap_or(how.warn_at_percent);
    Ok(keyway_chain::check(bundle, &how))
}

/// A host as a client would ask for it: the library compares any text with a certificate's names; who
/// connects knows names and addresses only.
fn asked(given: &str) -> Result<Host, Problem> {
    let refused = |reason| Problem::host(given, reason);
    if given.trim().is_empty() {
        return Err(refused(HostError::Empty));
    }
    match Host::parse(given).map_err(refused)? {
        Host::Literal(literal) => Err(Problem::not_a_host(given, literal.fault())),
        host => Ok(host),
    }
}

fn anchors(options: &Options) -> Result<Anchors, Problem> {
    let mut anchors = match options.roots {
        Roots::Mozilla => Anchors::mozilla(),
        Roots::None => Anchors::none(),
    };
    let own = options.own_roots.iter().map(|file| (file, false));
    let public = options.public_roots.iter().map(|file| (file, true));
    for (file, is_public) in own.chain(public) {
        let problem = |reason: String| Problem::Root {
            file: keyway_report::escape::text(&file.name),
            reason,
        };
        let bundle = gather(std::slice::from_ref(file), &[], MAX_KDF_ROUNDS)?;
        if bundle.certificates.is_empty() {
            return Err(problem("there is no certificate in it".to_owned()));
        }
        for held in bundle.certificates {
            let added = if is_public {
                anchors.add_public_certificate(&held.certificate)
            } else {
                anchors.add(held.certificate)
            };
            added.map_err(|error| problem(error.to_string()))?;
        }
    }
    Ok(anchors)
}

fn pkcs12(settings: &FixSettings) -> Result<keyway_chain::fix::Pkcs12Settings<'_>, Problem> {
    let missing = Problem::Fix(keyway_chain::FixError::PasswordNeeded);
    let password = settings.password.as_ref().ok_or(missing)?;
    let given: &[u8] = settings.random.as_ref().map_or(&[], |random| &random.0);
    let random = given.try_into().map_err(|_| Problem::Random(given.len()))?;
    Ok(keyway_chain::fix::Pkcs12Settings {
        password: &password.0.0,
        random,
    })
}
