//! The rules about service files, one file each.

use crate::check::Examination;

pub mod acme_value;
pub mod alias;
pub mod alpn_unknown;
pub mod auto_without_label;
pub mod both_certificate_and_label;
pub mod certificates_left_behind;
pub mod clients_let_in;
pub mod clients_not_asked;
pub mod clients_shut_out;
pub mod clients_without_ca;
pub mod disabled_but_listening;
pub mod duplicate_host;
pub mod duplicate_listen;
pub mod endpoint_not_an_address;
pub mod guard_left_behind;
pub mod host_without_certificate;
pub mod hsts_not_preloadable;
pub mod hsts_too_long;
pub mod hsts_without_redirect;
pub mod http_only;
pub mod include_left_behind;
pub mod incomplete_triple;
pub mod issuer_unknown;
pub mod label_invalid;
pub mod label_with_characters;
pub mod no_managed_zone;
pub mod no_upstream;
pub mod not_a_path;
pub mod not_an_address;
pub mod nothing_said;
pub mod overwrite_without_label;
pub mod plain_http_upstream_elsewhere;
pub mod proxies_everywhere;
pub mod redirect_left_behind;
pub mod redirect_port_taken;
pub mod renew_needs_auto;
pub mod said_twice;
pub mod secret_inline;
pub mod target_cannot_express;
pub mod tcp_only;
pub mod tls_on_port_80;
pub mod tsig_algorithm;
pub mod unknown_field;
pub mod upstream_is_itself;
pub mod upstream_left_behind;
pub mod upstream_schemes_mixed;
pub mod upstream_with_path;
pub mod version_below_profile;
pub mod version_range;
pub mod wildcard_with_managed_name;
pub mod without_basis;
pub mod without_effect;
pub mod world_readable_key;
pub mod zero_limit;

keyway_report::kinds! {
    unknown_field::UnknownField,
    alias::Alias,
    said_twice::SaidTwice,
    both_certificate_and_label::BothCertificateAndLabel,
    auto_without_label::AutoWithoutLabel,
    incomplete_triple::IncompleteTriple,
    label_invalid::LabelInvalid,
    no_managed_zone::NoManagedZone,
    renew_needs_auto::RenewNeedsAuto,
    overwrite_without_label::OverwriteWithoutLabel,
    disabled_but_listening::DisabledButListening,
    plain_http_upstream_elsewhere::PlainHttpUpstreamElsewhere,
    version_range::VersionRange,
    hsts_without_redirect::HstsWithoutRedirect,
    hsts_too_long::HstsTooLong,
    wildcard_with_managed_name::WildcardWithManagedName,
    duplicate_host::DuplicateHost,
    secret_inline::SecretInline,
    world_readable_key::WorldReadableKey,
    endpoint_not_an_address::EndpointNotAnAddress,
    not_an_address::NotAnAddress,
    clients_without_ca::ClientsWithoutCa,
    hsts_not_preloadable::HstsNotPreloadable,
    version_below_profile::VersionBelowProfile,
    alpn_unknown::AlpnUnknown,
    zero_limit::ZeroLimit,
    proxies_everywhere::ProxiesEverywhere,
    redirect_port_taken::RedirectPortTaken,
    tls_on_port_80::TlsOnPort80,
    upstream_with_path::UpstreamWithPath,
    nothing_said::NothingSaid,
    http_only::HttpOnly,
    tcp_only::TcpOnly,
    not_a_path::NotAPath,
    duplicate_listen::DuplicateListen,
    label_with_characters::LabelWithCharacters,
    clients_not_asked::ClientsNotAsked,
    clients_let_in::ClientsLetIn,
    clients_shut_out::ClientsShutOut,
    issuer_unknown::IssuerUnknown,
    tsig_algorithm::TsigAlgorithm,
    upstream_schemes_mixed::UpstreamSchemesMixed,
    upstream_is_itself::UpstreamIsItself,
    without_basis::WithoutBasis,
    no_upstream::NoUpstream,
    host_without_certificate::HostWithoutCertificate,
    target_cannot_express::TargetCannotExpress,
    guard_left_behind::GuardLeftBehind,
    upstream_left_behind::UpstreamLeftBehind,
    certificates_left_behind::CertificatesLeftBehind,
    redirect_left_behind::RedirectLeftBehind,
    include_left_behind::IncludeLeftBehind,
    acme_value::AcmeValue,
    without_effect::WithoutEffect,
}

/// The checks, in the order of the rules.
pub(crate) const CHECKS: &[fn(&mut Examination<'_>)] = &[
    unknown_field::check,
    alias::check,
    said_twice::check,
    both_certificate_and_label::check,
    auto_without_label::check,
    incomplete_triple::check,
    label_invalid::check,
    no_managed_zone::check,
    renew_needs_auto::check,
    overwrite_without_label::check,
    disabled_but_listening::check,
    plain_http_upstream_elsewhere::check,
    version_range::check,
    hsts_without_redirect::check,
    hsts_too_long::check,
    wildcard_with_managed_name::check,
    duplicate_host::check,
    secret_inline::check,
    world_readable_key::check,
    endpoint_not_an_address::check,
    not_an_address::check,
    clients_without_ca::check,
    hsts_not_preloadable::check,
    version_below_profile::check,
    alpn_unknown::check,
    zero_limit::check,
    proxies_everywhere::check,
    redirect_port_taken::check,
    tls_on_port_80::check,
    upstream_with_path::check,
    nothing_said::check,
    http_only::check,
    tcp_only::check,
    not_a_path::check,
    duplicate_listen::check,
    label_with_characters::check,
    clients_not_asked::check,
    clients_let_in::check,
    clients_shut_out::check,
    issuer_unknown::check,
    tsig_algorithm::check,
    upstream_schemes_mixed::check,
    upstream_is_itself::check,
    without_basis::check,
    no_upstream::check,
    host_without_certificate::check,
    acme_value::check,
    without_effect::check,
];
