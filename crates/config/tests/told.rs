//! What is told of an import, and what is not.

use keyway_config::forms::{Form, import};

#[test]
fn secrets_in_what_is_left_behind_are_not_told() {
    let nginx = "http { map $http_x_key $ok { S3CRET 1; } server { listen 443 ssl; ssl_certificate a.pem;\n\
        ssl_certificate_key a.key; proxy_set_header Authorization 'Bearer S3CRET';\n\
        if ($http_x_key != S3CRET) { return 403; }\n\
        location / { proxy_pass https://u:S3CRET@10.0.0.1/x; } }\n\
        server { listen 443 ssl; server_name b.example.com; location / { proxy_pass https://u:S3CRET@10.0.0.1; } } }\n";
    let haproxy = "userlist people\n    user bob insecure-password S3CRET\nfrontend web\n    \
        bind :443 ssl crt /a.pem\n    stats auth admin:S3CRET\n    acl known req.hdr(X-Key) S3CRET\n    \
        http-request set-header Authorization \"Basic S3CRET\"\n    default_backend a\nbackend a\n    \
        server s 10.0.0.1:80\n";
    for (form, text) in [(Form::Nginx, nginx), (Form::Haproxy, haproxy)] {
        let lost = import(text, form).expect("a server").lost.join("\n");
        assert!(!lost.contains("S3CRET"), "{lost}");
        assert!(lost.contains("[redacted]"), "{lost}");
    }
    let lost = import(nginx, Form::Nginx).expect("a server").lost;
    let told = "line 2: proxy_set_header Authorization [redacted]";
    assert!(lost.iter().any(|line| line == told), "{lost:?}");
}
