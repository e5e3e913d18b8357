//! What folders are called in the state folder.

use std::fs;
use std::path::Path;

use keyway_config::model::Status;
use keyway_issue::{Identifier, Pairs};

use super::covered::parted;
use super::managed::STAGED;
use super::record::{Made, Record};
use crate::intent::service::ServiceFile;

/// Most bytes of a name of a folder; file systems take 255.
const MAX_NAME: usize = 200;

/// How the folder ends of a host after which that of another service is called.
const SECOND: &str = "+2";

/// Most folders of certificates that are looked at for one of a service: of more, each is called after its first host.
const MOST_FOLDERS: usize = 1_000;

/// What the folder of a certificate is called: after the first host, unless there is another one with a certificate for this
/// very service file. Hosts may be named in another order since, and others before them, or wildcards that take them in;
/// where that is how the folder of this name is another service's, this one's is called otherwise.
pub(super) fn kept_as(certificates: &Path, wanted: &Made, hosts: &[Identifier]) -> String {
    let first = hosts.first().map(ToString::to_string).unwrap_or_default();
    let own = called(&first);
    let pairs = Pairs::at(certificates);
    let made = |name: &str| {
        let made = Record::of(&pairs.of(name)).made?;
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
            let had = made.hosts.iter().map(|host| Identifier::parse(host).ok());
            let had: Vec<Identifier> = had.flatten().collect();
            let (served, _) = parted(hosts, &had);
            let is_own = pairs.of(&name) == pairs.of(&own);
            (!served.is_empty()).then(|| (is_alike(&made), served.len(), is_own, name))
        });
    fitting.max().map_or_else(
        || {
            let made = Record::of(&pairs.of(&own)).made;
            let is_taken =
                made.is_some_and(|made| !wanted.is_by(&made.service) && is_kept(&made, &first));
            if is_taken { own + SECOND } else { own }
        },
        |(.., name)| name,
    )
}

/// Whether a certificate's service file is still there, managed, and for some of its hosts, though not for this one.
fn is_kept(made: &Made, host: &str) -> bool {
    let Ok(file) = ServiceFile::open(&made.service) else {
        return false;
    };
    let service = &file.draft.service;
    let read = |host: &str| Identifier::parse(host).ok();
    let had: Vec<Identifier> = made.hosts.iter().filter_map(|host| read(host)).collect();
    let wants: Vec<Identifier> = service.host.iter().filter_map(read).collect();
    service.status() == Status::Auto
        && !wants.iter().any(|wanted| wanted.to_string() == host)
        && !parted(&wants, &had).0.is_empty()
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

#[cfg(test)]
mod tests {
    use super::super::record::RECORD;
    use super::*;

    #[test]
    fn a_certificate_keeps_its_folder_when_a_wildcard_takes_its_hosts_in_or_they_come_out_of_one() {
        let identifiers = |hosts: &[&str]| {
            let hosts = hosts.iter().map(|it| Identifier::parse(it).unwrap());
            hosts.collect::<Vec<_>>()
        };
        let of = |hosts: &[&str], service: &str| Made {
            hosts: hosts.iter().map(ToString::to_string).collect(),
            by: "local".to_owned(),
            service: service.into(),
        };
        for (made, wanted, folder) in [
            (
                &["a.test", "b.test"][..],
                &["b.test", "a.test"][..],
                "a.test",
            ),
            (&["x.a.test", "y.a.test"], &["*.a.test"], "x.a.test"),
            (
                &["*.a.test", "a.test"],
                &["x.a.test", "y.a.test"],
                "_.a.test",
            ),
            (&["*.a.test"], &["*.a.test"], "_.a.test"),
            (&["x.a.test"], &["a.test", "*.b.test"], "a.test"),
        ] {
            let certificates = tempfile::tempdir().unwrap();
            let pairs = Pairs::at(certificates.path());
            let keep = |made: Made| {
                let folder = pairs.of(&made.hosts[0]);
                fs::create_dir(&folder).unwrap();
                let record = Record {
                    made: Some(made),
                    ..Record::default()
                };
                fs::write(folder.join(RECORD), record.render()).unwrap();
            };
            keep(of(made, "/one.toml"));
            // Of another service file, none is taken.
            keep(of(&["z.a.test", "x.a.test", "y.a.test"], "/other.toml"));
            let name = kept_as(
                certificates.path(),
                &of(wanted, "/one.toml"),
                &identifiers(wanted),
            );
            assert_eq!(
                pairs.of(&name),
                certificates.path().join(folder),
                "{wanted:?}"
            );
        }
    }
}
