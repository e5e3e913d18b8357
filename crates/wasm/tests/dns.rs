//! What a service needs of the DNS, as JavaScript asks for it, natively.
#![allow(clippy::unwrap_used)]

use keyway_wasm::Failure;
use keyway_wasm::dns::{DnsNeed, DnsPlanOptions, dns_check_zone, dns_plan, dns_records};
use serde_json::{Value, json};

const ZONE: &str = "\
$ORIGIN contoso.com.
$TTL 1h
@ SOA ns.example. admin.example. 1 1h 15m 1w 1h
@ NS ns.example.
www A 192.0.2.9
";

fn need(value: Value) -> DnsNeed {
    serde_json::from_value(value).unwrap()
}

fn records(value: Value) -> Value {
    serde_json::to_value(dns_records(&need(value)).unwrap()).unwrap()
}

fn code<T: std::fmt::Debug>(result: Result<T, keyway_wasm::Problem>) -> String {
    Failure::from(&result.unwrap_err()).error.code
}

fn by_hand() -> Value {
    json!({ "hosts": ["www.contoso.com"], "endpoint": ["192.0.2.1"] })
}

#[test]
fn a_host_and_an_address_become_a_record_in_the_zone_that_was_registered() {
    let told = records(by_hand());
    assert_eq!(
        (&told["zone"], &told["guessed"]),
        (&json!("contoso.com."), &json!(true))
    );
    let first = &told["records"][0];
    assert_eq!(
        (&first["type"], &first["data"]),
        (&json!("A"), &json!(["192.0.2.1"]))
    );
    assert_eq!(first["ttl"], 300);
    let forms = told["renders"].as_array().unwrap();
    assert!(
        forms
            .iter()
            .all(|form| !form["parts"].as_array().unwrap().is_empty())
    );
}

#[test]
fn the_port_of_an_endpoint_is_that_of_its_records() {
    let told = records(json!({
        "hosts": ["www.contoso.com"],
        "endpoint": ["https://192.0.2.1:8443/"],
        "https": true,
        "pins": ["ab".repeat(32)],
    }));
    let sets = told["records"].as_array().unwrap();
    let names: Vec<&str> = sets
        .iter()
        .map(|set| set["name"].as_str().unwrap())
        .collect();
    assert!(names.contains(&"_8443._https.www.contoso.com."), "{told}");
    assert!(names.contains(&"_8443._tcp.www.contoso.com."), "{told}");
}

#[test]
fn a_service_file_says_what_is_not_typed() {
    let service = "host = \"shop.contoso.com\"\nendpoint = \"http://192.0.2.7:80/\"\n\
                   [dns]\nzone = \"contoso.com\"\nttl = 60\n";
    let told = records(json!({ "service": service }));
    let first = &told["records"][0];
    assert_eq!(first["name"], "shop.contoso.com.");
    assert_eq!(
        (&first["ttl"], &told["guessed"]),
        (&json!(60), &json!(false))
    );
    let typed = records(json!({ "service": service, "hosts": ["a.contoso.com"], "ttl": 10 }));
    assert_eq!(typed["records"][0]["name"], "a.contoso.com.");
    assert_eq!(typed["records"][0]["ttl"], 10);
}

#[test]
fn an_international_name_is_asked_for_in_ascii() {
    let told = records(json!({ "hosts": ["bücher.de"], "endpoint": ["192.0.2.1"] }));
    assert_eq!(told["records"][0]["name"], "xn--bcher-kva.de.");
}

#[test]
fn an_alias_for_the_zone_itself_is_refused_by_its_rule() {
    let told = records(json!({ "hosts": ["contoso.com"], "endpoint": ["lb.example.net"] }));
    assert_eq!(told["findings"][0]["code"], "dns.cname-at-apex");
    assert_eq!(told["renders"], json!([]));
}

#[test]
fn what_is_not_known_or_is_none_is_a_failure_with_a_code() {
    let hosts = json!(["www.contoso.com"]);
    let pin = json!({ "hosts": hosts, "endpoint": ["192.0.2.1"], "pins": ["ab"] });
    for (expected, value) in [
        ("dns.host", json!({})),
        (
            "arguments.host",
            json!({ "hosts": ["https://a.example/"], "endpoint": ["192.0.2.1"] }),
        ),
        (
            "dns.host",
            json!({ "hosts": ["192.0.2.1"], "endpoint": ["192.0.2.1"] }),
        ),
        (
            "dns.host",
            json!({ "hosts": ["a b"], "endpoint": ["192.0.2.1"] }),
        ),
        ("dns.endpoint", json!({ "hosts": hosts })),
        (
            "dns.endpoint",
            json!({ "hosts": hosts, "endpoint": ["192.0.2.1", "a.example"] }),
        ),
        (
            "dns.name",
            json!({ "hosts": ["host.nowhere"], "endpoint": ["192.0.2.1"] }),
        ),
        ("dns.pin", pin),
        (
            "dns.limit",
            json!({ "hosts": vec!["a.example"; 1_001], "endpoint": ["192.0.2.1"] }),
        ),
        ("service.syntax", json!({ "service": "nothing here" })),
        (
            "dns.host",
            json!({ "service": "[tls]\nleaf_domain_label = \"a\"\n" }),
        ),
    ] {
        let told = format!("{value}");
        assert_eq!(code(dns_records(&need(value))), expected, "{told:.80}");
    }
}

#[test]
fn a_plan_starts_from_the_zone_as_it_is() {
    let planned = dns_plan(&need(by_hand()), ZONE, &DnsPlanOptions::default()).unwrap();
    let told = serde_json::to_value(&planned).unwrap();
    assert_eq!(told["plan"]["schema"], "keyway.dns-plan/1");
    assert_eq!(told["plan"]["zone"], "contoso.com.");
    let change = &told["plan"]["steps"][0]["changes"][0];
    assert_eq!(change["action"], "update");
    assert_eq!(change["before"]["data"], json!(["192.0.2.9"]));
    assert_eq!(told["refusal"], Value::Null);
}

#[test]
fn a_faulty_zone_is_checked_and_not_planned_against() {
    let faulty = format!("{ZONE}mail B 192.0.2.3\n");
    let checked = dns_check_zone(&faulty, &serde_json::from_value(json!({})).unwrap()).unwrap();
    let told = serde_json::to_value(&checked).unwrap();
    assert_eq!(told["findings"][0]["code"], "dns.zone-syntax");
    assert_eq!(told["findings"][0]["where"]["line"], 6);
    let refused = dns_plan(&need(by_hand()), &faulty, &DnsPlanOptions::default());
    let told = Failure::from(&refused.unwrap_err()).error;
    assert_eq!(
        (told.code.as_str(), told.line),
        ("dns.zone-syntax", Some(6))
    );
}

#[test]
fn more_than_a_quarter_of_a_zone_goes_only_when_that_is_said() {
    let more = (10..20).map(|last| format!("www A 192.0.2.{last}\n"));
    let zone = ZONE.to_owned() + &more.collect::<String>();
    let refused = dns_plan(&need(by_hand()), &zone, &DnsPlanOptions::default());
    assert_eq!(code(refused), "dns.too-much");
    let however_much = DnsPlanOptions { however_much: true };
    assert!(
        dns_plan(&need(by_hand()), &zone, &however_much)
            .unwrap()
            .plan
            .is_some()
    );
}

#[test]
fn what_a_plan_cannot_see_and_what_it_leaves_out_is_told_as_by_the_command_line() {
    let need = need(
        json!({ "hosts": ["contoso.com", "www.contoso.com"], "endpoint": ["lb.example.net"] }),
    );
    let planned = dns_plan(&need, ZONE, &DnsPlanOptions::default()).unwrap();
    let plan = serde_json::to_value(planned.plan.unwrap()).unwrap();
    let findings = plan["findings"].as_array().unwrap().iter();
    let codes: Vec<&str> = findings.map(|it| it["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["dns.cname-at-apex", "dns.target-unseen"]);
    // What cannot be made stands in no table, and the rest does.
    let told = serde_json::to_value(dns_records(&need).unwrap()).unwrap();
    let mut names = told["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["name"]);
    assert!(names.all(|name| name == "www.contoso.com."), "{told:#}");
    assert_eq!(told["findings"][0]["code"], "dns.cname-at-apex");
    // Nobody sees, either, since when there is something.
    assert_eq!(plan["steps"][0]["wait"], 10_800);
}

#[test]
fn cas_are_let_in_at_the_name_of_a_zone_that_becomes_no_alias() {
    let told = records(json!({
        "hosts": ["contoso.com"], "endpoint": ["lb.example.net"], "ca": ["ca.example"]
    }));
    assert_eq!(told["records"][0]["type"], "CAA", "{told:#}");
    assert_eq!(told["idle"], json!([]));
    assert_eq!(told["findings"][0]["code"], "dns.cname-at-apex");
}

#[test]
fn wishes_that_come_to_nothing_are_told_as_by_the_command_line() {
    let service = "host = [\"www.contoso.com\", \"www.fabrikam.com\"]\nendpoint = \"lb.example.net\"\n\
                   [dns]\nzone = \"contoso.com\"\n";
    let told = records(json!({ "service": service, "ca": ["letsencrypt.org"] }));
    let idle: Vec<&str> = told["idle"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it.as_str().unwrap())
        .collect();
    assert_eq!(idle.len(), 2, "{idle:?}");
    assert!(
        idle[0].contains("becomes an alias of lb.example.net"),
        "{idle:?}"
    );
    assert!(
        idle[1].starts_with("www.fabrikam.com. is in another zone"),
        "{idle:?}"
    );
    let other = need(json!({ "service": service, "zone": "example.org" }));
    assert_eq!(code(dns_records(&other)), "dns.name");
}

#[test]
fn a_zone_that_does_not_say_its_name_takes_the_one_that_is_left() {
    let text = "@ 60 SOA ns.example. admin.example. 1 1h 15m 1w 1h\n@ 60 NS ns.example.\n";
    let check = |options| dns_check_zone(text, &serde_json::from_value(options).unwrap());
    assert_eq!(code(check(json!({}))), "dns.name");
    assert_eq!(
        check(json!({ "otherwise": "a.example" })).unwrap().zone,
        "a.example."
    );
}

#[test]
fn what_was_given_is_shown_escaped() {
    let given = json!({ "hosts": ["a.example"], "endpoint": ["\u{202e}<b>"] });
    let message = Failure::from(&dns_records(&need(given)).unwrap_err())
        .error
        .message;
    assert!(!message.contains('\u{202e}'), "{message}");
}
