//! The private key: whether it is there, belongs to the certificate, and can be loaded.

pub mod another_first;
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
