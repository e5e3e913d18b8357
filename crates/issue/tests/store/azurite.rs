//! Azurite, Microsoft's emulator of Azure Blob Storage: what its replies to conditional writes are, ours have to suit.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use http::{HeaderValue, Method, Request};
use keyway_issue::store::{Lease, Objects};
use object_store::azure::{AzureAccessKey, AzureAuthorizer, AzureCredential};
use object_store::client::HttpRequestBody;
use rustls_pki_types::{CertificateDer, ServerName};
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::{contract, replicas, runtime};

/// The account that the emulator has, and its key, which Microsoft publishes.
pub(crate) const ACCOUNT: &str = "devstoreaccount1";
pub(crate) const KEY: &str =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

const CONTAINER: &str = "certificates";

/// An emulator on a port of its own, which ends when this is dropped.
struct Azurite {
    child: Child,
    at: SocketAddr,
    scheme: &'static str,
    roots: Vec<CertificateDer<'static>>,
    _folder: TempDir,
}

impl Drop for Azurite {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Azurite {
    fn start() -> Self {
        let azurite = Self::with(&[], tempfile::tempdir().unwrap(), "http", Vec::new());
        azurite.make_container();
        azurite
    }

    /// The same behind TLS.
    fn start_tls() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        let [certificate, key] = ["cert.pem", "key.pem"].map(|name| folder.path().join(name));
        fs::write(&certificate, made.cert.pem()).unwrap();
        fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        let files = [("--cert", certificate), ("--key", key)];
        let azurite = Self::with(&files, folder, "https", vec![made.cert.der().clone()]);
        azurite.make_container();
        azurite
    }

    fn with(
        files: &[(&str, PathBuf)],
        folder: TempDir,
        scheme: &'static str,
        roots: Vec<CertificateDer<'static>>,
    ) -> Self {
        let program = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../tests/azurite/node_modules/azurite/dist/src/blob/main.js");
        assert!(
            program.is_file(),
            "Azurite is missing: `cargo xtask install` installs it (`npm ci --ignore-scripts --prefix tests/azurite`)"
        );
        let mut command = Command::new("node");
        command
            .arg(program)
            .args(["--blobHost", "127.0.0.1", "--blobPort", "0"])
            .args(["--skipApiVersionCheck", "--disableTelemetry"])
            .arg("--location")
            .arg(folder.path());
        for (option, file) in files {
            command.arg(option).arg(file);
        }
        let output = fs::File::create(folder.path().join("errors.log")).unwrap();
        let started = command.stdout(Stdio::piped()).stderr(output).spawn();
        let mut child = started.expect("node is missing: `cargo xtask install` installs it");
        let said = child.stdout.take().unwrap();
        let mut heard = String::new();
        let mut lines = BufReader::new(said).lines().map_while(Result::ok);
        let at = lines.by_ref().find_map(|line| {
            heard += &line;
            let (_, place) = line
                .split_once("successfully listens on ")
                .or_else(|| line.split_once("successfully listening at "))?;
            let (_, place) = place.split_once("://")?;
            place.trim().parse().ok()
        });
        // Its log goes on, and has to be taken.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            at: at.unwrap_or_else(|| panic!("Azurite did not start: {heard}")),
            child,
            scheme,
            roots,
            _folder: folder,
        }
    }

    /// A container has to be there before objects are.
    fn make_container(&self) {
        let server = format!("{}://{}", self.scheme, self.at);
        let url = format!("{server}/{ACCOUNT}/{CONTAINER}?restype=container");
        let mut request = Request::builder()
            .method(Method::PUT)
            .uri(url)
            .header("content-length", HeaderValue::from_static("0"))
            .body(HttpRequestBody::empty())
            .unwrap();
        let key = AzureCredential::AccessKey(AzureAccessKey::try_new(KEY).unwrap());
        let signing = AzureAuthorizer::new(&key, ACCOUNT);
        signing.try_authorize(&mut request).unwrap();
        let path = request.uri().path_and_query().unwrap();
        let fields = request.headers().iter();
        let fields = fields.map(|(name, value)| format!("{name}: {}\r\n", value.to_str().unwrap()));
        let fields = fields.collect::<String>() + "connection: close\r\n";
        let text = format!("PUT {path} HTTP/1.1\r\nhost: {}\r\n{fields}\r\n", self.at);
        let answer = runtime().block_on(async {
            let stream = TcpStream::connect(self.at).await.unwrap();
            if self.roots.is_empty() {
                return answer(stream, &text).await;
            }
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(self.roots.iter().cloned());
            let config = ClientConfig::builder()
                .with_root_certificates(roots)
                .with_no_client_auth();
            let name = ServerName::from(self.at.ip());
            let tls = TlsConnector::from(Arc::new(config));
            answer(tls.connect(name, stream).await.unwrap(), &text).await
        });
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    }

    fn objects(&self, prefix: &str) -> Objects {
        let endpoint = format!("{}://{}/{ACCOUNT}", self.scheme, self.at);
        let is_plain = (self.scheme == "http").to_string();
        let settings = [
            ("AZURE_STORAGE_ACCOUNT_NAME", ACCOUNT),
            ("AZURE_STORAGE_ACCOUNT_KEY", KEY),
            ("AZURE_STORAGE_ENDPOINT", endpoint.as_str()),
            ("allow_http", is_plain.as_str()),
        ];
        let url = format!("az://{CONTAINER}/{prefix}");
        Objects::open(&url, settings, &self.roots).unwrap()
    }
}

async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    // A server that ends a connection without TLS's own words for it has said all the same.
    let _ = stream.read_to_string(&mut answer).await;
    answer
}

#[test]
fn azurite_keeps_the_contract() {
    let azurite = Azurite::start();
    let objects = azurite.objects("one/prefix");
    runtime().block_on(contract::kept(&objects));
}

#[test]
fn azurite_keeps_the_contract_behind_tls() {
    let azurite = Azurite::start_tls();
    let objects = azurite.objects("");
    runtime().block_on(contract::kept(&objects));
}

#[test]
fn three_replicas_share_what_azurite_has() {
    let azurite = Azurite::start();
    replicas::share(&|| Arc::new(azurite.objects("shared")));
}

#[test]
fn what_azurite_refuses_is_told() {
    let azurite = Azurite::start();
    let endpoint = format!("http://{}/{ACCOUNT}", azurite.at);
    let wrong = KEY.replace("Eby8", "Eby9");
    let settings = [
        ("account_name", ACCOUNT),
        ("access_key", wrong.as_str()),
        ("endpoint", endpoint.as_str()),
        ("allow_http", "true"),
    ];
    let objects = Objects::open("az://certificates", settings, &[]).unwrap();
    let told = crate::objects::refusal(&objects);
    assert!(
        told.contains("403 Forbidden: AuthorizationFailure"),
        "{told}"
    );
}

#[test]
fn a_container_that_is_not_there_is_told_when_something_is_to_be_written() {
    let azurite = Azurite::with(&[], tempfile::tempdir().unwrap(), "http", Vec::new());
    let objects = azurite.objects("");
    let taken = runtime().block_on(Lease::take(&objects, "a.test", "one", contract::at(0)));
    let told = taken.unwrap_err().to_string();
    assert!(
        told.contains("404 Not Found: ContainerNotFound: "),
        "{told}"
    );
}
