//! From the files to where DNS points: which link `keyway check --connect HOST FILE` names as the first that is broken.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod serving;
mod stage;
mod tls_server;

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};

use keyway_testkit::{Chain, DAY, GeneralName, NOW, own_port};
use serde_json::Value;
use serving::{Serving, backend, service_file};
use stage::{Run, Stage};
use tls_server::TlsServer;

const GOOD: &str = "fullchain.pem --key key.pem";

/// Looks at a port of loopback for the name of the kit.
fn connect(stage: &Stage, port: u16, more: &str) -> Run {
    let host = "--sni www.example.com --host www.example.com --timeout 2";
    stage.check(&format!("--connect 127.0.0.1:{port} {host} {more}"))
}

fn told(stage: &Stage, port: u16, more: &str) -> Value {
    connect(stage, port, &format!("{more} --format json")).json()
}

fn link<'t>(told: &'t Value, name: &str) -> (&'t str, &'t str) {
    let links = told["links"].as_array().unwrap();
    let link = links.iter().find(|link| link["link"] == name).unwrap();
    (
        link["holds"].as_str().unwrap(),
        link["why"].as_str().unwrap(),
    )
}

#[test]
fn files_that_no_server_should_serve_are_the_first_broken_link() {
    let stage = Stage::new();
    let server = TlsServer::start(&Chain::good());
    let other = Chain::with_leaf(|leaf| leaf.san(&[GeneralName::dns("other.example.net")]));
    stage.write("other.pem", &other.fullchain_pem());
    stage.write("other-host-key.pem", &other.key_pem());
    for (files, code) in [
        ("expired.pem --key key.pem", "time.expired"),
        ("fullchain.pem --key other-key.pem", "key.mismatch"),
        ("other.pem --key other-host-key.pem", "name.mismatch"),
    ] {
        let told = told(&stage, server.port, files);
        assert_eq!(told["broken"], "file", "{files}: {told}");
        let (holds, why) = link(&told, "file");
        assert_eq!(holds, "no");
        assert!(why.contains(code), "{why}");
        assert!(!link(&told, "served").1.contains("reloaded"), "{told}");
    }
    let good = told(&stage, server.port, GOOD);
    assert_eq!(link(&good, "file").0, "yes");
}

#[test]
fn a_running_server_says_by_its_metrics_whether_it_has_loaded_the_files() {
    let stage = Stage::new();
    let port = service_file(&stage, &backend("hello"), "");
    let metrics = own_port();
    let _serving = Serving::start(&stage, &format!("--metrics 127.0.0.1:{metrics}"));
    let ask = format!("--metrics 127.0.0.1:{metrics}");
    let good = told(&stage, port, &format!("{GOOD} {ask}"));
    let (holds, why) = link(&good, "loaded");
    assert_eq!(holds, "yes", "{good}");
    assert_eq!(why, format!("127.0.0.1:{metrics} has loaded it"));
    assert!(!good["not_checked"].to_string().contains("has loaded"));
    let (holds, why) = {
        let good = told(&stage, port, GOOD);
        let (holds, why) = link(&good, "loaded");
        (holds.to_owned(), why.to_owned())
    };
    assert_eq!(holds, "unknown");
    assert!(why.contains("not asked: --metrics ADDRESS"), "{why}");
    // The pair on disk is a later one, which the server has not read.
    let later = Chain::with_leaf(|leaf| leaf.not_after(NOW + 30 * DAY));
    stage.write("later.pem", &later.fullchain_pem());
    stage.write("later-key.pem", &later.key_pem());
    let later = told(
        &stage,
        port,
        &format!("later.pem --key later-key.pem {ask}"),
    );
    assert_eq!(later["broken"], "loaded", "{later}");
    assert!(link(&later, "loaded").1.contains("has not loaded it"));
    let nobody = told(&stage, port, &format!("{GOOD} --metrics 127.0.0.1:1"));
    assert_eq!(link(&nobody, "loaded").0, "unknown", "{nobody}");
    assert_eq!(connect(&stage, port, &ask).code, Some(2), "without FILE");
}

#[test]
fn who_answers_without_end_or_with_something_else_has_not_said_what_is_loaded() {
    let stage = Stage::new();
    let server = TlsServer::start(&Chain::good());
    let mute = tls_server::mute();
    let endless = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let endless_port = endless.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in endless.incoming() {
            let mut stream = stream?;
            let _ = stream.read(&mut [0; 256])?;
            while stream.write_all(&[b'a'; 1 << 14]).is_ok() {}
        }
        Ok::<(), std::io::Error>(())
    });
    for port in [mute, endless_port, tls_server::plain()] {
        let told = told(
            &stage,
            server.port,
            &format!("{GOOD} --metrics 127.0.0.1:{port}"),
        );
        let (holds, why) = link(&told, "loaded");
        assert_eq!(holds, "unknown", "{told}");
        assert!(why.contains("did not say"), "{why}");
        assert_eq!(link(&told, "served").0, "yes");
    }
}

#[test]
fn a_service_file_is_held_against_what_is_served() {
    let stage = Stage::new();
    let port = service_file(&stage, &backend("hello"), "");
    let _serving = Serving::start(&stage, "");
    // Its first host is asked for, and judged.
    let run = |file: &str| stage.check(&format!("--connect 127.0.0.1:{port} {file} --format json"));
    let good = run("keyway.toml");
    assert_eq!(good.code, Some(0), "{}", good.said());
    let good = good.json();
    assert_eq!(good["sni"], "www.example.com");
    assert_eq!(link(&good, "file").0, "yes");
    assert_eq!(link(&good, "served").0, "yes");
    // A certificate beside it that is not good: a server refuses the whole file.
    let two = "host = \"www.example.com\"\nupstream = \"http://127.0.0.1:1\"\n[tls]\ncertificate = \"fullchain.pem\"\nkey \
               = \"key.pem\"\n[[tls.certificates]]\nhost = \"old.example.com\"\ncertificate = \"expired.pem\"\nkey = \
               \"key.pem\"\n";
    stage.write("two.toml", two);
    let bad = run("two.toml").json();
    assert_eq!(bad["broken"], "file", "{bad}");
    assert!(link(&bad, "file").1.contains("expired.pem: "), "{bad}");
    assert!(bad["not_checked"].to_string().contains("1 more host"));
    let nobody = stage.check(&format!(
        "--connect 127.0.0.1:{port} --sni x.example.net keyway.toml --format json"
    ));
    let nobody = nobody.json();
    assert_eq!(nobody["broken"], "file", "{nobody}");
    assert!(link(&nobody, "file").1.contains("is for x.example.net"));
    let key = run("keyway.toml --key key.pem");
    assert_eq!(key.code, Some(2));
    assert!(
        key.stderr.contains("beside a service file"),
        "{}",
        key.stderr
    );
}
