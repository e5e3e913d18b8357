//! The DNS for a service: which records it needs, for whom to write them down, and how a zone gets there.

mod fault;
mod need;
mod records;
mod zone;

pub use fault::NeedFault;
pub use need::DnsNeed;
pub use records::{DnsPart, DnsRecord, DnsRecords, DnsRender, dns_records};
pub use zone::{DnsPlanOptions, DnsPlanned, ZoneAnswer, ZoneOptions, dns_check_zone, dns_plan};
