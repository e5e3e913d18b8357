//! A handshake among many certificates, against one among one: the library in a process of its own, which is this
//! program again.
#![allow(clippy::print_stdout)]

use std::fs;
use std::net::Ipv4Addr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::{Duration, Instant};

use keyway_chain::algorithms::aws_lc_rs;
use keyway_chain::x509::Certificate;
use keyway_chain::{Anchors, CheckOptions, Input, Profile, ReadOptions, Servable, check, read};
use keyway_report::Timestamp;
use keyway_termination::observe::Silent;
use keyway_termination::protocol::ClientCas;
use keyway_termination::{Entry, Listener, Role, Server, Site, Supplies};
use keyway_testkit::{Chain, NOW};
use rustls::crypto::aws_lc_rs::Ticketer;
use rustls::time_provider::DefaultTimeProvider;

use crate::hands;
use crate::material::Material;
use crate::process::{Process, THEIRS, free_port};
use crate::rows::{Row, Work};
use crate::terminator::Running;

/// The row, and the word that starts this program as its terminator.
pub(crate) const ROW: &str = "many";
pub(crate) const MODE: &str = "serve-many";

/// Certificates of the one and of the other.
const MANY: usize = 100_000;
const FEW: usize = 1;

/// Names that clients ask for, spread over all there are.
const ASKED: usize = 10_000;

/// Both, started once: that takes a while.
pub(crate) struct Both {
    many: Running,
    one: Running,
}

impl Both {
    pub(crate) fn start(material: &Material) -> Self {
        Self {
            many: start(material, MANY),
            one: start(material, FEW),
        }
    }

    pub(crate) fn measure(&self, round: usize) {
        let row = Row {
            name: ROW,
            work: Work::Full,
            peer: None,
            is_rsa: false,
            is_tcp: false,
        };
        let many = || {
            hands::cost(&self.many, &row, ASKED, |number| {
                name(number * (MANY / ASKED))
            })
        };
        let one = || hands::cost(&self.one, &row, 1, name);
        let (many, one) = if round.is_multiple_of(2) {
            let many = many();
            (many, one())
        } else {
            let one = one();
            (many(), one)
        };
        println!("{ROW} - {many:.3} {one:.3}");
    }
}

fn start(material: &Material, count: usize) -> Running {
    let port = free_port();
    let program = std::env::current_exe().expect("this program");
    let words = [
        program.display().to_string(),
        MODE.to_owned(),
        count.to_string(),
        port.to_string(),
        format!("http://127.0.0.1:{}", material.backend),
    ];
    let log = material.folder().join(format!("many-{count}.log"));
    let mut process = Process::start(THEIRS, &words, &log);
    process.wait_for(port, &log);
    if count == MANY {
        let said = fs::read_to_string(&log).unwrap_or_default();
        println!("many-start - {} 1", said.trim());
        println!("many-memory - {:.0} 1024", process.memory());
    }
    Running {
        process,
        address: (Ipv4Addr::LOCALHOST, port).into(),
        is_tcp: false,
    }
}

fn name(number: usize) -> String {
    format!("host-{number}.example.com")
}

/// Serves so many certificates until it is ended; says before how many milliseconds it took to take them up.
/// They are copies of a checked one, each with a name and with a key that is read anew: making them is not measured.
pub(crate) fn serve(count: usize, port: u16, backend: &str) {
    let servable = servable(&Chain::good());
    let text = format!("upstream = {backend:?}\n[tls]\nstatus = \"enabled\"\n");
    let service = keyway_config::read(&text).expect("a service").service;
    let began = Instant::now();
    let entries = (0..count).map(|number| Entry::new([&*name(number)], &servable));
    let supplies = Supplies {
        certificates: entries.collect::<Result<_, _>>().expect("entries"),
        clients: ClientCas::default(),
        upstream_tls: None,
        clock: Arc::new(DefaultTimeProvider),
        key_log: None,
        challenges: None,
    };
    let site = Site::new(&service, &supplies, &Ticketer::new().expect("tickets")).expect("a site");
    drop(supplies);
    println!("{}", began.elapsed().as_millis());
    let listener = Listener {
        address: (Ipv4Addr::LOCALHOST, port).into(),
        role: Role::Service,
    };
    let server = Server::start(site, &[listener], NonZeroUsize::MIN, Arc::new(Silent));
    let _server = server.expect("a server");
    loop {
        std::thread::sleep(Duration::from_secs(3600));
    }
}

fn servable(chain: &Chain) -> Servable {
    let files = [chain.fullchain_pem(), chain.key_pem()];
    let inputs = [("fullchain.pem", &files[0]), ("key.pem", &files[1])];
    let inputs = inputs.map(|(name, text)| Input {
        name,
        bytes: text.as_bytes(),
    });
    let bundle = read(&inputs, &ReadOptions::default()).expect("a bundle");
    let mut anchors = Anchors::none();
    let root = Certificate::read(chain.root.der()).expect("a root");
    anchors.add(root).expect("an anchor");
    let now = Timestamp::from_seconds(NOW);
    let mut options = CheckOptions::new(now, &anchors, aws_lc_rs());
    options.profile = Profile::Private;
    check(&bundle, &options)
        .servable(&bundle)
        .expect("a good pair")
}
