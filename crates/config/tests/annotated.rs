//! What Ingress controllers keep people out by, in annotations of the Ingress that is read and of others for its hosts.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use keyway_config::forms::{Form, import};
use keyway_report::{Kind as _, Severity};

fn ingress(name: &str, host: &str, path: &str, annotation: &str) -> String {
    format!(
        "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: {name}\n  annotations:\n    \
         {annotation}\nspec:\n  rules:\n  - host: {host}\n    http:\n      paths:\n      - path: {path}\n        \
         pathType: Prefix\n        backend: {{service: {{name: {name}, port: {{number: 80}}}}}}\n"
    )
}

/// What keeps somebody out, with its line, and what else is told.
fn read(text: &str) -> (Vec<String>, Vec<String>) {
    let imported = import(text, Form::KubernetesIngress).unwrap();
    let told = imported.findings.iter().map(|finding| {
        assert_eq!(finding.severity(), Severity::Error);
        let message = finding.kind.message();
        let what = message.split('`').nth(1).unwrap_or_default().to_owned();
        format!("{} {what}", finding.at.line.unwrap_or_default())
    });
    (told.collect(), imported.lost)
}

#[test]
fn annotations_of_other_controllers_that_keep_somebody_out_are_guards() {
    for annotation in [
        "haproxy-ingress.github.io/auth-secret: users",
        "haproxy-ingress.github.io/config-backend: \"http-request deny if !{ src 10.0.0.0/8 }\"",
        "k8s.apisix.apache.org/plugin-config-name: keys",
        "k8s.apisix.apache.org/blocklist-source-range: 10.0.0.0/8",
        "k8s.apisix.apache.org/auth-uri: http://127.0.0.1",
        "k8s.apisix.apache.org/http-allow-methods: GET",
        "zalando.org/skipper-filter: oauthTokeninfoAnyScope(\"uid\")",
        "zalando.org/skipper-predicate: SourceFromLast(\"10.0.0.0/8\")",
        "zalando.org/ratelimit: ratelimit(50, \"1m\")",
        "appprotect.f5.com/app-protect-enable: \"True\"",
        "appprotectdos.f5.com/app-protect-dos-resource: default/dos",
        "zalando.org/skipper-predicate: Header(\"X-Key\", \"a\")",
        "konghq.com/headers.x-key: a",
        "haproxy-ingress.github.io/http-header-match: \"X-Key: a\"",
        "ingress.pomerium.io/policy: x",
        "ingress.pomerium.io/allowed_users: a@b.example",
        "alb.ingress.kubernetes.io/prefix-list-ids: pl-1",
        "alb.ingress.kubernetes.io/conditions.web: '[{\"field\":\"source-ip\"}]'",
        "appgw.ingress.kubernetes.io/appgw-ssl-profile: mtls",
        "nginx.org/limit-req-rate: 3r/s",
        "nginx.ingress.kubernetes.io/enable-owasp-core-rules: \"true\"",
    ] {
        let (guards, lost) = read(&ingress("web", "a.example", "/", annotation));
        let name = annotation.split(':').next().unwrap();
        assert_eq!(guards, [format!("7 metadata.annotations.{name}")]);
        assert_eq!(lost, [""; 0], "{annotation}");
    }
}

#[test]
fn annotations_that_keep_nobody_out_are_told_alone() {
    for annotation in [
        "haproxy-ingress.github.io/config-backend: option httplog",
        "haproxy-ingress.github.io/auth-realm: all",
        "haproxy-ingress.github.io/auth-secret-type: auth-file",
        "zalando.org/skipper-filter: setRequestHeader(\"Authorization\", \"a\")",
        "appprotect.f5.com/app-protect-enable: \"False\"",
        "nginx.ingress.kubernetes.io/cors-allow-methods: GET",
        "alb.ingress.kubernetes.io/conditions.web: '[{\"field\":\"query-string\"}]'",
        "zalando.org/skipper-predicate: Traffic(.3)",
    ] {
        let (guards, lost) = read(&ingress("web", "a.example", "/", annotation));
        assert_eq!(guards, [""; 0], "{annotation}");
        assert_eq!(lost.len(), 1, "{annotation}");
    }
    // Who is asked for a password, and for which, is one rule in two annotations.
    let both = "nginx.ingress.kubernetes.io/auth-type: basic\n    nginx.ingress.kubernetes.io/auth-secret: users";
    let (guards, _) = read(&ingress("web", "a.example", "/", both));
    assert_eq!(
        guards,
        ["7 metadata.annotations.nginx.ingress.kubernetes.io/auth-type"]
    );
}

#[test]
fn another_ingress_that_keeps_somebody_out_of_the_same_host_is_a_guard() {
    let only = "nginx.ingress.kubernetes.io/whitelist-source-range: 10.0.0.0/8";
    let guard =
        "22 Ingress admin: metadata.annotations.nginx.ingress.kubernetes.io/whitelist-source-range";
    for (host, other, is_served) in [
        ("a.example", "A.example", true),
        ("\"*.example\"", "a.example", true),
        ("a.example", "b.example", false),
        ("a.example", "\"*.example\"", true),
        ("a.example", "\"*.b.example\"", false),
    ] {
        let text = ingress("web", host, "/", "a/b: c") + &ingress("admin", other, "/admin", only);
        let (found, lost) = read(&text);
        // A host of its own is not served at all.
        let apart = format!("17 Ingress admin: {}", other.trim_matches('"'));
        let wanted = if is_served { guard } else { &apart };
        assert_eq!(found, [wanted], "{host} {other}");
        let is_told = lost.iter().any(|told| told.contains("Ingress admin"));
        assert_eq!(is_told, is_served);
    }
}

#[test]
fn a_host_that_an_ingress_redirects_to_or_from_www_is_no_host_that_nobody_misses() {
    let annotation = "nginx.ingress.kubernetes.io/from-to-www-redirect: \"true\"";
    let name = "metadata.annotations.nginx.ingress.kubernetes.io/from-to-www-redirect";
    for (host, other) in [
        ("a.example", "www.a.example"),
        ("www.a.example", "a.example"),
    ] {
        let text = ingress("web", host, "/", annotation);
        let (redirects, _) = read(&text);
        assert_eq!(redirects, [format!("7 {name}: {other}")]);
        // What has a rule is not redirected.
        let rule = format!("  - host: {other}\n    http:\n");
        let text = text.replacen("  - host:", &format!("{rule}      paths: []\n  - host:"), 1);
        let paths = text.rsplit_once("      paths:\n").unwrap().1;
        let text = text.replace("      paths: []\n", &format!("      paths:\n{paths}"));
        let (redirects, lost) = read(&text);
        assert_eq!(redirects, [""; 0], "{text}");
        assert_eq!(lost, [format!("line 7: {name}")]);
    }
}
