//! Who will accept it: what we say is held against what clients say. Four programs are asked here and
//! now; what others said who cannot be installed everywhere is kept in `suites/clients`.

mod limbo;
mod measured;
mod programs;

use std::collections::BTreeSet;
use std::thread;

use keyway_chain::Profile;
use keyway_chain::clients::Client;
use keyway_report::Verdict;
use keyway_tests::loopback::{Case, made, openssl};
use keyway_tests::vectors;
use programs::Served;

/// Where a program decides by the second: their clocks go on while they are asked, and OpenSSL takes the
/// last second of validity for the first after it.
const BY_THE_SECOND: &str = "second";

/// What servers would send of the rule vectors, the same thing once.
fn of_vectors() -> impl Iterator<Item = Case> {
    let mut seen = BTreeSet::new();
    let vectors = vectors::rules().into_iter();
    let cases = vectors.filter_map(|vector| Case::of_vector(&vector));
    let cases = cases.filter(|case| !case.name.contains(BY_THE_SECOND));
    cases
        .filter(move |case| seen.insert((case.sent.clone(), case.roots.clone(), case.host.clone())))
}

fn answer<'a>(clients: &'a [Client], family: &str) -> &'a Client {
    let mut clients = clients.iter();
    clients
        .find(|client| client.name == family)
        .expect("a family")
}

/// What is wrong with our answer, if these programs of one family say so.
fn fault(case: &Case, clients: &[Client], family: &str, said: &[bool]) -> Option<String> {
    let ours = answer(clients, family);
    let (yes, no) = (said.contains(&true), said.contains(&false));
    let is_wrong = match ours.accepts {
        Verdict::Yes => no,
        Verdict::No => yes,
        // What nobody knows has been found out just now.
        Verdict::Unknown => ours.reason.starts_with("It is not known") && !is_open(&ours.reason),
    };
    let (name, accepts, reason) = (&case.name, ours.accepts, &ours.reason);
    is_wrong.then(|| format!("{name}: {family}: we say {accepts:?} ({reason}), it says {said:?}"))
}

/// Rules whose findings are of so many kinds that nobody has tried them all.
const OPEN: [&str; 2] = [
    "an extension cannot be read",
    "a signature uses an algorithm",
];

fn is_open(reason: &str) -> bool {
    OPEN.iter().any(|rule| reason.contains(rule))
}

#[test]
fn curl_openssl_python_and_gnutls_say_what_we_say_that_they_say() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = made::cases()
        .into_iter()
        .chain(openssl::cases(folder.path()));
    let (mut asked, mut servers) = (Vec::new(), Vec::new());
    for (number, case) in made.chain(of_vectors()).enumerate() {
        if let Some(server) = Served::start(&case, number, folder.path()) {
            servers.push(server);
            asked.push(case);
        }
    }
    // The library alone is asked only about what was made to tell it from curl.
    let is_vector = |case: &Case| case.name.contains('/');
    let of_kit = asked.iter().take_while(|case| !is_vector(case)).count();
    let (servers, folder) = (&servers, folder.path());
    let (curl, python, openssl, gnutls) = thread::scope(|scope| {
        let curl = scope.spawn(|| programs::curl(servers, folder));
        let python = scope.spawn(|| programs::python(servers));
        let gnutls = programs::gnutls(servers);
        let openssl = programs::openssl(&servers[..of_kit]);
        let curl = curl.join().expect("a thread");
        (curl, python.join().expect("a thread"), openssl, gnutls)
    });
    assert_eq!([curl.len(), python.len()], [asked.len(); 2]);
    let mut faults = Vec::new();
    for (number, case) in asked.iter().enumerate() {
        let clients = case.report(Profile::Private).clients;
        let library = openssl.get(number).copied();
        let of_openssl: Vec<bool> = [curl[number]].into_iter().chain(library).collect();
        let said = [
            ("curl and OpenSSL", of_openssl),
            ("Python", vec![python[number]]),
            ("GnuTLS", vec![gnutls[number]]),
        ];
        let found = said
            .iter()
            .filter_map(|(family, said)| fault(case, &clients, family, said));
        faults.extend(found);
    }
    assert!(
        faults.is_empty(),
        "{} of {}:\n{}",
        faults.len(),
        asked.len(),
        faults.join("\n")
    );
}

#[test]
fn clients_know_of_no_profile() {
    for case in made::cases() {
        let says = |profile| {
            let clients = case.report(profile).clients.into_iter();
            clients
                .map(|client| (client.name, client.accepts))
                .collect::<Vec<_>>()
        };
        let private = says(Profile::Private);
        assert_eq!(says(Profile::Webpki), private, "{}", case.name);
        assert_eq!(says(Profile::Rfc5280), private, "{}", case.name);
    }
}
