//! What is written is read again as it was: the model in both forms, and other tools' forms.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod services;

use keyway_config::forms::{Form, export, import};
use keyway_config::model::{Listed, Material, Mode, OwnCertificate, ProtocolVersion, Status};
use keyway_config::{Service, Surroundings, check, read};
use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;

use services::{CERTIFICATE, HOSTS, KEY, service};

/// A name that is written twice is one, whatever its letters.
fn once(names: &Listed) -> Listed {
    let mut seen = BTreeSet::new();
    let names = names.iter().map(ascii);
    names
        .filter(|name| seen.insert(name.to_lowercase()))
        .collect()
}

/// A name of another language as the DNS has it, which is the same name.
fn ascii(host: &str) -> String {
    let (star, name) = host
        .strip_prefix("*.")
        .map_or(("", host), |name| ("*.", name));
    let ascii = idna::domain_to_ascii(name)
        .ok()
        .filter(|_| !host.is_ascii());
    ascii.map_or_else(|| host.to_owned(), |name| format!("{star}{name}"))
}

/// What a service means: a default that the model names is the same as nothing.
fn settled(mut service: Service) -> Service {
    let status = service.status();
    let tls = &mut service.tls;
    tls.status = Some(status);
    let oldest = tls.profile.guideline().min_version;
    tls.min_version = tls.min_version.filter(|version| *version != oldest);
    tls.max_version = tls
        .max_version
        .filter(|version| *version != ProtocolVersion::Tls13);
    if tls.alpn.iter().eq(["h2", "http/1.1"]) && service.mode == Mode::Http {
        tls.alpn = Listed::default();
    }
    let port = if status == Status::Disabled { 80 } else { 443 };
    if service.listen.iter().eq([format!("[::]:{port}")]) {
        service.listen = Listed::default();
    }
    if let Some(health) = &mut service.health {
        health.every = health.every.filter(|seconds| *seconds != 10);
    }
    service.host = once(&service.host);
    for own in &mut service.tls.certificates {
        own.host = once(&own.host);
    }
    let times = &mut service.timeouts;
    for (slot, default) in [
        (&mut times.handshake, 10),
        (&mut times.header, 30),
        (&mut times.idle, 75),
        (&mut times.connect, 5),
    ] {
        *slot = slot.filter(|seconds| *seconds != default);
    }
    service
}

/// A service whose files are written out, as forms that hold texts have them.
fn written_out(mut service: Service) -> Service {
    let put = |slot: Option<&mut Material>, text: &str| {
        if let Some(slot) = slot {
            *slot = Material::new(text);
        }
    };
    let tls = &mut service.tls;
    put(tls.certificate.as_mut(), CERTIFICATE);
    put(tls.client.ca.as_mut(), CERTIFICATE);
    put(tls.key.as_mut(), KEY);
    for own in &mut tls.certificates {
        put(Some(&mut own.certificate), CERTIFICATE);
        put(Some(&mut own.key), KEY);
    }
    service
}

/// Takes a field out: `tls.key`, `tls.certificates[1].host`.
fn remove(value: &mut Value, field: &str) {
    let (first, rest) = field.split_once('.').unwrap_or((field, ""));
    let (name, index) = match first.split_once('[') {
        Some((name, index)) => (name, index.trim_end_matches(']').parse::<usize>().ok()),
        None => (first, None),
    };
    let Some(members) = value.as_object_mut() else {
        return;
    };
    match (index, rest) {
        (None, "") => drop(members.remove(name)),
        (None, rest) => members
            .get_mut(name)
            .into_iter()
            .for_each(|inner| remove(inner, rest)),
        (Some(index), rest) => {
            let element = members.get_mut(name).and_then(|list| list.get_mut(index));
            match (element, rest) {
                (Some(element), "") => *element = Value::Null,
                (Some(element), rest) => remove(element, rest),
                (None, _) => {}
            }
        }
    }
}

/// What a form has no place for is taken out of both before they are compared.
fn kept(mut value: Value, lost: &[String]) -> Value {
    for field in lost {
        remove(&mut value, field);
    }
    // A certificate that is left out is none.
    if let Some(Value::Array(list)) = value.pointer_mut("/tls/certificates") {
        list.retain(|own| !own.is_null());
    }
    prune(&mut value);
    value
}

/// What was read with its certificates at the places that they had: those that were left out leave a gap.
fn spread(service: &Service, lost: &[String]) -> Value {
    let mut value = serde_json::to_value(service).unwrap();
    let index = |field: &String| {
        let rest = field.strip_prefix("tls.certificates[")?;
        rest.strip_suffix(']')?.parse::<usize>().ok()
    };
    let mut gaps: Vec<usize> = lost.iter().filter_map(index).collect();
    gaps.sort_unstable();
    if let Some(Value::Array(list)) = value.pointer_mut("/tls/certificates") {
        for gap in gaps {
            list.insert(gap.min(list.len()), Value::Null);
        }
    }
    value
}

/// Tables and lists that became empty are none.
fn prune(value: &mut Value) {
    if let Value::Object(members) = value {
        members.values_mut().for_each(prune);
        members
            .retain(|_, value| *value != serde_json::json!({}) && *value != serde_json::json!([]));
    }
}

/// Hosts of certificates of their own, which HAProxy and an Ingress lead to the same backend and show no other way:
/// the export tells of it at their field.
fn without_led(mut imported: Service, service: &Service) -> Service {
    let own = service
        .tls
        .certificates
        .iter()
        .flat_map(|own| own.host.iter());
    let own: Vec<String> = own.map(|host| ascii(host).to_lowercase()).collect();
    let named = once(&service.host);
    let named: BTreeSet<String> = named.iter().map(str::to_lowercase).collect();
    imported.host = once(&imported.host);
    imported.host.0.retain(|host| {
        let host = host.to_lowercase();
        named.contains(&host) || !own.contains(&host)
    });
    imported
}

/// Hosts, however they are written.
fn all(hosts: &Listed) -> BTreeSet<String> {
    let hosts = hosts.iter().map(|host| ascii(host).to_lowercase());
    hosts.collect()
}

/// Certificates as servers of nginx have them: those for the same hosts one after the other and under the names of the
/// first, no pair twice, and none for what is no host.
fn grouped(service: &Service) -> Service {
    let known = |hosts: &Listed| -> Listed {
        let mut seen = BTreeSet::new();
        let hosts = hosts.iter().filter(|host| HOSTS.contains(host));
        hosts
            .filter(|host| seen.insert(ascii(host).to_lowercase()))
            .collect()
    };
    let mut grouped = service.clone();
    if service.tls.certificates.is_empty() {
        return grouped;
    }
    grouped.host = known(&service.host);
    let own = service.tls.certificates.iter().map(|own| known(&own.host));
    let first: Vec<Listed> = [grouped.host.clone()].into_iter().chain(own).collect();
    let place = |host: &Listed| {
        first
            .iter()
            .position(|first| all(first) == all(&known(host)))
    };
    let certificates = &mut grouped.tls.certificates;
    certificates.sort_by_key(|own| place(&own.host));
    for (index, own) in certificates.iter_mut().enumerate() {
        own.host = first[place(&own.host).unwrap()].clone();
        own.certificate = Material::new(&format!("/{index}.pem"));
    }
    grouped
}

/// Certificates that stand beside another in one server of nginx: its file of passwords is read for all of its keys.
fn without_beside(back: &mut Service, service: &Service) {
    let said = |own: &OwnCertificate| {
        let pair = |other: &&OwnCertificate| {
            (&other.certificate, &other.key) == (&own.certificate, &own.key)
        };
        service
            .tls
            .certificates
            .iter()
            .find(pair)
            .is_some_and(|own| own.password.is_some())
    };
    for own in &mut back.tls.certificates {
        if !said(own) {
            own.password = None;
        }
    }
}

/// The model back, minus what was reported lost.
fn is_read_back(service: &Service, form: Form) -> Result<(), TestCaseError> {
    let both = format!("{CERTIFICATE}{KEY}");
    let grouped = grouped(service);
    let service = match form {
        Form::Nginx => &grouped,
        _ => service,
    };
    let exported = export(service, form, &|_| Some(both.clone()));
    let tls = &service.tls;
    let has_pair = tls.certificate.is_some() || tls.key.is_some();
    // Of a server the first of others is the service's own, which is the same (`others_alone.rs`).
    let is_moved = !has_pair && [Form::Nginx, Form::Haproxy].contains(&form);
    if exported.refused.is_some() || (is_moved && !tls.certificates.is_empty()) {
        return Ok(());
    }
    let imported = import(&exported.text, form)
        .map_err(|error| TestCaseError::fail(format!("{error}\n{}", exported.text)));
    // A command line of a service that says nothing of TLS has no flag to know it by.
    let Ok(imported) = imported else {
        prop_assert!(
            form == Form::AzureCli && !exported.text.contains("--ssl-"),
            "{form:?} {imported:?}"
        );
        return Ok(());
    };
    let mut back = imported.service;
    match form {
        Form::Haproxy => back = without_led(back, service),
        // Objects have names, and an Ingress leads somewhere, which the export says beside it.
        Form::KubernetesIngress | Form::KubernetesSecret => {
            back = without_led(back, service);
            back.name = back.name.filter(|_| service.name.is_some());
            if exported
                .notes
                .iter()
                .any(|note| note.starts_with("no upstream is said"))
            {
                back.upstream = service.upstream.clone();
            }
        }
        _ => {}
    }
    let lost = &exported.lost;
    if form == Form::Nginx {
        without_beside(&mut back, service);
    }
    // What follows from a field is lost with it, and what follows from that.
    let is_lost = |field: &str| lost.iter().any(|lost| lost == field);
    let basis = [
        "tls.leaf_domain_label",
        "tls.certificate",
        "tls.certificates",
    ];
    if is_lost("tls.status") || (service.tls.status.is_none() && basis.into_iter().any(is_lost)) {
        back.tls.status = Some(service.status());
    }
    let given = if form.holds_keys() {
        written_out(service.clone())
    } else {
        service.clone()
    };
    let (mut back, mut given) = (settled(back), settled(given));
    if form == Form::KubernetesIngress {
        // Those of one secret come together.
        back.host.0.sort_unstable();
        given.host.0.sort_unstable();
    }
    let (back, given) = (spread(&back, lost), serde_json::to_value(&given).unwrap());
    prop_assert_eq!(
        kept(back, lost),
        kept(given, lost),
        "{:?} {:?}\n{}",
        form,
        lost,
        exported.text
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_service_is_the_same_after_toml_and_after_json(service in service()) {
        for text in [service.to_toml(), service.to_json()] {
            let draft = read(&text).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
            prop_assert_eq!(&draft.service, &service, "{}", text);
        }
    }

    #[test]
    fn an_export_is_imported_as_it_was_save_what_was_told(service in service()) {
        for form in Form::ALL.iter().copied().filter(|form| form.is_read()) {
            is_read_back(&service, form)?;
        }
    }

    #[test]
    fn any_text_is_read_or_refused_with_a_place_inside_it(text in "\\PC{0,200}") {
        match read(&text) {
            Ok(draft) => drop(check(&draft, "x", &Surroundings::default())),
            Err(error) => {
                let bytes = error.bytes().unwrap_or(0..0);
                prop_assert!(bytes.start <= bytes.end && bytes.end <= text.len());
            }
        }
    }
}

#[test]
fn each_address_of_an_export_for_haproxy_is_a_name_that_only_one_frontend_has() {
    let text = "host = 'a.example'\nlisten = ['127.0.0.1:8443', '127.0.0.1:8444', '0.0.0.0:443', '[::]:443']\n\
        upstream = 'http://10.0.0.1:80'\ntls = {certificate = '/a.pem', key = '/a.pem'}\n";
    let service = read(text).unwrap().service;
    let exported = export(&service, Form::Haproxy, &|_| None);
    let lines = exported.text.lines();
    let names: Vec<&str> = lines
        .filter_map(|line| line.strip_prefix("frontend "))
        .collect();
    let expected = [
        "keyway_127.0.0.1_8443",
        "keyway_127.0.0.1_8444",
        "keyway_443",
    ];
    assert_eq!(names, expected);
    let imported = import(&exported.text, Form::Haproxy).unwrap();
    let listens = ["127.0.0.1:8443", "127.0.0.1:8444", "[::]:443"];
    assert!(
        imported.service.listen.iter().eq(listens),
        "{:?}",
        imported.service.listen
    );
    // Once for all of its lines.
    let told = "line 5: bind crt /a.pem, if /a.pem.key holds its key";
    assert_eq!(imported.lost, [told]);
}

#[test]
fn what_upstreams_are_told_of_clients_is_not_called_lost_where_it_is_written() {
    let text = |version: &str, mode: &str, upstream: &str| {
        format!(
            "host = 'a.example'\nmode = '{mode}'\nupstream = '{upstream}'\nproxy_protocol = {{send = '{version}'}}\n\
             tls = {{certificate = '/a.pem', key = '/a.pem', default_certificate = true}}\n"
        )
    };
    let tcp = "10.0.0.1:80";
    for (version, mode, upstream, form, is_lost) in [
        ("v1", "tcp", tcp, Form::Nginx, false),
        ("v1", "tcp", tcp, Form::Haproxy, false),
        ("v2", "tcp", tcp, Form::Haproxy, false),
        ("v2", "http", "http://10.0.0.1:80", Form::Haproxy, true),
    ] {
        let service = read(&text(version, mode, upstream)).unwrap().service;
        let exported = export(&service, form, &|_| None);
        let is_told = exported.lost.contains(&"proxy_protocol.send".to_owned());
        assert_eq!(is_told, is_lost, "{form:?} {mode} {}", exported.text);
    }
}

#[test]
fn an_address_that_a_ca_may_write_to_is_no_secret() {
    let text = "host = \"a.example\"\n[tls.acme]\ncontact = \"mailto:somebody@contoso.com\"\n";
    let draft = read(text).unwrap();
    assert!(draft.secret_lines().is_empty());
    assert!(draft.service.open_secrets().is_empty());
    assert!(
        draft
            .service
            .redacted()
            .to_toml()
            .contains("mailto:somebody@contoso.com"),
        "shown as it is"
    );
}
