//! The servers' own tools, and a service for them to judge.

use std::fs;
use std::path::Path;
use std::process::Command;

use keyway_config::forms::{Form, ImportError, Imported, import_with};
use keyway_config::model::{Material, OwnCertificate};
use keyway_config::{Service, read};
use tempfile::TempDir;

/// Reads a form where every certificate stands with its key in one file.
pub(crate) fn import(text: &str, form: Form) -> Result<Imported, ImportError> {
    let pair = "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n";
    import_with(text, form, &|_| Some(pair.to_owned()))
}

/// A folder with a pair in each of these files, and `clients.pem`.
pub(crate) fn folder(names: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (certificate, key) = (at("made.pem"), at("made.key"));
    tool(
        "openssl",
        "openssl",
        &[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "9",
            "-subj",
            "/CN=www.contoso.com",
            "-out",
            &certificate,
            "-keyout",
            &key,
        ],
    );
    let certificate = fs::read_to_string(certificate).expect("a certificate");
    let both = certificate.clone() + &fs::read_to_string(key).expect("a key");
    for name in names {
        fs::write(folder.path().join(name), &both).expect("a file");
    }
    fs::write(folder.path().join("clients.pem"), certificate).expect("a file");
    folder
}

/// Runs a tool that has to be content.
pub(crate) fn tool(program: &str, package: &str, arguments: &[&str]) -> String {
    let answer = judged(program, package, arguments);
    answer.unwrap_or_else(|told| panic!("{program} {arguments:?}: {told}"))
}

pub(crate) fn judged(program: &str, package: &str, arguments: &[&str]) -> Result<String, String> {
    let path = format!(
        "{}:/usr/sbin:/sbin",
        std::env::var("PATH").unwrap_or_default()
    );
    let home = tempfile::tempdir().expect("a folder");
    let output = Command::new(program)
        .args(arguments)
        .env("PATH", path)
        .env("HOME", home.path())
        .output()
        .unwrap_or_else(|_| panic!("{program} is not there (Debian: `apt-get install {package}`)"));
    let told = String::from_utf8_lossy(&output.stderr).into_owned()
        + &String::from_utf8_lossy(&output.stdout);
    if output.status.success() {
        Ok(told)
    } else {
        Err(told)
    }
}

/// Asks the form's own tool about a text.
pub(crate) fn accepted(
    form: Form,
    service: &Service,
    text: &str,
    folder: &Path,
) -> Result<String, String> {
    let at = |name: &str| folder.join(name).to_string_lossy().into_owned();
    match form {
        Form::Nginx => {
            let context = if service.is_http() { "http" } else { "stream" };
            let module = "/usr/lib/nginx/modules/ngx_stream_module.so";
            let load = if Path::new(module).exists() && !service.is_http() {
                format!("load_module {module};\n")
            } else {
                String::new()
            };
            let own = at("nginx.pid");
            let log = "access_log off;\n";
            let log = if service.is_http() { log } else { "" };
            let whole = format!(
                "{load}pid {own};\nerror_log stderr;\nevents {{}}\n{context} {{\n{log}{text}}}\n"
            );
            fs::write(at("nginx.conf"), whole).expect("a file");
            judged(
                "nginx",
                "nginx-light libnginx-mod-stream",
                &["-t", "-c", &at("nginx.conf")],
            )
        }
        Form::Haproxy => {
            fs::write(at("haproxy.cfg"), text).expect("a file");
            let answer = judged("haproxy", "haproxy", &["-c", "-f", &at("haproxy.cfg")]);
            // A frontend that must let nobody in listens nowhere, and is all that there is here.
            let is_content = |told: &String| told.contains("Configuration file has no error");
            answer.or_else(|told| {
                if is_content(&told) {
                    Ok(told)
                } else {
                    Err(told)
                }
            })
        }
        Form::Caddy => {
            fs::write(at("Caddyfile"), text).expect("a file");
            judged(
                "caddy",
                "caddy",
                &[
                    "validate",
                    "--adapter",
                    "caddyfile",
                    "--config",
                    &at("Caddyfile"),
                ],
            )
        }
        _ => {
            // The unit's program is not installed where it is judged.
            let text = text.replace("/usr/bin/keyway", "/bin/true");
            fs::write(at("judged.service"), text).expect("a file");
            judged(
                "systemd-analyze",
                "systemd",
                &["verify", "--man=no", &at("judged.service")],
            )
        }
    }
}

/// A service that says nearly everything.
pub(crate) fn full(folder: &Path) -> Service {
    let text = "host = [\"www.contoso.com\", \"*.contoso.com\"]\n\
        upstream = [\"http://127.0.0.1:5001\", \"http://[::1]:5002\"]\nlisten = [\"127.0.0.1:8443\"]\n\
        [tls]\nredirect = true\nhsts = { max_age = 63072000, include_subdomains = true, preload = true }\n\
        client = { mode = \"required\" }\n\
        [timeouts]\nheader = 20\nidle = 90\nconnect = 4\n[limits]\nbody_bytes = 1048576\n";
    let mut service = read(text).expect("a service").service;
    let at = |name: &str| {
        Some(Material::Path(
            folder.join(name).to_string_lossy().into_owned(),
        ))
    };
    service.tls.certificate = at("pair.pem");
    service.tls.key = at("pair.pem");
    service.tls.client.ca = at("clients.pem");
    service.tls.certificates.push(OwnCertificate {
        host: ["fabrikam.com"].into_iter().collect(),
        certificate: at("other.pem").expect("a path"),
        key: at("other.pem").expect("a path"),
        password: None,
        ocsp: None,
    });
    service
}

/// The forms of servers.
pub(crate) const SERVERS: [Form; 3] = [Form::Nginx, Form::Haproxy, Form::Caddy];
