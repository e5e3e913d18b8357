//! Whether CAA records (RFC 8659) let the CA issue that is asked, as far as that is seen from here.

use std::net::SocketAddr;

use keyway_dns::caa::{Climbed, End, Failed, Judgement, Reason, Request, judge};
use keyway_dns::message::Code;
use keyway_issue::acme::Kind;
use keyway_report::Verdict;

/// A domain that no CA has (RFC 2606, section 2).
const NOBODY: &str = "nobody.invalid";

/// Who is to give a certificate out, as CAA records know it.
pub(crate) struct Authority {
    /// What the CA is called there; empty where nobody says.
    pub(crate) names: Vec<String>,
    /// What it calls the account, where that is known.
    pub(crate) account: Option<String>,
}

/// Why a CA will not issue, by CAA records, or may not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Barred {
    /// They forbid it.
    Forbidden {
        /// The records' name.
        at: String,
        /// Whether they let the CA issue, but not to this account or by a way that can be gone.
        is_limited: bool,
    },
    /// There are some, and the CA does not say what it is called in them.
    Unnamed {
        /// The records' name.
        at: String,
        /// The CAs that they let issue.
        others: Vec<String>,
    },
    /// Nobody says which there are.
    Unknown {
        /// Where it was asked.
        at: String,
        why: Failed,
        /// Who was asked.
        asked: Vec<SocketAddr>,
        /// Whose zone it is in, where somebody says so who answers.
        zone: Option<Zone>,
        /// Whether the CA meets the same, and must not take it for a yes (CA/B Forum Baseline Requirements, section
        /// 3.2.2.8).
        is_certain: bool,
    },
}

/// A zone, and what its servers are called, with their addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Zone {
    pub(crate) name: String,
    pub(crate) servers: Vec<String>,
}

impl Barred {
    /// Whether an order would come to nothing.
    pub(crate) fn is_certain(&self) -> bool {
        match self {
            Self::Forbidden { .. } => true,
            Self::Unnamed { .. } => false,
            Self::Unknown { is_certain, .. } => *is_certain,
        }
    }
}

impl Authority {
    /// What there is on the way up from a name against a certificate for it, shown by one of these ways.
    pub(super) fn barred(
        &self,
        climbed: &Climbed,
        is_wildcard: bool,
        ways: &[Kind],
    ) -> Option<Barred> {
        let at = match climbed.end() {
            End::Nothing => return None,
            End::Records { at, .. } => at.to_string(),
            End::Failed { at, why } => {
                let is_sure = matches!(why, Failed::Bogus | Failed::Code(Code::SERVFAIL));
                return Some(Barred::Unknown {
                    at: at.to_string(),
                    why: why.clone(),
                    asked: Vec::new(),
                    zone: None,
                    // Who has no name in CAA records may not ask for them.
                    is_certain: is_sure && !self.names.is_empty(),
                });
            }
        };
        let judged = self.judged(climbed, is_wildcard, ways);
        let is_no = |judged: &Judgement| judged.verdict == Verdict::No;
        if judged.is_empty() || !judged.iter().all(is_no) {
            return None;
        }
        let is_limited = |judged: &Judgement| matches!(judged.reason, Reason::Limited(..));
        let is_limited = judged.iter().any(is_limited);
        match judged.into_iter().next()?.reason {
            Reason::Others(others) if self.names.is_empty() && !others.is_empty() => {
                Some(Barred::Unnamed { at, others })
            }
            _ => Some(Barred::Forbidden { at, is_limited }),
        }
    }

    /// What the records say to each name of the CA, and of each way: one yes is enough.
    fn judged(&self, climbed: &Climbed, is_wildcard: bool, ways: &[Kind]) -> Vec<Judgement> {
        let requests = |name: &str| {
            let request = Request::to(name).ok()?.wildcard(is_wildcard);
            let request = match &self.account {
                // One that no record can name is held against none.
                Some(account) => request.clone().with_account(account).unwrap_or(request),
                None => request,
            };
            let ways = ways
                .iter()
                .filter(|way| !is_wildcard || **way == Kind::Dns01);
            let by_way = ways.filter_map(|way| request.clone().with_method(way.word()).ok());
            Some(by_way.collect::<Vec<Request>>())
        };
        let names = self.names.iter().map(String::as_str);
        // Where nobody says what the CA is called, it is whether anybody may.
        let names = names.chain(self.names.is_empty().then_some(NOBODY));
        let requests = names.filter_map(requests).flatten();
        requests.map(|request| judge(climbed, &request)).collect()
    }
}

#[cfg(test)]
mod tests {
    use keyway_dns::caa::{Climb, Found, Lookup};
    use keyway_dns::name::Name;

    use super::*;

    const ACCOUNT: &str = "https://ca.test/acct/1";

    /// The way up to these records at `a.test`.
    fn climbed(records: &[(&str, &str)]) -> Climbed {
        let data = |(tag, value): &(&str, &str)| {
            let length = u8::try_from(tag.len()).unwrap();
            [&[0, length], tag.as_bytes(), value.as_bytes()].concat()
        };
        let records: Vec<Vec<u8>> = records.iter().map(data).collect();
        Climb::with(&Name::read("a.test").unwrap(), |_| {
            Lookup::from(Found::Records(records.clone()))
        })
    }

    fn barred(names: &[&str], records: &[(&str, &str)], ways: &[Kind]) -> Option<Barred> {
        let authority = Authority {
            names: names.iter().map(|&name| name.to_owned()).collect(),
            account: Some(ACCOUNT.to_owned()),
        };
        authority.barred(&climbed(records), false, ways)
    }

    fn forbidden(is_limited: bool) -> Barred {
        let at = "a.test.".to_owned();
        Barred::Forbidden { at, is_limited }
    }

    #[test]
    fn one_name_of_the_ca_and_one_way_are_enough() {
        let both = [Kind::Http01, Kind::TlsAlpn01];
        let names = ["ca.test", "other.test"];
        assert_eq!(barred(&names, &[("issue", "other.test")], &both), None);
        assert_eq!(
            barred(&names, &[("issue", "third.test")], &both),
            Some(forbidden(false))
        );
        let by_way = [("issue", "ca.test; validationmethods=tls-alpn-01")];
        assert_eq!(barred(&names, &by_way, &both), None);
        assert_eq!(
            barred(&names, &by_way, &[Kind::Http01]),
            Some(forbidden(true))
        );
    }

    #[test]
    fn records_for_an_account_are_held_against_ours() {
        let of = |account: &str| format!("ca.test; accounturi={account}");
        let ours = of(ACCOUNT);
        assert_eq!(
            barred(&["ca.test"], &[("issue", &ours)], &[Kind::Http01]),
            None
        );
        let other = of("https://ca.test/acct/2");
        let barred = barred(&["ca.test"], &[("issue", &other)], &[Kind::Http01]);
        assert_eq!(barred, Some(forbidden(true)));
    }

    #[test]
    fn of_a_ca_without_a_name_it_is_known_whether_anybody_may() {
        let ways = [Kind::Http01];
        assert_eq!(
            barred(&[], &[("issue", ";")], &ways),
            Some(forbidden(false))
        );
        assert_eq!(barred(&[], &[("iodef", "mailto:a@a.test")], &ways), None);
        let others = vec!["ca.test".to_owned()];
        let at = "a.test.".to_owned();
        assert_eq!(
            barred(&[], &[("issue", "ca.test")], &ways),
            Some(Barred::Unnamed { at, others })
        );
    }

    #[test]
    fn what_fails_for_the_ca_too_is_certain_where_it_looks_at_caa_at_all() {
        let failed = |why: Failed| {
            Climb::with(&Name::read("a.test").unwrap(), |_| {
                Lookup::from(Found::Failed(why.clone()))
            })
        };
        for (names, why, is_certain) in [
            (
                vec!["ca.test".to_owned()],
                Failed::Code(Code::SERVFAIL),
                true,
            ),
            (
                vec!["ca.test".to_owned()],
                Failed::Code(Code::NOTIMP),
                false,
            ),
            (Vec::new(), Failed::Code(Code::SERVFAIL), false),
        ] {
            let authority = Authority {
                names,
                account: None,
            };
            let barred = authority.barred(&failed(why), false, &[Kind::Http01]);
            assert_eq!(barred.unwrap().is_certain(), is_certain);
        }
    }
}
