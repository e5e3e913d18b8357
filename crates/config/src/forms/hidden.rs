//! What is not told of a server's lines: passwords, tokens, and the values of headers.

use crate::hostname::is_plain;

/// What stands for it.
const HIDDEN: &str = "[redacted]";

/// Parts of words, in small letters and without `-` and `_`, behind which a secret may stand: the parameters of
/// nginx.org's modules (`proxy_set_header`, `auth_basic`, `secure_link_secret`, `secure_link_md5`, `set`) and those of HAProxy's
/// Configuration Manual (`stats auth`, `user … insecure-password`, `setenv`, `http-request set-header`).
const IN_FRONT: &[&str] = &[
    "passw",
    "passphrase",
    "secret",
    "securelinkmd5",
    "token",
    "auth",
    "cook",
    "credential",
    "bearer",
    "apikey",
    "accesskey",
    "signature",
    "setenv",
    "setvar",
    "setquery",
    "urlp",
    "urlparam",
    "base64",
];

/// Words that are one of these, in the same writing.
const EXACT: &[&str] = &["set", "env", "pass", "pwd", "key"];

/// Ends of words that the name of a header, and then its value, follows.
const HEADERS: &[&str] = &["header", "param", "addtrailers", "hdr", "replacevalue"];

fn bare(word: &str) -> String {
    let letters = word.chars().filter(|letter| !"-_".contains(*letter));
    letters.collect::<String>().to_ascii_lowercase()
}

/// Whether a header's value is a variable alone, which says nothing.
fn is_variable(value: &[&str]) -> bool {
    matches!(value, [one] if one.starts_with('$') && one[1..]
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
}

/// A word without the user of a URL and without its query.
fn word(word: &str) -> String {
    let (word, query) = match word.split_once('?') {
        Some((word, query)) if !query.is_empty() => (word, format!("?{HIDDEN}")),
        _ => (word, String::new()),
    };
    let Some((scheme, rest)) = word.split_once("://") else {
        return word.to_owned() + &query;
    };
    // A password may hold a slash that nobody escaped.
    match rest.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://{HIDDEN}@{host}{query}"),
        None => format!("{scheme}://{rest}{query}"),
    }
}

/// Whether a condition of nginx asks for what a client sent: `if ($http_x_key != …`.
fn asks_client(word: &str) -> bool {
    let asked = ["$http_", "$arg_", "$args", "$query", "$request"];
    // Which host is asked for is no secret.
    let is_host = word.trim_start_matches('(') == "$http_host";
    !is_host && word.starts_with('(') && asked.iter().any(|name| word.contains(name))
}

/// What a path may begin with: a socket, or a regular expression.
const STARTS: &[&str] = &["unix:", "unix@", "~", "^"];

/// Words, without `-` and `_`, behind which a path stands in any case (nginx.org: ngx_http_auth_request_module).
const OF_PATHS: &[&str] = &["authrequest"];

fn is_path(word: &str) -> bool {
    let bare = STARTS
        .iter()
        .fold(word, |word, start| word.strip_prefix(start).unwrap_or(word));
    ["/", "./", "../"]
        .iter()
        .any(|start| bare.starts_with(start))
}

/// Whether a word is a place: a path, a URL or a host, whatever it is called.
fn is_place(word: &str) -> bool {
    let is_scheme = |scheme: &str| scheme.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_url = word
        .split_once("://")
        .is_some_and(|(scheme, _)| is_scheme(scheme));
    let host = word.rsplit_once(':').map_or(word, |(host, _)| host);
    is_path(word) || is_url || host.contains('.') && is_plain(host)
}

/// Whether a secret may stand behind a word, or in it behind `=`.
fn is_in_front(word: &str) -> bool {
    let bare = bare(word);
    let asks_header = bare.contains("hdr(") && !bare.contains("hdr(host)");
    asks_header
        || asks_client(word)
        || EXACT.contains(&&*bare)
        || IN_FRONT.iter().any(|part| bare.contains(part))
}

/// A line as it may be told: what a secret may be is replaced.
pub(super) fn line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut told: Vec<String> = Vec::new();
    for (index, given) in words.iter().enumerate() {
        let behind = &words[index + 1..];
        let name = bare(given);
        // Which host is asked for is no secret.
        let is_host = behind
            .first()
            .is_some_and(|name| name.eq_ignore_ascii_case("host"));
        let is_header = !is_host && HEADERS.iter().any(|end| name.ends_with(end));
        if is_header && behind.len() > 1 {
            told.extend([word(given), word(behind[0])]);
            if is_variable(&behind[1..]) {
                told.push(behind[1].to_owned());
            } else {
                told.push(HIDDEN.to_owned());
            }
            return told.join(" ");
        }
        // What names a file is in front of its path, and of nothing else.
        let is_of_path = name.ends_with("file") || OF_PATHS.contains(&&*name);
        let is_off = name.starts_with("auth") && *behind == ["off"];
        // HAProxy asks for a password that stands elsewhere, by whatever condition (section 4.2: "http-request auth").
        let is_asking = words[..index].last() == Some(&"http-request") && *given == "auth"
            || given.starts_with("http_auth");
        let is_told = is_off
            || is_asking
            || is_place(given)
            || is_of_path && behind.first().is_some_and(|word| is_path(word));
        if !is_told && is_in_front(given) {
            match given.split_once(['=', ':']) {
                Some((name, value)) if !value.is_empty() => told.push(word(name)),
                _ => told.push(word(given)),
            }
            let is_split = told.last().is_some_and(|last| last.len() < given.len());
            if is_split || !behind.is_empty() {
                told.push(HIDDEN.to_owned());
            }
            return told.join(" ");
        }
        told.push(word(given));
    }
    told.join(" ")
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn secrets_are_not_told_and_settings_are() {
        for (given, told) in [
            (
                "secure_link_md5 $secure_link_expires$uri S3CR",
                "secure_link_md5 [redacted]",
            ),
            (
                "proxy_set_header Authorization Bearer S3CR",
                "proxy_set_header Authorization [redacted]",
            ),
            (
                "proxy_set_header X-Real-IP $remote_addr",
                "proxy_set_header X-Real-IP $remote_addr",
            ),
            (
                "userlist: user bob insecure-password S3CR groups a",
                "userlist: user bob insecure-password [redacted]",
            ),
            ("stats auth admin:S3CR", "stats auth [redacted]"),
            (
                "proxy_pass https://u:S3C/R@10.0.0.1/x?k=S3CR",
                "proxy_pass https://[redacted]@10.0.0.1/x?[redacted]",
            ),
            ("set $x S3CR", "set [redacted]"),
            (
                "http-request set-header Host b.example.com if { req.hdr(X-Key) S3CR }",
                "http-request set-header Host b.example.com if { req.hdr(X-Key) [redacted]",
            ),
            (
                "acl known req.hdr(X-Key) -m str S3CR",
                "acl known req.hdr(X-Key) [redacted]",
            ),
            ("x password=S3CR", "x password [redacted]"),
            ("setenv A S3CR", "setenv [redacted]"),
            ("if ($http_host != a.test)", "if ($http_host != a.test)"),
            ("if ($http_x_key != S3CR)", "if ($http_x_key [redacted]"),
            ("gzip on", "gzip on"),
            (
                "ssl_password_file /etc/nginx/passwords/a.txt",
                "ssl_password_file /etc/nginx/passwords/a.txt",
            ),
            ("auth_request /auth", "auth_request /auth"),
            ("auth_basic off", "auth_basic off"),
            (
                "http-request auth unless { http_auth(people) } or { path_beg /open }",
                "http-request auth unless { http_auth(people) } or { path_beg /open }",
            ),
            ("auth_request_set $a S3CR", "auth_request_set [redacted]"),
            (
                "auth_basic_user_file S3CR",
                "auth_basic_user_file [redacted]",
            ),
            (
                "location /token/ proxy_set_header X-A S3CR",
                "location /token/ proxy_set_header X-A [redacted]",
            ),
            (
                "location ~ ^/(auth|secret)/ return 404",
                "location ~ ^/(auth|secret)/ return 404",
            ),
            (
                "server unix:/run/secrets/a.sock weight=5",
                "server unix:/run/secrets/a.sock weight=5",
            ),
            (
                "bind crt /run/secrets/a.pem alpn h2",
                "bind crt /run/secrets/a.pem alpn h2",
            ),
            (
                "proxy_pass https://auth.example.com/token/",
                "proxy_pass https://auth.example.com/token/",
            ),
            (
                "server auth.example.com:443 backup",
                "server auth.example.com:443 backup",
            ),
            ("set $token /S3CR/x", "set [redacted]"),
            ("x token=/S3CR", "x token [redacted]"),
            ("stats auth /S3CR:x", "stats auth [redacted]"),
            (
                "use_backend a if { req.hdr(host) -i a.example.com }",
                "use_backend a if { req.hdr(host) -i a.example.com }",
            ),
            (
                "ssl_certificate_key /a/b.pem",
                "ssl_certificate_key /a/b.pem",
            ),
        ] {
            assert_eq!(line(given), told);
        }
    }
}
