//! Ingress, out and in.

use k8s_openapi::api::networking::v1::Ingress;
use keyway_config::forms::{Form, export, import};
use keyway_report::Kind as _;

use crate::judges::{contoso, files, objects, of};

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
    assert_eq!(again.lost.len(), 2);
    for lost in &again.lost {
        assert!(lost.ends_with(": spec.tls.secretName"), "{lost}");
    }
    let entries = ingress.spec.and_then(|spec| spec.tls).unwrap_or_default();
    let secrets: Vec<_> = entries
        .iter()
        .map(|entry| {
            (
                entry.hosts.clone().unwrap_or_default(),
                entry.secret_name.as_deref(),
            )
        })
        .collect();
    let own = vec!["www.contoso.com".to_owned(), "*.contoso.com".to_owned()];
    assert_eq!(secrets[0], (own, Some("www-contoso-com-tls")));
    assert_eq!(
        secrets[1],
        (
            vec!["fabrikam.com".to_owned()],
            Some("www-contoso-com-tls-2")
        )
    );
    let json = serde_json::to_string_pretty(&objects(&exported)[0]).expect("an object");
    assert_eq!(
        import(&json, Form::KubernetesIngress)
            .expect("an Ingress")
            .service,
        again.service
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
            "line 7: metadata.annotations.example.org/x".to_owned(),
            format!("line 16: {paths}.path"),
            format!("line 17: {paths}.pathType"),
            format!("line 18: {paths}.backend.service.name"),
            format!("line 18: {paths}.backend.service.port.name"),
        ]
    );
}

#[test]
fn what_leads_to_another_backend_is_another_service_and_is_told_with_its_lines() {
    let rule = |host: &str, name: &str| {
        format!(
            "  - host: {host}\n    http:\n      paths:\n      - path: /\n        pathType: Prefix\n        \
             backend: {{service: {{name: {name}, port: {{number: 80}}}}}}\n"
        )
    };
    let text = format!(
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: web\nspec:\n  tls:\n  \
         - hosts: [a.example.com, b.example.com, free.example.com]\n  rules:\n{}{}{}",
        rule("a.example.com", "a"),
        rule("b.example.com", "b"),
        rule("c.example.com", "a")
    );
    let imported = import(&text, Form::KubernetesIngress).expect("an Ingress");
    assert!(imported.service.upstream.iter().eq(["http://a:80"]));
    let hosts = ["a.example.com", "c.example.com"];
    assert!(imported.service.host.iter().eq(hosts));
    let told = [
        "line 7: spec.tls.hosts free.example.com, which no rule leads to the upstream",
        "line 21: spec.rules.host c.example.com, which spec.tls does not name: here it has TLS, too",
    ];
    assert_eq!(imported.lost, told);
    let missed = imported.findings.iter().map(|found| found.kind.message());
    let missed = missed.collect::<String>();
    assert!(
        missed.contains("`spec.rules.host b.example.com: leads to b:80` in line 15"),
        "{missed}"
    );
}
