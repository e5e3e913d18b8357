//! `cargo xtask tidy`: the house rules, executable.
//!
//! A rule is a function from what it looks at to complaints, in a file of its own with two tests:
//! one snippet that it complains about, one that it leaves alone.

mod bridge;
mod comments;
mod complaint;
mod coverage;
mod dependencies;
mod direction;
mod effects;
mod length;
mod links;
mod lints;
mod marks;
mod naming;
mod places;
mod source;
mod syntax;

use std::fs;

use crate::failure::Failure;
use crate::tidy::complaint::Complaint;
use crate::tidy::source::Source;
use crate::{voice, workspace};

/// A rule over one file.
type FileRule = fn(&Source) -> Vec<Complaint>;

/// A rule over the tree, which asks cargo.
type TreeRule = fn() -> Result<Vec<Complaint>, Failure>;

const FILE_RULES: &[FileRule] = &[
    bridge::check,
    comments::check,
    effects::check,
    length::check,
    lints::check,
    marks::check,
    naming::check,
    places::check,
];

const TREE_RULES: &[TreeRule] = &[direction::check, dependencies::check];

/// Runs every rule over every file of the tree.
pub(crate) fn run() -> Result<(), Failure> {
    let names = workspace::files()?;
    let sources = load(&names)?;
    let mut complaints: Vec<Complaint> = sources
        .iter()
        .flat_map(|source| FILE_RULES.iter().flat_map(|rule| rule(source)))
        .collect();
    complaints.extend(
        sources
            .iter()
            .flat_map(|source| links::check(source, &names)),
    );
    for rule in TREE_RULES {
        complaints.extend(rule()?);
    }
    for source in &sources {
        if let Some(advice) = length::advise(source) {
            voice::say(&format!("    note: {advice}"));
        }
    }
    judge(&complaints)
}

/// Asks the binary about its rules: every one has a page and vectors.
pub(crate) fn rules() -> Result<(), Failure> {
    judge(&coverage::check(&workspace::files()?)?)
}

/// Reads the text files among `names`; binary ones (vectors, corpora) are not for these rules.
fn load(names: &[String]) -> Result<Vec<Source>, Failure> {
    let root = workspace::root();
    let mut sources = Vec::new();
    for name in names {
        let path = root.join(name);
        let bytes = fs::read(&path).map_err(Failure::at(&path))?;
        if let Ok(text) = String::from_utf8(bytes) {
            sources.push(Source::new(name, text));
        }
    }
    Ok(sources)
}

fn judge(complaints: &[Complaint]) -> Result<(), Failure> {
    for complaint in complaints {
        voice::say(&complaint.to_string());
    }
    match complaints.len() {
        0 => Ok(()),
        count => Err(Failure::Untidy { count }),
    }
}
