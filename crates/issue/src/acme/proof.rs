//! That names and addresses are one's own: what an order's authorizations ask for is shown, and the CA told to look
//! (RFC 8555, section 7.5).

use std::sync::PoisonError;
use std::time::Duration;

use instant_acme::{AuthorizationStatus, Order, OrderState, OrderStatus};

use tokio::time::timeout;

use super::challenge::{Challenge, Kind, Solver};
use super::error::{Refusal, name, words};
use super::order::{Ordering, Progress, invalid};
use super::{AcmeError, Step};
use crate::Identifier;

/// Most authorizations of an order. There may be more than names (RFC 8555, section 7.1.3), of which Let's Encrypt takes
/// a hundred.
const MOST: usize = 1_000;

/// How long is looked for what a CA did not find.
const LOOK: Duration = Duration::from_secs(15);

/// Most ways to show one name that are looked at: there are half a dozen.
const MOST_WAYS: usize = 32;

/// The ways that led nowhere in an attempt.
#[derive(Debug, Default)]
pub(super) struct Ways {
    /// For which identifier the CA, or who shows things to it, said so.
    closed: Vec<(Identifier, Kind)>,
    /// Those that may lead nowhere for the others, too.
    doubtful: Vec<Kind>,
    /// What came of the CA's looks.
    looked: Vec<(Identifier, Kind, bool)>,
}

impl Ways {
    fn is_closed(&self, identifier: &Identifier, kind: Kind) -> bool {
        let mut closed = self.closed.iter();
        closed.any(|(other, its)| (other, *its) == (identifier, kind))
    }

    /// Whether something speaks against a way.
    fn is_doubtful(&self, kind: Kind) -> bool {
        self.doubtful.contains(&kind)
    }

    /// How many looks at an identifier came to nothing.
    fn missed(&self, identifier: &Identifier) -> usize {
        let looked = self.looked.iter();
        looked
            .filter(|(other, _, is_found)| other == identifier && !is_found)
            .count()
    }
}

impl Ordering<'_> {
    /// Notes the way that led nowhere. Whether there is another one for each that it was gone for.
    pub(super) fn goes_another_way(&self, error: &AcmeError) -> bool {
        let (identifiers, kind) = match error {
            AcmeError::Unproven { challenge, .. } => {
                (vec![challenge.identifier.clone()], challenge.kind)
            }
            AcmeError::Unsolved { kind, .. } => {
                let solved = self.wanted.identifiers.iter().filter(|it| {
                    let mut own = self.solvers.iter().filter(|solver| solver.kind() == *kind);
                    own.any(|solver| solver.can(it))
                });
                (solved.cloned().collect(), *kind)
            }
            _ => return false,
        };
        let mut ways = self.ways.lock().unwrap_or_else(PoisonError::into_inner);
        ways.doubtful.push(kind);
        for identifier in &identifiers {
            ways.closed.push((identifier.clone(), kind));
        }
        // Where somebody else's way is at its end, nobody gets a certificate.
        identifiers.iter().all(|identifier| {
            let mut others = self.solvers.iter().filter(|solver| solver.can(identifier));
            others.any(|solver| !ways.is_closed(identifier, solver.kind()))
        })
    }

    /// Whether another look of the CA may come to nothing.
    pub(super) fn may_miss_more(&self) -> bool {
        let ways = self.ways.lock().unwrap_or_else(PoisonError::into_inner);
        let mut identifiers = self.wanted.identifiers.iter();
        identifiers.all(|identifier| ways.missed(identifier) < self.wanted.may_miss)
    }

    /// Notes what came of looks.
    fn looked(&self, looked: impl Iterator<Item = (Identifier, Kind, bool)>) {
        let mut ways = self.ways.lock().unwrap_or_else(PoisonError::into_inner);
        ways.looked.extend(looked);
    }

    /// Tells what came of the CA's looks.
    pub(super) fn tell_looks(&self, told: &mut impl FnMut(Progress<'_>)) {
        let mut ways = self.ways.lock().unwrap_or_else(PoisonError::into_inner);
        for (identifier, way, is_found) in ways.looked.drain(..) {
            told(Progress::Looked {
                identifier: &identifier,
                way,
                is_found,
            });
        }
    }

    /// Who shows an identifier to a CA that offers these ways: the one that led there the last time, else the first one, but
    /// none before one by whose way nothing came to nothing.
    fn solver(&self, identifier: &Identifier, offered: &[String]) -> Option<&dyn Solver> {
        let ways = self.ways.lock().unwrap_or_else(PoisonError::into_inner);
        let able = self.solvers.iter().filter(|solver| {
            let is_offered = offered.iter().any(|it| it == solver.kind().word());
            is_offered && solver.can(identifier) && !ways.is_closed(identifier, solver.kind())
        });
        let led = |kind| self.wanted.led.contains(&(identifier.clone(), kind));
        able.min_by_key(|solver| (ways.is_doubtful(solver.kind()), !led(solver.kind())))
            .copied()
    }

    /// Shows the CA what it looks for, and waits until it has seen it.
    pub(super) async fn prove(&self, order: &mut Order) -> Result<(), AcmeError> {
        let asked = self.challenges(order).await?;
        let mut shown = Ok(());
        for solver in self.solvers {
            let own = of_kind(&asked, solver.kind());
            if own.is_empty() {
                continue;
            }
            if let Err(why) = self.show(*solver, &own).await {
                shown = Err(unsolved(&own, solver.kind(), why));
                break;
            }
        }
        let proven = match shown {
            Ok(()) => self.validate(order, &asked).await,
            Err(error) => Err(error),
        };
        self.withdraw().await;
        proven
    }

    /// What the CA looks for, of that which it has not seen lately: for each identifier the first way that can be gone.
    async fn challenges(&self, order: &mut Order) -> Result<Vec<Challenge>, AcmeError> {
        self.read(order).await?;
        let mut asked = Vec::new();
        let mut stream = order.authorizations();
        while let Some(authorization) = stream.next().await {
            let mut authorization =
                authorization.map_err(|error| AcmeError::of(Step::Authorization, error, None))?;
            if authorization.status != AuthorizationStatus::Pending {
                continue;
            }
            let identifier = ours(&authorization.identifier())?;
            let offered: Vec<String> = authorization
                .challenges
                .iter()
                .take(MOST_WAYS)
                .map(|challenge| word(&challenge.r#type))
                .collect();
            let solver = self.solver(&identifier, &offered);
            let no_way = || AcmeError::NoWay {
                identifier: identifier.clone(),
                offered: offered.clone(),
            };
            let kind = solver.ok_or_else(no_way)?.kind();
            let handle = authorization.challenge(kind.acme()).ok_or_else(no_way)?;
            asked.push(Challenge {
                key_authorization: handle.key_authorization().as_str().to_owned(),
                token: handle.token.clone(),
                kind,
                identifier,
            });
        }
        Ok(asked)
    }

    /// Reads every authorization; each is kept by the order.
    async fn read(&self, order: &mut Order) -> Result<(), AcmeError> {
        few(order)?;
        self.ask(Step::Authorization, async || {
            let mut stream = order.authorizations();
            while let Some(authorization) = stream.next().await {
                authorization?;
            }
            Ok(())
        })
        .await
    }

    /// Tells the CA to look, and waits for what it says.
    async fn validate(&self, order: &mut Order, asked: &[Challenge]) -> Result<(), AcmeError> {
        for challenge in asked {
            let told = self
                .ask(Step::Challenge, async || {
                    let mut stream = order.authorizations();
                    while let Some(authorization) = stream.next().await {
                        let mut authorization = authorization?;
                        let handle = authorization.challenge(challenge.kind.acme());
                        if let Some(mut handle) = handle
                            && handle.token == challenge.token
                        {
                            return handle.set_ready().await;
                        }
                    }
                    Ok(())
                })
                .await;
            match told {
                // It has looked already, when the answer to the first word was lost: the order says what came of it.
                Ok(()) | Err(AcmeError::Refused { .. }) => {}
                Err(other) => return Err(other),
            }
        }
        // No request was sent that could be processed: it is the look that is.
        let wait = |state: &OrderState| {
            [OrderStatus::Pending, OrderStatus::Processing].contains(&state.status)
        };
        self.poll(order, Step::Validation, wait).await?;
        if order.state().status == OrderStatus::Invalid {
            return Err(self.unproven(order, asked).await);
        }
        let found = |it: &Challenge| (it.identifier.clone(), it.kind, true);
        self.looked(asked.iter().map(found));
        Ok(())
    }

    /// What is seen of it from here, as long as there is time.
    async fn seen(&self, challenge: &Challenge) -> Option<String> {
        let mut solvers = self.solvers.iter();
        let solver = solvers
            .find(|solver| solver.kind() == challenge.kind && solver.can(&challenge.identifier))?;
        timeout(LOOK, solver.seen(challenge)).await.ok().flatten()
    }

    /// What the CA saw instead of what it wanted to see, at the first of those where it did.
    async fn unproven(&self, order: &mut Order, asked: &[Challenge]) -> AcmeError {
        if let Err(error) = few(order) {
            return error;
        }
        let missed = self
            .ask(Step::Authorization, async || {
                let mut missed = Vec::new();
                let mut stream = order.authorizations();
                while let Some(authorization) = stream.next().await {
                    let mut authorization = authorization?;
                    let state = authorization.refresh().await?;
                    let seen = state.challenges.iter().find_map(|challenge| {
                        let own = asked.iter().find(|own| own.token == challenge.token)?;
                        let problem = challenge.error.as_ref()?;
                        (own.kind.acme() == challenge.r#type)
                            .then(|| (own.clone(), Refusal::of(problem, None)))
                    });
                    missed.extend(seen);
                }
                Ok(missed)
            })
            .await;
        let missed = match missed {
            Ok(missed) => missed,
            Err(error) => return error,
        };
        let looked = |(it, _): &(Challenge, _)| (it.identifier.clone(), it.kind, false);
        self.looked(missed.iter().map(looked));
        match missed.into_iter().next() {
            Some((challenge, refusal)) => AcmeError::Unproven {
                seen: self.seen(&challenge).await,
                challenge: challenge.into(),
                refusal: refusal.into(),
            },
            None => invalid(order, Step::Validation),
        }
    }
}

fn few(order: &mut Order) -> Result<(), AcmeError> {
    let number = order.state().authorizations.len();
    if number <= MOST {
        return Ok(());
    }
    Err(AcmeError::NotAcme {
        step: Step::Authorization,
        what: format!("the order asks for {number} authorizations, and {MOST} are too many"),
    })
}

fn of_kind(asked: &[Challenge], kind: Kind) -> Vec<Challenge> {
    let own = asked.iter().filter(|challenge| challenge.kind == kind);
    own.cloned().collect()
}

fn unsolved(own: &[Challenge], kind: Kind, why: super::Unsolved) -> AcmeError {
    let names: Vec<String> = own.iter().map(|it| it.identifier.to_string()).collect();
    AcmeError::Unsolved {
        identifiers: names.join(", "),
        kind,
        why,
    }
}

fn ours(identifier: &instant_acme::AuthorizedIdentifier<'_>) -> Result<Identifier, AcmeError> {
    let read = Identifier::parse(&identifier.to_string());
    read.map_err(|error| AcmeError::NotAcme {
        step: Step::Authorization,
        what: words(&error.to_string()),
    })
}

fn word(kind: &instant_acme::ChallengeType) -> String {
    use instant_acme::ChallengeType as Type;
    match kind {
        Type::Http01 => Kind::Http01.word(),
        Type::Dns01 => Kind::Dns01.word(),
        Type::TlsAlpn01 => Kind::TlsAlpn01.word(),
        Type::Unknown(other) => return name(other),
        _ => "another way",
    }
    .to_owned()
}
