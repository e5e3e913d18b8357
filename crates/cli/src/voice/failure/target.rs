//! Why it cannot be looked at what is served.

use keyway_report::escape;

use crate::intent::TargetFault;

/// The fault in one sentence.
pub(super) fn target(fault: &TargetFault) -> String {
    match fault {
        TargetFault::Bare(given) => {
            let given = escape::text(given);
            format!("--connect '{given}': write an IPv6 address in brackets, as [2001:db8::1]:443")
        }
        TargetFault::Port(given) => format!(
            "--connect '{}': a port is a number from 1 to 65535, behind the host and a colon",
            escape::text(given)
        ),
        TargetFault::Host {
            option,
            given,
            source,
        } => {
            let meant = source.suggestion();
            let meant = meant.map_or_else(String::new, |host| format!("; did you mean {host}?"));
            format!("{option} '{}': {source}{meant}", escape::text(given))
        }
        TargetFault::NotAHost {
            option,
            given,
            fault,
        } => format!(
            "{option} '{}': this is no name of a host: {fault}",
            escape::text(given)
        ),
        TargetFault::SniAddress(given) => format!(
            "--sni '{}': a server is asked for a name, never for an address; leave it out",
            escape::text(given)
        ),
        TargetFault::Unknown { host, source } => format!(
            "--connect: no address of {} is known here: {}",
            escape::text(host),
            escape::text(&source.to_string())
        ),
        TargetFault::NoAddress(host) => {
            format!("--connect: {} has no address", escape::text(host))
        }
        TargetFault::Late { host, limit } => format!(
            "--connect: the system did not say within {} s where {} is; --timeout gives it longer",
            limit.as_secs(),
            escape::text(host)
        ),
        TargetFault::OutOfReach { target, why } => {
            format!("--connect: {}: {}", escape::text(target), escape::text(why))
        }
        TargetFault::BesideService(option) => format!(
            "{option} beside a service file: it names its keys and passwords itself; leave {option} out"
        ),
        TargetFault::KeyAlone => {
            "--key belongs to the certificate in a file; name the FILE as well. What is \
             served needs no key: the server shows in the handshake that it has it"
                .to_owned()
        }
    }
}
