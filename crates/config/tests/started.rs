//! What pods start `keyway serve` with, and how they are asked whether it serves.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use keyway_config::forms::{Form, export};

const SERVICE: &str = "name = \"web\"\nhost = \"a.example\"\nupstream = \"http://10.0.0.1:80\"\n[tls]\ncertificate = \
                       \"/a.pem\"\nkey = \"/a.key\"\n";

#[test]
fn probes_ask_at_a_port_of_their_own_that_nobody_outside_comes_to() {
    for (listen, port) in [("[::]:443", 9464), ("[::]:9464", 9465)] {
        let text = format!("listen = \"{listen}\"\n{SERVICE}");
        let service = keyway_config::read(&text).unwrap().service;
        let pods = export(&service, Form::KubernetesDeployment, &|_| None).text;
        let started = format!("            - \"--metrics\"\n            - \"[::]:{port}\"\n");
        assert!(pods.contains(&started), "{pods}");
        let named = format!("- containerPort: {port}\n              name: metrics\n");
        assert!(pods.contains(&named), "{pods}");
        for path in ["/healthz", "/readyz"] {
            let asked = format!("path: \"{path}\"\n              port: metrics\n");
            assert!(pods.contains(&asked), "{pods}");
        }
        let (_, service) = pods.split_once("kind: Service\n").unwrap();
        assert!(!service.contains("metrics"), "{service}");
        assert!(!pods.contains("tcpSocket"), "{pods}");
    }
}
