//! What is exported for servers is accepted by them, and imported again; what is hostile in a service
//! stays inside its word.

use std::fs;
use std::path::Path;
use std::process::Command;

use keyway_config::forms::{Form, Place, export, export_at, import};
use keyway_config::model::{
    ClientMode, Hsts, Listed, Material, Mode, OwnCertificate, Protocol, Status,
};
use keyway_config::{Service, read};
use proptest::prelude::*;
use tempfile::TempDir;

/// A folder with a pair in each of these files, and `clients.pem`.
fn folder(names: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (certificate, key) = (at("made.pem"), at("made.key"));
    tool(
        "openssl",
        "openssl",
        &[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "9",
            "-subj",
            "/CN=www.contoso.com",
            "-out",
            &certificate,
            "-keyout",
            &key,
        ],
    );
    let certificate = fs::read_to_string(certificate).expect("a certificate");
    let both = certificate.clone() + &fs::read_to_string(key).expect("a key");
    for name in names {
        fs::write(folder.path().join(name), &both).expect("a file");
    }
    fs::write(folder.path().join("clients.pem"), certificate).expect("a file");
    folder
}

/// Runs a tool that has to be content.
fn tool(program: &str, package: &str, arguments: &[&str]) -> String {
    let answer = judged(program, package, arguments);
    answer.unwrap_or_else(|told| panic!("{program} {arguments:?}: {told}"))
}

fn judged(program: &str, package: &str, arguments: &[&str]) -> Result<String, String> {
    let path = format!(
        "{}:/usr/sbin:/sbin",
        std::env::var("PATH").unwrap_or_default()
    );
    let home = tempfile::tempdir().expect("a folder");
    let output = Command::new(program)
        .args(arguments)
        .env("PATH", path)
        .env("HOME", home.path())
        .output()
        .unwrap_or_else(|_| panic!("{program} is not there (Debian: `apt-get install {package}`)"));
    let told = String::from_utf8_lossy(&output.stderr).into_owned()
        + &String::from_utf8_lossy(&output.stdout);
    if output.status.success() {
        Ok(told)
    } else {
        Err(told)
    }
}

/// Asks the form's own tool about a text.
fn accepted(form: Form, service: &Service, text: &str, folder: &Path) -> Result<String, String> {
    let at = |name: &str| folder.join(name).to_string_lossy().into_owned();
    match form {
        Form::Nginx => {
            let context = if service.is_http() { "http" } else { "stream" };
            let module = "/usr/lib/nginx/modules/ngx_stream_module.so";
            let load = if Path::new(module).exists() && !service.is_http() {
                format!("load_module {module};\n")
            } else {
                String::new()
            };
            let own = at("nginx.pid");
            let log = "access_log off;\n";
            let log = if service.is_http() { log } else { "" };
            let whole = format!(
                "{load}pid {own};\nerror_log stderr;\nevents {{}}\n{context} {{\n{log}{text}}}\n"
            );
            fs::write(at("nginx.conf"), whole).expect("a file");
            judged(
                "nginx",
                "nginx-light libnginx-mod-stream",
                &["-t", "-c", &at("nginx.conf")],
            )
        }
        Form::Haproxy => {
            fs::write(at("haproxy.cfg"), text).expect("a file");
            judged("haproxy", "haproxy", &["-c", "-f", &at("haproxy.cfg")])
        }
        Form::Caddy => {
            fs::write(at("Caddyfile"), text).expect("a file");
            judged(
                "caddy",
                "caddy",
                &[
                    "validate",
                    "--adapter",
                    "caddyfile",
                    "--config",
                    &at("Caddyfile"),
                ],
            )
        }
        _ => {
            // The unit's program is not installed where it is judged.
            let text = text.replace("/usr/bin/keyway", "/bin/true");
            fs::write(at("judged.service"), text).expect("a file");
            judged(
                "systemd-analyze",
                "systemd",
                &["verify", "--man=no", &at("judged.service")],
            )
        }
    }
}

/// A service that says nearly everything.
fn full(folder: &Path) -> Service {
    let text = "host = [\"www.contoso.com\", \"*.contoso.com\"]\n\
        upstream = [\"http://127.0.0.1:5001\", \"http://[::1]:5002\"]\nlisten = [\"127.0.0.1:8443\"]\n\
        [tls]\nredirect = true\nhsts = { max_age = 63072000, include_subdomains = true, preload = true }\n\
        client = { mode = \"required\" }\n\
        [timeouts]\nheader = 20\nidle = 90\nconnect = 4\n[limits]\nbody_bytes = 1048576\n";
    let mut service = read(text).expect("a service").service;
    let at = |name: &str| {
        Some(Material::Path(
            folder.join(name).to_string_lossy().into_owned(),
        ))
    };
    service.tls.certificate = at("pair.pem");
    service.tls.key = at("pair.pem");
    service.tls.client.ca = at("clients.pem");
    service.tls.certificates.push(OwnCertificate {
        host: ["fabrikam.com"].into_iter().collect(),
        certificate: at("other.pem").expect("a path"),
        key: at("other.pem").expect("a path"),
        password: None,
    });
    service
}

const SERVERS: [Form; 3] = [Form::Nginx, Form::Haproxy, Form::Caddy];

#[test]
fn servers_accept_what_is_exported_for_them() {
    let folder = folder(&["pair.pem", "other.pem"]);
    let whole = full(folder.path());
    let mut services = vec![whole.clone()];
    for change in 0..7 {
        let mut service = whole.clone();
        match change {
            0 => service.tls.profile = Protocol::Modern,
            1 => service.mode = Mode::Tcp,
            2 => service.tls.status = Some(Status::Disabled),
            3 => service.tls.client.mode = ClientMode::Optional,
            4 => service.tls.alpn = ["http/1.1"].into_iter().collect(),
            5 => service.upstream = ["https://127.0.0.1:8444"].into_iter().collect(),
            _ => {
                service.host = Listed::default();
                service.tls.certificates.clear();
                service.tls.client = keyway_config::model::ClientAuthentication::default();
            }
        }
        if service.mode == Mode::Tcp {
            service.upstream = ["127.0.0.1:5432"].into_iter().collect();
        }
        services.push(service);
    }
    for service in &services {
        for form in SERVERS {
            let exported = export(service, form, &|_| None);
            if let Err(told) = accepted(form, service, &exported.text, folder.path()) {
                panic!("{}: {told}\n{}", form.word(), exported.text);
            }
        }
    }
}

#[test]
fn a_unit_is_verified_wherever_its_file_lies() {
    let folder = folder(&[]);
    for file in [
        "/etc/keyway/keyway.toml",
        "/srv/it's \"50%\" $HOME \\ ;\nUser=root/keyway.toml",
    ] {
        let mut service = full(folder.path());
        service.name = Some("x\nExecStart=/bin/false %n".to_owned());
        let place = Place {
            file,
            ..Place::new(&|_| None)
        };
        let exported = export_at(&service, Form::Systemd, &place);
        let told = accepted(Form::Systemd, &service, &exported.text, folder.path());
        assert_eq!(told.as_deref().map(str::trim), Ok(""), "{}", exported.text);
        assert_eq!(exported.text.matches("\nExecStart=").count(), 1);
        assert_eq!(exported.text.matches("\nUser=").count(), 1);
        assert!(exported.lost.is_empty());
    }
}

#[test]
fn what_is_lost_in_each_server_is_told() {
    let folder = folder(&[]);
    let mut service = full(folder.path());
    service.name = Some("shop".to_owned());
    service.tls.key = Some(Material::Path("/elsewhere/key.pem".to_owned()));
    service.tls.client.crl = ["a.crl", "b.crl"].into_iter().collect();
    let lost = |form| export(&service, form, &|_| None).lost;
    assert_eq!(lost(Form::Nginx), ["name", "tls.client.crl"]);
    assert_eq!(
        lost(Form::Haproxy),
        [
            "limits.body_bytes",
            "tls.certificates[0].host",
            "tls.key",
            "tls.client.crl",
        ]
    );
    let mut caddy = lost(Form::Caddy);
    caddy.sort();
    assert_eq!(
        caddy,
        [
            "name",
            "timeouts.connect",
            "timeouts.header",
            "timeouts.idle",
            "tls.client.crl"
        ]
    );
}

#[test]
fn nobody_is_let_in_where_the_cas_of_clients_cannot_be_said() {
    let folder = folder(&["pair.pem", "other.pem"]);
    let mut service = full(folder.path());
    service.tls.client.ca = Some(Material::Path("a\nb".to_owned()));
    for (form, closed) in [
        (Form::Nginx, "ssl_reject_handshake on;"),
        (Form::Caddy, "respond 403"),
    ] {
        let exported = export(&service, form, &|_| None);
        assert!(exported.text.contains(closed), "{}", exported.text);
        let answer = accepted(form, &service, &exported.text, folder.path());
        assert!(answer.is_ok(), "{answer:?}");
    }
    let exported = export(&service, Form::Haproxy, &|_| None);
    assert!(!exported.text.contains(":8443"), "{}", exported.text);
    for form in SERVERS {
        let lost = export(&service, form, &|_| None).lost;
        assert!(lost.contains(&"tls.client.mode".to_owned()), "{lost:?}");
    }
}

#[test]
fn servers_of_nginx_are_imported() {
    let text = "http {\n  gzip on;\n  upstream app { server 10.0.0.1:80; server 10.0.0.2:80 weight=2; }\n  \
        server {\n    listen 443 ssl http2;\n    listen [::]:443 ssl http2;\n    \
        server_name www.example.com example.com;\n    ssl_certificate '/a b.pem'; # ours\n    \
        ssl_certificate_key /key.pem;\n    ssl_protocols TLSv1.2 TLSv1.3;\n    \
        ssl_client_certificate /ca.pem;\n    ssl_verify_client optional;\n    \
        add_header Strict-Transport-Security \"max-age=300\" always;\n    \
        location / { proxy_pass http://app; proxy_buffering off; }\n    location /x { deny all; }\n  }\n  \
        server {\n    listen 80;\n    server_name www.example.com example.com;\n    \
        location / { return 301 https://$host$request_uri; }\n  }\n}\n";
    let imported = import(text, Form::Nginx).expect("servers");
    let service = &imported.service;
    assert!(service.host.iter().eq(["www.example.com", "example.com"]));
    assert_eq!(service.tls.certificate, Some(Material::new("/a b.pem")));
    assert_eq!(service.tls.client.mode, ClientMode::Optional);
    assert_eq!(
        service.tls.hsts.as_ref().map(|hsts| hsts.max_age),
        Some(300)
    );
    assert!(service.tls.redirect && service.listen.is_empty());
    assert!(service.upstream.iter().eq(["http://10.0.0.1:80"]));
    assert_eq!(
        imported.lost,
        [
            "line 2: gzip on",
            "line 3: server 10.0.0.2:80 weight=2",
            "line 14: proxy_buffering off",
            "line 15: location /x",
            "line 15: deny all",
            "line 17: redirect from 0.0.0.0:80",
        ]
    );
}

#[test]
fn a_frontend_of_haproxy_is_imported() {
    let text = "global\n    daemon\nfrontend web\n    bind :443 ssl crt /etc/site.pem alpn h2,http/1.1 \
        ssl-min-ver TLSv1.2 strict-sni\n    mode http\n    acl slow path /x\n    default_backend app\n\
        backend app\n    mode http\n    server a 10.0.0.1:80 check\n";
    let imported = import(text, Form::Haproxy).expect("a frontend");
    let service = &imported.service;
    assert_eq!(
        service.tls.certificate,
        Some(Material::new("/etc/site.pem"))
    );
    assert!(service.upstream.iter().eq(["http://10.0.0.1:80"]));
    assert_eq!(service.name.as_deref(), Some("web"));
    assert_eq!(
        imported.lost,
        [
            "line 2: global: daemon",
            "line 4: bind strict-sni",
            "line 6: acl slow path /x",
            "line 10: server 10.0.0.1:80 check",
        ]
    );
}

#[test]
fn texts_in_no_form_are_refused_with_their_line() {
    for (form, text, line) in [
        (Form::Nginx, "server {\n", 1),
        (Form::Nginx, "server {\n}\n}\n", 3),
        (Form::Nginx, "server {\n listen 443\n}\n", 2),
        (Form::Nginx, "server { listen 'x; }\n", 1),
        (Form::Nginx, "gzip on;\n", 1),
        (Form::Haproxy, "\nbind :443\n", 2),
        (Form::Haproxy, "frontend x\n bind 'a\n", 2),
        (Form::Haproxy, "global\n", 1),
    ] {
        let told = import(text, form).expect_err("nothing").to_string();
        assert!(
            told.starts_with(&format!("line {line}: ")),
            "{text}: {told}"
        );
    }
    let deep = "a {".repeat(300_000);
    assert!(import(&deep, Form::Nginx).is_err());
}

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~\\n\\t\u{e4}\u{85}\u{202e}]{0,16}",
        "[a-z]{1,5}(\\.[a-z]{1,5}){0,2}",
        prop::sample::select(vec![
            "\";}", "';\n", "$host", "{$HOME}", "\\", "a\\\"; b", "#", "a b", "}", "{", "\\'",
            "x\\",
        ])
        .prop_map(str::to_owned),
    ]
}

prop_compose! {
    fn service()(
        hosts in prop::collection::vec(hostile(), 0..3),
        own in prop::collection::vec((hostile(), hostile()), 0..2),
        upstream in prop::collection::vec(prop_oneof![
            hostile(), Just("http://127.0.0.1:5001".to_owned()), Just("http://10.0.0.1:80".to_owned()),
        ], 0..3),
        path in hostile(), ca in prop::option::of(hostile()), name in prop::option::of(hostile()),
        flags in any::<[bool; 3]>(),
        alpn in prop::collection::vec(hostile(), 0..2),
        idle in prop::option::of(any::<u32>()),
    ) -> Service {
        let mut service = Service { name, ..Service::default() };
        service.host.0 = hosts;
        service.upstream.0 = upstream;
        service.tls.certificate = Some(Material::Path(path.clone()));
        service.tls.key = Some(Material::Path(path));
        service.tls.client.ca = ca.map(Material::Path);
        service.tls.certificates = own.into_iter().map(|(host, path)| OwnCertificate {
            host: [host].into_iter().collect(),
            certificate: Material::Path(path.clone()),
            key: Material::Path(path),
            password: None,
        }).collect();
        service.tls.redirect = flags[0];
        service.tls.hsts = flags[1].then_some(Hsts { max_age: 1, include_subdomains: true, preload: false });
        service.tls.client.mode = if flags[2] { ClientMode::Required } else { ClientMode::None };
        service.tls.alpn.0 = alpn;
        service.timeouts.idle = idle;
        service
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_is_imported_is_exported_as_it_was(service in service()) {
        for form in [Form::Nginx, Form::Haproxy] {
            let exported = export(&service, form, &|_| None);
            let imported = import(&exported.text, form)
                .map_err(|error| TestCaseError::fail(format!("{error}\n{}", exported.text)))?;
            prop_assert_eq!(&imported.lost, &Vec::<String>::new(), "{}", exported.text);
            let again = export(&imported.service, form, &|_| None);
            prop_assert_eq!(&again.text, &exported.text);
            let is_kept = |field: &str| !exported.lost.iter().any(|lost| lost == field);
            if is_kept("host") {
                prop_assert_eq!(&imported.service.host, &service.host);
            }
            if is_kept("upstream") {
                prop_assert_eq!(&imported.service.upstream, &service.upstream);
            }
            if is_kept("tls.certificate") {
                prop_assert_eq!(&imported.service.tls.certificate, &service.tls.certificate);
            }
            if is_kept("tls.hsts.max_age") {
                prop_assert_eq!(&imported.service.tls.hsts, &service.tls.hsts);
            }
            if is_kept("tls.client.ca") {
                prop_assert_eq!(&imported.service.tls.client.ca, &service.tls.client.ca);
            }
        }
    }

    #[test]
    fn any_text_is_imported_or_refused(text in "[a-z {};'\"\\\\#\\n]{0,120}") {
        drop(import(&text, Form::Nginx));
        drop(import(&text, Form::Haproxy));
    }
}

#[test]
fn hostile_paths_are_said_right_or_told_to_be_lost() {
    let odd = [
        "it's.pem", "a b.pem", "q\".pem", "c;}.pem", "h#.pem", "d$x.pem", "b\\.pem", "n{x}.pem",
        "e\\", "l\n.pem",
    ];
    let folder = folder(&[&odd[..], &["pair.pem", "other.pem"]].concat());
    for name in odd {
        let mut service = full(folder.path());
        let path = Material::Path(folder.path().join(name).to_string_lossy().into_owned());
        service.tls.certificate = Some(path.clone());
        service.tls.key = Some(path);
        service.host.0.push(format!("x{name}"));
        for form in SERVERS {
            let exported = export(&service, form, &|_| None);
            assert!(exported.lost.contains(&"host".to_owned()));
            // The file is found under its name, so the name was understood.
            if let Err(told) = accepted(form, &service, &exported.text, folder.path()) {
                panic!("{} {name}: {told}\n{}", form.word(), exported.text);
            }
        }
    }
}
