//! The samples in the repository are what the example program writes.

#[path = "../examples/samples/heaps.rs"]
mod heaps;

use std::path::Path;

#[test]
fn the_samples_are_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    for (name, content) in heaps::files() {
        let found = std::fs::read(root.join(name)).unwrap_or_default();
        assert!(
            found == content,
            "samples/{name}: run the example `samples` of keyway-testkit"
        );
    }
}
