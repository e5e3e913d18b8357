//! A text that is said to be another tool's form of a service, and may be anything.

use keyway_config::forms::{Form, export, import};
use keyway_config::{MAX_BYTES, read};
use keyway_report::escape;

/// Every form reads it or refuses it, and the same twice; a refusal names a line that is there; what is read
/// can be written as a service file and in every form.
pub fn import_form(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for form in Form::ALL {
        let (first, second) = (import(&text, *form), import(&text, *form));
        assert_eq!(first, second, "not the same twice");
        let Ok(imported) = first else {
            continue;
        };
        for lost in &imported.lost {
            for ch in lost.chars() {
                let shown = escape::text(ch.encode_utf8(&mut [0; 4]));
                assert!(shown.starts_with(ch), "{ch:?} in {lost:?}");
            }
        }
        let written = imported.service.to_toml();
        if written.len() <= MAX_BYTES {
            let again = read(&written);
            let again = again.unwrap_or_else(|error| panic!("{error} in\n{written}"));
            assert_eq!(again.service, imported.service);
        }
        for other in Form::ALL {
            let once = export(&imported.service, *other, &|_| None);
            assert_eq!(once, export(&imported.service, *other, &|_| None));
        }
    }
}
