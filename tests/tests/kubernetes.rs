//! What is exported for Kubernetes is read by Kubernetes' own types, and fits the schemas of custom
//! resources; Secrets made by hand are imported.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::api::networking::v1::Ingress;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use keyway_config::forms::{Exported, Form, Place, export, export_at, import};
use keyway_config::model::{Hsts, Material};
use keyway_config::{Service, read};
use proptest::prelude::*;
use serde_json::Value;

const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
const KEY: &str = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";

fn files(path: &str) -> Option<String> {
    match path {
        "cert.pem" | "other.pem" | "clients.pem" => Some(CERTIFICATE.to_owned()),
        "key.pem" | "other-key.pem" => Some(KEY.to_owned()),
        _ => None,
    }
}

fn contoso() -> Service {
    let text = "host = [\"www.contoso.com\", \"*.contoso.com\"]\n\
        upstream = [\"http://score.models.svc:5001\", \"http://spare.models.svc:5001\"]\n\
        [tls]\ncertificate = \"cert.pem\"\nkey = \"key.pem\"\nredirect = true\n\
        hsts = { max_age = 63072000, include_subdomains = true }\n\
        client = { mode = \"required\", ca = \"clients.pem\" }\n\
        [[tls.certificates]]\nhost = \"fabrikam.com\"\ncertificate = \"other.pem\"\nkey = \"other-key.pem\"\n";
    read(text).expect("a service").service
}

fn objects(exported: &Exported) -> Vec<Value> {
    serde_saphyr::from_multiple(&exported.text)
        .unwrap_or_else(|error| panic!("{error}\n{}", exported.text))
}

fn of<T: serde::de::DeserializeOwned + serde::Serialize>(object: &Value) -> T {
    let typed = serde_json::from_value(object.clone());
    let typed: T = typed.unwrap_or_else(|error| panic!("{error}: {object:#}"));
    // What the types do not know, they leave out.
    assert_eq!(&serde_json::to_value(&typed).expect("an object"), object);
    typed
}

fn schema(file: &str) -> jsonschema::Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("schemas")
        .join(file);
    let text = std::fs::read_to_string(path).expect("a schema");
    let resource: Value = serde_saphyr::from_str(&text).expect("a schema");
    let versions = resource["spec"]["versions"].as_array().expect("versions");
    let version = versions.iter().find(|version| version["name"] == "v1");
    let mut schema = version.expect("v1")["schema"]["openAPIV3Schema"].clone();
    close(&mut schema);
    jsonschema::validator_for(&schema).expect("a schema")
}

/// Kubernetes drops what a schema does not name; here it is a fault.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.values_mut().for_each(close);
            let is_object = members.get("properties").is_some_and(Value::is_object)
                && members.get("type").is_some_and(|kind| kind == "object");
            let names_metadata = members
                .get("properties")
                .is_some_and(|all| all["spec"].is_object());
            if is_object && !names_metadata {
                members
                    .entry("additionalProperties")
                    .or_insert(false.into());
            }
        }
        Value::Array(values) => values.iter_mut().for_each(close),
        _ => {}
    }
}

fn fits(schema: &jsonschema::Validator, object: &Value) {
    let errors: Vec<String> = schema
        .iter_errors(object)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}\n{object:#}");
}

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
    assert_eq!(imported.lost[0], "metadata.namespace");
    assert!(
        imported.lost[1].starts_with("stringData.odd"),
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
fn an_ingress_is_read_by_kubernetes_and_imported_again() {
    let mut service = contoso();
    service.upstream.0.truncate(1);
    let exported = export(&service, Form::KubernetesIngress, &files);
    let ingress: Ingress = of(&objects(&exported)[0]);
    assert_eq!(ingress.metadata.namespace.as_deref(), Some("models"));
    let again = import(&exported.text, Form::KubernetesIngress).expect("an Ingress");
    assert_eq!(again.service.upstream, service.upstream);
    assert!(
        again
            .service
            .host
            .iter()
            .eq(["www.contoso.com", "*.contoso.com", "fabrikam.com"])
    );
    assert_eq!(again.lost, ["spec.tls.secretName"]);
    let json = serde_json::to_string_pretty(&objects(&exported)[0]).expect("an object");
    assert_eq!(
        import(&json, Form::KubernetesIngress).expect("an Ingress"),
        again
    );
    for field in [
        "tls.redirect",
        "tls.hsts.max_age",
        "tls.client.mode",
        "tls.key",
    ] {
        assert!(exported.lost.contains(&field.to_owned()), "{field}");
    }
}

#[test]
fn what_an_ingress_says_beyond_a_service_is_told() {
    let text = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: web\n  annotations:\n\
        \x20   nginx.ingress.kubernetes.io/ssl-redirect: \"true\"\n    example.org/x: y\nspec:\n  rules:\n\
        \x20 - host: a.example.com\n    http:\n      paths:\n      - path: /\n        pathType: Prefix\n\
        \x20       backend: {service: {name: a, port: {number: 80}}}\n      - path: /b\n\
        \x20       pathType: Exact\n        backend: {service: {name: b, port: {name: http}}}\n";
    let imported = import(text, Form::KubernetesIngress).expect("an Ingress");
    assert!(imported.service.tls.redirect);
    assert!(imported.service.upstream.iter().eq(["http://a:80"]));
    let paths = "spec.rules.http.paths";
    assert_eq!(
        imported.lost,
        [
            format!("{paths}.path"),
            format!("{paths}.pathType"),
            format!("{paths}.backend.service.name"),
            format!("{paths}.backend.service.port.name"),
            "metadata.annotations.example.org/x".to_owned(),
        ]
    );
}

#[test]
fn a_gateway_and_its_routes_fit_their_schemas() {
    let gateway = schema("gateway.networking.k8s.io_gateways.yaml");
    let route = schema("gateway.networking.k8s.io_httproutes.yaml");
    let mut many = contoso();
    many.host = (0..100)
        .map(|number| format!("h{number}.example.com"))
        .collect();
    let mut tcp = contoso();
    tcp.mode = keyway_config::model::Mode::Tcp;
    for service in [contoso(), many, tcp, Service::default()] {
        let exported = export(&service, Form::Gateway, &files);
        for object in objects(&exported) {
            let is_gateway = object["kind"] == "Gateway";
            fits(if is_gateway { &gateway } else { &route }, &object);
        }
        let is_cut = service.host.0.len() > 63;
        assert_eq!(exported.lost.contains(&"host".to_owned()), is_cut);
    }
}

#[test]
fn a_certificate_of_cert_manager_fits_its_schema() {
    let schema = schema("cert-manager.io_certificates.yaml");
    let mut service = contoso();
    service.host.0.push("192.0.2.1".to_owned());
    service.tls.issuer = Some("https://acme.example.com/directory".to_owned());
    let exported = export(&service, Form::CertManager, &files);
    let object = &objects(&exported)[0];
    fits(&schema, object);
    assert_eq!(object["spec"]["ipAddresses"][0], "192.0.2.1");
    assert!(exported.lost.contains(&"tls.issuer".to_owned()));
}

#[test]
fn a_deployment_is_read_by_kubernetes_and_is_hardened() {
    let place = Place {
        replicas: 5,
        image: "example.com/keyway:1",
        ..Place::new(&files)
    };
    let exported = export_at(&contoso(), Form::KubernetesDeployment, &place);
    let objects = objects(&exported);
    let map: core::ConfigMap = of(&objects[0]);
    let deployment: Deployment = of(&objects[1]);
    let _: core::Service = of(&objects[2]);
    let _: PodDisruptionBudget = of(&objects[3]);
    let spec = deployment.spec.expect("a spec");
    assert_eq!(spec.replicas, Some(5));
    let pod = spec.template.spec.expect("a pod");
    assert_eq!(
        pod.security_context.expect("a context").run_as_non_root,
        Some(true)
    );
    let container = &pod.containers[0];
    assert_eq!(container.image.as_deref(), Some("example.com/keyway:1"));
    assert!(container.readiness_probe.is_some() && container.liveness_probe.is_some());
    let context = container.security_context.as_ref().expect("a context");
    assert_eq!(context.read_only_root_filesystem, Some(true));
    let inside = read(&map.data.expect("data")["keyway.toml"])
        .expect("a service")
        .service;
    assert_eq!(
        inside.tls.key,
        Some(Material::new("/etc/keyway/tls/tls.key"))
    );
    assert_eq!(inside.tls.hsts, contoso().tls.hsts);
    assert_eq!(exported.lost, Vec::<String>::new());
}

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~\\n\\t\u{85}\u{2028}\u{202e}]{0,20}",
        "[a-z]{1,5}(\\.[a-z]{1,5}){0,2}",
        Just("a: b\n- c".to_owned()),
        Just("no".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn hostile_services_stay_inside_their_texts(
        name in prop::option::of(hostile()),
        hosts in prop::collection::vec(hostile(), 0..3),
        upstream in prop::collection::vec(hostile(), 0..2),
        path in hostile(),
        image in hostile(),
        max_age in prop::option::of(0..=u64::from(u32::MAX)),
    ) {
        let mut service = Service { name, ..Service::default() };
        service.host.0 = hosts;
        service.upstream.0 = upstream;
        service.tls.certificate = Some(Material::new(&path));
        service.tls.key = Some(Material::new(&path));
        service.tls.hsts = max_age.map(|max_age| Hsts { max_age, include_subdomains: false, preload: false });
        let place = Place { image: &image, ..Place::new(&files) };
        for (form, kinds) in [
            (Form::KubernetesSecret, 1),
            (Form::KubernetesIngress, 1),
            (Form::Gateway, 2),
            (Form::CertManager, 1),
            (Form::KubernetesDeployment, 4),
        ] {
            let exported = export_at(&service, form, &place);
            prop_assert_eq!(objects(&exported).len(), kinds, "{}", exported.text);
            if matches!(form, Form::KubernetesIngress | Form::KubernetesSecret) {
                let again = import(&exported.text, form).map_err(|error| TestCaseError::fail(error.to_string()))?;
                let is_lost = |field: &str| exported.lost.iter().any(|lost| lost == field);
                if form == Form::KubernetesIngress && !is_lost("host") {
                    let mut hosts = service.host.0.clone();
                    let mut seen = std::collections::BTreeSet::new();
                    hosts.retain(|host| seen.insert(host.clone()));
                    prop_assert_eq!(&again.service.host.0, &hosts);
                }
                if !is_lost("name") && service.name.is_some() {
                    prop_assert_eq!(&again.service.name, &service.name);
                }
            }
            if form == Form::KubernetesDeployment {
                let inside = objects(&exported)[0]["data"]["keyway.toml"].as_str().unwrap_or_default().to_owned();
                let inside = read(&inside).map_err(|error| TestCaseError::fail(error.to_string()))?;
                prop_assert_eq!(&inside.service.host, &service.host);
                prop_assert_eq!(&inside.service.name, &service.name);
            }
        }
    }

    #[test]
    fn any_text_is_imported_or_refused(text in "[ -~\\n\u{e4}]{0,200}") {
        for form in [Form::KubernetesSecret, Form::KubernetesIngress] {
            drop(import(&text, form));
        }
    }
}
