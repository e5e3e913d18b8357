//! PEM as RFC 7468 writes it: 64 characters a line, LF.

use base64ct::{Base64, Encoding};

/// Characters in a line of the body (RFC 7468 section 2).
const LINE: usize = 64;

/// One block, with a line end after its last boundary.
pub fn encode(label: &str, der: &[u8]) -> String {
    let body = Base64::encode_string(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(LINE));
        out.push_str(line);
        out.push('\n');
        rest = after;
    }
    out.push_str("-----END ");
    out.push_str(label);
    out.push_str("-----\n");
    out
}

/// The bytes of the first block in `text`; text around it is passed over.
pub fn decode(text: &str) -> Vec<u8> {
    let body: String = text
        .lines()
        .skip_while(|line| !line.starts_with("-----BEGIN "))
        .skip(1)
        .take_while(|line| !line.starts_with("-----END "))
        .collect();
    Base64::decode_vec(&body).expect("a block of the kit is base64")
}
