//! Whom to ask about names, and how long to wait.

use std::collections::BTreeSet;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use keyway_chain::name::{Section, public_suffix};
use keyway_dns::name::Name;
use keyway_dns::net::{
    AskError, Authority, Held, NobodyError, PORT, Patience, Resolver, Server, authorities,
    authorities_at, authority, hosts,
};
use keyway_dns::view::Role;

use crate::arguments::AskArguments;
use crate::failure::Failure;
use crate::voice;

/// Whom to ask.
#[derive(Clone)]
pub(crate) struct Asking {
    /// Resolvers.
    pub(crate) resolver: Resolver,
    servers: Vec<String>,
    port: u16,
    /// Whether somebody named resolvers.
    is_named: bool,
}

impl Asking {
    /// Resolves what was typed; `known` are resolvers of a service file.
    pub(crate) fn resolve(arguments: &AskArguments, known: &[String]) -> Result<Self, Failure> {
        let patience = Patience {
            timeout: Duration::from_secs(arguments.timeout),
            ..Patience::default()
        };
        let named = if arguments.resolver.is_empty() {
            known
        } else {
            &arguments.resolver
        };
        let resolver = if named.is_empty() {
            // Who names every server needs no resolver: an empty one says so when it is asked.
            match Resolver::system(patience) {
                Ok(resolver) => resolver,
                Err(error) if arguments.server.is_empty() => {
                    return Err(Failure::Ask(error.to_string()));
                }
                Err(_) => Resolver {
                    servers: Vec::new(),
                    patience,
                },
            }
        } else {
            let resolver = |given: &String| {
                let found = address(given, PORT);
                found.map_err(|_| Failure::Need(voice::plan::not_a_resolver(given)))
            };
            let addresses = named.iter().map(resolver);
            Resolver {
                servers: addresses.collect::<Result<_, _>>()?,
                patience,
            }
        };
        Ok(Self {
            resolver,
            servers: arguments.server.clone(),
            port: arguments.port,
            is_named: !named.is_empty(),
        })
    }

    /// Resolvers whose answers count: those that somebody named, and the system's where nobody named a server.
    pub(crate) fn counted(&self) -> &[SocketAddr] {
        let counts = self.is_named || self.servers.is_empty();
        if counts { &self.resolver.servers } else { &[] }
    }

    /// A resolver of those.
    pub(crate) fn counting(&self) -> Resolver {
        Resolver {
            servers: self.counted().to_vec(),
            patience: self.patience(),
        }
    }

    /// Why nobody looks something up for others, where none of them counts.
    pub(crate) fn no_resolver(&self) -> String {
        voice::plan::no_resolver(self.resolver.servers.first().copied())
    }

    /// The same, with a server that a service file names, where none was typed.
    pub(crate) fn with(mut self, server: Option<&str>) -> Self {
        if self.servers.is_empty() {
            self.servers.extend(server.map(str::to_owned));
        }
        self
    }

    /// Who is asked where one answer is enough, in this order: the servers that somebody named, else the
    /// resolvers.
    pub(crate) async fn first(&self) -> Result<(Role, Vec<SocketAddr>), Failure> {
        if self.servers.is_empty() {
            return Ok((Role::Resolver, self.resolver.servers.clone()));
        }
        let servers = self.named().await?;
        let addresses = servers.into_iter().flat_map(|server| server.addresses);
        Ok((Role::Authoritative, addresses.collect()))
    }

    /// The port of servers, where none is named.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// How long a server is waited for.
    pub(crate) fn patience(&self) -> Patience {
        self.resolver.patience
    }

    /// The same, where each of them is waited for so long at most.
    pub(crate) fn within(&self, timeout: Duration) -> Self {
        let mut hurried = self.clone();
        let patience = &mut hurried.resolver.patience;
        patience.timeout = patience.timeout.min(timeout);
        hurried
    }

    /// The zone of a name, and its servers: those that were named, else those that are found. `zone` is known
    /// where somebody said it.
    pub(crate) async fn authority(
        &self,
        name: &Name,
        zone: Option<&Name>,
    ) -> Result<Authority, Failure> {
        if self.servers.is_empty() {
            let found = authority(&self.resolver, zone.unwrap_or(name), self.port).await;
            let found = found.map_err(|error| match (error, zone) {
                // The zone has been said.
                (AskError::Nobody(NobodyError::Zone(_)), Some(zone)) => {
                    Failure::Ask(voice::plan::zone_unfound(zone))
                }
                (error, _) => asked(&error),
            })?;
            if let Some(zone) = zone.filter(|zone| **zone != found.zone) {
                return Err(Failure::Ask(voice::plan::no_such_zone(zone, &found.zone)));
            }
            registered(name, zone, &found.zone)?;
            return Ok(found);
        }
        let servers = self.named().await?;
        Authority::of(servers, name, zone, self.patience())
            .await
            .map_err(|error| asked(&error))
    }

    /// The zone of a name at the servers that somebody named, where nobody can say the zone.
    pub(crate) async fn named_authority(&self, name: &Name) -> Result<Authority, Failure> {
        let servers = self.named().await?;
        let found = Authority::of(servers, name, None, self.patience()).await;
        found.map_err(|error| match error {
            AskError::Nobody(NobodyError::Zone(name)) => Failure::Ask(format!(
                "none of the servers named with --server says which zone {name} is in; ask a resolver with \
                 --resolver instead"
            )),
            error => asked(&error),
        })
    }

    /// The zones of names, each with its servers and those of the names that it holds. All of them are in `zone`
    /// where somebody said one.
    pub(crate) async fn authorities(
        &self,
        names: BTreeSet<Name>,
        zone: Option<&Name>,
    ) -> Result<Vec<Held>, Failure> {
        if let Some(zone) = zone {
            let authority = self.authority(zone, Some(zone)).await?;
            return Ok(vec![Held { authority, names }]);
        }
        if !self.servers.is_empty() {
            let found = authorities_at(&self.named().await?, names, self.patience()).await;
            return found.map_err(|error| asked(&error));
        }
        let found = authorities(&self.resolver, names, self.port).await;
        let found = found.map_err(|error| asked(&error))?;
        for held in &found {
            for name in &held.names {
                registered(name, None, &held.authority.zone)?;
            }
        }
        Ok(found)
    }

    /// The servers that somebody named.
    async fn named(&self) -> Result<Vec<Server>, Failure> {
        let mut servers = Vec::new();
        for given in &self.servers {
            servers.push(self.server(given).await?);
        }
        Ok(servers)
    }

    async fn server(&self, given: &str) -> Result<Server, Failure> {
        if let Ok(address) = address(given, self.port) {
            return Ok(Server {
                name: None,
                addresses: vec![address],
                unknown: None,
            });
        }
        let (name, port) = match given.rsplit_once(':') {
            Some((name, port)) => (name, port.parse().map_err(|_| not_a_server(given))?),
            None => (given, self.port),
        };
        let name = Name::read(name).map_err(|_| not_a_server(given))?;
        let found = hosts(&self.resolver, &name).await;
        let found = found.map_err(|error| asked(&error))?;
        if found.is_empty() {
            return Err(Failure::Ask(format!("{name} has no address")));
        }
        Ok(Server::at(Some(name), found, port))
    }
}

/// Runs what waits for servers.
pub(crate) fn wait_for<T>(job: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| Failure::Ask(error.to_string()))?;
    Ok(runtime.block_on(job))
}

/// Refuses a name that nobody has a zone for, but those whom others register theirs with. Who has such a zone says so.
fn registered(name: &Name, said: Option<&Name>, zone: &Name) -> Result<(), Failure> {
    if said.is_some() || name == zone {
        return Ok(());
    }
    let text = zone.to_string();
    let suffix = public_suffix(&text);
    let is_public = suffix.is_some_and(|suffix| {
        suffix.section == Section::Icann && text.trim_end_matches('.') == suffix.name
    });
    if is_public || zone.parent().is_none() {
        return Err(Failure::Ask(voice::plan::unregistered(name, zone)));
    }
    Ok(())
}

/// A server did not answer as it has to.
pub(crate) fn asked(error: &AskError) -> Failure {
    Failure::Ask(error.to_string())
}

/// `ADDRESS`, `ADDRESS:PORT`, `[ADDRESS]:PORT`.
fn address(given: &str, port: u16) -> Result<SocketAddr, Failure> {
    let bare = given.trim_start_matches('[').trim_end_matches(']');
    if let Ok(ip) = bare.parse::<IpAddr>() {
        return Ok(SocketAddr::new(ip, port));
    }
    given.parse().map_err(|_| not_a_server(given))
}

fn not_a_server(given: &str) -> Failure {
    Failure::NotAServer(given.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_names_servers_alone_is_told_which_resolver_there_is() {
        let asking = |servers: &[&str]| Asking {
            resolver: Resolver {
                servers: servers.iter().map(|at| at.parse().unwrap()).collect(),
                patience: Patience::default(),
            },
            servers: vec!["127.0.0.1".to_owned()],
            port: PORT,
            is_named: false,
        };
        let told = asking(&["127.0.0.53:53"]).no_resolver();
        assert!(
            told.ends_with("name one with --resolver, such as this machine's, 127.0.0.53"),
            "{told}"
        );
        let told = asking(&[]).no_resolver();
        assert!(told.ends_with("name one with --resolver"), "{told}");
    }
}
