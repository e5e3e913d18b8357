//! Heaps of files as people have them: what a CA sent, what a browser saved, what a colleague left.

use keyway_testkit::{Certificate, DAY, Key, KeyKind, NOW, pem, pkcs7};

/// The shop that all heaps belong to.
const SHOP: &str = "shop.example.com";

/// Every file: its path below `samples/`, and its content.
pub(crate) fn files() -> Vec<(&'static str, Vec<u8>)> {
    let ca = Authority::new();
    [
        heap(&ca),
        repairable(&ca),
        good(&ca),
        expired(&ca),
        vec![("root.pem", text(&ca.root.pem()))],
    ]
    .concat()
}

struct Authority {
    root: Certificate,
    policy: Certificate,
    issuing: Certificate,
}

impl Authority {
    fn new() -> Self {
        let root = Certificate::root("Keyway Test Root X1")
            .key(KeyKind::P384)
            .build();
        let policy = root
            .issue_ca("Keyway Test Intermediate X2")
            .issuer_url("http://ca.example/root-x1.cer")
            .build();
        let issuing = policy
            .issue_ca("Keyway Test Issuing E5")
            .path_len(0)
            .issuer_url("http://ca.example/intermediate-x2.cer")
            .build();
        Self {
            root,
            policy,
            issuing,
        }
    }

    fn leaf(&self) -> Certificate {
        let names = [SHOP, "www.shop.example.com"];
        let leaf = self.issuing.issue(SHOP).san_dns(&names);
        leaf.issuer_url("http://ca.example/issuing-e5.cer").build()
    }
}

/// The server's own certificate comes second, its issuer twice, the CA above it not at all: what
/// was saved in its place is the web server's error page. One key of two is the right one.
fn heap(ca: &Authority) -> Vec<(&'static str, Vec<u8>)> {
    let leaf = ca.leaf();
    let mixed = [ca.issuing.pem(), indented(&leaf.pem()), ca.issuing.pem()].concat();
    vec![
        ("shop-heap/shop.pem", windows(&mixed)),
        ("shop-heap/intermediate.crt", text(NOT_FOUND)),
        ("shop-heap/shop.key", text(&leaf.key().traditional_pem())),
        (
            "shop-heap/old.key",
            text(&Key::new(KeyKind::Rsa2048, "3").traditional_pem()),
        ),
    ]
}

/// The same disorder, but everything needed is there: the rest came as PKCS#7.
fn repairable(ca: &Authority) -> Vec<(&'static str, Vec<u8>)> {
    let leaf = ca.leaf();
    let mixed = [ca.issuing.pem(), indented(&leaf.pem()), ca.issuing.pem()].concat();
    let bundle = pkcs7::certificates_only(&[&ca.root, &ca.policy], &[]);
    vec![
        ("repairable/shop.pem", windows(&mixed)),
        (
            "repairable/bundle.p7b",
            text(&pem::encode("PKCS7", &bundle)),
        ),
        ("repairable/shop.key", text(&leaf.key().traditional_pem())),
    ]
}

/// Nothing wrong.
fn good(ca: &Authority) -> Vec<(&'static str, Vec<u8>)> {
    let leaf = ca.leaf();
    let chain = [leaf.pem(), ca.issuing.pem(), ca.policy.pem()].concat();
    vec![
        ("good/fullchain.pem", text(&chain)),
        ("good/key.pem", text(&leaf.key_pem())),
    ]
}

/// In order, and out of date for nine days.
fn expired(ca: &Authority) -> Vec<(&'static str, Vec<u8>)> {
    let leaf = ca.leaf().draft().issued(NOW - 99 * DAY).build();
    let chain = [leaf.pem(), ca.issuing.pem(), ca.policy.pem()].concat();
    vec![
        ("expired/fullchain.pem", text(&chain)),
        ("expired/key.pem", text(&leaf.key_pem())),
    ]
}

fn text(content: &str) -> Vec<u8> {
    content.as_bytes().to_vec()
}

/// As an editor under Windows saves it.
fn windows(content: &str) -> Vec<u8> {
    content.replace('\n', "\r\n").into_bytes()
}

/// As a paste out of a YAML file leaves it.
fn indented(content: &str) -> String {
    let lines: Vec<_> = content.lines().collect();
    format!("    {}\n", lines.join("\n    "))
}

const NOT_FOUND: &str = "\
<!DOCTYPE html>
<html>
<head><title>404 Not Found</title></head>
<body>
<h1>Not Found</h1>
<p>The requested URL /intermediate-x2.cer was not found on this server.</p>
</body>
</html>
";
