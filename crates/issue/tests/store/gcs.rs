//! Google Cloud Storage, as its XML API is documented (cloud.google.com/storage/docs/xml-api): no emulator of it that is
//! to be had judges the condition of a write there.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use keyway_issue::store::Objects;

use crate::{contract, replicas, runtime};

/// What is asked, and what is there: by path the generation of each object, and its bytes.
type Held = BTreeMap<String, (u64, Vec<u8>)>;

/// A stand-in with an empty bucket; ends with the test.
fn start() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    thread::spawn(move || {
        let mut held = Held::new();
        // One request after the other, as the store has it for one object.
        for stream in listener.incoming().flatten() {
            drop(answer(stream, &mut held));
        }
    });
    at
}

/// One request, on a connection of its own.
fn answer(mut stream: TcpStream, held: &mut Held) -> io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut fields = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim().split_once(": ") else {
            break;
        };
        fields.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let length = fields.get("content-length");
    let length = length.map_or(0, |it| it.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let mut words = first.split_whitespace();
    let (method, path) = (words.next().unwrap(), words.next().unwrap().to_owned());
    let found = held.get(&path);
    let generation = found.map_or(0, |(generation, _)| *generation);
    let etag = |generation: u64| format!("\"generation {generation}\"");
    let (status, generation, body) = match (method, found) {
        ("PUT", _) => {
            let wanted = &fields["x-goog-if-generation-match"];
            if *wanted == generation.to_string() {
                held.insert(path, (generation + 1, body));
                ("200 OK", generation + 1, Vec::new())
            } else {
                ("412 Precondition Failed", generation, Vec::new())
            }
        }
        (_, None) if path.contains("?list-type=2") => {
            ("200 OK", 0, listed(&path, held).into_bytes())
        }
        (_, None) => ("404 Not Found", 0, Vec::new()),
        _ if fields.get("if-none-match") == Some(&etag(generation)) => {
            ("304 Not Modified", generation, Vec::new())
        }
        (_, Some((_, body))) => ("200 OK", generation, body.clone()),
    };
    let mut head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n");
    let _ = write!(head, "Content-Length: {}\r\n", body.len());
    let _ = write!(head, "ETag: {}\r\n", etag(generation));
    let _ = write!(head, "x-goog-generation: {generation}\r\n");
    head += "Last-Modified: Mon, 23 Nov 2026 00:00:00 GMT\r\n\r\n";
    stream.write_all(&[head.as_bytes(), &body].concat())
}

/// The objects whose names begin with what is asked for, in XML.
fn listed(asked: &str, held: &Held) -> String {
    let plain = |text: &str| {
        let mut parts = text.split('%');
        let mut plain = parts.next().unwrap().to_owned();
        for part in parts {
            let (code, rest) = part.split_at(2);
            plain.push(char::from(u8::from_str_radix(code, 16).unwrap()));
            plain += rest;
        }
        plain
    };
    let (bucket, asked) = asked.split_once('?').unwrap();
    let prefix = asked.split('&').find_map(|it| it.strip_prefix("prefix="));
    let prefix = plain(prefix.unwrap());
    let mut text = "<ListBucketResult>".to_owned();
    for (path, (generation, body)) in held {
        let key = path.strip_prefix(bucket).unwrap();
        let key = plain(key.trim_start_matches('/'));
        if key.starts_with(&prefix) {
            let _ = write!(
                text,
                "<Contents><Key>{key}</Key><LastModified>2026-11-23T00:00:00Z</LastModified>\
                 <Size>{}</Size><ETag>{generation}</ETag></Contents>",
                body.len()
            );
        }
    }
    text + "</ListBucketResult>"
}

fn objects(at: SocketAddr, prefix: &str) -> Objects {
    let base = format!("http://{at}");
    let account = r#"{"private_key": "none", "private_key_id": "none", "client_email": "none", "disable_oauth": true}"#;
    let settings = [
        ("GOOGLE_SERVICE_ACCOUNT_KEY", account),
        ("GOOGLE_BASE_URL", base.as_str()),
        ("GOOGLE_ALLOW_HTTP", "true"),
    ];
    Objects::open(&format!("gs://certificates/{prefix}"), settings, &[]).unwrap()
}

#[test]
fn what_speaks_as_google_does_keeps_the_contract() {
    let at = start();
    runtime().block_on(contract::kept(&objects(at, "one/prefix")));
}

#[test]
fn three_replicas_share_what_speaks_as_google_does() {
    let at = start();
    replicas::share(&|| Arc::new(objects(at, "shared")));
}
