//! A list in a file holds what it was told to, however its lines and comments stand.
#![allow(clippy::unwrap_used)]

use keyway_config::{Edit, read};
use proptest::prelude::*;

/// What stands around a value: before it, and before the comma behind it.
fn blank() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "",
        " ",
        "\n    ",
        " # said before\n    ",
        "\n    # said above\n    ",
        " # one\n\n    # two\n  ",
    ])
}

fn list() -> impl Strategy<Value = (Vec<String>, String)> {
    let value = |number: usize| (Just(number), blank(), blank());
    let values: Vec<_> = (0..5).map(value).collect();
    let trailing = (any::<bool>(), blank());
    (values, 0..=5_usize, trailing).prop_map(|(values, count, (comma, end))| {
        let values = &values[..count];
        let names: Vec<String> = values
            .iter()
            .map(|(it, ..)| format!("h{it}.example"))
            .collect();
        let parts: Vec<String> = values
            .iter()
            .zip(&names)
            .map(|((_, before, after), name)| format!("{before}\"{name}\"{after}"))
            .collect();
        let comma = if comma && count > 0 { "," } else { "" };
        (names, format!("host = [{}{comma}{end}]\n", parts.join(",")))
    })
}

proptest! {
    #[test]
    fn a_list_holds_what_it_was_told_to(
        (names, text) in list(),
        kept in any::<[bool; 5]>(),
        added in 0..3_usize,
        turned in any::<bool>(),
    ) {
        let stays = names.iter().zip(kept).filter(|(_, kept)| *kept);
        let mut wanted: Vec<String> = stays.map(|(name, _)| name.clone()).collect();
        if turned {
            wanted.reverse();
        }
        wanted.extend((0..added).map(|number| format!("new{number}.example")));
        let draft = read(&text).unwrap();
        let changed = Edit::default().set_list("host", &wanted).apply(&draft).unwrap();
        prop_assert_eq!(&changed.service.host.0, &wanted, "{} became {}", text, changed.text());
    }
}
