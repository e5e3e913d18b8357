//! Reading a file that may be anything.

use keyway_chain::{Bundle, Input, ReadOptions};

/// Reading ends, says the same twice, and every place it names lies inside the input.
pub fn read(data: &[u8]) {
    let inputs = [Input {
        name: "input",
        bytes: data,
    }];
    let first = keyway_chain::read(&inputs, &ReadOptions::default());
    let second = keyway_chain::read(&inputs, &ReadOptions::default());
    assert_eq!(
        format!("{first:?}"),
        format!("{second:?}"),
        "not the same twice"
    );
    if let Ok(bundle) = first {
        places_lie_inside(&bundle);
    }
}

fn places_lie_inside(bundle: &Bundle) {
    for input in &bundle.inputs {
        for block in &input.blocks {
            let [from, to] = block.bytes;
            assert!(
                from <= to && to <= input.size,
                "{from}..{to} of {}",
                input.size
            );
        }
    }
}
