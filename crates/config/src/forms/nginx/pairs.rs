//! The certificates of a server, each with the key at the same place (nginx.org: ngx_http_ssl_module,
//! "ssl_certificate", which "can be specified multiple times to load certificates of different types").

use std::collections::VecDeque;

use crate::Service;
use crate::forms::left::Left;
use crate::model::{Material, OwnCertificate};

/// Pairs beside the first of a server, each for all of its names: nginx keeps one for each kind of key, and of kinds that
/// certificates have there are fewer (RFC 8446, section 4.2.3).
const MAX_OTHERS: usize = 8;

/// What one directive says.
struct Said {
    line: usize,
    path: String,
}

impl Said {
    /// What it names, where that is a file that a service can name.
    fn file(&self) -> Option<Material> {
        let is_file = !self.path.contains('$')
            && !["engine:", "store:", "data:"]
                .iter()
                .any(|it| self.path.starts_with(it));
        is_file.then(|| Material::new(&self.path))
    }
}

/// Certificates and keys in the order in which they are said.
#[derive(Default)]
pub(super) struct Pairs {
    certificates: VecDeque<Said>,
    keys: VecDeque<Said>,
}

impl Pairs {
    /// Takes what a directive says; `false` when it has no place here.
    pub(super) fn take(&mut self, line: usize, words: &[&str]) -> bool {
        let (list, path) = match *words {
            ["ssl_certificate", path] => (&mut self.certificates, path),
            ["ssl_certificate_key", path] => (&mut self.keys, path),
            _ => return false,
        };
        let path = path.to_owned();
        list.push_back(Said { line, path });
        true
    }

    /// The first pair is the service's own, and others stand beside it for the same hosts.
    pub(super) fn settle(mut self, service: &mut Service, left: &mut Left) {
        let mut is_first = true;
        while !(self.certificates.is_empty() && self.keys.is_empty()) {
            let (certificate, key) = (self.certificates.pop_front(), self.keys.pop_front());
            let (file, key_file) = (
                certificate.as_ref().and_then(Said::file),
                key.as_ref().and_then(Said::file),
            );
            let tls = &mut service.tls;
            let is_own = std::mem::take(&mut is_first);
            if is_own {
                (tls.certificate, tls.key) = (file.clone(), key_file.clone());
            }
            let is_kept = match (&file, &key_file) {
                _ if is_own => true,
                // The same once more.
                (Some(_), Some(_)) if (&file, &key_file) == (&tls.certificate, &tls.key) => true,
                (Some(certificate), Some(key))
                    if !service.host.is_empty() && tls.certificates.len() < MAX_OTHERS =>
                {
                    tls.certificates.push(OwnCertificate {
                        host: service.host.clone(),
                        certificate: certificate.clone(),
                        key: key.clone(),
                        password: tls.password.clone(),
                        ocsp: None,
                    });
                    true
                }
                _ => false,
            };
            let certificate = certificate.filter(|_| !(is_kept && file.is_some()));
            let key = key.filter(|_| !(is_kept && key_file.is_some()));
            // Whoever misses the certificate needs not be told of its key as well.
            let is_told = certificate.is_some();
            if let Some(Said { line, path }) = certificate {
                left.certificates(line, &format!("ssl_certificate {path}"));
            }
            if let Some(Said { line, path }) = key {
                let told = format!("ssl_certificate_key {path}");
                if is_told {
                    left.line(line, &told);
                } else {
                    left.certificates(line, &told);
                }
            }
        }
    }
}
