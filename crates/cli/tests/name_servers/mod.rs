//! Name servers on loopback, each with a folder and a port of its own, ended when the test ends.
#![allow(dead_code, reason = "every test file uses its own servers")]

pub(crate) mod between;

use std::fs;
use std::net::{Ipv4Addr, TcpStream, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use keyway_testkit::own_port;
use tempfile::TempDir;

/// Looks at whether a server is up yet, and how long between two, milliseconds.
const LOOKS: u32 = 200;
const PAUSE: u64 = 50;

/// The zone above `example.com`, which BIND has, too.
const ABOVE: &str = "$TTL 300\n@ SOA ns a 1 2 3 4 5\n@ NS ns\nns A 127.0.0.1\n\
                     example NS ns1.example\nns1.example A 127.0.0.1\n";
const COM: &str = "zone \"com\" { type primary; file \"com\"; };\n";

/// A server that runs.
pub(crate) struct NameServer {
    child: Child,
    folder: TempDir,
    pub(crate) port: u16,
}

impl NameServer {
    /// `127.0.0.1:PORT`.
    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What `dig +short` prints.
    pub(crate) fn dig(&self, name: &str, kind: &str) -> String {
        dig(self.port, &["+short", name, kind])
    }

    /// Somebody else's change of the zone, as `nsupdate` takes it.
    pub(crate) fn update(&self, key: &str, change: &str) {
        let said = self.try_update(key, &format!("zone example.com\n{change}\nsend\n"));
        assert_eq!(said, "", "{change}");
    }

    /// What `nsupdate` says to a text: nothing where all of it was done.
    pub(crate) fn try_update(&self, key: &str, text: &str) -> String {
        let path = self.path("change");
        fs::write(&path, format!("server 127.0.0.1 {}\n{text}", self.port)).unwrap();
        let (key, path) = (self.path(&format!("{key}.key")), path.display().to_string());
        let key = key.display().to_string();
        let said = run("nsupdate", "bind9-dnsutils", &["-k", &key, &path]);
        String::from_utf8(said.stderr).unwrap()
    }

    /// BIND with the zone `example.com` and these TSIG keys, all of which may change it and fetch it.
    pub(crate) fn bind(zone: &str, keys: &[&str]) -> Self {
        Self::bind_zones(&[("example.com", zone, "")], keys)
    }

    /// The same with several zones: the name of each, its text, and what else `named.conf` says of it.
    pub(crate) fn bind_zones(zones: &[(&str, &str, &str)], keys: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = own_port();
        for (name, text, _) in zones {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let mut allowed = String::new();
        let mut texts = String::new();
        for algorithm in keys {
            let name = format!("key-{algorithm}");
            let key = run("tsig-keygen", "bind9", &["-a", algorithm, &name]);
            let key = String::from_utf8(key.stdout).unwrap();
            fs::write(folder.path().join(format!("{algorithm}.key")), &key).unwrap();
            texts += &key;
            for part in ["key ", &name, "; "] {
                allowed.push_str(part);
            }
        }
        let here = folder.path().display();
        let nobody = if allowed.is_empty() {
            "none; ".to_owned()
        } else {
            allowed
        };
        let zone = |(name, _, more): &(&str, &str, &str)| {
            // BIND takes one of the two.
            let updates = if more.contains("update-policy") {
                String::new()
            } else {
                format!("allow-update {{ {nobody}}};")
            };
            format!("zone \"{name}\" {{ type primary; file \"{name}\"; {updates} {more} }};\n")
        };
        let held: String = zones.iter().map(zone).collect();
        fs::write(folder.path().join("com"), ABOVE).unwrap();
        let conf = format!(
            "{texts}options {{ directory \"{here}\"; listen-on port {port} {{ 127.0.0.1; }}; \
             listen-on-v6 {{ none; }}; recursion no; pid-file none; session-keyfile none; \
             allow-transfer {{ {nobody}}}; dnssec-validation no; notify no; }};\ncontrols {{}};\n\
             {held}{COM}\
             zone \"broken.example\" {{ type primary; file \"not-there\"; }};\n"
        );
        let path = folder.path().join("named.conf");
        fs::write(&path, conf).unwrap();
        let child = start(
            "named",
            "bind9",
            folder.path(),
            &["-g", "-n", "1", "-c", path.to_str().unwrap()],
        );
        Self {
            child,
            folder,
            port,
        }
        .ready(zones[0].0)
    }

    /// NSD with the zone `example.com`, which nobody can change.
    pub(crate) fn nsd(zone: &str) -> Self {
        Self::nsd_at(zone, "127.0.0.1", own_port())
    }

    /// The same at another address of this machine.
    pub(crate) fn nsd_at(zone: &str, ip: &str, port: u16) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("zone"), zone).unwrap();
        let here = folder.path().display();
        let conf = format!(
            "server:\n ip-address: {ip}@{port}\n username: \"\"\n chroot: \"\"\n zonesdir: \"{here}\"\n \
             pidfile: \"{here}/pid\"\n database: \"\"\n zonelistfile: \"{here}/list\"\n \
             xfrdfile: \"{here}/xfrd\"\n xfrdir: \"{here}\"\n server-count: 1\nremote-control:\n \
             control-enable: no\nzone:\n name: example.com\n zonefile: zone\n"
        );
        let path = folder.path().join("nsd.conf");
        fs::write(&path, conf).unwrap();
        let child = start(
            "nsd",
            "nsd",
            folder.path(),
            &["-d", "-c", path.to_str().unwrap()],
        );
        Self {
            child,
            folder,
            port,
        }
        .ready("example.com")
    }

    /// Knot with the zone `example.com` and the TSIG key `hmac-sha256`, which may change it.
    pub(crate) fn knot(zone: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = own_port();
        fs::write(folder.path().join("zone"), zone).unwrap();
        let key = run("tsig-keygen", "bind9", &["-a", "hmac-sha256", "key"]);
        let key = String::from_utf8(key.stdout).unwrap();
        fs::write(folder.path().join("hmac-sha256.key"), &key).unwrap();
        let secret = key.split('"').nth(3).unwrap();
        let here = folder.path().display();
        let conf = format!(
            "server:\n rundir: \"{here}\"\n listen: 127.0.0.1@{port}\ndatabase:\n storage: \"{here}\"\nkey:\n \
             - id: key\n   algorithm: hmac-sha256\n   secret: {secret}\nacl:\n - id: updates\n   key: key\n   \
             action: [update, transfer]\nzone:\n - domain: example.com\n   storage: \"{here}\"\n   file: zone\n   \
             acl: updates\n"
        );
        let path = folder.path().join("knot.conf");
        fs::write(&path, conf).unwrap();
        let child = start(
            "knotd",
            "knot",
            folder.path(),
            &["-c", path.to_str().unwrap()],
        );
        Self {
            child,
            folder,
            port,
        }
        .ready("example.com")
    }

    /// Unbound, which remembers, and asks that server about `example.com`, and nobody about anything else.
    pub(crate) fn unbound(master: &Self) -> Self {
        Self::unbound_of(master, &["example.com"])
    }

    /// The same for several zones.
    pub(crate) fn unbound_of(master: &Self, zones: &[&str]) -> Self {
        let near = |zone: &&str| format!(" local-zone: \"{zone}\" transparent\n");
        let near: String = zones.iter().map(near).collect();
        let stub = |zone: &&str| {
            format!(
                "stub-zone:\n name: {zone}\n stub-addr: 127.0.0.1@{}\n",
                master.port
            )
        };
        let stubs: String = zones.iter().map(stub).collect();
        let folder = tempfile::tempdir().unwrap();
        let port = own_port();
        let here = folder.path().display();
        let conf = format!(
            "server:\n interface: 127.0.0.1@{port}\n username: \"\"\n chroot: \"\"\n directory: \"{here}\"\n \
             pidfile: \"\"\n use-syslog: no\n do-not-query-localhost: no\n module-config: \"iterator\"\n \
             num-threads: 1\n local-zone: \".\" refuse\n{near}remote-control:\n control-enable: no\n{stubs}"
        );
        let path = folder.path().join("unbound.conf");
        fs::write(&path, conf).unwrap();
        let child = start(
            "unbound",
            "unbound",
            folder.path(),
            &["-d", "-c", path.to_str().unwrap()],
        );
        Self {
            child,
            folder,
            port,
        }
        .ready("example.com")
    }

    fn ready(self, zone: &str) -> Self {
        for _ in 0..LOOKS {
            let is_open = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok();
            if is_open && !dig(self.port, &["+short", zone, "SOA"]).is_empty() {
                return self;
            }
            sleep(Duration::from_millis(PAUSE));
        }
        let log = fs::read_to_string(self.path("log")).unwrap_or_default();
        panic!("the server does not come up: {log}");
    }
}

impl Drop for NameServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that takes every question and answers none.
pub(crate) fn silent() -> (UdpSocket, String) {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = socket.local_addr().unwrap().to_string();
    (socket, address)
}

fn dig(port: u16, arguments: &[&str]) -> String {
    let port = port.to_string();
    let mut all = vec!["@127.0.0.1", "-p", &port, "+tries=1", "+time=1"];
    all.extend(arguments);
    let output = run("dig", "bind9-dnsutils", &all);
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with(';'));
    lines.collect::<Vec<_>>().join(" ")
}

fn start(program: &str, package: &str, folder: &Path, arguments: &[&str]) -> Child {
    let log = fs::File::create(folder.join("log")).unwrap();
    Command::new(found(program))
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap_or_else(|_| panic!("{}", missing(program, package)))
}

fn run(program: &str, package: &str, arguments: &[&str]) -> Output {
    Command::new(found(program))
        .args(arguments)
        .output()
        .unwrap_or_else(|_| panic!("{}", missing(program, package)))
}

/// Daemons stand where not every path leads.
fn found(program: &str) -> PathBuf {
    let known = ["/usr/sbin", "/usr/local/sbin"];
    let known = known.iter().map(|folder| Path::new(folder).join(program));
    let mut known = known.filter(|path| path.is_file());
    known.next().unwrap_or_else(|| PathBuf::from(program))
}

fn missing(program: &str, package: &str) -> String {
    format!(
        "{program} is missing: `cargo xtask test` installs it (Debian: `apt-get install {package}`)"
    )
}
