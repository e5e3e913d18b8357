//! From names to a certificate: an order, and what a CA wants to see for it (RFC 8555, section 7.4).

use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use instant_acme::{Identifier as Acme, NewOrder, Order, OrderState, OrderStatus};
use keyway_chain::x509::Certificate;
use rcgen::KeyPair;

use super::challenge::{Challenge, Kind, Solver, Unsolved};
use super::csr::request;
use super::error::Refusal;
use super::patience::ask;
use super::proof::Ways;
use super::wire::TransportError;
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
    /// An order of before that broke off, for the same identifiers and key. Where it is not to be had, or comes to a bad
    /// end after all, there is a new one.
    pub order: Option<&'a str>,
    /// The way to each identifier that is gone before all others, where that is not the first one: by
    /// [`Looks::led`](super::Looks::led), where it led there the last time.
    pub led: &'a [(Identifier, Kind)],
    /// How many of the CA's looks at an identifier may come to nothing before no other way is gone: by
    /// [`Looks::left`](super::Looks::left), as CAs count them. The first look is not kept from it.
    pub may_miss: usize,
}

/// What a CA gave out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// The chain in PEM, leaf first, as the CA sent it: not checked.
    pub chain: String,
    /// Whether it ends at the issuer that was asked for; `true` where none was.
    pub is_as_wished: bool,
}

/// What whoever wants a certificate is told meanwhile.
#[derive(Debug)]
pub enum Progress<'a> {
    /// There is an order at this URL, be it in the place of another one: with it, what breaks off is gone on with.
    Begun(&'a str),
    /// One of the ways did not lead to the end, and another one is gone.
    AnotherWay(&'a AcmeError),
    /// The CA looked at an identifier; told when all is over.
    Looked {
        /// At which.
        identifier: &'a Identifier,
        /// By which way.
        way: Kind,
        /// Whether it was found to be ours.
        is_found: bool,
    },
}

/// Most orders of one attempt: each way that leads nowhere costs one, and there are three ways.
const MOST_ORDERS: usize = 4;

/// Gets a certificate, and tells of orders and ways. Where a CA does not see what it wants to see, or it cannot be shown, the
/// next way is gone that can be. When `given_up` ends, it is broken off; a CA
/// that has been told to look may give the certificate out all the same.
///
/// # Errors
/// [`AcmeError`]; what was shown to the CA has been taken away again. Where it is that the CA does not know the account
/// ([`AcmeError::is_of_account`]), the next [`Account::open`] makes that again by the same key.
pub async fn obtain(
    account: &Account,
    wanted: &Wanted<'_>,
    solvers: &[&dyn Solver],
    patience: Patience,
    mut told: impl FnMut(Progress<'_>),
    given_up: impl Future<Output = ()>,
) -> Result<Issued, AcmeError> {
    let ordering = Ordering {
        account,
        wanted,
        solvers,
        patience,
        shown: Mutex::default(),
        ways: Mutex::default(),
    };
    let ended = {
        let obtained = pin!(ordering.obtained(&mut told));
        tokio::select! {
            biased;
            ended = obtained => ended,
            () = given_up => Err(AcmeError::GivenUp),
        }
    };
    ordering.withdraw().await;
    ordering.tell_looks(&mut told);
    ended
}

/// What is shown to a CA: by which of the solvers, and what.
struct Shown<'a> {
    solver: &'a dyn Solver,
    challenges: Vec<Challenge>,
}

/// An order under way.
pub(super) struct Ordering<'a> {
    pub(super) account: &'a Account,
    pub(super) wanted: &'a Wanted<'a>,
    pub(super) solvers: &'a [&'a dyn Solver],
    pub(super) patience: Patience,
    /// What has to be taken away again.
    shown: Mutex<Vec<Shown<'a>>>,
    /// Which ways led nowhere.
    pub(super) ways: Mutex<Ways>,
}

impl<'a> Ordering<'a> {
    async fn obtained(&self, told: &mut impl FnMut(Progress<'_>)) -> Result<Issued, AcmeError> {
        if let Some(mut order) = self.resumed().await? {
            told(Progress::Begun(order.url()));
            match self.bring(&mut order).await {
                // The CA looked when what it looks for was gone, or has no certificate of the order any more.
                Err(error)
                    if (order.state().status == OrderStatus::Invalid && self.may_miss_more())
                        || error.is_of_lost() => {}
                ended => return ended,
            }
        }
        let mut order = self.begun(told).await?;
        let mut number = 1;
        let mut before = None;
        loop {
            let error = match self.bring(&mut order).await {
                // What there would be besides is not offered: what went before says more.
                Err(error @ AcmeError::NoWay { .. }) => return Err(before.unwrap_or(error)),
                Err(error) => error,
                issued => return issued,
            };
            let is_another =
                number < MOST_ORDERS && self.goes_another_way(&error) && self.may_miss_more();
            if !is_another {
                return Err(error);
            }
            told(Progress::AnotherWay(&error));
            before = Some(error);
            // What could not be shown spends no order.
            if order.state().status != OrderStatus::Pending {
                order = self.begun(told).await?;
            }
            number += 1;
        }
    }

    /// A new order, which is told.
    async fn begun(&self, told: &mut impl FnMut(Progress<'_>)) -> Result<Order, AcmeError> {
        let order = self.begin().await.inspect_err(|error| {
            if error.is_of_account() {
                self.account.forget();
            }
        })?;
        told(Progress::Begun(order.url()));
        Ok(order)
    }

    /// Shows something, which is taken away whatever becomes of it.
    pub(super) async fn show(
        &self,
        solver: &'a dyn Solver,
        challenges: &[Challenge],
    ) -> Result<(), Unsolved> {
        let shown = Shown {
            solver,
            challenges: challenges.to_vec(),
        };
        self.lock().push(shown);
        solver.present(challenges).await
    }

    /// Takes away what is shown. Each counts as shown until that is done: who breaks this off begins it anew.
    pub(super) async fn withdraw(&self) {
        loop {
            let last = self
                .lock()
                .last()
                .map(|shown| (shown.solver, shown.challenges.clone()));
            let Some((solver, challenges)) = last else {
                return;
            };
            solver.withdraw(&challenges).await;
            self.lock().pop();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Shown<'a>>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn ask<T>(
        &self,
        step: Step,
        once: impl AsyncFnMut() -> Result<T, instant_acme::Error>,
    ) -> Result<T, AcmeError> {
        ask(step, &self.account.transport, self.patience, once).await
    }

    /// The order that broke off, where the CA still has it and it can come to a good end. It is not worth waiting for: a
    /// server that does not answer is asked once, and one that says that it cannot now until it can.
    async fn resumed(&self) -> Result<Option<Order>, AcmeError> {
        let own = |url: &&str| self.account.is_at_ca(url);
        let Some(url) = self.wanted.order.filter(own) else {
            return Ok(None);
        };
        let transport = &self.account.transport;
        let mut read = async || self.account.inner.order(url.to_owned()).await;
        let mut asked = ask(Step::Order, transport, self.patience.once(), &mut read).await;
        let says_later = |error: &AcmeError| match error {
            AcmeError::Unreachable { source, .. } => {
                matches!(source, TransportError::Status { .. }) && source.is_passing()
            }
            AcmeError::Refused { refusal, .. } => refusal.kind == "serverInternal",
            AcmeError::Late { .. } => true,
            _ => false,
        };
        if asked.as_ref().is_err_and(says_later) {
            asked = ask(Step::Order, transport, self.patience, &mut read).await;
        }
        match asked {
            Ok(mut order) => {
                let is_over = order.state().status == OrderStatus::Invalid;
                Ok((!is_over).then_some(order))
            }
            Err(error) if says_later(&error) => Err(error),
            // It is over, forgotten, or was another server's.
            Err(_) => Ok(None),
        }
    }

    /// From an order to its certificate.
    async fn bring(&self, order: &mut Order) -> Result<Issued, AcmeError> {
        if order.state().status == OrderStatus::Pending {
            self.prove(order).await?;
        }
        if order.state().status == OrderStatus::Ready {
            self.finalize(order).await?;
        }
        self.fetch(order).await
    }

    /// A new order.
    async fn begin(&self) -> Result<Order, AcmeError> {
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
        let Some(issuer) = self.wanted.issuer else {
            return Ok(Issued {
                chain,
                is_as_wished: true,
            });
        };
        let chain = alternate::wanted(&account.inner, &account.transport, chain, issuer).await;
        Ok(Issued {
            is_as_wished: alternate::ends_at(&chain, issuer),
            chain,
        })
    }

    /// Asks for the order again and again, while it is to be waited for.
    pub(super) async fn poll(
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

/// An order that came to a bad end, by its own error where it has one.
pub(super) fn invalid(order: &mut Order, step: Step) -> AcmeError {
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
