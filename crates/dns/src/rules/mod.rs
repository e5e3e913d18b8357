//! The rules about zones, names and servers, one file each.

pub mod aaaa_elsewhere;
pub mod address_as_name;
pub mod address_without_service;
pub mod alias_leads_nowhere;
pub mod alias_of_nothing;
pub mod answer_cut_off;
pub mod below_dname;
pub mod caa_binds_below;
pub mod caa_critical;
pub mod caa_denies;
pub mod caa_malformed;
pub mod certificate_not_for_host;
pub mod child_key_unknown;
pub mod cname_and_others;
pub mod cname_at_apex;
pub mod dnssec_bogus;
pub mod documentation_address;
pub mod ds_without_delegation;
pub mod foreign_pin_goes;
pub mod glue_missing;
pub mod handshake_fails;
pub mod hash_owner;
pub mod https_elsewhere;
pub mod https_parameter_goes;
pub mod https_record_conflict;
pub mod lame_server;
pub mod missing;
pub mod name_beyond_ascii;
pub mod name_not_yours;
pub mod negative_cache;
pub mod no_address;
pub mod no_host_name;
pub mod no_servers;
pub mod old_in_cache;
pub mod other_certificate;
pub mod other_port;
pub mod other_records;
pub mod others_stay;
pub mod outside_zone;
pub mod pins_stay;
pub mod points_elsewhere;
pub mod private_address_in_public_zone;
pub mod protocol_below_minimum;
pub mod repeated_record;
pub mod resolver_fails;
pub mod server_moves;
pub mod server_without_address;
pub mod servers_differ;
pub mod several_of_one;
pub mod split_horizon;
pub mod stale_server;
pub mod target_is_alias;
pub mod target_unknown;
pub mod target_unseen;
pub mod tlsa_mismatch;
pub mod ttl_too_long_for_change;
pub mod ttls_differ;
pub mod unknown_pin_goes;
pub mod wildcard_server;
pub mod wildcard_shadows;
mod words;
pub mod zone_start;
pub mod zone_syntax;

keyway_report::kinds! {
    zone_syntax::ZoneSyntax,
    zone_start::ZoneStart,
    no_servers::NoServers,
    cname_and_others::CnameAndOthers,
    several_of_one::SeveralOfOne,
    server_without_address::ServerWithoutAddress,
    below_dname::BelowDname,
    hash_owner::HashOwner,
    ds_without_delegation::DsWithoutDelegation,
    child_key_unknown::ChildKeyUnknown,
    caa_denies::CaaDenies,
    caa_malformed::CaaMalformed,
    dnssec_bogus::DnssecBogus,
    caa_critical::CaaCritical,
    wildcard_server::WildcardServer,
    glue_missing::GlueMissing,
    outside_zone::OutsideZone,
    ttls_differ::TtlsDiffer,
    target_is_alias::TargetIsAlias,
    repeated_record::RepeatedRecord,
    address_as_name::AddressAsName,
    name_beyond_ascii::NameBeyondAscii,
    points_elsewhere::PointsElsewhere,
    missing::Missing,
    stale_server::StaleServer,
    lame_server::LameServer,
    aaaa_elsewhere::AaaaElsewhere,
    old_in_cache::OldInCache,
    negative_cache::NegativeCache,
    ttl_too_long_for_change::TtlTooLongForChange,
    wildcard_shadows::WildcardShadows,
    private_address_in_public_zone::PrivateAddressInPublicZone,
    name_not_yours::NameNotYours,
    cname_at_apex::CnameAtApex,
    tlsa_mismatch::TlsaMismatch,
    https_record_conflict::HttpsRecordConflict,
    split_horizon::SplitHorizon,
    other_certificate::OtherCertificate,
    address_without_service::AddressWithoutService,
    handshake_fails::HandshakeFails,
    protocol_below_minimum::ProtocolBelowMinimum,
    no_address::NoAddress,
    other_records::OtherRecords,
    https_elsewhere::HttpsElsewhere,
    alias_leads_nowhere::AliasLeadsNowhere,
    target_unknown::TargetUnknown,
    target_unseen::TargetUnseen,
    foreign_pin_goes::ForeignPinGoes,
    https_parameter_goes::HttpsParameterGoes,
    resolver_fails::ResolverFails,
    server_moves::ServerMoves,
    alias_of_nothing::AliasOfNothing,
    no_host_name::NoHostName,
    caa_binds_below::CaaBindsBelow,
    documentation_address::DocumentationAddress,
    answer_cut_off::AnswerCutOff,
    others_stay::OthersStay,
    certificate_not_for_host::CertificateNotForHost,
    pins_stay::PinsStay,
    unknown_pin_goes::UnknownPinGoes,
    servers_differ::ServersDiffer,
    other_port::OtherPort,
}
