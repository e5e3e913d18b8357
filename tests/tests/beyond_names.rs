//! Names that other clients match and rustls-webpki does not: named, never accepted.

use keyway_chain::name::Host;
use keyway_chain::{Anchors, CheckOptions, Profile, Report, algorithms, check, x509};
use keyway_report::{Finding, Timestamp, Verdict};
use keyway_testkit::{Chain, GeneralName, NOW};
use keyway_tests::heap::bundle;

fn report(entry: &str, host: &str, profile: Profile) -> Report {
    let chain = Chain::with_leaf(|leaf| leaf.san(&[GeneralName::dns(entry)]));
    let mut anchors = Anchors::none();
    let root = x509::Certificate::read(chain.root.der()).expect("a root of the kit");
    anchors.add(root).expect("a root of the kit");
    let hosts = [Host::parse(host).expect("a host")];
    let options = CheckOptions {
        hosts: &hosts,
        profile,
        ..CheckOptions::new(
            Timestamp::from_seconds(NOW),
            &anchors,
            algorithms::aws_lc_rs(),
        )
    };
    check(&bundle(&[chain.fullchain_pem(), chain.key_pem()]), &options)
}

#[test]
fn a_dot_at_the_end_of_both_is_named_and_refused_with_its_reason() {
    for (profile, code) in [
        (Profile::Webpki, "name.malformed"),
        (Profile::Rfc5280, "name.malformed"),
        (Profile::Private, "chain.beyond-verifier"),
    ] {
        let report = report("example.com.", "example.com.", profile);
        assert_eq!(report.verdicts.named, Verdict::Yes, "{profile:?}");
        assert_eq!(report.verdicts.accepted, Verdict::No, "{profile:?}");
        assert_ne!(report.verdicts.servable, Verdict::Yes, "{profile:?}");
        let codes: Vec<&str> = report.findings.iter().map(Finding::code).collect();
        assert!(codes.contains(&code), "{profile:?} {codes:?}");
    }
}

#[test]
fn a_label_that_ends_in_a_hyphen_is_named_and_not_decided() {
    for entry in ["*.example.com", "a-.example.com"] {
        let verdicts = report(entry, "a-.example.com", Profile::Private).verdicts;
        assert_eq!(verdicts.named, Verdict::Yes, "{entry}");
        assert_eq!(verdicts.accepted, Verdict::Unknown, "{entry}");
    }
}
