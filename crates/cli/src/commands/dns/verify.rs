//! `keyway dns verify` and `keyway dns wait`

use std::collections::BTreeSet;
use std::io::{self, IsTerminal as _};
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use keyway_dns::message::Question;
use keyway_dns::name::Name;
use keyway_dns::net::{Authority, look as look_at};
use keyway_dns::plan::file::PlanFile;
use keyway_dns::rdata::Type;
use keyway_dns::verify::{At, Verified, at_addresses, verify};
use keyway_dns::view::{Role, View};
use keyway_dns::wanted::Wanted;

use crate::arguments::{ListFormat, VerifyArguments, WaitArguments};
use crate::failure::Failure;
use crate::formats::{json, verified as form};
use crate::intent::{Asking, Known, Needed, moment, public_key, read_file, served, wait_for};
use crate::terminal::{self, Exit, Look};
use crate::voice;

/// Pause before the second look, seconds; each later one is twice as long.
const FIRST_PAUSE: u64 = 2;

/// Longest pause between two looks, seconds.
const LONGEST_PAUSE: u64 = 60;

/// What is looked for, and where.
struct Sought {
    wanted: Vec<Wanted>,
    hosts: Vec<Name>,
    zone: Option<Name>,
    asking: Asking,
}

/// Looks once.
pub(super) fn run(arguments: &VerifyArguments, look: Look) -> Result<Exit, Failure> {
    let sought = Sought::resolve(arguments)?;
    let answer = wait_for(once(arguments, &sought))??;
    print(arguments, &answer, look)?;
    Ok(exit(&answer))
}

/// Looks again and again.
pub(super) fn wait(arguments: &WaitArguments, look: Look) -> Result<Exit, Failure> {
    let sought = Sought::resolve(&arguments.verify)?;
    let answer = wait_for(async {
        let start = Instant::now();
        let deadline = Duration::from_secs(arguments.deadline);
        let bar = bar(voice::verified::waiting_template());
        let mut pause = Duration::from_secs(FIRST_PAUSE);
        loop {
            let answer = once(&arguments.verify, &sought).await?;
            let right = answer.right();
            bar.set_length(right.1);
            bar.set_position(right.0);
            let left = deadline.saturating_sub(start.elapsed());
            if answer.agrees || left.is_zero() {
                bar.finish_and_clear();
                return Ok::<_, Failure>(answer);
            }
            tokio::time::sleep(pause.min(left)).await;
            pause = (pause * 2).min(Duration::from_secs(LONGEST_PAUSE));
        }
    })??;
    print(&arguments.verify, &answer, look)?;
    Ok(exit(&answer))
}

fn exit(answer: &form::Answer) -> Exit {
    if answer.agrees {
        Exit::Clean
    } else {
        Exit::Findings
    }
}

fn print(arguments: &VerifyArguments, answer: &form::Answer, look: Look) -> Result<(), Failure> {
    terminal::print(&match arguments.format {
        ListFormat::Text => voice::verified::verified(answer, look),
        ListFormat::Json => json::ended(serde_json::to_string_pretty(answer)),
    })
}

impl Sought {
    fn resolve(arguments: &VerifyArguments) -> Result<Self, Failure> {
        let Some(path) = &arguments.plan else {
            let needed = Needed::resolve(&arguments.need)?;
            let asking = asking(arguments, &needed.known)?;
            return Ok(Self {
                wanted: needed.wanted,
                hosts: needed.hosts,
                zone: needed.zone,
                asking,
            });
        };
        let given = read_file(path).map_err(|refused| refused.at(path))?;
        let plan = PlanFile::read(&given.bytes).map_err(|error| Failure::Plan {
            path: path.clone(),
            why: error.to_string(),
        })?;
        let wanted = Wanted::of_plan(&plan);
        let hosts: BTreeSet<Name> = wanted
            .iter()
            .filter(|want| matches!(want.kind, Type::A | Type::AAAA | Type::CNAME))
            .map(|want| want.name.clone())
            .collect();
        Ok(Self {
            wanted,
            hosts: hosts.into_iter().collect(),
            zone: Some(plan.zone),
            asking: asking(arguments, &Known::default())?,
        })
    }
}

fn asking(arguments: &VerifyArguments, known: &Known) -> Result<Asking, Failure> {
    // The file's server takes updates; every server of the zone is asked here.
    Asking::resolve(&arguments.ask, &known.resolvers)
}

/// Asks everybody once.
async fn once(arguments: &VerifyArguments, sought: &Sought) -> Result<form::Answer, Failure> {
    let now = moment(arguments.at.as_deref())?;
    let asking = &sought.asking;
    let first = sought.wanted.first().map(|want| &want.name);
    let Some(first) = sought.hosts.first().or(first) else {
        let why = voice::plan::nothing_to_do().to_owned();
        return Err(Failure::Need(why));
    };
    let authority = asking.authority(first, sought.zone.as_ref()).await?;
    let (views, silent) = views(sought, &authority).await;
    let on_disk = arguments.cert.as_deref().map(public_key).transpose()?;
    let keys: Vec<[u8; 32]> = on_disk.iter().map(|disk| disk.spki_sha256).collect();
    let mut verified = verify(&sought.wanted, &views, &keys, now);
    for (server, why) in silent {
        verified.add_lame(server, why);
    }
    if let Some(disk) = on_disk {
        connect(arguments, sought, &views, disk.sha256, &mut verified);
    }
    let zone = authority.zone.to_string();
    Ok(form::Answer::new(zone, &sought.wanted, &views, verified))
}

/// What every server says: those of the zone at each of their addresses, then the resolvers. Servers without an
/// address cannot be asked.
async fn views(sought: &Sought, authority: &Authority) -> (Vec<View>, Vec<(String, String)>) {
    let mut questions = BTreeSet::new();
    for want in &sought.wanted {
        let (name, kind) = (want.name.clone(), want.kind);
        questions.insert(Question { name, kind });
    }
    for host in &sought.hosts {
        for kind in [Type::A, Type::AAAA, Type::HTTPS] {
            let name = host.clone();
            questions.insert(Question { name, kind });
        }
    }
    let zone = &authority.zone;
    let patience = sought.asking.patience();
    let masters = authority.addresses();
    let resolvers = sought.asking.counted().iter();
    let resolvers: Vec<_> = resolvers
        .map(|server| (*server, server.to_string()))
        .collect();
    let bar = bar(voice::verified::asking_template());
    let each = u64::try_from(questions.len())
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    let count = u64::try_from(masters.len() + resolvers.len()).unwrap_or(0);
    bar.set_length(each.saturating_mul(count));
    let mut views = Vec::new();
    let roles = [(Role::Authoritative, masters), (Role::Resolver, resolvers)];
    for (role, servers) in roles {
        for (server, called) in servers {
            let asked = questions.clone();
            let view = look_at(server, &called, role, zone, asked, patience, || bar.inc(1)).await;
            views.push(view);
        }
    }
    bar.finish_and_clear();
    let silent = authority
        .servers
        .iter()
        .filter(|server| server.addresses.is_empty());
    let silent = silent.filter_map(|server| server.name.as_ref());
    let silent = silent.map(|name| (name.to_string(), voice::verified::no_address().to_owned()));
    (views, silent.collect())
}

/// Holds what is served at every address of every host against the certificate on disk.
fn connect(
    arguments: &VerifyArguments,
    sought: &Sought,
    views: &[View],
    on_disk: [u8; 32],
    verified: &mut Verified,
) {
    for host in sought.hosts.iter().filter(|host| !host.is_wildcard()) {
        let mut addresses: BTreeSet<IpAddr> = BTreeSet::new();
        for view in views {
            addresses.extend(view.addresses(host));
        }
        let seen = addresses.into_iter().map(|ip| {
            let address = SocketAddr::new(ip, arguments.connect_port);
            let timeout = sought.asking.patience().timeout;
            let served = served(address, &host.to_string(), timeout);
            At {
                address,
                served: served
                    .map(|served| served.sha256)
                    .map_err(|why| voice::served::unserved(&why)),
            }
        });
        let seen: Vec<At> = seen.collect();
        at_addresses(host, &seen, on_disk, verified);
    }
}

fn bar(template: &str) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template(template);
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(1), ProgressDrawTarget::stderr()).with_style(style)
}
