//! What is written is read again as it was: the model in both forms, and other tools' forms.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use keyway_config::forms::{Form, export, import};
use keyway_config::model::{
    ClientMode, Hsts, Listed, Material, Mode, OwnCertificate, Protocol, ProtocolVersion, Secret,
    Status, Tsig,
};
use keyway_config::{Service, Surroundings, check, read};
use proptest::prelude::*;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z][a-z0-9.-]{0,20}",
        // Quotes, line ends, controls, other scripts: whatever a file may hold.
        "[ -~\\n\\t\u{e4}\u{4e2d}\u{202e}]{1,20}",
    ]
}

fn material() -> impl Strategy<Value = Material> {
    prop_oneof![
        text().prop_map(|path| Material::new(&path)),
        Just(Material::new(
            "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"
        )),
    ]
}

fn secret() -> impl Strategy<Value = Secret> {
    prop_oneof![
        text().prop_map(Secret::File),
        text().prop_map(Secret::Environment),
        prop::collection::vec(text(), 1..3).prop_map(Secret::Command),
        text().prop_map(|text| Secret::Inline(text.into())),
    ]
}

fn listed() -> impl Strategy<Value = Listed> {
    prop::collection::vec(text(), 0..3).prop_map(Listed)
}

prop_compose! {
    fn own()(host in listed(), certificate in material(), key in material(),
             password in prop::option::of(secret())) -> OwnCertificate {
        OwnCertificate { host, certificate, key, password }
    }
}

prop_compose! {
    fn service()(
        name in prop::option::of(text()),
        host in listed(),
        upstream in listed(),
        endpoint in prop::option::of(text()),
        is_tcp in any::<bool>(),
        status in prop::option::of(prop::sample::select(vec![
            Status::Auto, Status::Enabled, Status::Disabled,
        ])),
        certificate in prop::option::of(material()),
        key in prop::option::of(material()),
        password in prop::option::of(secret()),
        certificates in prop::collection::vec(own(), 0..2),
        label in prop::option::of(text()),
        flags in any::<[bool; 4]>(),
    )(
        min in prop::option::of(prop::sample::select(vec![
            ProtocolVersion::Tls11, ProtocolVersion::Tls12, ProtocolVersion::Tls13,
        ])),
        max_age in prop::option::of(0..=u64::from(u32::MAX)),
        tsig in prop::option::of((text(), secret())),
        idle in prop::option::of(any::<u32>()),
        alpn in listed(),
        (name, host, upstream, endpoint, is_tcp, status, certificate, key, password, certificates,
         label, flags) in Just((name, host, upstream, endpoint, is_tcp, status, certificate, key,
         password, certificates, label, flags)),
    ) -> Service {
        let mut service = Service { name, host, upstream, endpoint, ..Service::default() };
        if is_tcp {
            service.mode = Mode::Tcp;
        }
        let tls = &mut service.tls;
        tls.status = status;
        tls.certificate = certificate;
        tls.key = key;
        tls.password = password;
        tls.certificates = certificates;
        tls.leaf_domain_label = label;
        [tls.overwrite_existing_domain, tls.renew, tls.redirect, _] = flags;
        if flags[3] {
            tls.profile = Protocol::Modern;
            tls.client.mode = ClientMode::Required;
        }
        tls.min_version = min;
        tls.alpn = alpn;
        tls.hsts = max_age.map(|max_age| Hsts { max_age, include_subdomains: true, preload: false });
        service.dns.tsig = tsig.map(|(name, secret)| Tsig { name, algorithm: None, secret });
        service.timeouts.idle = idle;
        service
    }
}

/// What a form has no place for is taken out of both before they are compared.
fn kept(service: &Service, lost: &[String]) -> serde_json::Value {
    let mut value = serde_json::to_value(service).unwrap();
    for field in lost {
        let (table, name) = field.rsplit_once('.').unwrap_or(("", field));
        let pointer = match table {
            "" => String::new(),
            table => format!("/{}", table.replace('.', "/")),
        };
        if let Some(serde_json::Value::Object(members)) = value.pointer_mut(&pointer) {
            members.remove(name);
        }
    }
    prune(&mut value);
    value
}

/// Tables that became empty are no tables.
fn prune(value: &mut serde_json::Value) {
    if let serde_json::Value::Object(members) = value {
        members.values_mut().for_each(prune);
        members.retain(|_, value| *value != serde_json::json!({}));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_service_is_the_same_after_toml_and_after_json(service in service()) {
        for text in [service.to_toml(), service.to_json()] {
            let draft = read(&text).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
            prop_assert_eq!(&draft.service, &service, "{}", text);
        }
    }

    #[test]
    fn an_export_is_imported_as_it_was_save_what_was_told(service in service()) {
        for form in [
            Form::AzureJson,
            Form::AzureCluster,
            Form::AzureContainer,
            Form::AzureCli,
            Form::AzurePython,
        ] {
            let exported = export(&service, form, &|_| None);
            let imported = import(&exported.text, form)
                .map_err(|error| TestCaseError::fail(format!("{error}\n{}", exported.text)));
            // A command line of a service that says nothing of TLS has no flag to know it by.
            let Ok(imported) = imported else {
                prop_assert!(form == Form::AzureCli && !exported.text.contains("--ssl-"));
                continue;
            };
            let mut lost = exported.lost.clone();
            // A form says a status where the file leaves it to what follows from the fields.
            lost.push("tls.status".to_owned());
            if service.tls.leaf_domain_label.is_some() || service.host.0.len() > 1 {
                lost.push("host".to_owned());
            }
            lost.push("name".to_owned());
            prop_assert_eq!(
                kept(&imported.service, &lost), kept(&service, &lost), "{}", exported.text
            );
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
