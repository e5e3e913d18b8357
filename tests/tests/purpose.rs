//! What a client's certificate is asked, and what it is not.

use keyway_chain::name::Host;
use keyway_chain::{Anchors, CheckOptions, Purpose, Report, algorithms, check, x509};
use keyway_report::{Timestamp, Verdict};
use keyway_testkit::{Chain, HOST, NOW};
use keyway_tests::heap::bundle;

fn report(chain: &Chain, purpose: Purpose, hosts: &[Host]) -> Report {
    let mut anchors = Anchors::none();
    let root = x509::Certificate::read(chain.root.der()).expect("a root of the kit");
    anchors.add(root).expect("a root of the kit");
    let options = CheckOptions {
        hosts,
        purpose,
        ..CheckOptions::new(
            Timestamp::from_seconds(NOW),
            &anchors,
            algorithms::aws_lc_rs(),
        )
    };
    check(&bundle(&[chain.fullchain_pem(), chain.key_pem()]), &options)
}

fn client() -> Chain {
    Chain::assemble(
        |root| root,
        |policy| policy.eku(&[CLIENT_AUTH]),
        |issuing| issuing.eku(&[CLIENT_AUTH]),
        |leaf| leaf.eku(&[CLIENT_AUTH]),
    )
}

const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";

#[test]
fn a_client_is_accepted_without_a_host_to_be_named_for() {
    let report = report(&client(), Purpose::Client, &[]);
    let verdicts = &report.verdicts;
    assert_eq!(verdicts.named, Verdict::Unknown);
    assert_eq!(verdicts.accepted, Verdict::Yes, "{}", report.to_json(true));
    assert_eq!(verdicts.servable, Verdict::Yes);
}

#[test]
fn a_client_that_is_asked_for_a_host_must_have_it() {
    let hosts = |name| [Host::parse(name).expect("a host")];
    let verdicts = |name| report(&client(), Purpose::Client, &hosts(name)).verdicts;
    assert_eq!(verdicts(HOST).accepted, Verdict::Yes);
    assert_eq!(verdicts("other.example.net").accepted, Verdict::No);
}

#[test]
fn a_server_without_a_host_is_not_decided() {
    let verdicts = report(&Chain::good(), Purpose::Server, &[]).verdicts;
    assert_eq!(verdicts.named, Verdict::Unknown);
    assert_eq!(verdicts.accepted, Verdict::Unknown);
}
