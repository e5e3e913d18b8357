//! How each client is told to do it.

use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;

use keyway_testkit::pebble::{ACME_PORT, HTTP_PORT, TLS_PORT};

use crate::cases::{Again, Case, Way};
use crate::front::Front;
use crate::renewing::{HOST, Machine, said, serial};

/// A Pebble and a folder, for one client and one case.
pub(crate) struct Stage {
    pub(crate) machine: Machine,
    /// Who stands before the CA.
    pub(crate) front: Option<Front>,
    hosts: Vec<String>,
}

pub(crate) struct Client {
    pub(crate) name: &'static str,
    /// Why it has no way to do it.
    pub(crate) cannot: fn(&Case) -> Option<&'static str>,
    /// Gets a first certificate: its exit code, and what it says.
    pub(crate) order: fn(&Stage, &Case) -> Said,
    pub(crate) again: fn(&Stage, &Case, Again) -> Said,
    /// The serial number of the certificate that is in place.
    pub(crate) certificate: fn(&Stage) -> String,
}

pub(crate) const CLIENTS: [Client; 3] = [
    Client {
        name: "Keyway",
        cannot: |_| None,
        order: |stage, case| {
            stage.service(case);
            stage.machine.renew("")
        },
        again: |stage, _, again| stage.machine.renew(again.or("", "--force")),
        certificate: |stage| stage.newest("state/certificates", "fullchain.pem"),
    },
    Client {
        name: "lego",
        cannot: |_| None,
        order: |stage, case| stage.lego(case, &["run"]),
        again: |stage, case, again| {
            // Without a certificate it has nothing to renew.
            let own = format!("lego/certificates/{HOST}.crt");
            if !stage.machine.path(&own).exists() {
                return stage.lego(case, &["run"]);
            }
            // Days are all that it goes by; the sleep is one of minutes.
            let days = again.or("30", "99999");
            stage.lego(case, &["renew", "--no-random-sleep", "--days", days])
        },
        certificate: |stage| stage.newest("lego/certificates", "crt"),
    },
    Client {
        name: "certbot",
        cannot: |case| match case.way {
            Way::TlsAlpn => Some("no such challenge"),
            _ if case.is_chance => Some("by chance: tries each but once more"),
            _ if case.hosts.contains(&"IP") => Some("names alone"),
            _ => None,
        },
        order: |stage, case| stage.certbot(case, &[]),
        again: |stage, case, again| match again {
            Again::WhenDue => stage.certbot(case, &["--keep-until-expiring"]),
            Again::Forced => stage.certbot(case, &["--force-renewal"]),
        },
        certificate: |stage| stage.newest("certbot/live", "cert.pem"),
    },
];

type Said = (Option<i32>, String);

impl Again {
    fn or(self, when_due: &'static str, forced: &'static str) -> &'static str {
        match self {
            Self::WhenDue => when_due,
            Self::Forced => forced,
        }
    }
}

impl Stage {
    pub(crate) fn of(case: &Case) -> Self {
        let machine = Machine::with(&case.pebble);
        let ip = machine.pebble.ip.to_string();
        let hosts = case.hosts.iter().map(|host| host.replace("IP", &ip));
        let hosts = hosts.collect();
        if let Some(root) = case.root {
            fs::write(machine.path("roots.pem"), machine.pebble.issuing_root(root)).unwrap();
        }
        let records = format!("http://{ip}:8055");
        // Each client calls the name and the value something else.
        let hook = format!(
            "#!/bin/sh\nset -eu\n\
             name=${{KEYWAY_NAME:-${{CERTBOT_DOMAIN:+_acme-challenge.$CERTBOT_DOMAIN}}}}\n\
             value=${{KEYWAY_VALUE:-${{CERTBOT_VALIDATION:-}}}}\n\
             case ${{1:-}} in present|cleanup) name=${{2%.}}; value=$3 ;; esac\n\
             case ${{KEYWAY_ACTION:-${{1:-present}}}} in\n\
             present) curl -sS -d \"{{\\\"host\\\":\\\"$name.\\\",\\\"value\\\":\\\"$value\\\"}}\" {records}/set-txt ;;\n\
             *) curl -sS -d \"{{\\\"host\\\":\\\"$name.\\\"}}\" {records}/clear-txt ;;\nesac\n"
        );
        fs::write(machine.path("hook"), hook).unwrap();
        let status = Command::new("chmod")
            .arg("+x")
            .arg(machine.path("hook"))
            .status();
        assert!(status.unwrap().success());
        let front = case.trouble;
        let front = front.map(|trouble| Front::before(&machine.pebble, trouble));
        Self {
            machine,
            front,
            hosts,
        }
    }

    /// Where the CA is asked.
    pub(crate) fn ca(&self) -> SocketAddr {
        let own = SocketAddr::from((self.machine.pebble.ip, ACME_PORT));
        self.front.as_ref().map_or(own, |front| front.address)
    }

    /// The URL of the CA's directory.
    fn directory(&self) -> String {
        format!("https://{}/dir", self.ca())
    }

    /// The name that the root is known by which is asked for.
    fn root(&self, case: &Case) -> Option<String> {
        case.root?;
        let mut openssl = Command::new("openssl");
        let asked = openssl
            .args("x509 -noout -subject -nameopt multiline -in".split(' '))
            .arg(self.machine.path("roots.pem"));
        let (_, text) = said(&asked.output().unwrap());
        let name = text
            .lines()
            .find(|line| line.contains("commonName"))
            .unwrap();
        Some(name.rsplit(" = ").next().unwrap().to_owned())
    }

    fn service(&self, case: &Case) {
        let ip = self.machine.pebble.ip;
        let challenge = match case.way {
            Way::Http => "http-01",
            Way::TlsAlpn => "tls-alpn-01",
            Way::Hook => "dns-01",
        };
        let mut acme = format!("challenges = [\"{challenge}\"]\n");
        if case.way == Way::Hook {
            acme += "hook = [\"./hook\"]\n";
        }
        if let Some(root) = self.root(case) {
            let _ = writeln!(acme, "chain = \"{root}\"");
        }
        if let Some((name, key)) = case.external {
            let _ = writeln!(
                acme,
                "external_account = {{ key_id = \"{name}\", key = \"{key}\" }}"
            );
        }
        self.machine
            .service_of(&format!("host = {:?}", self.hosts), "", &acme);
        let file = self.machine.path("keyway.toml");
        let mut text = fs::read_to_string(&file).unwrap();
        text = text.replace(&self.machine.pebble.directory(), &self.directory());
        if let Some(port) = case.port {
            text = text.replace(&format!("{ip}:{HTTP_PORT}"), &format!("{ip}:{port}"));
        }
        fs::write(file, text).unwrap();
    }

    fn lego(&self, case: &Case, action: &[&str]) -> Said {
        let pebble = &self.machine.pebble;
        let mut lego = Command::new("lego");
        lego.current_dir(self.machine.path(""))
            .env("LEGO_CA_CERTIFICATES", pebble.root())
            .env("EXEC_PATH", "./hook")
            // Between two records, and between two looks.
            .env("EXEC_SEQUENCE_INTERVAL", "1")
            .env("EXEC_POLLING_INTERVAL", "1")
            .args(["--path", "lego", "--accept-tos", "--email", "a@example.com"])
            .args(["--server", &self.directory()]);
        for host in &self.hosts {
            lego.args(["--domains", host]);
        }
        match case.way {
            Way::Http => {
                let port = case.port.unwrap_or(HTTP_PORT);
                lego.args(["--http", "--http.port", &format!("{}:{port}", pebble.ip)])
            }
            Way::TlsAlpn => {
                lego.args(["--tls", "--tls.port", &format!("{}:{TLS_PORT}", pebble.ip)])
            }
            Way::Hook => {
                let resolver = pebble.names().to_string();
                lego.args([
                    "--dns",
                    "exec",
                    "--dns.disable-cp",
                    "--dns.resolvers",
                    &resolver,
                ])
            }
        };
        if let Some((name, key)) = case.external {
            lego.args(["--eab", "--kid", name, "--hmac", key]);
        }
        lego.args(action);
        if let Some(root) = self.root(case) {
            lego.args(["--preferred-chain", &root]);
        }
        run(lego, "lego")
    }

    fn certbot(&self, case: &Case, more: &[&str]) -> Said {
        let pebble = &self.machine.pebble;
        let mut certbot = Command::new("certbot");
        certbot
            .current_dir(self.machine.path(""))
            .env("REQUESTS_CA_BUNDLE", pebble.root())
            .args("certonly -n --agree-tos -m a@example.com --no-eff-email".split(' '))
            .args("--config-dir certbot --work-dir work --logs-dir logs --server".split(' '))
            .arg(self.directory());
        for host in &self.hosts {
            certbot.args(["-d", host]);
        }
        if case.way == Way::Hook {
            certbot
                .args("--manual --preferred-challenges dns --manual-auth-hook".split(' '))
                .args(["./hook", "--manual-cleanup-hook", "./hook cleanup"]);
        } else {
            let port = case.port.unwrap_or(HTTP_PORT);
            certbot
                .args(["--standalone", "--http-01-port", &port.to_string()])
                .args(["--http-01-address", &pebble.ip.to_string()]);
        }
        if let Some((name, key)) = case.external {
            certbot.args(["--eab-kid", name, "--eab-hmac-key", key]);
        }
        if let Some(root) = self.root(case) {
            certbot.args(["--preferred-chain", &root]);
        }
        certbot.args(more);
        run(certbot, "certbot")
    }

    /// The serial number of the certificate below a folder whose file is called so.
    fn newest(&self, folder: &str, called: &str) -> String {
        let mut folders = vec![self.machine.path(folder)];
        let mut found: Vec<PathBuf> = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.to_str().unwrap().ends_with(called)
                    && !path.to_str().unwrap().contains("issuer")
                {
                    found.push(path);
                }
            }
        }
        // Keyway keeps the pair before the one in place.
        let current = found
            .iter()
            .find(|path| path.to_str().unwrap().contains("/current/"));
        serial(current.or(found.first()).unwrap())
    }
}

fn run(mut command: Command, name: &str) -> Said {
    let missing = format!(
        "{name} is missing: `cargo xtask test` installs it (Debian: `apt-get install {name}`)"
    );
    said(&command.output().expect(&missing))
}
