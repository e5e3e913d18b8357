//! What folders are called in the state folder.

use std::fs;
use std::path::Path;

use keyway_issue::Identifier;

use super::managed::STAGED;
use super::record::{Made, Record};

/// Most bytes of a name of a folder; file systems take 255.
const MAX_NAME: usize = 200;

/// Most folders of certificates that are looked at for one of a service: of more, each is called after its first host.
const MOST_FOLDERS: usize = 1_000;

/// What the folder of a certificate is called: after the first host, unless there is another one with a certificate for this
/// very service file. Hosts may be named in another order since, and others before them.
pub(super) fn kept_as(certificates: &Path, wanted: &Made, first: &Identifier) -> String {
    let own = called(&first.to_string());
    let made = |name: &str| {
        let made = Record::of(&certificates.join(name)).made?;
        wanted.is_by(&made.service).then_some(made)
    };
    let is_alike =
        |made: &Made| wanted.is_for_all_of(&made.hosts) && made.is_for_all_of(&wanted.hosts);
    if made(&own).is_some_and(|made| is_alike(&made)) {
        return own;
    }
    let folders = fs::read_dir(certificates).into_iter().flatten();
    let names = folders.flatten().take(MOST_FOLDERS);
    let names = names.filter_map(|folder| folder.file_name().into_string().ok());
    let fitting = names
        .filter(|name| !name.ends_with(STAGED))
        .filter_map(|name| {
            let made = made(&name)?;
            let common = made.hosts.iter().filter(|host| wanted.hosts.contains(host));
            let common = common.count();
            (common > 0).then(|| (is_alike(&made), common, name == own, name))
        });
    fitting.max().map_or(own, |(.., name)| name)
}

/// What a folder of a name is called: a name that is too long for a folder by its beginning, and by all of it.
pub(super) fn called(name: &str) -> String {
    if name.len() <= MAX_NAME {
        return name.to_owned();
    }
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, name.as_bytes());
    let first: [u8; 8] = digest.as_ref().first_chunk().copied().unwrap_or_default();
    let beginning: String = name.chars().take(MAX_NAME).collect();
    format!("{beginning}+{:016x}", u64::from_be_bytes(first))
}

/// What a CA is called where its account is kept: a server has one.
pub(super) fn ca_name(directory: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let server = directory.trim_start_matches("https://");
    server.chars().map(plain).take(MAX_NAME).collect()
}
