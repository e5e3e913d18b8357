//! A service at another port than 443: what is looked for there, and what is told of it, at a real name server.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod name_servers;
mod stage;
mod tls_server;

use keyway_testkit::Chain;
use name_servers::NameServer;
use stage::{Run, Stage};
use tls_server::TlsServer;

const PIN: &str = "3 1 1 AA00AA00AA00AA00AA00AA00AA00AA00AA00AA00AA00AA00AA00AA00AA00AA00";

fn zone(lines: &str) -> String {
    format!(
        "$ORIGIN example.com.\n$TTL 300\n@ SOA ns1 admin 1 3600 600 86400 2\n@ NS ns1\nns1 A 127.0.0.1\n\
         www A 192.0.2.9\n{lines}"
    )
}

fn plan(stage: &Stage, server: &NameServer, more: &str) -> Run {
    let at = server.address();
    stage.run(&format!(
        "dns plan --host www.example.com --server {at} --settled {more}"
    ))
}

/// What a command printed, whatever its lines are broken at.
fn text(run: &Run) -> String {
    let all = format!("{} {}", run.stdout, run.stderr);
    all.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_a_plan_says_is_looked_at_where_its_service_is() {
    let names = NameServer::bind(&zone(""), &["hmac-sha256"]);
    let service = TlsServer::start(&Chain::good());
    let stage = Stage::new();
    let at = names.address();
    let endpoint = format!("https://127.0.0.1:{}", service.port);
    let more = format!("--endpoint {endpoint} --out plan.json");
    let made = plan(&stage, &names, &more);
    assert_eq!(made.code, Some(0), "{made:?}");
    let key = names.path("hmac-sha256.key");
    let applied = stage.run(&format!(
        "dns apply --plan plan.json --server {at} --no-other-servers --tsig {}",
        key.display()
    ));
    assert_eq!(applied.code, Some(0), "{applied:?}");
    let seen = |more: &str| {
        stage.run(&format!(
            "dns verify --plan plan.json --cert fullchain.pem --server {at} --no-other-servers {more}"
        ))
    };
    let own = seen("");
    assert_eq!(own.code, Some(0), "{own:?}");
    // Somebody may look at another one.
    let other = seen("--connect-port 1 --timeout 1");
    assert_eq!(other.code, Some(1), "{other:?}");
    assert!(text(&other).contains("dns.address-without-service"));
}

#[test]
fn a_name_that_moves_without_the_pins_of_its_port_or_those_an_alias_leads_to_is_told_of() {
    let names = NameServer::bind(
        &zone(&format!(
            "_8443._tcp.www TLSA {PIN}\n_443._tcp.www CNAME pins\n_25._tcp.www CNAME ns1\npins TLSA {PIN}\n"
        )),
        &[],
    );
    let stage = Stage::new();
    let usual = text(&plan(&stage, &names, "--endpoint 192.0.2.8"));
    assert!(
        usual.contains("the pins at _443._tcp.www.example.com stay"),
        "{usual}"
    );
    let more = "--endpoint https://192.0.2.8:8443";
    let told = text(&plan(&stage, &names, more));
    assert!(
        told.contains("_443._tcp.www.example.com, _8443._tcp.www.example.com stay"),
        "{told}"
    );
}

#[test]
fn an_https_record_of_its_port_that_leads_to_the_old_place_is_an_error() {
    let lines = "_8443._https.www HTTPS 1 www alpn=h2 ipv4hint=192.0.2.9\n";
    let names = NameServer::bind(&zone(lines), &[]);
    let stage = Stage::new();
    let usual = plan(&stage, &names, "--endpoint 192.0.2.8");
    assert_eq!(usual.code, Some(0), "{usual:?}");
    let more = "--endpoint https://192.0.2.8:8443";
    let made = plan(&stage, &names, more);
    assert_eq!(made.code, Some(1), "{made:?}");
    assert!(
        text(&made).contains("dns.https-record-conflict"),
        "{made:?}"
    );
    let replaced = plan(&stage, &names, &format!("{more} --https"));
    assert_eq!(replaced.code, Some(0), "{replaced:?}");
    // So it is where that stands.
    let verify = |address: &str| {
        stage.run(&format!(
            "dns verify --host www.example.com --endpoint https://{address}:8443 --server {} --no-other-servers",
            names.address()
        ))
    };
    let other = verify("192.0.2.8");
    assert_eq!(other.code, Some(1), "{other:?}");
    let own = verify("192.0.2.9");
    assert_eq!(own.code, Some(0), "{own:?}");
}

#[test]
fn a_port_that_is_none_is_refused() {
    let stage = Stage::new();
    for endpoint in ["https://192.0.2.8:99999", "https://192.0.2.8:0"] {
        let refused = stage.run(&format!(
            "dns plan --host www.example.com --endpoint {endpoint} --https --server 127.0.0.1:1"
        ));
        assert_eq!(refused.code, Some(2), "{refused:?}");
        assert!(
            text(&refused).contains("a port that is none"),
            "{refused:?}"
        );
    }
}

#[test]
fn what_is_served_is_looked_at_by_the_port_of_each_place() {
    let zone = zone("www A 127.0.0.2\n").replace("192.0.2.9", "127.0.0.1");
    let names = NameServer::bind(&zone, &[]);
    let service = TlsServer::start(&Chain::good());
    let stage = Stage::new();
    let seen = stage.run(&format!(
        "dns verify --host www.example.com --endpoint https://127.0.0.1:{} --endpoint 127.0.0.2:1 --cert \
         fullchain.pem --timeout 1 --server {} --no-other-servers",
        service.port,
        names.address()
    ));
    let told = text(&seen);
    assert!(!told.contains(" at 127.0.0.1:"), "{told}");
    assert!(told.contains(" at 127.0.0.2:1:"), "{told}");
    assert!(!told.contains(":443"), "{told}");
    // A plan says as much.
    let more = format!(
        "--endpoint https://127.0.0.1:{} --endpoint 127.0.0.2:1 --out plan.json",
        service.port
    );
    let made = plan(&stage, &names, &more);
    assert_eq!(made.code, Some(0), "{made:?}");
    let seen = stage.run(&format!(
        "dns verify --plan plan.json --cert fullchain.pem --timeout 1 --server {} --no-other-servers",
        names.address()
    ));
    let told = text(&seen);
    assert!(!told.contains(" at 127.0.0.1:"), "{told}");
    assert!(told.contains(" at 127.0.0.2:1:"), "{told}");
    assert!(!told.contains(":443"), "{told}");
}

#[test]
fn an_https_url_says_its_port_though_the_service_listens_at_another() {
    let stage = Stage::new();
    stage.write("zone", &zone(""));
    let said = |endpoint: &str| {
        stage.write(
            "keyway.toml",
            &format!(
                "host = \"www.example.com\"\nendpoint = \"{endpoint}\"\nupstream = \"http://127.0.0.1:5001\"\n\
                 listen = \"[::]:8443\"\n[tls]\ncertificate = \"fullchain.pem\"\nkey = \"key.pem\"\n"
            ),
        );
        text(&stage.run("dns plan keyway.toml --zone-file zone --tlsa fullchain.pem --https"))
    };
    assert!(!said("https://192.0.2.9").contains("dns.other-port"));
    assert!(said("192.0.2.9").contains("dns.other-port"));
}

#[test]
fn an_https_record_that_leads_to_another_port_than_that_of_the_endpoint_is_an_error() {
    let names = NameServer::bind(&zone("www HTTPS 1 . alpn=h2 port=8443\n"), &[]);
    let stage = Stage::new();
    let verify = |endpoint: &str| {
        stage.run(&format!(
            "dns verify --host www.example.com --endpoint {endpoint} --server {} --no-other-servers",
            names.address()
        ))
    };
    for (endpoint, code) in [
        ("https://192.0.2.9", 1),
        ("https://192.0.2.9:8443", 0),
        // Whose clients ask at another name (RFC 9460, section 9.1).
        ("https://192.0.2.9:9443", 0),
        // Nobody said at which port it is.
        ("192.0.2.9", 0),
    ] {
        let seen = verify(endpoint);
        assert_eq!(seen.code, Some(code), "{endpoint}: {seen:?}");
        let made = plan(&stage, &names, &format!("--endpoint {endpoint}"));
        assert_eq!(made.code, Some(code), "{endpoint}: {made:?}");
        let told = text(&made).contains("sends browsers to port 8443 of www.example.com");
        assert_eq!(told, code == 1, "{endpoint}: {made:?}");
    }
}

#[test]
fn an_https_record_of_the_port_of_the_endpoint_that_leads_to_another_one_is_an_error() {
    let lines = "www HTTPS 1 . port=443\n_8443._https.www HTTPS 1 www port=444\n";
    let names = NameServer::bind(&zone(lines), &[]);
    let stage = Stage::new();
    for command in ["plan --settled", "verify --no-other-servers"] {
        let seen = |port: &str| {
            stage.run(&format!(
                "dns {command} --host www.example.com --endpoint https://192.0.2.9:{port} --server {}",
                names.address()
            ))
        };
        let own = seen("8443");
        assert_eq!(own.code, Some(1), "{own:?}");
        let told = text(&own);
        assert!(
            told.contains("sends browsers to port 444 of www.example.com"),
            "{told}"
        );
        assert!(!told.contains("port 443 of"), "{told}");
        let usual = seen("443");
        assert_eq!(usual.code, Some(0), "{usual:?}");
    }
}
