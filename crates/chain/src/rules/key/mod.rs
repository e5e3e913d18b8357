//! The private key: whether it is there, belongs to the certificate, and can be loaded.

pub mod another_first;
pub mod locked_first;
pub mod mismatch;
pub mod missing;
pub mod several;
pub mod unsupported;
pub mod weak;
pub mod wrong_curve_encoding;

use crate::check::Context;
use crate::read::{HeldKey, Source};

/// The keys whose kind matters: the one that belongs to the leaf, else all of them.
fn judged<'a>(cx: &Context<'a>) -> Vec<&'a HeldKey> {
    let keys = &cx.bundle.keys;
    let own = cx
        .leaf_certificate()
        .and_then(|leaf| keys.iter().find(|key| key.belongs_to(leaf)));
    own.map_or_else(|| keys.iter().collect(), |own| vec![own])
}

/// Where a key stands, in words; escaped.
fn place(cx: &Context<'_>, key: &HeldKey) -> String {
    key.sources
        .first()
        .map_or_else(String::new, |source| place_of(cx, source))
}

/// A place in words; escaped.
fn place_of(cx: &Context<'_>, source: &Source) -> String {
    let at = cx.bundle.locus(source);
    let input = keyway_report::escape::text(at.input.as_deref().unwrap_or_default());
    format!("{input}, line {}", at.line.unwrap_or(1))
}

/// The key that a server takes in place of the one that belongs.
#[derive(Clone, Copy)]
struct First<'a> {
    source: &'a Source,
    /// It is there, and could not be opened.
    is_locked: bool,
}

/// Where the key that belongs stands behind another one in every file that it is in: its first place, and
/// what stands first there.
fn shadow<'a>(cx: &Context<'a>) -> Option<(&'a Source, First<'a>)> {
    let leaf = cx.leaf_certificate()?;
    let keys = &cx.bundle.keys;
    let own = keys.iter().find(|key| key.belongs_to(leaf))?;
    let others = keys.iter().filter(|key| key.spki_sha256 != own.spki_sha256);
    let others = others
        .flat_map(|key| &key.sources)
        .map(|source| (source, false));
    let locked = cx.bundle.locked_keys.iter().map(|source| (source, true));
    let before: Vec<_> = others
        .chain(locked)
        .filter(|(source, _)| !cx.bundle.is_contained(source))
        .map(|(source, is_locked)| First { source, is_locked })
        .collect();
    // What is inside a container has no order.
    let first_in = |place: &Source| {
        let in_file = before.iter().filter(|first| {
            let source = first.source;
            source.input == place.input && source.block < place.block
        });
        let first = in_file.min_by_key(|first| first.source.block)?;
        (!cx.bundle.is_contained(place)).then_some(*first)
    };
    let mut found = own.sources.iter().map(|place| (place, first_in(place)));
    let (belongs, first) = found.next()?;
    // Where the key stands first in some file, that one can be served.
    let is_served = found.any(|(_, first)| first.is_none());
    first.filter(|_| !is_served).map(|first| (belongs, first))
}
