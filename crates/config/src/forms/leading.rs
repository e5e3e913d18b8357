//! Why a form would lead to nothing that a service names.

use super::{Form, Refusal, fates, kubernetes, settings};
use crate::forms::fields::Lost;
use crate::model::ProxyVersion;
use crate::network::Network;
use crate::{Service, hostname};

/// Why nothing would be behind the form, or something else than the service file names.
pub(super) fn upstream(service: &Service, form: Form) -> Option<Refusal> {
    let targets = settings::targets(service, &mut Lost::default());
    let is_named = matches!(form, Form::Nginx | Form::Haproxy);
    let is_cluster = matches!(form, Form::KubernetesIngress | Form::Gateway);
    let refused = |why| {
        let upstreams: Vec<&str> = service.upstream.iter().collect();
        Some(Refusal::Upstream {
            form: form.word(),
            upstreams: fates::named(&upstreams),
            why,
        })
    };
    if service.upstream.is_empty() {
        let needs = form.is_server() && !service.is_http();
        return needs.then_some(Refusal::NoUpstream { form: form.word() });
    }
    if form.is_server() && targets.is_empty() {
        return refused(if service.is_http() {
            "write http:// or https://, a host and a port, and no path"
        } else {
            "write a host and a port, and no scheme"
        });
    }
    if is_named && settings::named_targets(service, &mut Lost::default()).is_empty() {
        return refused(
            "it verifies the name in an upstream's certificate, and no address; write its name",
        );
    }
    if is_cluster && targets.iter().any(|target| target.is_tls) {
        return refused(
            "there it would be spoken to without TLS; each controller has words of its own for it",
        );
    }
    if is_cluster && !targets.iter().any(kubernetes::is_service) {
        return refused(
            "it leads to Services of the cluster alone; make one, and write http://NAME.NAMESPACE.svc:PORT",
        );
    }
    let is_inside = |text| hostname::is_this_machine(hostname::host_and_port(text).0);
    if form == Form::KubernetesDeployment && service.upstream.iter().any(is_inside) {
        return refused("this machine is the pod itself there; write a Service of the cluster");
    }
    None
}

/// Why whoever comes by a proxy, or is led to by one, would not be understood.
pub(super) fn proxies(service: &Service, form: Form) -> Option<Refusal> {
    let said = &service.proxy_protocol;
    let refused = |field, why| {
        Some(Refusal::ProxyProtocol {
            form: form.word(),
            field,
            why,
        })
    };
    if !form.is_server() {
        return None;
    }
    if said
        .from
        .iter()
        .any(|text| text.parse::<Network>().is_err())
    {
        return refused(
            "proxy_protocol.from",
            "takes networks such as 10.0.0.0/8, which not all of it is",
        );
    }
    if form == Form::Caddy && !said.from.is_empty() {
        return refused(
            "proxy_protocol.from",
            "reads it from version 2.7 on alone, and not by what is written here; nginx and haproxy do",
        );
    }
    let is_binary = said.send == Some(ProxyVersion::V2) && !service.is_http();
    if form == Form::Nginx && is_binary {
        return refused(
            "proxy_protocol.send",
            "sends v1 alone; set that, where the upstream reads it, or take haproxy",
        );
    }
    None
}
