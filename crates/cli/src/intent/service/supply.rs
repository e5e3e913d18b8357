//! What a service file names beside certificates: where OCSP responses are, and keys of tickets.

use std::path::PathBuf;
use std::sync::Arc;

use keyway_config::Service;
use keyway_termination::protocol::ClientCas;
use keyway_termination::tickets;
use rustls::server::ProducesTickets;
use rustls::time_provider::{DefaultTimeProvider, TimeProvider};
use zeroize::Zeroizing;

use super::ServiceFile;
use crate::failure::{Failure, ServeFault};
use crate::intent::read_file;

/// The paths of OCSP responses, one for each certificate of the file, in its order.
pub(crate) fn ocsp_paths<'s>(
    file: &'s ServiceFile,
    service: &'s Service,
) -> impl Iterator<Item = Option<PathBuf>> + 's {
    let tls = &service.tls;
    let is_first = tls.certificate.is_some() && tls.key.is_some();
    let first = is_first.then_some(tls.ocsp.as_deref());
    let own = tls.certificates.iter().map(|own| own.ocsp.as_deref());
    first
        .into_iter()
        .chain(own)
        .map(|path| path.map(|path| file.beside(path)))
}

/// What writes and reads session tickets by the keys that the file names; `None` where it names none.
pub(crate) fn shared_tickets(
    file: &ServiceFile,
    service: &Service,
    clients: &ClientCas,
) -> Result<Option<Arc<dyn ProducesTickets>>, Failure> {
    let paths = service.tls.ticket_keys.iter();
    let keys = paths.map(|path| {
        let path = file.beside(path);
        let read = read_file(&path).map_err(|refused| refused.at(&path))?;
        Ok(read.bytes)
    });
    let keys = keys.collect::<Result<Vec<Zeroizing<Vec<u8>>>, Failure>>()?;
    if keys.is_empty() {
        return Ok(None);
    }
    let clock: Arc<dyn TimeProvider> = Arc::new(DefaultTimeProvider);
    let shared = tickets::shared(&keys, service.tls.client.mode, clients, &clock);
    let shared = shared.map_err(|error| Failure::from(ServeFault::TicketKeys(error)))?;
    Ok(Some(shared))
}
