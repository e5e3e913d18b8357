//! Secrets, out and in.

use std::io::Write as _;
use std::process::{Command, Stdio};

use k8s_openapi::api::core::v1 as core;
use keyway_config::forms::{Form, export, import};
use keyway_config::model::Material;

use crate::judges::{CERTIFICATE, KEY, contoso, files, objects, of};

#[test]
fn secrets_are_read_by_kubernetes_and_imported_again() {
    let exported = export(&contoso(), Form::KubernetesSecret, &files);
    let secrets: Vec<core::Secret> = objects(&exported).iter().map(of).collect();
    assert_eq!(secrets.len(), 2);
    let data = secrets[0].data.as_ref().expect("data");
    assert_eq!(data["tls.key"].0, KEY.as_bytes());
    assert_eq!(data["ca.crt"].0, CERTIFICATE.as_bytes());
    let imported = import(&exported.text, Form::KubernetesSecret).expect("Secrets");
    assert!(imported.lost.is_empty(), "{:?}", imported.lost);
    assert_eq!(imported.service.tls.key, Some(Material::new(KEY)));
    assert_eq!(imported.service.tls.certificates.len(), 1);
    assert!(exported.lost.contains(&"upstream".to_owned()));
    assert!(
        exported
            .lost
            .contains(&"tls.certificates[0].host".to_owned())
    );
}

#[test]
fn a_file_that_is_not_there_is_told() {
    let exported = export(&contoso(), Form::KubernetesSecret, &|_| None);
    for field in [
        "tls.certificate",
        "tls.key",
        "tls.client.ca",
        "tls.certificates[0].key",
    ] {
        assert!(exported.lost.contains(&field.to_owned()), "{field}");
    }
}

#[test]
fn a_secret_made_with_openssl_and_by_hand_is_imported() {
    let mut child = Command::new("openssl")
        .args(["base64"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("openssl is there (Debian: `apt-get install openssl`)");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(CERTIFICATE.as_bytes()).expect("a pipe");
    drop(stdin);
    let coded = child.wait_with_output().expect("openssl").stdout;
    let coded = String::from_utf8(coded).expect("base64");
    let indented = |text: &str, indent: &str| {
        let lines: Vec<String> = text
            .lines()
            .map(|line| format!("{indent}{line}\n"))
            .collect();
        lines.concat()
    };
    let text = format!(
        "# ours\napiVersion: v1\nkind: Secret\nmetadata:\n  name: web\n  namespace: shop\ntype: Opaque\n\
         data:\n  tls.crt: |\n{}stringData:\n  tls.key: |\n{}  \"odd\\e[0m\": x\n",
        indented(&coded, "    "),
        indented(KEY, "    ")
    );
    let imported = import(&text, Form::KubernetesSecret).expect("a Secret");
    assert_eq!(
        imported.service.tls.certificate,
        Some(Material::new(CERTIFICATE))
    );
    assert_eq!(imported.service.tls.key, Some(Material::new(KEY)));
    assert_eq!(imported.service.name.as_deref(), Some("web"));
    assert_eq!(imported.lost[0], "line 6: metadata.namespace");
    assert!(
        imported.lost[1].contains(": stringData.odd"),
        "{:?}",
        imported.lost
    );
    assert!(!imported.lost[1].contains('\u{1b}'));
}

#[test]
fn texts_that_are_no_secret_are_refused_with_their_line() {
    let deep = format!("a: {}", "[".repeat(100_000));
    for (text, line) in [
        ("a: b: c\n", 1),
        ("apiVersion: v1\nkind: ConfigMap\n", 1),
        ("apiVersion: v1\nkind: Secret\ndata:\n  tls.crt: '*'\n", 4),
        ("apiVersion: v1\nkind: Secret\ndata:\n  tls.crt: aGk=\n", 4),
        ("a: &a [x, x]\nb: [*a, *a]\n", 2),
        ("{\"kind\":\n}", 2),
        ("a: 1\na: 2\n", 2),
        (deep.as_str(), 1),
        ("", 1),
    ] {
        let told = import(text, Form::KubernetesSecret)
            .expect_err("no Secret")
            .to_string();
        let cut: String = text.chars().take(60).collect();
        assert!(told.starts_with(&format!("line {line}: ")), "{cut}: {told}");
    }
}

#[test]
fn a_secret_whose_certificate_and_key_are_in_each_others_place_is_refused() {
    let indented = |text: &str| {
        text.lines()
            .fold(String::new(), |all, line| all + "    " + line + "\n")
    };
    let secret = |first: (&str, &str), second: (&str, &str)| {
        let text = |(name, text): (&str, &str)| format!("  {name}: |\n{}", indented(text));
        format!(
            "apiVersion: v1\nkind: Secret\nstringData:\n{}{}",
            text(first),
            text(second)
        )
    };
    for (first, second, told) in [
        (
            ("tls.crt", KEY),
            ("tls.key", CERTIFICATE),
            "line 5: `tls.crt` holds a private key",
        ),
        (
            ("tls.key", CERTIFICATE),
            ("tls.crt", CERTIFICATE),
            "`tls.key` holds a certificate",
        ),
        (
            ("tls.crt", CERTIFICATE),
            ("ca.crt", KEY),
            "`ca.crt` holds a private key",
        ),
    ] {
        let refused =
            import(&secret(first, second), Form::KubernetesSecret).expect_err("another's place");
        assert!(refused.to_string().contains(told), "{refused}");
    }
    let both = format!("{CERTIFICATE}{KEY}");
    let text = secret(("tls.crt", &both), ("tls.key", &both));
    assert!(import(&text, Form::KubernetesSecret).is_ok());
}

#[test]
fn a_secret_as_kubectl_prints_it_is_imported_alone_and_in_a_list() {
    use base64ct::{Base64, Encoding as _};
    let [certificate, key] = [CERTIFICATE, KEY].map(|text| Base64::encode_string(text.as_bytes()));
    // `kubectl create secret tls web --cert … --key … --dry-run=client -o yaml`
    let alone = format!(
        "apiVersion: v1\ndata:\n  tls.crt: {certificate}\n  tls.key: {key}\nkind: Secret\n\
         metadata:\n  creationTimestamp: null\n  name: web\ntype: kubernetes.io/tls\n"
    );
    let line =
        |(index, line): (usize, &str)| format!("{} {line}", if index == 0 { "-" } else { " " });
    let item = alone
        .lines()
        .enumerate()
        .map(line)
        .collect::<Vec<_>>()
        .join("\n")
        + "\n";
    let list =
        format!("apiVersion: v1\nitems:\n{item}kind: List\nmetadata:\n  resourceVersion: \"\"\n");
    for text in [alone, list] {
        let imported = import(&text, Form::KubernetesSecret).expect("a Secret");
        let tls = &imported.service.tls;
        assert_eq!(tls.certificate, Some(Material::new(CERTIFICATE)), "{text}");
        assert_eq!(tls.key, Some(Material::new(KEY)));
        assert_eq!(imported.service.name.as_deref(), Some("web"));
        assert_eq!(imported.lost, [""; 0]);
        let written = imported.service.to_toml();
        let again = keyway_config::read(&written).expect("a service file");
        assert_eq!(again.service, imported.service, "{written}");
    }
}

#[test]
fn what_stands_beside_a_secret_with_a_certificate_is_told_and_left_behind() {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  password: aGk=\n";
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  a: b\n";
    let exported = export(&contoso(), Form::KubernetesSecret, &files).text;
    let text = format!("{map}---\n{secret}---\n{exported}---\nkind: \"Odd\\e[0m\"\n");
    let imported = import(&text, Form::KubernetesSecret).expect("a Secret");
    let alone = import(&exported, Form::KubernetesSecret).expect("a Secret");
    assert_eq!(imported.service, alone.service);
    assert_eq!(imported.lost[0], "line 1: ConfigMap settings");
    assert_eq!(imported.lost[1], "line 8: Secret db");
    assert!(
        imported.lost[2].ends_with(": Odd\\u{1b}[0m"),
        "{:?}",
        imported.lost
    );
    for none in [map, secret] {
        let told = import(none, Form::KubernetesSecret).expect_err("no certificate");
        assert!(told.to_string().starts_with("line 1: there is no Secret"));
    }
    let ingress = export(&contoso(), Form::KubernetesIngress, &files).text;
    let text = format!("{map}---\n{ingress}");
    let imported = import(&text, Form::KubernetesIngress).expect("an Ingress");
    assert_eq!(imported.lost[0], "line 1: ConfigMap settings");
}

#[test]
fn where_nothing_is_behind_a_service_it_is_said_what_is_written() {
    let mut service = contoso();
    for form in [Form::KubernetesIngress, Form::Gateway] {
        let is_said = |notes: &[String]| {
            notes
                .iter()
                .any(|note| note.contains("no upstream is said"))
        };
        assert!(!is_said(&export(&service, form, &files).notes));
        service.upstream.0.clear();
        let notes = export(&service, form, &files).notes;
        assert!(is_said(&notes), "{form:?}: {notes:?}");
        service = contoso();
    }
}
