//! What surrounds `keyway serve`: its manager, other servers that stand in for it, and who looks into its traffic.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod serving;
mod stage;

use std::fs;
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixDatagram;
use std::process::{Command, Stdio};
use std::time::Duration;

use keyway_testkit::OcspResponse;
use serving::{Serving, backend, curl, s_client, service_file, session};
use stage::Stage;

/// A manager's ear: what it is told, word for word.
struct Manager(UnixDatagram);

impl Manager {
    fn at(stage: &Stage) -> Self {
        let socket = UnixDatagram::bind(stage.path().join("notify")).unwrap();
        let patience = Some(Duration::from_secs(30));
        socket.set_read_timeout(patience).unwrap();
        Self(socket)
    }

    fn hears(&self) -> String {
        let mut message = [0; 4096];
        let length = self.0.recv(&mut message).unwrap();
        String::from_utf8(message[..length].to_vec()).unwrap()
    }
}

#[test]
fn a_manager_is_told_of_the_beginning_of_reloads_and_of_the_end() {
    let stage = Stage::new();
    service_file(&stage, &backend("hello"), "");
    let manager = Manager::at(&stage);
    let mut command = stage.command();
    command.env("NOTIFY_SOCKET", stage.path().join("notify"));
    let serving = Serving::start_by(command, "");
    let begun = manager.hears();
    assert!(
        begun.starts_with("READY=1\nSTATUS=serving www.example.com"),
        "{begun}"
    );
    serving.signal("HUP");
    let reloading = manager.hears();
    assert!(
        reloading.starts_with("RELOADING=1\nMONOTONIC_USEC="),
        "{reloading}"
    );
    let ready = manager.hears();
    assert!(
        ready.starts_with("READY=1\nSTATUS=serving www.example.com"),
        "{ready}"
    );
    stage.write("keyway.toml", "nonsense");
    serving.signal("HUP");
    manager.hears();
    let refused = manager.hears();
    assert!(
        refused.contains("READY=1\n") && refused.contains("keyway.toml"),
        "{refused}"
    );
    let (code, _) = serving.end();
    assert_eq!(code, Some(0));
    assert!(manager.hears().starts_with("STOPPING=1"));
}

#[test]
fn a_socket_that_is_handed_over_outlives_each_server_that_answers_at_it() {
    let stage = Stage::new();
    let port = service_file(&stage, &backend("hello"), "");
    let socket = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let start = || {
        let keyway = stage.command();
        let mut command = Command::new("sh");
        let hand_over = "exec env LISTEN_FDS=1 LISTEN_PID=$$ \"$0\" \"$@\" 3<&0";
        command.args(["-c", hand_over]).arg(keyway.get_program());
        command.current_dir(keyway.get_current_dir().unwrap());
        command.stdin(Stdio::from(OwnedFd::from(socket.try_clone().unwrap())));
        Serving::start_by(command, "")
    };
    let first = start();
    assert_eq!(curl(&stage, port, &[], "/"), "hello");
    assert_eq!(first.end().0, Some(0));
    // Nobody is there, and nobody is refused: who comes now waits for the next.
    let early = std::thread::scope(|scope| {
        let early = scope.spawn(|| curl(&stage, port, &[], "/"));
        let _second = start();
        let answer = early.join().unwrap();
        assert_eq!(curl(&stage, port, &[], "/"), "hello");
        answer
    });
    assert_eq!(early, "hello");
}

#[test]
fn a_session_is_taken_up_by_another_server_with_the_same_ticket_key() {
    let stage = Stage::new();
    let random: Vec<u8> = (0_u8..48).map(|byte| byte.wrapping_mul(37)).collect();
    fs::write(stage.path().join("ticket.key"), random).unwrap();
    let private = fs::Permissions::from_mode(0o600);
    fs::set_permissions(stage.path().join("ticket.key"), private).unwrap();
    let file = |port: u16| {
        let text = fs::read_to_string(stage.path().join("keyway.toml")).unwrap();
        let text = format!("{text}ticket_keys = \"ticket.key\"\n");
        stage.write(&format!("{port}.toml"), &text);
        format!("{port}.toml")
    };
    let upstream = backend("hello");
    let one = service_file(&stage, &upstream, "");
    let first = Serving::start(&stage, &file(one));
    let other = service_file(&stage, &upstream, "");
    let _second = Serving::start(&stage, &file(other));
    let kept = stage.path().join("session.pem");
    let kept = kept.to_str().unwrap();
    let new = session(&stage, one, "-sess_out", kept);
    assert!(new.contains("New, TLSv1.3"), "{new}");
    let again = session(&stage, other, "-sess_in", kept);
    assert!(again.contains("Reused, TLSv1.3"), "{again}");

    fs::write(stage.path().join("ticket.key"), b"too short").unwrap();
    first.wait_for("9 bytes are no ticket key");
}

#[test]
fn an_ocsp_response_is_stapled_and_what_is_none_is_refused() {
    let stage = Stage::new();
    let port = service_file(&stage, &backend("hello"), "");
    let text = fs::read_to_string(stage.path().join("keyway.toml")).unwrap();
    stage.write("keyway.toml", &format!("{text}ocsp = \"leaf.ocsp\"\n"));
    stage.write("leaf.ocsp", "no response");
    let run = stage.run(&format!("serve --check {}", stage::service::trust()));
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("and no OCSP response"),
        "{}",
        run.said()
    );

    let good = keyway_testkit::Chain::good();
    let write = |response: keyway_testkit::OcspDraft| {
        fs::write(stage.path().join("leaf.ocsp"), response.build().der()).unwrap();
    };
    let by_issuer = || OcspResponse::by(&good.issuing, &good.leaf);
    write(OcspResponse::by(&good.issuing, &good.issuing));
    let told = "is not stapled: it speaks of other certificates";
    for (command, code) in [("serve --check", 0), ("config check", 2)] {
        let run = stage.run(&format!("{command} {}", stage::service::trust()));
        assert_eq!(run.code, Some(code), "{command}: {}", run.said());
        assert!(run.stderr.contains(told), "{command}: {}", run.said());
    }
    write(by_issuer().revoked());
    let run = stage.run(&format!("serve --check {}", stage::service::trust()));
    assert_eq!(run.code, Some(1), "{}", run.said());
    assert!(run.stdout.contains("chain.ocsp-revoked"), "{}", run.said());
    // The server's own clock is another one than that of the check.
    write(by_issuer().next_update(None));
    let _serving = Serving::start(&stage, "");
    let seen = s_client(&stage, port, "www.example.com");
    assert!(!seen.contains("OCSP response:"), "it was not asked for");
    let output = Command::new("openssl")
        .args(["s_client", "-status", "-servername", "www.example.com"])
        .args(["-connect", &format!("127.0.0.1:{port}")])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let seen = String::from_utf8_lossy(&output.stdout).into_owned();
    // OpenSSL's client looks into what is stapled; one that breaks off was sent something.
    assert!(seen.contains("OCSP response:"), "{seen}");
    assert!(!seen.contains("OCSP response: no response sent"), "{seen}");
}

#[test]
fn secrets_are_written_down_only_where_that_is_asked_for_and_for_nobody_else_to_read() {
    let stage = Stage::new();
    let port = service_file(&stage, &backend("hello"), "");
    let serving = Serving::start(&stage, "--unsafe-keylog secrets.txt");
    assert_eq!(curl(&stage, port, &[], "/"), "hello");
    let path = stage.path().join("secrets.txt");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("SERVER_TRAFFIC_SECRET_0 "), "{text}");
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    drop(serving);
    stage.write("open.txt", "");
    let open = fs::Permissions::from_mode(0o644);
    fs::set_permissions(stage.path().join("open.txt"), open).unwrap();
    let trust = stage::service::trust();
    let run = stage.run(&format!("serve --unsafe-keylog open.txt {trust}"));
    assert!(run.stderr.contains("others may read it"), "{}", run.said());
    let run = stage.run(&format!("serve --check --unsafe-keylog unmade.txt {trust}"));
    assert_eq!(run.code, Some(0), "{}", run.said());
    assert!(!stage.path().join("unmade.txt").exists());
    let quiet = Serving::start(&stage, "");
    assert_eq!(curl(&stage, port, &[], "/"), "hello");
    drop(quiet);
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}
