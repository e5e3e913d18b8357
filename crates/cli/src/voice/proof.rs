//! What a service file says, and what was seen of it.

use std::path::Path;

use keyway_config::model::Hsts;
use keyway_dns::verify::Version;
use keyway_report::{Verdict, escape};

use super::numbers::joined;
use super::page::{Page, Tone};
use crate::commands::serve::prove::Proof;
use crate::intent::{GROUPS, Unserved, shown as path_shown};
use crate::terminal::Look;

/// All of it.
pub(crate) fn proofs(path: &Path, proofs: &[Proof], open: &[&str], look: Look) -> String {
    let mut page = Page::new(look);
    let broken = proofs.iter().filter(|proof| !proof.holds).count();
    let (word, tone) = match broken {
        0 => (" is served as it says", Tone::Good),
        _ => (" is not served as it says", Tone::Bad),
    };
    page.row(&[(&path_shown(path), Tone::Strong), (word, tone)]);
    for proof in proofs {
        let (mark, tone) = if proof.holds {
            ("holds  ", Tone::Good)
        } else {
            ("BROKEN ", Tone::Bad)
        };
        let seen = if proof.holds {
            proof.seen.clone()
        } else if proof.said == Proof::EFFECT {
            format!("no effect. {}", proof.seen)
        } else {
            format!("{}; the file says {}", proof.seen, proof.said)
        };
        let text = format!("{}: {seen}", proof.setting);
        page.row(&[("  ", Tone::Plain), (mark, tone), (&text, Tone::Plain)]);
    }
    for text in open {
        let text = format!("  not looked at: {text}");
        page.row(&[(&text, Tone::Plain)]);
    }
    page.finish()
}

/// A certificate, by the beginning of its fingerprint.
pub(crate) fn certificate(sha256: &str) -> String {
    format!("SHA-256 {}…", sha256.get(..16).unwrap_or(sha256))
}

/// Why nothing was seen.
pub(crate) fn unserved(why: &Unserved) -> String {
    super::served::unserved(why)
}

/// A host, as the file writes it.
pub(crate) fn host(host: &str) -> String {
    escape::text(host)
}

/// A text of an answer.
pub(crate) fn shown(text: &str) -> String {
    escape::text(text)
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Yes => "yes",
        Verdict::No => "no",
        Verdict::Unknown => "not known",
    }
}

fn each<'n>(all: impl Iterator<Item = (&'n str, Verdict)>) -> String {
    let parts: Vec<String> = all
        .map(|(name, verdict)| format!("{name} {}", word(verdict)))
        .collect();
    joined(&parts)
}

/// Versions of TLS.
pub(crate) fn versions(all: &[(Version, Verdict)]) -> String {
    each(
        all.iter()
            .map(|(version, verdict)| (version.text(), *verdict)),
    )
}

/// Groups of the exchange of keys.
pub(crate) fn groups(all: &[Verdict]) -> String {
    each(
        GROUPS
            .iter()
            .map(|group| group.name)
            .zip(all.iter().copied()),
    )
}

/// Protocols above TLS.
pub(crate) fn protocols(all: &[(&str, Verdict)]) -> String {
    each(all.iter().copied())
}

/// The field of HSTS (RFC 6797, section 6.1).
pub(crate) fn hsts(hsts: &Hsts) -> String {
    let below = if hsts.include_subdomains {
        "; includeSubDomains"
    } else {
        ""
    };
    let preload = if hsts.preload { "; preload" } else { "" };
    format!("max-age={}{below}{preload}", hsts.max_age)
}
