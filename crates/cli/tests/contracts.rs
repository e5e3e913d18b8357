//! What programs rely on: the JSON, SARIF and annotations, exit codes, and that no output holds what
//! it must not.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod stage;

use std::process::Stdio;

use keyway_testkit::NOW;
use serde_json::{Value, json};
use stage::{HOSTILE, Run, Stage};

/// Every file of the stage that a report can be made of.
const FILES: [&str; 12] = [
    "fullchain.pem",
    "reversed.pem",
    "with-key.pem",
    "lonely.pem",
    "expired.pem",
    "stranger.pem",
    "hostile.pem",
    "request.pem",
    "windows.pem",
    "cut.pem",
    "empty.pem",
    "page.html",
];

const FORMATS: [&str; 4] = ["text", "json", "sarif", "github"];

fn schema(stage: &Stage) -> Value {
    assert_eq!(stage.run("generate schema --out schema").code, Some(0));
    let text = std::fs::read_to_string(stage.path().join("schema/keyway.report-1.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn the_help_of_a_pkcs12_file_names_where_its_password_comes_from() {
    let stage = Stage::new();
    let help = stage.run("fix --help").stdout;
    let words = help.split_whitespace().collect::<Vec<_>>().join(" ");
    let form = words.split("- p12: ").nth(1).unwrap().split(" - ").next();
    for option in ["--to-password-file", "--to-password-env"] {
        assert!(form.unwrap().contains(option), "{help}");
    }
}

#[test]
fn every_report_keeps_the_published_schema() {
    let stage = Stage::new();
    let validator = jsonschema::validator_for(&schema(&stage)).unwrap();
    for file in FILES {
        let report = stage
            .check(&format!("{file} key.pem --host a.example --format json"))
            .json();
        let faults: Vec<String> = validator
            .iter_errors(&report)
            .map(|fault| fault.to_string())
            .collect();
        assert!(faults.is_empty(), "{file}: {faults:?}");
        assert_eq!(report["schema"], "keyway.report/1");
    }
    assert!(!validator.is_valid(&json!({ "schema": "keyway.report/2" })));
}

#[test]
fn sarif_results_point_at_rules_and_lines() {
    let stage = Stage::new();
    let log = stage
        .check("expired.pem reversed.pem cut.pem --format sarif")
        .json();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert!(results.len() > 2);
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let place = &result["locations"][0]["physicalLocation"];
        let artifact =
            usize::try_from(place["artifactLocation"]["index"].as_u64().unwrap()).unwrap();
        assert_eq!(
            run["artifacts"][artifact]["location"]["uri"],
            place["artifactLocation"]["uri"]
        );
        if let Some(region) = place.get("region") {
            assert!(region["startLine"].as_u64().unwrap() >= 1);
        }
    }
}

#[test]
fn exit_codes_are_a_contract() {
    let stage = Stage::new();
    let code = |arguments: &str| stage.run(arguments).code;
    let at = format!("--at @{NOW} --roots root.pem");
    assert_eq!(code(&format!("check fullchain.pem key.pem {at}")), Some(0));
    assert_eq!(code(&format!("check expired.pem {at}")), Some(1));
    assert_eq!(code(&format!("check nowhere.pem {at}")), Some(2));
    assert_eq!(
        code(&format!("check leaf.pem --roots nowhere.pem --at @{NOW}")),
        Some(2)
    );
    assert_eq!(code("check"), Some(2));
    assert_eq!(code("--help"), Some(0));
    assert_eq!(code("--version"), Some(0));
    assert_eq!(code("explain time.expired"), Some(0));
    assert_eq!(code("explain no.such-code"), Some(2));
    assert_eq!(code(&format!("scan fullchain.pem {at}")), Some(0));
    assert_eq!(code(&format!("scan . {at}")), Some(1));
    assert_eq!(code(&format!("scan nowhere {at}")), Some(2));
}

#[test]
fn a_file_over_the_limit_is_refused_unread() {
    let stage = Stage::new();
    let file = std::fs::File::create(stage.path().join("huge.pem")).unwrap();
    file.set_len(1 << 40).unwrap();
    let run = stage.check("huge.pem");
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("huge.pem is larger than 16 MiB"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_closed_pipe_is_no_error() {
    let stage = Stage::new();
    for arguments in ["explain --all", "scan . --roots none", "completions bash"] {
        let mut child = stage
            .command()
            .args(arguments.split(' '))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let run = Run::of(&child.wait_with_output().unwrap());
        assert_ne!(run.code, Some(2), "{arguments}");
        assert!(
            run.code.is_some() && run.stderr.is_empty(),
            "{arguments}: {}",
            run.stderr
        );
    }
}

#[test]
fn no_output_holds_key_material_or_a_password() {
    let stage = Stage::new();
    let key = std::fs::read_to_string(stage.path().join("key.pem")).unwrap();
    let secrets: Vec<&str> = key
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .collect();
    assert!(!secrets.is_empty());
    stage.write("password", "correct horse\n");
    let mut said = Vec::new();
    for format in FORMATS {
        let inputs = "with-key.pem other-key.pem --password-file password";
        said.push(stage.check(&format!("{inputs} --format {format}")).said());
    }
    let at = format!("--at @{NOW} --roots root.pem");
    said.push(stage.run("inspect with-key.pem key.pem").said());
    said.push(stage.run("inspect with-key.pem --format json").said());
    said.push(stage.run(&format!("scan . --verbose {at}")).said());
    said.push(stage.run(&format!("scan . --format json {at}")).said());
    said.push(
        stage
            .run(&format!("fix with-key.pem --out fixed {at}"))
            .said(),
    );
    for text in said {
        for secret in &secrets {
            assert!(!text.contains(&secret[..secret.len().min(20)]), "{text}");
        }
        assert!(!text.contains("correct horse"));
    }
}

#[test]
fn hostile_names_reach_no_terminal() {
    let stage = Stage::new();
    stage.write(
        "\u{1b}[31mname\u{202e}.pem",
        &std::fs::read_to_string(stage.path().join("hostile.pem")).unwrap(),
    );
    let at = format!("--at @{NOW} --roots root.pem");
    let commands = FORMATS
        .map(|format| {
            format!("check hostile.pem \u{1b}[31mname\u{202e}.pem --format {format} {at}")
        })
        .into_iter()
        .chain([
            format!("check \u{1b}[0m-nowhere {at}"),
            format!("check leaf.pem --host a\u{1b}[1m/b {at}"),
            "inspect hostile.pem".to_owned(),
            "explain \u{202e}code".to_owned(),
            "\u{1b}[31mname".to_owned(),
            "check --\u{1b}[31mname".to_owned(),
            "check leaf.pem --format \u{1b}[31m\u{202e}name".to_owned(),
            format!("scan . --verbose {at}"),
            format!("scan . --format json {at}"),
            format!("fix hostile.pem --out fixed {at}"),
        ]);
    for command in commands {
        let said = stage.run(&command).said();
        assert!(!said.contains(['\u{1b}', '\u{202e}']), "{command}: {said}");
        assert!(!said.contains(HOSTILE), "{command}");
        assert!(
            !said.lines().any(|line| line.starts_with("::error::")),
            "{command}"
        );
    }
}

#[test]
fn text_fits_80_columns_and_is_plain_without_a_terminal() {
    let stage = Stage::new();
    let mut pages: Vec<Run> = FILES.iter().map(|file| stage.check(file)).collect();
    pages.extend(
        FILES
            .iter()
            .map(|file| stage.run(&format!("inspect {file}"))),
    );
    pages.push(stage.run("explain --all"));
    for page in pages {
        for line in page.stdout.lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
        assert!(!page.stdout.contains('\u{1b}'));
    }
}

#[test]
fn text_fits_a_narrow_terminal_and_loses_nothing() {
    let stage = Stage::new();
    let at = format!("@{NOW}");
    for file in FILES {
        let wide = stage.check(file).stdout;
        let mut command = stage.command();
        command
            .env("COLUMNS", "40")
            .args(["check", file, "--roots", "root.pem", "--at", &at]);
        let narrow = Run::of(&command.output().unwrap()).stdout;
        for line in narrow.lines() {
            // A word of a command is never broken: it could not be copied.
            let is_command = line.ends_with('\\') || line.starts_with("       ");
            assert!(line.chars().count() <= 40 || is_command, "{file}: {line}");
        }
        let codes = |text: &str| text.matches("\nerror  ").count();
        assert_eq!(codes(&wide), codes(&narrow), "{file}");
    }
}

#[test]
fn colour_follows_the_option_then_the_environment() {
    let stage = Stage::new();
    let coloured = |variables: &[(&str, &str)], option: &str| {
        let mut command = stage.command();
        command.envs(variables.iter().copied()).args([
            "explain",
            "time.expired",
            "--color",
            option,
        ]);
        Run::of(&command.output().unwrap())
            .stdout
            .contains('\u{1b}')
    };
    assert!(!coloured(&[], "auto"));
    assert!(coloured(&[("CLICOLOR_FORCE", "1")], "auto"));
    assert!(!coloured(
        &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")],
        "auto"
    ));
    assert!(coloured(&[("NO_COLOR", "1")], "always"));
    assert!(!coloured(&[("CLICOLOR_FORCE", "1")], "never"));
}

#[test]
fn output_is_the_same_byte_for_byte() {
    let stage = Stage::new();
    for format in FORMATS {
        let run = || {
            stage
                .check(&format!("stranger.pem cut.pem key.pem --format {format}"))
                .stdout
        };
        assert_eq!(run(), run(), "{format}");
    }
    let scan = || {
        stage
            .run(&format!(
                "scan . --format json --at @{NOW} --roots root.pem"
            ))
            .stdout
    };
    assert_eq!(scan(), scan());
}

#[test]
#[cfg(unix)]
fn a_name_that_is_no_text_is_read_and_shown() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let stage = Stage::new();
    let name = OsStr::from_bytes(b"\xffcert.pem");
    std::fs::copy(stage.path().join("leaf.pem"), stage.path().join(name)).unwrap();
    let mut command = stage.command();
    command.arg("inspect").arg(name);
    let run = Run::of(&command.output().unwrap());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stdout.starts_with("\\xffcert.pem  "), "{}", run.stdout);
}

#[test]
fn standard_input_has_no_address_that_looks_like_a_file() {
    let stage = Stage::new();
    let mut command = stage.command();
    let asked = ["check", "-", "--format", "sarif", "--roots", "none"];
    let run = Run::feeding(command.args(asked), b"text\n");
    let artifact = &run.json()["runs"][0]["artifacts"][0]["location"];
    assert_eq!(artifact["uri"], "stdin:");
    assert_eq!(artifact["description"]["text"], "standard input");
    assert!(!run.stdout.contains("%3C"), "{}", run.stdout);
}

#[test]
fn the_schema_has_a_name_of_its_own() {
    let stage = Stage::new();
    assert_eq!(stage.run("generate schema --out out").code, Some(0));
    let text = std::fs::read_to_string(stage.path().join("out/keyway.report-1.json")).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(schema["$id"], "urn:keyway:report:1");
}
