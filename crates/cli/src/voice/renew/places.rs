//! What is said of ways that a CA cannot go, and of places where it looks.

use std::fmt::Display;
use std::io;
use std::net::SocketAddr;

use keyway_issue::acme::Kind;
use keyway_report::escape;

use crate::failure::Failure;
use crate::intent::issuing::Unreserved;

/// A way that cannot be gone.
pub(crate) fn closed(kind: Kind, error: &dyn Display) -> String {
    format!("{kind} cannot be shown from here: {error}")
}

/// The same where who has the place answers something else, which begins so.
pub(crate) fn others_place(kind: Kind, line: &str) -> String {
    let line = escape::text(line);
    closed(kind, &format!("somebody else answers there ({line})"))
}

/// The same where somebody has the port at an address that was not found.
pub(crate) fn taken_elsewhere(kind: Kind, near: SocketAddr, why: &str) -> String {
    let port = near.port();
    let why = escape::text(why);
    let told = format!(
        "somebody has port {port} at an address of this machine, and nobody answers at {near} ({why}); `tls.acme.http` names the address to answer at"
    );
    closed(kind, &told)
}

/// The same where the user of a server may not listen there, and it does not yet.
pub(crate) fn out_of_reach(kind: Kind, port: u16, why: &dyn Display) -> String {
    closed(
        kind,
        &format!(
            "{why}, at port {port}: a CA comes to it only where somebody hands on to the service from there, or once `listen` has that port, too"
        ),
    )
}

/// Said before a server becomes a user who may not listen at a place of root's, which could not be kept for it.
pub(crate) fn will_be_out_of_reach(place: &Unreserved, user: &str) -> String {
    let why = format!("{}, and {} may not listen", place.error, escape::text(user));
    warning(&format!(
        "the next renewals: {}",
        out_of_reach(place.kind, place.port, &why)
    ))
}

/// Said where nothing is kept for a server's next renewals, which becomes another user.
pub(crate) fn not_retained(failure: &Failure, user: &str) -> String {
    let user = escape::text(user);
    let why = crate::voice::failure(failure);
    warning(&format!(
        "what only whoever started this may do is not kept for {user}, who cannot renew without: {why}"
    ))
}

/// A place where nobody can listen.
pub(crate) fn place_unusable(kind: Kind, error: &io::Error) -> String {
    match (kind, error.kind()) {
        (Kind::TlsAlpn01, io::ErrorKind::AddrInUse) => place_taken(kind),
        _ => closed(kind, error),
    }
}

/// The same where somebody has the place.
fn place_taken(kind: Kind) -> String {
    let who = "somebody else listens there; where that is `keyway serve`, it renews by itself once the file says `tls.renew = true`";
    closed(kind, &who)
}

/// The same where another way is gone.
pub(crate) fn warning(closed: &str) -> String {
    format!("warning: {closed}")
}

/// Text that is no address to listen at.
pub(crate) fn no_place(given: &str) -> String {
    format!(
        "{:?} is no address with a port; 0.0.0.0:80, [::]:80 and the like are",
        escape::text(given)
    )
}
