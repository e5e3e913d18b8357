//! Whoever has to show a certificate has to show it everywhere, and whoever is revoked stays outside.

use keyway_config::forms::{Form, Refusal, export, findings};
use keyway_config::model::{ClientMode, Material, Status};
use keyway_report::Kind as _;

use crate::judges::{accepted, folder, full};

const AZURE: [Form; 5] = [
    Form::AzureJson,
    Form::AzureCluster,
    Form::AzureContainer,
    Form::AzureCli,
    Form::AzurePython,
];

#[test]
fn forms_that_would_let_everybody_in_are_refused() {
    let folder = folder(&[]);
    let mut service = full(folder.path());
    service.upstream = ["http://app.shop.svc:8080"].into_iter().collect();
    let asks_nobody = AZURE
        .into_iter()
        .chain([Form::KubernetesIngress, Form::Gateway]);
    for form in asks_nobody {
        service.tls.client.mode = ClientMode::Required;
        service.tls.status = None;
        let refused = export(&service, form, &|_| None).refused;
        assert_eq!(refused, Some(Refusal::ClientsUnasked { form: form.word() }));
        service.tls.client.mode = ClientMode::Optional;
        assert_eq!(export(&service, form, &|_| None).refused, None, "{form:?}");
        service.tls.client.mode = ClientMode::Required;
        service.tls.status = Some(Status::Disabled);
        // The form for a cluster that is made has no word for it.
        let refused = (form == Form::AzureCluster).then_some(Refusal::TurnsOn);
        assert_eq!(
            export(&service, form, &|_| None).refused,
            refused,
            "{form:?}"
        );
    }
}

#[test]
fn forms_that_would_let_in_who_is_revoked_are_refused() {
    let folder = folder(&["pair.pem", "other.pem"]);
    let mut service = full(folder.path());
    service.upstream = ["http://app.shop.svc:8080"].into_iter().collect();
    for (lists, refused) in [
        (&[][..], &[][..]),
        (&["a.crl"], &[Form::Caddy, Form::KubernetesDeployment]),
        (
            &["a.crl", "b.crl"],
            &[
                Form::Caddy,
                Form::KubernetesDeployment,
                Form::Nginx,
                Form::Haproxy,
            ],
        ),
    ] {
        service.tls.client.crl = lists.iter().copied().collect();
        for form in [
            Form::Nginx,
            Form::Haproxy,
            Form::Caddy,
            Form::KubernetesDeployment,
        ] {
            for mode in [ClientMode::Required, ClientMode::Optional] {
                service.tls.client.mode = mode;
                let exported = export(&service, form, &|_| None);
                let is_it = matches!(exported.refused, Some(Refusal::RevokedClients { .. }));
                assert_eq!(is_it, refused.contains(&form), "{form:?} {lists:?}");
            }
            // Nobody is asked, and nobody is looked for on a list.
            service.tls.client.mode = ClientMode::None;
            assert_eq!(export(&service, form, &|_| None).refused, None);
        }
    }
}

#[test]
fn a_file_of_clients_has_no_place_in_azure_and_nobody_says_that_it_could_not_be_read() {
    let folder = folder(&[]);
    let mut service = full(folder.path());
    service.tls.client.mode = ClientMode::Optional;
    let text = std::fs::read_to_string(folder.path().join("clients.pem")).expect("a file");
    for ca in [Material::Path("nofile".to_owned()), Material::new(&text)] {
        service.tls.client.ca = Some(ca);
        for form in AZURE {
            let exported = export(&service, form, &|_| None);
            let found = findings(&exported, form, "service");
            let found = found
                .iter()
                .find(|finding| finding.at.field.as_deref() == Some("tls.client.ca"));
            let told = found.expect("a finding").kind.message();
            assert_eq!(
                told,
                format!("`tls.client.ca` has no place in {}.", form.word())
            );
        }
    }
}

#[test]
fn a_disabled_service_is_told_no_place_for_its_key() {
    let folder = folder(&["pair.pem", "other.pem"]);
    let mut service = full(folder.path());
    service.tls.key = Some(Material::new("/elsewhere/key.pem"));
    service.tls.status = Some(Status::Disabled);
    for form in [Form::Haproxy, Form::Nginx, Form::Caddy] {
        let exported = export(&service, form, &|_| None);
        let answer = accepted(form, &service, &exported.text, folder.path());
        assert!(answer.is_ok(), "{answer:?}");
        let found = findings(&exported, form, "service");
        let key = found
            .iter()
            .find(|finding| finding.at.field.as_deref() == Some("tls.key"));
        let told = key.expect("a finding").kind.message();
        let word = form.word();
        let expected = format!(
            "`tls.key` has no place in {word}: TLS is disabled, and nothing of it is written."
        );
        assert_eq!(told, expected);
    }
}

#[test]
fn a_key_that_haproxy_finds_beside_its_certificate_is_told() {
    let folder = folder(&["pair.pem", "other.pem"]);
    let mut service = full(folder.path());
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let [key, other] = ["made.pem.key", "other.key"].map(&at);
    std::fs::copy(at("made.key"), &key).expect("a copy");
    service.tls.certificate = Some(Material::Path(at("made.pem")));
    service.tls.key = Some(Material::Path(key.clone()));
    service.tls.certificates[0].key = Material::Path(other.clone());
    let exported = export(&service, Form::Haproxy, &|_| None);
    let answer = accepted(Form::Haproxy, &service, &exported.text, folder.path());
    assert!(answer.is_ok(), "{answer:?}");
    let found = findings(&exported, Form::Haproxy, "service");
    let told = |field: &str| {
        let found = found
            .iter()
            .find(|finding| finding.at.field.as_deref() == Some(field));
        found.expect("a finding").kind.message()
    };
    assert!(told("tls.key").ends_with(&format!("finds the key {key} beside its certificate.")));
    let to = at("other.pem.key");
    assert!(
        told("tls.certificates[0].key")
            .ends_with(&format!("the key {other} at {to}: put it there."))
    );
}
