//! `config.unknown-field`

use keyway_report::spelling::distance;
use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::aliases;
use crate::check::Examination;

/// A field is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnknownField {
    /// The field with the tables around it, escaped.
    pub field: String,
    /// The field that was probably meant.
    pub nearest: Option<String>,
}

impl Evidence for UnknownField {
    const RULE: Rule = Rule {
        code: "config.unknown-field",
        severity: Severity::Error,
        title: "A field is not known",
        why: "A field that nobody reads does nothing: a slip in its name leaves the default standing, and nobody notices until it matters.",
        fix: "Correct the name, or take the line out. `keyway config schema` prints every field.",
        sources: &["Keyway: docs/schema/keyway.service-1.json"],
    };

    fn message(&self) -> String {
        let field = &self.field;
        match &self.nearest {
            Some(nearest) => format!("`{field}` is no field. Did you mean `{nearest}`?"),
            None => format!("`{field}` is no field."),
        }
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    for stranger in &on.draft.strangers {
        let evidence = UnknownField {
            field: escape::text(&stranger.field),
            nearest: nearest(&stranger.field, &stranger.name, stranger.known),
        };
        on.found_at(&stranger.bytes, &stranger.field, evidence);
    }
}

/// Fields in tables, which are looked for where one of them stands at another place.
const ELSEWHERE: &[&str] = &[
    "name",
    "host",
    "upstream",
    "endpoint",
    "listen",
    "mode",
    "balance",
    "health",
    "health.path",
    "health.every",
    "proxy_protocol",
    "proxy_protocol.from",
    "proxy_protocol.send",
    "tls.status",
    "tls.certificate",
    "tls.key",
    "tls.password",
    "tls.ocsp",
    "tls.certificates",
    "tls.default_certificate",
    "tls.ticket_keys",
    "tls.leaf_domain_label",
    "tls.region",
    "tls.zone",
    "tls.overwrite_existing_domain",
    "tls.renew",
    "tls.issuer",
    "tls.acme",
    "tls.acme.contact",
    "tls.acme.challenges",
    "tls.acme.profile",
    "tls.acme.chain",
    "tls.acme.roots",
    "tls.acme.external_account",
    "tls.acme.external_account.key_id",
    "tls.acme.hook",
    "tls.acme.http",
    "tls.acme.tls",
    "tls.acme.keep_key",
    "tls.profile",
    "tls.min_version",
    "tls.max_version",
    "tls.alpn",
    "tls.client",
    "tls.client.ca",
    "tls.client.crl",
    "tls.hsts",
    "tls.hsts.max_age",
    "tls.hsts.include_subdomains",
    "tls.hsts.preload",
    "tls.redirect",
    "dns",
    "dns.server",
    "dns.tsig",
    "dns.resolvers",
    "dns.ttl",
    "timeouts",
    "timeouts.handshake",
    "timeouts.header",
    "timeouts.body",
    "timeouts.idle",
    "timeouts.connect",
    "timeouts.drain",
    "limits",
    "limits.connections",
    "limits.connections_per_address",
    "limits.handshakes",
    "limits.header_bytes",
    "limits.body_bytes",
    "limits.body_rate",
];

/// The known field that was probably meant: one of the same table by a slip of the pen, one of another table
/// by its name, or what an alias stands for.
fn nearest(field: &str, name: &str, known: &'static [&'static str]) -> Option<String> {
    let name = name.to_ascii_lowercase().replace('-', "_");
    let ranked = known.iter().map(|known| (distance(&name, known), *known));
    if let Some((far, nearest)) = ranked.min()
        && is_near(far, &name, nearest)
    {
        return Some(nearest.to_owned());
    }
    let mut elsewhere = ELSEWHERE.iter();
    let of_that_name = elsewhere.find(|path| path.rsplit('.').next() == Some(name.as_str()));
    if let Some(path) = of_that_name {
        return Some((*path).to_owned());
    }
    let table = field.rsplit_once('.').map_or("", |(table, _)| table);
    let ranked =
        aliases::within(table).map(|(alias, means)| (distance(&name, alias), alias, means));
    let (far, alias, means) = ranked.min()?;
    is_near(far, &name, alias).then_some(means)
}

/// A third of its letters may be wrong.
fn is_near(far: usize, name: &str, known: &str) -> bool {
    far <= known.len().min(name.len()) / 3 || far == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_suggested_is_a_field() {
        for path in ELSEWHERE {
            let mut text = "null".to_owned();
            for part in path.rsplit('.') {
                text = format!("{{\"{part}\": {text}}}");
            }
            // A table that is not whole does not read; it is known.
            if let Ok(draft) = crate::read(&text) {
                assert!(draft.strangers.is_empty(), "{path}");
            }
        }
    }

    #[test]
    fn every_field_outside_of_lists_is_suggested() {
        let tables = ["", "tls", "tls.client", "dns", "timeouts", "limits"];
        for table in tables {
            let mut text = "{\"zzz\": null}".to_owned();
            for part in table.rsplit('.').filter(|part| !part.is_empty()) {
                text = format!("{{\"{part}\": {text}}}");
            }
            let draft = crate::read(&text).unwrap();
            for field in draft.strangers[0].known {
                let suggested = |path: &&str| path.rsplit('.').next() == Some(*field);
                let is_own = *field == "$schema" || *field == "tls";
                assert!(is_own || ELSEWHERE.iter().any(suggested), "{table} {field}");
            }
        }
    }
}
