//! Scripts for Azure ML are read as people write them, and what is not literal is told.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use keyway_config::Service;
use keyway_config::forms::{Form, import};
use keyway_config::model::{Material, Status};

fn read(text: &str) -> (Service, Vec<String>) {
    let imported = import(text, Form::AzurePython).unwrap();
    (imported.service, imported.lost)
}

#[test]
fn a_cluster_with_an_own_certificate_is_read_as_it_is_documented() {
    let (service, lost) = read(
        "# Provision: enable_ssl(ssl_cname='not.this')\n\
         prov = AksCompute.provisioning_configuration(agent_count=3)\n\
         prov.enable_ssl(ssl_cert_pem_file=\"cert.pem\",\n    ssl_key_pem_file='key' \".pem\", \
         ssl_cname=(\"www.\" + 'contoso.com'))\n\
         target = ComputeTarget.create(workspace=ws, name=\"myaks\", \
         provisioning_configuration=prov)\n",
    );
    assert_eq!(service.name.as_deref(), Some("myaks"));
    assert!(service.host.iter().eq(["www.contoso.com"]));
    assert_eq!(service.tls.certificate, Some(Material::new("cert.pem")));
    assert_eq!(service.tls.key, Some(Material::new("key.pem")));
    assert_eq!(lost, ["line 2: agent_count of provisioning_configuration"]);
}

#[test]
fn updates_with_a_label_are_read_whatever_the_order_and_the_variables() {
    for text in [
        "ssl = SslConfiguration(status='Auto', leaf_domain_label=\"contoso\", \
         overwrite_existing_domain=True, renew=True)\n\
         update = AksUpdateConfiguration(ssl)\ntarget.update(update)",
        "t.update(AksUpdateConfiguration(ssl=aks.SslConfiguration(renew=True, cert=None,\n\
         overwrite_existing_domain=True, leaf_domain_label='contoso', status=\"auto\")))",
        "SslConfiguration('Auto', None, None, None, 'contoso', True, True)",
    ] {
        let (service, lost) = read(text);
        let tls = &service.tls;
        assert_eq!(tls.status, Some(Status::Auto), "{text}");
        assert_eq!(tls.leaf_domain_label.as_deref(), Some("contoso"));
        assert!(tls.overwrite_existing_domain && tls.renew);
        assert_eq!(lost, [""; 0], "{text}");
    }
    let (service, _) = read(
        "AksCompute.attach_configuration(resource_group='g').enable_ssl(leaf_domain_label='a')",
    );
    assert_eq!(service.tls.leaf_domain_label.as_deref(), Some("a"));
}

#[test]
fn a_single_container_is_read_when_it_is_made_and_when_it_is_changed() {
    let (service, lost) = read(
        "AciWebservice.deploy_configuration(cpu_cores = 1, ssl_enabled = True, \
         ssl_cname = 'a.b', ssl_cert_pem_file = r'c\\d', ssl_key_pem_file = 'k')",
    );
    assert_eq!(service.tls.status, Some(Status::Enabled));
    assert_eq!(service.tls.certificate, Some(Material::new("c\\d")));
    assert_eq!(lost, ["line 1: cpu_cores of deploy_configuration"]);
    let (service, _) = read("Webservice(ws, 'mine').update(ssl_enabled=False)");
    assert_eq!(service.name.as_deref(), Some("mine"));
    assert_eq!(service.tls.status, Some(Status::Disabled));
}

#[test]
fn what_is_not_literal_is_told_with_its_line_and_files_are_taken_as_paths() {
    let (service, lost) = read(
        "SslConfiguration(\n status=\"Enabled\",\n cert=open(\"c.pem\", 'r').read(),\n \
         key=pathlib.Path('k.pem').read_text(),\n cname=host,\n renew=1,\n **more)\n\
         own(ssl_cname='x')\n{}.update(a=1)\nenable_ssl(f'{host}', nme='x')",
    );
    assert_eq!(service.tls.certificate, Some(Material::new("c.pem")));
    assert_eq!(service.tls.key, Some(Material::new("k.pem")));
    assert!(service.host.is_empty());
    assert_eq!(
        lost,
        [
            "line 5: cname of SslConfiguration, which is not literal",
            "line 6: renew of SslConfiguration",
            "line 7: unpacked arguments of SslConfiguration, which are not literal",
            "line 8: ssl_cname of own, which is no call of azureml.core",
            "line 10: enable_ssl as a call of its own beside that of line 1",
            "line 10: ssl_cname of enable_ssl, which is not literal",
            "line 10: nme of enable_ssl",
        ]
    );
}

#[test]
fn a_script_that_sets_no_tls_is_refused() {
    for (text, line) in [
        ("", 1),
        ("print('ssl')\nWebservice(ws, 'a')", 1),
        ("# enable_ssl()", 1),
        ("def enable_ssl(ssl_cname='a'): pass", 1),
        ("SslConfiguration(\nstatus='On')", 2),
        ("x\nSslConfiguration(", 2),
    ] {
        let told = import(text, Form::AzurePython).unwrap_err().to_string();
        assert!(
            told.starts_with(&format!("line {line}: ")),
            "{text}: {told}"
        );
    }
}

#[test]
fn a_key_in_a_script_is_taken_and_in_no_message() {
    let pem = "-----BEGIN PRIVATE KEY-----\\nT3BlblNlc2FtZQ==\\n-----END PRIVATE KEY-----\\n";
    let text = format!("SslConfiguration(key=\"{pem}\", cname=\"{pem}\" + x, renew=\"{pem}\")");
    let (service, lost) = read(&text);
    assert!(service.tls.key.unwrap().holds_key());
    assert!(!format!("{lost:?}").contains("T3Blbl"), "{lost:?}");
    assert_eq!(lost.len(), 2);
}

#[test]
fn what_is_said_twice_is_told_and_the_last_one_counts() {
    let (service, lost) = read("enable_ssl(ssl_cname='a')\nenable_ssl(ssl_cname='b')");
    assert!(service.host.iter().eq(["b"]));
    assert_eq!(
        lost,
        [
            "line 1: ssl_cname, of which line 2 says another",
            "line 2: enable_ssl as a call of its own beside that of line 1",
        ]
    );
}

#[test]
fn what_was_to_be_done_once_is_done_when_another_call_comes() {
    let (service, lost) = read(
        "t.update(AksUpdateConfiguration(SslConfiguration(status='Auto', leaf_domain_label='a', renew=True)))\n\
         t.update(AksUpdateConfiguration(SslConfiguration(status='Disabled')))",
    );
    assert_eq!(service.tls.status, Some(Status::Disabled));
    assert!(!service.tls.renew);
    assert_eq!(
        lost,
        [
            "line 1: renew, which was done before line 2",
            "line 1: status, of which line 2 says another",
            "line 2: SslConfiguration as a call of its own beside that of line 1",
        ]
    );
}

#[test]
fn what_is_set_on_a_configuration_counts_and_what_it_said_before_is_told() {
    let made = "c = SslConfiguration(status='Enabled', cert=open('C').read(), key=open('K').read(), cname='a.com')\n";
    let (service, lost) = read(&format!(
        "{made}c.status='Disabled'\nc.cname = 'b.' \\\n 'com'; c.key = None\nt.update(AksUpdateConfiguration(c))"
    ));
    assert_eq!(service.tls.status, Some(Status::Disabled));
    assert!(service.host.iter().eq(["b.com"]));
    assert_eq!(service.tls.key, None);
    assert_eq!(
        lost,
        [
            "line 1: status, of which line 2 says another",
            "line 1: cname, of which line 3 says another",
            "line 1: key, which line 4 takes away",
        ]
    );
    for text in [
        "ssl_configuration.renew = True",
        "u = AksUpdateConfiguration()\nu.ssl_configuration.renew = True\nt.update(u)",
        "a = b = aks.SslConfiguration()\na.renew = (\n True\n)",
        "a: SslConfiguration = SslConfiguration()\nif x: a.renew = True",
    ] {
        let (service, lost) = read(text);
        assert!(service.tls.renew, "{text}");
        assert_eq!(lost, [""; 0], "{text}");
    }
}

#[test]
fn what_is_set_and_not_read_is_told() {
    let (service, lost) = read(
        "c = SslConfiguration(cname='a.com')\nc.cname = host\nc.cname += 'x'\nd.cname = 'b.com'\n\
         all[0].status = 'Disabled'\nc.cname, c.key = 'd', 'e'\nif c.cname == 'x': pass\n\
         c.renew = 1\nc.owner = 'me'",
    );
    assert!(service.host.iter().eq(["a.com"]));
    assert_eq!(
        lost,
        [
            "line 2: cname of SslConfiguration, which is not literal",
            "line 3: cname of SslConfiguration, which is not literal",
            "line 4: cname of d, which is no SslConfiguration that is made here",
            "line 5: status of something, which is no SslConfiguration that is made here",
            "line 6: cname of SslConfiguration, which is not literal",
            "line 6: key of SslConfiguration, which is not literal",
            "line 8: renew of SslConfiguration",
        ]
    );
}

#[test]
fn a_configuration_that_is_handed_on_by_name_is_one_call() {
    for text in [
        "AksUpdateConfiguration(ssl_configuration=SslConfiguration(status='Auto', renew=True))",
        "c = SslConfiguration(status='Auto', renew=True)\nAksUpdateConfiguration(ssl_configuration=c)",
        "u = AksUpdateConfiguration()\nu.ssl_configuration = SslConfiguration(status='Auto', renew=True)",
    ] {
        let (service, lost) = read(text);
        assert!(service.tls.renew, "{text}");
        assert_eq!(lost, [""; 0], "{text}");
    }
}

#[test]
fn what_is_set_by_its_name_is_read_or_told() {
    let made = "c = SslConfiguration(status='Enabled', cname='a.com')\n";
    let (service, lost) = read(&format!(
        "{made}setattr(c, 'status', 'Disabled')\nsetattr(c, name, 'x')\nsetattr(c, 'owner', 'me')\nsetattr(d, 'cname', 'b')\n\
         setattr(c, 'cname', host)\nsetattr(d, name, 'x')"
    ));
    assert_eq!(service.tls.status, Some(Status::Disabled));
    assert!(service.host.iter().eq(["a.com"]));
    assert_eq!(
        lost,
        [
            "line 1: status, of which line 2 says another",
            "line 3: an attribute of SslConfiguration, which is not literal",
            "line 5: cname of d, which is no SslConfiguration that is made here",
            "line 6: cname of SslConfiguration, which is not literal",
        ]
    );
}

#[test]
fn a_path_where_azure_wants_the_text_itself_is_refused_with_what_is_wanted() {
    for (text, form, line) in [
        ("{\"cert\": \"secret.pem\"}", Form::AzureJson, 1),
        (
            "{\"status\": \"Enabled\", \"key\": \"secret.pem\"}",
            Form::AzureJson,
            1,
        ),
        (
            "x = 1\nSslConfiguration(key='secret.pem')",
            Form::AzurePython,
            2,
        ),
        (
            "c = SslConfiguration()\nc.cert = 'secret.pem'",
            Form::AzurePython,
            2,
        ),
    ] {
        let refused = import(text, form).unwrap_err().to_string();
        assert!(refused.starts_with(&format!("line {line}: `")), "{refused}");
        assert!(
            refused.contains("PEM text itself") && refused.contains("_pem_file`"),
            "{refused}"
        );
        assert!(!refused.contains("secret"), "{refused}");
    }
    let pem = "{\"cert\": \"-----BEGIN CERTIFICATE-----\\nAA==\\n-----END CERTIFICATE-----\"}";
    let service = import(pem, Form::AzureJson).unwrap().service;
    assert!(matches!(service.tls.certificate, Some(Material::Pem(_))));
}
