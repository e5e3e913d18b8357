//! Kubernetes' types and schemas, and a service for them to judge.

use std::path::Path;

use keyway_config::forms::Exported;
use keyway_config::{Service, read};
use serde_json::Value;

pub(crate) const CERTIFICATE: &str =
    "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
pub(crate) const KEY: &str = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";

pub(crate) fn files(path: &str) -> Option<String> {
    match path {
        "cert.pem" | "other.pem" | "clients.pem" => Some(CERTIFICATE.to_owned()),
        "key.pem" | "other-key.pem" => Some(KEY.to_owned()),
        _ => None,
    }
}

pub(crate) fn contoso() -> Service {
    let text = "host = [\"www.contoso.com\", \"*.contoso.com\"]\n\
        upstream = [\"http://score.models.svc:5001\", \"http://spare.models.svc:5001\"]\n\
        [tls]\ncertificate = \"cert.pem\"\nkey = \"key.pem\"\nredirect = true\n\
        hsts = { max_age = 63072000, include_subdomains = true }\n\
        client = { mode = \"required\", ca = \"clients.pem\" }\n\
        [[tls.certificates]]\nhost = \"fabrikam.com\"\ncertificate = \"other.pem\"\nkey = \"other-key.pem\"\n";
    read(text).expect("a service").service
}

pub(crate) fn objects(exported: &Exported) -> Vec<Value> {
    serde_saphyr::from_multiple(&exported.text)
        .unwrap_or_else(|error| panic!("{error}\n{}", exported.text))
}

pub(crate) fn of<T: serde::de::DeserializeOwned + serde::Serialize>(object: &Value) -> T {
    let typed = serde_json::from_value(object.clone());
    let typed: T = typed.unwrap_or_else(|error| panic!("{error}: {object:#}"));
    // What the types do not know, they leave out.
    assert_eq!(&serde_json::to_value(&typed).expect("an object"), object);
    typed
}

pub(crate) fn schema(file: &str) -> jsonschema::Validator {
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

pub(crate) fn fits(schema: &jsonschema::Validator, object: &Value) {
    let errors: Vec<String> = schema
        .iter_errors(object)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}\n{object:#}");
}
