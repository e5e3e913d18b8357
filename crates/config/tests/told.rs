//! What is told of an import, and what is not.

use keyway_config::forms::{Form, Place, export, export_at, import, import_with};
use keyway_config::model::{ClientMode, Limits, Protocol, Timeouts};
use keyway_config::read;

#[test]
fn secrets_in_what_is_left_behind_are_not_told() {
    let nginx = "http { map $http_x_key $ok { S3CRET 1; } server { listen 443 ssl; ssl_certificate a.pem;\n\
        ssl_certificate_key a.key; proxy_set_header Authorization 'Bearer S3CRET';\n\
        if ($http_x_key != S3CRET) { return 403; }\n\
        location / { proxy_pass https://u:S3CRET@10.0.0.1/x; } }\n\
        server { listen 443 ssl; server_name b.example.com; location / { proxy_pass https://u:S3CRET@10.0.0.1; } } }\n";
    let haproxy = "userlist people\n    user bob insecure-password S3CRET\nfrontend web\n    \
        bind :443 ssl crt /a.pem\n    stats auth admin:S3CRET\n    acl known req.hdr(X-Key) S3CRET\n    \
        http-request set-header Authorization \"Basic S3CRET\"\n    default_backend a\nbackend a\n    \
        server s 10.0.0.1:80\n";
    for (form, text) in [(Form::Nginx, nginx), (Form::Haproxy, haproxy)] {
        let lost = import(text, form).expect("a server").lost.join("\n");
        assert!(!lost.contains("S3CRET"), "{lost}");
        assert!(lost.contains("[redacted]"), "{lost}");
    }
    let lost = import(nginx, Form::Nginx).expect("a server").lost;
    let told = "line 2: proxy_set_header Authorization [redacted]";
    assert!(lost.iter().any(|line| line == told), "{lost:?}");
}

#[test]
fn flags_and_words_of_nginx_count_in_capitals() {
    let rest = "ssl_verify_client ON; ssl_client_certificate ca.pem; ssl_protocols tlsv1.3; \
        ssl_certificate a.pem; ssl_certificate_key a.key;";
    for text in [
        format!("server {{ listen 443; ssl ON; {rest} }}\n"),
        format!("http {{ ssl On; server {{ listen 443; {rest} }} }}\n"),
    ] {
        let imported = import(&text, Form::Nginx).expect("a server");
        assert_eq!(imported.lost, Vec::<String>::new());
        let service = imported.service;
        assert_eq!(service.status().word(), "enabled", "{text}");
        assert_eq!(service.tls.client.mode, ClientMode::Required);
        assert_eq!(service.tls.profile, Protocol::Modern);
    }
}

#[test]
fn a_switch_of_azure_that_is_misread_is_no_plain_text() {
    for text in [
        "{\"ssl_enabled\": \"yes\", \"ssl_cname\": \"a.example\"}",
        "{\"status\": 1}",
        "{\"ssl_enabled\": true, \"ssl_cname\": 5}",
    ] {
        let told = import(text, Form::AzureContainer)
            .expect_err("a misfit")
            .to_string();
        assert!(told.contains("holds something else than"), "{told}");
    }
    let call = "cfg = AksCompute.provisioning_configuration()\ncfg.enable_ssl(leaf_domain_label=os.environ[\"L\"])\n";
    let imported = import(call, Form::AzurePython).expect("a call");
    assert_eq!(imported.service.status().word(), "enabled");
    assert_eq!(imported.lost.len(), 1);
}

#[test]
fn a_single_container_has_tls_where_it_is_switched_on() {
    let status = |text: &str, form| {
        let imported = import(text, form).expect("a container");
        imported.service.status().word()
    };
    for (switch, word) in [
        ("", "disabled"),
        ("\"ssl_enabled\": null,", "disabled"),
        ("\"ssl_enabled\": true,", "enabled"),
    ] {
        let text = format!(
            "{{{switch} \"ssl_cert_pem_file\": \"c.pem\", \"ssl_key_pem_file\": \"k.pem\"}}"
        );
        assert_eq!(status(&text, Form::AzureContainer), word, "{text}");
        // A cluster is given them to speak TLS with.
        let told = status(&text, Form::AzureCluster);
        assert_eq!(told, "enabled", "{text}");
    }
    for (call, word) in [
        (
            "AciWebservice.deploy_configuration(ssl_cname=\"a.b\")",
            "disabled",
        ),
        (
            "AciWebservice.deploy_configuration(ssl_cname=\"a.b\", ssl_enabled=True)",
            "enabled",
        ),
        (
            "AciWebservice.deploy_configuration(ssl_cname=\"a.b\", ssl_enabled=wish)",
            "enabled",
        ),
        (
            "AciWebservice.deploy_configuration(ssl_cname=\"a.b\", **more)",
            "enabled",
        ),
    ] {
        assert_eq!(status(call, Form::AzurePython), word, "{call}");
    }
}

#[test]
fn what_goes_on_to_upstreams_as_it_does_here_is_not_told() {
    let nginx = |above: &str, inside: &str| {
        let text = format!(
            "http {{\n{above}\nserver {{ listen 443 ssl; server_name a.example; ssl_certificate c; ssl_certificate_key k;\n\
             location / {{ proxy_set_header Host $host; proxy_pass http://127.0.0.1:1;\n{inside}\n}} }} }}"
        );
        import(&text, Form::Nginx).expect("a server").lost
    };
    let map = "map $http_upgrade $connection_upgrade { default upgrade; '' close; }";
    for (above, inside) in [
        (
            map,
            "proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade;",
        ),
        (
            "proxy_http_version 1.1; proxy_set_header Connection '';",
            "proxy_set_header Upgrade $http_upgrade; proxy_set_header connection \"Upgrade\";",
        ),
        (
            "",
            "proxy_set_header Connection $http_connection; proxy_set_header Host $http_host;",
        ),
        (
            "",
            "proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Real-IP '';",
        ),
    ] {
        assert_eq!(nginx(above, inside), [""; 0], "{above} {inside}");
    }
    // What an upstream would be told by nobody else any more.
    for inside in [
        "proxy_set_header X-Real-IP $remote_addr",
        "proxy_set_header X-Forwarded-For 192.0.2.1",
        "proxy_set_header Connection $cookie_a",
        "proxy_set_header Upgrade h2c",
        "proxy_set_header Authorization \"\"",
    ] {
        assert_eq!(nginx("", &format!("{inside};")).len(), 1, "{inside}");
    }
    let haproxy = |line: &str| {
        let text = format!(
            "frontend a\n    mode http\n    bind :443 ssl crt /c.pem alpn h2,http/1.1\n    {line}\n    default_backend b\n\
             backend b\n    mode http\n    server s 127.0.0.1:1\n"
        );
        let imported = import_with(&text, Form::Haproxy, &|_| {
            Some("-----BEGIN PRIVATE KEY-----\n".to_owned())
        });
        imported.expect("a frontend").lost
    };
    for line in [
        "option forwardfor",
        "http-request del-header X-Forwarded-For",
        "http-request set-header X-Forwarded-For %[src]",
        "http-request set-header X-Forwarded-Proto https",
    ] {
        assert_eq!(haproxy(line), [""; 0], "{line}");
    }
    for line in [
        "http-request del-header Cookie",
        "http-request set-header X-Forwarded-For 192.0.2.1",
        "http-request del-header X-Forwarded-For if { src 192.0.2.1 }",
    ] {
        assert_eq!(haproxy(line).len(), 1, "{line}");
    }
}

#[test]
fn an_object_of_azure_says_something_and_each_member_once() {
    for (text, told) in [
        ("{}", "line 1: no field of `SslConfiguration`"),
        (
            "{\"renew\": null}",
            "line 1: no field of `SslConfiguration`",
        ),
        (
            "{\"status\": \"Auto\",\n\"status\": \"Disabled\"}",
            "line 2: the member `status` is said twice",
        ),
        ("\"S3CRET\"", "line 1: an object is wanted"),
        ("{\"status\":", "line 1: this is no JSON, or not whole"),
    ] {
        for form in [Form::AzureJson, Form::AzureCluster, Form::AzureContainer] {
            let refused = import(text, form).expect_err("a fault").to_string();
            assert!(refused.starts_with(told), "{refused}");
        }
    }
}

#[test]
fn a_flag_of_azure_may_be_written_as_far_as_it_is_the_only_one() {
    let read = |flags: &str| {
        import(
            &format!("az ml computetarget update aks -n a {flags}"),
            Form::AzureCli,
        )
    };
    let service = read("--ssl-leaf shop --ssl-over True")
        .expect("flags")
        .service;
    assert_eq!(service.tls.leaf_domain_label.as_deref(), Some("shop"));
    assert!(service.tls.overwrite_existing_domain);
    assert_eq!(service.status().word(), "auto");
    let refused = read("--ssl-c a.example")
        .expect_err("two of them")
        .to_string();
    assert!(
        refused.contains("`--ssl-cname` or `--ssl-cert-file`"),
        "{refused}"
    );
    assert_eq!(
        read("--ssl-renew --ssl-x y").expect("flags").lost,
        ["--ssl-x"]
    );
}

#[test]
fn times_of_zero_are_no_limits_of_a_service() {
    let nginx = "server { listen 443 ssl; server_name a.example; ssl_certificate c; ssl_certificate_key k;\n\
        keepalive_timeout 0; client_header_timeout 0s; location / { proxy_set_header Host $host; proxy_pass http://127.0.0.1:1; } }";
    let haproxy = "frontend a\n mode http\n bind :443 ssl crt /c.pem alpn h2,http/1.1\n timeout client 0\n maxconn 0\n \
        default_backend b\nbackend b\n mode http\n timeout connect 0s\n server s 127.0.0.1:1\n";
    for (form, text, told) in [
        (
            Form::Nginx,
            nginx,
            [
                "line 2: client_header_timeout 0s",
                "line 2: keepalive_timeout 0",
            ]
            .as_slice(),
        ),
        (
            Form::Haproxy,
            haproxy,
            &[
                "line 4: timeout client 0",
                "line 5: maxconn 0",
                "line 9: timeout connect 0s",
            ],
        ),
    ] {
        let key = |_: &str| Some("-----BEGIN PRIVATE KEY-----\n".to_owned());
        let imported = import_with(text, form, &key).expect("a server");
        let service = imported.service;
        assert_eq!(service.timeouts, Timeouts::default());
        assert_eq!(service.limits, Limits::default());
        assert_eq!(imported.lost, told);
    }
}

#[test]
fn a_wildcard_that_stood_for_names_of_several_labels_is_told() {
    let told = |text: &str, form, host: &str| {
        let imported = import(text, form).unwrap();
        assert!(imported.service.host.iter().eq([host]), "{text}");
        let all = imported.lost.iter();
        all.filter(|told| told.contains("names of several labels"))
            .count()
    };
    for (name, count) in [("*.c.example", 1), (r"~^[^.]+\.c\.example$", 0)] {
        let text = format!(
            "server {{ listen 443 ssl; server_name {name}; ssl_certificate a; ssl_certificate_key a;\n\
             location / {{ proxy_set_header Host $host; proxy_pass http://10.0.0.1:80; }} }}\n"
        );
        assert_eq!(told(&text, Form::Nginx, "*.c.example"), count, "{name}");
    }
    for (test, count) in [
        ("hdr(host) -i -m end .c.example", 1),
        ("hdr_end(host) -i .c.example", 1),
        ("hdr(host) -i -m reg ^[^.]+[.]c[.]example$", 0),
    ] {
        for front in [
            format!("use_backend b if {{ {test} }}"),
            format!("acl h {test}\n use_backend b if h"),
        ] {
            let text = format!(
                "frontend f\n mode http\n bind :443 ssl crt /a.pem\n {front}\nbackend b\n server s 10.0.0.1:80\n"
            );
            assert_eq!(told(&text, Form::Haproxy, "*.c.example"), count, "{front}");
        }
    }
}

#[test]
fn a_wildcard_of_a_gateway_is_said_to_stand_for_names_of_several_labels() {
    for (host, is_told) in [("*.a.example", true), ("a.example", false)] {
        let text = format!("host = \"{host}\"\nupstream = \"http://web:80\"\n");
        let service = read(&text).unwrap().service;
        let notes = export(&service, Form::Gateway, &|_| None).notes;
        let is_said = notes.iter().any(|note| note.contains("several labels"));
        assert_eq!(is_said, is_told, "{notes:?}");
    }
}

#[test]
fn what_an_issuer_is_assumed_to_be_in_a_cluster_is_said() {
    for (issuer, told) in [
        ("local", "asks a ClusterIssuer local of the cluster"),
        (
            "https://me:opensesame@ca.example/dir",
            "the issuer https://[redacted]@ca.example/dir is no object of a cluster: what is written asks a ClusterIssuer letsencrypt",
        ),
        ("letsencrypt-staging", ""),
    ] {
        let text = format!("host = \"a.example\"\ntls.issuer = \"{issuer}\"\n");
        let service = read(&text).unwrap().service;
        let notes = export(&service, Form::CertManager, &|_| None)
            .notes
            .join("\n");
        assert_eq!(notes.is_empty(), told.is_empty(), "{notes}");
        assert!(notes.contains(told), "{notes}");
    }
}

#[test]
fn a_server_that_is_told_of_no_roots_is_said_to_take_those_of_mozilla() {
    for (issuer, is_told) in [
        ("https://ca.internal/acme/directory", true),
        ("letsencrypt", false),
        ("local", false),
    ] {
        let text = format!(
            "host = \"a.example\"\nupstream = \"http://app.prod.svc:80\"\n[tls]\nstatus = \"auto\"\nissuer = \"{issuer}\"\n"
        );
        let service = read(&text).unwrap().service;
        for form in [Form::Systemd, Form::KubernetesDeployment] {
            let mut place = Place::new(&|_| None);
            let notes = export_at(&service, form, &place).notes;
            let is_note = notes.iter().any(|note| {
                note.ends_with("directory has another root, name its file by `--roots`")
            });
            assert_eq!(is_note, is_told, "{form:?} {issuer}: {notes:?}");
            let roots = ["/etc/ca.pem".to_owned()];
            place.trust.roots = &roots;
            let notes = export_at(&service, form, &place).notes;
            assert!(
                !notes.iter().any(|note| note.contains("Mozilla")),
                "{notes:?}"
            );
        }
    }
}

#[test]
fn the_host_that_an_upstream_of_nginx_is_told_is_the_clients_or_told() {
    let told = "whose Host is the name in it: here the client's";
    let host = "proxy_set_header Host $host;";
    for (above, server, inner, is_told) in [
        ("", "", "", true),
        ("", "", "proxy_set_header X-A $host;", true),
        (host, "", "", false),
        ("", host, "", false),
        ("", "", host, false),
        // What a level says itself is in the place of all that is said above.
        (host, "proxy_set_header X-A $host;", "", true),
        ("", host, "proxy_set_header X-A $host;", true),
    ] {
        let text = format!(
            "http {{ {above} server {{ listen 443 ssl; server_name a.example; ssl_certificate /a; ssl_certificate_key /a;\n\
             {server} location / {{ {inner} proxy_pass http://10.0.0.1; }} }} }}\n"
        );
        let lost = import(&text, Form::Nginx).expect("a server").lost;
        let is_there = lost.iter().any(|lost| lost.ends_with(told));
        assert_eq!(is_there, is_told, "{text} {lost:?}");
    }
}

#[test]
fn caddy_speaks_no_http_3_which_a_service_does_not_either() {
    let text = "host = 'a.example'\nupstream = 'http://10.0.0.1:80'\ntls = {certificate = '/a', key = '/a'}\n";
    let service = read(text).unwrap().service;
    let exported = export(&service, Form::Caddy, &|_| None).text;
    assert!(
        exported.contains("servers {\n\t\tprotocols h1 h2\n"),
        "{exported}"
    );
}
