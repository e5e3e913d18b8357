//! Pieces of chains that are right, and lists that are right and wrong about them: what no mutation of
//! signed bytes arrives at. Made by the test kit, whose good chain ends at `root.der`.

/// The root of the seeds' chains.
pub(crate) static ROOT: &[u8] = include_bytes!("../material/root.der");

/// What a heap can be put together from.
static PIECES: &[&[u8]] = &[
    include_bytes!("../material/leaf.der"),
    include_bytes!("../material/issuing.der"),
    include_bytes!("../material/policy.der"),
    include_bytes!("../material/issuing.crl"),
    include_bytes!("../material/issuing-revoking.crl"),
    include_bytes!("../material/issuing-stale.crl"),
    include_bytes!("../material/issuing-forged.crl"),
    include_bytes!("../material/policy.crl"),
    include_bytes!("../material/policy-revoking.crl"),
    include_bytes!("../material/near.der"),
    include_bytes!("../material/near-leaf.der"),
    include_bytes!("../material/near.crl"),
    include_bytes!("../material/client-ca.der"),
    include_bytes!("../material/client-leaf.der"),
    include_bytes!("../material/client-ca.crl"),
    ROOT,
];

/// No file begins with a byte below this: it says how many pieces the next bytes choose. Whatever
/// follows them is a file as well.
const MOST_PIECES: u8 = 9;

/// The files that the bytes stand for.
pub(crate) fn files(data: &[u8]) -> Vec<&[u8]> {
    match data.split_first() {
        Some((&count, rest)) if count < MOST_PIECES => {
            let (chosen, file) = rest.split_at(rest.len().min(usize::from(count)));
            let piece = |byte: &u8| PIECES[usize::from(*byte) % PIECES.len()];
            let file = Some(file).filter(|file| !file.is_empty());
            chosen.iter().map(piece).chain(file).collect()
        }
        _ => vec![data],
    }
}
