//! Gateways, certificates and the terminator itself.

use gateway_api::gateways::Gateway;
use gateway_api::httproutes::HttpRoute;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use keyway_config::forms::{Form, Place, export, export_at, findings};
use keyway_config::model::Material;
use keyway_config::{Service, read};
use keyway_report::Kind as _;

use crate::judges::{contoso, files, fits, objects, of, schema};

#[test]
fn a_gateway_and_its_routes_fit_their_schemas() {
    let gateway = schema("gateway.networking.k8s.io_gateways.yaml");
    let route = schema("gateway.networking.k8s.io_httproutes.yaml");
    let mut many = contoso();
    many.host = (0..100)
        .map(|number| format!("h{number}.example.com"))
        .collect();
    for service in [contoso(), many, Service::default()] {
        let exported = export(&service, Form::Gateway, &files);
        for object in objects(&exported) {
            let is_gateway = object["kind"] == "Gateway";
            fits(if is_gateway { &gateway } else { &route }, &object);
            if is_gateway {
                let _: Gateway = of(&object);
            } else {
                let _: HttpRoute = of(&object);
            }
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
fn keys_of_tickets_are_the_same_in_all_pods() {
    let mut service = contoso();
    service.tls.ticket_keys = ["/etc/it's/a.key", "b.key"].into_iter().collect();
    let form = Form::KubernetesDeployment;
    let exported = export(&service, form, &files);
    let objects = objects(&exported);
    let map: core::ConfigMap = of(&objects[0]);
    let inside = read(&map.data.expect("data")["keyway.toml"]).expect("a service");
    let keys = &inside.service.tls.ticket_keys;
    let mounted = ["/etc/keyway/tickets/1.key", "/etc/keyway/tickets/2.key"];
    assert!(keys.iter().eq(mounted), "{keys:?}");
    let deployment: Deployment = of(&objects[1]);
    let pod = deployment.spec.expect("a spec").template.spec;
    let volumes = pod.expect("a pod").volumes.expect("volumes");
    let secrets = volumes.into_iter().filter_map(|volume| volume.secret);
    let named = |secret: core::SecretVolumeSource| secret.secret_name;
    let secrets: Vec<String> = secrets.filter_map(named).collect();
    assert!(
        secrets.iter().any(|name| name.ends_with("-tickets")),
        "{secrets:?}"
    );
    let told = findings(&exported, form, "service");
    assert_eq!(told.len(), 1);
    let told = told[0].kind.message();
    let expected = " '--from-file=1.key=/etc/it'\\''s/a.key' --from-file=2.key=b.key.";
    assert!(
        told.contains("kubectl create secret generic ")
            && told.contains("-tickets ")
            && told.ends_with(expected),
        "{told}"
    );
}

#[test]
fn letters_of_other_languages_are_read_in_a_config_map_and_what_hides_is_not_hidden() {
    let mut service = contoso();
    service.host = ["b\u{fc}cher.example"].into_iter().collect();
    let form = Form::KubernetesDeployment;
    let text = export(&service, form, &files).text;
    assert!(
        text.contains("\n    host = \"b\u{fc}cher.example\"\n"),
        "{text}"
    );
    service.host = ["b\u{202e}\u{115f}cher.example"].into_iter().collect();
    let exported = export(&service, form, &files);
    assert!(exported.text.is_ascii(), "{}", exported.text);
    let map: core::ConfigMap = of(&objects(&exported)[0]);
    let inside = read(&map.data.expect("data")["keyway.toml"]).expect("a service");
    assert_eq!(inside.service.host, service.host);
}

#[test]
fn services_of_different_hosts_are_called_differently() {
    let long = format!("api.{}.example", "x".repeat(60));
    let hosts = [
        "a.b.example",
        "a-b.example",
        "any.example",
        "*.example",
        "2001:db8::1",
        &long,
        &long.replace('x', "y"),
        "api.example",
        "",
    ];
    let called = |host: &str, listen: &str| {
        let mut service = contoso();
        service.name = None;
        service.host.0 = vec![host.to_owned()];
        service.listen = [listen].into_iter().collect();
        let object = &objects(&export(&service, Form::KubernetesIngress, &files))[0];
        object["metadata"]["name"]
            .as_str()
            .expect("a name")
            .to_owned()
    };
    let all = hosts.map(|host| [called(host, "[::]:443"), called(host, "[::]:8443")]);
    let names: std::collections::BTreeSet<&String> = all.iter().flatten().collect();
    assert_eq!(names.len(), 2 * hosts.len(), "{all:?}");
    assert!(names.iter().all(|name| name.len() <= 53), "{names:?}");
    assert_eq!(all[0], ["a-b-example", "a-b-example-8443"]);
    assert_eq!(all[8], ["service", "service-8443"]);
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
