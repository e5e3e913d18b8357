//! Pebble, the ACME server that Let's Encrypt tests clients with, and its name server: on an address of loopback of
//! their own, ended when they are dropped.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread::sleep;
use std::time::Duration;

use tempfile::TempDir;

use crate::{Certificate, KeyKind};

/// Looks at whether a server is up yet, and how long between two.
const LOOKS: u32 = 400;
const PAUSE: Duration = Duration::from_millis(25);

/// Where ACME is spoken.
pub const ACME_PORT: u16 = 14_000;
/// Where the CA looks for http-01.
pub const HTTP_PORT: u16 = 5_002;
/// Where the CA looks for tls-alpn-01.
pub const TLS_PORT: u16 = 5_001;
/// Where names are asked for.
pub const DNS_PORT: u16 = 8_053;

const MANAGEMENT_PORT: u16 = 15_000;
const RECORDS_PORT: u16 = 8_055;

/// How a Pebble is to behave.
#[derive(Debug, Clone, Default)]
pub struct Pebble {
    environment: Vec<(String, String)>,
    external: Vec<(String, String)>,
    dns: Option<SocketAddr>,
    /// Seconds that its certificates are valid.
    validity: Option<u32>,
}

/// A Pebble that runs.
#[derive(Debug)]
pub struct Running {
    children: Vec<Child>,
    folder: TempDir,
    /// The address that all of it is at, and that all names lead to.
    pub ip: Ipv4Addr,
}

/// An address of loopback that no other test has: each process has 250 of its own.
pub fn own_address() -> Ipv4Addr {
    static TAKEN: AtomicU8 = AtomicU8::new(1);
    let [.., high, low] = std::process::id().to_be_bytes();
    let last = TAKEN.fetch_add(1, Ordering::Relaxed);
    assert!((1..255).contains(&last), "all addresses are taken");
    // 127.0.0.x is what other tests use.
    Ipv4Addr::new(127, high | 1, low, last)
}

impl Pebble {
    /// Refuses so many of a hundred good nonces.
    #[must_use]
    pub fn refusing_nonces(self, percent: u8) -> Self {
        self.with("PEBBLE_WFE_NONCEREJECT", percent)
    }

    /// Does not look again, in so many of a hundred cases, at what it has seen lately.
    #[must_use]
    pub fn reusing_authorizations(self, percent: u8) -> Self {
        self.with("PEBBLE_AUTHZREUSE", percent)
    }

    /// Signs with so many CAs below each other.
    #[must_use]
    pub fn chain_of(self, length: u8) -> Self {
        self.with("PEBBLE_CHAIN_LENGTH", length)
    }

    /// Has so many other chains.
    #[must_use]
    pub fn alternates(self, number: u8) -> Self {
        self.with("PEBBLE_ALTERNATE_ROOTS", number)
    }

    /// Wants accounts that are bound to one of these: the name of each, and its key in base64url.
    #[must_use]
    pub fn external(mut self, key_id: &str, key: &str) -> Self {
        self.external.push((key_id.to_owned(), key.to_owned()));
        self
    }

    /// Gives out certificates that are valid for so many seconds.
    #[must_use]
    pub fn valid_for(mut self, seconds: u32) -> Self {
        self.validity = Some(seconds);
        self
    }

    /// Asks another name server than its own.
    #[must_use]
    pub fn asking(mut self, server: SocketAddr) -> Self {
        self.dns = Some(server);
        self
    }

    fn with(mut self, name: &str, value: u8) -> Self {
        self.environment.push((name.to_owned(), value.to_string()));
        self
    }

    /// Starts it.
    pub fn start(&self) -> Running {
        let folder = tempfile::tempdir().expect("a folder");
        let ip = own_address();
        let path = |name: &str| folder.path().join(name);
        // Clients judge it by the real clock.
        let ever = |draft: crate::Draft| draft.not_before(0).not_after(4_000_000_000);
        let root = ever(Certificate::root("Pebble's own CA").key(KeyKind::P256)).build();
        let leaf = ever(root.issue("localhost").san_ip(&[&ip.to_string()])).build();
        fs::write(path("root.pem"), root.pem()).expect("a file");
        fs::write(path("cert.pem"), leaf.pem()).expect("a file");
        fs::write(path("key.pem"), leaf.key_pem()).expect("a file");
        let keys: Vec<String> = self
            .external
            .iter()
            .map(|(id, key)| format!("\"{id}\": \"{key}\""))
            .collect();
        let config = format!(
            "{{\"pebble\": {{\"listenAddress\": \"{ip}:{ACME_PORT}\", \"managementListenAddress\": \"{ip}:{MANAGEMENT_PORT}\", \
             \"certificate\": \"cert.pem\", \"privateKey\": \"key.pem\", \"httpPort\": {HTTP_PORT}, \"tlsPort\": {TLS_PORT}, \
             \"ocspResponderURL\": \"\", \"certificateValidityPeriod\": {}, \"externalAccountBindingRequired\": {}, \"externalAccountMACKeys\": {{{}}}}}}}",
            // Five years, as it has it itself.
            self.validity.unwrap_or(157_766_400),
            !keys.is_empty(),
            keys.join(", ")
        );
        fs::write(path("pebble.json"), config).expect("a file");
        let names = format!("{ip}:{DNS_PORT}");
        let records = start(
            "pebble-challtestsrv",
            folder.path(),
            &[
                "-http01",
                "",
                "-https01",
                "",
                "-tlsalpn01",
                "",
                "-dns01",
                &names,
                "-management",
                &format!("{ip}:{RECORDS_PORT}"),
                "-defaultIPv4",
                &ip.to_string(),
                "-defaultIPv6",
                "",
            ],
            &[],
        );
        let asked = self.dns.map_or(names, |server| server.to_string());
        // It looks at once, and each time, unless it was told otherwise.
        let usual = [("PEBBLE_VA_NOSLEEP", "1"), ("PEBBLE_AUTHZREUSE", "0")];
        let usual = usual.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let mut environment = usual.to_vec();
        environment.extend(self.environment.clone());
        let pebble = start(
            "pebble",
            folder.path(),
            &["-config", "pebble.json", "-dnsserver", &asked, "-strict"],
            &environment,
        );
        let running = Running {
            children: vec![records, pebble],
            folder,
            ip,
        };
        for port in [ACME_PORT, MANAGEMENT_PORT, RECORDS_PORT] {
            running.ready(port);
        }
        running
    }
}

impl Running {
    /// The URL of its directory.
    pub fn directory(&self) -> String {
        format!("https://{}:{ACME_PORT}/dir", self.ip)
    }

    /// The root that its own server is judged by: a file in PEM.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("root.pem")
    }

    /// Its name server.
    pub fn names(&self) -> SocketAddr {
        SocketAddr::from((self.ip, DNS_PORT))
    }

    /// What it has said so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("pebble.log")).unwrap_or_default()
    }

    /// The root of one of its chains, in PEM: the first is 0.
    pub fn issuing_root(&self, number: u8) -> String {
        // Its management speaks TLS; what it signs with is asked for there.
        let url = format!("https://{}:{MANAGEMENT_PORT}/roots/{number}", self.ip);
        let root = self.root();
        let answer = Command::new("curl")
            .args(["-sS", "--fail", "--max-time", "10", "--cacert"])
            .arg(root)
            .arg(url)
            .output()
            .expect("curl is missing: `cargo xtask test` installs it");
        assert!(answer.status.success(), "{answer:?}");
        String::from_utf8(answer.stdout).expect("PEM")
    }

    /// Tells its name server something, as its documentation has it: `set-txt`, `add-a`, `set-servfail`, …
    pub fn tell(&self, what: &str, json: &str) {
        let mut stream = TcpStream::connect((self.ip, RECORDS_PORT)).expect("the name server");
        write!(
            stream,
            "POST /{what} HTTP/1.0\r\nContent-Length: {}\r\n\r\n{json}",
            json.len()
        )
        .expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.contains(" 200 "), "{answer}");
    }

    /// Leads a name elsewhere.
    pub fn lead(&self, name: &str, to: &str) {
        let json = format!("{{\"host\": \"{name}.\", \"addresses\": [\"{to}\"]}}");
        self.tell("clear-a", &json);
        self.tell("add-a", &json);
    }

    /// Ends Pebble alone, as a CA that is down: its name server goes on.
    pub fn end(&mut self) {
        for child in self.children.drain(1..) {
            end(child);
        }
    }

    fn ready(&self, port: u16) {
        for _ in 0..LOOKS {
            if TcpStream::connect((self.ip, port)).is_ok() {
                return;
            }
            sleep(PAUSE);
        }
        panic!("Pebble does not come up: {}", self.log());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        for child in self.children.drain(..) {
            end(child);
        }
    }
}

fn end(mut child: Child) {
    let _ = child.kill();
    let _ = child.wait();
}

fn start(
    program: &str,
    folder: &Path,
    arguments: &[&str],
    environment: &[(String, String)],
) -> Child {
    let log = fs::File::create(folder.join(format!("{program}.log"))).expect("a file");
    Command::new(program)
        .args(arguments)
        .envs(environment.iter().cloned())
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(log.try_clone().expect("a file"))
        .stderr(log)
        .spawn()
        .unwrap_or_else(|_| {
            panic!("{program} is missing: `cargo xtask test` installs it (Debian: `apt-get install pebble`)")
        })
}
