//! CAs that certify one another: the work stays bounded, and a good path among them is found.
#![allow(clippy::unwrap_used)]

use keyway_chain::{
    Anchors, CheckOptions, Input, Profile, ReadOptions, Report, algorithms, check, read,
};
use keyway_report::{Timestamp, Verdict};
use keyway_testkit::{Certificate, NOW};

/// CAs of the mesh: with every certificate of one by another, 380.
const CAS: usize = 20;

/// Every one of the mesh's certificates, and its first CA.
fn mesh() -> (String, Certificate) {
    let cas: Vec<Certificate> = (0..CAS)
        .map(|number| Certificate::root(&format!("Mesh CA {number}")).build())
        .collect();
    let mut pem = String::new();
    for (below, ca) in cas.iter().enumerate() {
        for (above, issuer) in cas.iter().enumerate() {
            if below != above {
                pem += &issuer.cross_sign(ca).build().pem();
            }
        }
    }
    (pem, cas.into_iter().next().unwrap())
}

fn judged(pem: &str, root: &Certificate) -> Report {
    let read = |name, text: &str| {
        let bytes = text.as_bytes();
        read(&[Input { name, bytes }], &ReadOptions::default()).unwrap()
    };
    let mut anchors = Anchors::none();
    let root = read("root.pem", &root.pem()).certificates.remove(0);
    anchors.add(root.certificate).unwrap();
    let now = Timestamp::from_seconds(NOW);
    let mut options = CheckOptions::new(now, &anchors, algorithms::aws_lc_rs());
    options.profile = Profile::Private;
    check(&read("heap.pem", pem), &options)
}

#[test]
fn a_mesh_that_leads_to_no_root_is_refused() {
    let (mesh, first) = mesh();
    let leaf = first.issue("www.example.com").build();
    let report = judged(
        &(leaf.pem() + &mesh),
        &Certificate::root("Test Root").build(),
    );
    assert_eq!(report.verdicts.chains, Verdict::No);
}

#[test]
fn a_path_through_a_mesh_is_found() {
    let (mesh, first) = mesh();
    let root = Certificate::root("Test Root").build();
    let bridge = root.cross_sign(&first).build();
    let leaf = first.issue("www.example.com").build();
    let report = judged(&(leaf.pem() + &mesh + &bridge.pem()), &root);
    assert_eq!(
        report.verdicts.accepted,
        Verdict::Unknown,
        "no host was asked for"
    );
    assert_eq!(report.verdicts.chains, Verdict::Yes);
}

#[test]
fn a_root_that_may_be_too_far_behind_a_mesh_leaves_the_answer_open_or_no() {
    let (mesh, first) = mesh();
    let root = Certificate::root("Test Root").build();
    let mut above = root.clone();
    let mut bridges = String::new();
    for number in 0..4 {
        above = above.issue_ca(&format!("Bridge {number}")).build();
        bridges += &above.pem();
    }
    // The far end of the mesh hangs below the bridges, and is expired: nothing holds.
    let last = Certificate::root(&format!("Mesh CA {}", CAS - 1)).build();
    let end = above.cross_sign(&last).not_after(NOW - 1).build();
    let leaf = first.issue("www.example.com").build();
    let report = judged(&(leaf.pem() + &mesh + &bridges + &end.pem()), &root);
    assert_ne!(
        report.verdicts.chains.and(report.verdicts.timely),
        Verdict::Yes
    );
}
