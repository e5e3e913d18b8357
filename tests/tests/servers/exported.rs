//! Servers accept what is exported for them, and what they cannot say is told.

use keyway_config::forms::{Form, Place, Refusal, export, export_at, findings};
use keyway_config::model::{ClientMode, Listed, Material, Mode, Protocol, Status};

use keyway_report::Kind as _;

use crate::hostile::turns_away;
use crate::judges::{SERVERS, accepted, folder, full, import};

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
            5 => service.upstream = ["https://localhost:8444"].into_iter().collect(),
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
    let groups = "tls.profile (X25519MLKEM768)";
    assert_eq!(lost(Form::Nginx), ["name", groups, "tls.client.crl"]);
    assert_eq!(
        lost(Form::Haproxy),
        [
            "limits.body_bytes",
            "tls.certificates[0].host",
            "tls.key",
            groups,
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
            "tls.client.crl",
            groups,
        ]
    );
}

#[test]
fn the_profiles_groups_are_said_and_the_hybrid_one_where_it_is_known() {
    let folder = folder(&["pair.pem", "other.pem"]);
    let service = full(folder.path());
    let files = |_: &str| None;
    for (form, plain, hybrid) in [
        (
            Form::Nginx,
            "ssl_ecdh_curve X25519:prime256v1:secp384r1;",
            "ssl_ecdh_curve X25519MLKEM768:X25519:prime256v1:secp384r1;",
        ),
        (
            Form::Haproxy,
            " curves X25519:prime256v1:secp384r1 ",
            " curves X25519MLKEM768:X25519:prime256v1:secp384r1 ",
        ),
        (
            Form::Caddy,
            "curves x25519 secp256r1 secp384r1\n",
            "curves x25519mlkem768 x25519 secp256r1 secp384r1\n",
        ),
    ] {
        let told = "tls.profile (X25519MLKEM768)".to_owned();
        let exported = export(&service, form, &files);
        assert!(exported.text.contains(plain), "{}", exported.text);
        assert!(exported.lost.contains(&told));
        let place = Place {
            post_quantum: true,
            ..Place::new(&files)
        };
        let exported = export_at(&service, form, &place);
        assert!(exported.text.contains(hybrid), "{}", exported.text);
        assert!(!exported.lost.contains(&told));
        // A tool that is too old for it says that it is the group, and nothing else.
        if let Err(answer) = accepted(form, &service, &exported.text, folder.path()) {
            let answer = answer.to_ascii_lowercase();
            assert!(
                answer.contains("x25519mlkem768") || answer.contains("curves"),
                "{answer}"
            );
        }
    }
}

#[test]
fn upstreams_with_tls_are_verified_by_their_names_or_told_to_be_lost() {
    let folder = folder(&["pair.pem", "other.pem"]);
    let mut service = full(folder.path());
    service.upstream = [
        "https://localhost:8444",
        "https://127.0.0.1:8445",
        "https://ip6-localhost:8446",
    ]
    .into_iter()
    .collect();
    for (form, said, unsaid) in [
        (
            Form::Nginx,
            &[
                "proxy_ssl_name localhost;",
                "proxy_ssl_verify on;",
                "proxy_ssl_trusted_certificate ",
                "server localhost:8444;",
            ][..],
            // Neither an address nor a second name can be verified in the same group.
            &["8445", "8446"][..],
        ),
        (
            Form::Haproxy,
            &[
                "verify required ca-file @system-ca verifyhost localhost sni str(localhost)\n",
                "verifyhost ip6-localhost sni str(ip6-localhost)\n",
            ],
            &["8445"],
        ),
        // Go knows addresses in certificates.
        (
            Form::Caddy,
            &[
                "reverse_proxy https://localhost:8444 https://127.0.0.1:8445 https://ip6-localhost:8446",
            ],
            &["insecure"],
        ),
    ] {
        let exported = export(&service, form, &|_| None);
        for words in said {
            assert!(exported.text.contains(words), "{words}: {}", exported.text);
        }
        for words in unsaid {
            assert!(!exported.text.contains(words), "{words}: {}", exported.text);
        }
        let is_told = exported.lost.contains(&"upstream".to_owned());
        assert_eq!(is_told, form != Form::Caddy, "{:?}", exported.lost);
        if form != Form::Haproxy {
            let answer = accepted(form, &service, &exported.text, folder.path());
            assert!(answer.is_ok(), "{answer:?}");
        }
    }
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
    assert!(
        !exported.text.contains("bind 127.0.0.1:8443"),
        "{}",
        exported.text
    );
    for form in SERVERS {
        let refused = export(&service, form, &|_| None).refused;
        assert!(matches!(refused, Some(Refusal::NoClientCa { .. })));
        let lost = export(&service, form, &|_| None).lost;
        assert!(lost.contains(&"tls.client.mode".to_owned()), "{lost:?}");
    }
}

#[test]
fn hosts_with_certificates_of_their_own_reach_the_backend_in_haproxy() {
    let folder = folder(&["pair.pem", "other.pem"]);
    let mut service = full(folder.path());
    service.tls.certificates[0].host = ["fabrikam.com", "WWW.contoso.com", "*.fabrikam.com"]
        .into_iter()
        .collect();
    let all = [
        "www.contoso.com",
        "*.contoso.com",
        "fabrikam.com",
        "*.fabrikam.com",
    ];
    for mode in [Mode::Http, Mode::Tcp] {
        service.mode = mode;
        if mode == Mode::Tcp {
            service.upstream = ["127.0.0.1:5432"].into_iter().collect();
        }
        let exported = export(&service, Form::Haproxy, &|_| None);
        let answer = accepted(Form::Haproxy, &service, &exported.text, folder.path());
        assert!(answer.is_ok(), "{answer:?}");
        // All hosts of one backend: what is read back is led there.
        let imported = import(&exported.text, Form::Haproxy).expect("a frontend");
        assert!(imported.service.host.iter().eq(all), "{}", exported.text);
        assert!(!exported.text.contains("default_backend"));
        // Which of them gets which certificate, the names in it say.
        let told = "tls.certificates[0].host".to_owned();
        assert!(exported.lost.contains(&told));
    }
    service.host = Listed::default();
    let exported = export(&service, Form::Haproxy, &|_| None);
    assert!(exported.text.contains("default_backend keyway_8443\n"));
    assert!(!exported.text.contains("use_backend"));
}

#[test]
fn haproxy_takes_a_separate_key_where_it_is_told_to_be_put() {
    let folder = folder(&["pair.pem", "other.pem"]);
    let mut service = full(folder.path());
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    service.tls.certificates.clear();
    service.tls.certificate = Some(Material::Path(at("made.pem")));
    service.tls.key = Some(Material::Path(at("made.key")));
    let exported = export(&service, Form::Haproxy, &|_| None);
    let told = findings(&exported, Form::Haproxy, "service");
    let told: Vec<String> = told.iter().map(|finding| finding.kind.message()).collect();
    let to = at("made.pem.key");
    assert!(
        told.iter()
            .any(|told| told.contains(&format!("at {to}: put it there"))),
        "{told:?}"
    );
    std::fs::copy(at("made.key"), to).expect("a copy");
    let answer = accepted(Form::Haproxy, &service, &exported.text, folder.path());
    assert!(answer.is_ok(), "{answer:?}");
}

#[test]
fn redirects_keep_the_port_and_are_read_again() {
    let folder = folder(&["pair.pem", "other.pem"]);
    let mut service = full(folder.path());
    for (listen, nginx, haproxy) in [
        (
            "127.0.0.1:8443",
            "https://$host:8443$request_uri;",
            ":8443%[pathq] code 301",
        ),
        (
            "127.0.0.1:443",
            "https://$host$request_uri;",
            "redirect scheme https code 301",
        ),
    ] {
        service.listen = [listen].into_iter().collect();
        for (form, words) in [(Form::Nginx, nginx), (Form::Haproxy, haproxy)] {
            let exported = export(&service, form, &|_| None);
            assert!(exported.text.contains(words), "{}", exported.text);
            let imported = import(&exported.text, form).expect("a server");
            assert!(imported.service.tls.redirect, "{}", exported.text);
            let mut lost = imported.lost.iter();
            assert!(lost.all(|left| turns_away(left)), "{:?}", imported.lost);
        }
    }
}

#[test]
fn hosts_of_other_languages_are_said_as_a_labels() {
    let folder = folder(&["pair.pem", "other.pem"]);
    let mut service = full(folder.path());
    service.host = ["b\u{fc}cher.example", "*.B\u{fc}cher.example"]
        .into_iter()
        .collect();
    for form in
        SERVERS
            .into_iter()
            .chain([Form::KubernetesIngress, Form::Gateway, Form::CertManager])
    {
        let exported = export(&service, form, &|_| None);
        assert!(
            exported.text.contains("xn--bcher-kva.example"),
            "{}",
            exported.text
        );
        assert!(
            !exported.lost.contains(&"host".to_owned()),
            "{form:?}: {:?}",
            exported.lost
        );
        if SERVERS.contains(&form) {
            let answer = accepted(form, &service, &exported.text, folder.path());
            assert!(answer.is_ok(), "{answer:?}");
        }
    }
    service.host.0.truncate(1);
    for form in [
        Form::AzureCli,
        Form::AzureCluster,
        Form::AzureContainer,
        Form::AzurePython,
    ] {
        let exported = export(&service, form, &|_| None);
        assert!(
            exported.text.contains("xn--bcher-kva.example"),
            "{}",
            exported.text
        );
        assert!(
            !exported.lost.contains(&"host".to_owned()),
            "{:?}",
            exported.lost
        );
    }
}

#[test]
fn the_part_of_a_list_that_is_left_out_is_named() {
    let folder = folder(&[]);
    let mut service = full(folder.path());
    service.host = ["www.contoso.com", "*.contoso.com", "a b", "2001:db8::7"]
        .into_iter()
        .collect();
    // HAProxy compares names up to the first colon.
    let left = |form| {
        if form == Form::Haproxy {
            "a b, 2001:db8::7"
        } else {
            "a b"
        }
    };
    service
        .upstream
        .0
        .push("http://me:opensesame@x/".to_owned());
    for form in SERVERS {
        let exported = export(&service, form, &|_| None);
        let told = findings(&exported, form, "service");
        let told = |field: &str| {
            let found = told
                .iter()
                .find(|finding| finding.at.field.as_deref() == Some(field));
            found.expect("a finding").kind.message()
        };
        let (host, upstream) = (told("host"), told("upstream"));
        let expected = format!("left out are {}.", left(form));
        assert!(host.ends_with(&expected), "{host}");
        assert!(
            upstream.ends_with("left out are http://[redacted]@x/."),
            "{upstream}"
        );
    }
}
