//! What others measured: the answers of Go, OpenSSL and GnuTLS to x509-limbo's cases.

use keyway_chain::clients::Client;
use keyway_chain::name::Host;
use keyway_chain::x509::Certificate;
use keyway_chain::{Anchors, CheckOptions, Input, Profile, ReadOptions, algorithms, check, read};
use keyway_report::{Timestamp, Verdict};
use keyway_tests::suites::limbo::{self, Case, PeerName};

use crate::answer;

/// Our families, and the verifiers that speak for them there. OpenSSL was asked to be strict.
const FAMILIES: [(&str, &str); 3] = [
    ("Go", "go"),
    ("GnuTLS", "gnutls"),
    ("Python", "openssl-3.0.22"),
];

/// Where we say something else, and why.
const EXCEPTIONS: [(&str, &str); 5] = [
    // The last second, and what is left of it: OpenSSL and Go compare otherwise there.
    ("rfc5280::validity::notafter-exact", "Python"),
    ("rfc5280::validity::notafter-fractional", "Python"),
    ("rfc5280::validity::notafter-fractional", "Go"),
    // A CA that certifies itself anew is bound by its own constraints in Go, and nowhere else.
    ("rfc5280::nc::permitted-self-issued", "Go"),
    // A CA that is trusted for itself: `gnutls-cli`, asked about such a one, accepts it.
    ("rfc5280::serial::negative", "GnuTLS"),
];

/// Our answers; `None` where the case is about what servers' certificates do not have.
fn clients(case: &Case) -> Option<Vec<Client>> {
    let is_plain = case.server && case.crls.is_empty() && case.key_usage.is_empty();
    let (PeerName::Dns(name) | PeerName::Ip(name)) = case.peer_name.as_ref()? else {
        return None;
    };
    let hosts = [Host::parse(name).ok()?];
    if !is_plain || case.max_chain_depth.is_some() {
        return None;
    }
    let mut anchors = Anchors::none();
    for root in &case.trusted {
        // One that cannot be an anchor is none to others, too.
        let _ = Certificate::read(root).map(|root| anchors.add(root));
    }
    let sent = [&case.peer].into_iter().chain(&case.untrusted);
    let inputs: Vec<Input<'_>> = sent
        .map(|bytes| Input {
            name: "sent",
            bytes,
        })
        .collect();
    let bundle = read(&inputs, &ReadOptions::default()).expect("within limits");
    let now = Timestamp::from_seconds(case.at);
    let mut options = CheckOptions::new(now, &anchors, algorithms::aws_lc_rs());
    options.hosts = &hosts;
    options.profile = Profile::Private;
    Some(check(&bundle, &options).clients)
}

#[test]
fn no_answer_contradicts_what_limbo_measured() {
    let peers = limbo::peers();
    let (mut asked, mut faults) = (0, Vec::new());
    for case in limbo::core() {
        let Some(clients) = clients(&case) else {
            continue;
        };
        for (family, peer) in FAMILIES {
            let ours = answer(&clients, family);
            let is_wrong = match peers[&case.id].get(peer).map(String::as_str) {
                Some("SUCCESS") => ours.accepts == Verdict::No,
                Some("FAILURE") => ours.accepts == Verdict::Yes,
                _ => continue,
            };
            asked += 1;
            if is_wrong != EXCEPTIONS.contains(&(case.id.as_str(), family)) {
                let (id, accepts, reason) = (&case.id, ours.accepts, &ours.reason);
                faults.push(format!("{id}: {family}: we say {accepts:?} ({reason})"));
            }
        }
    }
    assert!(asked > 200, "{asked}");
    assert!(
        faults.is_empty(),
        "{}:\n{}",
        faults.len(),
        faults.join("\n")
    );
}
