//! Edits find a field under whatever names the file has for it and for the table around it.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use keyway_config::model::{Material, Status};
use keyway_config::rules::Kind;
use keyway_config::{Draft, Edit, Surroundings, check, read};

/// The same service, under every name that its table and its fields have, in every way to write a table.
const FILES: &[&str] = &[
    "host = \"a.example\"\n[tls]\nstatus = \"enabled\"\ncertificate = \"c.pem\"\nkey = \"k.pem\"\n",
    "host = \"a.example\"\n[ssl]\nstatus = \"enabled\"\ncertificate = \"c.pem\"\nkey = \"k.pem\"\n",
    "[ssl]\ncname = \"a.example\"\nenabled = true\nssl_cert_pem_file = \"c.pem\"\nssl_key_pem_file = \"k.pem\"\n",
    "[ssl]\nhost = \"a.example\"\nssl_status = \"enabled\"\ncert = \"c.pem\"\nkey_file = \"k.pem\"\n",
    "[ssl]\nssl_cname = \"a.example\"\nssl_enabled = true\nssl_cert_file = \"c.pem\"\nssl_key_file = \"k.pem\"\n",
    "[tls]\nhost = \"a.example\"\nssl_status = \"enabled\"\nssl_cert = \"c.pem\"\nssl_key = \"k.pem\"\n",
    "ssl.ssl_cname = \"a.example\"\nssl.enabled = true\nssl.cert = \"c.pem\"\nssl.key = \"k.pem\"\n",
    "ssl = { cname = \"a.example\", enabled = true, cert_file = \"c.pem\", key = \"k.pem\" }\n",
    "ssl_cname = \"a.example\"\nssl_enabled = true\nssl_cert_file = \"c.pem\"\nssl_key_file = \"k.pem\"\n",
    "tls.certificate = \"c.pem\"\ntls.status = \"enabled\"\n[ssl]\nkey_pem_file = \"k.pem\"\ncname = \"a.example\"\n",
    "ssl_cert = \"c.pem\"\nssl.key = \"k.pem\"\nssl.enabled = true\ncname = \"a.example\"\n",
    r#"{"ssl": {"cname": "a.example", "enabled": true, "cert_pem_file": "c.pem", "key": "k.pem"}}"#,
    r#"{"host": "a.example", "ssl": {"status": "enabled", "certificate": "c.pem", "key": "k.pem"}}"#,
    r#"{"cname": "a.example", "ssl": {"ssl_enabled": true}, "ssl_cert": "c.pem", "tls": {"key": "k.pem"}}"#,
];

/// The names that the table of TLS has in a file.
fn tables(text: &str) -> BTreeSet<&str> {
    let words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    words.filter(|word| ["ssl", "tls"].contains(word)).collect()
}

fn changed(draft: &Draft, edit: &Edit) -> Draft {
    let new = edit.apply(draft);
    let new = new.unwrap_or_else(|error| panic!("{error}:\n{}", draft.text()));
    let told = format!("{}\nbecame\n{}", draft.text(), new.text());
    let found = check(&new, "keyway.toml", &Surroundings::default());
    let is_torn = |kind: &Kind| matches!(kind, Kind::SaidTwice(_) | Kind::UnknownField(_));
    assert!(
        !found.iter().any(|finding| is_torn(&finding.kind)),
        "{told}"
    );
    // Whatever the table is called, a change makes no second one.
    let before = tables(draft.text());
    if !before.is_empty() {
        assert_eq!(tables(new.text()), before, "{told}");
    }
    new
}

#[test]
fn every_edit_finds_the_field_where_the_file_says_it() {
    for text in FILES {
        let draft = read(text).unwrap();
        let service = &draft.service;
        assert_eq!(service.host.0, ["a.example"], "{text}");
        assert_eq!(service.tls.status, Some(Status::Enabled), "{text}");

        let disabled = changed(&draft, &Edit::new().set("tls.status", "disabled"));
        assert_eq!(
            disabled.service.tls.status,
            Some(Status::Disabled),
            "{text}"
        );
        let enabled = changed(&disabled, &Edit::new().set("tls.status", "enabled"));
        assert_eq!(enabled.service, draft.service, "{text}");

        let new = Edit::new()
            .set_list("host", &["a.example".to_owned(), "b.example".to_owned()])
            .set("tls.certificate", "new.pem")
            .set("tls.key", "new.key")
            .set_secret("tls.password", "file", "pw");
        let updated = changed(&draft, &new);
        let tls = &updated.service.tls;
        assert_eq!(updated.service.host.0, ["a.example", "b.example"]);
        assert_eq!(tls.certificate, Some(Material::Path("new.pem".to_owned())));
        assert_eq!(tls.key, Some(Material::Path("new.key".to_owned())));
        let bare = changed(&updated, &Edit::new().remove("tls.password"));
        assert_eq!(bare.service.tls.password, None, "{text}");

        // A word where there was true or false.
        let auto = Edit::new()
            .remove("tls.certificate")
            .remove("tls.key")
            .set("tls.status", "auto")
            .set("tls.leaf_domain_label", "shop")
            .set_truth("tls.renew", true);
        let auto = changed(&draft, &auto);
        let tls = &auto.service.tls;
        assert_eq!(tls.status, Some(Status::Auto), "{text}");
        assert_eq!((&tls.certificate, &tls.key), (&None, &None), "{text}");
        assert!(tls.renew, "{text}");
        let renewed = changed(&auto, &Edit::new().remove("tls.renew"));
        assert!(!renewed.service.tls.renew, "{text}");
    }
}

#[test]
fn a_wish_is_taken_out_under_each_of_its_names() {
    for text in [
        "[ssl]\nstatus = \"auto\"\nrenew = true\n",
        "[ssl]\nstatus = \"auto\"\nssl_renew = true\n",
        "ssl.status = \"auto\"\nssl_renew = true\n",
        "ssl = { status = \"auto\", renew = true }\n",
        "renew = true\nssl_status = \"auto\"\n",
        r#"{"ssl": {"status": "auto", "ssl_renew": true}}"#,
    ] {
        let draft = read(text).unwrap();
        assert!(draft.service.tls.renew, "{text}");
        let done = changed(&draft, &Edit::new().remove("tls.renew"));
        assert!(!done.service.tls.renew, "{text}");
    }
}

#[test]
fn a_change_leaves_the_rest_of_a_table_as_it_is() {
    let text = "host = \"a.example\" # ours\n\n[ssl] # as Azure has it\n# the pair\ncert_file = \"c.pem\" # chain\nkey_file = \"k.pem\"\nenabled = true # yes\n";
    let draft = read(text).unwrap();
    let new = changed(&draft, &Edit::new().set("tls.status", "disabled"));
    assert_eq!(new.text(), text.replace("true", "false"));
    let new = changed(&draft, &Edit::new().set("tls.key", "new.key"));
    assert_eq!(new.text(), text.replace("k.pem", "new.key"));
}

#[test]
fn what_both_tables_say_is_said_twice_at_its_own_line() {
    let told = |text: &str| -> Vec<(String, String, Option<u32>)> {
        let found = check(&read(text).unwrap(), "f", &Surroundings::default());
        let twice = found.into_iter().filter_map(|finding| match finding.kind {
            Kind::SaidTwice(twice) => Some((twice.written, twice.means, finding.at.line)),
            _ => None,
        });
        twice.collect()
    };
    let both =
        |written: &str, means: &str, line| (written.to_owned(), means.to_owned(), Some(line));
    assert_eq!(
        told("[tls]\ncertificate = \"a\"\n[ssl]\ncertificate = \"b\"\nkey = \"k\"\n"),
        [both("ssl.certificate", "tls.certificate", 4)]
    );
    assert_eq!(
        told("[ssl]\ncert = \"b\"\n[tls]\ncertificate = \"a\"\n"),
        [both("ssl.cert", "tls.certificate", 2)]
    );
    assert_eq!(
        told("[tls.client]\nmode = \"none\"\n[ssl.client]\nmode = \"none\"\nca = \"x\"\n"),
        [both("ssl.client.mode", "tls.client.mode", 4)]
    );
    assert_eq!(
        told("{\"tls\": {\"key\": \"a\"},\n\"ssl\": {\"key\": \"b\"}}"),
        [both("ssl.key", "tls.key", 2)]
    );
    // What each says alone makes one table.
    assert_eq!(told("[tls]\nkey = \"k\"\n[ssl]\ncertificate = \"c\"\n"), []);
}
