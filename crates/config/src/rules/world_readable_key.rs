//! `config.world-readable-key`

use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::check::Examination;
use crate::model::Material;

/// Everybody on the machine can read the key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WorldReadableKey {
    /// The file, escaped: the key's, or the service file where the key or its password stands in it.
    pub path: String,
    /// Its permissions, octal.
    pub mode: String,
}

impl Evidence for WorldReadableKey {
    const RULE: Rule = Rule {
        code: "config.world-readable-key",
        severity: Severity::Warning,
        title: "Everybody on the machine can read the key",
        why: "Whoever can read the private key can pretend to be this service.",
        fix: "Take the permission from others: `chmod o-rwx FILE`, and let the server's group read it if it must.",
        sources: &["CA/B Forum Baseline Requirements, section 9.6.3 (2)"],
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
    let tls = &on.draft.service.tls;
    let own = tls.certificates.iter().enumerate();
    let own = own.map(|(index, own)| (format!("tls.certificates[{index}].key"), Some(&own.key)));
    let first = ("tls.key".to_owned(), tls.key.as_ref());
    let keys: Vec<_> = std::iter::once(first).chain(own).collect();
    for (field, key) in keys {
        let Some(path) = key.and_then(Material::path) else {
            continue;
        };
        let mode = on.around.modes.iter().find(|(named, _)| named == path);
        if let Some((_, mode)) = mode {
            tell(on, &field, path, *mode);
        }
    }
    // What stands in the service file is as open as that is; once for all of it.
    let open = on.draft.service.open_secrets();
    let field = open.iter().find(|field| field.starts_with("tls."));
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
