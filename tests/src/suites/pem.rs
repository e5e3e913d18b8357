//! PEM files of many projects: what reads, what is in it, what belongs together.

use serde::Deserialize;

/// A file of a case.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name in `tests/suites/pem/files`.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// An odd PEM file that OpenSSL reads or refuses.
#[derive(Clone, Debug)]
pub struct Readable {
    /// `pemread/name`.
    pub id: String,
    /// The file.
    pub file: File,
    /// OpenSSL reads the first thing in it.
    pub readable: bool,
    /// The password of the key in it; `None`: it holds a certificate.
    pub password: Option<&'static str>,
}

/// What a file holds.
#[derive(Clone, Debug)]
pub struct Facts {
    /// `facts/project/name`.
    pub id: String,
    /// The file.
    pub file: File,
    /// Its blocks, in their order.
    pub blocks: Vec<Block>,
}

/// A block as Go, Node and pyca/cryptography agree about it. Facts that they do not all give are
/// absent.
#[derive(Clone, Debug, Deserialize)]
pub struct Block {
    /// The text after `BEGIN`.
    pub label: String,
    /// Whether they read it.
    pub verdict: BlockVerdict,
    /// SHA-256 of the certificate, in lower-case hexadecimal.
    #[serde(rename = "fp")]
    pub sha256: Option<String>,
    /// SHA-256 of the public key's `SubjectPublicKeyInfo`, in lower-case hexadecimal.
    #[serde(rename = "spki")]
    pub spki_sha256: Option<String>,
    /// First moment of validity, as RFC 3339 writes it.
    #[serde(rename = "nb")]
    pub not_before: Option<String>,
    /// Last moment of validity, as RFC 3339 writes it.
    #[serde(rename = "na")]
    pub not_after: Option<String>,
    /// DNS names, in the order of the peers' agreement.
    #[serde(rename = "dns")]
    pub dns_names: Option<Vec<String>>,
    /// IP addresses.
    #[serde(rename = "ips")]
    pub ip_addresses: Option<Vec<String>>,
    /// Serial number in lower-case hexadecimal without leading zeros.
    pub serial: Option<String>,
}

/// What the peers say of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BlockVerdict {
    /// They read it.
    Ok,
    /// They refuse it.
    Bad,
    /// They differ: not judged.
    Split,
}

/// A certificate and a private key.
#[derive(Clone, Debug)]
pub struct Match {
    /// `match/number`.
    pub id: String,
    /// A file that begins with the certificate.
    pub certificate: File,
    /// The file of the key.
    pub key: File,
    /// They belong together.
    pub pairs: bool,
}

/// A certificate and a host name.
#[derive(Clone, Debug)]
pub struct Name {
    /// `names/number`.
    pub id: String,
    /// A file that begins with the certificate.
    pub certificate: File,
    /// The host name.
    pub host: String,
    /// The certificate is valid for it.
    pub named: bool,
}

/// The 28 files that OpenSSL's own tests read or refuse.
pub fn readable() -> Vec<Readable> {
    let cases = group("pemread").map(|case| Readable {
        file: case.file(0),
        readable: case.expected == "SUCCESS",
        password: case.note.contains("'wellknown'").then_some("wellknown"),
        id: case.id,
    });
    cases.collect()
}

/// The 297 files with facts about their blocks.
pub fn facts() -> Vec<Facts> {
    let cases = group("facts").map(|case| Facts {
        file: case.file(0),
        blocks: serde_json::from_value(case.expected.clone())
            .unwrap_or_else(|error| panic!("{}: {error}", case.id)),
        id: case.id,
    });
    cases.collect()
}

/// The 66 pairs of certificate and key.
pub fn matches() -> Vec<Match> {
    let cases = group("match").map(|case| Match {
        certificate: case.file(0),
        key: case.file(1),
        pairs: case.expected == true,
        id: case.id,
    });
    cases.collect()
}

/// The 263 pairs of certificate and host name.
pub fn names() -> Vec<Name> {
    let cases = group("names").map(|case| Name {
        certificate: case.file(0),
        named: case.expected == true,
        id: case.id,
        host: case.note,
    });
    cases.collect()
}

/// Every file that a case names, once, by name: what hostile input is made from.
pub fn files() -> Vec<File> {
    let cases: Vec<Written> = super::json("pem/cases.json");
    let mut names: Vec<_> = cases.into_iter().flat_map(|case| case.files).collect();
    names.sort();
    names.dedup();
    names.iter().map(|name| File::read(name)).collect()
}

#[derive(Deserialize)]
struct Written {
    id: String,
    group: String,
    files: Vec<String>,
    expected: serde_json::Value,
    note: String,
}

impl Written {
    fn file(&self, index: usize) -> File {
        let name = self.files.get(index);
        File::read(name.unwrap_or_else(|| panic!("{} lacks file {index}", self.id)))
    }
}

impl File {
    fn read(place: &str) -> Self {
        let name = place.trim_start_matches("files/").to_owned();
        Self {
            name,
            bytes: super::bytes(&format!("pem/{place}")),
        }
    }
}

fn group(name: &str) -> impl Iterator<Item = Written> {
    let cases: Vec<Written> = super::json("pem/cases.json");
    cases.into_iter().filter(move |case| case.group == name)
}
