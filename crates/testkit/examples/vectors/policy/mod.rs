//! Vectors of the rules about a certificate's profile.

mod der_form;
mod extensions;
mod fields;
mod keys;
mod netscape;
mod purposes;
mod strength;

use crate::case::Case;

pub(crate) fn cases() -> Vec<Case> {
    let mut out = purposes::cases();
    out.extend(netscape::cases());
    out.extend(strength::cases());
    out.extend(fields::cases());
    out.extend(keys::cases());
    out.extend(der_form::cases());
    out.extend(extensions::cases());
    out
}
