//! What is behind the servers, and the time that it has.

use std::fmt::Write as _;

use super::onward;
use crate::Service;
use crate::forms::behind::{self, MAX_SECONDS};
use crate::forms::fields::Lost;
use crate::forms::settings::{self, Target};
use crate::forms::{called, fields};
use crate::model::{ProxyVersion, Status};

/// Where Debian, Alpine and Arch, and what comes of them, keep the system's CAs. nginx has no word for
/// them; where they lie elsewhere, it refuses the file.
const SYSTEM_CAS: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Lines that have an upstream's certificate verified, which nginx does not do by itself. A chain is a few
/// intermediates long; the default is one.
fn verified(name: &str) -> String {
    format!(
        "        proxy_ssl_server_name on;\n        proxy_ssl_name {name};\n        \
         proxy_ssl_verify on;\n        proxy_ssl_verify_depth 4;\n        \
         proxy_ssl_trusted_certificate {SYSTEM_CAS};\n        \
         proxy_ssl_protocols TLSv1.2 TLSv1.3;\n"
    )
}

/// Lines of the proxy, and the group of upstreams in front of the servers, which are called for the first host.
pub(super) fn proxy(service: &Service, host: Option<&str>, lost: &mut Lost) -> (String, String) {
    let mut out = String::new();
    let mut seconds = |names: &[&str], value: Option<u32>, field: &str| match value {
        Some(value) if (1..=MAX_SECONDS).contains(&value) && !names.is_empty() => {
            for name in names {
                let _ = writeln!(out, "    {name} {value}s;");
            }
        }
        Some(_) => fields::add(lost, field),
        None => {}
    };
    let timeouts = &service.timeouts;
    if service.is_http() {
        seconds(&[], timeouts.handshake, "timeouts.handshake");
        seconds(
            &["client_header_timeout"],
            timeouts.header,
            "timeouts.header",
        );
        seconds(
            &[
                "keepalive_timeout",
                "proxy_read_timeout",
                "proxy_send_timeout",
            ],
            timeouts.idle,
            "timeouts.idle",
        );
    } else {
        let is_plain = service.status() == Status::Disabled;
        let handshake: &[&str] = if is_plain {
            &[]
        } else {
            &["ssl_handshake_timeout"]
        };
        seconds(handshake, timeouts.handshake, "timeouts.handshake");
        seconds(&[], timeouts.header, "timeouts.header");
        seconds(&["proxy_timeout"], timeouts.idle, "timeouts.idle");
    }
    seconds(
        &["proxy_connect_timeout"],
        timeouts.connect,
        "timeouts.connect",
    );
    let body = service.limits.body_bytes;
    if service.is_http() && body.is_none_or(|bytes| (1..=1 << 62).contains(&bytes)) {
        // No limit is 0; nginx's own default is one megabyte.
        let _ = writeln!(out, "    client_max_body_size {};", body.unwrap_or(0));
    } else if body.is_some() {
        fields::add(lost, "limits.body_bytes");
    }
    let mut targets = settings::named_targets(service, lost);
    let before = targets.len();
    // A group of upstreams has one name to verify.
    if let Some(name) = targets
        .first()
        .and_then(Target::server_name)
        .map(str::to_owned)
    {
        targets.retain(|target| target.host == name);
    }
    if targets.len() < before {
        fields::add(lost, "upstream");
    }
    let is_least_busy = behind::is_least_busy(service, !targets.is_empty(), lost);
    let Some(first) = targets.first() else {
        if service.is_http() {
            out += "    location / {\n        return 502;\n    }\n";
        }
        return (String::new(), out);
    };
    let group = called::called(service, host);
    let mut head = format!("upstream {group} {{\n");
    if is_least_busy {
        head += "    least_conn;\n";
    }
    for target in &targets {
        let _ = writeln!(head, "    server {};", target.authority());
    }
    head += "}\n\n";
    if service.is_http() {
        head.insert_str(0, onward::MAPS);
        let scheme = if first.is_tls { "https" } else { "http" };
        let _ = write!(
            out,
            "    location / {{\n        proxy_pass {scheme}://{group};\n{}{}    }}\n",
            onward::lines(),
            first.server_name().map_or_else(String::new, verified)
        );
    } else {
        if service.proxy_protocol.send == Some(ProxyVersion::V1) {
            lost.retain(|field| field != "proxy_protocol.send");
            out += "    proxy_protocol on;\n";
        }
        let _ = writeln!(out, "    proxy_pass {group};");
    }
    (head, out)
}
