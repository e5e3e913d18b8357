//! Lines that turn somebody away (Configuration Manual, sections 4.2 and 5.1).

/// What ends a request or a connection, behind `http-request` and `tcp-request connection`.
const ENDS: &[&str] = &["deny", "reject", "tarpit", "silent-drop", "auth"];

/// The service that is built in, and no program of theirs: it tells numbers.
const EXPORTER: &str = "prometheus-exporter";

/// Words of `bind` by which only some reach an address.
pub(super) const OF_BINDS: &[&str] = &["interface", "namespace"];

/// Whether a line keeps somebody out: by itself, or by what it tells the upstream of a client's certificate, which
/// the client could say itself where nobody else does.
pub(super) fn is_guard(words: &[&str]) -> bool {
    match words {
        ["http-request" | "http-response", action, ..] if ENDS.contains(action) => true,
        // Nobody can tell whom a program of theirs turns away.
        ["http-request", action, ..] if action.starts_with("lua.") => true,
        ["http-request", "use-service", name, ..] => *name != EXPORTER,
        ["http-request" | "http-response", "return", rest @ ..] => rest
            .windows(2)
            // What is gone is there for nobody, and was not kept from some.
            .any(|pair| pair[0] == "status" && pair[1] != "410" && pair[1].starts_with(['4', '5'])),
        ["http-request", "set-header" | "add-header", _, value, ..] => value.contains("ssl_c_"),
        ["tcp-request" | "tcp-response", _, action, ..] => {
            ENDS.contains(action) || action.starts_with("lua.")
        }
        ["block", ..] => true,
        _ => false,
    }
}

/// Whether lines, as annotations of an Ingress hold them, keep somebody out.
pub(in crate::forms) fn keeps_out(lines: &str) -> bool {
    let mut lines = lines.lines();
    lines.any(|line| is_guard(&line.split_whitespace().collect::<Vec<_>>()))
}
