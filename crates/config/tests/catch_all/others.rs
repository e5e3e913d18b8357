//! Ingress of Kubernetes, and containers of Azure.

use keyway_config::forms::{Form, import};

use super::read;

/// An Ingress with this annotation of ingress-nginx.
fn ingress(name: &str, annotation: &str) -> String {
    format!(
        "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: {name}\n  annotations:\n    \
         nginx.ingress.kubernetes.io/{annotation}\nspec:\n  rules:\n  - host: a.test\n    http:\n      paths:\n      \
         - path: /\n        pathType: Prefix\n        backend: {{service: {{name: {name}, port: {{number: 80}}}}}}\n"
    )
}

#[test]
fn an_ingress_on_trial_is_not_the_service() {
    let (main, trial) = (ingress("web", "x: y"), ingress("trial", "canary: \"true\""));
    for text in [trial.clone() + &main, main + &trial] {
        let (imported, found) = read(&text, Form::KubernetesIngress);
        assert_eq!(found, [""; 0]);
        assert!(imported.service.upstream.iter().eq(["http://web:80"]));
        assert!(
            imported
                .lost
                .iter()
                .any(|lost| lost.contains("Ingress trial"))
        );
    }
    let alone = import(&trial, Form::KubernetesIngress).unwrap_err();
    assert!(alone.to_string().contains("it is a canary"), "{alone}");
    let off = trial.replace("\"true\"", "\"false\"");
    let (imported, _) = read(&off, Form::KubernetesIngress);
    assert!(imported.service.upstream.iter().eq(["http://trial:80"]));
}

#[test]
fn annotations_of_ingress_nginx_that_change_where_hosts_lead_are_read() {
    for (annotation, upstream, hosts, told) in [
        ("backend-protocol: GRPC", "h2c://web:80", "a.test", ""),
        ("backend-protocol: GRPCS", "https://web:80", "a.test", ""),
        (
            "server-alias: \"b.test,*.c.test\"",
            "http://web:80",
            "a.test b.test *.c.test",
            "",
        ),
        (
            "server-alias: \"~^b\"",
            "http://web:80",
            "a.test",
            "7 server-alias",
        ),
        (
            "permanent-redirect: https://b.test",
            "",
            "a.test",
            "7 permanent-redirect",
        ),
        (
            "temporal-redirect: https://b.test",
            "",
            "a.test",
            "7 temporal-redirect",
        ),
    ] {
        let (imported, found) = read(&ingress("web", annotation), Form::KubernetesIngress);
        assert_eq!(
            imported.service.upstream.0.join(" "),
            upstream,
            "{annotation}"
        );
        assert_eq!(imported.service.host.0.join(" "), hosts);
        let told = told.replace(' ', " metadata.annotations.nginx.ingress.kubernetes.io/");
        let told: Vec<String> = [told].into_iter().filter(|told| !told.is_empty()).collect();
        assert_eq!(found, told);
    }
}

#[test]
fn a_container_of_azure_that_asks_for_keys_is_a_guard() {
    for (member, keeps_out) in [
        ("\"auth_enabled\": true", true),
        ("\"token_auth_enabled\": true", true),
        ("\"auth_enabled\": false", false),
    ] {
        let text = format!("{{\"ssl_enabled\": false, {member}}}");
        let imported = import(&text, Form::AzureContainer).unwrap();
        assert_eq!(imported.findings.len(), usize::from(keeps_out), "{member}");
        assert_eq!(imported.lost.is_empty(), keeps_out, "{member}");
    }
}
