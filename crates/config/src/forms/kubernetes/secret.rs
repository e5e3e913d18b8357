//! TLS Secrets (Kubernetes: "Secrets", type `kubernetes.io/tls`): `tls.crt`, `tls.key`, and `ca.crt` for
//! the CAs whose clients are let in, where ingress controllers look for it.

use base64ct::{Base64, Encoding};
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use super::objects::{self, Object};
use super::{metadata, name, namespace, secret_name, yaml};
use crate::Service;
use crate::document;
use crate::forms::left::Left;
use crate::forms::wiped::wipe;
use crate::forms::{Exported, Files, ImportError, Imported, fields, pem};
use crate::model::{ClientAuthentication, Listed, Material, OwnCertificate, Status};

/// The keys of a Secret's data.
const CERTIFICATE: &str = "tls.crt";
const KEY: &str = "tls.key";
const CA: &str = "ca.crt";

const EXPRESSED: &[&str] = &[
    "name",
    "tls.certificate",
    "tls.key",
    "tls.certificates",
    "tls.client.ca",
];

/// The service as Secrets, one for each certificate.
pub(in crate::forms) fn export(service: &Service, files: Files<'_>) -> Exported {
    let mut lost = fields::lost(service, EXPRESSED);
    let name = name(service, &mut lost);
    let tls = &service.tls;
    if service.status() == Status::Enabled && tls.certificate.is_some() {
        lost.retain(|field| field != "tls.status");
    }
    let mut left_key = false;
    let mut add = |data: &mut Map<String, Value>, key: &str, material: &Material, field: &str| {
        let text = match material {
            Material::Pem(text) => Some(text.clone()),
            Material::Path(path) => files(path).map(Zeroizing::new),
        };
        let take = if key == KEY {
            pem::keys
        } else {
            pem::certificates
        };
        match text.map(|text| take(&text)) {
            Some(taken) if !taken.text.is_empty() => {
                left_key |= taken.left_key;
                let coded = Base64::encode_string(taken.text.as_bytes());
                data.insert(key.to_owned(), coded.into());
            }
            _ => fields::add(&mut lost, field),
        }
    };
    let namespace = namespace(service);
    let mut secrets = Vec::new();
    let mut data = Map::new();
    for (key, material, field) in [
        (CERTIFICATE, &tls.certificate, "tls.certificate"),
        (KEY, &tls.key, "tls.key"),
        (CA, &tls.client.ca, "tls.client.ca"),
    ] {
        if let Some(material) = material {
            add(&mut data, key, material, field);
        }
    }
    secrets.push(data);
    for (index, own) in tls.certificates.iter().enumerate() {
        let mut data = Map::new();
        let field = |name: &str| format!("tls.certificates[{index}].{name}");
        add(
            &mut data,
            CERTIFICATE,
            &own.certificate,
            &field("certificate"),
        );
        add(&mut data, KEY, &own.key, &field("key"));
        secrets.push(data);
    }
    for (index, own) in tls.certificates.iter().enumerate() {
        if !own.host.is_empty() {
            fields::add(&mut lost, &format!("tls.certificates[{index}].host"));
        }
        if own.password.is_some() {
            fields::add(&mut lost, &format!("tls.certificates[{index}].password"));
        }
        if own.ocsp.is_some() {
            fields::add(&mut lost, &format!("tls.certificates[{index}].ocsp"));
        }
    }
    let object = |(number, data): (usize, Map<String, Value>)| {
        // Kubernetes refuses one for TLS that has not both.
        let is_pair = data.contains_key(CERTIFICATE) && data.contains_key(KEY);
        json!({
            "apiVersion": "v1",
            "kind": "Secret",
            "type": if is_pair { "kubernetes.io/tls" } else { "Opaque" },
            "metadata": metadata(&secret_name(&name, number), &name, namespace.as_deref()),
            "data": data,
        })
    };
    let mut objects: Vec<Value> = secrets.into_iter().enumerate().map(object).collect();
    let text = yaml::render(&objects);
    objects.iter_mut().for_each(wipe);
    let exported = Exported::new(text, lost);
    if left_key {
        exported.noting(pem::LEFT_KEY)
    } else {
        exported
    }
}

fn wrong(line: usize, message: impl Into<String>) -> ImportError {
    ImportError::Form {
        line,
        message: message.into(),
    }
}

/// The PEM text under a key of `data`, or of `stringData`, which wins.
fn pem(object: &mut Object, key: &str) -> Result<Option<Material>, ImportError> {
    let coded = object.take(&["data", key]);
    let open = object.take(&["stringData", key]);
    let Some(node) = open.as_ref().or(coded.as_ref()) else {
        return Ok(None);
    };
    let line = object.line(node);
    let document::Value::Text(given) = &node.value else {
        return Err(wrong(line, format!("`{key}` is no text")));
    };
    let text = if open.is_some() {
        given.clone()
    } else {
        let bare: Zeroizing<String> = Zeroizing::new(given.split_whitespace().collect());
        let bytes = Base64::decode_vec(&bare).map(Zeroizing::new);
        let bytes = bytes.map_err(|_| wrong(line, format!("`{key}` is no base64")))?;
        let text = std::str::from_utf8(&bytes);
        Zeroizing::new(text.unwrap_or_default().to_owned())
    };
    let Material::Pem(text) = Material::new(&text) else {
        return Err(wrong(line, format!("`{key}` holds no PEM")));
    };
    let has_certificate = !pem::certificates(&text).text.is_empty();
    let has_key = !pem::keys(&text).text.is_empty();
    match key {
        KEY if has_certificate && !has_key => {
            let message =
                "`tls.key` holds a certificate and no private key: is it the other's, `tls.crt`?";
            Err(wrong(line, message))
        }
        CERTIFICATE | CA if has_key && !has_certificate => {
            let message =
                format!("`{key}` holds a private key and no certificate: is it that of `tls.key`?");
            Err(wrong(line, message))
        }
        _ => Ok(Some(Material::Pem(text))),
    }
}

/// The certificates of Secrets.
#[derive(Default)]
struct Secrets {
    service: Service,
    left: Left,
    /// Whether there is one.
    is_there: bool,
    /// The line of the first that is none.
    other: Option<usize>,
}

impl Secrets {
    /// Something else than a Secret with a certificate: it is told by its kind and its name.
    fn pass_over(&mut self, object: &Object) {
        let line = object.first_line();
        self.other = self.other.or(Some(line));
        self.left.line(line, &object.told());
    }

    fn take(&mut self, mut object: Object) -> Result<(), ImportError> {
        let has = |key: &&str| {
            let mut tables = ["data", "stringData"].into_iter();
            tables.any(|table| object.text_at(&[table, key]).is_some())
        };
        let kind = object.text_at(&["kind"]) == Some("Secret");
        let there = |keys: &[&str]| keys.iter().filter(|key| has(key)).count();
        let pair = there(&[CERTIFICATE, KEY]);
        // More certificates are whole.
        let is_of_tls = object.text_at(&["type"]) == Some("kubernetes.io/tls");
        let is_keyways = object.text_at(&["metadata", "labels", "app.kubernetes.io/managed-by"])
            == Some("keyway");
        let is_ours = if self.is_there {
            pair == 2
        } else {
            is_of_tls || is_keyways || pair + there(&[CA]) > 0
        };
        if !(kind && is_ours && object.is("v1", "Secret")) {
            self.pass_over(&object);
            return Ok(());
        }
        let kind = object.text_at(&["type"]).unwrap_or_default();
        if ["kubernetes.io/tls", "Opaque"].contains(&kind) {
            object.take(&["type"]);
        }
        if is_keyways {
            object.take(&["metadata", "labels"]);
            // That of what is behind the service, which a Secret does not say.
            object.take(&["metadata", "namespace"]);
        }
        let certificate = pem(&mut object, CERTIFICATE)?;
        let key = pem(&mut object, KEY)?;
        if !self.is_there {
            self.first(&mut object, certificate, key)?;
        } else if let (Some(certificate), Some(key)) = (certificate, key) {
            if is_keyways {
                object.take(&["metadata", "name"]);
            }
            self.service.tls.certificates.push(OwnCertificate {
                host: Listed::default(),
                certificate,
                key,
                password: None,
                ocsp: None,
            });
        }
        self.is_there = true;
        object.rest(&mut self.left);
        Ok(())
    }

    /// The service's own.
    fn first(
        &mut self,
        object: &mut Object,
        certificate: Option<Material>,
        key: Option<Material>,
    ) -> Result<(), ImportError> {
        let service = &mut self.service;
        if let Some(name) = object.take_text(&["metadata", "name"]) {
            let bare = name.strip_suffix("-tls").filter(|bare| !bare.is_empty());
            service.name = Some(bare.unwrap_or(&name).to_owned());
        }
        service.tls.certificate = certificate;
        service.tls.key = key;
        service.tls.client = ClientAuthentication {
            ca: pem(object, CA)?,
            ..ClientAuthentication::default()
        };
        Ok(())
    }
}

/// Reads Secrets: the first one with a certificate is the service's own, others are for hosts of their own.
pub(in crate::forms) fn import(text: &str) -> Result<Imported, ImportError> {
    let mut secrets = Secrets::default();
    for object in objects::read(text)? {
        secrets.take(object)?;
    }
    if !secrets.is_there {
        let message = "there is no Secret of v1 with a certificate in it";
        return Err(wrong(secrets.other.unwrap_or(1), message));
    }
    Ok(secrets.left.imported(secrets.service))
}
