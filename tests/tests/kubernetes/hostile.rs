//! Whatever a service says stays inside its texts.

use keyway_config::forms::{Form, Place, export_at, import};
use keyway_config::model::{Hsts, Material};
use keyway_config::{Service, read};
use proptest::prelude::*;

use crate::judges::{files, objects};

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~\\n\\t\u{85}\u{2028}\u{202e}]{0,20}",
        "[a-z]{1,5}(\\.[a-z]{1,5}){0,2}",
        Just("a: b\n- c".to_owned()),
        Just("no".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn hostile_services_stay_inside_their_texts(
        name in prop::option::of(hostile()),
        hosts in prop::collection::vec(hostile(), 0..3),
        upstream in prop::collection::vec(hostile(), 0..2),
        path in hostile(),
        image in hostile(),
        max_age in prop::option::of(0..=u64::from(u32::MAX)),
    ) {
        let mut service = Service { name, ..Service::default() };
        service.host.0 = hosts;
        service.upstream.0 = upstream;
        service.tls.certificate = Some(Material::new(&path));
        service.tls.key = Some(Material::new(&path));
        service.tls.hsts = max_age.map(|max_age| Hsts { max_age, include_subdomains: false, preload: false });
        let place = Place { image: &image, ..Place::new(&files) };
        for (form, kinds) in [
            (Form::KubernetesSecret, 1),
            (Form::KubernetesIngress, 1),
            (Form::Gateway, 2),
            (Form::CertManager, 1),
            (Form::KubernetesDeployment, 4),
        ] {
            let exported = export_at(&service, form, &place);
            prop_assert_eq!(objects(&exported).len(), kinds, "{}", exported.text);
            if matches!(form, Form::KubernetesIngress | Form::KubernetesSecret) {
                let again = import(&exported.text, form).map_err(|error| TestCaseError::fail(error.to_string()))?;
                let is_lost = |field: &str| exported.lost.iter().any(|lost| lost == field);
                if form == Form::KubernetesIngress && !is_lost("host") {
                    let mut hosts = service.host.0.clone();
                    let mut seen = std::collections::BTreeSet::new();
                    hosts.retain(|host| seen.insert(host.clone()));
                    prop_assert_eq!(&again.service.host.0, &hosts);
                }
                if !is_lost("name") && service.name.is_some() {
                    prop_assert_eq!(&again.service.name, &service.name);
                }
            }
            if form == Form::KubernetesDeployment {
                let inside = objects(&exported)[0]["data"]["keyway.toml"].as_str().unwrap_or_default().to_owned();
                let inside = read(&inside).map_err(|error| TestCaseError::fail(error.to_string()))?;
                prop_assert_eq!(&inside.service.host, &service.host);
                prop_assert_eq!(&inside.service.name, &service.name);
            }
        }
    }

    #[test]
    fn any_text_is_imported_or_refused(text in "[ -~\\n\u{e4}]{0,200}") {
        for form in [Form::KubernetesSecret, Form::KubernetesIngress] {
            drop(import(&text, form));
        }
    }
}
