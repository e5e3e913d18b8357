//! The rules about zones, one file each.

pub mod child_key_unknown;
pub mod cname_and_others;
pub mod ds_without_delegation;
pub mod glue_missing;
pub mod hash_owner;
pub mod no_servers;
pub mod outside_zone;
pub mod repeated_record;
pub mod server_without_address;
pub mod several_of_one;
pub mod target_is_alias;
pub mod ttls_differ;
pub mod wildcard_server;
pub mod zone_start;
pub mod zone_syntax;

keyway_report::kinds! {
    zone_syntax::ZoneSyntax,
    zone_start::ZoneStart,
    no_servers::NoServers,
    cname_and_others::CnameAndOthers,
    several_of_one::SeveralOfOne,
    server_without_address::ServerWithoutAddress,
    hash_owner::HashOwner,
    ds_without_delegation::DsWithoutDelegation,
    child_key_unknown::ChildKeyUnknown,
    wildcard_server::WildcardServer,
    glue_missing::GlueMissing,
    outside_zone::OutsideZone,
    ttls_differ::TtlsDiffer,
    target_is_alias::TargetIsAlias,
    repeated_record::RepeatedRecord,
}
