//! A change keeps how a file is written, and what it takes along is named.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

#[allow(dead_code, reason = "every test file uses its own part")]
mod services;

use keyway_config::{Edit, Service, comments_gone, read};
use proptest::prelude::*;

use services::service;

fn changed(text: &str, edit: &Edit) -> String {
    let draft = read(text).unwrap();
    let changed = edit
        .apply(&draft)
        .unwrap_or_else(|error| panic!("{error}\n{text}"));
    changed.text().to_owned()
}

fn hosts(hosts: &[&str]) -> Edit {
    let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
    Edit::new().set_list("host", &hosts)
}

const WIDE: &str = "{\n    \"$schema\": \"x\",\n    \"host\": [\"a\", \"b\"],\n\n    \"tls\": { \"status\": \"auto\",\n             \
    \"renew\" : true },\n    \"listen\": [\n        \"[::]:443\"\n    ]\n}";

#[test]
fn json_stays_as_it_is_written_but_for_what_changes() {
    assert_eq!(
        changed(WIDE, &hosts(&["a", "c"])),
        WIDE.replace("\"b\"", "\"c\"")
    );
    assert_eq!(changed(WIDE, &hosts(&["a", "b"])), WIDE);
    assert_eq!(
        changed(WIDE, &Edit::new().remove("tls.renew")),
        WIDE.replace(",\n             \"renew\" : true", "")
    );
    assert_eq!(
        changed(WIDE, &Edit::new().remove("tls.status")),
        WIDE.replace("\"status\": \"auto\",\n             ", "")
    );
    assert_eq!(
        changed(WIDE, &Edit::new().remove("tls")),
        WIDE.replace(
            "\"tls\": { \"status\": \"auto\",\n             \"renew\" : true },\n    ",
            ""
        )
    );
    let both: Vec<String> = ["[::]:443", "[::]:8443"].map(str::to_owned).into();
    assert_eq!(
        changed(WIDE, &Edit::new().set_list("listen", &both)),
        WIDE.replace("[::]:443\"\n", "[::]:443\",\n        \"[::]:8443\"\n")
    );
    assert_eq!(
        changed(
            WIDE,
            &Edit::new().set("dns.zone", "z").set_secret("tls.password", "file", "p")
        ),
        WIDE.replace(
            "\"renew\" : true }",
            "\"renew\" : true,\n             \"password\" : {\n                 \"file\" : \"p\"\n             } }"
        )
        .replace(
            "        \"[::]:443\"\n    ]\n}",
            "        \"[::]:443\"\n    ],\n    \"dns\": {\n        \"zone\": \"z\"\n    }\n}"
        )
    );
    assert_eq!(
        changed(WIDE, &Edit::new().set("tls.status", "disabled")),
        WIDE.replace("auto", "disabled")
    );
}

#[test]
fn json_on_one_line_or_by_tabs_stays_so() {
    for (text, edit, wanted) in [
        (
            "{\"host\":\"a\"}",
            Edit::new().set("tls.key", "k"),
            "{\"host\":\"a\",\"tls\":{\"key\":\"k\"}}",
        ),
        (
            "{\"host\": \"a\"}\n",
            hosts(&["a", "b"]).set("name", "n"),
            "{\"host\": [\"a\", \"b\"], \"name\": \"n\"}\n",
        ),
        (
            "{}",
            Edit::new().set("host", "a"),
            "{\n  \"host\": \"a\"\n}",
        ),
        (
            "{\n\t\"tls\": {}\n}\n",
            Edit::new().set("tls.key", "k").set("tls.zone", "z"),
            "{\n\t\"tls\": {\n\t\t\"key\": \"k\",\n\t\t\"zone\": \"z\"\n\t}\n}\n",
        ),
        ("{\"host\": \"a\"}", Edit::new().remove("host"), "{}"),
        (
            "{\"ho\\u0073t\": \"a\", \"name\": \"n\"}",
            hosts(&["b"]).remove("name"),
            "{\"ho\\u0073t\": \"b\"}",
        ),
        (
            "{\"tls\": {\"certificates\": [{\"host\": \"a\", \"certificate\": \"c\", \"key\": \"k\"}]}}",
            Edit::new().set("tls.certificates.0.key", "l"),
            "{\"tls\": {\"certificates\": [{\"host\": \"a\", \"certificate\": \"c\", \"key\": \"l\"}]}}",
        ),
    ] {
        assert_eq!(changed(text, &edit), wanted);
    }
    let draft = read("{\"tls\": {\"certificates\": []}}").unwrap();
    for field in [
        "tls.certificates.0.key",
        "tls.certificates.x.key",
        "tls.certificates",
    ] {
        let edit = Edit::new().set(&format!("{field}.file"), "k");
        assert!(edit.apply(&draft).is_err(), "{field}");
    }
}

#[test]
fn a_certificate_of_several_is_changed_where_it_stands() {
    let tables = "host = \"a\"\n[[tls.certificates]]\nhost = \"b\" # b\ncertificate = \"b.pem\"\nkey = \"b.key\"\n\n\
        # the other\n[[tls.certificates]]\nhost = \"c\"\ncertificate = \"c.pem\"\nkey = \"c.key\" # c\n";
    let edit = Edit::new()
        .set("tls.certificates.1.certificate", "d.pem")
        .set_secret("tls.certificates.1.password", "file", "p");
    assert_eq!(
        changed(tables, &edit),
        tables
            .replace("c.pem", "d.pem")
            .replace("# c\n", "# c\npassword = { file = \"p\" }\n")
    );
    let inline = "tls.certificates = [{ host = \"b\", certificate = \"b\", key = \"k\" }] # all\n";
    let edit = Edit::new().set("tls.certificates.0.key", "l");
    assert_eq!(changed(inline, &edit), inline.replace("\"k\"", "\"l\""));
    let draft = read(inline).unwrap();
    assert!(
        Edit::new()
            .set("tls.certificates.1.key", "l")
            .apply(&draft)
            .is_err()
    );
}

#[test]
fn comments_that_a_change_takes_along_are_named() {
    let text = "# all\nhost = [ # names\n  \"a\", # main\n  \"b\", # other\n]\n[tls]\nkey = \"k\" # ours\nzone = \"#z\"\n";
    let draft = read(text).unwrap();
    for (edit, gone) in [
        (hosts(&["a"]), vec!["# other"]),
        (hosts(&["b", "a"]), vec!["# names", "# main", "# other"]),
        (Edit::new().remove("tls.key"), vec!["# ours"]),
        (Edit::new().set("tls.key", "l").remove("tls.zone"), vec![]),
    ] {
        let after = edit.apply(&draft).unwrap();
        assert_eq!(comments_gone(&draft, &after), gone, "{}", after.text());
    }
    let json = read("{\"host\": \"# a\"}").unwrap();
    let after = hosts(&["b"]).apply(&json).unwrap();
    assert!(comments_gone(&json, &after).is_empty());
}

/// Changes a text of this service, and looks at all of what came of it.
fn is_changed_alone(text: &str, service: &Service) {
    let edit = hosts(&["a.example", "b.example"])
        .set("tls.zone", "z.example")
        .set_truth("tls.renew", true)
        .set("dns.zone", "z.example")
        .remove("name")
        .remove("tls.key")
        .remove("tls.password");
    let after = edit.apply(&read(text).unwrap()).unwrap();
    let mut wanted = Box::new(service.clone());
    wanted.host = ["a.example", "b.example"].into_iter().collect();
    wanted.name = None;
    wanted.tls.zone = Some("z.example".to_owned());
    wanted.tls.renew = true;
    wanted.tls.key = None;
    wanted.tls.password = None;
    wanted.dns.zone = Some("z.example".to_owned());
    assert_eq!(after.service, *wanted, "{}", after.text());
    // Once is enough.
    let again = edit.apply(&after).unwrap();
    assert_eq!(again.text(), after.text());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_change_changes_what_it_names_and_nothing_else(service in service()) {
        let compact = serde_json::to_string(&service).unwrap();
        for text in [service.to_toml(), service.to_json(), compact] {
            is_changed_alone(&text, &service);
        }
    }
}
