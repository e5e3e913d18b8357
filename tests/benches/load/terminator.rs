//! The terminators, each set up by a file of ours to do the same.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use crate::material::Material;
use crate::process::{Process, THEIRS, free_port};

/// The moment that the certificates were made for, as `keyway` reads it: `keyway_testkit::NOW`.
const MOMENT: &str = "2026-11-23T00:00:00Z";

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Keyway,
    Nginx,
    Haproxy,
    Hitch,
    Stunnel,
}

/// What it is to do.
#[derive(Clone, Copy)]
pub(crate) struct Setup {
    /// With the RSA key, not the one of P-256.
    pub(crate) is_rsa: bool,
    /// Bytes, not HTTP.
    pub(crate) is_tcp: bool,
    /// The port where metrics are told, of ours.
    pub(crate) metrics: Option<u16>,
}

/// A terminator that takes connections.
pub(crate) struct Running {
    pub(crate) process: Process,
    pub(crate) address: SocketAddr,
    pub(crate) is_tcp: bool,
}

impl Kind {
    pub(crate) const PEERS: [Self; 4] = [Self::Nginx, Self::Haproxy, Self::Hitch, Self::Stunnel];

    pub(crate) fn program(self) -> &'static str {
        match self {
            Self::Keyway => "keyway",
            Self::Nginx => "nginx",
            Self::Haproxy => "haproxy",
            Self::Hitch => "hitch",
            Self::Stunnel => "stunnel",
        }
    }

    /// Whether the program is on the path.
    pub(crate) fn is_here(self) -> bool {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).any(|folder| folder.join(self.program()).is_file())
    }
}

impl Running {
    pub(crate) fn start(material: &Material, kind: Kind, setup: Setup) -> Self {
        let port = free_port();
        let folder = material.folder();
        let file = folder.join(format!("{}.conf", kind.program()));
        let text = match kind {
            Kind::Keyway => keyway(material, setup, port),
            Kind::Nginx if setup.is_tcp => nginx_stream(material, setup, port),
            Kind::Nginx => nginx(material, setup, port),
            Kind::Haproxy => haproxy(material, setup, port),
            Kind::Hitch => hitch(material, setup, port),
            Kind::Stunnel => stunnel(material, setup, port),
        };
        fs::write(&file, text).expect("a file");
        let log = folder.join(format!("{}.log", kind.program()));
        let words = words(kind, material, setup, &file.display().to_string());
        let mut process = Process::start(THEIRS, &words, &log);
        process.wait_for(port, &log);
        Self {
            process,
            address: ([127, 0, 0, 1], port).into(),
            is_tcp: setup.is_tcp,
        }
    }
}

fn words(kind: Kind, material: &Material, setup: Setup, file: &str) -> Vec<String> {
    let root = format!("{}.root", key_name(setup));
    let words: &[&str] = match kind {
        Kind::Keyway => {
            let more = ["--profile", "private", "--threads", "1"];
            let rest = ["serve", file, "--at", MOMENT, "--roots", &root];
            let program = material.keyway.display().to_string();
            let rest = rest.iter().chain(&more).map(|word| (*word).to_owned());
            let metrics = setup
                .metrics
                .map(|port| ["--metrics".to_owned(), format!("127.0.0.1:{port}")]);
            return std::iter::once(program)
                .chain(rest)
                .chain(metrics.into_iter().flatten())
                .collect();
        }
        Kind::Nginx => &["nginx", "-c", file],
        Kind::Haproxy => &["haproxy", "-db", "-f", file],
        Kind::Hitch => &["hitch", &format!("--config={file}")],
        Kind::Stunnel => &["stunnel", file],
    };
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn key_name(setup: Setup) -> &'static str {
    if setup.is_rsa { "rsa" } else { "ecdsa" }
}

/// The pair as its file is called, without `.crt`, `.key` or `.pem`.
fn pair(folder: &Path, setup: Setup) -> String {
    folder.join(key_name(setup)).display().to_string()
}

fn keyway(material: &Material, setup: Setup, port: u16) -> String {
    let (pair, backend) = (key_name(setup), material.backend);
    let (mode, scheme) = if setup.is_tcp {
        ("tcp", "")
    } else {
        ("http", "http://")
    };
    format!(
        "host = \"{host}\"\n\
         mode = \"{mode}\"\n\
         upstream = \"{scheme}127.0.0.1:{backend}\"\n\
         listen = \"127.0.0.1:{port}\"\n\
         [tls]\n\
         certificate = \"{pair}.crt\"\n\
         key = \"{pair}.key\"\n",
        host = keyway_testkit::HOST,
    )
}

/// What both of nginx's say.
const NGINX_TLS: &str =
    "ssl_protocols TLSv1.2 TLSv1.3; ssl_ecdh_curve X25519:prime256v1; ssl_session_tickets on;";

fn nginx_process(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        "worker_processes 1;\n\
         daemon off;\n\
         user root;\n\
         worker_rlimit_nofile 20000;\n\
         pid {folder}/nginx.pid;\n\
         error_log {folder}/nginx.err crit;\n\
         events {{ worker_connections 16384; }}\n"
    )
}

fn nginx(material: &Material, setup: Setup, port: u16) -> String {
    let (process, pair) = (
        nginx_process(material.folder()),
        pair(material.folder(), setup),
    );
    let backend = material.backend;
    format!(
        "{process}\
         http {{\n\
         access_log off;\n\
         {NGINX_TLS}\n\
         keepalive_requests 1000000000;\n\
         keepalive_timeout 600s;\n\
         upstream behind {{ server 127.0.0.1:{backend}; keepalive 512; keepalive_requests 1000000000; }}\n\
         proxy_http_version 1.1;\n\
         proxy_set_header Connection \"\";\n\
         proxy_set_header Host $host;\n\
         proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;\n\
         proxy_set_header X-Forwarded-Proto $scheme;\n\
         proxy_buffers 16 16k;\n\
         proxy_max_temp_file_size 0;\n\
         server {{\n\
         listen 127.0.0.1:{port} ssl http2 backlog=4096;\n\
         ssl_certificate {pair}.crt;\n\
         ssl_certificate_key {pair}.key;\n\
         location / {{ proxy_pass http://behind; }}\n\
         }}\n\
         }}\n"
    )
}

fn nginx_stream(material: &Material, setup: Setup, port: u16) -> String {
    let (process, pair) = (
        nginx_process(material.folder()),
        pair(material.folder(), setup),
    );
    let backend = material.backend;
    // Where the module is a file of its own, as on Debian.
    let module = Path::new("/usr/lib/nginx/modules/ngx_stream_module.so");
    let load = if module.is_file() {
        format!("load_module {};\n", module.display())
    } else {
        String::new()
    };
    format!(
        "{load}{process}\
         stream {{\n\
         {NGINX_TLS}\n\
         server {{\n\
         listen 127.0.0.1:{port} ssl backlog=4096;\n\
         ssl_certificate {pair}.crt;\n\
         ssl_certificate_key {pair}.key;\n\
         proxy_pass 127.0.0.1:{backend};\n\
         }}\n\
         }}\n"
    )
}

fn haproxy(material: &Material, setup: Setup, port: u16) -> String {
    let pair = pair(material.folder(), setup);
    let backend = material.backend;
    let (mode, alpn, reuse) = if setup.is_tcp {
        ("tcp", "", "")
    } else {
        ("http", "alpn h2,http/1.1", "http-reuse always")
    };
    format!(
        "global\n\
         nbthread 1\n\
         maxconn 9000\n\
         ssl-default-bind-curves X25519:P-256\n\
         ssl-default-bind-options ssl-min-ver TLSv1.2\n\
         defaults\n\
         mode {mode}\n\
         maxconn 9000\n\
         timeout connect 5s\n\
         timeout client 600s\n\
         timeout server 600s\n\
         frontend in\n\
         bind 127.0.0.1:{port} ssl crt {pair}.pem {alpn} backlog 4096\n\
         default_backend behind\n\
         backend behind\n\
         {reuse}\n\
         server one 127.0.0.1:{backend} pool-max-conn 512\n"
    )
}

fn hitch(material: &Material, setup: Setup, port: u16) -> String {
    let pair = pair(material.folder(), setup);
    format!(
        "frontend = {{ host = \"127.0.0.1\" port = \"{port}\" pem-file = \"{pair}.pem\" }}\n\
         backend = \"[127.0.0.1]:{}\"\n\
         workers = 1\n\
         backlog = 4096\n\
         tls-protos = TLSv1.2 TLSv1.3\n\
         ecdh-curve = \"X25519:prime256v1\"\n\
         daemon = off\n\
         quiet = on\n\
         user = \"root\"\n",
        material.backend,
    )
}

fn stunnel(material: &Material, setup: Setup, port: u16) -> String {
    let pair = pair(material.folder(), setup);
    format!(
        "foreground = yes\n\
         pid = {}/stunnel.pid\n\
         debug = 0\n\
         syslog = no\n\
         socket = l:TCP_NODELAY=1\n\
         socket = r:TCP_NODELAY=1\n\
         sslVersionMin = TLSv1.2\n\
         curves = X25519:P-256\n\
         [service]\n\
         accept = 127.0.0.1:{port}\n\
         connect = 127.0.0.1:{}\n\
         cert = {pair}.pem\n",
        material.folder().display(),
        material.backend,
    )
}
