//! Servers run what is exported for them: what reaches an upstream is what `keyway serve` would have sent there.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use keyway_config::forms::{Form, export, import};
use keyway_config::read;
use keyway_testkit::own_port;

use crate::judges::SERVERS;

/// How long a server may take to start, and an answer to come.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // One that is gone already is as good.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Starts a server with an export, and waits until it listens.
fn started(form: Form, text: &str, at: SocketAddr, folder: &Path) -> Running {
    let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let (file, text, program, arguments) = match form {
        Form::Nginx => {
            let paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
            let paths = paths.map(|name| format!("{name}_temp_path {};\n", path(name)));
            let text = format!(
                "pid {};\nerror_log stderr;\ndaemon off;\nmaster_process off;\nevents {{}}\n\
                 http {{\naccess_log off;\n{}{text}}}\n",
                path("pid"),
                paths.concat()
            );
            (path("nginx.conf"), text, "nginx", vec!["-c"])
        }
        Form::Haproxy => (
            path("haproxy.cfg"),
            text.to_owned(),
            "haproxy",
            vec!["-db", "-f"],
        ),
        _ => {
            let text = text.replacen("{\n", "{\n\tadmin off\n", 1);
            (
                path("Caddyfile"),
                text,
                "caddy",
                vec!["run", "--adapter", "caddyfile", "--config"],
            )
        }
    };
    fs::write(&file, text).expect("a file");
    let paths = std::env::var("PATH").unwrap_or_default();
    let child = Command::new(program)
        .args(arguments)
        .arg(&file)
        .env("PATH", format!("{paths}:/usr/sbin:/sbin"))
        .env("HOME", folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|_| panic!("{program} is not there (Debian: `apt-get install {program}`)"));
    let running = Running(child);
    let pause = Duration::from_millis(20);
    for _ in 0..PATIENCE.as_millis() / pause.as_millis() {
        if TcpStream::connect(at).is_ok() {
            return running;
        }
        thread::sleep(pause);
    }
    panic!("{program} does not listen at {at}");
}

/// What is read up to the end of a head.
fn head(stream: &mut TcpStream) -> String {
    stream.set_read_timeout(Some(PATIENCE)).expect("a time");
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read > 0) {
        head.push(byte[0]);
    }
    String::from_utf8(head).expect("text")
}

/// Sends a request, and gives what the upstream read and what came of its answer.
fn passed_on(
    at: SocketAddr,
    upstream: &TcpListener,
    request: &str,
    answer: &str,
) -> (String, String) {
    let mut client = TcpStream::connect(at).expect("a server");
    client.write_all(request.as_bytes()).expect("a request");
    // What came before was somebody who looked whether it is there.
    loop {
        let (mut stream, _) = upstream.accept().expect("somebody");
        let read = head(&mut stream);
        if !read.is_empty() {
            stream.write_all(answer.as_bytes()).expect("an answer");
            let told = head(&mut client);
            return (read, told);
        }
    }
}

/// The values of a field.
fn values<'h>(head: &'h str, name: &str) -> Vec<&'h str> {
    let fields = head.lines().filter_map(|line| line.split_once(": "));
    let named = fields.filter(|(known, _)| known.eq_ignore_ascii_case(name));
    named.map(|(_, value)| value).collect()
}

const DONE: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// For each of these servers, with a service in plain text: where it listens, and who is behind it.
fn for_each(forms: &[Form], look: impl Fn(Form, SocketAddr, &TcpListener)) {
    for &form in forms {
        let folder = tempfile::tempdir().expect("a folder");
        let upstream = TcpListener::bind("127.0.0.1:0").expect("an address");
        let behind = upstream.local_addr().expect("an address");
        let at = SocketAddr::from((Ipv4Addr::LOCALHOST, own_port()));
        let text = format!(
            "host = \"www.contoso.com\"\nupstream = \"http://{behind}\"\nlisten = \"{at}\"\n\
             tls.status = \"disabled\"\n"
        );
        let service = read(&text).expect("a service").service;
        let exported = export(&service, form, &|_| None);
        let _running = started(form, &exported.text, at, folder.path());
        look(form, at, &upstream);
    }
}

#[test]
fn servers_tell_an_upstream_of_its_client_what_keyway_tells_it() {
    for_each(&SERVERS, |form, at, upstream| {
        let claims = "X-Forwarded-For: 192.0.2.66\r\nX-Forwarded-For: 192.0.2.67\r\n\
            X-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Port: 1\r\n\
            Forwarded: for=192.0.2.66\r\nX-Real-IP: 192.0.2.66\r\nClient-Cert: :AAAA:\r\n\
            X-SSL-Client-Verify: SUCCESS\r\nProxy: http://192.0.2.66\r\n\
            X_Forwarded_For: 192.0.2.66\r\nX-Forwarded_For: 192.0.2.66\r\nx_real_ip: 192.0.2.66\r\n\
            X_Forwarded-Ssl: evil\r\nX_SSL_Client_Verify: evil\r\nX-Client_Cert: evil\r\n\
            Connection: x-forwarded-for, forwarded\r\n";
        let request = |host: &str| format!("GET / HTTP/1.1\r\nHost: {host}\r\n{claims}\r\n");
        for host in ["www.contoso.com", "www.contoso.com:9443"] {
            let (read, told) = passed_on(at, upstream, &request(host), DONE);
            assert!(told.starts_with("HTTP/1.1 200"), "{form:?}: {told}");
            assert_eq!(values(&read, "Host"), [host], "{form:?}: {read}");
            for (name, value) in [
                ("X-Forwarded-For", "127.0.0.1"),
                ("X-Forwarded-Host", host),
                ("X-Forwarded-Proto", "http"),
            ] {
                assert_eq!(values(&read, name), [value], "{form:?} {name}: {read}");
            }
            assert_eq!(
                values(&read, "Forwarded"),
                ["for=127.0.0.1;proto=http"],
                "{form:?}: {read}"
            );
            // What a client names there, the next proxy would take out.
            let connection = values(&read, "Connection").concat().to_ascii_lowercase();
            assert!(!connection.contains("forwarded"), "{form:?}: {read}");
            let read = read.to_ascii_lowercase();
            for claimed in ["192.0.2.6", "evil", "x-forwarded-port", "client-", "proxy:"] {
                assert!(!read.contains(claimed), "{form:?} {claimed}: {read}");
            }
        }
    });
}

#[test]
fn the_dot_of_the_root_behind_a_host_changes_nothing() {
    for_each(&SERVERS, |form, at, upstream| {
        for host in ["WWW.contoso.com.", "WWW.contoso.com.:9443"] {
            let request = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            let mut client = TcpStream::connect(at).expect("a server");
            client.write_all(request.as_bytes()).expect("a request");
            // Who is not led to the upstream is told so by the server, whose answer comes first.
            let answered = thread::spawn(move || head(&mut client));
            upstream.set_nonblocking(true).expect("a socket");
            while !answered.is_finished() {
                let Ok((mut stream, _)) = upstream.accept() else {
                    thread::sleep(Duration::from_millis(5));
                    continue;
                };
                stream.set_nonblocking(false).expect("a socket");
                if !head(&mut stream).is_empty() {
                    stream.write_all(DONE.as_bytes()).expect("an answer");
                }
            }
            let told = answered.join().expect("an answer");
            assert!(told.starts_with("HTTP/1.1 200"), "{form:?} {host}: {told}");
        }
    });
}

#[test]
fn servers_switch_to_websocket_and_to_nothing_else() {
    const SWITCHED: &str = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    for_each(&SERVERS, |form, at, upstream| {
        let request = |connection: &str, upgrade: &str| {
            format!(
                "GET /chat HTTP/1.1\r\nHost: www.contoso.com\r\nConnection: {connection}\r\nUpgrade: {upgrade}\r\n\
                 Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            )
        };
        let (read, told) = passed_on(
            at,
            upstream,
            &request("keep-alive, Upgrade", "websocket"),
            SWITCHED,
        );
        assert_eq!(values(&read, "Upgrade"), ["websocket"], "{form:?}: {read}");
        let connection = values(&read, "Connection").join(", ").to_ascii_lowercase();
        assert!(connection.contains("upgrade"), "{form:?}: {read}");
        assert!(told.starts_with("HTTP/1.1 101"), "{form:?}: {told}");
        let plain = "GET / HTTP/1.1\r\nHost: www.contoso.com\r\n\r\n";
        let (read, _) = passed_on(at, upstream, plain, DONE);
        assert_eq!(values(&read, "Upgrade"), [""; 0], "{form:?}: {read}");
        if form == Form::Nginx {
            let (read, _) = passed_on(at, upstream, &request("Upgrade", "h2c"), DONE);
            assert_eq!(values(&read, "Upgrade"), [""; 0], "{form:?}: {read}");
        }
    });
}

#[test]
fn nginx_names_the_host_that_the_request_is_for() {
    for_each(&[Form::Nginx], |_, at, upstream| {
        // An address in the first line is what counts (RFC 9112, section 3.2.2).
        for (line, field, host) in [
            ("http://www.contoso.com/", "evil.example", "www.contoso.com"),
            (
                "http://www.contoso.com:9443/",
                "www.contoso.com:9443",
                "www.contoso.com:9443",
            ),
            ("/", "WWW.contoso.com:1", "WWW.contoso.com:1"),
        ] {
            let request = format!("GET {line} HTTP/1.1\r\nHost: {field}\r\n\r\n");
            let (read, _) = passed_on(at, upstream, &request, DONE);
            assert_eq!(values(&read, "Host"), [host], "{read}");
        }
    });
}

#[test]
fn a_wildcard_stands_for_one_label_in_servers_that_have_others() {
    let upstream = TcpListener::bind("127.0.0.1:0").expect("an address");
    let behind = upstream.local_addr().expect("an address");
    thread::spawn(move || {
        while let Ok((mut stream, _)) = upstream.accept() {
            drop(head(&mut stream));
            drop(stream.write_all(DONE.as_bytes()));
        }
    });
    for form in [Form::Nginx, Form::Haproxy] {
        let folder = tempfile::tempdir().expect("a folder");
        let at = SocketAddr::from((Ipv4Addr::LOCALHOST, own_port()));
        let text = format!(
            "host = [\"*.w-1.test\", \"v.test\"]\nupstream = \"http://{behind}\"\nlisten = \"{at}\"\n\
             tls.status = \"disabled\"\n"
        );
        let service = read(&text).expect("a service").service;
        let mut text = export(&service, form, &|_| None).text;
        let imported = import(&text, form).expect("an export").service;
        assert_eq!(imported.host, service.host, "{text}");
        if form == Form::Nginx {
            // Without TLS nobody is turned away by name there.
            let others = format!("server {{ listen {at} default_server; return 421; }}\n");
            text.push_str(&others);
        }
        let _running = started(form, &text, at, folder.path());
        for (host, is_served) in [
            ("a.w-1.test", true),
            ("A.W-1.TEST", true),
            ("v.test", true),
            ("a.b.w-1.test", false),
            ("w-1.test", false),
            (".w-1.test", false),
            ("a.wx1.test", false),
            ("a.w-1.test.b.test", false),
        ] {
            let mut client = TcpStream::connect(at).expect("a server");
            let request = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            client.write_all(request.as_bytes()).expect("a request");
            let answer = head(&mut client);
            let is_good = answer.starts_with("HTTP/1.1 200");
            assert_eq!(is_good, is_served, "{form:?} {host} {answer}");
        }
    }
}
