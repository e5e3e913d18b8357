//! The command line of Azure: what is read of it, and what is refused.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use keyway_config::forms::{Form, import};

#[test]
fn a_flag_that_is_followed_by_neither_true_nor_false_is_refused() {
    for (flag, value, expected) in [
        ("--ssl-overwrite-domain", "True", Some(true)),
        ("--ssl-overwrite-domain", "false", Some(false)),
        ("--ssl-overwrite-domain", "maybe", None),
        ("--ssl-renew", "", Some(true)),
        ("--ssl-renew", "False", Some(false)),
        ("--ssl-renew", "1x", None),
        ("--ssl-disable", "maybe", None),
    ] {
        let text =
            format!("az ml computetarget update aks --ssl-leaf-domain-label a {flag} {value}");
        let imported = import(&text, Form::AzureCli);
        let Some(expected) = expected else {
            let told = imported.unwrap_err().to_string();
            assert!(told.contains("neither True nor False"), "{told}");
            continue;
        };
        let tls = imported.unwrap().service.tls;
        let is_set = if flag == "--ssl-renew" {
            tls.renew
        } else {
            tls.overwrite_existing_domain
        };
        assert_eq!(is_set, expected, "{text}");
    }
}

#[test]
fn a_line_with_more_than_one_command_is_refused_with_its_line() {
    for (text, place) in [
        (
            "az update aks --ssl-key-file k.pem; rm -rf /",
            "line 1: `;`",
        ),
        ("az update aks \\\n --ssl-renew && rm x", "line 2: `&`"),
        ("az update aks --ssl-cname $(id)", "line 1: `$`"),
    ] {
        let told = import(text, Form::AzureCli).unwrap_err().to_string();
        assert!(told.starts_with(place), "{told}");
    }
    let quoted = "az update aks --ssl-key-file 'k;.pem'";
    let key = import(quoted, Form::AzureCli).unwrap().service.tls.key;
    assert_eq!(key.unwrap().path(), Some("k;.pem"));
}

#[test]
fn what_a_shell_fills_in_is_told_and_not_taken_by_its_word() {
    let line = "az ml computetarget update aks --ssl-cname \"$HOST\" --ssl-cert-file ~/c.pem \
                --ssl-key-file=${DIR}/k.pem --name 'a$b'";
    let imported = import(line, Form::AzureCli).unwrap();
    let service = imported.service;
    assert!(service.host.is_empty() && service.tls.certificate.is_none());
    assert!(service.tls.key.is_none());
    assert_eq!(service.name.as_deref(), Some("a$b"));
    assert_eq!(
        imported.lost,
        [
            "--ssl-cname $HOST, which the shell fills in",
            "--ssl-cert-file ~/c.pem, which the shell fills in",
            "--ssl-key-file ${DIR}/k.pem, which the shell fills in",
        ]
    );
}

#[test]
fn a_renewal_alone_is_one_of_a_managed_certificate() {
    let status = |flags: &str| {
        let line = format!("az ml computetarget update aks -n x --ssl-renew {flags}");
        let service = import(&line, Form::AzureCli).unwrap().service;
        assert!(service.tls.renew, "{line}");
        service.status().word()
    };
    assert_eq!(status(""), "auto");
    assert_eq!(status("--ssl-leaf-domain-label shop"), "auto");
    assert_eq!(status("--ssl-cert-file c --ssl-key-file k"), "enabled");
}
