//! Where it is said what is served.

use std::path::PathBuf;

use keyway_config::Service;
use keyway_config::model::{Listed, Material, Mode, Tls};

use crate::arguments::{SERVICE_FILE, ServeArguments};

/// Where it stands what is to be served.
pub(super) enum Origin {
    /// In a file.
    File(PathBuf),
    /// On the command line.
    Words(Box<Service>),
}

impl Origin {
    /// The service file, or what the arguments say in its place.
    pub(super) fn of(arguments: &ServeArguments) -> Self {
        if arguments.upstream.is_empty() {
            let file = arguments.file.clone();
            return Self::File(file.unwrap_or_else(|| SERVICE_FILE.into()));
        }
        let material = |path: &Option<PathBuf>| {
            let path = path.as_ref()?.to_string_lossy().into_owned();
            Some(Material::Path(path))
        };
        let is_http = |text: &String| text.contains("://");
        Self::Words(Box::new(Service {
            host: Listed(arguments.host.clone()),
            upstream: Listed(arguments.upstream.clone()),
            listen: Listed(arguments.listen.clone()),
            mode: if arguments.upstream.iter().any(is_http) {
                Mode::Http
            } else {
                Mode::Tcp
            },
            tls: Tls {
                certificate: material(&arguments.cert),
                key: material(&arguments.key),
                ..Tls::default()
            },
            ..Service::default()
        }))
    }
}
