//! `keyway serve`

pub(crate) mod behind;
mod clock;
mod folders;
mod follow;
mod key_log;
mod leaves;
mod load;
mod log;
mod manager;
mod open_files;
mod origin;
pub(crate) mod prove;
mod reads;
mod renewing;
pub(crate) mod sandbox;
mod user;
mod wishes;

use std::collections::BTreeMap;
use std::io::ErrorKind::{AddrInUse, PermissionDenied};
use std::net::{SocketAddr, TcpListener};
use std::num::NonZeroUsize;
use std::path::Path;
use std::pin::pin;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use keyway_termination::metrics::{self, Metrics};
use keyway_termination::{Bound, Listener, Observer, Role, Server, Stopped};

use super::renew::is_taken;
use crate::arguments::ServeArguments;
use crate::ending;
use crate::failure::{Failure, ServeFault};
use crate::terminal::{self, Exit, Look};
use crate::voice;
use follow::Stamp;
use key_log::SecretsFile;
use load::{Loader, Refused};
use log::Log;
use manager::HandedOver;
use origin::Origin;
use renewing::Renewing;
use rustls::KeyLog;
use sandbox::{NoSandbox, Sandbox};
use user::User;
use wishes::{Wish, Wishes};

/// How long a renewal is waited for that is broken off: longer than a name server or a program takes to remove a record.
const BROKEN_OFF: Duration = Duration::from_secs(10);

/// Until what was refused is read again, though no file changed: it may be good by then, as a pair is that was to come,
/// or the system had nothing to give.
const AGAIN: Duration = Duration::from_secs(5);

/// Longest time to write what was told last.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Reads, judges, binds, serves, until it is told to end.
pub(crate) fn run(arguments: &ServeArguments, look: Look) -> Result<Exit, Failure> {
    run_and(arguments, look, |_| Ok(()))
}

/// The same; `begun` is called when everybody is let in.
pub(crate) fn run_and(
    arguments: &ServeArguments,
    look: Look,
    begun: impl FnOnce(&BTreeMap<SocketAddr, Role>) -> Result<(), Failure>,
) -> Result<Exit, Failure> {
    // Before anything is started that would inherit them.
    let handed = HandedOver::take();
    let key_log = arguments.unsafe_keylog.as_deref();
    let key_log = key_log.filter(|_| !arguments.check).map(secrets_to);
    let renewing = Renewing::of(arguments, look)?;
    let mut loader = Loader::new(Origin::of(arguments), &arguments.trust, look)
        .in_state(arguments.state.state.as_deref())
        .with_room_for(open_files::connections())
        .with_key_log(key_log.transpose()?)
        .with_shown(renewing.as_ref().map(|it| it.shown.clone()));
    let user = arguments.user.as_deref().map(User::find).transpose()?;
    if let Some(renewing) = &renewing {
        if arguments.check {
            renewing.want_certificate()?;
        } else if let Err(refused) = renewing.first(&handed) {
            return refused.told();
        }
    }
    let loaded = match loader.load() {
        Ok(loaded) => loaded,
        Err(refused) => return refused.told(),
    };
    loaded.tell();
    let mut files = loader.reads();
    let renewed = renewing
        .as_ref()
        .map(|it| (it.reads.clone(), it.writes.clone()));
    if let Some((reads, _)) = &renewed {
        files.extend(reads.iter().cloned());
    }
    if let Some(user) = &user {
        if let Some((_, writes)) = renewed.as_ref().filter(|_| !arguments.check) {
            user.owns(writes)?;
        }
        user.reads(&files)?;
    }
    if arguments.check {
        terminal::print(&voice::serve::could(&loaded.title, &loaded.listeners))?;
        return Ok(Exit::Clean);
    }
    open_files::take_all();
    let threads = arguments.threads.unwrap_or_else(processors);
    let is_shared = |listener: &&Listener| handed.at(listener.address).is_none();
    let addresses = loaded.listeners.iter().filter(is_shared);
    let addresses = addresses.map(|listener| listener.address);
    for address in addresses.chain(arguments.metrics) {
        if is_taken(address) {
            terminal::note(&voice::serve::taken(address));
        }
    }
    let metrics = Arc::new(Metrics::default());
    metrics.serves(loaded.lifetimes);
    let (let_renew, may_renew) = mpsc::channel();
    if let Some(renewing) = renewing {
        // It writes, and asks others: it is begun outside of the sandbox.
        renewing
            .go_on(Arc::clone(&metrics), may_renew)
            .map_err(ServeFault::System)?;
    }
    // Threads have what the one has that starts them.
    let sandbox = if arguments.no_sandbox {
        Err(NoSandbox::Unwanted)
    } else {
        Sandbox::enter(&files, &loaded.service)
    };
    let log = Log::start(arguments.access_log, Arc::clone(&metrics));
    let (log, written) = log.map_err(ServeFault::System)?;
    let observer: Arc<dyn Observer> = Arc::new(log);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(ServeFault::System)?;
    // Whoever sends a signal as soon as the server is there is heard.
    let wishes = runtime.block_on(async { Wishes::new() });
    let mut wishes = wishes.map_err(ServeFault::System)?;
    ending::is_served()?;
    let mut server =
        Server::start(loaded.site, &[], threads, observer).map_err(ServeFault::System)?;
    let bound = loaded.listeners.iter();
    let bound = bound.map(|listener| bind(&server, &handed, *listener));
    let bound = bound.collect::<Result<Vec<Bound>, Failure>>()?;
    let told = arguments.metrics.map(metrics_at).transpose()?;
    if let Some(user) = &user {
        user.become_it()?;
    }
    let _ = let_renew.send(());
    for bound in bound {
        server.answer_at(bound);
    }
    tell_in_vain(&server, &handed);
    if handed.others > 0 {
        terminal::note(&voice::serve::handed_over_otherwise(handed.others));
    }
    let told_begun = voice::serve::begun(&loaded.title, server.listening());
    manager::ready(&told_begun);
    terminal::note(&told_begun);
    let key_log = arguments.unsafe_keylog.as_deref();
    terminal::note(&voice::serve::sandbox(&sandbox, key_log));
    begun(server.listening())?;
    if let Some(socket) = told {
        let pulse = server.pulse();
        runtime.spawn(metrics::serve(socket, Arc::clone(&metrics), pulse));
    }
    let given_up = GivenUp {
        sandbox: sandbox.ok(),
        user: arguments.user.clone(),
        renews: renewed.is_some(),
    };
    let served = (&mut server, &handed, &given_up);
    runtime.block_on(follow(served, &mut loader, &metrics, &mut wishes));
    metrics.ends();
    manager::stopping();
    terminal::note(&voice::serve::draining(server.connections()));
    let pulse = server.pulse();
    let stopped = runtime.block_on(end(server, &mut wishes));
    ending::settle(BROKEN_OFF);
    terminal::note(&match stopped {
        Some(stopped) => voice::serve::ended(stopped),
        None => voice::serve::ended_at_once(pulse().connections),
    });
    // What was told last is written; whoever does not read it is not waited for.
    let _ = written.recv_timeout(LAST_WORDS);
    Ok(Exit::Clean)
}

/// Lets those end who are there, unless the end is asked for a second time: then `None`, at once.
async fn end(server: Server, wishes: &mut Wishes) -> Option<Stopped> {
    let (done, ended) = tokio::sync::oneshot::channel();
    let draining = thread::Builder::new().spawn(move || {
        let _ = done.send(server.drain());
    });
    if draining.is_err() {
        return None;
    }
    let mut ended = pin!(ended);
    loop {
        tokio::select! {
            stopped = &mut ended => return stopped.ok(),
            wish = wishes.next() => if matches!(wish, Wish::End) {
                return None;
            },
        }
    }
}

fn processors() -> NonZeroUsize {
    thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// A socket that was handed over, or else one that is bound.
fn bind(server: &Server, handed: &HandedOver, listener: Listener) -> Result<Bound, Failure> {
    if let Some(socket) = handed.at(listener.address) {
        let adopted = server.adopt(socket, listener.role);
        return Ok(adopted.map_err(ServeFault::System)?);
    }
    server.bind(listener).map_err(|source| {
        let address = listener.address;
        ServeFault::Bind { address, source }.into()
    })
}

/// Tells of sockets that were handed over and at which nobody is answered: whoever comes there waits.
fn tell_in_vain(server: &Server, handed: &HandedOver) {
    let listening = server.listening();
    let left = handed.addresses();
    for address in left.filter(|address| !listening.contains_key(address)) {
        terminal::note(&voice::serve::handed_over_in_vain(address));
    }
}

fn secrets_to(path: &Path) -> Result<Arc<dyn KeyLog>, Failure> {
    let file = SecretsFile::open(path).map_err(|source| ServeFault::KeyLog {
        path: path.to_path_buf(),
        source,
    })?;
    terminal::note(&voice::serve::key_log(path));
    Ok(Arc::new(file))
}

fn metrics_at(address: SocketAddr) -> Result<TcpListener, Failure> {
    metrics::bind(address).map_err(|source| ServeFault::Bind { address, source }.into())
}

/// What a server has given up when it began, and does not get back.
struct GivenUp {
    sandbox: Option<Sandbox>,
    user: Option<String>,
    /// Whether there is somebody who renews.
    renews: bool,
}

impl GivenUp {
    /// Why nothing was reloaded, and where that is for what was given up, what to do.
    fn explain(&self, refused: &Refused, loader: &Loader<'_>) -> String {
        let sandbox = self.sandbox.as_ref();
        let why = match refused {
            Refused::Failure(Failure::Serve(ServeFault::Bind { source, .. }))
                if matches!(source.kind(), PermissionDenied | AddrInUse) =>
            {
                self.user.as_deref().map(voice::serve::given_up)
            }
            Refused::Failure(Failure::PasswordCommand { .. }) => {
                sandbox.map(|_| voice::serve::no_program().to_owned())
            }
            Refused::Failure(_) | Refused::Findings(_) => sandbox.and_then(|sandbox| {
                let kept_out = sandbox.keeps_out(&loader.reads());
                (!kept_out.is_empty()).then(|| voice::serve::kept_out(&kept_out, sandbox))
            }),
        };
        let mut words = refused.words();
        if loader.is_managed() {
            words = if self.renews {
                format!("{words}\n{}", voice::renew::COMING)
            } else {
                // What is missing, nobody here can make.
                format!("{}\n{words}", voice::renew::START_ANEW)
            };
        }
        why.map_or(words.clone(), |why| format!("{words}\n{why}"))
    }
}

/// Follows files and signals, until one says to end.
async fn follow(
    (server, handed, given_up): (&mut Server, &HandedOver, &GivenUp),
    loader: &mut Loader<'_>,
    metrics: &Metrics,
    wishes: &mut Wishes,
) {
    let mut watch = loader.watch();
    wishes.follow(watch.files());
    // Why what was read last was refused, and when that was.
    let mut refused: Option<(String, Instant)> = None;
    loop {
        let wish = wishes.next().await;
        let over = loader.are_over();
        let is_asked = match wish {
            Wish::End => return,
            Wish::Look => watch.changed(|file| Stamp::of(file)) || over > 0,
            Wish::Reload => true,
        };
        let tried = refused.as_ref().map(|(_, tried)| tried);
        if !is_asked && tried.is_none_or(|tried| tried.elapsed() < AGAIN) {
            continue;
        }
        if over > 0 {
            terminal::note(&voice::serve::staples_over(over));
        }
        if is_asked {
            manager::reloading();
        }
        let reloaded = reload((server, handed, given_up), loader, metrics);
        let before = refused.take();
        refused = reloaded.as_ref().err().cloned().zip(Some(Instant::now()));
        // The same once more is told once.
        let is_known = |why: &String| before.as_ref().is_some_and(|(known, _)| known == why);
        if is_asked || !reloaded.as_ref().is_err_and(is_known) {
            // What was served before is served still, where it was refused.
            manager::ready(&match &reloaded {
                Ok(title) => title.clone(),
                Err(why) => voice::serve::refused_reload(why.lines().next().unwrap_or_default()),
            });
            if let Err(why) = reloaded {
                metrics.refused_reload();
                terminal::note(&voice::serve::refused_reload(&why));
            }
        }
        watch = loader.watch();
        wishes.follow(watch.files());
    }
}

/// Puts what the files say now in the place of what is served, or tells why not. New addresses are bound first, as
/// that may fail, and answer last: nobody gets there what was served before.
fn reload(
    (server, handed, given_up): (&mut Server, &HandedOver, &GivenUp),
    loader: &mut Loader<'_>,
    metrics: &Metrics,
) -> Result<String, String> {
    let loaded = loader.load();
    let loaded = loaded.map_err(|refused| given_up.explain(&refused, loader))?;
    if loader.is_managed() && !given_up.renews {
        return Err(voice::renew::START_ANEW.to_owned());
    }
    loaded.tell();
    let wanted: BTreeMap<SocketAddr, Role> = loaded
        .listeners
        .iter()
        .map(|listener| (listener.address, listener.role))
        .collect();
    let before = server.listening().clone();
    let new = wanted
        .iter()
        .filter(|(address, role)| before.get(address) != Some(role));
    let bound = new.map(|(&address, &role)| bind(server, handed, Listener { address, role }));
    let bound: Result<Vec<Bound>, Failure> = bound.collect();
    let bound = bound.map_err(|failure| given_up.explain(&failure.into(), loader))?;
    let began = Instant::now();
    server.replace(loaded.site);
    for bound in bound {
        server.answer_at(bound);
    }
    let gone = before
        .keys()
        .filter(|address| !wanted.contains_key(address));
    for address in gone {
        server.leave(*address);
    }
    metrics.reloaded(loaded.lifetimes, began.elapsed());
    tell_in_vain(server, handed);
    let open = server.connections();
    terminal::note(&voice::serve::reloaded(&loaded.title, open));
    Ok(voice::serve::begun(&loaded.title, server.listening()))
}
