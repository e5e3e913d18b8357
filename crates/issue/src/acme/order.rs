//! From names to a certificate: an order, and what a CA wants to see for it (RFC 8555, section 7.4).

use std::time::Duration;

use instant_acme::{
    AuthorizationStatus, Identifier as Acme, NewOrder, Order, OrderState, OrderStatus,
};
use keyway_chain::x509::Certificate;
use rcgen::KeyPair;

use super::challenge::{Challenge, Kind, Solver};
use super::csr::request;
use super::error::Refusal;
use super::patience::ask;
use super::{Account, AcmeError, Patience, Step, alternate, window};
use crate::Identifier;

/// Longest time that a CA is given for one order, from ordering to the chain. Let's Encrypt takes seconds; others look
/// again for minutes.
pub const PATIENCE: Duration = Duration::from_secs(300);

/// What is wanted.
pub struct Wanted<'a> {
    /// Names and addresses, at least one.
    pub identifiers: &'a [Identifier],
    /// The key that the certificate is for: kept by the caller before it is asked for.
    pub key: &'a KeyPair,
    /// The CA's name for a kind of certificate (draft-aaron-acme-profiles). Default: the CA's.
    pub profile: Option<&'a str>,
    /// The certificate that this one takes the place of, so that the CA counts it as a renewal (RFC 9773, section 5).
    pub replaces: Option<&'a Certificate>,
    /// A part of the name of who issued the last certificate of the chain, where the CA has several chains.
    pub issuer: Option<&'a str>,
    /// An order of before that broke off, for the same identifiers and key.
    pub order: Option<&'a str>,
}

/// What a CA gave out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// The chain in PEM, leaf first, as the CA sent it: not checked.
    pub chain: String,
}

/// Gets a certificate. `begun` is told the order's URL as soon as there is one: with it, what breaks off is gone on
/// with.
///
/// # Errors
/// [`AcmeError`]; what was shown to the CA has been taken away again.
pub async fn obtain(
    account: &Account,
    wanted: &Wanted<'_>,
    solvers: &[&dyn Solver],
    patience: Patience,
    begun: impl FnOnce(&str),
) -> Result<Issued, AcmeError> {
    let ordering = Ordering {
        account,
        wanted,
        solvers,
        patience,
    };
    let mut order = match ordering.begin().await {
        Err(AcmeError::Refused { step, refusal }) => {
            if refusal.kind == "accountDoesNotExist" {
                account.forget();
            }
            return Err(AcmeError::Refused { step, refusal });
        }
        other => other?,
    };
    begun(order.url());
    if order.state().status == OrderStatus::Pending {
        ordering.prove(&mut order).await?;
    }
    if order.state().status == OrderStatus::Ready {
        ordering.finalize(&mut order).await?;
    }
    ordering.fetch(&mut order).await
}

struct Ordering<'a> {
    account: &'a Account,
    wanted: &'a Wanted<'a>,
    solvers: &'a [&'a dyn Solver],
    patience: Patience,
}

impl Ordering<'_> {
    async fn ask<T>(
        &self,
        step: Step,
        once: impl AsyncFnMut() -> Result<T, instant_acme::Error>,
    ) -> Result<T, AcmeError> {
        ask(step, &self.account.transport, self.patience, once).await
    }

    /// The order that broke off, where it can still come to an end; else a new one.
    async fn begin(&self) -> Result<Order, AcmeError> {
        if let Some(url) = self.wanted.order {
            let asked = self.ask(Step::Order, async || {
                self.account.inner.order(url.to_owned()).await
            });
            match asked.await {
                Ok(mut order) => {
                    if order.state().status != OrderStatus::Invalid {
                        return Ok(order);
                    }
                }
                // It is over, or forgotten.
                Err(AcmeError::Refused { .. } | AcmeError::NotAcme { .. }) => {}
                Err(other) => return Err(other),
            }
        }
        let before = self.wanted.replaces.and_then(window::identifier);
        let Some(before) = before else {
            return self.order(None).await;
        };
        match self.order(Some(before)).await {
            // That one was replaced already, or the CA does not know it: it is no renewal then.
            Err(AcmeError::Refused { refusal, .. }) if !refusal.is_final() => {
                self.order(None).await
            }
            Err(AcmeError::NotAcme { .. }) => self.order(None).await,
            other => other,
        }
    }

    async fn order(
        &self,
        replaces: Option<instant_acme::CertificateIdentifier<'static>>,
    ) -> Result<Order, AcmeError> {
        let identifiers: Vec<Acme> = self.wanted.identifiers.iter().map(acme).collect();
        self.ask(Step::Order, async || {
            let mut new = NewOrder::new(&identifiers);
            if let Some(profile) = self.wanted.profile {
                new = new.profile(profile);
            }
            if let Some(replaces) = &replaces {
                new = new.replaces(replaces.clone());
            }
            self.account.inner.new_order(&new).await
        })
        .await
    }

    /// Shows the CA what it looks for, and waits until it has seen it.
    async fn prove(&self, order: &mut Order) -> Result<(), AcmeError> {
        let asked = self.challenges(order).await?;
        let mut shown = Ok(());
        for solver in self.solvers {
            let own = of_kind(&asked, solver.kind());
            if own.is_empty() {
                continue;
            }
            if let Err(why) = solver.present(&own).await {
                shown = Err(unsolved(&own, solver.kind(), why));
                break;
            }
        }
        let proven = match shown {
            Ok(()) => self.validate(order, &asked).await,
            Err(error) => Err(error),
        };
        for solver in self.solvers {
            let own = of_kind(&asked, solver.kind());
            if !own.is_empty() {
                solver.withdraw(&own).await;
            }
        }
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
                .map(|challenge| word(&challenge.r#type))
                .collect();
            let solver = self.solvers.iter().find(|solver| {
                solver.can(&identifier) && offered.iter().any(|it| it == solver.kind().word())
            });
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
        let wait = |state: &OrderState| state.status == OrderStatus::Pending;
        self.poll(order, Step::Validation, wait).await?;
        match order.state().status {
            OrderStatus::Invalid => Err(self.unproven(order, asked).await),
            _ => Ok(()),
        }
    }

    /// What the CA saw instead of what it wanted to see.
    async fn unproven(&self, order: &mut Order, asked: &[Challenge]) -> AcmeError {
        let found = self
            .ask(Step::Authorization, async || {
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
                    if seen.is_some() {
                        return Ok(seen);
                    }
                }
                Ok(None)
            })
            .await;
        match found {
            Ok(Some((challenge, refusal))) => AcmeError::Unproven {
                identifier: challenge.identifier,
                kind: challenge.kind,
                refusal: refusal.into(),
            },
            Ok(None) => invalid(order, Step::Validation),
            Err(error) => error,
        }
    }

    async fn finalize(&self, order: &mut Order) -> Result<(), AcmeError> {
        let csr = request(self.wanted.identifiers, self.wanted.key)?;
        let sent = self.ask(Step::Finalization, async || order.finalize_csr(&csr).await);
        match sent.await {
            // It came to the CA the first time, and the answer was lost.
            Err(AcmeError::Refused { refusal, .. }) if refusal.kind == "orderNotReady" => {
                self.ask(Step::Finalization, async || order.refresh().await.map(drop))
                    .await
            }
            other => other,
        }
    }

    async fn fetch(&self, order: &mut Order) -> Result<Issued, AcmeError> {
        let wait = |state: &OrderState| {
            [OrderStatus::Processing, OrderStatus::Pending].contains(&state.status)
        };
        self.poll(order, Step::Finalization, wait).await?;
        if order.state().status != OrderStatus::Valid {
            return Err(invalid(order, Step::Finalization));
        }
        let chain = self
            .ask(Step::Certificate, async || order.certificate().await)
            .await?;
        let chain = chain.ok_or_else(|| invalid(order, Step::Certificate))?;
        let account = self.account;
        let chain = match self.wanted.issuer {
            Some(issuer) => {
                alternate::wanted(&account.inner, &account.transport, chain, issuer).await
            }
            None => chain,
        };
        Ok(Issued { chain })
    }

    /// Asks for the order again and again, while it is to be waited for.
    async fn poll(
        &self,
        order: &mut Order,
        step: Step,
        wait: impl Fn(&OrderState) -> bool,
    ) -> Result<(), AcmeError> {
        let mut patience = self.patience;
        let mut told = None;
        while wait(order.state()) {
            patience.pause(step, told).await?;
            self.ask(step, async || order.refresh().await.map(drop))
                .await?;
            told = self.account.transport.aside().retry_after;
        }
        Ok(())
    }
}

impl Refusal {
    /// Whether the same without a word of renewal would be refused as well.
    fn is_final(&self) -> bool {
        [
            "rateLimited",
            "accountDoesNotExist",
            "unauthorized",
            "rejectedIdentifier",
            "userActionRequired",
            "invalidProfile",
            "caa",
        ]
        .contains(&self.kind.as_str())
    }
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

/// An order that came to a bad end, by its own error where it has one.
fn invalid(order: &mut Order, step: Step) -> AcmeError {
    let state = order.state();
    match &state.error {
        Some(problem) => AcmeError::Refused {
            step,
            refusal: Refusal::of(problem, None).into(),
        },
        None => AcmeError::NotAcme {
            step,
            what: format!("the order is {:?}, without a word why", state.status),
        },
    }
}

fn acme(identifier: &Identifier) -> Acme {
    match identifier {
        Identifier::Dns(name) => Acme::Dns(name.clone()),
        Identifier::Ip(address) => Acme::Ip(*address),
    }
}

fn ours(identifier: &instant_acme::AuthorizedIdentifier<'_>) -> Result<Identifier, AcmeError> {
    let read = Identifier::parse(&identifier.to_string());
    read.map_err(|error| AcmeError::NotAcme {
        step: Step::Authorization,
        what: error.to_string(),
    })
}

fn word(kind: &instant_acme::ChallengeType) -> String {
    use instant_acme::ChallengeType as Type;
    match kind {
        Type::Http01 => Kind::Http01.word(),
        Type::Dns01 => Kind::Dns01.word(),
        Type::TlsAlpn01 => Kind::TlsAlpn01.word(),
        Type::Unknown(other) => other,
        _ => "another way",
    }
    .to_owned()
}
