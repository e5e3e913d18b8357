//! The numbers of ports that are called by a name, out of the Services in the same text (Kubernetes: "Service", "Port
//! definitions").

use std::collections::BTreeMap;

use super::objects::Object;
use crate::document::{Node, Value};

/// The numbers by Service and name; none where two of them say different ones.
#[derive(Default)]
pub(super) struct Ports(BTreeMap<(String, String), Option<i64>>);

/// A port, as a backend of an Ingress names it.
pub(super) enum Port {
    Number(i64),
    /// The name, where no Service in the text says its number.
    Name(String),
}

impl Ports {
    /// Those of the Services that may be in this namespace: whoever applies a text may say it.
    pub(super) fn of(objects: &[Object], namespace: Option<&str>) -> Self {
        let mut ports = Self::default();
        for object in objects {
            let own = object.text_at(&["metadata", "namespace"]);
            let is_here = own.is_none() || namespace.is_none() || own == namespace;
            let is_service = object.text_at(&["kind"]) == Some("Service");
            let service = object.text_at(&["metadata", "name"]);
            let (Some(service), true) = (service, is_service && is_here) else {
                continue;
            };
            let Some(Value::List(all)) = object.find(&["spec", "ports"]).map(|node| &node.value)
            else {
                continue;
            };
            for port in all {
                if let (Some(name), Some(number)) = (text(port, "name"), number(port, "port")) {
                    let key = (service.to_owned(), name.to_owned());
                    let known = ports.0.entry(key).or_insert(Some(number));
                    *known = known.filter(|known| *known == number);
                }
            }
        }
        ports
    }

    /// The port of a Service that a backend names.
    pub(super) fn port(&self, service: &str, port: &Node) -> Option<Port> {
        if let Some(number) = number(port, "number") {
            return Some(Port::Number(number));
        }
        let name = text(port, "name")?;
        let known = self.0.get(&(service.to_owned(), name.to_owned()));
        Some(match known.copied().flatten() {
            Some(number) => Port::Number(number),
            None => Port::Name(name.to_owned()),
        })
    }
}

fn text<'n>(node: &'n Node, name: &str) -> Option<&'n str> {
    match &node.find(&[name])?.value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn number(node: &Node, name: &str) -> Option<i64> {
    match node.find(&[name])?.value {
        Value::Integer(number) => Some(number),
        _ => None,
    }
}
