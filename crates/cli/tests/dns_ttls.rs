//! What caches may have for longer than the zone says by now: a TTL was lowered shortly before.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod name_servers;
mod stage;

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::thread;

use name_servers::NameServer;
use serde_json::Value;
use stage::{Run, Stage};

const ZONE: &str = "$ORIGIN example.com.
$TTL 300
@ SOA ns1 admin 1 3600 600 86400 120
@ NS ns1
ns1 A 127.0.0.1
www 900 A 192.0.2.1
_443._tcp.www 900 TLSA 3 1 1 aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00
";

const OLD_PIN: &str = "AA00AA00AA00AA00AA00AA00AA00AA00AA00AA00AA00AA00AA00AA00 AA00AA00";

const PINNED: &str = "--host www.example.com --endpoint 192.0.2.1 --ttl 2 --tlsa fullchain.pem";

const MOVED: &str = "--host www.example.com --endpoint 192.0.2.7 --ttl 2";

struct Scene {
    server: NameServer,
    resolver: NameServer,
    stage: Stage,
}

impl Scene {
    /// A resolver has what the zone has, and then its TTLs are lowered.
    fn lowered() -> Self {
        let scene = Self::new();
        let old = scene.resolver.dig("_443._tcp.www.example.com", "TLSA");
        assert!(old.contains(OLD_PIN), "{old}");
        assert_eq!(scene.resolver.dig("www.example.com", "A"), "192.0.2.1");
        let pin = OLD_PIN.replace(' ', "");
        scene.update(&format!(
            "update delete www.example.com A\nupdate add www.example.com 2 A 192.0.2.1\n\
             update delete _443._tcp.www.example.com TLSA\n\
             update add _443._tcp.www.example.com 2 TLSA 3 1 1 {pin}\n"
        ));
        scene
    }

    fn new() -> Self {
        let server = NameServer::bind(ZONE, &["hmac-sha256"]);
        let resolver = NameServer::unbound(&server);
        let stage = Stage::new();
        Self {
            server,
            resolver,
            stage,
        }
    }

    fn update(&self, text: &str) {
        let mut tool = Command::new("nsupdate");
        tool.arg("-k").arg(self.server.path("hmac-sha256.key"));
        let mut child = tool.stdin(Stdio::piped()).spawn().unwrap();
        let text = format!(
            "server 127.0.0.1 {}\nzone example.com\n{text}send\n",
            self.server.port
        );
        child
            .stdin
            .take()
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
        assert!(child.wait().unwrap().success());
    }

    fn asked(&self) -> String {
        let (server, port) = (self.server.address(), self.server.port);
        format!(
            "--server {server} --resolver {} --port {port}",
            self.resolver.address()
        )
    }

    fn run(&self, line: &str) -> Run {
        let key = self.server.path("hmac-sha256.key");
        let key = if line.starts_with("dns apply") {
            format!("--tsig {} --no-other-servers", key.display())
        } else {
            String::new()
        };
        self.stage.run(&format!("{line} {key}"))
    }

    /// Of each step of a plan how long it waits, seconds.
    fn waits(&self, line: &str) -> Vec<u64> {
        let made = self.run(&format!("dns plan {line} --format json"));
        assert_eq!(made.code, Some(0), "{made:?}");
        let made: Value = serde_json::from_str(&made.stdout).unwrap();
        let steps = made["steps"].as_array().unwrap().iter();
        steps.map(|step| step["wait"].as_u64().unwrap()).collect()
    }
}

/// Words as they are read, whatever lines they stand on.
fn words(run: &Run) -> String {
    run.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_old(wait: u64) -> bool {
    (800..=900).contains(&wait)
}

#[test]
fn a_pin_goes_when_a_resolver_lets_go_of_the_one_before_however_low_its_ttl_is_by_now() {
    let scene = Scene::lowered();
    let asked = scene.asked();
    let waits = scene.waits(&format!("{PINNED} {asked} --out plan.json"));
    assert_eq!(waits.len(), 2);
    assert!(is_old(waits[1]), "{waits:?}");
    // Nobody who was asked knows of it: that is said, and nothing is promised.
    let alone = format!("{PINNED} --server {}", scene.server.address());
    assert_eq!(scene.waits(&alone), [0, 2]);
    let hedged = "save where their TTL was lowered shortly before";
    assert!(words(&scene.run(&format!("dns plan {alone}"))).contains(hedged));
    let settled = words(&scene.run(&format!("dns plan {alone} --settled")));
    assert!(
        settled.contains("By then no cache has the records of before. "),
        "{settled}"
    );
    assert_eq!(scene.waits(&format!("{PINNED} {asked} --settled")), [0, 2]);
}

#[test]
fn a_step_waits_for_what_a_resolver_has_though_the_plan_knew_of_none() {
    let scene = Scene::lowered();
    let (alone, asked) = (
        format!("--server {}", scene.server.address()),
        scene.asked(),
    );
    assert_eq!(
        scene.waits(&format!("{PINNED} {alone} --out plan.json")),
        [0, 2]
    );
    let line = "dns apply --plan plan.json --key-switched --format json";
    let due = |run: &Run| {
        assert_eq!(run.code, Some(1), "{run:?}");
        let answer: Value = serde_json::from_str(&run.stdout).unwrap();
        answer["steps"][1]["not_before"].as_str().map(str::to_owned)
    };
    let first = due(&scene.run(&format!("{line} {asked}"))).unwrap();
    thread::sleep(std::time::Duration::from_secs(3));
    // What was seen is not forgotten where the resolver is not asked again.
    let again = due(&scene.run(&format!("{line} {alone}"))).unwrap();
    assert_eq!(first, again);
}

#[test]
fn what_plans_in_the_same_folder_replaced_is_remembered_by_caches() {
    let scene = Scene::new();
    let alone = format!("--server {}", scene.server.address());
    let pin = OLD_PIN.replace(' ', "");
    let set = |ttl: u32| {
        scene.update(&format!(
            "update delete _443._tcp.www.example.com TLSA\n\
             update add _443._tcp.www.example.com {ttl} TLSA 3 1 1 {pin}\n\
             update delete www.example.com A\nupdate add www.example.com 2 A 192.0.2.1\n"
        ));
    };
    // A first plan puts another pin beside the one that caches have for an hour, and its work is undone.
    set(3_600);
    assert_eq!(
        scene.waits(&format!("{PINNED} {alone} --out first.json")),
        [0, 3_600]
    );
    let begun = scene.run(&format!("dns apply --plan first.json {alone}"));
    assert_eq!(begun.code, Some(1), "{begun:?}");
    set(2);
    for out in ["other.json", "first.json", "first.json"] {
        let waits = scene.waits(&format!("{PINNED} {alone} --out {out}"));
        let last = *waits.last().unwrap();
        assert!((3_500..=3_600).contains(&last), "{out} {waits:?}");
    }
    // Without a folder nothing is known.
    assert_eq!(scene.waits(&format!("{PINNED} {alone}")), [0, 2]);
}

#[test]
fn no_end_is_promised_where_a_ttl_may_have_been_lowered_and_one_that_was_seen_is_kept() {
    let scene = Scene::lowered();
    let (alone, asked) = (
        format!("--server {} --no-other-servers", scene.server.address()),
        scene.asked(),
    );
    let need = format!(
        "{MOVED} --server {} --out plan.json",
        scene.server.address()
    );
    scene.waits(&need);
    let run = scene.run(&format!(
        "dns apply --plan plan.json --server {}",
        scene.server.address()
    ));
    assert_eq!(run.code, Some(0), "{run:?}");
    let verify = |more: &str| {
        let run = scene.run(&format!("dns verify --plan plan.json {more}"));
        words(&run)
    };
    let text = verify(&alone);
    assert!(
        text.contains("longer only where a TTL was lowered shortly before the plan"),
        "{text}"
    );
    assert!(!text.contains("and no longer"), "{text}");
    // The resolver is seen to have it for longer, and that is known from then on.
    verify(&format!("{asked} --no-other-servers"));
    let seen = scene.run(&format!(
        "dns verify --plan plan.json {alone} --format json"
    ));
    let seen: Value = serde_json::from_str(&seen.stdout).unwrap();
    let noted = std::fs::read_to_string(scene.stage.path().join("plan.json.applied")).unwrap();
    let noted: Value = serde_json::from_str(&noted).unwrap();
    let until = noted["remembered"][0]["until"].as_i64().unwrap();
    let released = seen["released"].as_str().unwrap();
    let at = scene.run(&format!(
        "dns verify --plan plan.json {alone} --at @{until}"
    ));
    assert!(!words(&at).contains("what was there before"), "{at:?}");
    let before = until - 1;
    let at = scene.run(&format!(
        "dns verify --plan plan.json {alone} --at @{before}"
    ));
    assert!(
        words(&at).contains(&format!("until {released}")),
        "{at:?} {released}"
    );
}

#[test]
fn what_is_beside_a_plan_and_does_not_read_is_told() {
    let scene = Scene::new();
    let alone = format!("--server {}", scene.server.address());
    scene.waits(&format!("{MOVED} {alone} --out plan.json"));
    scene.stage.write("plan.json.applied", "{bad");
    let run = scene.run(&format!("dns apply --plan plan.json {alone}"));
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(
        run.stderr.contains("plan.json.applied does not read"),
        "{run:?}"
    );
}

#[test]
fn a_ttl_alone_is_changed_at_a_server_that_adds_nothing_that_is_there() {
    const ZONE: &str = "$ORIGIN example.com.\n$TTL 300\n@ SOA ns1 admin 1 3600 600 86400 2\n@ NS ns1\n\
                        ns1 A 127.0.0.1\nwww 3 A 192.0.2.1\nwww 3 A 192.0.2.2\n";
    let server = NameServer::knot(ZONE);
    let stage = Stage::new();
    let need = "--host www.example.com --endpoint 192.0.2.1 --endpoint 192.0.2.2 --ttl 60";
    let at = server.address();
    let made = stage.run(&format!(
        "dns plan {need} --server {at} --settled --out plan.json"
    ));
    assert_eq!(made.code, Some(0), "{made:?}");
    let applied = stage.run(&format!(
        "dns apply --plan plan.json --server {at} --no-other-servers --tsig {}",
        server.path("hmac-sha256.key").display()
    ));
    assert_eq!(applied.code, Some(0), "{applied:?}");
    let again = stage.run(&format!("dns plan {need} --server {at} --settled"));
    assert!(again.stdout.contains("NOTHING TO DO"), "{again:?}");
}

#[test]
fn a_first_pin_waits_while_caches_lead_to_where_an_earlier_plan_led_from() {
    let scene = Scene::new();
    let alone = format!("--server {}", scene.server.address());
    scene.update(
        "update delete _443._tcp.www.example.com TLSA\nupdate delete www.example.com A\n\
         update add www.example.com 300 A 192.0.2.9\n",
    );
    let host = format!("--host www.example.com --endpoint 192.0.2.8 {alone}");
    assert_eq!(scene.waits(&format!("{host} --out first.json")), [0]);
    let moved = scene.run(&format!("dns apply --plan first.json {alone}"));
    assert_eq!(moved.code, Some(0), "{moved:?}");
    let more = format!("{host} --tlsa fullchain.pem --https");
    let waits = scene.waits(&format!("{more} --out second.json"));
    assert_eq!(waits.len(), 1, "{waits:?}");
    assert!((200..=300).contains(&waits[0]), "{waits:?}");
    let held = scene.run(&format!("dns apply --plan second.json {alone}"));
    assert_eq!(held.code, Some(1), "{held:?}");
    assert!(words(&held).contains("not before"), "{held:?}");
    assert_eq!(scene.waits(&format!("{more} --settled")), [0, 0]);
}

#[test]
fn a_first_pin_does_not_wait_for_what_leads_to_the_same_place_with_another_ttl() {
    let scene = Scene::new();
    let alone = format!("--server {}", scene.server.address());
    scene.update("update delete _443._tcp.www.example.com TLSA\n");
    let host = format!("--host www.example.com --endpoint 192.0.2.1 --ttl 2 {alone}");
    assert_eq!(scene.waits(&format!("{host} --out first.json")), [0]);
    let lowered = scene.run(&format!("dns apply --plan first.json {alone}"));
    assert_eq!(lowered.code, Some(0), "{lowered:?}");
    let more = format!("{host} --tlsa fullchain.pem --https");
    assert_eq!(scene.waits(&format!("{more} --out second.json")), [0, 0]);
    // Nor for what a resolver has of it.
    let scene = Scene::new();
    scene.update("update delete _443._tcp.www.example.com TLSA\n");
    assert_eq!(scene.resolver.dig("www.example.com", "A"), "192.0.2.1");
    scene.update("update delete www.example.com A\nupdate add www.example.com 2 A 192.0.2.1\n");
    let asked = more.replace(&alone, &scene.asked());
    assert_eq!(scene.waits(&asked), [0, 0]);
}
