//! Real servers behind `keyway serve`.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod serving;
mod stage;

use std::process::{Child, Command};

use keyway_testkit::own_port;
use serving::{Serving, backend, curl, h2load, service_file, until};
use stage::Stage;

/// nginx that speaks HTTP/2 in plain text and ends each connection after so many requests.
struct Nginx {
    child: Child,
    port: u16,
}

impl Nginx {
    fn start(stage: &Stage, requests: u32) -> Self {
        let port = own_port();
        let folder = stage.path().display();
        stage.write(
            "nginx.conf",
            &format!(
                "daemon off;\nmaster_process off;\npid {folder}/nginx.pid;\nerror_log {folder}/nginx.err;\n\
                 events {{ worker_connections 512; }}\n\
                 http {{\n  access_log off;\n  client_body_temp_path {folder}/bodies;\n  keepalive_requests {requests};\n  \
                 server {{ listen 127.0.0.1:{port} http2; location / {{ return 200 \"hello\"; }} }}\n}}\n"
            ),
        );
        let mut command = Command::new("nginx");
        command.arg("-e").arg(stage.path().join("nginx.err"));
        command.arg("-c").arg(stage.path().join("nginx.conf"));
        let silent = || std::process::Stdio::null();
        command.stdin(silent()).stdout(silent()).stderr(silent());
        let child = command.spawn().unwrap();
        let is_there = || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok();
        assert!(until(is_there), "nginx does not begin");
        Self { child, port }
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn no_request_is_lost_when_an_upstream_ends_its_connections_of_http_2() {
    let stage = Stage::new();
    let nginx = Nginx::start(&stage, 50);
    let port = service_file(&stage, &format!("h2c://127.0.0.1:{}", nginx.port), "");
    let _serving = Serving::start(&stage, "");
    let body = |name, bytes| stage.write(name, &"b".repeat(bytes));
    let (small, large) = (body("small", 100), body("large", 300_000));
    let (small, large) = (small.to_str().unwrap(), large.to_str().unwrap());
    for (count, more) in [
        (4_000, &[][..]),
        (4_000, &["-d", small]),
        // More than is taken of a body before it is looked at.
        (400, &["-d", large]),
        (400, &["-d", large, "--h1"]),
    ] {
        let told = h2load(port, count, more).join().unwrap();
        let all = format!("status codes: {count} 2xx");
        assert!(told.contains(&all), "{more:?}: {told}");
    }
}

#[test]
fn who_still_sends_what_is_refused_sees_why() {
    let limits = "[limits]\nbody_bytes = 30000\n";
    for (upstream, more, status) in [
        (backend("hello"), limits, "413"),
        ("http://127.0.0.1:1".to_owned(), "", "502"),
    ] {
        let stage = Stage::new();
        let port = service_file(&stage, &upstream, more);
        let _serving = Serving::start(&stage, "");
        let body = stage.write("large", &"b".repeat(300_000));
        let body = format!("@{}", body.display());
        for version in ["--http2", "--http1.1"] {
            for _ in 0..5 {
                let more = [version, "-H", "Expect:", "--data-binary", &body];
                let more = [&more[..], &["-o", "/dev/null", "-w", "%{http_code}"]].concat();
                assert_eq!(curl(&stage, port, &more, "/"), status, "{version}");
            }
        }
    }
}
