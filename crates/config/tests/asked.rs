//! The hosts that conditions of HAProxy ask for are the service's, however they are written.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use keyway_config::forms::{Form, Imported, export, import};

fn read(lines: &[&str]) -> Imported {
    let lines = lines.join("\n  ");
    let text = format!(
        "frontend f\n  mode http\n  bind :443 ssl crt /a.pem\n  {lines}\nbackend b\n  mode http\n  server s 10.0.0.1:80\n\
         backend c\n  mode http\n  server s 10.0.0.2:80\n"
    );
    import(&text, Form::Haproxy).unwrap()
}

#[test]
fn hosts_are_read_out_of_conditions_of_which_one_is_enough() {
    let acls = ["acl isa hdr(host) -i a.test", "acl isb hdr(host) -i b.test"];
    for condition in [
        "isa or isb",
        "isa || { hdr(host) -i b.test }",
        "{ hdr(host) -i a.test } || { hdr(host) -i b.test }",
    ] {
        let line = format!("use_backend b if {condition}");
        let imported = read(&[acls[0], acls[1], &line]);
        let mut hosts = imported.service.host.0.clone();
        hosts.sort();
        assert_eq!(hosts, ["a.test", "b.test"], "{condition}");
        assert!(
            imported.findings.is_empty(),
            "{condition}: {:?}",
            imported.findings
        );
        assert!(!imported.service.tls.default_certificate);
    }
    // What was led elsewhere before is not the service's.
    let lines = ["use_backend c if isb", "use_backend b if isb or isa"];
    let imported = read(&[acls[0], acls[1], lines[1], lines[0]]);
    assert_eq!(imported.service.host.0.len(), 2);
    // Together, or turned around, they are something else.
    for condition in ["isa isb", "isa or !isb", "isa or { src 10.0.0.1 }"] {
        let line = format!("use_backend b if {condition}");
        let imported = read(&[acls[0], acls[1], &line]);
        assert!(!imported.findings.is_empty(), "{condition}");
        assert!(imported.service.host.is_empty(), "{condition}");
    }
}

#[test]
fn hosts_are_read_however_their_field_is_written() {
    for test in [
        "hdr(host) -i a.test a.test:443",
        "hdr(Host) -i a.test",
        "req.hdr(host),lower -m str a.test",
        "hdr(host),host_only,lower a.test",
        "req.hdr(host),field(1,:),lower -i -m str a.test",
    ] {
        let imported = read(&[&format!("use_backend b if {{ {test} }}")]);
        assert!(imported.service.host.iter().eq(["a.test"]), "{test}");
        assert!(
            imported.findings.is_empty(),
            "{test}: {:?}",
            imported.findings
        );
    }
    for test in [
        "hdr(host) -i -f /hosts.lst",
        "hdr(host) -m beg a.test",
        "hdr(host),map(/m) a.test",
        "hdr(referer) -i a.test",
        "hdr(host) -i a.test:b",
    ] {
        let imported = read(&[&format!("use_backend b if {{ {test} }}")]);
        assert!(imported.service.host.is_empty(), "{test}");
        assert!(!imported.findings.is_empty(), "{test}");
    }
}

#[test]
fn the_names_of_a_certificate_that_no_line_of_haproxy_leads_anywhere_are_told() {
    let text = |more: &str| {
        format!(
            "host = \"a.test\"\nupstream = \"http://10.0.0.1:80\"\n[tls]\ncertificate = \"/a\"\nkey = \"/a\"\n{more}\n\
             [[tls.certificates]]\ncertificate = \"/c\"\nkey = \"/c\"\n"
        )
    };
    for (more, is_told) in [("", true), ("default_certificate = true", false)] {
        let service = keyway_config::read(&text(more)).unwrap().service;
        let exported = export(&service, Form::Haproxy, &|_| None);
        let found = exported
            .lost
            .iter()
            .any(|lost| lost == "tls.certificates[0]");
        assert_eq!(found, is_told, "{:?}", exported.lost);
    }
}
