//! Every word and every line that a person reads. Nothing else in this crate writes prose, save the
//! help of the command line, which stands beside the arguments.
//!
//! Text from outside reaches this module escaped: facts and findings by `keyway-chain`, paths by
//! [`crate::intent::shown`].

pub(crate) mod applied;
mod bar;
pub(crate) mod caa;
mod chain;
pub(crate) mod change;
mod clients;
mod command;
pub(crate) mod connection;
pub(crate) mod dev;
mod explain;
mod facts;
mod failure;
mod findings;
mod key;
mod numbers;
mod page;
pub(crate) mod plan;
pub(crate) mod proof;
pub(crate) mod renew;
mod repair;
mod report;
mod scan;
pub(crate) mod serve;
pub(crate) mod served;
pub(crate) mod service;
mod status;
mod subject;
mod verdict;
pub(crate) mod verified;
pub(crate) mod zone;

use std::path::Path;

use keyway_chain::check::AnchorsError;

use crate::intent::shown;

pub(crate) use explain::explanations;
pub(crate) use facts::facts;
pub(crate) use failure::failure;
pub(crate) use repair::{Repaired, repair, unrepaired};
pub(crate) use report::{Asked, brief, report};
pub(crate) use scan::{scan_line, scan_progress, scan_summary, words as held};
pub(crate) use status::status;
pub(crate) use verdict::{Standing, first_end, holds, leaf};

/// The prompt for a password, at the first attempt and at a later one.
pub(crate) fn password_prompt(attempt: usize) -> &'static str {
    match attempt {
        0 => "keyway: something here is encrypted. Password (empty to go on without): ",
        _ => "keyway: that does not open everything. Another password (empty to go on without): ",
    }
}

/// The prompt for the password of a file that is written, at the first attempt and at a later one.
pub(crate) fn new_password_prompt(attempt: usize) -> &'static str {
    match attempt {
        0 => "keyway: password for the PKCS#12 file (may be empty): ",
        _ => "keyway: the two differ. Password for the PKCS#12 file (may be empty): ",
    }
}

/// The prompt for the same password once more.
pub(crate) fn repeated_password_prompt() -> &'static str {
    "keyway: the same once more: "
}

/// Said when a client's certificate is asked for hosts.
pub(crate) fn hosts_of_a_client() -> &'static str {
    "--host with --purpose client: servers compare a client's certificate with no host; here it has to \
     carry the names asked for, or it counts as refused"
}

/// Said when a folder is given to a command that reads files.
pub(crate) fn folder_read(path: &Path, files: usize) -> String {
    format!(
        "{} is a folder: its files are read as one heap ({files}), its subfolders are not; \
         `keyway scan` checks every file of a tree by itself",
        shown(path)
    )
}

/// Said of something in a folder that is no file.
pub(crate) fn left_out(path: &Path) -> String {
    format!(
        "{} is not read: it is a link that leads nowhere, or no file at all",
        shown(path)
    )
}

/// Said when a folder is given as roots.
pub(crate) fn roots_of_folder(path: &Path, trusted: usize, passed_over: usize) -> String {
    let trusted = match trusted {
        1 => "the 1 certificate in its files is trusted".to_owned(),
        count => format!("the {count} certificates in its files are trusted"),
    };
    let others = match passed_over {
        0 => String::new(),
        count => format!(
            "; {} that can be trusted",
            numbers::counted(count, "file holds none", "files hold none")
        ),
    };
    format!("--roots {} is a folder: {trusted}{others}", shown(path))
}

/// Said of certificates that were given as roots and cannot be trusted, each with its reason.
pub(crate) fn roots_refused(path: &Path, refused: &[AnchorsError], trusted: usize) -> Vec<String> {
    /// Most that are named one by one; a hundred have one cause.
    const MOST: usize = 8;
    let path = shown(path);
    // An error's text is escaped where it is made.
    let mut notes: Vec<String> = refused
        .iter()
        .take(MOST)
        .map(|error| format!("--roots {path}: {error}; it is not trusted"))
        .collect();
    if refused.len() > MOST {
        notes.push(format!(
            "--roots {path}: {} cannot be trust anchors either",
            numbers::counted(
                refused.len() - MOST,
                "more certificate",
                "more certificates"
            )
        ));
    }
    if !refused.is_empty() && trusted == 0 {
        notes.push(format!(
            "--roots {path}: none of its certificates is trusted"
        ));
    }
    notes
}

/// Said when the system's trust store holds something that is no trust anchor.
pub(crate) fn system_roots_left_out(count: usize) -> String {
    format!(
        "{} of the system's trust store could not be read and are not trusted",
        numbers::counted(count, "certificate", "certificates")
    )
}
