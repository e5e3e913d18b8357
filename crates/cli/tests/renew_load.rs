//! A certificate that renews itself while many ask for what it is for.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod renewing;
mod serving;
mod stage;
mod trusting;

use std::fs;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use keyway_testkit::own_port;
use keyway_testkit::pebble::Pebble;
use renewing::{HOST, Machine, said, serial};
use rustls::ClientConfig;
use serde_json::Value;
use serving::{Ends, Serving, backend, until};
use trusting::{Client, trusting_now};

/// Seconds that stand for the six days of a short-lived certificate: either is renewed at the half of it, as anything
/// under ten days.
const SIX_DAYS: u32 = 20;

const RENEWALS: usize = 3;

/// Those who ask at the same time, how often each by one connection, and how often at most.
const CLIENTS: usize = 8;
const BY_ONE: usize = 20;
const MOST: usize = 50_000;

/// Between two requests of a client: the CA lives on the same machine.
const PAUSE: Duration = Duration::from_millis(4);

/// Looks at what does not stay: one of them falls between two renewals.
const LOOKS: usize = 10;

const TRUST: &str = "--roots roots.pem --profile private";

/// Asks until it is over; how often that was answered.
fn ask(address: SocketAddr, config: &Arc<ClientConfig>, is_over: &AtomicBool) -> io::Result<usize> {
    let mut answered = 0;
    while answered < MOST {
        let mut client = Client::connect(address, config)?;
        for _ in 0..BY_ONE {
            if is_over.load(Ordering::Relaxed) {
                return Ok(answered);
            }
            let stays = client.get()?;
            answered += 1;
            thread::sleep(PAUSE);
            if !stays {
                break;
            }
        }
    }
    Err(io::Error::other("it is not over"))
}

/// The serial number of what is shown to who connects.
fn on_the_wire(machine: &Machine) -> String {
    let mut openssl = Command::new("openssl");
    openssl.args([
        "s_client",
        "-connect",
        &machine.address(),
        "-servername",
        HOST,
    ]);
    let (_, shown) = said(&openssl.stdin(Stdio::null()).output().unwrap());
    let shown_to = machine.path("shown.pem");
    fs::write(&shown_to, shown).unwrap();
    serial(&shown_to)
}

fn json(machine: &Machine, arguments: &str) -> Value {
    let (_, text) = machine.run(&format!("{arguments} {TRUST} --format json"));
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}"))
}

/// What the DNS, the server's memory, the files and the wire say of the certificate, each by itself.
fn agreed(machine: &Machine, metrics: u16) -> Value {
    let status = json(machine, "status keyway.toml");
    let address = machine.address();
    let chain = json(
        machine,
        &format!(
            "check --connect {address} --sni {HOST} keyway.toml --metrics 127.0.0.1:{metrics}"
        ),
    );
    let link = |name: &str| {
        let mut links = chain["links"].as_array().unwrap().iter();
        links.find(|link| link["link"] == name).unwrap()["holds"].clone()
    };
    serde_json::json!({
        "dns": status["dns"][0]["standing"],
        "where dns leads": status["served"][0]["standing"],
        "file": link("file"),
        "loaded": link("loaded"),
        "served": link("served"),
        "wire is file": on_the_wire(machine) == machine.serial(),
    })
}

#[test]
fn a_certificate_of_six_days_renews_thrice_under_load_and_all_who_speak_of_it_agree() {
    let machine = Machine::with(&Pebble::default().valid_for(SIX_DAYS));
    let ip = machine.pebble.ip;
    machine.service_of(&format!("host = \"{HOST}\"\nendpoint = \"{ip}\""), "", "");
    let file = machine.path("keyway.toml");
    let text = fs::read_to_string(&file).unwrap();
    let text = text.replace("http://127.0.0.1:1", &backend("hello"));
    fs::write(&file, text).unwrap();
    let metrics = own_port();
    let mut serve = machine.command();
    let line = format!("serve --threads 2 --metrics 127.0.0.1:{metrics} {TRUST}");
    serve.args(line.split(' '));
    let serving = Serving::run(serve);

    let address = SocketAddr::from((ip, 8443));
    assert!(until(|| TcpStream::connect(address).is_ok()));
    let config = trusting_now(&fs::read(machine.path("roots.pem")).unwrap());
    let is_over = AtomicBool::new(false);
    let chain = || fs::read(machine.chain_of(HOST)).unwrap();
    let answered = thread::scope(|scope| {
        let _ends = Ends(&is_over);
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| scope.spawn(|| ask(address, &config, &is_over)))
            .collect();
        for renewal in 1..=RENEWALS {
            let before = chain();
            assert!(until(|| chain() != before), "renewal {renewal}");
            serving.wait_for("done served");
        }
        // While they ask on; between two looks it may have been renewed once more.
        let expected = serde_json::json!({
            "dns": "right", "where dns leads": "same",
            "file": "yes", "loaded": "yes", "served": "yes", "wire is file": true,
        });
        let looked = (0..LOOKS).find_map(|_| {
            let before = chain();
            let seen = agreed(&machine, metrics);
            (chain() == before).then_some(seen)
        });
        assert_eq!(looked.unwrap(), expected);
        is_over.store(true, Ordering::Relaxed);
        let answered = clients.into_iter().map(|it| it.join().unwrap());
        answered.collect::<io::Result<Vec<_>>>()
    });
    // Nobody was turned away, and everybody was there all the while.
    let answered = answered.unwrap();
    assert!(answered.iter().all(|it| *it > 100), "{answered:?}");
    serving.end();
}
