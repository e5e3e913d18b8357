//! An Ingress is imported with the hosts that its rules lead to one upstream, and no others.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use keyway_config::forms::{Form, Imported, export, import};
use keyway_report::Kind as _;

fn read(text: &str, form: Form) -> Imported {
    import(text, form).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// What is found, each as a line.
fn found(imported: &Imported) -> String {
    let findings = imported.findings.iter();
    let told = findings.map(|finding| finding.kind.message());
    told.collect::<Vec<_>>().join("\n")
}

fn rule(host: &str, path: &str, name: &str, port: &str) -> String {
    format!(
        "  - {{host: '{host}', http: {{paths: [{{path: {path}, backend: {{service: {{name: {name}, port: {{{port}}}}}}}}}]}}}}\n"
    )
}

fn ingress(spec: &str) -> String {
    format!(
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: web}}\nspec:\n{spec}"
    )
}

#[test]
fn what_runs_a_service_is_in_the_namespace_of_what_is_behind_it() {
    let text = "name = 'a'\nhost = 'a.example'\nupstream = 'http://web.prod.svc:80'\ntls = {issuer = 'it'}\n";
    let service = keyway_config::read(text).unwrap().service;
    for form in [
        Form::CertManager,
        Form::KubernetesSecret,
        Form::KubernetesDeployment,
        Form::KubernetesIngress,
        Form::Gateway,
    ] {
        let text = export(&service, form, &|_| None).text;
        assert!(text.contains("namespace: prod"), "{text}");
    }
}

#[test]
fn hosts_of_an_ingress_whose_backend_is_another_one_or_unread_are_left_out() {
    let a = rule("a.example", "/", "web", "number: 80");
    for (other, told) in [
        (rule("b.example", "/", "other", "name: http"), "b.example"),
        (
            rule("b.example", "/", "other", "number: 80"),
            "b.example: leads to other:80",
        ),
        (rule("b.example", "/api", "web", "number: 80"), "b.example"),
        ("  - host: b.example\n".to_owned(), "b.example"),
    ] {
        let tls = "  tls: [{hosts: [a.example, b.example]}]\n";
        let mut orders = vec![format!("{a}{other}"), format!("{other}{a}")];
        // Of two that can be read the first is the service's.
        orders.truncate(if told.contains("leads to") { 1 } else { 2 });
        for rules in orders {
            let imported = read(
                &ingress(&format!("{tls}  rules:\n{rules}")),
                Form::KubernetesIngress,
            );
            assert!(imported.service.host.iter().eq(["a.example"]), "{rules}");
            assert!(imported.service.upstream.iter().eq(["http://web:80"]));
            let told = format!("spec.rules.host {told}");
            let message = found(&imported);
            let is_told = imported.lost.iter().any(|lost| lost.ends_with(&told));
            // Nothing is led there by a rule without paths.
            let is_apart =
                message.contains(&format!("`{told}`")) && message.contains("get no answer");
            assert!(is_told || is_apart, "{:?} {message}", imported.lost);
        }
    }
    let wild = rule("*.example", "/", "web", "number: 80");
    let rules = format!(
        "  rules:\n{wild}{}",
        rule("b.example", "/", "other", "name: http")
    );
    let imported = read(&ingress(&rules), Form::KubernetesIngress);
    assert!(found(&imported).contains(
        "`spec.rules.host b.example` in line 7 is left behind: it is for hosts of its own"
    ));
}

#[test]
fn what_an_ingress_leads_to_by_default_is_read() {
    let default = "  defaultBackend: {service: {name: web, port: {number: 80}}}\n";
    let imported = read(&ingress(default), Form::KubernetesIngress);
    assert!(imported.service.upstream.iter().eq(["http://web:80"]));
    let free = format!("{default}  tls: [{{hosts: [a.example]}}]\n  rules:\n  - host: a.example\n");
    let imported = read(&ingress(&free), Form::KubernetesIngress);
    assert!(imported.service.host.iter().eq(["a.example"]));
    assert!(imported.service.upstream.iter().eq(["http://web:80"]));
    // A certificate's other host leads there as well, and not to the rule's backend.
    let both = format!(
        "{default}  tls: [{{hosts: [a.example, b.example]}}]\n  rules:\n{}",
        rule("a.example", "/", "app", "number: 80")
    );
    let imported = read(&ingress(&both), Form::KubernetesIngress);
    assert!(imported.service.host.iter().eq(["a.example"]));
    assert!(imported.service.upstream.iter().eq(["http://app:80"]));
    assert_eq!(
        imported.lost,
        ["line 5: spec.defaultBackend for all other hosts"]
    );
    let told = "`spec.tls.hosts b.example` in line 6 is left behind: it is for hosts of its own";
    assert!(found(&imported).contains(told));
    // Without hosts the certificate may be for any: whoever asks for another one was led to the default.
    let any = both.replace("{hosts: [a.example, b.example]}", "{secretName: a}");
    let imported = read(&ingress(&any), Form::KubernetesIngress);
    let told = "`spec.defaultBackend for all other hosts` in line 5 is left behind";
    assert!(found(&imported).contains(told));
}

#[test]
fn a_host_of_a_certificate_that_no_rule_of_an_ingress_is_for_is_not_led_to_its_upstream() {
    let tls = "  tls:\n  - hosts:\n    - a.example\n    - b.example\n    - '*.c.example'\n";
    let rules = "  rules:\n".to_owned()
        + &rule("a.example", "/", "web", "number: 80")
        + &rule("d.c.example", "/", "web", "number: 80");
    let imported = read(
        &ingress(&(tls.to_owned() + &rules)),
        Form::KubernetesIngress,
    );
    let hosts = ["a.example", "d.c.example"];
    assert!(
        imported.service.host.iter().eq(hosts),
        "{:?}",
        imported.service.host
    );
    let told = [
        "line 8: spec.tls.hosts b.example, which no rule leads to the upstream",
        "line 9: spec.tls.hosts *.c.example, which no rule leads to the upstream",
    ];
    assert_eq!(imported.lost, told);
    // A rule for all others leads there, and so does the default.
    let free =
        "  - http: {paths: [{path: /, backend: {service: {name: web, port: {number: 80}}}}]}\n";
    let imported = read(
        &ingress(&(tls.to_owned() + &rules + free)),
        Form::KubernetesIngress,
    );
    assert_eq!(
        imported.service.host.0.len(),
        4,
        "{:?}",
        imported.service.host
    );
}

#[test]
fn an_ingress_whose_hosts_cannot_be_kept_apart_is_refused() {
    let unread = rule("a.example", "/", "web", "name: http");
    let default = "  defaultBackend: {service: {name: web, port: {number: 80}}}\n";
    for (spec, told) in [
        (
            format!("{default}  rules:\n{unread}"),
            "line 7: no host leads to",
        ),
        (
            "  tls: {hosts: [a.example]}\n".to_owned(),
            "line 5: `spec.tls` is no list",
        ),
        (
            "  rules: {host: a}\n".to_owned(),
            "line 5: `spec.rules` is no list",
        ),
        (
            "  tls: [{hosts: a.example}]\n".to_owned(),
            "line 5: `spec.tls.hosts` is no list",
        ),
    ] {
        let refused = import(&ingress(&spec), Form::KubernetesIngress).unwrap_err();
        assert!(refused.to_string().starts_with(told), "{refused}");
    }
    let imported = read(
        &ingress(&format!("  rules:\n{unread}")),
        Form::KubernetesIngress,
    );
    assert!(imported.service.upstream.is_empty());
    assert!(found(&imported).contains("the number is in the Service"));
}

#[test]
fn the_one_resource_that_is_called_a_slash_is_not_everything() {
    let exact = |host: &str| rule(host, "/, pathType: Exact", "web", "number: 80");
    let alone = read(
        &ingress(&format!("  rules:\n{}", exact("a.example"))),
        Form::KubernetesIngress,
    );
    assert!(alone.service.upstream.is_empty());
    assert!(found(&alone).contains("no host and port that everything is led to"));
    let rules = exact("a.example") + &rule("b.example", "/", "web", "number: 80");
    let both = read(
        &ingress(&format!("  rules:\n{rules}")),
        Form::KubernetesIngress,
    );
    assert!(both.service.host.iter().eq(["b.example"]));
    assert!(found(&both).contains("`spec.rules.host a.example` in line 6 is left behind"));
}

#[test]
fn a_host_that_an_ingress_speaks_plain_text_for_is_told_to_have_tls() {
    let rules = rule("a.example", "/", "web", "number: 80")
        + &rule("b.example", "/", "web", "number: 80")
        + &rule("c.w.example", "/", "web", "number: 80");
    let told =
        "line 8: spec.rules.host b.example, which spec.tls does not name: here it has TLS, too";
    for (tls, told) in [
        (
            "  tls: [{hosts: [a.example, '*.w.example']}]\n",
            [told].as_slice(),
        ),
        ("  tls: [{secretName: a}]\n", &[]),
    ] {
        let imported = read(
            &ingress(&format!("{tls}  rules:\n{rules}")),
            Form::KubernetesIngress,
        );
        let lost = imported
            .lost
            .iter()
            .filter(|lost| !lost.contains("secretName") && !lost.contains("no rule leads"));
        let lost: Vec<&String> = lost.collect();
        assert_eq!(lost, told);
    }
    let imported = read(
        &ingress(&format!("  rules:\n{rules}")),
        Form::KubernetesIngress,
    );
    assert_eq!(imported.lost, [""; 0]);
}

#[test]
fn what_another_ingress_keeps_somebody_out_of_for_the_same_host_is_told() {
    let own = ingress(&format!(
        "  rules:\n{}",
        rule("a.example", "/", "web", "number: 80")
    ));
    let other = |host: &str| {
        let spec = format!("  rules:\n{}", rule(host, "/admin", "web", "number: 80"));
        let annotations = "metadata: {name: admin, annotations: {nginx.ingress.kubernetes.io/whitelist-source-range: \
            10.0.0.0/8}}";
        ingress(&spec).replace("metadata: {name: web}", annotations)
    };
    for (host, is_told) in [
        ("a.example", true),
        ("*.example", true),
        ("b.example", false),
    ] {
        let imported = read(
            &format!("{own}---\n{}", other(host)),
            Form::KubernetesIngress,
        );
        let found = found(&imported);
        assert_eq!(
            found.contains("whitelist-source-range` in line 10 keeps"),
            is_told,
            "{found}"
        );
    }
}

#[test]
fn many_objects_in_one_text_take_memory_as_their_number_grows() {
    // Each had a list of all lines: 20,000 of these were gigabytes.
    let many = "---\na: 1\n".repeat(20_000);
    let own = ingress(&format!(
        "  rules:\n{}",
        rule("a.example", "/", "web", "number: 80")
    ));
    let imported = read(&format!("{own}{many}"), Form::KubernetesIngress);
    assert!(
        imported
            .lost
            .last()
            .is_some_and(|last| last.ends_with("more"))
    );
}

#[test]
fn a_port_that_has_a_name_is_taken_from_its_service_or_said_to_be_there() {
    let web = ingress(&format!(
        "  rules:\n{}",
        rule("a.example", "/", "web", "name: http")
    ));
    let service = |name: &str, more: &str| {
        format!(
            "---\napiVersion: v1\nkind: Service\nmetadata: {{name: {name}{more}}}\nspec:\n  ports:\n  \
             - {{name: https, port: 443}}\n  - {{name: http, port: 8080, targetPort: 80}}\n"
        )
    };
    for text in [
        format!("{web}{}", service("web", "")),
        format!(
            "{}{web}",
            service("web", ", namespace: shop").replacen("---\n", "", 1) + "---\n"
        ),
        format!("{web}{}{}", service("web", ""), service("web", "")),
    ] {
        let imported = read(&text, Form::KubernetesIngress);
        assert!(
            imported.service.upstream.iter().eq(["http://web:8080"]),
            "{text}"
        );
        assert_eq!(found(&imported), "");
    }
    let other = service("web", "").replace("port: 8080", "port: 8081");
    for text in [
        web.clone(),
        format!("{web}{}", service("other", "")),
        format!(
            "{web}{}",
            service("web", "").replace("name: http,", "name: plain,")
        ),
        format!("{web}{}{other}", service("web", "")),
        format!("{web}{}", service("web", ", namespace: shop")).replacen(
            "{name: web}",
            "{name: web, namespace: other}",
            1,
        ),
    ] {
        let imported = read(&text, Form::KubernetesIngress);
        assert!(imported.service.upstream.is_empty(), "{text}");
        let told = found(&imported);
        assert!(told.contains("port http of the Service web"), "{told}");
        assert!(
            told.contains("`kubectl get ingress,service -o yaml`"),
            "{told}"
        );
    }
}

#[test]
fn what_runs_a_service_takes_the_place_of_none_of_the_services_behind_it() {
    for (upstream, name) in [
        ("http://web.prod.svc:80", "web-keyway"),
        ("http://web:80", "web-keyway"),
        ("http://app.prod.svc:80", "web"),
    ] {
        let text = format!(
            "name = \"web\"\nhost = \"a.example.com\"\nupstream = \"{upstream}\"\n[tls]\ncertificate = \"c\"\nkey = \"k\"\n"
        );
        let service = keyway_config::read(&text).unwrap().service;
        let text = export(&service, Form::KubernetesDeployment, &|_| None).text;
        let names = text.matches(&format!("name: {name}\n")).count();
        assert!(names >= 4, "{text}");
        // Its file is read from the ConfigMap that is written.
        let (_, map) = text.split_once("- configMap:\n").unwrap();
        assert_eq!(map.lines().next().unwrap().trim(), format!("name: {name}"));
        // The Secret is the one of the other export.
        assert!(text.contains("secretName: web-tls\n"), "{text}");
    }
}

#[test]
fn the_secret_of_tickets_is_made_where_the_pods_are() {
    for (upstream, place) in [
        ("http://app.prod.svc:80", " --namespace prod "),
        ("http://app:80", " "),
    ] {
        let text = format!(
            "name = \"web\"\nhost = \"a.example.com\"\nupstream = \"{upstream}\"\n[tls]\ncertificate = \"c\"\nkey = \
             \"k\"\nticket_keys = \"t\"\n"
        );
        let service = keyway_config::read(&text).unwrap().service;
        let form = Form::KubernetesDeployment;
        let exported = export(&service, form, &|_| None);
        let told = keyway_config::forms::findings(&exported, form, "service");
        let made = format!("secret generic web-tickets{place}--from-file=1.key=t");
        let mut messages = told.iter().map(|finding| finding.kind.message());
        assert!(messages.any(|message| message.contains(&made)), "{told:?}");
    }
}

#[test]
fn the_ca_of_clients_is_none_of_who_issued_the_certificate() {
    let of = |tls: &str| {
        let text = format!(
            "name = \"web\"\nhost = \"a.example.com\"\nupstream = \"http://app.prod.svc:80\"\n[tls]\n{tls}\n[tls.client]\nmode = \
             \"required\"\nca = \"it.pem\"\n"
        );
        let service = keyway_config::read(&text).unwrap().service;
        let form = Form::KubernetesDeployment;
        let exported = export(&service, form, &|_| None);
        let told = keyway_config::forms::findings(&exported, form, "service");
        let told = told.iter().map(|finding| finding.kind.message());
        (exported.text, told.collect::<Vec<_>>().join("\n"))
    };
    // Where cert-manager makes the Secret, its `ca.crt` is the issuer's.
    let (text, told) = of("leaf_domain_label = \"web\"\nzone = \"example.com\"\nregion = \"eu\"");
    assert!(
        text.contains("ca = \"/etc/keyway/clients/ca.crt\""),
        "{text}"
    );
    assert!(text.contains("secretName: web-clients\n"), "{text}");
    assert!(
        text.contains("mountPath: \"/etc/keyway/clients\""),
        "{text}"
    );
    let made =
        "kubectl create secret generic web-clients --namespace prod --from-file=ca.crt=it.pem";
    assert!(told.contains(made), "{told}");
    let (text, told) = of("certificate = \"c\"\nkey = \"k\"");
    assert!(text.contains("ca = \"/etc/keyway/tls/ca.crt\""), "{text}");
    assert!(
        !text.contains("clients") && !told.contains("client"),
        "{told}"
    );
}

#[test]
fn a_secret_without_a_pair_is_none_for_tls() {
    let text = "host = \"a.example\"\n[tls.client]\nmode = \"required\"\nca = \"/ca\"\n[[tls.certificates]]\nhost = \"b.example\"\n\
                certificate = \"/c\"\nkey = \"/k\"\n";
    let service = keyway_config::read(text).unwrap().service;
    let pem = |kind: &str| format!("-----BEGIN {kind}-----\nAA==\n-----END {kind}-----\n");
    let files = |path: &str| {
        Some(pem(if path == "/k" {
            "PRIVATE KEY"
        } else {
            "CERTIFICATE"
        }))
    };
    let exported = export(&service, Form::KubernetesSecret, &files);
    let kinds: Vec<&str> = exported
        .text
        .lines()
        .filter(|line| line.starts_with("type: "))
        .collect();
    assert_eq!(
        kinds,
        ["type: Opaque", "type: kubernetes.io/tls"],
        "{}",
        exported.text
    );
}
