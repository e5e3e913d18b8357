//! The vectors of the rules about service files, as files and as what is known of the world around them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// `around.json`: what is known of the world around the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Around {
    /// The managed name that the service has.
    pub managed_name: Option<String>,
    /// Permissions of files.
    pub modes: BTreeMap<String, u32>,
    /// A file of clients' CAs in which no CA is.
    pub no_ca: Option<String>,
    /// A host for which two certificates have RSA keys: the first, and the first of `tls.certificates`.
    pub same_kind: Option<String>,
    /// A form that the file is exported to.
    pub export: Option<String>,
    /// A server of nginx that is imported beside the file.
    pub import: Option<String>,
}

/// One vector, with its file read.
pub struct Vector {
    /// `<code>/{fires,silent}-<behaviour>`.
    pub id: String,
    /// The service file.
    pub text: String,
    /// What is known beside it.
    pub around: Around,
}

/// Where the vectors are.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/services")
}

/// What is in a folder, in the order of the names.
///
/// # Panics
/// When it cannot be read: that is the failure of the test that asks.
pub fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the vectors are there");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a readable vector").path())
        .collect();
    paths.sort();
    paths
}

/// The last part of a path.
///
/// # Panics
/// When there is none.
pub fn name(path: &Path) -> String {
    let name = path.file_name().expect("a readable vector");
    name.to_string_lossy().into_owned()
}

/// Every vector.
///
/// # Panics
/// As [`below()`].
pub fn all() -> Vec<Vector> {
    let folders = below(&folder()).into_iter();
    folders
        .flat_map(|code| below(&code))
        .map(|vector| Vector::load(&vector))
        .collect()
}

impl Vector {
    /// Reads the one in a folder.
    ///
    /// # Panics
    /// When it cannot be read.
    pub fn load(folder: &Path) -> Self {
        let files = below(folder);
        let service = files.iter().find(|path| name(path).starts_with("service."));
        let text = fs::read_to_string(service.expect("a service file")).expect("a readable vector");
        let around = match fs::read(folder.join("around.json")) {
            Ok(json) => serde_json::from_slice(&json).expect("a readable vector"),
            Err(_) => Around::default(),
        };
        let code = folder.parent().map(name).unwrap_or_default();
        Self {
            id: format!("{code}/{}", name(folder)),
            text,
            around,
        }
    }
}
