//! `config.world-readable-key`

use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::check::Examination;

/// Everybody on the machine can read a key, or the password of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WorldReadableKey {
    /// The file, escaped: that of the key or of its password, or the service file where one of them stands in it.
    pub path: String,
    /// Its permissions, octal.
    pub mode: String,
}

impl Evidence for WorldReadableKey {
    const RULE: Rule = Rule {
        code: "config.world-readable-key",
        severity: Severity::Warning,
        title: "Everybody on the machine can read a key, or the password of one",
        why: "Whoever reads the private key, and its password where it has one, can pretend to be this service; with the key of TSIG, change its records.",
        fix: "Take the permission from others: `chmod o-rwx FILE`, and let the server's group read it if it must.",
        sources: &[
            "CA/B Forum Baseline Requirements, section 9.6.3 (2)",
            "RFC 8945, section 10",
        ],
    };

    fn message(&self) -> String {
        format!(
            "{} has the permissions {}: others may read it.",
            self.path, self.mode
        )
    }
}

/// Permission of others to read (POSIX, S_IROTH).
const OTHERS_READ: u32 = 0o004;

pub(super) fn check(on: &mut Examination<'_>) {
    let service = &on.draft.service;
    for (field, path) in service.secret_files() {
        let mode = on.around.modes.iter().find(|(named, _)| named == path);
        if let Some((_, mode)) = mode {
            tell(on, &field, path, *mode);
        }
    }
    // What stands in the service file is as open as that is; once for all of it.
    let open = service.open_secrets();
    let is_key = |field: &&String| {
        let names = ["key", "password", "certificate", "ca", "secret"];
        field
            .rsplit('.')
            .next()
            .is_some_and(|name| names.contains(&name))
    };
    let field = open.iter().find(is_key);
    if let (Some(field), Some((path, mode))) = (field, on.own_mode()) {
        let path = path.to_owned();
        tell(on, field, &path, mode);
    }
}

fn tell(on: &mut Examination<'_>, field: &str, path: &str, mode: u32) {
    if mode & OTHERS_READ != 0 {
        let evidence = WorldReadableKey {
            path: escape::text(path),
            mode: format!("{:04o}", mode & 0o7777),
        };
        on.found(field, evidence);
    }
}
