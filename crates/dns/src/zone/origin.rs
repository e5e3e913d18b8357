//! The name of a zone, where its file says it.

use super::words::{Entries, Word};
use crate::name;

/// Where a type stands at the latest: behind the owner, the TTL and the class.
const LAST_PLACE: usize = 3;

/// The zone's name as its file says it, with a dot at its end: that of the first SOA record, where it is
/// whole or `$ORIGIN` makes it whole. `None` where only the reader's configuration knows.
///
/// ```
/// use keyway_dns::zone::origin;
///
/// let soa = "SOA ns.example. admin.example. 1 1h 15m 1w 1h\n";
/// assert_eq!(origin(format!("example.org. {soa}").as_bytes()).as_deref(), Some("example.org."));
/// assert_eq!(origin(format!("@ {soa}").as_bytes()), None);
/// ```
pub fn origin(text: &[u8]) -> Option<String> {
    let (mut entries, mut words) = (Entries::new(text), Vec::new());
    let (mut origin, mut owner): (Option<Vec<u8>>, Option<Vec<u8>>) = (None, None);
    let whole = |word: &Word<'_>, origin: Option<&[u8]>| {
        let mut wire = Vec::new();
        name::read(word.raw, origin, &mut wire)
            .is_ok()
            .then_some(wire)
    };
    while let Some((head, result)) = entries.next(&mut words) {
        let Some((first, rest)) = words.split_first() else {
            continue;
        };
        if !head.is_indented && first.raw.eq_ignore_ascii_case(b"$ORIGIN") {
            origin = rest.first().and_then(|name| whole(name, origin.as_deref()));
            continue;
        }
        if result.is_err() || (first.raw.starts_with(b"$") && !head.is_indented) {
            continue;
        }
        if !head.is_indented {
            owner = whole(first, origin.as_deref());
        }
        let skipped = usize::from(!head.is_indented);
        let mut places = words.iter().take(LAST_PLACE + 1).skip(skipped);
        if places.any(|word| word.raw.eq_ignore_ascii_case(b"SOA")) {
            return owner.map(|owner| name::show(&owner));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_soa_record_names_the_zone_where_its_name_is_whole() {
        let is = |text: &str| origin(text.as_bytes());
        assert_eq!(
            is("$ORIGIN example.org.\n@ 1h IN SOA a b 1 2 3 4 5\n").as_deref(),
            Some("example.org.")
        );
        assert_eq!(
            is("$ORIGIN org.\n$ORIGIN example\n@ SOA a b 1 2 3 4 5\n").as_deref(),
            Some("example.org.")
        );
        assert_eq!(
            is("org. TXT SOA\n SOA a b 1 2 3 4 5\n").as_deref(),
            Some("org.")
        );
        assert_eq!(is("$ORIGIN example\n@ SOA a b 1 2 3 4 5\n"), None);
        assert_eq!(is("www A 192.0.2.1\n"), None);
        assert_eq!(is(""), None);
    }
}
