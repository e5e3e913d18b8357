//! `config.zero-limit`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use crate::check::Examination;

/// Nothing gets through a limit of zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ZeroLimit {
    /// The field
    pub field: &'static str,
    /// What it counts
    pub unit: &'static str,
}

impl Evidence for ZeroLimit {
    const RULE: Rule = Rule {
        code: "config.zero-limit",
        severity: Severity::Error,
        title: "Nothing gets through a limit of zero",
        why: "Zero is no word for the lack of a limit: no connection is taken, no header is read and no upstream is reached in no time at all. Other servers take a zero for no limit, which would be the opposite.",
        fix: "Leave the field out for the default, or set it to one or more.",
        sources: &["Keyway: docs/schema/keyway.service-1.json"],
    };

    fn message(&self) -> String {
        format!("`{}` is 0 {}.", self.field, self.unit)
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let service = &on.draft.service;
    let (timeouts, limits) = (&service.timeouts, &service.limits);
    let health = service.health.as_ref();
    let fields = [
        (
            "timeouts.handshake",
            "seconds",
            timeouts.handshake == Some(0),
        ),
        ("timeouts.header", "seconds", timeouts.header == Some(0)),
        ("timeouts.body", "seconds", timeouts.body == Some(0)),
        ("timeouts.idle", "seconds", timeouts.idle == Some(0)),
        ("timeouts.connect", "seconds", timeouts.connect == Some(0)),
        (
            "health.every",
            "seconds",
            health.is_some_and(|health| health.every == Some(0)),
        ),
        (
            "limits.connections",
            "connections",
            limits.connections == Some(0),
        ),
        (
            "limits.connections_per_address",
            "connections",
            limits.connections_per_address == Some(0),
        ),
        (
            "limits.handshakes",
            "handshakes",
            limits.handshakes == Some(0),
        ),
        (
            "limits.header_bytes",
            "bytes",
            limits.header_bytes == Some(0),
        ),
    ];
    for (field, unit, is_zero) in fields {
        if is_zero {
            on.found(field, ZeroLimit { field, unit });
        }
    }
}
