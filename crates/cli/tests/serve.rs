//! `keyway serve` as an operator runs it: files, signals, and the clients that people use.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod serving;
mod stage;

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use keyway_testkit::{Certificate, Chain, DAY, KeyKind, NOW, own_port};
use serving::{Ends, Serving, backend, curl, h2load, s_client, service_file, until};
use stage::Stage;

#[test]
fn curl_gets_what_is_behind_by_both_versions_of_http() {
    let stage = Stage::new();
    let port = service_file(&stage, &backend("hello"), "");
    let serving = Serving::start(&stage, "--access-log json");
    for (flag, version) in [("--http1.1", "1.1"), ("--http2", "2")] {
        let answer = curl(&stage, port, &[flag, "-w", " %{http_version}"], "/a?b");
        assert_eq!(answer, format!("hello {version}"));
    }
    let (run, lines) = serving.end();
    assert_eq!(run, Some(0));
    assert!(
        lines.stderr.contains("ended: nothing was cut"),
        "{}",
        lines.stderr
    );
    let logged: Vec<serde_json::Value> = lines
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(logged.len(), 2);
    assert_eq!(logged[0]["target"], "/a?b");
    assert_eq!(logged[1]["version"], "HTTP/2.0");
    assert_eq!(logged[1]["status"], 200);
    let time = logged[1]["time"].as_str().unwrap();
    assert_eq!(time.len(), "2026-11-23T00:00:00.000Z".len());
}

#[test]
fn openssl_sees_the_whole_chain_and_no_stranger_sees_any() {
    let stage = Stage::new();
    let port = service_file(&stage, &backend("hello"), "");
    let serving = Serving::start(&stage, "");
    let seen = s_client(&stage, port, "www.example.com");
    assert!(seen.contains("Verify return code: 0 (ok)"), "{seen}");
    assert_eq!(
        seen.matches("-----BEGIN CERTIFICATE-----").count(),
        3,
        "{seen}"
    );
    let stranger = s_client(&stage, port, "stranger.example.org");
    assert!(stranger.contains("unrecognized name"), "{stranger}");
    assert!(!stranger.contains("BEGIN CERTIFICATE"), "{stranger}");
    serving.wait_for("who asked for \"stranger.example.org\" (connection.unrecognized-name)");
}

#[test]
fn a_connection_that_came_to_nothing_is_told_by_a_code_that_explain_knows() {
    let stage = Stage::new();
    let port = service_file(&stage, &backend("hello"), "");
    let serving = Serving::start(&stage, "--access-log json");
    s_client(&stage, port, "stranger.example.org");
    serving.wait_for("(connection.unrecognized-name): no certificate is for this name");
    let (_, lines) = serving.end();
    let told: serde_json::Value = serde_json::from_str(lines.stdout.trim()).unwrap();
    assert_eq!(told["name"], "stranger.example.org");
    let run = stage.run(&format!("explain {}", told["refused"].as_str().unwrap()));
    assert_eq!(run.code, Some(0), "{}", run.said());
    assert!(
        run.stdout.contains(told["cause"].as_str().unwrap()),
        "{}",
        run.said()
    );
}

/// Another good pair for the same host.
fn renewed() -> Chain {
    Chain::with_leaf(|leaf| leaf.key(KeyKind::P384).not_after(NOW + 20 * DAY))
}

/// The fingerprint of the leaf that is served.
fn served(stage: &Stage, port: u16) -> String {
    let seen = s_client(stage, port, "www.example.com");
    let start = seen.find("-----BEGIN CERTIFICATE-----").unwrap();
    let end = seen.find("-----END CERTIFICATE-----").unwrap();
    let body: String = seen[start..end].lines().skip(1).collect();
    body
}

fn body(certificate: &Certificate) -> String {
    let pem = certificate.pem();
    let lines = pem.lines();
    lines.filter(|line| !line.starts_with('-')).collect()
}

#[test]
fn a_new_pair_is_served_when_both_files_are_there_and_a_broken_one_never() {
    let stage = Stage::new();
    let port = service_file(&stage, &backend("hello"), "");
    let serving = Serving::start(&stage, "");
    let (old, new) = (Chain::good(), renewed());
    assert_eq!(served(&stage, port), body(&old.leaf));

    // The certificate alone: its key is not there yet.
    stage.write("fullchain.pem", &new.fullchain_pem());
    serving.wait_for("not reloaded, what was served is served on:");
    serving.wait_for("key.mismatch");
    assert_eq!(served(&stage, port), body(&old.leaf));
    stage.write("key.pem", &new.key_pem());
    serving.wait_for("reloaded: serving www.example.com");
    assert_eq!(served(&stage, port), body(&new.leaf));

    let expired = fs::read_to_string(stage.path().join("expired.pem")).unwrap();
    for (broken, code) in [
        ("half a cert", "pem.no-certificate"),
        (expired.as_str(), "time.expired"),
    ] {
        stage.write("fullchain.pem", broken);
        stage.write("key.pem", &old.key_pem());
        serving.wait_for(code);
        assert_eq!(served(&stage, port), body(&new.leaf));
    }
    fs::remove_file(stage.path().join("fullchain.pem")).unwrap();
    serving.wait_for("cannot read fullchain.pem");
    assert_eq!(served(&stage, port), body(&new.leaf));
}

#[test]
fn a_link_that_is_set_anew_is_followed() {
    use std::os::unix::fs::symlink;
    // As a Secret is mounted: in a folder of its own, which the sandbox lets in with all that its links lead to next.
    let (stage, mounted) = (Stage::new(), Stage::new());
    let new = renewed();
    for (version, chain) in [("v1", &Chain::good()), ("v2", &new)] {
        mounted.write(&format!("{version}/tls.crt"), &chain.fullchain_pem());
        mounted.write(&format!("{version}/tls.key"), &chain.key_pem());
    }
    let at = |name: &str| mounted.path().join(name);
    symlink("v1", at("..data")).unwrap();
    for name in ["tls.crt", "tls.key"] {
        symlink(format!("..data/{name}"), at(name)).unwrap();
    }
    let port = service_file(&stage, &backend("hello"), "");
    let text = fs::read_to_string(stage.path().join("keyway.toml")).unwrap();
    let text = text
        .replace("fullchain.pem", at("tls.crt").to_str().unwrap())
        .replace("key.pem", at("tls.key").to_str().unwrap());
    stage.write("keyway.toml", &text);
    let serving = Serving::start(&stage, "");
    symlink("v2", at("..new")).unwrap();
    fs::rename(at("..new"), at("..data")).unwrap();
    serving.wait_for("reloaded: serving www.example.com");
    assert_eq!(served(&stage, port), body(&new.leaf));
}

#[test]
fn a_signal_reloads_and_what_the_file_says_then_holds() {
    let stage = Stage::new();
    let port = service_file(&stage, &backend("one"), "");
    let serving = Serving::start(&stage, "");
    assert_eq!(curl(&stage, port, &[], "/"), "one");
    let other = backend("two");
    let text = fs::read_to_string(stage.path().join("keyway.toml")).unwrap();
    let start = text.find("http://").unwrap();
    let end = start + text[start..].find('"').unwrap();
    stage.write("keyway.toml", &text.replace(&text[start..end], &other));
    serving.signal("HUP");
    serving.wait_for("reloaded: ");
    assert_eq!(curl(&stage, port, &[], "/"), "two");
    stage.write("keyway.toml", "upstream = 5\n");
    serving.signal("HUP");
    serving.wait_for("not reloaded");
    assert_eq!(curl(&stage, port, &[], "/"), "two");
}

#[test]
fn an_address_more_or_less_is_taken_up_by_a_reload() {
    let stage = Stage::new();
    let port = service_file(&stage, &backend("hello"), "");
    let serving = Serving::start(&stage, "");
    let other = own_port();
    let text = fs::read_to_string(stage.path().join("keyway.toml")).unwrap();
    let more = text.replace(&format!("127.0.0.1:{port}"), &format!("127.0.0.1:{other}"));
    stage.write("keyway.toml", &more);
    serving.wait_for("reloaded: ");
    assert_eq!(curl(&stage, other, &[], "/"), "hello");
    let gone = || std::net::TcpStream::connect(("127.0.0.1", port)).is_err();
    assert!(until(gone), "the old address is left");
}

/// How often what is served was replaced.
fn reloads(metrics: u16) -> usize {
    let told = serving::plain(metrics, "/metrics");
    let mut lines = told.lines();
    let count = lines.find_map(|line| line.strip_prefix("keyway_reloads_total "));
    count.unwrap().parse().unwrap()
}

#[test]
fn a_hundred_reloads_in_a_row_lose_nobody_who_asks_by_either_http() {
    let stage = Stage::new();
    let port = service_file(&stage, &backend("hello"), "");
    let metrics = own_port();
    let serving = Serving::start(&stage, &format!("--metrics 127.0.0.1:{metrics}"));
    let over = AtomicBool::new(false);
    let runs: Vec<usize> = thread::scope(|scope| {
        let over = Ends(&over);
        let asks = |arguments: &'static [&str]| {
            let mut runs = 0;
            while !over.0.load(Ordering::Relaxed) {
                let told = h2load(port, 500, arguments).join().unwrap();
                let all = "500 succeeded, 0 failed, 0 errored, 0 timeout";
                assert!(told.contains(all), "{told}");
                runs += 1;
            }
            runs
        };
        let asks = [["--h1"].as_slice(), &[]].map(|arguments| scope.spawn(move || asks(arguments)));
        for number in 1..=100 {
            let chain = if number % 2 == 0 {
                Chain::good()
            } else {
                renewed()
            };
            stage.write("fullchain.pem", &chain.fullchain_pem());
            stage.write("key.pem", &chain.key_pem());
            serving.signal("HUP");
            assert!(until(|| reloads(metrics) >= number), "reload {number}");
        }
        drop(over);
        asks.into_iter().map(|asks| asks.join().unwrap()).collect()
    });
    assert!(runs.iter().all(|runs| *runs > 0), "{runs:?}");
    let (run, lines) = serving.end();
    assert_eq!(run, Some(0), "{}", lines.stderr);
}

#[test]
fn metrics_and_health_are_told_at_an_address_of_their_own() {
    let stage = Stage::new();
    let port = service_file(&stage, &backend("hello"), "");
    let metrics = own_port();
    let _serving = Serving::start(&stage, &format!("--metrics 127.0.0.1:{metrics}"));
    curl(&stage, port, &[], "/");
    s_client(&stage, port, "stranger.example.org");
    let told = serving::plain(metrics, "/metrics");
    for line in [
        "keyway_requests_total{version=\"HTTP/2.0\",status=\"200\"} 1",
        "keyway_refused_total{reason=\"unrecognized-name\"} 1",
        "keyway_request_seconds_count 1",
        "keyway_certificate_not_after_seconds{name=\"www.example.com\",serial=\"",
        "keyway_upstream_up{upstream=\"http://127.0.0.1:",
    ] {
        assert!(told.contains(line), "{line} is not in {told}");
    }
    assert!(
        told.contains("keyway_handshakes_total{version=\"TLSv1_3\""),
        "{told}"
    );
    assert_eq!(serving::plain(metrics, "/healthz"), "ok\n");
    assert_eq!(serving::plain(metrics, "/readyz"), "ready\n");
}

#[test]
fn a_setting_without_effect_is_told_by_who_serves_it() {
    let stage = Stage::new();
    service_file(
        &stage,
        &backend("hello"),
        "[proxy_protocol]\nsend = \"v1\"\n",
    );
    let trust = stage::service::trust();
    // Who serves it warns; where it is to be proven, it is an error.
    for (command, code) in [("serve --check", 0), ("config prove", 1)] {
        let run = stage.run(&format!("{command} keyway.toml {trust}"));
        assert_eq!(run.code, Some(code), "{}", run.said());
        assert!(run.stderr.contains("config.tcp-only"), "{}", run.said());
    }
}

#[test]
fn nobody_is_sent_to_a_server_behind_which_nothing_is_up() {
    let stage = Stage::new();
    let rest = "[health]\npath = \"/\"\nevery = 1\n";
    // Nobody listens at port 1 (tcpmux).
    service_file(&stage, "http://127.0.0.1:1", rest);
    let metrics = own_port();
    let serving = Serving::start(&stage, &format!("--metrics 127.0.0.1:{metrics}"));
    // What is said of it may come before what is said of the start.
    let is_told = || serving::plain(metrics, "/readyz") == "no service behind is up\n";
    assert!(until(is_told));
    assert_eq!(serving::plain(metrics, "/healthz"), "ok\n");
    serving.end();
}

#[test]
fn what_cannot_be_served_is_said_and_nothing_is_bound() {
    let stage = Stage::new();
    let trust = stage::service::trust();
    let run = |arguments: &str| stage.run(&format!("serve --check {arguments} {trust}"));
    let own = "--host www.example.com --cert fullchain.pem";
    let good = run(&format!(
        "{own} --key key.pem --upstream http://127.0.0.1:9"
    ));
    assert_eq!(good.code, Some(0), "{}", good.said());
    assert!(
        good.stdout
            .contains("could serve www.example.com from http://127.0.0.1:9, at [::]:443")
    );
    let other = run(&format!(
        "{own} --key other-key.pem --upstream http://127.0.0.1:9"
    ));
    assert_eq!(other.code, Some(1), "{}", other.said());
    assert!(other.stdout.contains("key.mismatch"), "{}", other.said());
    let nowhere = run(&format!("{own} --key key.pem --upstream ftp://127.0.0.1:9"));
    assert_ne!(nowhere.code, Some(0), "{}", nowhere.said());
    let nothing = stage.run("serve --check nothing.toml");
    assert_eq!(nothing.code, Some(2), "{}", nothing.said());
}

#[test]
fn a_port_that_somebody_has_is_named() {
    let stage = Stage::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    service_file(&stage, &backend("hello"), "");
    let text = fs::read_to_string(stage.path().join("keyway.toml")).unwrap();
    let line = text
        .lines()
        .find(|line| line.starts_with("listen"))
        .unwrap();
    let text = text.replace(line, &format!("listen = \"127.0.0.1:{port}\""));
    stage.write("keyway.toml", &text);
    let run = stage.run(&format!("serve {}", stage::service::trust()));
    assert_eq!(run.code, Some(2), "{}", run.said());
    let named = format!("127.0.0.1:{port} cannot be listened on");
    assert!(run.stderr.contains(&named), "{}", run.stderr);
}

#[test]
fn a_ticket_of_before_lets_nobody_in_who_has_to_show_a_certificate_now() {
    let stage = Stage::new();
    let port = service_file(&stage, &backend("hello"), "");
    let text = fs::read_to_string(stage.path().join("keyway.toml")).unwrap();
    let asking = |mode| format!("{text}client = {{ mode = \"{mode}\", ca = \"root.pem\" }}\n");
    stage.write("keyway.toml", &asking("optional"));
    let serving = Serving::start(&stage, "");
    let session = stage.path().join("session.pem");
    let session = session.to_str().unwrap();
    serving::session(&stage, port, "-sess_out", session);
    assert!(serving::session(&stage, port, "-sess_in", session).contains("Reused, TLSv1.3"));
    stage.write("keyway.toml", &asking("required"));
    serving.signal("HUP");
    serving.wait_for("reloaded: ");
    let later = serving::session(&stage, port, "-sess_in", session);
    assert!(!later.contains("Reused"), "{later}");
    serving.wait_for("the client showed no certificate");
}

#[test]
fn a_log_that_nobody_reads_holds_nobody_up() {
    let stage = Stage::new();
    let port = service_file(&stage, &backend("hello"), "");
    let serving = Serving::start_unread(&stage, "--access-log text");
    // More than a pipe and the lines that wait have room for.
    let long = format!("https://www.example.com/{}", "a".repeat(900));
    let told = h2load(port, 8_000, &[&long]).join().unwrap();
    assert!(told.contains("8000 succeeded, 0 failed"), "{told}");
    let (run, _) = serving.end();
    assert_eq!(run, Some(0));
}

#[test]
fn a_second_signal_ends_at_once() {
    use std::io::Write as _;
    let stage = Stage::new();
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    let port = service_file(&stage, &format!("http://{address}"), "");
    let text = fs::read_to_string(stage.path().join("keyway.toml")).unwrap();
    let plain = text.split("[tls]").next().unwrap().to_owned();
    stage.write(
        "keyway.toml",
        &format!("{plain}[tls]\nstatus = \"disabled\"\n"),
    );
    let serving = Serving::start(&stage, "");
    let mut waiting = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    let request = b"GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n";
    waiting.write_all(request).unwrap();
    let (_upstream, _) = silent.accept().unwrap();
    serving.signal("TERM");
    serving.wait_for("ending: nobody is let in any more");
    let (run, lines) = serving.end();
    assert_eq!(run, Some(0));
    assert!(lines.stderr.contains("ended at once"), "{}", lines.stderr);
}
