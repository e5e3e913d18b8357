//! What nobody could find out is neither good nor past.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod name_servers;
mod stage;

use std::time::{Duration, Instant};

use name_servers::NameServer;
use serde_json::Value;
use stage::{Run, Stage};

const ZONE: &str = "$ORIGIN example.com.
$TTL 300
@ SOA ns1 admin 1 3600 600 86400 2
@ NS ns1
ns1 A 127.0.0.1
www 5 A 192.0.2.1
";

fn told(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn what_nobody_could_ask_is_no_agreement_and_is_not_waited_for_in_vain() {
    let server = NameServer::bind(ZONE, &[]);
    let stage = Stage::new();
    let need = "--host www.example.com --endpoint 192.0.2.1 --ttl 5";
    let asked = format!("{need} --server {}", server.address());
    // Nobody was named who could say which servers the zone above has.
    for line in ["verify", "wait --deadline 3000"] {
        let seen = stage.run(&format!("dns {line} {asked}"));
        assert_eq!(seen.code, Some(2), "{seen:?}");
        assert!(seen.stdout.starts_with("NOT KNOWN"), "{}", seen.stdout);
        assert!(
            seen.stdout.contains("--no-other-servers"),
            "{}",
            seen.stdout
        );
        let sure = stage.run(&format!("dns {line} {asked} --no-other-servers"));
        assert_eq!(sure.code, Some(0), "{sure:?}");
        assert!(sure.stdout.starts_with("ALL AGREE"), "{}", sure.stdout);
    }
    let seen = told(&stage.run(&format!("dns verify {asked} --format json")));
    assert_eq!([&seen["agrees"], &seen["differs"]], [false, false]);
    // Another time a resolver may say it: that is waited for, and not for ever.
    let resolver = NameServer::unbound(&server);
    let line = format!(
        "dns wait {asked} --resolver {} --deadline 3",
        resolver.address()
    );
    let start = Instant::now();
    let seen = stage.run(&line);
    assert_eq!(seen.code, Some(2), "{seen:?}");
    assert!(start.elapsed() >= Duration::from_secs(2));
    assert!(seen.stderr.contains("could not be asked"), "{seen:?}");
    // A question at the end of a sentence ends it.
    let silent = stage.run(&format!(
        "dns verify {asked} --resolver 127.0.0.1:1 --timeout 1"
    ));
    let text = silent
        .stdout
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(text.contains("let port 1 through. why"), "{text}");
    // What is seen to be wrong is wrong, whoever else was not asked.
    let wrong = stage.run(&format!(
        "dns verify {}",
        asked.replace("192.0.2.1", "192.0.2.2")
    ));
    assert_eq!(wrong.code, Some(1), "{wrong:?}");
}

#[test]
fn what_another_zone_may_have_got_just_now_is_waited_for_as_its_servers_say() {
    // A resolver that has had the record for a while says less than its time, and its last field is more.
    const NEW: &str = "$TTL 300\n@ 77 SOA ns admin 1 3600 600 86400 9000\n@ NS ns\nns A 127.0.0.1\n\
        lb A 192.0.2.9\n";
    let server =
        NameServer::bind_zones(&[("example.com", ZONE, ""), ("example.net", NEW, "")], &[]);
    let resolver = NameServer::unbound_of(&server, &["example.com", "example.net"]);
    let stage = Stage::new();
    let need = "--host www.example.com --endpoint lb.example.net --zone example.com --ttl 5";
    let line = format!(
        "dns plan {need} --server {} --format json",
        server.address()
    );
    let first = |more: &str| {
        let made = stage.run(&format!("{line} {more}"));
        assert_eq!(made.code, Some(0), "{made:?}");
        told(&made)["steps"][0]["wait"].as_u64().unwrap_or(0)
    };
    let asked = format!("--resolver {} --port {}", resolver.address(), server.port);
    assert_eq!(first(&asked), 77);
    // Where its servers do not say it, no more is counted than its last field, and than caches keep.
    let (_held, nobody) = name_servers::silent();
    let port = nobody.rsplit(':').next().unwrap();
    let asked = format!(
        "--resolver {} --port {port} --timeout 1",
        resolver.address()
    );
    assert_eq!(first(&asked), 9_000);
    assert_eq!(first(&format!("{asked} --settled")), 0);
    // Nor does what an older plan waits for come back.
    assert_eq!(first(&format!("{asked} --out plan.json")), 9_000);
    assert_eq!(first(&format!("{asked} --settled --out plan.json")), 0);
    // Nobody was asked at all.
    assert_eq!(first(""), 10_800);
}

#[test]
fn words_for_a_plan_say_what_it_does() {
    let stage = Stage::new();
    stage.write(
        "bare.zone",
        "@ 300 SOA ns1 admin 1 3600 600 86400 2\n@ 300 NS ns1\n",
    );
    let need = "dns plan --host www.example.com --endpoint 192.0.2.1 --zone-file bare.zone";
    let run = stage.run(need);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(
        run.stderr.contains("--zone") && !run.stderr.contains("--origin"),
        "{run:?}"
    );
    // An empty file is taken for a new one, and that is said.
    let need = format!("{need} --zone example.com --out plan.json");
    assert_eq!(stage.run(&need).stderr, "");
    stage.write("plan.json", "");
    let run = stage.run(&need);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stderr.contains("was there, and empty"), "{run:?}");
    // What is refused is no warning.
    let need = "dns plan --host ns1.example.com --endpoint 192.0.2.7 --zone-file full.zone";
    stage.write("full.zone", ZONE);
    let run = stage.run(need);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(
        run.stdout.contains("refused  dns.server-moves"),
        "{}",
        run.stdout
    );
    let help = stage.run("dns plan --help").stdout;
    assert!(
        help.contains("addresses of hosts that NS records name"),
        "{help}"
    );
}

#[test]
fn an_alias_of_which_a_resolver_does_not_say_where_it_leads_leads_to_no_address_for_nobody_knows() {
    let zone = format!("{ZONE}away CNAME gone.example.net.\n");
    let server = NameServer::bind(&zone, &[]);
    // It asks a server that has no such zone.
    let resolver = NameServer::unbound_of(&server, &["example.com", "example.net"]);
    let stage = Stage::new();
    let line = format!(
        "dns verify --host away.example.com --endpoint gone.example.net --server {} --no-other-servers",
        server.address()
    );
    for more in ["", " --cert fullchain.pem"] {
        let asked = format!("{line} --resolver {}{more}", resolver.address());
        let seen = stage.run(&asked);
        assert_eq!(seen.code, Some(1), "{seen:?}");
        assert!(!seen.stdout.contains("dns.no-address"), "{}", seen.stdout);
        assert!(!seen.stdout.contains("ALL AGREE"), "{}", seen.stdout);
        let code = if more.is_empty() {
            "dns.target-unseen"
        } else {
            "dns.resolver-fails"
        };
        assert!(seen.stdout.contains(code), "{code}: {}", seen.stdout);
        assert!(seen.stdout.contains("SERVFAIL"), "{}", seen.stdout);
    }
}

#[test]
fn where_nobody_looked_whether_a_target_is_there_nobody_says_that_something_is_wrong() {
    let zone = format!("{ZONE}away CNAME gone.example.net.\n");
    let server = NameServer::bind(&zone, &[]);
    let stage = Stage::new();
    let seen = stage.run(&format!(
        "dns verify --host away.example.com --endpoint gone.example.net --server {} --no-other-servers",
        server.address()
    ));
    assert_eq!(seen.code, Some(2), "{seen:?}");
    assert!(seen.stdout.contains("NOT KNOWN"), "{}", seen.stdout);
    assert!(seen.stdout.contains("dns.target-unseen"), "{}", seen.stdout);
}
