//! `policy.client-auth-reliance`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::oids;

/// A public server certificate is for clients too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClientAuthReliance {
    /// Subject, escaped.
    pub subject: String,
}

impl Evidence for ClientAuthReliance {
    const RULE: Rule = Rule {
        code: "policy.client-auth-reliance",
        severity: Severity::Notice,
        title: "The certificate still allows clientAuth, which public CAs are dropping",
        why: "Browsers' root programs want server certificates for servers only. Let's Encrypt \
              stopped issuing clientAuth by default on 2026-02-11 and altogether on 2026-07-08; \
              other CAs follow. If something uses this certificate to log in as a client, its \
              next renewal will break that.",
        fix: "If it is used as a client certificate anywhere (mutual TLS, mail or directory \
              servers), move that to a CA of your own. Else there is nothing to do.",
        sources: &[
            "Let's Encrypt, post of 2025-05-14",
            "Chrome Root Program Policy 1.6, section 3.2",
            "CA/B Forum Baseline Requirements, section 7.1.2.7.10",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::PUBLIC;

    fn message(&self) -> String {
        format!(
            "\"{}\" is for servers and for clients; the next one from a public CA will be for servers only.",
            self.subject
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.extKeyUsage")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let lists_both = certificate
        .extensions
        .extended_key_usage
        .as_ref()
        .is_some_and(|usage| usage.has(oids::SERVER_AUTH) && usage.has(oids::CLIENT_AUTH));
    if subject.is_server_leaf() && lists_both {
        out.push(
            ClientAuthReliance {
                subject: certificate.subject.short(),
            }
            .into(),
        );
    }
}
