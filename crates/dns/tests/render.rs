//! What a plan is in each form.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use keyway_dns::name::Name;
use keyway_dns::plan::{Plan, State, plan};
use keyway_dns::rdata::Type;
use keyway_dns::render::{Form, Part, Rendered, render};
use keyway_dns::wanted::{Endpoint, Issuer, Need, Pin, wanted};
use keyway_dns::zone::{ReadOptions, read};

fn name(text: &str) -> Name {
    Name::read(text).unwrap()
}

/// `www` moves from one address to two, gets CAA and a pin, and loses an old pin and an alias beside it.
fn moved() -> (Plan, State) {
    let text = "www 300 A 192.0.2.1\n_443._tcp.www 600 TLSA 3 1 1 aa\nold 60 CNAME www\n";
    let read = read(text.as_bytes(), "example.com", &ReadOptions::default()).unwrap();
    let state = State::of_zone(&read.zone);
    let need = Need {
        hosts: vec![name("www.example.com"), name("old.example.com")],
        endpoint: Endpoint::Addresses(vec![
            "192.0.2.7".parse().unwrap(),
            "2001:db8::7".parse().unwrap(),
        ]),
        ttl: 300,
        issuers: vec![Issuer {
            domain: "ca.example".to_owned(),
            account: Some("https://ca.example/it's".to_owned()),
            methods: Vec::new(),
        }],
        pins: vec![Pin {
            port: 443,
            spki_sha256: [0xab; 32],
        }],
        hints: false,
        port: 443,
        alpn: vec!["h2".to_owned()],
        challenges: vec!["LHDhK3oGRvkiefQnx7OOczTY5Tic_xZ6HcMOc_gmtoM".to_owned()],
        standing: None,
    };
    let wanted = wanted(&need).unwrap();
    let plan = plan(&name("example.com"), &state, &wanted, 100).unwrap();
    (plan, state)
}

fn rendered(form: Form) -> Rendered {
    let (plan, state) = moved();
    render(&plan, &state, form)
}

fn text(form: Form) -> String {
    let Rendered { parts, .. } = rendered(form);
    parts.into_iter().map(|part| part.text).collect()
}

fn holds(form: Form, lines: &[&str]) {
    let text = text(form);
    for line in lines {
        assert!(text.lines().any(|found| found == *line), "{line}\n{text}");
    }
}

#[test]
fn the_old_pin_waits_for_its_ttl() {
    let parts = rendered(Form::Nsupdate).parts;
    let waits: Vec<u32> = parts.iter().map(|part| part.wait).collect();
    assert_eq!(waits, [0, 600, 600]);
    let pins: Vec<bool> = parts.iter().map(|part| part.takes_pins).collect();
    assert_eq!(pins, [false, false, true]);
    assert!(
        parts[2]
            .text
            .contains("update delete _443._tcp.www.example.com. IN TLSA\nupdate add ")
    );
}

#[test]
fn nsupdate_asks_for_what_the_plan_saw_and_makes_room_before_it_adds() {
    let update = text(Form::Nsupdate);
    let place = |line: &str| {
        update
            .find(line)
            .unwrap_or_else(|| panic!("{line}\n{update}"))
    };
    place("prereq yxrrset www.example.com. IN A 192.0.2.1\n");
    place("prereq nxrrset www.example.com. IN AAAA\n");
    let gone = place("update delete old.example.com. IN CNAME www.example.com.\n");
    let new = place("update add old.example.com. 300 IN A 192.0.2.7\n");
    assert!(gone < new, "{update}");
}

#[test]
fn a_zones_lines_are_read_back() {
    let lines = text(Form::Zone);
    let read = read(lines.as_bytes(), "example.com", &ReadOptions::default()).unwrap();
    assert!(read.faults.is_empty(), "{:?}\n{lines}", read.faults);
    let state = State::of_zone(&read.zone);
    let hosts = state.set(&name("www.example.com"), Type::A).unwrap();
    assert_eq!(hosts.data.iter().collect::<Vec<_>>(), [&[192, 0, 2, 7]]);
    assert!(lines.contains("; remove: www.example.com. 300 IN A 192.0.2.1\n"));
}

#[test]
fn azures_command_lines_are_words_of_a_shell() {
    holds(
        Form::AzureCli,
        &[
            "az network dns record-set a add-record --resource-group \"$RESOURCE_GROUP\" --zone-name \
             example.com --record-set-name www --ttl 300 --ipv4-address 192.0.2.7",
            "az network dns record-set caa add-record --resource-group \"$RESOURCE_GROUP\" --zone-name \
             example.com --record-set-name www --ttl 300 --flags 0 --tag issue --value 'ca.example; \
             accounturi=https://ca.example/it'\\''s'",
            "az network dns record-set cname delete --resource-group \"$RESOURCE_GROUP\" --zone-name \
             example.com --name old --yes",
        ],
    );
    // A set that loses its last record is gone, and an alias stands alone.
    let lines = text(Form::AzureCli);
    let place = |part: &str| {
        lines
            .find(part)
            .unwrap_or_else(|| panic!("{part}\n{lines}"))
    };
    assert!(place("--ipv4-address 192.0.2.7") < place("--ipv4-address 192.0.2.1"));
    assert!(place("cname delete") < place("--record-set-name old --ttl 300 --ipv4-address"));
    assert_eq!(rendered(Form::AzureCli).lost, [Type::HTTPS]);
}

#[test]
fn route_53_gets_a_batch_for_each_step() {
    let parts = rendered(Form::Route53).parts;
    let batches: Vec<serde_json::Value> = parts
        .iter()
        .map(|part| serde_json::from_str(&part.text).unwrap())
        .collect();
    assert_eq!(batches.len(), 3);
    let changes = batches[1]["Changes"].as_array().unwrap();
    assert_eq!(changes[0]["Action"], "DELETE");
    let is_address = |change: &&serde_json::Value| {
        change["ResourceRecordSet"]["Name"] == "www.example.com."
            && change["ResourceRecordSet"]["Type"] == "A"
    };
    let address = changes.iter().find(is_address).unwrap();
    assert_eq!(address["Action"], "UPSERT");
    assert_eq!(
        address["ResourceRecordSet"]["ResourceRecords"][0]["Value"],
        "192.0.2.7"
    );
}

#[test]
fn octodns_gets_all_that_a_name_has_after_each_step_in_a_document_each() {
    holds(
        Form::Octodns,
        &[
            "\"www\":",
            "  type: A",
            "  - \"192.0.2.7\"",
            "  - \"LHDhK3oGRvkiefQnx7OOczTY5Tic_xZ6HcMOc_gmtoM\"",
            "  - {svcparams: {alpn: [\"h2\"]}, svcpriority: 1, targetname: \".\"}",
        ],
    );
    let parts = rendered(Form::Octodns).parts;
    let has_old = |part: &Part| part.text.contains("certificate_association_data: \"aa\"");
    let old: Vec<bool> = parts.iter().map(has_old).collect();
    assert_eq!(old, [true, false, false], "{parts:?}");
    let documents = parts.iter().map(|part| part.text.matches("---\n").count());
    assert_eq!(documents.collect::<Vec<_>>(), [1, 1, 1]);
}

/// What octoDNS 1.22 reads with its order enforced, as it does where nothing is said.
#[test]
fn octodns_gets_the_sets_that_are_kept_and_keys_in_its_order() {
    let text = "www10 300 A 192.0.2.1\nwww10 MX 10 mail.example.net.\nwww10 60 TXT \"v=1; x\"\n\
                www10 LOC 1 N 1 E 1m\nwww10 HINFO a b\nwww9 300 A 192.0.2.7\n\
                last 300 AAAA 2001:db8::7\n";
    let read = read(text.as_bytes(), "example.com", &ReadOptions::default()).unwrap();
    let state = State::of_zone(&read.zone);
    let hosts = ["www10.example.com", "www9.example.com"].map(name);
    let endpoint = Endpoint::Addresses(vec!["2001:db8::7".parse().unwrap()]);
    let need = Need::new(hosts.to_vec(), endpoint, 300);
    let made = plan(&name("example.com"), &state, &wanted(&need).unwrap(), 100).unwrap();
    let Rendered { parts, lost } = render(&made, &state, Form::Octodns);
    let lines = |part: &Part| -> Vec<String> {
        let lines = part.text.lines().filter(|line| !line.starts_with('-'));
        let lines = lines.filter(|line| !line.starts_with("# Each"));
        lines.map(str::to_owned).collect()
    };
    let addresses = ["  type: A", "  values:", "  - \"192.0.2.1\""];
    let first = lines(&parts[0]);
    assert!(first.windows(3).any(|part| part == addresses), "{first:#?}");
    let place = |line: &str| first.iter().position(|it| it == line).unwrap();
    assert!(place("\"www9\":") < place("\"www10\":"));
    place("  - {exchange: \"mail.example.net.\", preference: 10}");
    place("  - \"v=1\\\\; x\"");
    place("# \"www10\" has LOC, too: write it by hand");
    assert_eq!(lost, [Type::LOC]);
    let last = lines(parts.last().unwrap());
    assert!(!last.windows(3).any(|part| part == addresses), "{last:#?}");
    assert!(
        last.contains(&"  - \"2001:db8::7\"".to_owned()),
        "{last:#?}"
    );
}

#[test]
fn a_card_says_the_part_of_the_name_that_a_form_asks_for() {
    holds(
        Form::Card,
        &[
            "Step 1 of 3, in the zone example.com.",
            "  name    www   (some forms want www.example.com)",
            "  name    _443._tcp.www   (some forms want _443._tcp.www.example.com)",
            "  remove  192.0.2.1",
            "  value   192.0.2.7",
            "  keep    3 1 1 AA",
        ],
    );
    // Where an alias has to make room, it goes first.
    let card = text(Form::Card);
    let place = |line: &str| card.find(line).unwrap_or_else(|| panic!("{line}\n{card}"));
    assert!(place("Remove CNAME") < place("Add A:"), "{card}");
}

#[test]
fn every_form_is_read_by_its_name_and_nothing_to_do_is_no_text() {
    let nothing = Plan {
        absent: std::collections::BTreeSet::new(),
        steps: Vec::new(),
        ..moved().0
    };
    for form in Form::ALL {
        assert_eq!(Form::read(form.name()), Some(*form));
        assert!(
            render(&nothing, &State::default(), *form).parts.is_empty(),
            "{form}"
        );
    }
}

#[test]
fn who_makes_one_change_after_the_other_is_told_where_a_name_is_gone_for_a_moment() {
    for form in [Form::AzureCli, Form::Card] {
        let text = text(form);
        let told = "old.example.com. has nothing between what goes and what comes";
        assert_eq!(text.matches(told).count(), 1, "{text}");
        assert!(text.contains("up to 10800 seconds."), "{text}");
        assert!(!text.contains("www.example.com. has nothing"), "{text}");
    }
    assert!(!text(Form::Nsupdate).contains("has nothing"));
}

#[test]
fn what_makes_room_goes_just_before_what_comes_in_its_place() {
    let text = "www 300 A 192.0.2.1\napi 60 CNAME www\nat 60 A 192.0.2.1\nzz 60 A 192.0.2.1\n";
    let read = read(text.as_bytes(), "example.com", &ReadOptions::default()).unwrap();
    let state = State::of_zone(&read.zone);
    let hosts = ["www", "api", "at", "zz", "new"];
    let hosts = hosts.map(|host| name(&format!("{host}.example.com")));
    let addresses = ["192.0.2.7", "2001:db8::7"].map(|text| text.parse().unwrap());
    let endpoint = Endpoint::Addresses(addresses.to_vec());
    let wanted = wanted(&Need::new(hosts.to_vec(), endpoint, 300)).unwrap();
    let plan = plan(&name("example.com"), &state, &wanted, 100).unwrap();
    let lines = |form: Form, is_one: &dyn Fn(&str) -> bool| -> Vec<String> {
        let parts = render(&plan, &state, form).parts;
        let all = parts.iter().flat_map(|part| part.text.lines());
        let ours = all.skip_while(|line| !is_one(line)).take(3);
        ours.map(str::to_owned).collect()
    };
    let az = lines(Form::AzureCli, &|line| line.contains("cname delete --"));
    assert!(az.iter().all(|line| line.contains(" api ")), "{az:?}");
    assert!(az[1].contains(" a add-record"), "{az:?}");
    assert!(az[2].contains(" aaaa add-record"), "{az:?}");
    let card = render(&plan, &state, Form::Card).parts;
    let card: String = card.into_iter().map(|part| part.text).collect();
    let heads = card.lines().filter(|line| line.contains(": "));
    let heads: Vec<&str> = heads.map(|line| line.split(':').next().unwrap()).collect();
    let place = heads.iter().position(|it| *it == "Remove CNAME").unwrap();
    assert_eq!(heads[place + 1..place + 3], ["Add A", "Add AAAA"]);
}
