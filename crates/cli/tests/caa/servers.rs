//! BIND and unbound on free ports of loopback, ended when they are let go.

use std::fmt::Write as _;
use std::fs;
use std::net::UdpSocket;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use keyway_testkit::own_port;
use tempfile::TempDir;

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where programs of administrators are.
fn path() -> String {
    let path = std::env::var("PATH").unwrap_or_default();
    format!("{path}:/usr/sbin:/sbin")
}

/// A program that ends by itself, in a folder.
pub(crate) fn tool(program: &str, folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("PATH", path())
        .output()
        .unwrap_or_else(|_| {
            panic!("{program} is there (Debian: `apt-get install bind9 bind9-utils`)")
        });
    assert!(
        output.status.success(),
        "{program}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// A server that runs.
pub(crate) struct Server {
    child: Child,
    port: u16,
    folder: TempDir,
}

impl Server {
    fn start(program: &str, package: &str, arguments: &[&str], port: u16, folder: TempDir) -> Self {
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let child = Command::new(program)
            .args(arguments)
            .current_dir(folder.path())
            .env("PATH", path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|_| panic!("{program} is there (Debian: `apt-get install {package}`)"));
        let mut server = Self {
            child,
            port,
            folder,
        };
        server.wait();
        server
    }

    /// BIND, with these zones: each with its text, or without one where the server shall fail at it.
    pub(crate) fn bind(zones: &[(&str, Option<&str>)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = own_port();
        let at = folder.path().display();
        let mut config = format!(
            "options {{ directory \"{at}\"; listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }}; \
             pid-file none; session-keyfile none; recursion no; allow-query {{ any; }}; notify no; \
             dnssec-validation no; }};\ncontrols {{ }};\n"
        );
        for (number, (zone, text)) in zones.iter().enumerate() {
            let file = format!("{number}.db");
            writeln!(
                config,
                "zone \"{zone}\" {{ type primary; file \"{file}\"; }};"
            )
            .unwrap();
            if let Some(text) = text {
                fs::write(folder.path().join(format!("{number}.db")), text).unwrap();
            }
        }
        let file = folder.path().join("named.conf");
        fs::write(&file, config).unwrap();
        let file = file.to_str().unwrap().to_owned();
        Self::start(
            "named",
            "bind9",
            &["-g", "-n", "1", "-c", &file],
            port,
            folder,
        )
    }

    /// unbound, which asks this server about everything and validates below this anchor.
    pub(crate) fn unbound(server: &Self, anchors: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = own_port();
        let at = folder.path().display();
        fs::write(folder.path().join("anchors"), anchors).unwrap();
        let asked = server.port;
        let config = format!(
            "server:\n interface: 127.0.0.1\n port: {port}\n do-daemonize: no\n chroot: \"\"\n username: \"\"\n \
             directory: \"{at}\"\n pidfile: \"\"\n use-syslog: no\n num-threads: 1\n \
             do-not-query-localhost: no\n module-config: \"validator iterator\"\n \
             trust-anchor-file: \"{at}/anchors\"\nremote-control:\n control-enable: no\n\
             stub-zone:\n name: \".\"\n stub-addr: 127.0.0.1@{asked}\n"
        );
        let file = folder.path().join("unbound.conf");
        fs::write(&file, config).unwrap();
        let file = file.to_str().unwrap().to_owned();
        Self::start("unbound", "unbound", &["-d", "-c", &file], port, folder)
    }

    /// Where it is.
    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Until it answers anything.
    fn wait(&mut self) {
        /// Number 1, recursion desired, one question: the start of the root.
        const QUESTION: &[u8] = &[0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 1];
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket
            .set_read_timeout(Some(Duration::from_millis(200)))
            .unwrap();
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            let _ = socket.send_to(QUESTION, ("127.0.0.1", self.port));
            if socket.recv(&mut [0; 512]).is_ok() {
                return;
            }
            assert!(self.child.try_wait().unwrap().is_none(), "{}", self.log());
            thread::sleep(Duration::from_millis(50));
        }
        panic!("no answer: {}", self.log());
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A zone, signed with a key of its own, and the line of the key.
pub(crate) fn signed(zone: &str, text: &str) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("zone"), text).unwrap();
    let key = tool(
        "dnssec-keygen",
        at,
        &["-q", "-a", "ECDSAP256SHA256", "-f", "KSK", zone],
    );
    tool(
        "dnssec-signzone",
        at,
        &["-S", "-z", "-O", "full", "-o", zone, "-f", "signed", "zone"],
    );
    let key = fs::read_to_string(at.join(format!("{}.key", key.trim()))).unwrap();
    (fs::read_to_string(at.join("signed")).unwrap(), key)
}
