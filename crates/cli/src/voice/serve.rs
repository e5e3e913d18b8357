//! What a server says: that it begins, what it refuses, that it ends.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use keyway_config::Service;
use keyway_config::model::Status;
use keyway_report::{Timestamp, escape};
use keyway_termination::observe::{Exchange, Passage, Refusal};
use keyway_termination::{Listener, Role, Stopped};
use serde_json::json;

use super::numbers::counted;
use crate::commands::serve::sandbox::{NoSandbox, Sandbox};
use crate::failure::{ServeFault, UserFault};

/// Why nothing is served.
pub(super) fn fault(fault: &ServeFault) -> String {
    match fault {
        ServeFault::Site(error) => escape::text(&error.to_string()),
        ServeFault::Entry {
            certificate,
            source,
        } => format!(
            "{} cannot be served: {}",
            escape::text(certificate),
            escape::text(&source.to_string())
        ),
        ServeFault::TicketKeys(error) => format!("`tls.ticket_keys`: {error}"),
        ServeFault::KeyLog { path, source } => {
            format!(
                "{} cannot be written: {source}",
                escape::text(&path.to_string_lossy())
            )
        }
        ServeFault::Bind { address, source } => {
            format!("{address} cannot be listened on: {source}")
        }
        ServeFault::User { user, fault } => {
            format!("--user {}: {}", escape::text(user), user_fault(fault))
        }
        ServeFault::Unreadable { user, files } => {
            let each = files
                .iter()
                .map(|(path, why)| format!("{}: {why}", shown(path)));
            let each: Vec<String> = each.collect();
            format!(
                "{} may not read what it would have to read again:\n{}\nlet it, for instance by its group (chgrp, \
                 chmod g+r; for a folder g+x)",
                escape::text(user),
                each.join("\n")
            )
        }
        ServeFault::System(source) => {
            format!("the system does not give what a server needs: {source}")
        }
    }
}

fn user_fault(fault: &UserFault) -> String {
    match fault {
        UserFault::NoUser(name) => format!("there is no user \"{}\"", escape::text(name)),
        UserFault::NoSuchGroup(name) => format!("there is no group \"{}\"", escape::text(name)),
        UserFault::NoGroup => {
            "no user has this number; say a group with it, as in 1000:1000".to_owned()
        }
        UserFault::Root => "root has every right; name a user that has few".to_owned(),
        UserFault::NotRoot => {
            "only root becomes another user: start it as root, or leave --user out".to_owned()
        }
        UserFault::Kept => "rights of root are left after it, so nothing is served".to_owned(),
        UserFault::System(source) => source.to_string(),
        UserFault::Elsewhere => "only on Linux".to_owned(),
    }
}

fn shown(path: &Path) -> String {
    escape::text(&path.to_string_lossy())
}

fn all_shown(paths: &[PathBuf]) -> String {
    let paths: Vec<String> = paths.iter().map(|path| shown(path)).collect();
    paths.join(", ")
}

/// What a server is kept to, on one line.
pub(crate) fn sandbox(sandbox: &Result<Sandbox, NoSandbox>, key_log: Option<&Path>) -> String {
    let why = match sandbox {
        Ok(sandbox) => {
            let writes = key_log.map_or_else(|| "nothing".to_owned(), shown);
            let reads = all_shown(&sandbox.reads);
            return format!("sandbox: reads {reads}; writes {writes}; starts nothing");
        }
        Err(NoSandbox::Unwanted) => "--no-sandbox".to_owned(),
        Err(NoSandbox::Program) => "a password's `command` has to be started".to_owned(),
        Err(NoSandbox::System) => "this system has no Landlock".to_owned(),
        Err(NoSandbox::Refused(why)) => escape::text(why),
    };
    format!("no sandbox: {why}")
}

/// Said where files were named that the sandbox keeps out.
pub(crate) fn kept_out(files: &[PathBuf], sandbox: &Sandbox) -> String {
    let replaced: Vec<String> = sandbox.replaced().map(shown).collect();
    let other = match replaced.len() {
        0 => String::new(),
        _ => format!(
            ", as they were then, and {} was replaced",
            replaced.join(", ")
        ),
    };
    format!(
        "the sandbox keeps {} out: since its start this server reads {} alone{other}. Start it anew to serve from \
         there too, or with --no-sandbox",
        all_shown(files),
        all_shown(&sandbox.reads)
    )
}

/// Said where a program is to be started in a sandbox.
pub(crate) fn no_program() -> &'static str {
    "the sandbox lets this server start no program: start it anew, and it does without"
}

/// Said where an address cannot be listened on any more.
pub(crate) fn given_up(user: &str) -> String {
    format!(
        "since its start this server is {}, who gets no port below 1024, and none that was bound before: start it anew \
         to listen there",
        escape::text(user)
    )
}

/// What is served, on one line.
pub(crate) fn title(service: &Service) -> String {
    let hosts: Vec<&str> = service.host.iter().collect();
    let what = match (hosts.first(), hosts.len()) {
        (None, _) => "whatever is asked for".to_owned(),
        (Some(first), 1) => escape::text(first),
        (Some(first), count) => format!("{} and {} more", escape::text(first), count - 1),
    };
    let upstreams: Vec<String> = service.upstream.iter().map(escape::text).collect();
    let plain = if service.status() == Status::Disabled {
        ", in plain text"
    } else {
        ""
    };
    let name = service.name.as_deref().map(escape::text);
    let name = name.map_or_else(String::new, |name| format!("{name}: "));
    format!("{name}{what} from {}{plain}", upstreams.join(", "))
}

fn place(address: SocketAddr, role: Role) -> String {
    match role {
        Role::Service => address.to_string(),
        Role::Redirect { port } => format!("{address} (a redirect to port {port})"),
    }
}

/// Said when everything was read and judged, and nothing was to be bound.
pub(crate) fn could(title: &str, listeners: &[Listener]) -> String {
    let places: Vec<String> = listeners
        .iter()
        .map(|listener| place(listener.address, listener.role))
        .collect();
    format!("could serve {title}, at {}\n", places.join(", "))
}

/// Said when everybody is let in.
pub(crate) fn begun(title: &str, listening: &BTreeMap<SocketAddr, Role>) -> String {
    let places: Vec<String> = listening
        .iter()
        .map(|(address, role)| place(*address, *role))
        .collect();
    format!("serving {title}, at {}", places.join(", "))
}

/// Said when what the files say took the place of what was served.
pub(crate) fn reloaded(title: &str, open: usize) -> String {
    format!(
        "reloaded: serving {title}; {} open, and {} the certificate and the time limits that {} came to",
        counted(open, "connection is", "connections are"),
        if open == 1 { "keeps" } else { "keep" },
        if open == 1 { "it" } else { "they" },
    )
}

/// Said when it did not.
pub(crate) fn refused_reload(why: &str) -> String {
    format!("not reloaded, what was served is served on:\n{why}")
}

/// Said when OCSP responses are over that were stapled.
pub(crate) fn staples_over(count: usize) -> String {
    let are = counted(count, "OCSP response is", "OCSP responses are");
    format!("{are} over, and stapled no more")
}

/// Said when nobody is let in any more.
pub(crate) fn draining(open: usize) -> String {
    format!(
        "ending: nobody is let in any more; {} open",
        counted(open, "connection is", "connections are")
    )
}

/// Said at the end.
pub(crate) fn ended(stopped: Stopped) -> String {
    match stopped.cut {
        0 => "ended: nothing was cut".to_owned(),
        cut => format!(
            "ended: {} cut, as the time to end was over",
            counted(cut, "connection was", "connections were")
        ),
    }
}

/// Said when more failed than was said.
pub(crate) fn left_out(count: u32) -> String {
    format!("{count} more of these within a second")
}

/// Said when lines were left out, as nobody read those before them.
pub(crate) fn unwritten(count: u32) -> String {
    format!("{count} lines were left out, as those before them were not read")
}

/// Said when the end is asked for a second time.
pub(crate) fn ended_at_once(open: usize) -> String {
    format!(
        "ended at once, as that was asked for again: {} cut",
        counted(open, "connection was", "connections were")
    )
}

/// Said when an upstream could not be used.
pub(crate) fn upstream_failed(upstream: &str, why: &str) -> String {
    format!("upstream {}: {}", escape::text(upstream), escape::text(why))
}

/// Said when a look at an upstream went otherwise than the one before.
pub(crate) fn upstream_is(upstream: &str, is_up: bool, why: &str) -> String {
    let upstream = escape::text(upstream);
    if is_up {
        format!("upstream {upstream} is up again")
    } else {
        format!("upstream {upstream} is down: {}", escape::text(why))
    }
}

/// Said where secrets are written down.
pub(crate) fn key_log(path: &Path) -> String {
    format!(
        "the secrets of every connection are written to {}: who reads it reads everything",
        escape::text(&path.to_string_lossy())
    )
}

/// Said of sockets that were handed over and that nothing is answered at.
pub(crate) fn handed_over_in_vain(address: &SocketAddr) -> String {
    format!(
        "a socket at {address} was handed over, and the service does not listen there: it is left alone"
    )
}

/// Said of what was handed over and is no TCP socket.
pub(crate) fn handed_over_otherwise(count: usize) -> String {
    format!(
        "{} handed over, and no TCP socket listens there",
        counted(count, "thing was", "things were")
    )
}

/// A connection that came to nothing: who, what was asked for, why, and what `keyway explain` says more of.
pub(crate) fn refused(refusal: &Refusal<'_>) -> String {
    let name = refusal.name.map_or_else(
        || "no name".to_owned(),
        |name| format!("\"{}\"", escape::text(name)),
    );
    let rule = refusal.reason.rule();
    let detail = refusal.reason.detail();
    let words = detail.map(|detail| format!(" ({})", escape::text(&detail)));
    format!(
        "refused {} at {}, who asked for {name} ({}): {}{}",
        refusal.peer,
        refusal.local,
        rule.code,
        within(rule.title),
        words.unwrap_or_default()
    )
}

/// A title as it stands within a line.
fn within(title: &str) -> String {
    let mut letters = title.chars();
    let first = letters.next().map(char::to_lowercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// The same as JSON.
pub(crate) fn refused_as_json(refusal: &Refusal<'_>) -> serde_json::Value {
    let rule = refusal.reason.rule();
    json!({
        "peer": refusal.peer.to_string(),
        "local": refusal.local.to_string(),
        "name": refusal.name,
        "refused": rule.code,
        "cause": rule.title,
        "detail": refusal.reason.detail(),
    })
}

/// A moment in a log, to the millisecond (RFC 3339).
pub(crate) fn moment(now: SystemTime) -> String {
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
    let text = Timestamp::from_seconds(seconds).to_string();
    let whole = text.strip_suffix('Z').unwrap_or(&text);
    format!("{whole}.{:03}Z", since.subsec_millis())
}

/// A request on one line.
pub(crate) fn answered(exchange: &Exchange<'_>) -> String {
    format!(
        "{} {} \"{} {} {}\" {} {} {:.3}",
        exchange.peer.ip(),
        or_dash(exchange.host),
        or_dash(exchange.method),
        or_dash(exchange.target).replace('"', "\\x22"),
        exchange.version,
        exchange.status,
        or_dash(exchange.upstream.unwrap_or_default()),
        exchange.time.as_secs_f64(),
    )
}

/// Escaped; a dash where there is nothing, so that every line has as many words.
fn or_dash(text: &str) -> String {
    escape::text(if text.is_empty() { "-" } else { text })
}

/// The same as JSON.
pub(crate) fn answered_as_json(exchange: &Exchange<'_>) -> serde_json::Value {
    json!({
        "peer": exchange.peer.to_string(),
        "host": exchange.host,
        "method": exchange.method,
        "target": exchange.target,
        "version": exchange.version,
        "status": exchange.status,
        "upstream": exchange.upstream,
        "seconds": exchange.time.as_secs_f64(),
    })
}

/// A connection on one line.
pub(crate) fn passed(passage: &Passage) -> String {
    format!(
        "{} received {} sent {} {:.3}",
        passage.peer,
        passage.received,
        passage.sent,
        passage.time.as_secs_f64()
    )
}

/// The same as JSON.
pub(crate) fn passed_as_json(passage: &Passage) -> serde_json::Value {
    json!({
        "peer": passage.peer.to_string(),
        "received": passage.received,
        "sent": passage.sent,
        "seconds": passage.time.as_secs_f64(),
    })
}

/// Said where somebody answers at an address already.
pub(crate) fn taken(address: SocketAddr) -> String {
    format!(
        "warning: somebody answers at {address} already: connections go to either, until that one ends"
    )
}
