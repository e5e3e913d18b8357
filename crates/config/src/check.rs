//! From a service to what is wrong with it.

use keyway_report::{Finding as Found, escape};

use crate::rules::clients_shut_out::ClientsShutOut;
use crate::rules::duplicate_host::SameKind;
use crate::rules::{self, Kind};
use crate::{Draft, Finding};

/// What a command knows of the world around a service file. Everything may be left out.
#[derive(Debug, Clone, Default)]
pub struct Surroundings<'s> {
    /// The managed name that the service has.
    pub managed_name: Option<&'s str>,
    /// The permissions of files that are named, as in `stat`'s `st_mode`: path as it is written, mode. The
    /// service file itself is there by what it is called.
    pub modes: &'s [(String, u32)],
    /// What shuts clients out, in the files that their certificates are verified with.
    pub shut_out: &'s [ClientsShutOut],
    /// Which certificates for one host have keys of one kind.
    pub doubled: &'s [SameKind],
}

/// What rules are given, and where they put what they find.
pub(crate) struct Examination<'d> {
    pub(crate) draft: &'d Draft,
    pub(crate) around: &'d Surroundings<'d>,
    input: &'d str,
    findings: Vec<Finding>,
}

impl Examination<'_> {
    /// What the service file is called, and its permissions, where they are known.
    pub(crate) fn own_mode(&self) -> Option<(&str, u32)> {
        let mut modes = self.around.modes.iter();
        let own = modes.find(|(named, _)| named == self.input);
        own.map(|(_, mode)| (self.input, *mode))
    }

    /// Notes a finding about a field.
    pub(crate) fn found(&mut self, field: &str, kind: impl Into<Kind>) {
        self.findings.push(Found {
            kind: kind.into(),
            at: self.draft.locus(self.input, field),
        });
    }

    /// Notes a finding at these bytes; the field's name is untrusted text.
    pub(crate) fn found_at(
        &mut self,
        bytes: &std::ops::Range<usize>,
        field: &str,
        kind: impl Into<Kind>,
    ) {
        self.findings.push(Found {
            kind: kind.into(),
            at: self.draft.at(self.input, bytes).field(escape::text(field)),
        });
    }
}

/// Everything that is wrong with a service file, in the order of its lines. `input` is what the file
/// is called.
pub fn check(draft: &Draft, input: &str, around: &Surroundings<'_>) -> Vec<Finding> {
    let mut examination = Examination {
        draft,
        around,
        input,
        findings: Vec::new(),
    };
    for rule in rules::CHECKS {
        rule(&mut examination);
    }
    let mut findings = examination.findings;
    findings.sort_by_key(|finding| (finding.at.bytes.map(|[start, _]| start), finding.code()));
    findings
}
