//! What exports say of names that nobody has, of proxies, of upstreams that are looked at, of responses and of
//! tickets; and what two of them are in one place.

use std::fs;
use std::path::Path;
use std::process::Command;

use keyway_config::Service;
use keyway_config::forms::{Form, Refusal, export, findings};
use keyway_config::model::{Balance, Health, Listed, Mode, ProxyVersion};
use keyway_report::Kind as _;

use crate::judges::{SERVERS, accepted, folder, full, import};

fn list<const N: usize>(texts: [&str; N]) -> Listed {
    texts.into_iter().collect()
}

/// What is written, and what is told of a field.
fn written(service: &Service, form: Form, field: &str) -> (String, Option<String>) {
    let exported = export(service, form, &|_| None);
    let mut told = findings(&exported, form, "service").into_iter();
    let told = told.find(|finding| finding.at.field.as_deref() == Some(field));
    (exported.text, told.map(|finding| finding.kind.message()))
}

#[test]
fn names_that_nobody_has_are_turned_away_or_it_is_told_why_not() {
    let folder = folder(&["pair.pem", "other.pem"]);
    let field = "tls.default_certificate";
    let away = [
        (
            Form::Nginx,
            "    listen 127.0.0.1:8443 ssl http2 default_server;\n    server_name _;\n    ssl_reject_handshake on;\n",
        ),
        (Form::Haproxy, " strict-sni "),
    ];
    let everybody = [
        (
            Form::Nginx,
            "    listen 127.0.0.1:8443 ssl http2 default_server;\n    server_name www.contoso.com",
        ),
        (
            Form::Haproxy,
            "\n    default_backend keyway_www.contoso.com_8443\n",
        ),
        (Form::Caddy, ", https://:8443 {\n"),
    ];
    let mut service = full(folder.path());
    for (form, words) in away {
        let (text, told) = written(&service, form, field);
        assert!(text.contains(words) && told.is_none(), "{told:?} {text}");
    }
    // Go chooses by the names alone.
    let (text, told) = written(&service, Form::Caddy, field);
    assert!(!text.contains("https://:8443") && told.is_none(), "{text}");
    service.tls.default_certificate = true;
    for (form, words) in everybody {
        let (text, told) = written(&service, form, field);
        assert!(text.contains(words) && told.is_none(), "{told:?} {text}");
        assert!(
            !text.contains(away[0].1) && !text.contains(away[1].1),
            "{text}"
        );
        let answer = accepted(form, &service, &text, folder.path());
        assert!(answer.is_ok(), "{answer:?}");
    }
    service.tls.default_certificate = false;
    // Whoever comes to an address asks for no name.
    service.host = list(["www.contoso.com", "127.0.0.1"]);
    for (form, words) in away {
        let (text, told) = written(&service, form, field);
        assert!(!text.contains(words), "{text}");
        assert!(told.expect("a word").contains("comes to an address"));
    }
    service.host = Listed::default();
    service.tls.certificates.clear();
    for (form, is_told) in [
        (Form::Nginx, true),
        (Form::Haproxy, false),
        (Form::Caddy, true),
    ] {
        let (text, told) = written(&service, form, field);
        assert_eq!(told.is_some(), is_told, "{form:?} {told:?} {text}");
    }
}

#[test]
fn the_server_that_turns_others_away_speaks_tls_as_the_others_do() {
    let folder = folder(&["pair.pem", "other.pem"]);
    let exported = export(&full(folder.path()), Form::Nginx, &|_| None);
    // The versions and the keys of tickets are those of the default server, whoever is asked for.
    for words in [
        "ssl_protocols ",
        "ssl_session_tickets ",
        "ssl_client_certificate ",
    ] {
        assert_eq!(exported.text.matches(words).count(), 3, "{}", exported.text);
    }
    assert!(exported.text.contains("    return 421;\n"));
}

/// Two services at one address.
fn both(folder: &Path) -> [Service; 2] {
    let mut first = full(folder);
    first.tls.redirect = false;
    let mut second = first.clone();
    second.host = list(["shop.contoso.com"]);
    second.tls.certificates.clear();
    [first, second]
}

#[test]
fn services_at_two_addresses_fit_into_one_file() {
    let folder = folder(&["pair.pem", "other.pem"]);
    let [first, second] = both(folder.path());
    let mut third = second.clone();
    third.listen = list(["127.0.0.1:9443"]);
    for form in [Form::Nginx, Form::Haproxy] {
        let [first_text, second, third] =
            [&first, &second, &third].map(|service| export(service, form, &|_| None).text);
        let mut together = format!("{first_text}\n{third}");
        if form == Form::Nginx {
            // An address has one server that turns others away.
            let (second, _) = second
                .split_once("\n# Whoever asks")
                .expect("such a server");
            together = format!("{together}\n{second}");
        }
        let answer = accepted(form, &first, &together, folder.path());
        assert!(answer.is_ok(), "{form:?} {answer:?}: {together}");
        assert!(
            together.contains("keyway_shop.contoso.com_9443"),
            "{together}"
        );
    }
}

#[test]
fn two_exports_at_one_address_are_refused_in_one_file() {
    let folder = folder(&["pair.pem", "other.pem"]);
    let [first, mut second] = both(folder.path());
    for (form, words) in [
        (Form::Nginx, "duplicate default server"),
        (Form::Haproxy, "has the same name as"),
    ] {
        for name in [None, Some("shop".to_owned())] {
            second.name = name;
            let texts = [&first, &second].map(|service| export(service, form, &|_| None).text);
            let answer = accepted(form, &first, &texts.join("\n"), folder.path());
            let told = answer.expect_err("two at one address");
            assert!(told.contains(words), "{form:?} {told}");
        }
    }
    // The name is the backend's, and read from there.
    let imported = import(
        &export(&second, Form::Haproxy, &|_| None).text,
        Form::Haproxy,
    );
    assert_eq!(
        imported.expect("a frontend").service.name.as_deref(),
        Some("shop")
    );
}

#[test]
fn who_comes_by_a_proxy_is_served_or_the_export_is_refused() {
    let folder = folder(&["pair.pem", "other.pem"]);
    let mut service = full(folder.path());
    let field = "proxy_protocol.from";
    service.proxy_protocol.from = list(["10.0.0.0/8", "::ffff:192.0.2.1", "::1"]);
    let nginx = ":8443 ssl http2 proxy_protocol default_server;";
    let trusted = "    set_real_ip_from 10.0.0.0/8;\n    set_real_ip_from 192.0.2.1;\n    set_real_ip_from ::1;\n";
    let haproxy =
        "    tcp-request connection expect-proxy layer4 if { src 10.0.0.0/8 192.0.2.1 ::1 }\n";
    for mode in [Mode::Http, Mode::Tcp] {
        service.mode = mode;
        if mode == Mode::Tcp {
            service.upstream = list(["127.0.0.1:5432"]);
            service.proxy_protocol.send = Some(ProxyVersion::V1);
        }
        let (text, told) = written(&service, Form::Nginx, field);
        assert!(text.contains(trusted), "{text}");
        assert_eq!(text.contains(nginx), mode == Mode::Http, "{text}");
        assert_eq!(
            text.contains("    proxy_protocol on;\n"),
            mode == Mode::Tcp,
            "{text}"
        );
        assert!(told.expect("a word").contains("without the header"));
        let answer = accepted(Form::Nginx, &service, &text, folder.path());
        assert!(answer.is_ok(), "{answer:?} {text}");
        let (text, told) = written(&service, Form::Haproxy, field);
        // Plain http comes by the same proxy.
        let times = if mode == Mode::Http { 2 } else { 1 };
        assert_eq!(text.matches(haproxy).count(), times, "{text}");
        assert_eq!(told, None);
        let answer = accepted(Form::Haproxy, &service, &text, folder.path());
        assert!(answer.is_ok(), "{answer:?} {text}");
    }
    service.proxy_protocol.send = Some(ProxyVersion::V2);
    let (text, _) = written(&service, Form::Haproxy, field);
    assert!(text.contains(" send-proxy-v2"), "{text}");
    let refused = |service: &Service, form| export(service, form, &|_| None).refused;
    let is_refused = |service: &Service, form, field: &str| matches!(refused(service, form), Some(Refusal::ProxyProtocol { field: told, .. }) if told == field);
    assert!(is_refused(&service, Form::Nginx, "proxy_protocol.send"));
    let mut service = full(folder.path());
    service.proxy_protocol.from = list(["10.0.0.0/8"]);
    assert!(is_refused(&service, Form::Caddy, field));
    service.proxy_protocol.from = list(["10.0.0.0/8", "everywhere"]);
    for form in SERVERS {
        assert!(is_refused(&service, form, field), "{form:?}");
    }
}

#[test]
fn upstreams_share_and_are_looked_at_as_the_service_says() {
    let folder = folder(&["pair.pem", "other.pem"]);
    let mut service = full(folder.path());
    service.host = list(["*.contoso.com", "www.contoso.com"]);
    service.balance = Balance::LeastBusy;
    service.health = Some(Health {
        path: Some("/up?deep=1".to_owned()),
        every: Some(3),
    });
    let all: [(Form, &[&str]); 3] = [
        (Form::Nginx, &["    least_conn;\n"]),
        (
            Form::Haproxy,
            &[
                "    balance leastconn\n    option httpchk\n    \
                 http-check send meth GET uri '/up?deep=1' ver HTTP/1.1 hdr Host www.contoso.com\n",
                "server s1 127.0.0.1:5001 check inter 3s rise 1 fall 1\n",
            ],
        ),
        (
            Form::Caddy,
            &[
                "lb_policy least_conn\n\t\thealth_uri /up?deep=1\n\t\thealth_interval 3s\n\t\thealth_timeout 3s\n",
            ],
        ),
    ];
    for (form, words) in all {
        let (text, told) = written(&service, form, "health.path");
        assert!(words.iter().all(|words| text.contains(words)), "{text}");
        assert_eq!(told.is_some(), form == Form::Nginx, "{told:?}");
        assert_eq!(written(&service, form, "balance").1, None);
        let answer = accepted(form, &service, &text, folder.path());
        assert!(answer.is_ok(), "{form:?} {answer:?} {text}");
    }
    service.balance = Balance::RoundRobin;
    let (text, _) = written(&service, Form::Caddy, "balance");
    assert!(text.contains("lb_policy round_robin\n"), "{text}");
    // To take a connection is enough: HAProxy looks at that, too.
    service.health = Some(Health {
        path: None,
        every: Some(3),
    });
    let (text, told) = written(&service, Form::Haproxy, "health.every");
    assert!(
        text.contains(" check inter 3s") && !text.contains("httpchk") && told.is_none(),
        "{text}"
    );
    let (text, told) = written(&service, Form::Caddy, "health.every");
    assert!(!text.contains("health_"), "{text}");
    assert!(told.expect("a word").contains("set `health.path`"));
    service.health = Some(Health {
        path: Some("/a b".to_owned()),
        every: None,
    });
    for form in SERVERS {
        assert!(written(&service, form, "health.path").1.is_some());
    }
}

#[test]
fn responses_and_tickets_are_named_where_they_can_be() {
    let folder = folder(&["pair.pem", "other.pem"]);
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let mut service = full(folder.path());
    for (name, bytes) in [("one.key", [1_u8; 80]), ("two.key", [2; 80])] {
        fs::write(at(name), bytes).expect("a file");
    }
    service.tls.ticket_keys = [at("one.key"), at("two.key")].into_iter().collect();
    service.tls.certificates[0].ocsp = Some(at("other.der"));
    let (text, told) = written(&service, Form::Nginx, "tls.ticket_keys");
    let lines = format!(
        "    ssl_session_tickets on;\n    ssl_session_ticket_key {};\n    ssl_session_ticket_key {};\n",
        at("one.key"),
        at("two.key")
    );
    assert_eq!((text.matches(&lines).count(), told), (3, None), "{text}");
    let stapled = format!(
        "    ssl_stapling on;\n    ssl_stapling_file {};\n",
        at("other.der")
    );
    assert_eq!(text.matches(&stapled).count(), 1, "{text}");
    // A response that is none is what nginx minds, and nothing else.
    let without = text.replace(&stapled, "");
    let answer = accepted(Form::Nginx, &service, &without, folder.path());
    assert!(answer.is_ok(), "{answer:?}");
    let answer = accepted(Form::Nginx, &service, &text, folder.path());
    assert!(answer.expect_err("no response").contains("other.der"));
    let field = "tls.certificates[0].ocsp";
    let (_, told) = written(&service, Form::Haproxy, field);
    let expected = format!("at {}: have it written there.", at("other.pem.ocsp"));
    assert!(told.expect("a word").ends_with(&expected));
    let (_, told) = written(&service, Form::Caddy, field);
    assert!(told.expect("a word").contains("asks the CA"));
    assert!(
        written(&service, Form::Caddy, "tls.ticket_keys")
            .1
            .is_some()
    );
}

/// Runs a command in a folder.
fn shell(command: &str, folder: &Path) {
    let status = Command::new("sh")
        .args(["-c", command])
        .current_dir(folder)
        .status();
    assert!(status.expect("a shell").success(), "{command}");
}

#[test]
fn keys_of_tickets_go_to_haproxy_and_come_back_by_the_commands_that_are_told() {
    let folder = folder(&["pair.pem", "other.pem"]);
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let mut service = full(folder.path());
    for count in 1..=3 {
        let names: Vec<String> = (1..=count).map(|key| format!("it's {key}.key")).collect();
        for (name, byte) in names.iter().zip(1..) {
            fs::write(at(name), [byte; 80]).expect("a file");
        }
        service.tls.ticket_keys = names.iter().map(|name| at(name)).collect();
        let (text, told) = written(&service, Form::Haproxy, "tls.ticket_keys");
        let told = told.expect("a word");
        let command = told
            .split('`')
            .find(|part| part.starts_with("umask "))
            .expect("a command");
        let file = at("tickets");
        shell(&command.replace("FILE", &file), folder.path());
        let text = text.replace("no-tls-tickets", &format!("tls-ticket-keys {file}"));
        let answer = accepted(Form::Haproxy, &service, &text, folder.path());
        assert!(answer.is_ok(), "{answer:?}");
        let lost = import(&text, Form::Haproxy).expect("a frontend").lost;
        let back = lost.iter().find_map(|lost| {
            let at = lost.find("umask ")?;
            lost.get(at..)
        });
        shell(
            &back.expect("a command").replace("FILE", &file),
            folder.path(),
        );
        // The first is written with there, and the first of the names here.
        let keys = ["2.key", "1.key", "3.key"].map(|name| fs::read(at(name)).expect("a key"));
        let first: Vec<u8> = keys.iter().map(|key| key[0]).collect();
        let expected = [[1, 1, 1], [1, 2, 2], [1, 2, 3]][count - 1];
        assert_eq!(first, expected);
        assert!(keys.iter().all(|key| key.len() == 80));
    }
}
