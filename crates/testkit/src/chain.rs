//! A whole chain as a public CA issues it, with room for one thing wrong.

use crate::{Certificate, Draft, GeneralName, KeyKind};

/// The host of every ready-made chain.
pub const HOST: &str = "www.example.com";

/// A server certificate, two intermediates and a root.
#[derive(Clone, Debug)]
pub struct Chain {
    /// The server certificate, with its key.
    pub leaf: Certificate,
    /// The CA that issued the leaf.
    pub issuing: Certificate,
    /// The CA above the issuing one.
    pub policy: Certificate,
    /// The trust anchor.
    pub root: Certificate,
}

impl Chain {
    /// A chain that conforms, for [`HOST`] and `example.com`, valid at [`crate::NOW`].
    pub fn good() -> Self {
        Self::with_leaf(|leaf| leaf)
    }

    /// The same in RSA: 4096 bits above, 2048 below.
    pub fn rsa() -> Self {
        let root = Certificate::root("Test Root R1")
            .key(KeyKind::Rsa4096)
            .build();
        let policy = root
            .issue_ca("Test Intermediate R1")
            .key(KeyKind::Rsa2048)
            .build();
        let issuing = policy
            .issue_ca("Test Issuing CA R1")
            .path_len(0)
            .key(KeyKind::Rsa2048);
        Self::below(root, policy, issuing.build(), |leaf| {
            leaf.key(KeyKind::Rsa2048)
        })
    }

    /// The good chain with its leaf changed before signing.
    pub fn with_leaf(change: impl FnOnce(Draft) -> Draft) -> Self {
        Self::assemble(|root| root, |policy| policy, |issuing| issuing, change)
    }

    /// The good chain with the leaf's issuer changed before signing.
    pub fn with_issuing(change: impl FnOnce(Draft) -> Draft) -> Self {
        Self::assemble(|root| root, |policy| policy, change, |leaf| leaf)
    }

    /// The good chain with the intermediate under the root changed before signing.
    pub fn with_policy(change: impl FnOnce(Draft) -> Draft) -> Self {
        Self::assemble(|root| root, change, |issuing| issuing, |leaf| leaf)
    }

    /// The good chain with its root changed before signing.
    pub fn with_root(change: impl FnOnce(Draft) -> Draft) -> Self {
        Self::assemble(change, |policy| policy, |issuing| issuing, |leaf| leaf)
    }

    /// A chain with any of its certificates changed before signing.
    pub fn assemble(
        root: impl FnOnce(Draft) -> Draft,
        policy: impl FnOnce(Draft) -> Draft,
        issuing: impl FnOnce(Draft) -> Draft,
        leaf: impl FnOnce(Draft) -> Draft,
    ) -> Self {
        let root = root(Certificate::root("Test Root X1").key(KeyKind::P384)).build();
        let policy = policy(root.issue_ca("Test Intermediate X1")).build();
        let issuing = issuing(policy.issue_ca("Test Issuing CA E1").path_len(0)).build();
        Self::below(root, policy, issuing, leaf)
    }

    fn below(
        root: Certificate,
        policy: Certificate,
        issuing: Certificate,
        change: impl FnOnce(Draft) -> Draft,
    ) -> Self {
        let names = [GeneralName::dns(HOST), GeneralName::dns("example.com")];
        let leaf = change(issuing.issue(HOST).san(&names)).build();
        Self {
            leaf,
            issuing,
            policy,
            root,
        }
    }

    /// Leaf, then its issuers, without the root: what a server sends.
    pub fn fullchain_pem(&self) -> String {
        [self.leaf.pem(), self.issuing.pem(), self.policy.pem()].concat()
    }

    /// The root alone.
    pub fn root_pem(&self) -> String {
        self.root.pem()
    }

    /// The leaf's private key.
    pub fn key_pem(&self) -> String {
        self.leaf.key_pem()
    }

    /// Leaf, issuing, policy, root.
    pub fn certificates(&self) -> [&Certificate; 4] {
        [&self.leaf, &self.issuing, &self.policy, &self.root]
    }
}
